// SPDX-License-Identifier: Apache-2.0
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto n = tf::dim<"n">;
auto const spreads = [](auto const& x) {
  auto const [mean, variance] = tf::nn::moments(x, tf::axis<1>);
  return variance * tf::sin(mean);
};
auto const normalised = [](auto const& x) {
  auto const [mean, variance] = tf::nn::moments(x, tf::axes<0>, tf::keepdims);
  return (x - mean) * tf::rsqrt(variance + 0.5);
};
auto const variance_of_all = [](auto const& x) { return tf::square(std::get<1>(tf::nn::moments(tf::exp(x)))); };
}  // namespace

TEST_CASE("moments: mean, and mean of squared differences from it") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n, 5, 3>);
  auto const [mean, variance] = tf::nn::moments(x, tf::axes<0, -1>);
  auto const [kept_mean, kept] = tf::nn::moments(x, tf::axes<0, 2>, tf::keepdims);
  auto const [one, spread_of_one] = tf::nn::moments(x);
  static_assert(decltype(mean)::shape_type::value == tf::dims{1, {5}});
  static_assert(decltype(kept)::shape_type::value == tf::dims{3, {1, 5, 1}});
  static_assert(decltype(spread_of_one)::shape_type::rank == 0);
  tf::Session sess;
  for (std::size_t rows : {1u, 7u}) {
    // Far from 0, where a mean of squares less a squared mean would be nothing but rounding.
    std::vector<double> const v = spread(rows * 15, 1e8, 1e8 + 1);
    auto const results = sess.run(tf::fetch(mean, variance, kept_mean, kept, one, spread_of_one),
                                  x = tensor<double, 3>({rows, 5, 3}, v));
    std::vector<double> means(6, 0.0), variances(6, 0.0);
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t i = 0; i < v.size(); ++i) {
        for (std::size_t at : {i / 3 % 5, std::size_t{5}}) {
          double const count = static_cast<double>(rows * (at < 5 ? 3 : 15)), from = v[i] - means[at];
          (pass == 0 ? means : variances)[at] += (pass == 0 ? v[i] : from * from) / count;
        }
      }
    }
    CHECK(near(std::get<4>(results), means.back(), 1e-14));
    CHECK(near(std::get<5>(results), variances.back(), 1e-7));
    means.pop_back();
    variances.pop_back();
    CHECK(same(std::get<0>(results), means, 1e-14));
    CHECK(same(std::get<1>(results), variances, 1e-7));
    CHECK(same(std::get<2>(results), means, 1e-14));
    CHECK(same(std::get<3>(results), variances, 1e-7));
  }
}

TEST_CASE("moments: of nothing and of NaN there are none") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 2>);
  auto const [mean, variance] = tf::nn::moments(x, tf::axis<0>);
  tf::Session sess;
  auto const both = tf::fetch(mean, variance);
  auto const [m, v] = sess.run(both, x = tensor<float, 2>({0, 2}, {}));
  CHECK(same(m, {not_a_number, not_a_number}));
  CHECK(same(v, {not_a_number, not_a_number}));
  auto const [p, q] = sess.run(both, x = tensor<float, 2>({2, 2}, {1, not_a_number, 3, 0}));
  CHECK(same(p, {2, not_a_number}));
  CHECK(same(q, {1, not_a_number}));
}

TEST_CASE("moments: two loops over x, named as TensorFlow names them") {
  constexpr auto x = tf::placeholder<"x", float>(tf::shape<64, 32>);
  constexpr auto both = tf::nn::moments(tf::exp(x), tf::axis<1>, tf::keepdims);
  constexpr auto graph = tf::Graph(std::get<0>(both), std::get<1>(both));
  static_assert(graph.contains("moments/mean") && graph.contains("moments/variance"));
  static_assert(tf::plan(std::get<0>(both), std::get<1>(both)).arena_bytes() <= 64 * 32 * 4 + 2 * 64 * 4);
}

TEST_CASE("moments: gradients of any order, static and symbolic") {
  std::vector<double> const at = spread(12, -1, 1);
  check_gradient(tf::shape<3, 4>, std::array<std::size_t, 2>{3, 4}, at, spreads, normalised, variance_of_all);
  check_gradient(tf::shape<n, 4>, std::array<std::size_t, 2>{3, 4}, at, spreads, normalised);
}
