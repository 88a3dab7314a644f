// SPDX-License-Identifier: Apache-2.0
// Derivatives are expressions like any other: they can be fetched, combined and differentiated again.
#include <cstdio>
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  tf::Session sess;

  // Reverse mode: all partial derivatives of one number.
  auto x = tf::placeholder<"x", double>(tf::shape<3>);
  auto f = tf::reduce_sum(x * x * x);
  auto [slope] = tf::gradients(f, x);
  auto s = sess.run(slope, x = {1, 2, 3});
  std::printf("3x²:   %g %g %g\n", s(0), s(1), s(2));  // 3 12 27

  // Forward mode: how f moves where x moves along v.
  auto v = tf::placeholder<"v", double>(tf::shape<3>);
  std::printf("along: %g\n", sess.run(tf::jvp(f, x, v), x = {1, 2, 3}, v = {1, 0, 0}));  // 3

  // The second derivative times a vector, without the matrix of all of them.
  auto [curve] = tf::gradients(tf::reduce_sum(slope * v), x);
  auto c = sess.run(curve, x = {1, 2, 3}, v = {1, 1, 1});
  std::printf("6x:    %g %g %g\n", c(0), c(1), c(2));  // 6 12 18

  // Newton's method on a gradient: the lowest point of cosh(t - 1) + t².
  auto t = tf::variable<"t">(tf::constant(0.0));
  auto height = tf::cosh(t - 1.0) + t * t;
  auto [d1] = tf::gradients(height, t);
  auto [d2] = tf::gradients(d1, t);
  auto step = t.assign_sub(d1 / d2);
  sess.run(tf::global_variables_initializer(step));
  for (int i = 0; i < 6; ++i) sess.run(step);
  std::printf("lowest at %.4f\n", sess.run(t));  // 0.3490
}
