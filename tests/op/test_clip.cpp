// SPDX-License-Identifier: Apache-2.0
// covers: clip_by_average_norm clip_by_global_norm clip_by_norm div_no_nan
#include <support/op_test.hpp>
#include <tfx/op/math/clip_by_average_norm.hpp>
#include <tfx/op/math/clip_by_global_norm.hpp>
#include <tfx/op/math/clip_by_norm.hpp>
#include <tfx/op/math/div_no_nan.hpp>

namespace tf = tfx;
using op_test::refusal;
using op_test::same;

TEST_CASE("clip: by norm, by average norm, along axes, of zeros") {
  auto const x = tf::placeholder<"x", double>(tf::shape<2, 3>);
  auto const limit = tf::placeholder<"limit", double>(tf::shape<>);
  auto const all = tf::fetch(tf::clip_by_norm(x, 4), tf::clip_by_norm(x, limit), tf::clip_by_norm(x, 2.0, tf::axis<1>),
                             tf::clip_by_average_norm(x, 0.5), tf::clip_by_average_norm(x, 2.0));
  tf::Session sess;
  auto const [a, b, c, d, e] = sess.run(all, x = {{-3, 0, 0}, {4, 0, 0}}, limit = 6.0);
  CHECK(same(a, {-2.4, 0, 0, 3.2, 0, 0}, 1e-15));
  CHECK(same(b, {-3, 0, 0, 4, 0, 0}, 1e-15));
  CHECK(same(c, {-2, 0, 0, 2, 0, 0}, 1e-15));
  CHECK(same(d, {-1.8, 0, 0, 2.4, 0, 0}, 1e-15));
  CHECK(same(e, {-3, 0, 0, 4, 0, 0}, 1e-15));
  auto const [dx] = tf::gradients(tf::clip_by_norm(x, 1.0), x);
  CHECK(same(sess.run(dx, x = {{0, 0, 0}, {0, 0, 0}}), std::vector<double>(6, 1.0)));
}
TEST_CASE("clip: by the norm of all gradients; one that is not finite is refused") {
  auto const w = tf::placeholder<"w", float>(tf::shape<2>);
  auto const b = tf::placeholder<"b", float>(tf::shape<tf::dyn>);
  auto const loss = tf::reduce_sum(tf::square(w)) * 0.5f + tf::reduce_sum(tf::square(b)) * 0.5f;
  auto const slopes = tf::gradients(loss, w, b);
  auto const result = tf::clip_by_global_norm(slopes, 4.0f);
  auto const clipped = result.first;
  auto const norm = result.second;
  auto const [unchanged, same_norm] = tf::clip_by_global_norm(slopes, 4.0f, tf::constant<"given">(2.0f));
  tf::Session sess;
  auto const [both, length, twice] =
      sess.run(tf::fetch(clipped, norm, unchanged), w = {0, 3}, b = std::vector<float>{4, 0, 0});
  CHECK(length == 5);
  CHECK(same(std::get<0>(both), {0, 2.4}));
  CHECK(same(std::get<1>(both), {3.2, 0, 0}));
  CHECK(same(std::get<1>(twice), {4, 0, 0}));
  CHECK(sess.run(tf::global_norm(slopes), w = {0, 3}, b = {4}) == 5);
  auto const step = tf::train::GradientDescentOptimizer(1.0f).apply_gradients(
      std::get<0>(tf::clip_by_global_norm(
          tf::gradients(tf::reduce_sum(tf::variable<"v">(3.0f) * 5.0f), tf::variable<"v">(3.0f)), 2.0f)),
      std::tuple(tf::variable<"v">(3.0f)));
  sess.run(tf::global_variables_initializer(step));
  sess.run(step);
  CHECK(sess.run(tf::variable<"v">(3.0f)) == 1);
  auto const infinite = float(op_test::infinity), none = float(op_test::not_a_number);
  CHECK(refusal([&] { sess.run(tf::fetch(clipped), w = {0, infinite}, b = {1}); }) ==
        "Found Inf or NaN global norm. : Tensor had Inf values");
  CHECK(refusal([&] { sess.run(std::get<1>(clipped), w = {0, none}, b = {1}); }) ==
        "Found Inf or NaN global norm. : Tensor had NaN values");
}
TEST_CASE("clip: gradients, and those of div_no_nan and verify_tensor_all_finite") {
  auto const norms = [](auto x) {
    auto const [clipped, norm] = tf::clip_by_global_norm(std::tuple(x, x * x), 1.5);
    return std::get<0>(clipped) * std::get<1>(clipped) + norm;
  };
  op_test::check_gradient(
      tf::shape<tf::dim<"n">>, std::array<std::size_t, 1>{4}, op_test::spread(4, 0.5, 1.5), norms,
      [](auto x) { return tf::clip_by_norm(x, 1.5); }, [](auto x) { return tf::clip_by_average_norm(x, 0.25); },
      [](auto x) { return tf::div_no_nan(x, x * x + 1.0); },
      [](auto x) { return tf::verify_tensor_all_finite<"x">(x * x); });
  auto const x = tf::placeholder<"x", double>(tf::shape<3>);
  auto const y = tf::placeholder<"y", double>(tf::shape<3>);
  auto const z = tf::div_no_nan(x, y);
  auto const [dx, dy] = tf::gradients(z, x, y);
  tf::Session sess;
  auto const [a, b, c] = sess.run(tf::fetch(z, dx, dy), x = {1, op_test::infinity, 3}, y = {2, 0, -0.0});
  CHECK(same(a, {0.5, 0, 0}));
  CHECK(same(b, {0.5, 0, 0}));
  CHECK(same(c, {-0.25, 0, 0}));
  // The check holds where only a derivative is asked for.
  auto const of_checked = std::get<0>(tf::gradients(tf::verify_tensor_all_finite<"a long text of words">(x) * 2.0, x));
  CHECK(refusal([&] { sess.run(of_checked, x = {op_test::not_a_number, op_test::infinity, 3}); }) ==
        "a long text of words : Tensor had Inf and NaN values");
}
