// SPDX-License-Identifier: Apache-2.0
// error: EstimatorSpec_in_TRAIN_needs_an_optimizer
#include <tfx/estimator.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

// What is evaluated may do without an optimizer, what is trained not.
int main() {
  std::vector<float> const x{1, 2, 3}, y{2, 4, 6};
  auto model_fn = [](auto features, auto labels, auto) {
    auto w = tf::get_variable<"w">(tf::shape<>, tf::zeros_initializer());
    return tf::estimator::EstimatorSpec(tf::reduce_mean(tf::square(features * w - labels)));
  };
  tf::estimator::Estimator model(model_fn);
  auto input = tf::estimator::inputs::numpy_input_fn(x, y);
#ifdef REFUSED
  model.train(input);
#else
  model.evaluate(input);
#endif
}
