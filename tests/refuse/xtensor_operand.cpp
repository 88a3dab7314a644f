// SPDX-License-Identifier: Apache-2.0
// error: xtensor_in_a_formula_is_written_tf_constant
#include <tfx/tfx.hpp>
#include <xtensor/xtensor.hpp>

namespace tf = tfx;

int main() {
  auto w = tf::variable<"w">(tf::zeros(tf::shape<2>));
  xt::xtensor<float, 1> data{1, 2};
#ifdef REFUSED
  auto y = w + data;
#else
  auto y = w + tf::constant(data);
#endif
  tf::Session().run(y);
}
