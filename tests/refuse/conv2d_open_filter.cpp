// SPDX-License-Identifier: Apache-2.0
// error: extent_along_axis_must_be_a_number
// error: conv2d_op
// error: axes_t<1>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto image = tf::zeros(tf::shape<1, 9, 9, 2>);
#ifdef REFUSED
  auto filter = tf::placeholder<"filter", float>(tf::shape<3, tf::dyn, 2, 4>);
#else
  auto filter = tf::placeholder<"filter", float>(tf::shape<3, 3, 2, 4>);
#endif
  auto y = tf::nn::conv2d(image, filter, tf::strides<1, 1>, tf::padding::SAME);
  tf::Session().run(y, filter = xt::xtensor<float, 4>(xt::zeros<float>({3, 3, 2, 4})));
}
