// SPDX-License-Identifier: Apache-2.0
// Layers, losses, cells, quantized numbers and derivatives inside functions over handles: the same results, bit for
// bit, as outside of them.
#include <support/build_test.hpp>

namespace tf = tfx;
using build_test::check_equal;
using op_test::same;

namespace {
auto const x = tf::placeholder<"x", float>(tf::shape<4, 6>);
auto const fed = op_test::tensor<float, 2>({4, 6}, op_test::spread(24, -2, 2));
}  // namespace

TEST_CASE("build: moments, largest numbers, normalisation of batches") {
  check_equal(
      [](auto h) {
        auto const [mean, variance] = tf::nn::moments(h, tf::axes<0>);
        auto const [kept_mean, kept_variance] = tf::nn::moments(h, tf::axes<1>, tf::keepdims);
        auto const [values, places] = tf::nn::top_k(h, tf::k<2>);
        auto const images = tf::reshape(h, tf::shape<2, 2, 2, 3>);
        auto const offset = tf::reduce_sum(images, tf::axes<0, 1, 2>);
        auto const [y, mean_of_batch, variance_of_batch] = tf::nn::fused_batch_norm(images, offset, offset);
        return std::tuple{mean,   variance, kept_mean, (h - kept_mean) * tf::rsqrt(kept_variance + 1.0f),
                          values, places,   y,         mean_of_batch * variance_of_batch};
      },
      x, fed);
}
TEST_CASE("build: quantized numbers") {
  check_equal(
      [](auto h) {
        auto const [q, low, high] = tf::quantize<tf::quint8>(tf::stop_gradient(h), -2.0f, 2.0f);
        auto const [product, least, most] = tf::quantized_matmul(q, q, low, high, low, high, tf::transpose_b);
        return std::tuple{tf::cast<double>(tf::dequantize(q, low, high)), tf::cast<double>(low + high),
                          tf::cast<double>(most - least), tf::cast<int>(product), h};
      },
      x, fed);
}
TEST_CASE("build: cells along inputs that stand one by one, and along as many as the shape tells") {
  check_equal(
      [](auto h) {
        auto const cell = tf::nn::rnn_cell::GRUCell<3, "gru">();
        auto const [a, b] = tf::unstack(tf::reshape(h, tf::shape<2, 4, 3>), tf::num<2>);
        auto const [outputs, state] = tf::nn::static_rnn(cell, std::tuple{a, b});
        return std::tuple{std::get<0>(outputs), std::get<1>(outputs), state};
      },
      x, fed);
  auto const [last, all] = tf::build([](auto h) {
    auto const cell = tf::nn::rnn_cell::GRUCell<3, "gru">();
    auto const steps = tf::unstack(tf::reshape(h, {2, 4, 3}));
    auto const [outputs, state] = tf::nn::static_rnn(cell, steps);
    return std::tuple{state, tf::stack(outputs)[outputs.size() - 1]};
  })(x);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(last));
  auto const [state, output] = sess.run(tf::fetch(last, all), x = fed);
  CHECK(same(state, op_test::flat(output), 0));
}
TEST_CASE("build: losses of what has met no handle, and penalties") {
  auto const kernel = tf::regularized(tf::variable<"outside">(tf::ones(tf::shape<6>)), tf::regularizers::l1(0.5));
  auto const [of_values, total, sum, none] = tf::build([](auto h, auto w) {
    auto const values = tf::losses::mean_squared_error(tf::ones({2, 2}), tf::fill({2, 2}, 3.0f));
    auto const inside = tf::regularized(tf::variable("inside", tf::ones({6})), tf::regularizers::l2(0.25));
    auto const loss = tf::reduce_sum(h * w * inside) + tf::reduce_sum(w);
    return std::tuple{values + tf::reduce_sum(h) * 0.0f, tf::losses::total_loss(loss),
                      loss + tf::losses::regularization_loss(loss), tf::losses::regularization_loss(h)};
  })(x, kernel);
  auto const inside = tf::regularized(tf::variable<"inside">(tf::ones(tf::shape<6>)), tf::regularizers::l2(0.25));
  auto const loss = tf::reduce_sum(x * kernel * inside) + tf::reduce_sum(kernel);
  auto const typed = tf::losses::total_loss(loss);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(typed));
  auto const [v, t, s, n, expected] = sess.run(tf::fetch(of_values, total, sum, none, typed), x = fed);
  CHECK(v == 4);
  CHECK(t == expected);
  CHECK(s == expected);
  CHECK(n == 0);
}
TEST_CASE("build: derivatives inside are those outside, and can be differentiated again") {
  check_equal(
      [](auto h) {
        auto const y = tf::tanh(h) * h;
        auto const [dh] = tf::gradients(y, h);
        return std::tuple{y, dh, tf::jvp(y, h, tf::ones_like(h)), tf::nn::l2_loss(dh)};
      },
      x, fed, 1e-6);
  auto const [dw, dwh] = tf::build([](auto h) {
    auto const w = tf::variable<"w">(tf::ones({6}));
    return tf::gradients(tf::reduce_sum(h * w * w), w, h);
  })(x);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(dw));
  auto const [a, b, sums] = sess.run(tf::fetch(dw, dwh, tf::reduce_sum(x, tf::axis<0>) * 2.0f), x = fed);
  CHECK(same(a, op_test::flat(sums)));
  CHECK(same(b, std::vector<double>(24, 1.0)));
}
TEST_CASE("build: operations are grouped") {
  auto const checks = tf::build(
      [](auto h) { return tf::group(tf::assert_less(h, 3.0f), tf::Assert(tf::reduce_all(h > -3.0f), h)); })(x);
  tf::Session sess;
  sess.run(checks, x = fed);
  CHECK_THROWS_AS(sess.run(checks, x = op_test::tensor<float, 2>({4, 6}, std::vector<double>(24, 5.0))),
                  tf::errors::InvalidArgumentError);
}
