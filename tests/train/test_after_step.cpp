// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::same;

TEST_CASE("after a step: whatever stands behind it reads what the step left") {
  auto const w = tf::variable<"w">(tf::constant<"begin">({2.0, -1.0}));
  auto const loss = tf::reduce_sum(tf::square(w));
  auto const step = tf::train::GradientDescentOptimizer(0.25).minimize(loss);
  tf::Session sess;
  auto const run = [&](auto const& what) {
    sess.run(tf::global_variables_initializer(loss));
    return sess.run(what);
  };
  CHECK(same(run(tf::with_dependencies(step, w)), {1, -0.5}));
  CHECK(same(run(tf::with_dependencies(step, tf::maximum(w, 0.0))), {1, 0}));
  CHECK(same(run(tf::with_dependencies(tf::group(step), w * w + w)), {2, -0.25}));
  CHECK(run(tf::with_dependencies(step, loss)) == 1.25);
  CHECK(same(run(tf::with_dependencies(step, w - 1.0)), {0, -1.5}));
  // Beside it the old value is read.
  auto const [before, after] = run(tf::fetch(w + 0.0, tf::with_dependencies(step, w + 0.0)));
  CHECK(same(before, {2, -1}));
  CHECK(same(after, {1, -0.5}));
  // And what is assigned there stays.
  run(w.assign(tf::with_dependencies(step, tf::maximum(w, 0.0))));
  CHECK(same(sess.run(w), {1, 0}));
}

TEST_CASE("after a step: slots, several variables and steps") {
  auto const w = tf::variable<"w">(tf::constant<"begin">({2.0, -1.0}));
  auto const v = tf::variable<"v">(tf::constant<"begin_v">(3.0));
  auto const other = tf::variable<"other">(tf::constant<"begin_other">(5.0), tf::trainable<false>);
  auto const loss = tf::reduce_sum(tf::square(w)) * v + other;
  auto const step = tf::train::MomentumOptimizer(0.1, 0.5).minimize(loss);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  auto const [ws, vs, kept] =
      sess.run(tf::fetch(tf::with_dependencies(step, w * 1.0), tf::with_dependencies(step, v * 1.0),
                         tf::with_dependencies(step, other * 1.0)));
  CHECK(same(ws, {2 - 0.1 * 12, -1 + 0.1 * 6}, 1e-12));
  CHECK(vs == doctest::Approx(3 - 0.1 * 5));
  CHECK(kept == 5);
}

TEST_CASE("after a step: a moving average follows what the step left") {
  auto const w = tf::variable<"w">(tf::constant<"begin">({2.0, -1.0}));
  auto const loss = tf::reduce_sum(tf::square(w));
  auto const step = tf::train::GradientDescentOptimizer(0.25).minimize(loss);
  auto const average = tf::train::ExponentialMovingAverage(0.5);
  auto const both = average.apply_after(step, w);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(both));
  sess.run(both);
  CHECK(same(sess.run(average.average(w)), {1.5, -0.75}));
}
