// SPDX-License-Identifier: Apache-2.0
// error: a_metric_stands_outside_of_functions_over_handles
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<5>);
#ifdef REFUSED
  auto measure = tf::build([](auto h) { return tf::metrics::mean(h * h); });
  auto [value, update] = measure(x);
#else
  auto measure = tf::build([](auto h) { return h * h; });
  auto [value, update] = tf::metrics::mean(measure(x));
#endif
  tf::Session().run(tf::fetch(value, update), x = {1, 2, 3, 4, 5});
}
