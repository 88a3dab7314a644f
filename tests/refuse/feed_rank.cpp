// SPDX-License-Identifier: Apache-2.0
// error: feed_needs_a_rank_use_xtensor
// error: unknown
#include <tfx/tfx.hpp>
#include <xtensor/xarray.hpp>

namespace tf = tfx;

int main() {
  auto u = tf::placeholder<"unknown", float>();
#ifdef REFUSED
  tf::Session().make_callable(u + u, u)(xt::xarray<float>::from_shape({2, 2}));
#else
  tf::Session().make_callable(u + u, u)(xt::xtensor<float, 2>::from_shape({2, 2}));
#endif
}
