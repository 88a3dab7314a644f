// SPDX-License-Identifier: Apache-2.0
// error: cannot_be_fed
// error: late
// error: xarray
#include <tfx/tfx.hpp>
#include <xtensor/xarray.hpp>

namespace tf = tfx;

// A placeholder without a shape needs a value whose type tells the rank.
int main() {
  auto x = tf::placeholder<"late", float>();
#ifdef REFUSED
  tf::Session().run(x + x, x = xt::xarray<float>{1, 2});
#else
  tf::Session().run(x + x, x = xt::xtensor<float, 1>{1, 2});
#endif
}
