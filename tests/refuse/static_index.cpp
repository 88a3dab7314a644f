// SPDX-License-Identifier: Apache-2.0
// error: index is out of range along its axis
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3, 2>);
#ifdef REFUSED
  auto row = x[tf::index<3>];
#else
  auto row = x[tf::index<-3>];
#endif
  return decltype(row)::shape_type::rank;
}
