// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <span>
#include <support/op_test.hpp>
#include <vector>
#include <xtensor/xarray.hpp>
#include <xtensor/xfixed.hpp>
#include <xtensor/xview.hpp>

namespace tf = tfx;
using op_test::same;
using tf::errors::InvalidArgumentError;

namespace {
xt::xtensor<float, 2> const table{{1, 2, 3}, {4, 5, 6}};
std::vector<float> const three{1, 2, 3};
}  // namespace

TEST_CASE("constant: from everything that holds numbers") {
  tf::Session sess;
  CHECK(same(sess.run(tf::constant(std::vector<double>{1, 2})), {1, 2}));
  CHECK(same(sess.run(tf::constant(std::array<int, 2>{3, 4})), {3, 4}));
  CHECK(same(sess.run(tf::constant(std::span<float const>(three))), {1, 2, 3}));
  CHECK(same(sess.run(tf::constant<"doubles", double>(three)), {1, 2, 3}));
  CHECK(same(sess.run(tf::constant<int>(three)), {1, 2, 3}));
  CHECK(same(sess.run(tf::constant(std::vector<std::vector<int>>{{1, 2}, {3, 4}})), {1, 2, 3, 4}));
  CHECK(same(sess.run(tf::constant(tf::view(three.data(), {3, 1}))), {1, 2, 3}));
  CHECK(same(sess.run(tf::constant(xt::row(table, 1))), {4, 5, 6}));
  CHECK(same(sess.run(tf::constant(xt::view(table, xt::all(), xt::range(1, 3)))), {2, 3, 5, 6}));
  CHECK(same(sess.run(tf::constant(xt::xtensor<float, 2, xt::layout_type::column_major>(table))), {1, 2, 3, 4, 5, 6}));
  CHECK(same(sess.run(tf::constant(xt::xarray<float>(table), tf::shape<2, 3>)), {1, 2, 3, 4, 5, 6}));
}
TEST_CASE("constant: of text") {
  tf::Session sess;
  CHECK(sess.run(tf::constant("text")) == "text");
  CHECK(sess.run(tf::constant<"greeting">("hello")) == "hello");
  auto const two = sess.run(tf::constant({"abc", "xyz"}));
  CHECK(two(0) == "abc");
  CHECK(two(1) == "xyz");
  CHECK(sess.run(tf::constant(std::vector<std::string>{"p", "q"}))(1) == "q");
}
TEST_CASE("constant: in a shape of its own, the last value repeated") {
  tf::Session sess;
  CHECK(same(sess.run(tf::constant({1, 2, 3, 4}, tf::shape<2, 2>)), {1, 2, 3, 4}));
  CHECK(same(sess.run(tf::constant({{1, 2}, {3, 4}}, tf::shape<4>)), {1, 2, 3, 4}));
  CHECK(same(sess.run(tf::constant<float>({1, 2}, tf::shape<2, 2>)), {1, 2, 2, 2}));
  CHECK(same(sess.run(tf::constant<"sevens", float>(7, tf::shape<2, 2>)), {7, 7, 7, 7}));
  CHECK(same(sess.run(tf::constant(three, tf::shape<2, 2>)), {1, 2, 3, 3}));
  CHECK_THROWS_WITH_AS(tf::constant({1, 2, 3}, tf::shape<2>),
                       "Too many elements provided. Needed at most 2, but received 3", InvalidArgumentError);
  CHECK_THROWS_WITH_AS(tf::constant(three, tf::shape<>), "Too many elements provided. Needed at most 1, but received 3",
                       InvalidArgumentError);
  CHECK_THROWS_WITH_AS(tf::constant(std::vector<float>(), tf::shape<2>), "constant: no value is given for 2 elements",
                       InvalidArgumentError);
}
TEST_CASE("constant: lists of several types take the dtype that is asked for") {
  tf::Session sess;
  CHECK(same(sess.run(tf::constant<float>({1, 2.5, 3u})), {1, 2.5, 3}));
  CHECK(same(sess.run(tf::constant<"mixed", double>({{1, 2.5f}, {true, -4l}})), {1, 2.5, 1, -4}));
  CHECK(std::isinf(sess.run(tf::constant<float>({1, INFINITY}))(1)));
}
TEST_CASE("constant: a number that does not fit its dtype is refused") {
  CHECK_THROWS_WITH_AS(tf::constant<int>({1.5, 2.5}),
                       "The value 1.5 does not fit dtype int32\nhelp: give numbers of that dtype, or a tensor of a "
                       "larger one",
                       InvalidArgumentError);
  CHECK_THROWS_AS(tf::constant<int>({1, 2.5}), InvalidArgumentError);
  CHECK_THROWS_AS(tf::constant<int>(1.5), InvalidArgumentError);
  CHECK_THROWS_AS(tf::constant<std::uint8_t>(300), InvalidArgumentError);
  CHECK_THROWS_AS(tf::constant<std::uint8_t>({-1, 3}), InvalidArgumentError);
  CHECK_THROWS_AS(tf::constant<int>(std::vector<double>{2, NAN}), InvalidArgumentError);
  CHECK_THROWS_WITH_AS(tf::constant(std::vector<std::vector<int>>{{1, 2}, {3}}),
                       "Argument must be a dense tensor: the value is ragged - got shape [1], but wanted [2]",
                       InvalidArgumentError);
  tf::Session sess;
  CHECK(std::isinf(sess.run(tf::constant<float>(1e300))));  // as TensorFlow and numpy
}
TEST_CASE("numbers: one that does not fit the tensor's dtype is refused") {
  auto const i = tf::placeholder<"i", int>(tf::shape<>);
  auto const byte = tf::placeholder<"byte", std::uint8_t>(tf::shape<>);
  CHECK_THROWS_WITH_AS(i + 3000000000,
                       "The number 3000000000 does not fit dtype int32\nhelp: tf::cast, or a number of "
                       "that dtype",
                       InvalidArgumentError);
  CHECK_THROWS_AS(byte + 300, InvalidArgumentError);
  CHECK_THROWS_AS(byte > -1, InvalidArgumentError);
  CHECK_THROWS_AS(-1 < byte, InvalidArgumentError);
  tf::Session sess;
  CHECK(sess.run(byte + 5, byte = 250) == 255);
  CHECK(sess.run(i + 7u, i = 1) == 8);
}
TEST_CASE("constant: one whose extents the run knows is checked beside static shapes") {
  tf::Session sess;
  CHECK(same(sess.run(tf::constant(table) + tf::zeros(tf::shape<2, 3>)), {1, 2, 3, 4, 5, 6}));
  CHECK_THROWS_WITH_AS(sess.run(tf::constant<"k">(three) + tf::zeros(tf::shape<2>)),
                       "Incompatible shapes: a constant k of [3] vs. [2]", InvalidArgumentError);
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dim<"n">>);
  CHECK_THROWS_WITH_AS(sess.run(tf::constant<"k">(three) + x, x = std::vector<float>{1, 2}),
                       "Incompatible shapes: a constant k of [3] vs. [2]", InvalidArgumentError);
}
TEST_CASE("variable: initial values from lists and containers") {
  auto const a = tf::variable<"a">({1.0f, 2.0f});
  auto const b = tf::variable<"b">({{1.0, 2.0}, {3.0, 4.0}});
  auto const c = tf::variable<"c">(xt::xtensor_fixed<float, xt::xshape<2>>{5, 6});
  auto const d = tf::variable<"d">(three, tf::shape<3>);
  auto const e = tf::variable<"e">(std::array<int, 2>{7, 8});
  auto const f = tf::variable<"f">({1.0f, 0.0f}, tf::shape<2, 2>);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(a, b, c, d, e, f));
  CHECK(same(sess.run(a), {1, 2}));
  CHECK(same(sess.run(b), {1, 2, 3, 4}));
  CHECK(same(sess.run(c), {5, 6}));
  CHECK(same(sess.run(d), {1, 2, 3}));
  CHECK(same(sess.run(e), {7, 8}));
  CHECK(same(sess.run(f), {1, 0, 0, 0}));
}
TEST_CASE("assign: lists and containers, of the variable's shape and dtype") {
  auto const w = tf::variable<"w">({1.0f, 2.0f});
  auto const k = tf::variable<"k">({{1, 2}, {3, 4}});
  tf::Session sess;
  sess.run(tf::global_variables_initializer(w, k));
  CHECK(same(sess.run(w.assign({3.0f, 4.0f})), {3, 4}));
  CHECK(same(sess.run(w.assign({3, 4.5})), {3, 4.5}));
  CHECK(same(sess.run(w.assign(std::vector<double>{5, 6})), {5, 6}));
  CHECK(same(sess.run(w.assign(xt::view(table, 1, xt::range(1, 3)))), {5, 6}));
  CHECK(same(sess.run(k.assign({{0, 1}, {1, 0}})), {0, 1, 1, 0}));
  CHECK(same(sess.run(w.assign_add({1, 1})), {6, 7}));
  CHECK(same(sess.run(w.assign_sub({1, 1.5})), {5, 5.5}));
  CHECK(same(sess.run(k.assign_add({{1, 1}, {2, 2}})), {1, 2, 3, 2}));
  CHECK(same(sess.run(w.assign_sub(std::vector<double>{5, 5.5})), {0, 0}));
  CHECK(same(sess.run(tf::assign(w, {3, 4})), {3, 4}));
  sess.run(tf::group(w.assign_add({1, 1}), w.assign_add({1, 1}), tf::assign_add(w, {10, 20})));
  CHECK(same(sess.run(w), {15, 26}));
  sess.run(tf::group(tf::assign_sub(w, {10, 20}), tf::assign_sub<"less">(w, std::vector<int>{2, 2})));
  CHECK(same(sess.run(w), {3, 4}));
  CHECK(same(sess.run(tf::assign(w, std::vector<double>{5, 6})), {5, 6}));
  CHECK_THROWS_AS(w.assign_add({1, 1, 1}), InvalidArgumentError);
  CHECK_THROWS_WITH_AS(w.assign({3.0f, 4.0f, 5.0f}),
                       "Assign requires shapes of both tensors to match. lhs shape= [2] rhs shape= [3]",
                       InvalidArgumentError);
  CHECK_THROWS_AS(w.assign(three), InvalidArgumentError);
  CHECK_THROWS_AS(k.assign({{0, 1}, {1.5, 0}}), InvalidArgumentError);
  CHECK(same(sess.run(w), {5, 6}));
}
TEST_CASE("constant: a number, named or not, and a string") {
  auto const a = tf::constant<"a">(5);
  auto const greeting = tf::constant(std::string("hello"));
  tf::Session sess;
  CHECK(sess.run(a) == 5);
  CHECK(sess.run(tf::constant(2.5)) == 2.5);
  CHECK(sess.run(greeting) == "hello");
}
TEST_CASE("constant: lists of any rank, of the dtype that is asked for") {
  auto const a = tf::constant({1, 2, 3});
  auto const b = tf::constant<float>({{1, 2}, {3, 4}});
  auto const c = tf::constant<"c">({{{1.5, 2.5}}, {{3.5, 4.5}}});
  auto const d = tf::constant<"d", double>({{{{1, 2}}}, {{{3, 4}}}});
  static_assert(std::is_same_v<decltype(a)::value_type, int> && std::is_same_v<decltype(b)::value_type, float>);
  static_assert(std::is_same_v<decltype(c)::shape_type, tf::shape_t<2, 1, 2>>);
  static_assert(std::is_same_v<decltype(d)::shape_type, tf::shape_t<2, 1, 1, 2>>);
  tf::Session sess;
  auto const [va, vb, vc, vd] = sess.run(tf::fetch(a, b, c, d));
  CHECK(same(va, {1, 2, 3}));
  CHECK(same(vb, {1, 2, 3, 4}));
  CHECK(same(vc, {1.5, 2.5, 3.5, 4.5}));
  CHECK(same(vd, {1, 2, 3, 4}));
}
TEST_CASE("constant: an xtensor container or expression, copied when it is made") {
  xt::xtensor<float, 2> value{{1, 2}, {3, 4}};
  auto const a = tf::constant(value);
  auto const b = tf::constant<"twice">(2.0f * value);
  auto const c = tf::constant(xt::xtensor_fixed<int, xt::xshape<3>>{7, 8, 9});
  static_assert(std::is_same_v<decltype(c)::shape_type, tf::shape_t<3>>);
  value.fill(0);
  tf::Session sess;
  CHECK(same(sess.run(a), {1, 2, 3, 4}));
  CHECK(same(sess.run(c), {7, 8, 9}));
  CHECK(same(sess.run(tf::reduce_sum(b, tf::axis<0>)), {8, 12}));
}
TEST_CASE("constant: two of one name and content are one, of one name and another content are refused") {
  auto const list = [](int last) { return tf::constant<"list">({1, 2, last}); };
  auto const text = [](char const* t) { return tf::constant<"text">(std::string(t)); };
  tf::Session sess;
  CHECK(same(sess.run(list(3) + list(3)), {2, 4, 6}));
  CHECK_THROWS_AS(sess.run(list(3) + list(4)), InvalidArgumentError);
  CHECK(std::get<1>(sess.run(tf::fetch(text("a"), text("a")))) == "a");
  CHECK_THROWS_AS(sess.run(tf::fetch(text("a"), text("b"))), InvalidArgumentError);
}
TEST_CASE("constant: a container of xtensor stands in a formula as one, and is refused without") {
  xt::xtensor<float, 1> data{1, 2};
  auto const w = tf::variable<"w">(tf::ones(tf::shape<2>));
  using tensor = decltype(w);
  auto const accepts = [](auto f) { return std::is_invocable_v<decltype(f), tensor&, xt::xtensor<float, 1>&>; };
  static_assert(accepts([](auto&, auto& y) -> std::void_t<char[sizeof(y + y)]> {}));
  static_assert(!accepts([](auto& x, auto& y) -> std::void_t<char[sizeof(x + y)]> {}));
  static_assert(!accepts([](auto& x, auto& y) -> std::void_t<char[sizeof(y + x)]> {}));
  static_assert(!accepts([](auto& x, auto& y) -> std::void_t<char[sizeof(x - y)]> {}));
  static_assert(!accepts([](auto& x, auto& y) -> std::void_t<char[sizeof(y * x)]> {}));
  static_assert(!accepts([](auto& x, auto& y) -> std::void_t<char[sizeof(x / (y + 1.0f))]> {}));
  static_assert(!accepts([](auto& x, auto& y) -> std::void_t<char[sizeof(x * 2.0f < y)]> {}));
  static_assert(!accepts([](auto& x, auto& y) -> std::void_t<char[sizeof(y >= x)]> {}));
  tf::Session sess;
  sess.run(w.initializer());
  CHECK(same(sess.run(w + tf::constant(data)), {2, 3}));
}
