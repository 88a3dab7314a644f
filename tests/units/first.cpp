// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

namespace {
// Other numbers and random ops of the same kinds come first: places have other indices here than in the second unit.
[[maybe_unused]] auto const before = x * 7.0f + x * 9.0f;
[[maybe_unused]] auto const also_before = tf::constant(70.0f) + tf::constant(90.0f);
[[maybe_unused]] auto const noise = tf::truncated_normal(tf::shape<4>, 5.0f, 5.0f) + tf::truncated_normal(tf::shape<4>);
[[maybe_unused]] auto const drawn = tf::random_uniform(tf::shape<2>, tf::seed(5));
[[maybe_unused]] auto const full = tf::fill(tf::shape<2>, 8.0f);

results compute_here(tf::Session& sess, bool initializes) {
  if (sess.run(before + also_before, x = 1.0f) != 176.0f) std::abort();
  return compute(sess, initializes);
}
}  // namespace

results in_first(tf::Session& sess, bool initializes) { return compute_here(sess, initializes); }
float weighed_in_first(float value) { return tf::Session().run(weigh(x), x = value); }
