// SPDX-License-Identifier: Apache-2.0
// covers: equal not_equal less less_equal greater greater_equal logical_and logical_or logical_xor logical_not where
// covers: cast
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::infinity;
using op_test::not_a_number;
using op_test::same;

namespace {
constexpr auto n = tf::shape<tf::dim<"n">>;

template <class T>
void check_order() {
  auto const x = tf::placeholder<"x", T>(n);
  auto const y = tf::placeholder<"y", T>(n);
  tf::Session sess;
  auto [l, le, g, ge, e, ne] = sess.run(tf::fetch(x<y, x <= y, x> y, x >= y, tf::equal(x, y), tf::not_equal(x, y)),
                                        x = {1, 2, 3, 100, 0}, y = {2, 2, 2, 99, 0});
  static_assert(std::is_same_v<typename decltype(x < y)::value_type, bool>);
  CHECK(same(l, {1, 0, 0, 0, 0}));
  CHECK(same(le, {1, 1, 0, 0, 1}));
  CHECK(same(g, {0, 0, 1, 1, 0}));
  CHECK(same(ge, {0, 1, 1, 1, 1}));
  CHECK(same(e, {0, 1, 0, 0, 1}));
  CHECK(same(ne, {1, 0, 1, 1, 0}));
}
}  // namespace

TEST_CASE("comparison: order and equality of floats, wide and narrow integers") {
  check_order<float>();
  check_order<std::int64_t>();
  check_order<std::uint8_t>();
}

TEST_CASE("comparison: NaN equals nothing and zeros are equal; numbers broadcast") {
  auto const x = tf::placeholder<"x", double>(n);
  tf::Session sess;
  auto [same_as_itself, differs, zero, small] = sess.run(
      tf::fetch(tf::equal(x, x), tf::not_equal(x, x), tf::equal(x, 0), 1 > x), x = {not_a_number, -0.0, infinity});
  CHECK(same(same_as_itself, {0, 1, 1}));
  CHECK(same(differs, {1, 0, 0}));
  CHECK(same(zero, {0, 1, 0}));
  CHECK(same(small, {0, 1, 0}));
}

TEST_CASE("logical: truth tables, by functions and operators") {
  auto const x = tf::placeholder<"x", bool>(n);
  auto const y = tf::placeholder<"y", bool>(n);
  tf::Session sess;
  auto [a, o, e, inverse, again, equal] = sess.run(tf::fetch(x & y, x | y, x ^ y, !x, ~~x, tf::equal(x, y)),
                                                   x = {true, true, false, false}, y = {true, false, true, false});
  CHECK(same(a, {1, 0, 0, 0}));
  CHECK(same(o, {1, 1, 1, 0}));
  CHECK(same(e, {0, 1, 1, 0}));
  CHECK(same(inverse, {0, 0, 1, 1}));
  CHECK(same(again, {1, 1, 0, 0}));
  CHECK(same(equal, {1, 0, 0, 1}));
  CHECK(
      same(sess.run(tf::logical_and(x, y) | tf::logical_not(tf::logical_or(x, y)), x = {true, false}, y = {true, true}),
           {1, 0}));
}

TEST_CASE("where: takes one side, and the gradient follows it") {
  auto const c = tf::placeholder<"c", bool>(tf::shape<tf::dim<"n">, 1>);
  auto const x = tf::placeholder<"x", double>(tf::shape<1, 3>);
  auto const y = tf::placeholder<"y", double>(tf::shape<tf::dim<"n">, 3>);
  auto const z = tf::where(c, x, y);
  auto const [dx, dy] = tf::gradients(z, x, y);
  // what is not taken may be NaN: its gradient is 0 all the same
  auto const [safe] = tf::gradients(tf::where(y > 0.0, y, 0.0), y);
  auto const moved = tf::jvp(z, y, y);
  tf::Session sess;
  xt::xtensor<bool, 2> const condition = {{true}, {false}};
  auto [v, gx, gy, gs, m] = sess.run(tf::fetch(z, dx, dy, safe, moved), c = condition, x = {{1., 2., 3.}},
                                     y = {{not_a_number, 5., 6.}, {7., -8., 9.}});
  CHECK(same(v, {1, 2, 3, 7, -8, 9}));
  CHECK(same(gx, {1, 1, 1}));
  CHECK(same(gy, {0, 0, 0, 1, 1, 1}));
  CHECK(same(gs, {0, 1, 1, 1, 0, 1}));
  CHECK(same(m, {0, 0, 0, 7, -8, 9}));
}

TEST_CASE("where: integers and bool") {
  auto const i = tf::placeholder<"i", std::int32_t>(n);
  auto const b = tf::placeholder<"b", bool>(n);
  tf::Session sess;
  auto [positive, flipped] =
      sess.run(tf::fetch(tf::where(i > 0, i, -1), tf::where(i > 0, b, !b)), i = {-3, 4, 5}, b = {true, true, false});
  CHECK(same(positive, {-1, 4, 5}));
  CHECK(same(flipped, {0, 1, 0}));
}

TEST_CASE("cast: truncates towards zero, bool is 0 or 1, and what is not 0 is true") {
  auto const x = tf::placeholder<"x", float>(n);
  auto const i = tf::placeholder<"i", std::int32_t>(n);
  auto const b = tf::placeholder<"b", bool>(n);
  static_assert(std::is_same_v<decltype(tf::cast<float>(x)), std::remove_const_t<decltype(x)>>);
  tf::Session sess;
  auto [whole, wide, truth, up, byte, number, doubled] =
      sess.run(tf::fetch(tf::cast<int>(x), tf::cast<std::int64_t>(x), tf::cast<bool>(x), tf::cast<double>(i),
                         tf::cast<std::uint8_t>(i), tf::cast<float>(b), tf::cast<double>(x)),
               x = {-1.75f, -0.0f, 2.75f}, i = {-3, 0, 255}, b = {true, false, true});
  CHECK(same(whole, {-1, 0, 2}));
  CHECK(same(wide, {-1, 0, 2}));
  CHECK(same(truth, {1, 0, 1}));
  CHECK(same(up, {-3, 0, 255}));
  CHECK(same(byte, {253, 0, 255}));
  CHECK(same(number, {1, 0, 1}));
  CHECK(same(doubled, {-1.75, 0, 2.75}));
}

TEST_CASE("cast: gradients pass between float and double only, at any size") {
  auto const x = tf::placeholder<"x", float>(n);
  auto const y = tf::square(tf::cast<double>(x)) + tf::cast<double>(tf::cast<int>(x));
  auto const [dx] = tf::gradients(y, x);
  static_assert(std::is_same_v<decltype(dx)::value_type, float>);
  auto const moved = tf::jvp(y, x, tf::ones<float>(n));
  tf::Session sess;
  for (std::size_t size : {1u, 3u, 17u, 33u, 0u}) {
    std::vector<double> const at = op_test::spread(size, -2, 2);
    auto [g, m] = sess.run(tf::fetch(dx, moved), x = op_test::tensor<float, 1>({size}, at));
    REQUIRE(g.size() == size);
    for (std::size_t i = 0; i < size; ++i) {
      CHECK(g(i) == doctest::Approx(2 * at[i]));
      CHECK(m(i) == doctest::Approx(2 * at[i]));
    }
  }
}
