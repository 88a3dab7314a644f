// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <tfx/tfx.hpp>
#include <xtensor/xrandom.hpp>
namespace tf = tfx;

int main() {
  xt::xtensor<float, 2> points = xt::random::randn<float>({200, 2});
  xt::xtensor<float, 1> heights = 2.0f * xt::col(points, 0) - 3.0f * xt::col(points, 1) + 0.5f;

  constexpr auto batch = tf::dim<"batch">;
  auto x = tf::placeholder<"x", float>(tf::shape<batch, 2>);
  auto y = tf::placeholder<"y", float>(tf::shape<batch>);
  auto w = tf::variable<"w">(tf::zeros(tf::shape<2, 1>));
  auto b = tf::variable<"b">(tf::zeros(tf::shape<1>));
  auto loss = tf::reduce_mean(tf::square(tf::squeeze(tf::matmul(x, w) + b) - y));
  auto train = tf::train::GradientDescentOptimizer(0.1f).minimize(loss);

  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  for (int step = 0; step < 100; ++step) sess.run(train, x = points, y = heights);

  auto [plane, offset] = sess.run(tf::fetch(w, b));
  std::printf("%.2f x0 %+.2f x1 %+.2f\n", plane(0, 0), plane(1, 0), offset(0));  // 2.00 x0 -3.00 x1 +0.50
}
