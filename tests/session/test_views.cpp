// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <support/op_test.hpp>
#include <vector>
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xbroadcast.hpp>
#include <xtensor/xdynamic_view.hpp>
#include <xtensor/xfixed.hpp>
#include <xtensor/xindex_view.hpp>
#include <xtensor/xmanipulation.hpp>
#include <xtensor/xstrided_view.hpp>
#include <xtensor/xview.hpp>

namespace tf = tfx;
using op_test::same;
using tf::errors::InvalidArgumentError;

namespace {
auto const m = tf::placeholder<"m", float>(tf::shape<tf::dyn, tf::dyn>);
auto const v = tf::placeholder<"v", float>(tf::shape<tf::dyn>);
auto const scalar = tf::placeholder<"scalar", float>(tf::shape<>);
xt::xtensor<float, 2> const table{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};

/// Whether a run is fed what `value` shows, borrowed and from a feed that owns it.
template <class V>
void shows(V&& value, std::initializer_list<double> expected) {
  tf::Session sess;
  CHECK(same(sess.run(m + 0, m = value), expected));
  auto const kept = (m = std::remove_cvref_t<V>(std::forward<V>(value)));
  CHECK(same(sess.run(m + 0, kept), expected));
}
}  // namespace

TEST_CASE("view: parts of a tensor are fed from where they begin") {
  xt::xtensor<float, 2> a = table;
  shows(xt::view(a, xt::range(1, 3), xt::all()), {4, 5, 6, 7, 8, 9});
  shows(xt::view(table, xt::range(1, 3), xt::all()), {4, 5, 6, 7, 8, 9});
  shows(xt::view(a, xt::range(1, 3), xt::range(1, 3)), {5, 6, 8, 9});
  shows(xt::view(a, xt::range(0, 3, 2), xt::all()), {1, 2, 3, 7, 8, 9});
  shows(xt::view(a, xt::keep(2, 0), xt::all()), {7, 8, 9, 1, 2, 3});
  shows(xt::view(a, xt::drop(1), xt::all()), {1, 2, 3, 7, 8, 9});
  shows(xt::view(xt::view(a, xt::range(1, 3), xt::all()), xt::range(1, 2), xt::range(1, 3)), {8, 9});
  tf::Session sess;
  CHECK(same(sess.run(v + 0, v = xt::row(a, 1)), {4, 5, 6}));
  CHECK(same(sess.run(v + 0, v = xt::col(a, 2)), {3, 6, 9}));
  CHECK(same(sess.run(v + 0, v = xt::row(xt::transpose(a), 1)), {2, 5, 8}));
  CHECK(sess.run(m, m = xt::view(a, xt::range(1, 1), xt::all())).shape(0) == 0);
}
TEST_CASE("view: transposed, reversed, rotated and broadcast tensors") {
  xt::xtensor<float, 2> a = table;
  shows(xt::transpose(a), {1, 4, 7, 2, 5, 8, 3, 6, 9});
  shows(xt::transpose(xt::view(a, xt::range(1, 3), xt::all())), {4, 7, 5, 8, 6, 9});
  shows(xt::flip(a, 0), {7, 8, 9, 4, 5, 6, 1, 2, 3});
  shows(xt::flip(a, 1), {3, 2, 1, 6, 5, 4, 9, 8, 7});
  shows(xt::rot90(a), {3, 6, 9, 2, 5, 8, 1, 4, 7});
  shows(xt::broadcast(xt::row(a, 1), {2, 3}), {4, 5, 6, 4, 5, 6});
  shows(xt::reshape_view(a, {1, 9}), {1, 2, 3, 4, 5, 6, 7, 8, 9});
  shows(xt::strided_view(a, {xt::range(1, 3), xt::all()}), {4, 5, 6, 7, 8, 9});
  shows(xt::dynamic_view(a, {xt::keep(2, 0), xt::all()}), {7, 8, 9, 1, 2, 3});
  shows(a * 2.0f - a, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  shows(xt::view(a * 2.0f, xt::range(1, 2), xt::all()), {8, 10, 12});
}
TEST_CASE("view: three dimensions in every order, larger than a tile") {
  auto const t = tf::placeholder<"t", double>(tf::shape<tf::dyn, tf::dyn, tf::dyn>);
  xt::xtensor<double, 3> c(std::array<std::size_t, 3>{3, 40, 70});
  for (std::size_t i = 0; i < c.size(); ++i) c.data()[i] = double(i);
  tf::Session sess;
  auto const agrees = [&](auto const& view) {
    auto const got = sess.run(t * 1, t = view);
    xt::xtensor<double, 3> const expected = view;
    return got.shape() == expected.shape() && got == expected;
  };
  CHECK(agrees(xt::transpose(c, {0, 2, 1})));
  CHECK(agrees(xt::transpose(c, {2, 0, 1})));
  CHECK(agrees(xt::transpose(c, {2, 1, 0})));
  CHECK(agrees(xt::view(c, xt::all(), xt::range(35, 2, -3), xt::range(1, 69, 2))));
  auto const ints = tf::placeholder<"ints", int>(tf::shape<tf::dyn, tf::dyn, tf::dyn>);
  CHECK(xt::sum(sess.run(ints, ints = xt::transpose(c, {2, 1, 0})))() == 8400 * 8399 / 2);
}
TEST_CASE("view: every layout of a container") {
  xt::xtensor<float, 2, xt::layout_type::column_major> columns = table;
  xt::xtensor<float, 2, xt::layout_type::dynamic> either(std::array<std::size_t, 2>{3, 3},
                                                         xt::layout_type::column_major);
  either = table;
  xt::xarray<float> array = table;
  xt::xarray<float, xt::layout_type::column_major> column_array = table;
  std::initializer_list<double> const all = {1, 2, 3, 4, 5, 6, 7, 8, 9}, last = {7, 8, 9};
  shows(columns, all);
  shows(either, all);
  shows(array, all);
  shows(column_array, all);
  shows(xt::view(columns, xt::range(2, 3), xt::all()), last);
  shows(xt::view(either, xt::range(2, 3), xt::all()), last);
  shows(xt::view(array, xt::range(2, 3), xt::all()), last);
  shows(xt::strided_view(column_array, {xt::range(2, 3), xt::all()}), last);
  xt::xtensor_fixed<float, xt::xshape<2, 2>> const fixed{{1, 2}, {3, 4}};
  shows(fixed, {1, 2, 3, 4});
  shows(xt::view(fixed, xt::range(1, 2), xt::all()), {3, 4});
  shows(xt::xtensor_fixed<float, xt::xshape<2, 2>, xt::layout_type::column_major>(fixed), {1, 2, 3, 4});
  tf::Session sess;
  CHECK(sess.run(scalar * 2, scalar = xt::xtensor<float, 0>(3.0f)) == 6);
  CHECK(sess.run(scalar * 2, scalar = xt::xarray<float>(3.0f)) == 6);
  CHECK(sess.run(scalar * 2, scalar = xt::sum(table)) == 90);
}
TEST_CASE("view: adapted memory, and parts of it") {
  std::vector<float> values{0, 1, 2, 3, 4, 5, 6};
  std::array<std::size_t, 2> const shape{2, 3};
  shows(xt::adapt(values.data() + 1, 6, xt::no_ownership(), shape), {1, 2, 3, 4, 5, 6});
  values.pop_back();
  shows(xt::adapt(values, {2, 3}), {0, 1, 2, 3, 4, 5});
  shows(xt::adapt(values, shape, std::array<std::ptrdiff_t, 2>{1, 2}), {0, 2, 4, 1, 3, 5});
  shows(xt::view(xt::adapt(values, {2, 3}), xt::range(1, 2), xt::all()), {3, 4, 5});
  std::vector<double> const doubles{1, 2, 3, 4};
  shows(xt::view(xt::adapt(doubles, {2, 2}), xt::range(1, 2), xt::all()), {3, 4});
}
TEST_CASE("view: elements picked one by one") {
  xt::xtensor<float, 2> a = table;
  std::vector<std::array<std::size_t, 2>> const places{{0, 0}, {1, 2}};
  tf::Session sess;
  CHECK(same(sess.run(v + 0, v = xt::index_view(a, places)), {1, 6}));
  CHECK(same(sess.run(v + 0, v = xt::filter(a, a > 6.0f)), {7, 8, 9}));
  CHECK(same(sess.run(v + 0, v = xt::diagonal(a)), {1, 5, 9}));
  CHECK(same(sess.run(v + 0, v = xt::ravel(a)), {1, 2, 3, 4, 5, 6, 7, 8, 9}));
  CHECK(same(sess.run(v + 0, v = xt::ravel<xt::layout_type::column_major>(a)), {1, 4, 7, 2, 5, 8, 3, 6, 9}));
}
TEST_CASE("view: more dimensions than a tensor has are refused") {
  xt::xarray<float> const deep = xt::zeros<float>({1, 1, 1, 1, 1, 1, 1, 3, 1, 2});
  tf::Session sess;
  CHECK_THROWS_AS(sess.run(v, v = deep), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(v, v = xt::transpose(deep)), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(v, v = deep + deep), InvalidArgumentError);
}
TEST_CASE("view: memory of the user's, with its extents") {
  float raw[] = {9, 8, 7, 6, 5, 4};
  std::vector<double> const doubles{1, 2, 3, 4};
  tf::Session sess;
  shows(tf::view(raw, {2, 3}), {9, 8, 7, 6, 5, 4});
  shows(tf::view(raw, {std::size_t{1}, 2}), {9, 8});
  shows(tf::view(doubles.data(), {2, 2}), {1, 2, 3, 4});
  CHECK(same(sess.run(v + 0, v = tf::view(raw + 1, 2)), {8, 7}));
  auto const borrowed = (v = tf::view(raw, 2));
  raw[0] = 1;
  CHECK(same(sess.run(v + 0, borrowed), {1, 8}));
  auto const three = tf::placeholder<"three", float>(tf::shape<tf::dyn, 3>);
  CHECK_THROWS_WITH_AS(sess.run(three, three = tf::view(raw, {3, 2})),
                       "Cannot feed value of shape [3,2] for Tensor 'three:0', which has shape [?,3]",
                       InvalidArgumentError);
  CHECK_THROWS_WITH_AS(tf::view(raw, {-1, 2}), "view: an extent is negative: -1", InvalidArgumentError);
}
