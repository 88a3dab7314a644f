// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>
#include <tfx/keras/learning_phase.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
using keras::by_phase;
using keras::in_training;
using op_test::same;

TEST_CASE("learning phase: a run computes one of both values, and nothing of the other") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2>);
  auto const y = by_phase(x * 2.0f, x + 100.0f) + 1.0f;
  tf::Session sess;
  CHECK(same(sess.run(y, x = {1, 2}), {102, 103}));
  CHECK(same(sess.run(in_training(y), x = {1, 2}), {3, 5}));
  auto const [both, trained] = sess.run(tf::fetch(y, in_training(y)), x = {1, 2});
  CHECK(same(both, {102, 103}));
  CHECK(same(trained, {3, 5}));
  // What is left out needs no feed and does not fail.
  auto const unfed = tf::placeholder<"unfed", float>(tf::shape<2>);
  CHECK(same(sess.run(by_phase(unfed, x), x = {1, 2}), {1, 2}));
  CHECK(same(sess.run(by_phase(tf::check_numerics(x / 0.0f, tf::message<"in training">), x), x = {1, 2}), {1, 2}));
}

TEST_CASE("learning phase: it goes through everything that training reaches") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2>);
  auto const inner = by_phase(x, -x);
  auto const outer = by_phase(inner * 3.0f, inner * 5.0f);
  tf::Session sess;
  CHECK(same(sess.run(outer, x = {1, 2}), {-5, -10}));
  CHECK(same(sess.run(in_training(outer), x = {1, 2}), {3, 6}));
  CHECK(same(sess.run(in_training(in_training(outer) + outer), x = {1, 2}), {6, 12}));
  CHECK(same(sess.run(outer + in_training(outer), x = {1, 2}), {-2, -4}));
  // Inside loops and branches too.
  auto const sums = tf::scan([](auto s, auto v) { return s + by_phase(v, v * 10.0f); }, x, tf::zeros(tf::shape<>));
  CHECK(same(sess.run(sums, x = {1, 2}), {10, 30}));
  CHECK(same(sess.run(in_training(sums), x = {1, 2}), {1, 3}));
}

TEST_CASE("learning phase: derivatives follow the value that is computed") {
  auto const w = tf::variable<"w">(tf::constant<"begin">({2.0, 3.0}));
  auto const loss = tf::reduce_sum(by_phase(tf::square(w), w * 7.0));
  auto const [slope] = tf::gradients(loss, w);
  auto const [trained] = tf::gradients(in_training(loss), w);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(loss));
  CHECK(same(sess.run(slope), {7, 7}));
  CHECK(same(sess.run(trained), {4, 6}));
  CHECK(same(sess.run(in_training(slope)), {4, 6}));
  CHECK(same(sess.run(tf::jvp(in_training(loss), w, w)), {4 + 9 + 4 + 9}));
  auto const step = tf::train::GradientDescentOptimizer(0.5).minimize(loss);
  sess.run(in_training(step));
  CHECK(same(sess.run(w), {0, 0}));
  sess.run(step);
  CHECK(same(sess.run(w), {-3.5, -3.5}));
}

TEST_CASE("learning phase: what training changes it changes once, and use changes nothing") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dim<"batch">>);
  auto const average = tf::variable<"average">(tf::zeros(tf::shape<>), tf::trainable<false>);
  auto const mean = tf::reduce_mean(x);
  auto const y = by_phase(tf::with_dependencies(average.assign(mean), x - mean), x - average);
  auto const z = tf::reduce_sum(y * y) + tf::reduce_sum(y);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(z));
  CHECK(sess.run(z, x = {1, 3}) == doctest::Approx(14));
  CHECK(sess.run(average) == 0);
  CHECK(sess.run(in_training(z), x = {1, 3}) == doctest::Approx(2));
  CHECK(sess.run(average) == 2);
  CHECK(sess.run(z, x = {1, 3}) == doctest::Approx(2));
}

TEST_CASE("learning phase: a tensor that depends on it can be fed, and numbers keep their values") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2>);
  auto const y = by_phase(x * 2.0f, x * 4.0f);
  auto const z = y + 1.0f;
  tf::Session sess;
  CHECK(same(sess.run(z, y = {10, 20}), {11, 21}));
  CHECK(same(sess.run(in_training(z), y = {10, 20}), {11, 21}));
  auto const a = tf::constant(2.0f), b = tf::constant(5.0f);
  CHECK(sess.run(by_phase(a, b)) == 5);
  CHECK(sess.run(in_training(by_phase(a, b))) == 2);
}
