// SPDX-License-Identifier: Apache-2.0
// covers: relu relu6 softplus softsign elu leaky_relu sigmoid_cross_entropy_with_logits l2_loss
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::binary;
using op_test::not_a_number;
using op_test::same;
using op_test::unary;

namespace {
double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }
constexpr auto n = tf::shape<tf::dim<"n">>;
}  // namespace

TEST_CASE("activation: values and derivatives away from the kinks") {
  op_test::check_unary(
      0.1, 3, unary{"relu", [](auto x) { return tf::nn::relu(x); }, [](double x) { return std::max(x, 0.0); }},
      unary{"relu6", [](auto x) { return tf::nn::relu6(x); }, [](double x) { return std::min(std::max(x, 0.0), 6.0); }},
      unary{"softplus", [](auto x) { return tf::nn::softplus(x); }, softplus},
      unary{"softplus(-x)", [](auto x) { return tf::nn::softplus(-x); }, [](double x) { return softplus(-x); }},
      unary{"softsign", [](auto x) { return tf::nn::softsign(x); }, [](double x) { return x / (1 + std::abs(x)); }},
      unary{"elu(-x)", [](auto x) { return tf::nn::elu(-x); }, [](double x) { return std::expm1(-x); }},
      unary{"nn::tanh", [](auto x) { return tf::nn::tanh(x); }, [](double x) { return std::tanh(x); }},
      unary{"nn::sigmoid", [](auto x) { return tf::nn::sigmoid(x); }, [](double x) { return 1 / (1 + std::exp(-x)); }});
}

TEST_CASE("activation: kinks, tails and NaN") {
  auto const x = tf::placeholder<"x", float>(n);
  auto const relu = tf::nn::relu(x);
  auto const relu6 = tf::nn::relu6(x);
  auto const [d_relu] = tf::gradients(relu, x);
  auto const [d_relu6] = tf::gradients(relu6, x);
  auto const [d_elu] = tf::gradients(tf::nn::elu(x), x);
  auto const [d_leaky] = tf::gradients(tf::nn::leaky_relu(x), x);
  tf::Session sess;
  auto [y, dy, y6, dy6, elu, leaky, plus] =
      sess.run(tf::fetch(relu, d_relu, relu6, d_relu6, d_elu, d_leaky, tf::nn::softplus(x)),
               x = {-100.f, -1.f, 0.f, 1.f, 6.f, 100.f});
  CHECK(same(y, {0, 0, 0, 1, 6, 100}));
  CHECK(same(dy, {0, 0, 0, 1, 1, 1}));
  CHECK(same(y6, {0, 0, 0, 1, 6, 6}));
  CHECK(same(dy6, {0, 0, 0, 1, 0, 0}));
  CHECK(same(elu, {0, std::exp(-1.0), 1, 1, 1, 1}));
  CHECK(same(leaky, {0.2, 0.2, 0.2, 1, 1, 1}));
  CHECK(same(plus, {0, std::log1p(std::exp(-1.0)), std::log(2.0), std::log1p(std::exp(1.0)), softplus(6), 100}));
  CHECK(same(sess.run(relu, x = {not_a_number, -0.0, not_a_number}), {not_a_number, 0, not_a_number}));
}

TEST_CASE("activation: relu of integers, and leaky_relu, which gives floats") {
  auto const x = tf::placeholder<"x", std::int32_t>(n);
  tf::Session sess;
  CHECK(same(sess.run(tf::nn::relu(x), x = {-3, 0, 4}), {0, 0, 4}));
  xt::xtensor<float, 1> const leaky = sess.run(tf::nn::leaky_relu(x, 0.5), x = {-3, 0, 4});
  CHECK(same(leaky, {-1.5, 0, 4}));
}

TEST_CASE("sigmoid_cross_entropy_with_logits: value and gradients") {
  auto const entropy = [](double z, double x) { return std::max(x, 0.0) - x * z + std::log1p(std::exp(-std::abs(x))); };
  op_test::check_binary(
      tf::shape<tf::dim<"n">, 5>, tf::shape<tf::dyn, 5>, {3, 5}, {3, 5}, -2, 2,
      binary{"xent",
             [](auto z, auto x) { return tf::nn::sigmoid_cross_entropy_with_logits(tf::labels = z, tf::logits = x); },
             entropy});
  auto const x = tf::placeholder<"x", float>(n);
  auto const z = tf::placeholder<"z", float>(n);
  auto const loss = tf::nn::sigmoid_cross_entropy_with_logits(tf::labels = z, tf::logits = x);
  auto const [dx] = tf::gradients(loss, x);
  tf::Session sess;
  // a large right answer costs little, not nothing; at 0 the gradient is ½ - z
  auto [y, g] = sess.run(tf::fetch(loss, dx), x = {50.f, -1000.f, 0.f, 0.f}, z = {1.f, 1.f, 1.f, 0.f});
  CHECK(y(0) > 0);
  CHECK(same(y, {0, 1000, std::log(2.0), std::log(2.0)}));
  CHECK(same(g, {0, -1, -0.5, 0.5}));
}

TEST_CASE("sigmoid_cross_entropy_with_logits: labels and logits, in either order, have one shape") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dyn, tf::dyn>);
  auto const z = tf::placeholder<"z", float>(tf::shape<3, 1>);
  auto const late = tf::placeholder<"late", float>();
  auto const loss = tf::nn::sigmoid_cross_entropy_with_logits(tf::logits = x, tf::labels = z);
  static_assert(std::is_same_v<decltype(loss)::shape_type, tf::shape_t<3, 1>>);
  auto const [dx] = tf::gradients(loss, x);
  auto const of = [](std::size_t rows, std::size_t columns) { return xt::xtensor<float, 2>({rows, columns}, 1.0f); };
  tf::Session sess;
  CHECK_THROWS_AS(sess.run(loss, x = of(3, 4), z = of(3, 1)), tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(dx, x = of(3, 4), z = of(3, 1)), tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(dx, x = of(1, 1), z = of(3, 1)), tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(tf::nn::sigmoid_cross_entropy_with_logits(tf::labels = z, tf::logits = late), z = of(3, 1),
                           late = of(3, 2)),
                  tf::errors::InvalidArgumentError);
  auto const [swapped, named] =
      sess.run(tf::fetch(loss, tf::nn::sigmoid_cross_entropy_with_logits(tf::labels = z, tf::logits = x)),
               x = 2.0f * of(3, 1), z = of(3, 1));
  CHECK(same(swapped, std::vector<double>(3, std::log1p(std::exp(-2.0)))));
  CHECK(same(named, op_test::flat(swapped)));
  // A row is no other pairing of elements than a vector.
  auto const row =
      tf::nn::sigmoid_cross_entropy_with_logits(tf::labels = tf::zeros(tf::shape<3>), tf::logits = tf::transpose(z));
  static_assert(std::is_same_v<decltype(row)::shape_type, tf::shape_t<1, 3>>);
  auto const [dz] = tf::gradients(row, z);
  CHECK(same(sess.run(dz, z = of(3, 1)), std::vector<double>(3, 1 / (1 + std::exp(-1.0)))));
  CHECK_THROWS_AS(
      sess.run(tf::nn::sigmoid_cross_entropy_with_logits(tf::labels = tf::zeros(tf::shape<4>), tf::logits = x),
               x = of(2, 4)),
      tf::errors::InvalidArgumentError);
  auto const doubled = tf::concat(tf::axis<0>, x, x);
  CHECK_THROWS_WITH_AS(
      sess.run(tf::nn::sigmoid_cross_entropy_with_logits(tf::labels = doubled, tf::logits = x), x = of(2, 3)),
      "logits and labels must have the same shape ([2,3] vs [4,3])\n"
      "\t[[{{node SigmoidCrossEntropyWithLogits}}]]",
      tf::errors::InvalidArgumentError);
}

TEST_CASE("l2_loss: half the sum of squares") {
  auto const x = tf::placeholder<"x", double>(n);
  auto const [dx] = tf::gradients(tf::nn::l2_loss(x), x);
  tf::Session sess;
  auto [loss, g] = sess.run(tf::fetch(tf::nn::l2_loss(x), dx), x = {1, 2, 3});
  CHECK(loss == 7);
  CHECK(same(g, {1, 2, 3}));
}
