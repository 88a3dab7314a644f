// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <tfx/tfx.hpp>
#include <xtensor/xtensor.hpp>
namespace tf = tfx;

int main() {
  xt::xtensor<float, 2> x_data({2000, 3});
  auto y_data = xt::xtensor<float, 1>::from_shape({2000});
  for (std::size_t i = 0; i < 2000; ++i) {
    for (std::size_t j = 0; j < 3; ++j) x_data(i, j) = static_cast<float>((i * 7 + j * 13) % 31) / 15.0f - 1.0f;
    y_data(i) = 0.3f * x_data(i, 0) + 0.5f * x_data(i, 1) + 0.1f * x_data(i, 2) - 0.2f;
  }

  auto x = tf::placeholder<"x", float>(tf::shape<tf::dyn, 3>);
  auto y_true = tf::placeholder<"y_true", float>(tf::shape<tf::dyn>);
  auto w = tf::variable<"weights">(tf::constant<float>({{0, 0, 0}}));
  auto b = tf::variable<"bias">(tf::constant(0.0f));
  auto y_hat = tf::matmul(w, tf::transpose(x)) + b;
  auto cost = tf::reduce_mean(tf::square(y_true - y_hat));
  auto train = tf::train::GradientDescentOptimizer(0.5f).minimize(cost);

  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  for (int step = 0; step < 10; ++step) sess.run(train, x = x_data, y_true = y_data);
  auto [weights, bias] = sess.run(tf::fetch(w, b));
  std::printf("%.2f %.2f %.2f, %.2f\n", weights(0, 0), weights(0, 1), weights(0, 2), bias);
}
