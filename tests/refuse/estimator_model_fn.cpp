// SPDX-License-Identifier: Apache-2.0
// error: model_fn_must_return_an_EstimatorSpec
#include <tfx/estimator.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

// To train, a loss alone is not enough.
int main() {
  std::vector<float> const x{1, 2, 3}, y{2, 4, 6};
  auto model_fn = [](auto features, auto labels, auto) {
    auto w = tf::get_variable<"w">(tf::shape<>, tf::zeros_initializer());
    auto loss = tf::reduce_mean(tf::square(features * w - labels));
#ifdef REFUSED
    return loss;
#else
    return tf::estimator::EstimatorSpec(loss, tf::train::GradientDescentOptimizer(0.1f));
#endif
  };
  tf::estimator::Estimator model(model_fn);
  model.train(tf::estimator::inputs::numpy_input_fn(x, y));
}
