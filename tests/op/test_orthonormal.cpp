// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>
#include <tfx/variables/matrix_initializers.hpp>

namespace tf = tfx;
using op_test::same;

TEST_CASE("orthonormal: the rule of Gram and Schmidt; a column of zeros stays") {
  auto const x = tf::placeholder<"x", double>(tf::shape<tf::dyn, 2>);
  auto const q = tf::apply<tf::orthonormal_op>(x);
  tf::Session sess;
  // (1, 1, 2) less 1.4 · (0.6, 0.8, 0) is (0.16, −0.12, 2).
  double const length = std::sqrt(0.16 * 0.16 + 0.12 * 0.12 + 4);
  CHECK(
      same(sess.run(q, x = {{3, 1}, {4, 1}, {0, 2}}), {0.6, 0.16 / length, 0.8, -0.12 / length, 0, 2 / length}, 1e-15));
  auto const square = sess.run(tf::matmul(q, q, tf::transpose_a), x = {{3, 1}, {4, 1}, {0, 2}, {1, -7}});
  CHECK(same(square, {1, 0, 0, 1}, 1e-15));
  CHECK(same(sess.run(q, x = {{0, 0}, {0, 2}}), {0, 0, 0, 1}));
}
TEST_CASE("initializers: of matrices, typed and by values") {
  auto const wide = tf::get_variable<"wide">(tf::shape<2, 3>, tf::orthogonal_initializer(2.0, tf::seed<7>));
  auto const tall = tf::get_variable<"tall", double>(tf::shape<2, 3, 4>, tf::orthogonal_initializer());
  auto const unit = tf::get_variable<"unit">(tf::shape<2, 3>, tf::identity_initializer(0.5));
  auto const x = tf::placeholder<"x", float>(tf::shape<1>);
  auto const built = tf::build([](auto h) {
    return std::tuple{h + tf::get_variable("wide", {2, 3}, tf::orthogonal_initializer(2.0, tf::seed<7>)),
                      h + tf::get_variable("unit", {2, 3}, tf::identity_initializer(0.5))};
  })(x);
  auto const flat = tf::reshape(tall, tf::shape<6, 4>);
  tf::Session sess, other;
  sess.run(tf::variables_initializer(wide, tall, unit));
  CHECK(same(sess.run(tf::matmul(wide, wide, tf::transpose_b)), {4, 0, 0, 4}, 1e-6));
  std::vector<double> identity(16, 0.0);
  for (std::size_t i = 0; i < 4; ++i) identity[5 * i] = 1;
  CHECK(same(sess.run(tf::matmul(flat, flat, tf::transpose_a)), identity, 1e-14));
  CHECK(same(sess.run(unit), {0.5, 0, 0, 0, 0.5, 0}));
  other.run(tf::global_variables_initializer(std::get<0>(built), std::get<1>(built)));
  auto const [of_wide, of_unit] = other.run(tf::fetch(std::get<0>(built), std::get<1>(built)), x = {0});
  CHECK(same(of_wide, op_test::flat(sess.run(wide)), 0));
  CHECK(same(of_unit, {0.5, 0, 0, 0, 0.5, 0}));
}
