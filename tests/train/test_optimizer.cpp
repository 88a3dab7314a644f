// SPDX-License-Identifier: Apache-2.0
// What every optimizer is asked for: minimize with named arguments, compute_gradients, apply_gradients.
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::same;

TEST_CASE("optimizer: a global step counts the steps, and a rate may depend on it") {
  auto const w = tf::variable<"w">(tf::constant({1.0, 2.0}));
  auto const steps = tf::train::get_or_create_global_step();
  auto const rate = 0.5 / (1.0 + tf::cast<double>(steps));
  auto const loss = tf::reduce_sum(w);
  auto const train = tf::train::GradientDescentOptimizer(rate).minimize(loss, tf::global_step = steps);
  auto const adam = tf::train::AdamOptimizer(0.5).minimize<"adam">(loss, tf::global_step = steps);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(train, adam));
  CHECK(sess.run(steps) == 0);
  sess.run(train);
  CHECK(same(sess.run(w), {0.5, 1.5}));
  sess.run(train);
  CHECK(same(sess.run(w), {0.25, 1.25}));
  CHECK(sess.run(steps) == 2);
  sess.run(tf::fetch(train, adam));  // each counts
  CHECK(sess.run(steps) == 4);
}
TEST_CASE("optimizer: only the variables of a var_list change, and none that is not trained") {
  auto const w = tf::variable<"w">(tf::constant({1.0, 2.0}));
  auto const b = tf::variable<"b">(tf::constant({3.0, 4.0}));
  auto const kept = tf::variable<"kept">(tf::constant({5.0, 6.0}), tf::trainable<false>);
  auto const loss = tf::reduce_sum(w * b * kept);
  auto const steps = tf::variable<"steps">(tf::zeros<int>(tf::shape<>));
  auto const one = tf::train::GradientDescentOptimizer(0.125).minimize<"one">(loss, tf::var_list = w);
  auto const all = tf::train::MomentumOptimizer(0.125, 0.5).minimize<"all">(loss);
  auto const plain = tf::train::GradientDescentOptimizer(0.125).minimize<"plain">(loss);
  auto const both = tf::train::AdagradOptimizer(0.125, 1.0)
                        .minimize<"both">(loss, tf::var_list = std::tuple(kept, b), tf::global_step = steps);
  CHECK(tf::Graph(one).variables().size() == 3);
  CHECK(tf::Graph(all).variables().size() == 5);
  CHECK(tf::Graph(all).contains("b/all"));
  CHECK(tf::Graph(both).contains("kept/both"));
  CHECK_FALSE(tf::Graph(both).contains("w/both"));
  tf::Session sess;
  auto const values = tf::fetch(w, b, kept);
  auto const restart = [&] { sess.run(tf::global_variables_initializer(one, all, plain, both)); };
  auto const check = [&](std::vector<double> of_w, std::vector<double> of_b, std::vector<double> of_kept) {
    auto const [a, c, d] = sess.run(values);
    CHECK(same(a, of_w, 1e-14));
    CHECK(same(c, of_b, 1e-14));
    CHECK(same(d, of_kept, 1e-14));
  };
  restart();
  sess.run(one);
  check({1 - 15 / 8.0, 2 - 24 / 8.0}, {3, 4}, {5, 6});
  restart();
  sess.run(all);
  check({1 - 15 / 8.0, 2 - 24 / 8.0}, {3 - 5 / 8.0, 4 - 12 / 8.0}, {5, 6});
  restart();
  sess.run(plain);
  check({1 - 15 / 8.0, 2 - 24 / 8.0}, {3 - 5 / 8.0, 4 - 12 / 8.0}, {5, 6});
  restart();
  sess.run(both);
  check({1, 2}, {3 - 0.125 * 5 / std::sqrt(26.0), 4 - 0.125 * 12 / std::sqrt(145.0)},
        {5 - 0.125 * 3 / std::sqrt(10.0), 6 - 0.125 * 8 / std::sqrt(65.0)});
  CHECK(sess.run(steps) == 1);
}
TEST_CASE("optimizer: gradients are computed, changed and applied") {
  auto const x = tf::placeholder<"x", double>(tf::shape<2>);
  auto const w = tf::variable<"w">(tf::constant({1.0, 2.0}));
  auto const b = tf::variable<"b">(tf::constant(0.5));
  auto const steps = tf::train::get_or_create_global_step();
  auto const loss = tf::reduce_sum(tf::square(w * x + b));
  tf::train::MomentumOptimizer const optimizer(0.125, 0.5);
  tf::train::AdamOptimizer const adam(0.125);
  auto const list = optimizer.compute_gradients(loss, w, b);
  auto const [of_w, of_b] = list;
  auto const whole = optimizer.apply_gradients<"whole">(list, tf::global_step = steps);
  auto const half = optimizer.apply_gradients<"half">(std::tuple(of_w.first * 0.5), std::tuple(w));
  auto const zipped = adam.apply_gradients<"zipped">(tf::gradients(loss, w, b), std::tuple(w, b));
  auto const minimized = adam.minimize<"minimized">(loss);
  CHECK(tf::Graph(whole).contains("w/whole"));
  CHECK(tf::Graph(zipped).contains("zipped/beta1_power"));
  tf::Session sess;
  auto const restart = [&] { sess.run(tf::global_variables_initializer(whole, half, zipped, minimized)); };
  restart();
  for (int i = 0; i < 2; ++i) sess.run(whole, x = {1, 2});
  auto const [w2, b2] = sess.run(tf::fetch(w, b));
  CHECK(sess.run(steps) == 2);
  auto const step = optimizer.minimize(loss);
  sess.run(tf::global_variables_initializer(step));
  for (int i = 0; i < 2; ++i) sess.run(step, x = {1, 2});
  CHECK(same(sess.run(w), op_test::flat(w2), 1e-14));
  CHECK(same(sess.run(b), {b2}, 1e-14));
  restart();
  sess.run(half, x = {1, 2});
  CHECK(same(sess.run(w), {1 - 1.5 / 8, 2 - 9.0 / 8}, 1e-14));
  CHECK(sess.run(b) == 0.5);
  restart();
  for (int i = 0; i < 3; ++i) sess.run(zipped, x = {1, 2});
  auto const applied = sess.run(tf::fetch(w, b));
  restart();
  for (int i = 0; i < 3; ++i) sess.run(minimized, x = {1, 2});
  CHECK(same(sess.run(w), op_test::flat(std::get<0>(applied)), 1e-14));
  CHECK(same(sess.run(b), {std::get<1>(applied)}, 1e-14));
}
TEST_CASE("optimizer: variables that a function made are found; numbers ride along; shapes that a run finds out") {
  auto const start = tf::placeholder<"start", float>(tf::shape<tf::dyn>);
  auto const u = tf::variable<"u">(start);
  auto const y = tf::build([](auto h) {
    auto const fixed = tf::variable("fixed", tf::fill({2}, 3.0f), tf::trainable<false>);
    return tf::reduce_sum(h) * tf::reduce_sum(fixed * tf::variable("w", tf::fill({2}, 0.5f)));
  })(u);
  auto const v = tf::variable<"v">(4.0f);
  tf::train::AdagradOptimizer const optimizer(0.5f, 3.0f);
  auto const list = optimizer.compute_gradients(y * v);
  static_assert(std::tuple_size_v<std::remove_const_t<decltype(list)>> == 3);
  auto const step = optimizer.apply_gradients(list);
  auto const some = optimizer.minimize<"some">(y * v, tf::var_list = u);
  tf::Session sess;
  for (std::size_t n : {2u, 0u}) {
    sess.run(tf::global_variables_initializer(step, some), start = std::vector<float>(n, 1.0f));
    sess.run(step);
    double const of_u = 1 - 0.5 * 12 / std::sqrt(3 + 144.0);
    CHECK(same(sess.run(u), std::vector<double>(n, of_u)));
    sess.run(some);
    CHECK(sess.run(tf::variable<"u/Adagrad">(start)).size() == n);
  }
}
