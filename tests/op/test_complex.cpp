// SPDX-License-Identifier: Apache-2.0
// covers: complex real imag conj angle abs
#include <support/op_test.hpp>
#include <xtensor/xview.hpp>

namespace tf = tfx;

namespace {
using c64 = std::complex<float>;
using c128 = std::complex<double>;

static_assert(tf::dtype_of<c64> == tf::dtype::complex64 && static_cast<int>(tf::dtype_of<c64>) == 8);
static_assert(tf::dtype_of<c128> == tf::dtype::complex128 && static_cast<int>(tf::dtype_of<c128>) == 18);
static_assert(tf::to_string(tf::dtype::complex64) == "complex64" && tf::bytes_of(tf::dtype::complex64) == 8);
static_assert(tf::to_string(tf::dtype::complex128) == "complex128" && tf::bytes_of(tf::dtype::complex128) == 16);
// No order, no whole part: refused in words, which need not be complete types.
template <class X>
concept has_a_less = requires(X x) { sizeof(x < x); };
static_assert(has_a_less<decltype(tf::placeholder<"x", float>())>);
static_assert(!has_a_less<decltype(tf::placeholder<"x", c64>())>);

/// Numbers in no order, the same in every run; none of them is 0.
template <class C>
std::vector<C> numbers(std::size_t count, unsigned seed = 1) {
  using R = typename C::value_type;
  std::vector<double> const parts = op_test::spread(2 * count + 1, 0.5, 2, seed);
  std::vector<C> out;
  for (std::size_t i = 0; i < count; ++i)
    out.emplace_back(R(i % 3 == 0 ? -parts[2 * i] : parts[2 * i]),
                     R(i % 2 == 0 ? parts[2 * i + 1] : -parts[2 * i + 1]));
  return out;
}
template <class C>
inline constexpr double tolerance = std::is_same_v<C, c64> ? 1e-5 : 1e-12;

template <class V, class C>
bool same(V const& got, std::vector<C> const& expected) {
  std::vector<c128> values;
  if constexpr (requires { got.begin(); }) {
    for (auto const& v : got) values.emplace_back(v);
  } else {
    values.emplace_back(got);
  }
  if (values.size() != expected.size()) {
    MESSAGE(values.size() << " elements, expected " << expected.size());
    return false;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    c128 const wanted(expected[i]);
    if (std::abs(values[i] - wanted) <= tolerance<c64> * std::max(1.0, std::abs(wanted))) continue;
    MESSAGE("element " << i << " is " << values[i].real() << ", " << values[i].imag() << ", expected " << wanted.real()
                       << ", " << wanted.imag());
    return false;
  }
  return true;
}
template <class C>
std::vector<C> each(std::vector<C> const& x, std::vector<C> const& y, auto f) {
  std::vector<C> out;
  for (std::size_t i = 0; i < x.size(); ++i) out.emplace_back(f(x[i], y[i]));
  return out;
}

template <class C>
void check_arithmetic() {
  constexpr auto n = tf::shape<tf::dim<"n">>;
  auto x = tf::placeholder<"x", C>(n);
  auto y = tf::placeholder<"y", C>(n);
  tf::Session sess;
  auto step = sess.make_callable(tf::fetch(x + y, x - y, x * y, x / y, -x, tf::square(x), tf::conj(x), tf::real(x),
                                           tf::imag(x), tf::abs(x), tf::angle(x), tf::complex(tf::imag(x), tf::real(y)),
                                           tf::equal(x, y), tf::not_equal(x, y), tf::where(tf::equal(x, y), x, -y)),
                                 x, y);
  for (std::size_t const count : {33u, 17u, 3u, 1u, 0u}) {
    CAPTURE(count);
    std::vector<C> const a = numbers<C>(count, 1);
    std::vector<C> b = numbers<C>(count, 2);
    if (count > 2) b[2] = a[2];
    auto const [sum, difference, product, quotient, minus, square, conj, real, imag, abs, angle, mixed, equal, unequal,
                chosen] = step(a, b);
    CHECK(same(sum, each(a, b, [](C p, C q) { return p + q; })));
    CHECK(same(difference, each(a, b, [](C p, C q) { return p - q; })));
    CHECK(same(product, each(a, b, [](C p, C q) { return p * q; })));
    CHECK(same(quotient, each(a, b, [](C p, C q) { return p / q; })));
    CHECK(same(minus, each(a, b, [](C p, C) { return -p; })));
    CHECK(same(square, each(a, b, [](C p, C) { return p * p; })));
    CHECK(same(conj, each(a, b, [](C p, C) { return std::conj(p); })));
    CHECK(same(real, each(a, b, [](C p, C) { return C(p.real()); })));
    CHECK(same(imag, each(a, b, [](C p, C) { return C(p.imag()); })));
    CHECK(same(abs, each(a, b, [](C p, C) { return C(std::abs(p)); })));
    CHECK(same(angle, each(a, b, [](C p, C) { return C(std::arg(p)); })));
    CHECK(same(mixed, each(a, b, [](C p, C q) { return C(p.imag(), q.real()); })));
    CHECK(same(chosen, each(a, b, [](C p, C q) { return p == q ? p : -q; })));
    for (std::size_t i = 0; i < count; ++i) CHECK((equal(i) == (i == 2) && unequal(i) == (i != 2)));
  }
}

template <class C>
void check_reductions() {
  auto x = tf::placeholder<"x", C>(tf::shape<tf::dim<"a">, 5, tf::dim<"b">>);
  tf::Session sess;
  auto step = sess.make_callable(
      tf::fetch(tf::reduce_sum(x), tf::reduce_mean(x), tf::reduce_prod(x), tf::reduce_sum(x, tf::axis<0>),
                tf::reduce_sum(x, tf::axis<1>), tf::reduce_mean(x, tf::axis<2>), tf::reduce_prod(x, tf::axes<0, 2>),
                tf::reduce_sum(x * tf::conj(x), tf::axes<1, 2>), tf::reduce_sum(tf::abs(x))),
      x);
  using extents = std::array<std::size_t, 2>;
  for (auto const& extent : {extents{3, 33}, extents{2, 17}, extents{1, 1}, extents{0, 3}, extents{4, 3}}) {
    std::size_t const rows = extent[0], columns = extent[1];
    CAPTURE(rows);
    CAPTURE(columns);
    xt::xtensor<C, 3> a({rows, 5, columns});
    std::vector<C> const list = numbers<C>(a.size());
    std::copy(list.begin(), list.end(), a.begin());
    C sum{}, prod(1);
    double size = 0;
    std::vector<C> sum0(5 * columns), sum1(rows * columns), mean2(rows * 5), prod02(5, C(1)), power(rows);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < 5; ++j)
        for (std::size_t k = 0; k < columns; ++k) {
          C const v = a(i, j, k);
          sum += v;
          prod *= v;
          size += static_cast<double>(std::abs(v));
          sum0[j * columns + k] += v;
          sum1[i * columns + k] += v;
          mean2[i * 5 + j] += v / typename C::value_type(columns);
          prod02[j] *= v;
          power[i] += std::norm(v);
        }
    auto const [total, mean, product, by0, by1, by2, by02, powers, sizes] = step(a);
    CHECK(same(total, std::vector<C>{sum}));
    if (rows > 0) CHECK(same(mean, std::vector<C>{sum / typename C::value_type(a.size())}));
    if (std::abs(c128(prod)) < 1e30) CHECK(same(product, std::vector<C>{prod}));
    CHECK(same(by0, sum0));
    CHECK(same(by1, sum1));
    CHECK(same(by2, mean2));
    if (columns < 33) CHECK(same(by02, prod02));
    CHECK(same(powers, power));
    CHECK(static_cast<double>(sizes) == doctest::Approx(size).epsilon(1e-5));
  }
}

template <class C>
void check_matmul() {
  auto a = tf::placeholder<"a", C>(tf::shape<tf::dim<"m">, tf::dim<"k">>);
  auto b = tf::placeholder<"b", C>(tf::shape<tf::dim<"k">, tf::dim<"n">>);
  tf::Session sess;
  auto step = sess.make_callable(
      tf::fetch(tf::matmul(a, b), tf::matmul(tf::transpose(a), tf::transpose(b), tf::transpose_a, tf::transpose_b)), a,
      b);
  for (std::size_t const m : {33u, 1u, 3u, 0u})
    for (std::size_t const k : {17u, 1u, 0u})
      for (std::size_t const n : {65u, 1u, 0u}) {
        xt::xtensor<C, 2> x({m, k}), y({k, n});
        std::vector<C> const p = numbers<C>(m * k, 1), q = numbers<C>(k * n, 2);
        std::copy(p.begin(), p.end(), x.begin());
        std::copy(q.begin(), q.end(), y.begin());
        std::vector<C> expected(m * n);
        for (std::size_t i = 0; i < m; ++i)
          for (std::size_t l = 0; l < k; ++l)
            for (std::size_t j = 0; j < n; ++j) expected[i * n + j] += x(i, l) * y(l, j);
        auto const [product, again] = step(x, y);
        CHECK(same(product, expected));
        CHECK(same(again, expected));
      }
}
}  // namespace

TEST_CASE("complex: arithmetic, parts and comparisons agree with std::complex") {
  check_arithmetic<c64>();
  check_arithmetic<c128>();
}

TEST_CASE("complex: reductions over all axes and some") {
  check_reductions<c64>();
  check_reductions<c128>();
}

TEST_CASE("complex: matrix products") {
  check_matmul<c64>();
  check_matmul<c128>();
  auto a = tf::constant({{c64(1, 1), c64(0, 2)}, {c64(3, 0), c64(0, -1)}});
  auto x = tf::constant({{c64(0, 1)}, {c64(2, 0)}});
  tf::Session sess;
  CHECK(same(sess.run(tf::matmul(a, x)), std::vector<c64>{{-1, 5}, {0, 1}}));
  auto batch = tf::stack(a, a);
  CHECK(same(sess.run(tf::matmul(batch, batch)),
             std::vector<c64>{{0, 8}, {0, 2}, {3, 0}, {-1, 6}, {0, 8}, {0, 2}, {3, 0}, {-1, 6}}));
}

TEST_CASE("complex: shapes broadcast, and plain numbers of any kind take the dtype") {
  tf::Session sess;
  auto column = tf::constant({{c64(1, 2)}, {c64(0, -1)}});
  auto row = tf::constant({{c64(1, 0), c64(0, 1), c64(2, 2)}});
  CHECK(same(sess.run(column * row), std::vector<c64>{{1, 2}, {-2, 1}, {-2, 6}, {0, -1}, {1, 0}, {2, -2}}));
  CHECK(same(sess.run(row + 1), std::vector<c64>{{2, 0}, {1, 1}, {3, 2}}));
  CHECK(same(sess.run(2.5 * row), std::vector<c64>{{2.5, 0}, {0, 2.5}, {5, 5}}));
  CHECK(same(sess.run(c64(0, 1) * row), std::vector<c64>{{0, 1}, {-1, 0}, {-2, 2}}));
  CHECK(same(sess.run(row - c128(1, 1)), std::vector<c64>{{0, -1}, {-1, 0}, {1, 1}}));
  auto wide = tf::cast<c128>(row);
  CHECK(same(sess.run(c128(0, 1) / wide), std::vector<c64>{{0, 1}, {1, 0}, {0.25, 0.25}}));
  CHECK(same(sess.run(wide * 0.5f + c64(1, 1)), std::vector<c64>{{1.5, 1}, {1, 1.5}, {2, 2}}));
}

TEST_CASE("complex: what moves elements moves these") {
  tf::Session sess;
  std::vector<c64> const list = numbers<c64>(6);
  auto const at = [&](std::initializer_list<int> places) {
    std::vector<c64> out;
    for (int const i : places) out.push_back(i < 0 ? c64() : list[static_cast<std::size_t>(i)]);
    return out;
  };
  auto m = tf::constant(list, tf::shape<2, 3>);
  CHECK(same(sess.run(tf::identity(m)), list));
  CHECK(same(sess.run(tf::transpose(m)), at({0, 3, 1, 4, 2, 5})));
  CHECK(same(sess.run(tf::reshape(m, tf::shape<3, 2>)), list));
  CHECK(same(sess.run(tf::slice(m, tf::index<0, 1>, tf::shape<2, 2>)), at({1, 2, 4, 5})));
  CHECK(same(sess.run(tf::concat(tf::axis<1>, m, m)), at({0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5})));
  CHECK(same(sess.run(tf::tile(m, tf::multiples<1, 2>)), at({0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5})));
  CHECK(same(sess.run(tf::pad(m, tf::paddings<0, 0, 1, 0>)), at({-1, 0, 1, 2, -1, 3, 4, 5})));
  CHECK(same(sess.run(tf::stack(m, m)), at({0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5})));
  CHECK(same(sess.run(tf::expand_dims(m, tf::axis<1>)), list));
  CHECK(same(sess.run(tf::broadcast_to(tf::reshape(m, tf::shape<1, 6>), tf::shape<2, 6>)),
             at({0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5})));
  CHECK(sess.run(tf::size(m)) == 6);
  auto large = tf::placeholder<"large", c128>(tf::shape<65, 67>);
  xt::xtensor<c128, 2> values({65, 67});
  std::vector<c128> const many = numbers<c128>(values.size());
  std::copy(many.begin(), many.end(), values.begin());
  auto const turned = sess.run(tf::transpose(large), large = values);
  bool right = true;
  for (std::size_t i = 0; i < 65; ++i)
    for (std::size_t j = 0; j < 67; ++j) right = right && turned(j, i) == values(i, j);
  CHECK(right);
}

TEST_CASE("complex: constants, zeros, ones and fills") {
  tf::Session sess;
  CHECK(sess.run(tf::constant(c64(1, 2))) == c64(1, 2));
  CHECK(sess.run(tf::constant(c128(1, 2))) == c128(1, 2));
  CHECK(sess.run(tf::constant<"c", c128>(3)) == c128(3, 0));
  CHECK(same(sess.run(tf::constant<c64>({1, 2.5f, c128(0, 1)})), std::vector<c64>{{1, 0}, {2.5, 0}, {0, 1}}));
  CHECK(same(sess.run(tf::zeros<c64>(tf::shape<2>)), std::vector<c64>(2)));
  CHECK(same(sess.run(tf::ones<c128>(tf::shape<2>)), std::vector<c64>(2, c64(1, 0))));
  CHECK(same(sess.run(tf::fill(tf::shape<2>, c128(1, 2))), std::vector<c64>(2, c64(1, 2))));
  CHECK(same(sess.run(tf::fill<c64>(tf::shape<2>, 7)), std::vector<c64>(2, c64(7, 0))));
  auto x = tf::placeholder<"x", c64>(tf::shape<tf::dyn>);
  CHECK(same(sess.run(tf::ones_like(x) - tf::zeros_like(x), x = std::vector<c64>(3)), std::vector<c64>(3, c64(1, 0))));
  // A number that rides in an expression belongs to it, however wide.
  auto const twice = [](auto const& v) { return v * c128(0, 2); };
  auto const kept = twice(tf::constant(c128(1, 1)));
  auto const copy = kept;
  CHECK(sess.run(copy + kept) == c128(-4, 4));
}

TEST_CASE("complex: casts drop the imaginary part, and ask both parts for truth") {
  tf::Session sess;
  auto x = tf::constant({c64(1.5, 2), c64(-2.5, 0), c64(0, 3), c64(0, 0)});
  CHECK(op_test::same(sess.run(tf::cast<float>(x)), {1.5, -2.5, 0, 0}));
  CHECK(op_test::same(sess.run(tf::cast<double>(x)), {1.5, -2.5, 0, 0}));
  CHECK(op_test::same(sess.run(tf::cast<int>(x)), {1, -2, 0, 0}));
  CHECK(op_test::same(sess.run(tf::cast<bool>(x)), {1, 1, 1, 0}));
  CHECK(same(sess.run(tf::cast<c128>(x)), std::vector<c64>{{1.5, 2}, {-2.5, 0}, {0, 3}, {0, 0}}));
  CHECK(same(sess.run(tf::cast<c64>(tf::constant({1, -2}))), std::vector<c64>{{1, 0}, {-2, 0}}));
  CHECK(same(sess.run(tf::cast<c128>(tf::constant({true, false}))), std::vector<c64>{{1, 0}, {0, 0}}));
  CHECK(same(sess.run(tf::cast<c64>(tf::constant({std::uint8_t(200)}))), std::vector<c64>{{200, 0}}));
}

TEST_CASE("complex: parts of real tensors") {
  tf::Session sess;
  auto x = tf::constant({-1.5f, 2.0f});
  CHECK(op_test::same(sess.run(tf::real(x)), {-1.5, 2}));
  CHECK(op_test::same(sess.run(tf::imag(x)), {0, 0}));
  CHECK(op_test::same(sess.run(tf::conj(x)), {-1.5, 2}));
  CHECK(same(sess.run(tf::complex(x, 3)), std::vector<c64>{{-1.5, 3}, {2, 3}}));
  CHECK(same(sess.run(tf::complex(1.0, tf::cast<double>(x))), std::vector<c64>{{1, -1.5}, {1, 2}}));
}

TEST_CASE("complex: large and small numbers, infinities, NaN and the sign of zero") {
  tf::Session sess;
  float const inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  auto x = tf::constant({c64(3e30f, 4e30f), c64(3e-30f, 4e-30f), c64(inf, nan), c64(nan, 0)});
  auto const size = sess.run(tf::abs(x));
  CHECK(size(0) == doctest::Approx(5e30f));
  CHECK(size(1) == doctest::Approx(5e-30f).epsilon(1e-5));
  CHECK(size(2) == inf);
  CHECK(std::isnan(size(3)));
  CHECK(op_test::same(sess.run(tf::equal(x, x)), {1, 1, 0, 0}));
  CHECK(op_test::same(sess.run(tf::not_equal(x, x)), {0, 0, 1, 1}));
  CHECK(sess.run(tf::slice(x / x, tf::index<0>, tf::shape<2>))(0) == c64(1, 0));
  c64 const zero = sess.run(tf::conj(tf::constant(c64(-0.0f, 0.0f))));
  CHECK((std::signbit(zero.real()) && std::signbit(zero.imag())));
  CHECK(sess.run(tf::angle(tf::constant(c64(-1.0f, -0.0f)))) == doctest::Approx(-3.14159265));
}

TEST_CASE("complex: feeds are lists, vectors, xtensors, views, and real numbers") {
  tf::Session sess;
  auto x = tf::placeholder<"x", c64>(tf::shape<tf::dyn, 2>);
  auto y = x * c64(0, 1);
  CHECK(
      same(sess.run(y, x = {{1, c64(1, 2)}, {c128(3, 1), 4.5}}), std::vector<c64>{{0, 1}, {-2, 1}, {-1, 3}, {0, 4.5}}));
  CHECK(same(sess.run(x, x = std::vector<std::array<c128, 2>>{{c128(1, 2), c128(3, 4)}}),
             std::vector<c64>{{1, 2}, {3, 4}}));
  CHECK(same(sess.run(x, x = xt::xtensor<double, 2>{{1, 2}, {3, 4}}), std::vector<c64>{1, 2, 3, 4}));
  CHECK(same(sess.run(x, x = {{1, 2}, {3, 4}}), std::vector<c64>{1, 2, 3, 4}));
  xt::xtensor<c64, 2> const m{{c64(1, 1), 2, c64(3, -1)}, {4, c64(5, 5), 6}};
  CHECK(same(sess.run(x, x = xt::view(m, xt::all(), xt::range(1, 3))), std::vector<c64>{2, {3, -1}, {5, 5}, 6}));
  CHECK(same(sess.run(x, x = xt::transpose(m)), std::vector<c64>{{1, 1}, 4, 2, {5, 5}, {3, -1}, 6}));
  auto s = tf::placeholder<"s", c128>(tf::shape<>);
  c128 const number(1, 2);
  CHECK(sess.run(s, s = number) == number);
  CHECK(sess.run(s, s = c64(1, 2)) == number);
  CHECK(sess.run(s, s = 3) == c128(3, 0));
  auto const stored = (s = number);
  CHECK(sess.run(s + 1, stored) == c128(2, 2));
}

TEST_CASE("complex: variables keep them") {
  tf::Session sess;
  auto w = tf::variable<"w">(tf::constant<c128>({1, 2.5f, c64(0, 1)}));
  auto v = tf::variable<"v">(tf::zeros<c64>(tf::shape<2>));
  sess.run(tf::global_variables_initializer(w, v));
  CHECK(same(sess.run(w.assign_add(c128(1, 1))), std::vector<c64>{{2, 1}, {3.5, 1}, {1, 2}}));
  CHECK(same(sess.run(w.assign({1, c64(2, 3), c128(4, 5)})), std::vector<c64>{1, {2, 3}, {4, 5}}));
  CHECK(same(sess.run(v.assign_sub(tf::constant({c64(1, 2), c64(3, 4)}))), std::vector<c64>{{-1, -2}, {-3, -4}}));
  CHECK(same(sess.run(v), std::vector<c64>{{-1, -2}, {-3, -4}}));
}

TEST_CASE("complex: a loss may read complex numbers that it is not differentiated along") {
  tf::Session sess;
  auto w = tf::placeholder<"w", float>(tf::shape<2>);
  auto sizes = tf::abs(tf::constant({c64(3, 4), c64(0, 2)}));
  auto [dw] = tf::gradients(tf::reduce_sum(w * w * sizes), w);
  CHECK(op_test::same(sess.run(dw, w = {1, 2}), {10, 8}));
  // Whether a number is complex 0 is no path of derivatives.
  auto [dv] = tf::gradients(tf::where(tf::equal(tf::complex(w, w), 0), w, 3.0f * w), w);
  CHECK(op_test::same(sess.run(dv, w = {0, 2}), {1, 3}));
}
