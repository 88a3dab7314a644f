// SPDX-License-Identifier: Apache-2.0
// error: metric_has_no_such_name_give_it_a_pair
// error: acuracy
#include <tfx/estimator.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

// A metric of labels and predictions is found by its name.
int main() {
  auto labels = tf::placeholder<"labels", tf::i64>(tf::shape<3>);
  auto classes = tf::placeholder<"classes", tf::i64>(tf::shape<3>);
#ifdef REFUSED
  auto metric = tf::estimator::metric<"acuracy">(labels, classes);
#else
  auto metric = tf::estimator::metric<"accuracy">(labels, classes);
#endif
  static_cast<void>(metric);
}
