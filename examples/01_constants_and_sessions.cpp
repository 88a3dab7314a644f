// SPDX-License-Identifier: Apache-2.0
// The compiler builds the graph, a session runs the parts of it that are fetched.
#include <iostream>
#include <tfx/tfx.hpp>
#include <xtensor/xio.hpp>
namespace tf = tfx;

int main() {
  auto a = tf::constant(5);
  auto b = tf::constant(3);
  auto c = (a + b) * (a - b);  // a type: nothing is computed yet

  tf::Session sess;
  std::cout << sess.run(c) << '\n';  // 16

  // Several fetches of one run; what they share is computed once.
  auto [sum, difference] = sess.run(tf::fetch(a + b, a - b));
  std::cout << sum << ' ' << difference << '\n';  // 8 2

  // Tensors come back as xtensor containers.
  auto m = tf::constant<float>({{1, 2}, {3, 4}});
  std::cout << sess.run(tf::matmul(m, m)) << '\n';  // {{  7.,  10.}, { 15.,  22.}}

  // A placeholder is fed in each run, along a named dimension with any extent.
  constexpr auto batch = tf::dim<"batch">;
  auto x = tf::placeholder<"x", float>(tf::shape<batch, 2>);
  auto row_sums = tf::reduce_sum(tf::matmul(x, m), tf::axis<1>);
  std::cout << sess.run(row_sums, x = {{1, 0}, {0, 1}, {1, 1}}) << '\n';  // {  3.,   7.,  10.}

  // A variable keeps its value in the session.
  auto n = tf::variable<"n">(tf::constant(0));
  auto count = n.assign_add(1);
  sess.run(tf::global_variables_initializer(count));
  for (int i = 0; i < 3; ++i) std::cout << sess.run(count) << ' ';  // 1 2 3
  std::cout << '\n';
}
