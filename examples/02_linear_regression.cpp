// SPDX-License-Identifier: Apache-2.0
// Finds the line through noisy points, with a step that is prepared once: make_callable.
#include <cstdio>
#include <tfx/tfx.hpp>
#include <xtensor/xrandom.hpp>
namespace tf = tfx;

int main() {
  xt::xtensor<float, 1> xs = xt::linspace<float>(-1, 1, 500);
  xt::xtensor<float, 1> ys = 3.0f * xs - 1.0f + 0.1f * xt::random::randn<float>({500});

  constexpr auto points = tf::dim<"points">;
  auto x = tf::placeholder<"x", float>(tf::shape<points>);
  auto y = tf::placeholder<"y", float>(tf::shape<points>);
  auto slope = tf::variable<"slope">(tf::constant(0.0f));
  auto offset = tf::variable<"offset">(tf::constant(0.0f));
  auto loss = tf::reduce_mean(tf::square(slope * x + offset - y));
  auto train = tf::train::GradientDescentOptimizer(0.5f).minimize(loss);

  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  auto step = sess.make_callable(tf::fetch(loss, train), x, y);
  for (int i = 0; i <= 30; ++i) {
    auto [before, done] = step(xs, ys);  // the loss is that before the update
    if (i % 10 == 0) std::printf("step %2d  loss %.4f\n", i, before);
  }
  // step  0  loss 3.9991
  // step 30  loss 0.0099: the noise is left
  std::printf("y = %.1f x %+.1f\n", sess.run(slope), sess.run(offset));  // y = 3.0 x -1.0
}
