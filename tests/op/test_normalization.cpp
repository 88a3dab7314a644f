// SPDX-License-Identifier: Apache-2.0
// covers: bias_add l2_normalize batch_normalization fused_batch_norm local_response_normalization
#include <tfx/op/nn/bias_add.hpp>
#include <tfx/op/nn/fused_batch_norm.hpp>
#include <tfx/op/nn/l2_normalize.hpp>
#include <tfx/op/nn/local_response_normalization.hpp>
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto n = tf::dim<"n">;

auto const normalized = [](auto const& x) { return tf::sin(tf::nn::l2_normalize(x, tf::axis<1>)); };
auto const biased = [](auto const& x) { return tf::square(tf::nn::bias_add(x, tf::reduce_sum(x, tf::axis<0>))); };
auto const by_batch = [](auto const& x) {
  auto const [mean, variance] = tf::nn::moments(x, tf::axes<0>);
  return tf::nn::batch_normalization(x, mean, variance, tf::reduce_max(x, tf::axis<0>), nullptr, 0.01);
};
auto const responses = [](auto const& x) {
  return tf::nn::local_response_normalization(x, tf::depth_radius<1>, 1.5, 0.5, 0.75);
};
auto const image_norm = [](auto const& x) {
  auto const image = tf::reshape(x, tf::shape<2, 3, 1, 2>);
  auto const [y, mean, variance] =
      tf::nn::fused_batch_norm(image, tf::reduce_sum(image, tf::axes<0, 1, 2>), tf::zeros<double>(tf::shape<2>), 0.1);
  return y * mean + variance;
};
}  // namespace

TEST_CASE("bias_add: along the last axis") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 2, 3>);
  auto const b = tf::placeholder<"b", float>(tf::shape<3>);
  auto const y = tf::nn::bias_add(x, b);
  auto const [dx, db] = tf::gradients(y * y, x, b);
  tf::Session sess;
  auto const [v, gx, gb] =
      sess.run(tf::fetch(y, dx, db), x = tensor<float, 3>({1, 2, 3}, {1, 2, 3, 4, 5, 6}), b = {10, 20, 30});
  CHECK(same(v, {11, 22, 33, 14, 25, 36}));
  CHECK(same(gx, {22, 44, 66, 28, 50, 72}));
  CHECK(same(gb, {50, 94, 138}));
  CHECK(same(sess.run(tf::nn::bias_add(tf::constant({{1, 2}}), tf::constant({3, 4}))), {4, 6}));
}

TEST_CASE("l2_normalize: rows of length 1, and of next to nothing") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n, 2>);
  tf::Session sess;
  auto const [rows, all, floor] = sess.run(
      tf::fetch(tf::nn::l2_normalize(x, tf::axis<1>), tf::nn::l2_normalize(x), tf::nn::l2_normalize(x, tf::axis<1>, 4)),
      x = tensor<double, 2>({3, 2}, {3, 4, 0, 0, 0, -1}));
  double const root = std::sqrt(26.0);
  CHECK(same(rows, {.6, .8, 0, 0, 0, -1}, 1e-12));
  CHECK(same(all, {3 / root, 4 / root, 0, 0, 0, -1 / root}, 1e-12));
  CHECK(same(floor, {.6, .8, 0, 0, 0, -.5}, 1e-12));
}

TEST_CASE("batch_normalization: offset and scale may be missing") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 2>);
  auto const mean = tf::constant({1.0f, 2.0f});
  auto const variance = tf::constant({3.75f, 8.75f});
  auto const offset = tf::constant({10.0f, 20.0f});
  auto const scale = tf::constant({2.0f, 3.0f});
  auto const fed = tensor<float, 2>({2, 2}, {1, 5, 3, 2});
  tf::Session sess;
  auto const [both, scaled, moved, plain] =
      sess.run(tf::fetch(tf::nn::batch_normalization(x, mean, variance, offset, scale, 0.25f),
                         tf::nn::batch_normalization(x, mean, variance, nullptr, scale, 0.25f),
                         tf::nn::batch_normalization(x, mean, variance, offset, nullptr, 0.25f),
                         tf::nn::batch_normalization<"bn">(x, mean, variance, nullptr, nullptr, 0.25f)),
               x = fed);
  CHECK(same(both, {10, 23, 12, 20}));
  CHECK(same(scaled, {0, 3, 2, 0}));
  CHECK(same(moved, {10, 21, 11, 20}));
  CHECK(same(plain, {0, 1, 1, 0}));
}

TEST_CASE("fused_batch_norm: by its own mean and variance, and by those that are given") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, tf::dyn, 2, 3>);
  auto const scale = tf::placeholder<"scale", float>(tf::shape<3>);
  auto const offset = tf::placeholder<"offset", float>(tf::shape<3>);
  auto const [y, mean, variance] = tf::nn::fused_batch_norm(x, scale, offset, 0.5);
  auto const [z, same_mean, same_variance] = tf::nn::fused_batch_norm(x, scale, offset, scale, offset, 0.5);
  tf::Session sess;
  for (std::size_t const rows : {1u, 2u}) {
    std::size_t const count = rows * 2 * 2;
    std::vector<double> const v = spread(count * 3, -3, 5), s{1, 2, 3}, o{4, 5, 6};
    std::vector<double> m(3), b(3), unbiased(3), expected, given;
    for (std::size_t i = 0; i < v.size(); ++i) m[i % 3] += v[i] / double(count);
    for (std::size_t i = 0; i < v.size(); ++i) b[i % 3] += (v[i] - m[i % 3]) * (v[i] - m[i % 3]) / double(count);
    for (std::size_t c = 0; c < 3; ++c) unbiased[c] = b[c] * double(count) / double(count - 1);
    for (std::size_t i = 0; i < v.size(); ++i) {
      std::size_t const c = i % 3;
      expected.push_back((v[i] - m[c]) / std::sqrt(b[c] + 0.5) * s[c] + o[c]);
      given.push_back((v[i] - s[c]) / std::sqrt(o[c] + 0.5) * s[c] + o[c]);
    }
    auto const [r, rm, rv, t, tm, tv] =
        sess.run(tf::fetch(y, mean, variance, z, same_mean, same_variance), x = tensor<float, 4>({2, rows, 2, 3}, v),
                 scale = {1, 2, 3}, offset = {4, 5, 6});
    CHECK(same(r, expected, 1e-5));
    CHECK(same(rm, m, 1e-6));
    CHECK(same(rv, unbiased, 1e-5));
    CHECK(same(t, given, 1e-5));
    CHECK(same(tm, s));
    CHECK(same(tv, o));
  }
  // Of one element the variance is 0, with and without bias.
  auto const one = tf::placeholder<"one", float>(tf::shape<1, 1, 1, 3>);
  auto const [u, um, uv] = tf::nn::fused_batch_norm(one, scale, offset);
  auto const [ry, rm, rv] = sess.run(tf::fetch(u, um, uv), one = tensor<float, 4>({1, 1, 1, 3}, {7, 8, 9}),
                                     scale = {1, 2, 3}, offset = {4, 5, 6});
  CHECK(same(ry, {4, 5, 6}));
  CHECK(same(rm, {7, 8, 9}));
  CHECK(same(rv, {0, 0, 0}));
}

TEST_CASE("local_response_normalization: neighbours along the channels") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n, 40>);
  tf::Session sess;
  std::vector<double> const v = spread(80, -2, 2);
  auto const check = [&](auto const& y, int radius, double bias, double alpha, double beta) {
    std::vector<double> expected;
    for (int i = 0; i < 80; ++i) {
      double sum = 0;
      for (int k = i - radius; k <= i + radius; ++k)
        if (k >= i / 40 * 40 && k < i / 40 * 40 + 40) sum += v[std::size_t(k)] * v[std::size_t(k)];
      expected.push_back(v[std::size_t(i)] / std::pow(bias + alpha * sum, beta));
    }
    CHECK(same(sess.run(y, x = tensor<double, 2>({2, 40}, v)), expected, 1e-12));
  };
  check(tf::nn::local_response_normalization(x), 5, 1, 1, 0.5);
  check(tf::nn::lrn(x, tf::depth_radius<2>, 1.5, 0.25, 0.75), 2, 1.5, 0.25, 0.75);
  check(tf::nn::lrn(x, tf::depth_radius<50>, 1), 50, 1, 1, 0.5);
}

TEST_CASE("normalisations: derivatives of any order, static and symbolic") {
  std::vector<double> const at = spread(12, 0.2, 1.7);
  std::array<std::size_t, 2> const size{3, 4};
  check_gradient(tf::shape<3, 4>, size, at, normalized, biased, by_batch, responses, image_norm);
  check_gradient(tf::shape<n, 4>, size, at, normalized, biased, by_batch, responses);
}

TEST_CASE("normalisations: of handles") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2, 2, 1, 3>);
  auto const layers = tf::build([](auto image) {
    auto const scale = tf::variable("scale", tf::fill({3}, 2.0f)), offset = tf::variable("offset", tf::ones({3}));
    auto const [y, mean, variance] = tf::nn::fused_batch_norm(tf::nn::bias_add(image, offset), scale, offset, 0.25);
    return tf::nn::lrn(tf::nn::l2_normalize(y, tf::axis<3>), tf::depth_radius<3>, 3, 1, 0.5) + mean - variance;
  });
  auto const y = layers(x);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(y));
  // All alike: after the normalisation 1 everywhere, mean 6, no variance.
  std::vector<double> const fives(12, 5.0), expected(12, 6 + std::sqrt(1.0 / 3) / 2);
  CHECK(same(sess.run(y, x = tensor<float, 4>({2, 2, 1, 3}, fives)), expected));
}
