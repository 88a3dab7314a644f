// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <support/op_test.hpp>

/// A function of three numbers to go down: ½ wᵀ A w + 0.1 Σ w⁴.
namespace descent {
using point = std::array<double, 3>;

inline constexpr double matrix[3][3] = {{3, 0.5, -0.2}, {0.5, 2, 0.1}, {-0.2, 0.1, 1}};
inline constexpr point start = {1, -1.5, 0.5};

inline point gradient_at(point const& w) {
  point g{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k) g[i] += matrix[i][k] * w[k];
    g[i] += 0.4 * w[i] * w[i] * w[i];
  }
  return g;
}
template <class T>
auto variable() {
  return tfx::variable<"w">(tfx::constant<"start">({{T(1), T(-1.5), T(0.5)}}));
}
template <class T>
auto loss() {
  auto const w = variable<T>();
  auto const a = tfx::constant<"A">({{T(3), T(0.5), T(-0.2)}, {T(0.5), T(2), T(0.1)}, {T(-0.2), T(0.1), T(1)}});
  return tfx::reduce_sum(tfx::matmul(w, a) * w) * tfx::constant<"half">(T(0.5)) +
         tfx::reduce_sum(tfx::square(tfx::square(w))) * tfx::constant<"tenth">(T(0.1));
}

/// `Optimizer` goes as `rule(w, gradient, t)` says, which changes one number of w: `rule` is called for each of the
/// three numbers with its own `State`, in step t = 1, 2, …
template <class T, class State, class Optimizer, class Rule>
void check_path(Optimizer const& optimizer, Rule rule, int steps = 12) {
  auto const w = variable<T>();
  auto const train = optimizer.minimize(loss<T>());
  tfx::Session sess;
  sess.run(tfx::global_variables_initializer(train));
  point expected = start;
  State states[3] = {};
  double const tolerance = std::is_same_v<T, float> ? 3e-5 : 1e-12;
  for (int t = 1; t <= steps; ++t) {
    point const g = gradient_at(expected);
    for (std::size_t i = 0; i < 3; ++i) rule(states[i], expected[i], g[i], t);
    sess.run(train);
    CAPTURE(t);
    CHECK(op_test::same(sess.run(w), std::vector<double>(expected.begin(), expected.end()), tolerance));
  }
  CHECK(sess.run(optimizer.iterations()) == steps);
}
}  // namespace descent
