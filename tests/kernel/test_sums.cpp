// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cmath>
#include <limits>
#include <tfx/kernel/softmax.hpp>
#include <tfx/tfx.hpp>
#include <vector>
#include <xtensor/xtensor.hpp>

namespace tf = tfx;

namespace {

constexpr auto a = tf::dim<"a">;
constexpr auto b = tf::dim<"b">;
constexpr auto c = tf::dim<"c">;
constexpr float infinity = std::numeric_limits<float>::infinity();

/// Numbers that float sums do worst with: all alike, two large neighbours, random.
enum class numbers { alike, neighbours, random };
constexpr numbers kinds[] = {numbers::alike, numbers::neighbours, numbers::random};

xt::xtensor<float, 3> cube(std::size_t rows, std::size_t columns, std::size_t depth, numbers kind) {
  auto x = xt::xtensor<float, 3>::from_shape({rows, columns, depth});
  unsigned seed = 7;
  for (float& value : x) {
    seed = seed * 1664525u + 1013904223u;
    value = kind == numbers::alike        ? 0.1f
            : kind == numbers::neighbours ? 10000.0f + float(seed >> 31)
                                          : float(seed >> 8) * 0x1p-24f + 0.01f;
  }
  return x;
}
xt::xtensor<float, 2> matrix(std::size_t rows, std::size_t columns, numbers kind) {
  xt::xtensor<float, 3> const x = cube(1, rows, columns, kind);
  auto y = xt::xtensor<float, 2>::from_shape({rows, columns});
  std::copy(x.begin(), x.end(), y.begin());
  return y;
}

/// Whether the sums of x times `factor` over the axes not in `kept` (bit 0: the outermost) are right to 1e-6.
template <class Sums>
bool agree(Sums const& sums, xt::xtensor<float, 3> const& x, unsigned kept, double factor = 1) {
  std::size_t const n = x.shape(0), m = x.shape(1), k = x.shape(2);
  std::vector<double> expected((kept & 1 ? n : 1) * (kept & 2 ? m : 1) * (kept & 4 ? k : 1));
  float const* value = x.data();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < m; ++j)
      for (std::size_t l = 0; l < k; ++l)
        expected[((kept & 1 ? i : 0) * (kept & 2 ? m : 1) + (kept & 2 ? j : 0)) * (kept & 4 ? k : 1) +
                 (kept & 4 ? l : 0)] += *value++;
  if (sums.size() != expected.size()) return false;
  for (std::size_t i = 0; i < expected.size(); ++i)
    if (!(std::abs(double(sums.data()[i]) - expected[i] * factor) <= 1e-6 * expected[i] * factor)) return false;
  return true;
}
bool near(double got, double expected) { return std::abs(got - expected) <= 1e-6 * std::abs(expected); }

}  // namespace

TEST_CASE("sums: of thirty million floats, and their mean and variance") {
  auto const x = tf::placeholder<"x", float>(tf::shape<a>);
  tf::Session sess;
  for (numbers const kind : kinds) {
    xt::xtensor<float, 2> const values = matrix(1, 30'000'000, kind);
    std::vector<float> const at(values.begin(), values.end());
    double sum = 0, squares = 0;
    for (float const value : at) sum += value;
    double const average = sum / double(at.size());
    for (float const value : at) squares += (value - average) * (value - average);
    auto const mean = tf::reduce_mean(x);
    auto [s, m, variance] = sess.run(tf::fetch(tf::reduce_sum(x), mean, tf::reduce_mean(tf::square(x - mean))), x = at);
    CHECK(near(s, sum));
    CHECK(near(m, average));
    if (kind != numbers::alike) CHECK(std::abs(variance / (squares / double(at.size())) - 1) < 2e-6);
  }
}

TEST_CASE("sums: rows, columns and both at once, of any width") {
  auto const x = tf::placeholder<"x", float>(tf::shape<b, c>);
  auto const rows = tf::reduce_sum(x, tf::axis<1>);
  auto const columns = tf::reduce_sum(x, tf::axis<0>);
  tf::Session sess;
  for (numbers const kind : kinds) {
    for (auto [n, m] :
         {std::pair{3'000'000, 1}, {1'000'003, 3}, {300'000, 10}, {3000, 1001}, {33, 100'000}, {2, 999'999}}) {
      int const outermost = n;
      CAPTURE(outermost);
      xt::xtensor<float, 3> const at = cube(1, std::size_t(n), std::size_t(m), kind);
      auto values = xt::xtensor<float, 2>::from_shape({std::size_t(n), std::size_t(m)});
      std::copy(at.begin(), at.end(), values.begin());
      CHECK(agree(sess.run(rows, x = values), at, 2));
      CHECK(agree(sess.run(columns, x = values), at, 4));
      auto [twice, r, k] =
          sess.run(tf::fetch(2.0f * x, tf::reduce_sum(2.0f * x, tf::axis<1>), tf::reduce_mean(2.0f * x, tf::axis<0>)),
                   x = values);
      CHECK(twice(0, 0) == 2 * values(0, 0));
      CHECK(agree(r, at, 2, 2));
      CHECK(agree(k, at, 4, 2.0 / n));
    }
  }
}

TEST_CASE("sums: along each and several of three axes, alone and in one loop") {
  auto const x = tf::placeholder<"x", float>(tf::shape<a, b, c>);
  auto const scale = tf::placeholder<"scale", float>(tf::shape<c>);
  tf::Session sess;
  for (auto [n, m, k] : {std::tuple{3000, 100, 7}, {100'000, 2, 3}, {3, 100'000, 3}, {70, 50, 300}, {2, 3, 100'000}}) {
    int const outermost = n;
    CAPTURE(outermost);
    xt::xtensor<float, 3> const at = cube(std::size_t(n), std::size_t(m), std::size_t(k), numbers::neighbours);
    std::vector<float> const twos(std::size_t(k), 2.0f);
    CHECK(agree(sess.run(tf::reduce_sum(x, tf::axis<1>), x = at), at, 5));
    CHECK(agree(sess.run(tf::reduce_sum(x, tf::axes<0, 2>), x = at), at, 2));
    CHECK(agree(sess.run(tf::reduce_sum(x * scale, tf::axis<0>), x = at, scale = twos), at, 6, 2));
    CHECK(agree(sess.run(tf::reduce_sum(x * scale, tf::axes<0, 1>), x = at, scale = twos), at, 4, 2));
    CHECK(agree(sess.run(tf::reduce_sum(x * scale, tf::axes<1, 2>), x = at, scale = twos), at, 1, 2));
    auto [s0, s1, s2, s] = sess.run(tf::fetch(tf::reduce_sum(x, tf::axis<0>), tf::reduce_sum(x, tf::axis<1>),
                                              tf::reduce_sum(x, tf::axis<2>), tf::reduce_sum(x, tf::axes<0, 2>)),
                                    x = at);
    CHECK(agree(s0, at, 6));
    CHECK(agree(s1, at, 5));
    CHECK(agree(s2, at, 3));
    CHECK(agree(s, at, 2));
  }
}

TEST_CASE("sums: down the middle of many narrow matrices") {
  auto const x = tf::placeholder<"x", float>(tf::shape<a, b, c>);
  auto const sum = tf::reduce_sum(x, tf::axis<1>);
  tf::Session sess;
  for (numbers const kind : kinds) {
    xt::xtensor<float, 3> const values = cube(10'000, 1000, 3, kind);
    CHECK(agree(sess.run(sum, x = values), values, 0b101));
  }
}

TEST_CASE("sums: static shapes, short and long") {
  auto const x = tf::placeholder<"x", float>(tf::shape<500, 5000>);
  xt::xtensor<float, 3> const at = cube(1, 500, 5000, numbers::alike);
  tf::Session sess;
  auto [rows, columns] = sess.run(tf::fetch(tf::reduce_sum(x, tf::axis<1>), tf::reduce_sum(x, tf::axis<0>)),
                                  x = matrix(500, 5000, numbers::alike));
  CHECK(agree(rows, at, 2));
  CHECK(agree(columns, at, 4));
  auto const y = tf::placeholder<"y", float>(tf::shape<7, 9, 3>);
  xt::xtensor<float, 3> const few = cube(7, 9, 3, numbers::random);
  CHECK(agree(sess.run(tf::reduce_sum(y, tf::axes<0, 2>), y = few), few, 2));
  CHECK(agree(sess.run(tf::reduce_sum(y, tf::axis<1>), y = few), few, 5));
}

TEST_CASE("sums: infinities and NaN pass, and what is too large is infinite") {
  auto const x = tf::placeholder<"x", float>(tf::shape<b, c>);
  tf::Session sess;
  for (auto [n, m] : {std::pair{3, 2}, {5000, 3}, {3, 5000}}) {
    auto at = matrix(std::size_t(n), std::size_t(m), numbers::alike);
    at(1, 0) = infinity;
    at(2, 1) = std::numeric_limits<float>::quiet_NaN();
    auto [all, rows, columns] =
        sess.run(tf::fetch(tf::reduce_sum(x), tf::reduce_sum(x, tf::axis<1>), tf::reduce_sum(x, tf::axis<0>)), x = at);
    CHECK(std::isnan(all));
    CHECK(rows(1) == infinity);
    CHECK(std::isnan(rows(2)));
    CHECK(columns(0) == infinity);
    CHECK(std::isnan(columns(1)));
    at(2, 1) = 0;
    CHECK(sess.run(tf::reduce_sum(x), x = at) == infinity);
    CHECK(sess.run(tf::reduce_sum(-x), x = at) == -infinity);
    at(2, 1) = -infinity;
    CHECK(std::isnan(sess.run(tf::reduce_sum(x), x = at)));
    at.fill(3e38f);
    CHECK(sess.run(tf::reduce_sum(x), x = at) == infinity);
    CHECK(sess.run(tf::reduce_sum(x, tf::axis<0>), x = at)(1) == infinity);
  }
}

TEST_CASE("sums: softmax and its losses over long rows") {
  constexpr std::size_t n = 3'000'000;
  std::vector<float> const logits(n, 0.3f), labels(n, 1.0f / 3e6f);
  std::vector<float> y(n);
  float loss = 0;
  tf::kernel::softmax<float>(logits.data(), y.data(), 1, n);
  CHECK(near(y[n / 2], 1.0 / n));
  tf::kernel::log_softmax<float>(logits.data(), y.data(), 1, n);
  CHECK(near(y[n / 2], -std::log(double(n))));
  tf::kernel::softmax_cross_entropy<float>(logits.data(), labels.data(), &loss, nullptr, 1, n);
  CHECK(near(loss, std::log(double(n)) * double(labels[0]) * double(n)));
}

TEST_CASE("sums: half the squares, and a matrix of three columns") {
  auto const x = tf::placeholder<"x", float>(tf::shape<a, 3>);
  auto const y = tf::placeholder<"y", float>(tf::shape<a, 1>);
  constexpr std::size_t n = 2'000'000;
  auto at = matrix(n, 3, numbers::alike);
  auto ones = xt::xtensor<float, 2>::from_shape({n, 1});
  ones.fill(1);
  tf::Session sess;
  CHECK(near(sess.run(tf::nn::l2_loss(x), x = at), 0.5 * 3 * n * double(0.1f) * double(0.1f)));
  auto const product = sess.run(tf::matmul(x, y, tf::transpose_a), x = at, y = ones);
  for (float const sum : product) CHECK(near(sum, double(0.1f) * n));
}
