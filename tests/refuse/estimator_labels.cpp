// SPDX-License-Identifier: Apache-2.0
// error: labels_must_be_of_shape_batch_or_batch_and_dimension
// error: batch
#include <tfx/estimator.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

// A classifier's labels are numbers of classes, and no rows of rows.
int main() {
  xt::xtensor<float, 2> const x({3, 4});
#ifdef REFUSED
  xt::xtensor<tf::i64, 3> const y({3, 1, 1});
#else
  xt::xtensor<tf::i64, 2> const y({3, 1});
#endif
  tf::estimator::LinearClassifier model(tf::n_classes<3>, tf::feature_columns<4>);
  model.evaluate(tf::estimator::inputs::numpy_input_fn(x, y));
}
