// SPDX-License-Identifier: Apache-2.0
// covers: split unstack
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto n = tf::dim<"n">;

/// The part of a row-major [outer, extent, inner] that has `length` elements along the middle axis from `begin` on.
std::vector<double> part(std::vector<double> const& x, std::size_t extent, std::size_t inner, std::size_t begin,
                         std::size_t length) {
  std::vector<double> out;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::size_t const at = i / inner % extent; at >= begin && at < begin + length) out.push_back(x[i]);
  return out;
}
template <class T>
T value_of(int i) {
  if constexpr (std::is_same_v<T, std::string>) {
    return "a text too long to be kept in place: " + std::to_string(i);
  } else {
    return static_cast<T>(i % 2);
  }
}
template <class T>
void check_dtype() {
  CAPTURE(tf::to_string(tf::dtype_of<T>));
  auto const x = tf::placeholder<"x", T>(tf::shape<n, 3>);
  auto const [a, b] = tf::split(x, tf::sizes<1, 2>, tf::axis<1>);
  auto const [top, bottom] = tf::split(x, tf::parts<2>);
  auto const [c, d, e] = tf::unstack(x, tf::axis<1>);
  xt::xtensor<T, 2> values = xt::xtensor<T, 2>::from_shape({4, 3});
  for (int i = 0; i < 12; ++i) values.data()[i] = value_of<T>(i);
  tf::Session sess;
  auto const [ra, rb, rt, rd] = sess.run(tf::fetch(a, b, bottom, d), x = values);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(ra(i, 0) == values(i, 0));
    CHECK(rb(i, 1) == values(i, 2));
    CHECK(rt(i / 2, 0) == values(2 + i / 2, 0));
    CHECK(rd(i) == values(i, 1));
  }
}

// Functions of a [2, 6] or [n, 6]: some parts are read more than once, some by nothing.
auto const halves = [](auto const& x) {
  auto const [a, b] = tf::split(x, tf::parts<2>, tf::axis<1>);
  return tf::square(a) * tf::sin(b) + a;
};
auto const first_third = [](auto const& x) {
  auto const [a, b, c] = tf::split(x, tf::parts<3>, tf::axis<-1>);
  return tf::square(a);
};
auto const sized = [](auto const& x) {
  auto const [a, b, c] = tf::split(x, tf::sizes<1, -1, 2>, tf::axis<1>);
  return tf::square(tf::concat(tf::axis<1>, c, a)) * tf::reduce_sum(b);
};
auto const columns = [](auto const& x) {
  auto const [a, b, c, d, e, f] = tf::unstack(x, tf::axis<1>);
  return a * b * tf::cos(f) + a;
};
auto const again = [](auto const& x) {
  auto const [a, b] = tf::split(tf::tanh(x), tf::parts<2>, tf::axis<1>);
  auto const [c, d, e] = tf::unstack(b, tf::axis<1>);
  return tf::square(tf::stack(tf::axis<1>, d, c * e)) * tf::reduce_sum(a, tf::axis<1>, tf::keepdims);
};
auto const rows = [](auto const& x) {
  auto const [a, b] = tf::unstack(x);
  return tf::square(a) * b;
};
}  // namespace

TEST_CASE("split, unstack: parts along any axis, at odd sizes") {
  auto const x = tf::placeholder<"x", double>(tf::shape<3, 6, 5>);
  auto const [a, b, c] = tf::split(x, tf::parts<3>);
  auto const [d, e] = tf::split(x, tf::parts<2>, tf::axis<1>);
  auto const [f, g, h, i] = tf::split(x, tf::sizes<2, 0, -1, 1>, tf::axis<-1>);
  auto const [j, k, l] = tf::unstack(x);
  auto const [o, p, q, r, s] = tf::unstack(x, tf::axis<-1>);
  static_assert(decltype(b)::shape_type::value == tf::dims{3, {1, 6, 5}});
  static_assert(decltype(h)::shape_type::value == tf::dims{3, {3, 6, 2}});
  static_assert(decltype(g)::shape_type::value == tf::dims{3, {3, 6, 0}});
  static_assert(decltype(s)::shape_type::value == tf::dims{2, {3, 6}});
  std::vector<double> const v = spread(90, -1, 1);
  tf::Session sess;
  auto const results = sess.run(tf::fetch(a, c, d, e, f, g, h, i, k, l, o, r), x = tensor<double, 3>({3, 6, 5}, v));
  CHECK(same(std::get<0>(results), part(v, 3, 30, 0, 1)));
  CHECK(same(std::get<1>(results), part(v, 3, 30, 2, 1)));
  CHECK(same(std::get<2>(results), part(v, 6, 5, 0, 3)));
  CHECK(same(std::get<3>(results), part(v, 6, 5, 3, 3)));
  CHECK(same(std::get<4>(results), part(v, 5, 1, 0, 2)));
  CHECK(std::get<5>(results).size() == 0);
  CHECK(same(std::get<6>(results), part(v, 5, 1, 2, 2)));
  CHECK(same(std::get<7>(results), part(v, 5, 1, 4, 1)));
  CHECK(same(std::get<8>(results), part(v, 3, 30, 1, 1)));
  CHECK(same(std::get<9>(results), part(v, 3, 30, 2, 1)));
  CHECK(same(std::get<10>(results), part(v, 5, 1, 0, 1)));
  CHECK(same(std::get<11>(results), part(v, 5, 1, 3, 1)));
}

TEST_CASE("split, unstack: every dtype") {
  check_dtype<float>();
  check_dtype<std::int8_t>();
  check_dtype<std::uint16_t>();
  check_dtype<std::int64_t>();
  check_dtype<bool>();
  check_dtype<std::complex<double>>();
  check_dtype<std::string>();
}

TEST_CASE("split: NaN and infinity are copied as they are") {
  auto const x = tf::constant({not_a_number, 1.0, -infinity, -0.0});
  auto const [a, b] = tf::split(x, tf::parts<2>);
  tf::Session sess;
  auto const [ra, rb] = sess.run(tf::fetch(a, b));
  CHECK((std::isnan(ra(0)) && ra(1) == 1 && rb(0) == -infinity && std::signbit(rb(1))));
}

TEST_CASE("split: extents that only a run tells, and what it refuses") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, tf::dyn>);
  tf::Session sess;
  auto const [a, b] = tf::split(x, tf::parts<2>);
  auto const [c, d, e] = tf::split(x, tf::sizes<1, 1, -1>, tf::axis<1>);
  auto const [f, g] = tf::split(x, tf::sizes<2, 3>, tf::axis<1>);
  auto const refused = [&](auto const& part, std::size_t height, std::size_t width) {
    return refusal([&] { sess.run(part, x = counted_matrix(height, width)); });
  };
  auto const feed = [&](std::size_t height, std::size_t width) { return counted_matrix(height, width); };
  CHECK(same(sess.run(b, x = feed(4, 1)), {3, 4}));
  CHECK(same(sess.run(a + b, x = feed(2, 3)), {5, 7, 9}));
  CHECK(sess.run(a, x = feed(0, 3)).size() == 0);
  CHECK(same(sess.run(e, x = feed(2, 4)), {3, 4, 7, 8}));
  CHECK(sess.run(e, x = feed(2, 2)).size() == 0);
  CHECK(same(sess.run(g, x = feed(1, 5)), {3, 4, 5}));
  CHECK(refused(b, 3, 2) ==
        "Number of ways to split should evenly divide the split dimension, but got size 3 and num_split 2");
  CHECK(refused(f, 1, 4) == "Cannot feed value of shape [1,4] for Tensor 'x:0', which has shape [?,5]");
  auto const [h, i] = tf::split(tf::concat(tf::axis<1>, x, x), tf::sizes<2, 4>, tf::axis<1>);
  CHECK(refused(h, 1, 4).find("Sizes of the parts must add up to the extent that is split: "
                              "parts make [1,6] of [1,8]") == 0);
  CHECK(refused(d, 1, 1) == "Expected begin in [0, 1], but got 2");
  // Of a tensor whose rank only a run tells.
  auto const u = tf::placeholder<"u", float>();
  auto const [v, w] = tf::split(u, tf::parts<2>, tf::axis<1>);
  CHECK(same(sess.run(w, u = feed(2, 4)), {3, 4, 7, 8}));
}

TEST_CASE("split, unstack: gradients, static and symbolic") {
  std::vector<double> const at = spread(12, -1, 1);
  std::array<std::size_t, 2> const extents{2, 6};
  check_gradient(tf::shape<2, 6>, extents, at, halves, first_third, rows, again);
  check_gradient(tf::shape<n, 6>, extents, at, sized, columns, halves);
  check_gradient(tf::shape<tf::dyn, 6>, extents, at, first_third, again);
}
