// SPDX-License-Identifier: Apache-2.0
// error: nothing_tells_dimension
// error: rows
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  constexpr auto rows = tf::dim<"rows">;
  auto x = tf::placeholder<"x", float>(tf::shape<rows>);
  auto y = tf::reduce_sum(tf::concat(tf::axis<0>, tf::ones(tf::shape<rows>), tf::ones(tf::shape<2>)));
#ifdef REFUSED
  tf::Session().run(y);
#else
  tf::Session().run(y, x = {1.f, 2.f});
#endif
}
