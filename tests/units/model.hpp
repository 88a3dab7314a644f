// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/tfx.hpp>

namespace tf = tfx;

inline constexpr auto x = tf::placeholder<"x", float>(tf::shape<>);

// What both units use. The linker keeps one of two functions whose expressions have other types in each unit.
auto weigh(auto v) { return v * 2.0f + v * 30.0f * v; }
inline auto scaled() { return weigh(x) - weigh(weigh(x)) * 0.5f; }
inline auto const shared = 4.0f * x + tf::constant(3.0f);

inline auto weight() { return tf::variable<"w">(tf::truncated_normal(tf::shape<4>, 0.0f, 0.1f)); }
template <tf::name Name>
auto filled(float value) {
  return tf::variable<Name>(tf::fill(tf::shape<2>, value));
}
inline auto steps() { return tf::variable<"steps">(1); }
inline auto next() { return tf::assign_add(steps(), 10); }
inline auto draw(int seed) { return tf::random_uniform(tf::shape<2>, tf::seed(seed)); }

struct results {
  float weighed, scaled, shared;
  xt::xtensor<float, 1> weight, low, high, drawn;
  int steps;
};
/// Computes everything, in a session where the other unit may have been.
inline results compute(tf::Session& sess, bool initializes) {
  auto const low = filled<"low">(1.5f);
  auto const high = filled<"high">(20.0f);
  if (initializes) sess.run(tf::global_variables_initializer(weight(), low, high, steps()));
  sess.run(next());
  auto const [a, b, c, w, l, h, s] =
      sess.run(tf::fetch(weigh(x), scaled(), shared, weight(), low, high, steps()), x = 2.0f);
  return {a, b, c, w, l, h, sess.run(draw(1)), s};
}

results in_first(tf::Session& sess, bool initializes);
results in_second(tf::Session& sess, bool initializes);
