// SPDX-License-Identifier: Apache-2.0
// covers: selu hard_sigmoid scaled_elu log_sigmoid
#include <support/op_test.hpp>
#include <tfx/op/math/log_sigmoid.hpp>
#include <tfx/op/nn/hard_sigmoid.hpp>
#include <tfx/op/nn/scaled_elu.hpp>
#include <tfx/op/nn/selu.hpp>

namespace tf = tfx;
using op_test::infinity;
using op_test::not_a_number;
using op_test::same;
using op_test::unary;

namespace {
constexpr double scale = 1.0507009873554805, alpha = 1.6732632423543772;
double log_sigmoid(double x) { return std::min(x, 0.0) - std::log1p(std::exp(-std::abs(x))); }
}  // namespace

TEST_CASE("selu, hard_sigmoid, elu of an alpha, log_sigmoid: values and derivatives away from the kinks") {
  op_test::check_unary(
      0.1, 2.4, unary{"selu", [](auto x) { return tf::nn::selu(x); }, [](double x) { return scale * x; }},
      unary{"selu(-x)", [](auto x) { return tf::nn::selu(-x); },
            [](double x) { return scale * alpha * std::expm1(-x); }},
      unary{"hard_sigmoid", [](auto x) { return tf::nn::hard_sigmoid(x); }, [](double x) { return 0.2 * x + 0.5; }},
      unary{"hard_sigmoid(-4 - x)", [](auto x) { return tf::nn::hard_sigmoid(-x - 4.0); }, [](double) { return 0.0; }},
      unary{"elu(x, 0.3)", [](auto x) { return tf::nn::elu(x, 0.3); }, [](double x) { return x; }},
      unary{"elu(-x, 0.3)", [](auto x) { return tf::nn::elu(-x, 0.3); }, [](double x) { return 0.3 * std::expm1(-x); }},
      unary{"log_sigmoid", [](auto x) { return tf::log_sigmoid(x); }, log_sigmoid},
      unary{"log_sigmoid(-x)", [](auto x) { return tf::log_sigmoid(-x); }, [](double x) { return log_sigmoid(-x); }});
}

TEST_CASE("selu, hard_sigmoid, elu of an alpha, log_sigmoid: kinks, tails and NaN") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dim<"n">>);
  auto const [d_selu] = tf::gradients(tf::nn::selu(x), x);
  auto const [d_hard] = tf::gradients(tf::nn::hard_sigmoid(x), x);
  auto const [d_elu] = tf::gradients(tf::nn::elu(x, 0.5), x);
  tf::Session sess;
  auto const all = tf::fetch(tf::nn::selu(x), d_selu, tf::nn::hard_sigmoid(x), d_hard, tf::nn::elu(x, 0.5), d_elu,
                             tf::log_sigmoid(x));
  auto const [selu, ds, hard, dh, elu, de, log] =
      sess.run(all, x = {-infinity, -2.5, -1, 0, 2.5, 100, infinity, not_a_number});
  double const nan = not_a_number, inf = infinity;
  CHECK(same(selu, {-scale * alpha, scale * alpha * std::expm1(-2.5), scale * alpha * std::expm1(-1.0), 0, 2.5 * scale,
                    100 * scale, inf, nan}));
  CHECK(same(ds, {0, scale * alpha * std::exp(-2.5), scale * alpha * std::exp(-1.0), scale, scale, scale, scale, scale},
             1e-5));
  CHECK(same(hard, {0, 0, 0.3, 0.5, 1, 1, 1, nan}));
  CHECK(same(dh, {0, 0.2, 0.2, 0.2, 0.2, 0, 0, 0}));
  CHECK(same(elu, {-0.5, 0.5 * std::expm1(-2.5), 0.5 * std::expm1(-1.0), 0, 2.5, 100, inf, nan}));
  CHECK(same(de, {0, 0.5 * std::exp(-2.5), 0.5 * std::exp(-1.0), 1, 1, 1, 1, 1}));
  CHECK(same(log, {-inf, log_sigmoid(-2.5), log_sigmoid(-1), -std::log(2.0), log_sigmoid(2.5), 0, 0, nan}));
}

TEST_CASE("elu: an alpha that is learnt, for each channel") {
  auto const x = tf::placeholder<"x", double>(tf::shape<tf::dim<"n">, 2>);
  auto const rate = tf::placeholder<"rate", double>(tf::shape<2>);
  auto const [dx, da] = tf::gradients(tf::nn::elu(x, rate), x, rate);
  tf::Session sess;
  auto const [along_x, along_rate] =
      sess.run(tf::fetch(dx, da), x = std::vector<std::vector<double>>{{-1, -2}, {3, -4}}, rate = {0.5, 2.0});
  CHECK(same(along_x, {0.5 * std::exp(-1.0), 2 * std::exp(-2.0), 1, 2 * std::exp(-4.0)}));
  CHECK(same(along_rate, {std::expm1(-1.0), std::expm1(-2.0) + std::expm1(-4.0)}));
}

TEST_CASE("activations: of handles") {
  auto const all = tf::build([](auto x) {
    return tf::nn::selu(x) + tf::nn::hard_sigmoid(x) + tf::nn::elu(x, 0.3) + tf::log_sigmoid(x) +
           tf::nn::leaky_relu(x, 0.1);
  });
  op_test::check_gradient(tf::shape<2, 3>, std::array<std::size_t, 2>{2, 3}, op_test::spread(6, -2, 2), all);
}
