// SPDX-License-Identifier: Apache-2.0
// covers: slice pad concat expand_dims squeeze stack tile
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto n = tf::dim<"n">;
auto const matrix = [] { return tf::constant<float>({{1, 5, 3}, {9, 2, 4}}); };

// Functions of a [2, 3] or [n, 3]: every rule of a gradient meets extents that the compiler does not know.
auto const middle = [](auto const& x) { return tf::square(tf::slice(x, tf::index<1, 0>, tf::shape<-1, 2>)); };
auto const padded = [](auto const& x) {
  return tf::square(tf::pad(x, tf::paddings<1, 0, 0, 2>) + tf::ones<double>(tf::shape<>));
};
auto const tiled = [](auto const& x) {
  return tf::square(tf::tile(x, tf::multiples<2, 3>)) * tf::tile(tf::concat(tf::axis<1>, x, x, x), tf::multiples<2, 1>);
};
auto const joined = [](auto const& x) {
  return tf::square(tf::concat(tf::axis<0>, x, tf::ones<double>(tf::shape<1, 3>), tf::sin(x)));
};
auto const beside = [](auto const& x) { return tf::square(tf::concat(tf::axis<-1>, x, tf::cos(x))); };
auto const stacked = [](auto const& x) { return tf::square(tf::stack(tf::axis<1>, x, tf::exp(x), x)); };
auto const split = [](auto const& x) {
  auto const [a, b, c] = tf::unstack(x, tf::axis<1>);
  return tf::squeeze(tf::expand_dims(a * b * c, tf::axis<-1>), tf::axis<1>);
};
}  // namespace

TEST_CASE("slice: boxes of a matrix, and all that is left") {
  tf::Session sess;
  auto const x = matrix();
  auto const [a, b, c] = sess.run(tf::fetch(tf::slice(x, tf::index<0, 1>, tf::shape<2, 2>),
                                            tf::slice(x, tf::index<1, 0>, tf::shape<-1, 2>),
                                            tf::slice(x, tf::index<0, 3>, tf::shape<2, -1>)));
  CHECK(same(a, {5, 3, 2, 4}));
  CHECK(same(b, {9, 2}));
  CHECK(c.size() == 0);
  static_assert(decltype(tf::slice(x, tf::index<1, 0>, tf::shape<-1, 2>))::shape_type::value == tf::dims{2, {1, 2}});
}

TEST_CASE("slice: a box beyond a symbolic extent is refused when it is known") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 2>);
  auto const y = tf::slice(x, tf::index<1, 0>, tf::shape<2, -1>);
  tf::Session sess;
  CHECK(same(sess.run(y, x = {{1.f, 2.f}, {3.f, 4.f}, {5.f, 6.f}}), {3, 4, 5, 6}));
  CHECK_THROWS_AS((void)sess.run(y, x = tensor<float, 2>({2, 2}, {1, 2, 3, 4})), tf::errors::InvalidArgumentError);
}

TEST_CASE("slice: a box whose extents have names, of the tensor itself or of others") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n, 3>);
  auto const y = tf::placeholder<"y", double>(tf::shape<tf::dim<"m">>);
  auto const composed = tf::build(
      [](auto v) { return tf::square(tf::slice(v, tf::dims{2, {0, 1}}, tf::dims{2, {v.shape()[0], 2}})); })(x);
  auto const built = tf::build([](auto v) { return tf::slice(v, tf::index<0, 0>, tf::shape<n, 2>); })(x);
  auto const rows = tf::slice(x, tf::index<0, 1>, tf::shape<tf::dim<"m">, 1>) * tf::expand_dims(y, tf::axis<1>);
  static_assert(std::is_same_v<decltype(composed)::shape_type, tf::shape_t<n, 2>>);
  static_assert(std::is_same_v<decltype(rows)::shape_type, tf::shape_t<tf::dim<"m">, 1>>);
  auto const [of_composed] = tf::gradients(composed, x);
  auto const [of_rows] = tf::gradients(rows, x);
  tf::Session sess;
  xt::xtensor<double, 2> const values{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
  auto const [a, b, c, da, dc] =
      sess.run(tf::fetch(composed, built, rows, of_composed, of_rows), x = values, y = {10, 20});
  CHECK(same(a, {4, 9, 25, 36, 64, 81}));
  CHECK(same(b, {1, 2, 4, 5, 7, 8}));
  CHECK(same(c, {20, 100}));
  CHECK(same(da, {0, 4, 6, 0, 10, 12, 0, 16, 18}));
  CHECK(same(dc, {0, 10, 0, 0, 20, 0, 0, 0, 0}));
  CHECK_THROWS_AS(sess.run(rows, x = values, y = {1, 2, 3, 4}), tf::errors::InvalidArgumentError);
}
TEST_CASE("pad, tile: zeros around, copies beside") {
  tf::Session sess;
  auto const x = matrix();
  auto const [p, t] = sess.run(tf::fetch(tf::pad(x, tf::paddings<1, 0, 0, 1>), tf::tile(x, tf::multiples<2, 2>)));
  CHECK(same(p, {0, 0, 0, 0, 1, 5, 3, 0, 9, 2, 4, 0}));
  CHECK(same(t, {1, 5, 3, 1, 5, 3, 9, 2, 4, 9, 2, 4, 1, 5, 3, 1, 5, 3, 9, 2, 4, 9, 2, 4}));
}

TEST_CASE("concat, stack: symbolic extents along the axis add up") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 2>);
  auto const y = tf::placeholder<"y", float>(tf::shape<tf::dyn, 2>);
  auto const both = tf::concat(tf::axis<0>, x, y);
  tf::Session sess;
  auto const xs = tensor<float, 2>({2, 2}, {1, 2, 3, 4});
  auto const ys = tensor<float, 2>({1, 2}, {5, 6});
  auto const [b, s, sum] = sess.run(
      tf::fetch(both, tf::stack(tf::axis<-1>, x, x + 1.0f), tf::reduce_sum(both, tf::axis<0>)), x = xs, y = ys);
  CHECK(same(b, {1, 2, 3, 4, 5, 6}));
  CHECK(same(s, {1, 2, 2, 3, 3, 4, 4, 5}));
  CHECK(same(sum, {9, 12}));
  auto const [again, dy] = sess.run(tf::fetch(both, std::get<0>(tf::gradients(tf::square(both), y))),
                                    x = tensor<float, 2>({0, 2}, {}), y = ys);
  CHECK(same(again, {5, 6}));
  CHECK(same(dy, {10, 12}));
}

TEST_CASE("expand_dims, squeeze: only the shape changes") {
  auto const x = matrix();
  static_assert(decltype(tf::expand_dims(x, tf::axis<-2>))::shape_type::value == tf::dims{3, {2, 1, 3}});
  static_assert(decltype(tf::squeeze(tf::zeros(tf::shape<1, 3, 1>)))::shape_type::value == tf::dims{1, {3}});
  static_assert(decltype(tf::squeeze(tf::zeros(tf::shape<1, 3, 1>), tf::axis<0>))::shape_type::value ==
                tf::dims{2, {3, 1}});
}

TEST_CASE("slice, pad, concat, stack, tile: gradients, static and symbolic") {
  std::vector<double> const at = spread(6, -1, 1);
  check_gradient(tf::shape<2, 3>, std::array<std::size_t, 2>{2, 3}, at, middle, padded, joined, stacked, split);
  check_gradient(tf::shape<n, 3>, std::array<std::size_t, 2>{2, 3}, at, middle, padded, tiled, joined, beside, split);
}
