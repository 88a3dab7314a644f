// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::counted;
using op_test::counted_matrix;
using op_test::refusal;
using op_test::same;
using op_test::tensor;
using tf::errors::FailedPreconditionError;
using tf::errors::InvalidArgumentError;

namespace {
constexpr auto b = tf::dim<"b">;

auto const p = tf::placeholder<"p", float>(tf::shape<tf::dyn>);
auto const batch = tf::placeholder<"batch", float>(tf::shape<b>);
auto const m = tf::placeholder<"m", float>(tf::shape<tf::dyn, tf::dyn>);
auto const n = tf::placeholder<"n", float>(tf::shape<tf::dyn, tf::dyn>);
}  // namespace

TEST_CASE("variable: one whose type does not tell its shape keeps that of its initial value") {
  auto const w = tf::variable<"w">(tf::constant<"start">(tensor<float, 1>({300}, std::vector<double>(300, 2.0))));
  tf::Session sess;
  CHECK_THROWS_AS(sess.run(w), FailedPreconditionError);
  sess.run(w.initializer());
  CHECK(same(sess.run(w), std::vector<double>(300, 2.0)));
  CHECK(same(sess.run(w.assign_add(1)), std::vector<double>(300, 3.0)));
  CHECK(sess.run(tf::reduce_sum(w)) == 900);
  CHECK(same(sess.run(w.assign(p), p = std::vector<float>(300, 7.0f)), std::vector<double>(300, 7.0)));
  CHECK(same(sess.run(w.assign(5)), std::vector<double>(300, 5.0)));  // its shape is the session's
  for (std::size_t size : {2u, 299u, 100000u})
    CHECK(refusal([&] { sess.run(w.assign(p), p = counted(size)); }) ==
          "Assign requires shapes of both tensors to match. lhs shape= [300] rhs shape= [" + std::to_string(size) +
              "]\n\t[[{{node w/Assign}}]]");
  CHECK_THROWS_AS(sess.run(w.assign_add(p), p = counted(2)), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(w + p, p = counted(2)), InvalidArgumentError);
  CHECK(same(sess.run(w), std::vector<double>(300, 5.0)));
}
TEST_CASE("variable: shapes of fed values bind when it is initialised, and may change when it is again") {
  auto const w = tf::variable<"w">(tf::zeros_like(p));
  auto const v = tf::variable<"v">(m);
  auto const both = tf::global_variables_initializer(w, v);
  auto const step = tf::group(w.assign_add(1), v.assign_sub(1));
  tf::Session sess;
  auto add = sess.make_callable(w.assign_add(p), p);
  for (std::size_t size : {3u, 1u, 1000u, 0u, 5u}) {
    sess.run(both, p = counted(size), m = counted_matrix(size, 2));
    sess.run(step);
    CHECK(same(sess.run(w), std::vector<double>(size, 1.0)));
    CHECK(sess.run(v).size() == 2 * size);
    if (size > 0) CHECK(sess.run(v)(size - 1, 1) == float(2 * size - 1));
    CHECK(add(std::vector<float>(size, 1.0f)).size() == size);
    CHECK_THROWS_AS(add(std::vector<float>(size + 1, 1.0f)), InvalidArgumentError);
    CHECK(same(sess.run(w), std::vector<double>(size, 2.0)));
  }
}
TEST_CASE("variable: a named extent is the same for the variable and what is fed") {
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<b>));
  tf::Session sess;
  sess.run(w.initializer(), batch = counted(3));
  CHECK(same(sess.run(w + batch, batch = counted(3)), {1, 2, 3}));
  CHECK(same(sess.run(w + tf::ones(tf::shape<b>)), {1, 1, 1}));
  CHECK(refusal([&] { sess.run(w + batch, batch = counted(2)); }) ==
        "Incompatible shapes: variable 'w' of [3] vs. [2]");
  CHECK_THROWS_AS(sess.run(w.assign(batch), batch = counted(2)), InvalidArgumentError);
  CHECK(same(sess.run(tf::concat(tf::axis<0>, w, w) + p, p = counted(6)), {1, 2, 3, 4, 5, 6}));
  CHECK_THROWS_AS(sess.run(tf::concat(tf::axis<0>, w, w) + p, p = counted(5)), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(tf::zeros_like(w) + batch, batch = counted(2)), InvalidArgumentError);
  sess.run(w.initializer(), batch = counted(2));
  CHECK(same(sess.run(w + batch, batch = counted(2)), {1, 2}));
}
TEST_CASE("variable: its gradient and an optimizer's step know its shape") {
  auto const w = tf::variable<"w">(p);
  auto const loss = tf::reduce_sum(tf::square(w - 1.0f));
  auto const train = tf::train::GradientDescentOptimizer(0.5f).minimize(loss);
  tf::Session sess;
  sess.run(w.initializer(), p = counted(3));
  CHECK(same(sess.run(std::get<0>(tf::gradients(loss, w))), {0, 2, 4}));
  sess.run(train);
  CHECK(same(sess.run(w), {1, 1, 1}));
  auto const rates = tf::train::GradientDescentOptimizer(p).minimize(loss);
  CHECK_THROWS_AS(sess.run(rates, p = counted(2)), InvalidArgumentError);
}
TEST_CASE("variable: assign compares run-time shapes with a static one") {
  auto const w = tf::variable<"w">(tf::ones(tf::shape<4>));
  auto const W = tf::variable<"W">(tf::ones(tf::shape<2, 3>));
  tf::Session sess;
  sess.run(tf::variables_initializer(w, W));
  for (std::size_t size : {2u, 1u, 100000u}) {
    CHECK_THROWS_AS(sess.run(w.assign(p), p = counted(size)), InvalidArgumentError);
    CHECK_THROWS_AS(sess.run(w.assign_add(p), p = counted(size)), InvalidArgumentError);
    CHECK_THROWS_AS(sess.run(w.assign_sub(p), p = counted(size)), InvalidArgumentError);
    CHECK_THROWS_AS(sess.run(w.assign(tf::tile(p, tf::multiples<2>)), p = counted(size * 3)), InvalidArgumentError);
  }
  CHECK(refusal([&] { sess.run(w.assign(tf::tile(p, tf::multiples<2>)), p = counted(3)); }) ==
        "Assign requires shapes of both tensors to match. lhs shape= [4] rhs shape= [6]\n\t[[{{node w/Assign}}]]");
  CHECK_THROWS_AS(sess.run(W.assign(tf::matmul(m, n)), m = counted_matrix(20, 4), n = counted_matrix(4, 30)),
                  InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(W.assign(tf::transpose(m)), m = counted_matrix(2, 3)), InvalidArgumentError);
  CHECK(same(sess.run(w), {1, 1, 1, 1}));
  CHECK(same(sess.run(w.assign(tf::tile(p, tf::multiples<2>)), p = counted(2)), {1, 2, 1, 2}));
  CHECK(same(sess.run(W.assign(tf::transpose(m)), m = counted_matrix(3, 2)), {1, 3, 5, 2, 4, 6}));
}
