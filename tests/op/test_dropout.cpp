// SPDX-License-Identifier: Apache-2.0
#include <tfx/op/nn/dropout.hpp>
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto n = tf::dim<"n">;

double kept_share(std::vector<double> const& y) {
  double count = 0;
  for (double const v : y) count += v != 0;
  return count / static_cast<double>(y.size());
}
template <tf::name Name>
auto drop(auto const& x) {
  return tf::nn::dropout<Name>(x, 0.5f);
}
}  // namespace

TEST_CASE("dropout: keeps a share, scales it, and draws anew in each run") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 100>);
  auto const keep = tf::placeholder<"keep", float>(tf::shape<>);
  auto const y = tf::nn::dropout(x, keep);
  tf::Session sess;
  auto const fed = tensor<float, 2>({301, 100}, spread(30100, 1, 2));
  for (float const p : {0.5f, 0.125f, 0.9f}) {
    CAPTURE(p);
    auto const first = flat(sess.run(y, x = fed, keep = p)), second = flat(sess.run(y, x = fed, keep = p));
    CHECK(first != second);
    double const deviation = std::sqrt(double(p) * (1 - double(p)) / 30100);
    CHECK(std::abs(kept_share(first) - double(p)) < 4 * deviation);
    CHECK(std::abs(kept_share(second) - double(p)) < 4 * deviation);
    bool scaled = true;
    for (std::size_t i = 0; i < first.size(); ++i)
      scaled = scaled && (first[i] == 0 || first[i] == double(fed.data()[i] / p));
    CHECK(scaled);
  }
  CHECK(flat(sess.run(y, x = fed, keep = 1.0f)) == flat(fed));
  CHECK(sess.run(y, x = tensor<float, 2>({0, 100}, {}), keep = 0.5f).size() == 0);
}

TEST_CASE("dropout: a seed gives what TensorFlow makes of its uniform numbers") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n>);
  auto const d = tf::placeholder<"d", double>(tf::shape<n>);
  auto const y = tf::nn::dropout(x, 0.5f, tf::seed(1));
  auto const z = tf::nn::dropout(d, 0.75, tf::seed<42>);
  auto const u = tf::random_uniform<double>(tf::shape<1500>, tf::seed(42));
  tf::Session sess;
  // random_uniform of seed 1: .239 .920 .051 .496 .836 .026 .088 .457
  CHECK(same(sess.run(y, x = {1, 2, 3, 4, 5, 6, 7, 8}), {0, 4, 0, 0, 10, 0, 0, 0}));
  std::vector<double> const v = spread(1500, -1, 1);
  auto const [dropped, uniform] = sess.run(tf::fetch(z, u), d = v);
  std::vector<double> expected;
  for (std::size_t i = 0; i < v.size(); ++i) expected.push_back(v[i] / 0.75 * std::floor(0.75 + uniform(i)));
  CHECK(same(dropped, expected, 0));
}

TEST_CASE("dropout: the mask of one run is one, in the value and in all derivatives") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n>);
  auto const v = tf::placeholder<"v", double>(tf::shape<n>);
  auto const keep = tf::placeholder<"keep", double>(tf::shape<>);
  auto const y = tf::nn::dropout(x, keep);
  auto const [dx, dkeep] = tf::gradients(tf::square(y), x, keep);
  auto const [dxdx] = tf::gradients(tf::square(dx), x);
  auto const [dxdkeep] = tf::gradients(dx * v, keep);
  auto const along = tf::jvp(y, x, v);
  auto const along_keep = tf::jvp(y, keep, tf::constant(2.0));
  auto const along_dx = tf::jvp(dx, x, v);
  tf::Session sess;
  for (std::size_t const size : {1000u, 3u, 1u, 0u}) {
    std::vector<double> const at = spread(size, 1, 2), direction = spread(size, -1, 1, 5);
    auto const [a, b, c, d, e, f, g, i] = sess.run(tf::fetch(y, dx, dkeep, dxdx, dxdkeep, along, along_keep, along_dx),
                                                   x = at, v = direction, keep = 0.25);
    std::vector<double> mask, gradient, second, forward, forward_keep, forward_dx;
    double of_keep = 0, mixed = 0;
    for (std::size_t k = 0; k < size; ++k) {
      mask.push_back(a(k) == 0 ? 0 : 1);
      double const m = mask[k] / 0.25;  // y = m x, m = mask / keep
      gradient.push_back(2 * m * m * at[k]);
      of_keep += 2 * a(k) * -a(k) / 0.25;
      second.push_back(8 * m * m * m * m * at[k]);
      mixed += direction[k] * -2 * gradient[k] / 0.25;
      forward.push_back(m * direction[k]);
      forward_keep.push_back(-2 * a(k) / 0.25);
      forward_dx.push_back(2 * m * m * direction[k]);
    }
    CHECK(same(b, gradient, 1e-12));
    CHECK(same(c, {of_keep}, 1e-12));
    CHECK(same(d, second, 1e-12));
    CHECK(same(e, {mixed}, 1e-12));
    CHECK(same(f, forward, 1e-12));
    CHECK(same(g, forward_keep, 1e-12));
    CHECK(same(i, forward_dx, 1e-12));
  }
}

TEST_CASE("dropout: the derivative keeps no mask") {
  constexpr auto x = tf::placeholder<"x", float>(tf::shape<1000, 1000>);
  constexpr auto keep = tf::placeholder<"keep", float>(tf::shape<>);
  constexpr auto derivative = std::get<0>(tf::gradients(tf::nn::dropout<"drop">(x, keep), x));
  // dy, and the derivative.
  static_assert(tf::plan(derivative).arena_bytes() < 2 * 1000 * 1000 * 4 + 1000);
}

TEST_CASE("dropout: one mask along the axes of extent 1") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 5, 40>);
  auto const y = tf::nn::dropout(x, 0.5f, tf::shape<n, 1, 40>);
  auto const [dx] = tf::gradients(y, x);
  tf::Session sess;
  auto const [value, gradient] = sess.run(tf::fetch(y, dx), x = tensor<float, 3>({3, 5, 40}, spread(600, 1, 1)));
  CHECK(std::abs(kept_share(flat(value)) - 0.5) < 0.25);
  CHECK(flat(value) == flat(gradient));
  bool alike = true;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 5; ++j)
      for (std::size_t k = 0; k < 40; ++k) alike = alike && value(i, j, k) == value(i, 0, k);
  CHECK(alike);
}

TEST_CASE("dropout: refuses what is no probability, also where only the gradient is asked for") {
  auto const x = tf::placeholder<"x", float>(tf::shape<4>);
  auto const keep = tf::placeholder<"keep", float>(tf::shape<>);
  auto const y = tf::nn::dropout(x, keep, tf::seed(1));
  auto const [dx] = tf::gradients(y, x);
  tf::Session sess;
  for (float const p : {0.0f, -0.5f, 1.5f, float(not_a_number), float(infinity)}) {
    CHECK_THROWS_AS(sess.run(y, x = {1, 2, 3, 4}, keep = p), tf::errors::InvalidArgumentError);
    CHECK_THROWS_AS(sess.run(dx, x = {1, 2, 3, 4}, keep = p), tf::errors::InvalidArgumentError);
    CHECK_THROWS_AS(tf::nn::dropout(x, p), tf::errors::InvalidArgumentError);
  }
  CHECK(refusal([&] { sess.run(y, x = {1, 2, 3, 4}, keep = 0.0f); }) ==
        "keep_prob must be a scalar tensor or a float in the range (0, 1], got 0");
  CHECK(same(sess.run(y, x = {1, 2, 3, 4}, keep = 0.5f), {0, 4, 0, 0}));  // the stream did not move on
}

TEST_CASE("dropout: names tell the calls of a helper apart, and in functions over handles they must") {
  auto const x = tf::placeholder<"x", float>(tf::shape<200>);
  auto const both = drop<"a">(x) * drop<"b">(x);
  auto const tower = tf::build([](auto h) {
    for (int i = 0; i < 2; ++i) h = tf::nn::dropout(h, 0.5, tf::name_of("layer", i, "/dropout"));
    return h;
  });
  auto const deep = tower(x);
  auto const [dx] = tf::gradients(deep, x);
  auto const literal = tf::nn::dropout(tf::constant({1.0f, 2.0f}), 1.0f);
  tf::Session sess;
  std::vector<float> const ones(200, 1.0f);
  auto const [product, top, gradient, same_values] = sess.run(tf::fetch(both, deep, dx, literal), x = ones);
  CHECK(std::abs(kept_share(flat(product)) - 0.25) < 0.15);
  CHECK(std::abs(kept_share(flat(top)) - 0.25) < 0.15);
  CHECK(flat(top) == flat(gradient));
  CHECK(flat(top) != flat(product));
  CHECK(same(same_values, {1, 2}));
}
