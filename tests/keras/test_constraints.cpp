// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>
#include <tfx/keras/constraints.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace constraints = tfx::keras::constraints;
using op_test::same;

TEST_CASE("constraints: norms of columns") {
  auto const w = tf::placeholder<"w", double>(tf::shape<tf::dyn, 3>);
  auto const all = tf::fetch(constraints::max_norm()(w), constraints::max_norm(5.0)(w), constraints::unit_norm()(w),
                             constraints::min_max_norm(1.0, 5.0, 0.5)(w), keras::constraint<"min_max_norm">(w),
                             keras::constraint<"max_norm">(w), keras::constraint<"UnitNorm">(w));
  tf::Session sess;
  auto const got = sess.run(all, w = {{3, 0, 6}, {4, 0, 8}});  // norms 5, 0, 10
  CHECK(same(std::get<0>(got), {1.2, 0, 1.2, 1.6, 0, 1.6}));
  CHECK(same(std::get<1>(got), {3, 0, 3, 4, 0, 4}));
  CHECK(same(std::get<2>(got), {0.6, 0, 0.6, 0.8, 0, 0.8}));
  CHECK(same(std::get<3>(got), {3, 0, 4.5, 4, 0, 6}));
  CHECK(same(std::get<4>(got), {0.6, 0, 0.6, 0.8, 0, 0.8}));
  CHECK(same(std::get<5>(got), {1.2, 0, 1.2, 1.6, 0, 1.6}));
  CHECK(same(std::get<6>(got), {0.6, 0, 0.6, 0.8, 0, 0.8}));
}
TEST_CASE("constraints: the fuzz in a division by a norm is 1e-7") {
  auto const w = tf::placeholder<"w", double>(tf::shape<2>);
  tf::Session sess;
  auto const tiny = sess.run(constraints::unit_norm()(w), w = {3e-7, 4e-7});
  CHECK(same(tiny, {0.5, 4.0 / 6}, 1e-12));
}
TEST_CASE("constraints: along other axes, and several") {
  auto const w = tf::placeholder<"w", float>(tf::shape<2, 2>);
  auto const k = tf::placeholder<"k", float>(tf::shape<1, 2, 2, 1>);
  tf::Session sess;
  auto const rows = sess.run(constraints::unit_norm(tf::axis<-1>)(w), w = {{3, 4}, {0, 2}});
  CHECK(same(rows, {0.6, 0.8, 0, 1}, 1e-5));
  auto const kernel = sess.run(constraints::max_norm(1.0, tf::axes<0, 1, 2>)(k), k = {{{{1}, {1}}, {{1}, {1}}}});
  CHECK(same(kernel, {0.5, 0.5, 0.5, 0.5}, 1e-5));
  auto const most = sess.run(constraints::min_max_norm(4.0, 8.0, 1.0, tf::axis<1>)(w), w = {{3, 4}, {0, 2}});
  CHECK(same(most, {3, 4, 0, 4}, 1e-5));
}
TEST_CASE("constraints: what is not below 0") {
  auto const w = tf::placeholder<"w", float>(tf::shape<tf::dyn>);
  tf::Session sess;
  CHECK(same(sess.run(constraints::non_neg()(w), w = {-1, 0, 2}), {0, 0, 2}));
  CHECK(same(sess.run(keras::constraint<"non_neg">(w), w = {-0.5f}), {0}));
}
TEST_CASE("constraints: a variable after a step, and functions over handles") {
  auto const v = tf::get_variable<"v">(tf::shape<2>, tf::constant_initializer(3.0));
  auto const x = tf::placeholder<"x", float>(tf::shape<2>);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(v));
  sess.run(v.assign(constraints::max_norm(1.0)(v)));
  CHECK(same(sess.run(v), {std::sqrt(0.5), std::sqrt(0.5)}, 1e-5));
  auto const built = tf::build([](auto h) {
    return constraints::max_norm(2.0)(h) + constraints::min_max_norm(0.0, 1.0, 1.0)(h) +
           keras::constraint<"non_neg">(h);
  })(x);
  CHECK(same(sess.run(built, x = {3, 4}), {1.2 + 0.6 + 3, 1.6 + 0.8 + 4}, 1e-5));
}
TEST_CASE("constraints: derivatives come through") {
  op_test::check_gradient(
      tf::shape<tf::dyn, 3>, std::array<std::size_t, 2>{2, 3}, op_test::spread(6, 0.5, 1.5),
      [](auto w) { return constraints::max_norm(1.0)(w); }, [](auto w) { return constraints::unit_norm()(w); },
      [](auto w) { return constraints::min_max_norm(0.0, 1.0, 0.25)(w); },
      [](auto w) { return constraints::non_neg()(w); });
}
