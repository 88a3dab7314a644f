// SPDX-License-Identifier: Apache-2.0
// covers: cumsum cumprod
#include <complex>
#include <cstdint>
#include <support/op_test.hpp>
#include <tfx/op/math/cumprod.hpp>

namespace tf = tfx;
using op_test::check_gradient;
using op_test::counted_matrix;
using op_test::infinity;
using op_test::not_a_number;
using op_test::same;
using op_test::spread;

namespace {
constexpr auto n = tf::dim<"n">;

/// A plain loop along the middle axis of [outer, n, inner].
template <class T, class F>
std::vector<T> running(std::vector<T> const& x, std::size_t outer, std::size_t n, std::size_t inner, bool exclusive,
                       bool reversed, T start, F combine) {
  std::vector<T> out(x.size());
  for (std::size_t o = 0; o < outer; ++o)
    for (std::size_t j = 0; j < inner; ++j) {
      T value = start;
      for (std::size_t k = 0; k < n; ++k) {
        std::size_t const at = (o * n + (reversed ? n - 1 - k : k)) * inner + j;
        if (exclusive) out[at] = value;
        value = combine(value, x[at]);
        if (!exclusive) out[at] = value;
      }
    }
  return out;
}
template <class T>
T sum(T a, T b) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  return static_cast<T>(a + b);
}
template <class T>
T product(T a, T b) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
  return static_cast<T>(a * b);
}
template <class V, class T>
bool is_exactly(V const& got, std::vector<T> const& expected) {
  return std::equal(got.begin(), got.end(), expected.begin(), expected.end());
}

/// Bit for bit what a loop gives, along each axis of what is fed, in both directions, with and without itself.
template <class T, class Shape>
void check_along_axes(Shape shape, std::vector<std::array<std::size_t, 3>> const& extents) {
  auto const x = tf::placeholder<"x", T>(shape);
  auto const along = [&](auto axis) {
    return tf::fetch(tf::cumsum(x, axis), tf::cumsum(x, axis, tf::exclusive), tf::cumsum(x, axis, tf::reversed),
                     tf::cumsum(x, axis, tf::reversed, tf::exclusive), tf::cumprod(x, axis, tf::exclusive),
                     tf::cumprod(x, axis, tf::reversed));
  };
  auto const all = tf::fetch(along(tf::axis<0>), along(tf::axis<1>), along(tf::axis<-1>));
  tf::Session sess;
  for (auto const& extent : extents) {
    std::size_t const a = extent[0], b = extent[1], c = extent[2];  // clang 14 lets no lambda mention bindings
    CAPTURE(a);
    CAPTURE(b);
    CAPTURE(c);
    auto const values = op_test::tensor<T, 3>({a, b, c}, spread(a * b * c, -100, 100));
    std::vector<T> const at(values.begin(), values.end());
    auto const check = [&](auto const& got, std::size_t outer, std::size_t length, std::size_t inner) {
      auto const& [plain, exclusive, reversed, both, exclusive_product, reversed_product] = got;
      auto const sums = [&](bool e, bool r) { return running(at, outer, length, inner, e, r, T(0), sum<T>); };
      auto const products = [&](bool e, bool r) { return running(at, outer, length, inner, e, r, T(1), product<T>); };
      CHECK(is_exactly(plain, sums(false, false)));
      CHECK(is_exactly(exclusive, sums(true, false)));
      CHECK(is_exactly(reversed, sums(false, true)));
      CHECK(is_exactly(both, sums(true, true)));
      CHECK(is_exactly(exclusive_product, products(true, false)));
      CHECK(is_exactly(reversed_product, products(false, true)));
    };
    auto const results = sess.run(all, x = values);
    check(std::get<0>(results), 1, a, b * c);
    check(std::get<1>(results), a, b, c);
    check(std::get<2>(results), a * b, c, 1);
  }
}
}  // namespace

TEST_CASE("cumsum, cumprod: TensorFlow's examples") {
  auto const x = tf::constant({1.0f, 2.0f, 3.0f, 4.0f});
  tf::Session sess;
  auto const [a, b, c, d] = sess.run(tf::fetch(tf::cumsum(x), tf::cumsum(x, tf::axis<0>, tf::exclusive),
                                               tf::cumsum(x, tf::axis<0>, tf::reversed),
                                               tf::cumsum<"both">(x, tf::axis<0>, tf::exclusive, tf::reversed)));
  CHECK(same(a, {1, 3, 6, 10}));
  CHECK(same(b, {0, 1, 3, 6}));
  CHECK(same(c, {10, 9, 7, 4}));
  CHECK(same(d, {9, 7, 4, 0}));
  auto const [e, f, g, h] = sess.run(tf::fetch(tf::cumprod(x), tf::cumprod(x, tf::axis<0>, tf::exclusive),
                                               tf::cumprod(x, tf::axis<0>, tf::reversed),
                                               tf::cumprod(x, tf::axis<0>, tf::exclusive, tf::reversed)));
  CHECK(same(e, {1, 2, 6, 24}));
  CHECK(same(f, {1, 1, 2, 6}));
  CHECK(same(g, {24, 24, 12, 4}));
  CHECK(same(h, {24, 12, 4, 1}));
}

TEST_CASE("cumsum, cumprod: bit for bit a plain loop, along every axis, whatever the sizes and the dtype") {
  std::vector<std::array<std::size_t, 3>> const sizes = {{2, 33, 19}, {5, 7, 133}, {3, 1, 1}, {1, 17, 5},
                                                         {0, 3, 2},   {2, 0, 3},   {2, 3, 0}};
  check_along_axes<float>(tf::shape<n, tf::dyn, tf::dyn>, sizes);
  check_along_axes<double>(tf::shape<tf::dyn, n, tf::dim<"m">>, sizes);
  check_along_axes<std::int32_t>(tf::shape<3, n, 21>, {{3, 18, 21}, {3, 0, 21}});
  check_along_axes<std::int8_t>(tf::shape<2, 35, n>, {{2, 35, 70}, {2, 35, 1}});
  check_along_axes<std::uint16_t>(tf::shape<2, 3, 4>, {{2, 3, 4}});
  check_along_axes<std::int64_t>(tf::shape<2, 3, 9>, {{2, 3, 9}});
}

TEST_CASE("cumsum, cumprod: complex numbers") {
  using complex = std::complex<float>;
  auto const x = tf::placeholder<"x", complex>(tf::shape<tf::dyn, 2>);
  tf::Session sess;
  xt::xtensor<complex, 2> const at = {{{1, 1}, {2, 0}}, {{0, 1}, {3, -1}}, {{-1, 0}, {0, 2}}};
  auto const [down, across, product] =
      sess.run(tf::fetch(tf::cumsum(x), tf::cumsum(x, tf::axis<1>, tf::reversed), tf::cumprod(x)), x = at);
  CHECK(is_exactly(down, std::vector<complex>{{1, 1}, {2, 0}, {1, 2}, {5, -1}, {0, 2}, {5, 1}}));
  CHECK(is_exactly(across, std::vector<complex>{{3, 1}, {2, 0}, {3, 0}, {3, -1}, {-1, 2}, {0, 2}}));
  CHECK(is_exactly(product, std::vector<complex>{{1, 1}, {2, 0}, {-1, 1}, {6, -2}, {1, -1}, {4, 12}}));
}

TEST_CASE("cumsum: what is not finite stays in all sums behind it; of -0 the sum is 0") {
  auto const x = tf::placeholder<"x", double>(tf::shape<6>);
  auto const sums = tf::cumsum(x);
  tf::Session sess;
  double const nan = not_a_number, huge = 1.5e308;
  CHECK(same(sess.run(sums, x = {1, nan, 2, 3, 4, 5}), {1, nan, nan, nan, nan, nan}));
  CHECK(same(sess.run(sums, x = {1, infinity, 2, -infinity, 1, 2}), {1, infinity, infinity, nan, nan, nan}));
  CHECK(same(sess.run(sums, x = {huge, huge, -huge, -huge, 0, 0}),
             {huge, infinity, infinity, infinity, infinity, infinity}));
  CHECK_FALSE(std::signbit(sess.run(sums, x = {-0.0, -0.0, 0, 0, 0, 0})(0)));
}

TEST_CASE("cumsum, cumprod: gradients, static and symbolic; forward and second order") {
  auto const sums = [](auto const& x) { return tf::square(tf::cumsum(x, tf::axis<1>, tf::exclusive)); };
  auto const back = [](auto const& x) { return tf::square(tf::cumsum(x, tf::axis<0>, tf::reversed)); };
  auto const products = [](auto const& x) { return tf::cumprod(x, tf::axis<-1>); };
  auto const others = [](auto const& x) { return tf::cumprod(x, tf::axis<0>, tf::exclusive, tf::reversed); };
  std::vector<double> at = spread(12, -2, 2);
  at[5] = 0;  // where a division would give NaN
  check_gradient(tf::shape<3, 4>, std::array<std::size_t, 2>{3, 4}, at, sums, back, products, others);
  check_gradient(tf::shape<n, tf::dyn>, std::array<std::size_t, 2>{3, 4}, at, sums, back, products, others);
}

TEST_CASE("cumsum: shapes that are told late, or made by values") {
  auto const u = tf::placeholder<"u", float>();
  tf::Session sess;
  CHECK(same(sess.run(tf::cumsum(u, tf::axis<-1>), u = {{1.0f, 2.0f}, {3.0f, 4.0f}}), {1, 3, 3, 7}));
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 3>);
  auto const y = tf::build([](auto h) {
    for (int i = 0; i < 2; ++i) h = tf::cumsum(h, tf::axis<0>) + tf::cumprod<"kept">(h, tf::axis<1>, tf::exclusive);
    return h;
  })(x);
  static_assert(decltype(y)::shape_type::value == decltype(x)::shape_type::value);
  CHECK(same(sess.run(y, x = counted_matrix(1, 3)), {3, 5, 11}));
  auto const [dx] = tf::gradients(tf::build([](auto h) { return tf::cumsum(h, tf::axis<0>, tf::reversed); })(x), x);
  CHECK(same(sess.run(dx, x = counted_matrix(3, 3)), {1, 1, 1, 2, 2, 2, 3, 3, 3}));
  CHECK(tf::Graph(tf::cumsum<"sums">(x)).contains("sums"));
}
