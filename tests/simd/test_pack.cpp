// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <cstring>
#include <tfx/simd/simd.hpp>
#include <tuple>

namespace {

namespace simd = tfx::simd;
using simd::pack;
using tfx::i64;
using tfx::u64;

template <class T, class... More>
using lane_counts = std::tuple<pack<T, 4>, pack<T, 8>, pack<T, 16>, pack<T, 32>, More...>;
using all_packs = decltype(std::tuple_cat(lane_counts<float, pack<float, 1>>{}, lane_counts<double, pack<double, 64>>{},
                                          lane_counts<std::int32_t, pack<std::int32_t, 2>>{}, lane_counts<i64>{},
                                          lane_counts<std::uint8_t, pack<std::uint8_t, 64>>{}));

static_assert(std::is_same_v<simd::rebind<pack<float, 8>, bool>, pack<bool, 8>>);
static_assert(std::is_same_v<simd::rebind<float, int>, int>);
static_assert(pack<double, 8>::lanes == 8 && simd::width<float> == 2 * simd::width<double>);

/// Two rows of lanes with positive and negative values, equal pairs, and b never zero.
template <class P>
struct rows {
  using T = typename P::value_type;
  T a[P::lanes], b[P::lanes];
  rows() {
    for (int i = 0; i < P::lanes; ++i) {
      a[i] = T((i * 37) % 23 - 9);
      b[i] = T(i % 3 == 0 ? (i % 2 ? 5 : -3) : i % 3 == 1 ? a[i] == T(0) ? T(2) : a[i] : T(i + 1));
    }
  }
  P x() const { return P::load(a); }
  P y() const { return P::load(b); }
};

template <class P, class F>
bool equals(P const& got, F want) {
  using T = typename P::value_type;
  T out[P::lanes];
  got.store(out);
  for (int i = 0; i < P::lanes; ++i) {
    T const w = want(i);
    if (std::memcmp(&out[i], &w, sizeof w) != 0 || got[i] != w) return false;
  }
  return true;
}

TEST_CASE_TEMPLATE_DEFINE("pack: operators equal a loop over the lanes", P, operators) {
  using T = typename P::value_type;
  rows<P> const r;
  auto const x = r.x(), y = r.y();
  CHECK(equals(x + y, [&](int i) { return T(r.a[i] + r.b[i]); }));
  CHECK(equals(x - y, [&](int i) { return T(r.a[i] - r.b[i]); }));
  CHECK(equals(x * y, [&](int i) { return T(r.a[i] * r.b[i]); }));
  CHECK(equals(x / y, [&](int i) { return T(r.a[i] / r.b[i]); }));
  CHECK(equals(-x, [&](int i) { return T(-r.a[i]); }));
  CHECK(equals(2 * x + T(1), [&](int i) { return T(2 * r.a[i] + 1); }));
  CHECK(equals(simd::max(x, y), [&](int i) { return r.a[i] > r.b[i] ? r.a[i] : r.b[i]; }));
  CHECK(equals(simd::min(x, T(3)), [&](int i) { return r.a[i] < T(3) ? r.a[i] : T(3); }));
  CHECK(equals(simd::fma(x, y, T(7)), [&](int i) { return T(r.a[i] * r.b[i] + 7); }));
  if constexpr (std::is_integral_v<T>) {
    CHECK(equals(x % y, [&](int i) { return T(r.a[i] % r.b[i]); }));
    CHECK(equals(x & y, [&](int i) { return T(r.a[i] & r.b[i]); }));
    CHECK(equals(x | y, [&](int i) { return T(r.a[i] | r.b[i]); }));
    CHECK(equals(x ^ y, [&](int i) { return T(r.a[i] ^ r.b[i]); }));
    CHECK(equals(~x, [&](int i) { return T(~r.a[i]); }));
    CHECK(equals(x << T(2), [&](int i) { return T(r.a[i] * 4); }));
    CHECK(equals(x >> T(1), [&](int i) { return T(r.a[i] >> 1); }));
  }
}
TEST_CASE_TEMPLATE_APPLY(operators, all_packs);

TEST_CASE_TEMPLATE_DEFINE("pack: comparisons select lanes", P, comparisons) {
  rows<P> const r;
  auto const x = r.x(), y = r.y();
  auto const picks = [&](auto mask, auto holds) {
    return equals(simd::select(mask, x, y), [&](int i) { return holds(r.a[i], r.b[i]) ? r.a[i] : r.b[i]; }) &&
           equals(mask, [&](int i) { return holds(r.a[i], r.b[i]); });
  };
  CHECK(picks(x == y, [](auto a, auto b) { return a == b; }));
  CHECK(picks(x != y, [](auto a, auto b) { return a != b; }));
  CHECK(picks(x < y, [](auto a, auto b) { return a < b; }));
  CHECK(picks(x <= y, [](auto a, auto b) { return a <= b; }));
  CHECK(picks(x > y, [](auto a, auto b) { return a > b; }));
  CHECK(picks(x >= y, [](auto a, auto b) { return a >= b; }));
  CHECK(picks((x < y) | !(x != y), [](auto a, auto b) { return a <= b; }));
  CHECK(picks((x <= y) & (x != y), [](auto a, auto b) { return a < b; }));
  CHECK(picks(simd::select(x < y, x == x, x != x), [](auto a, auto b) { return a < b; }));
}
TEST_CASE_TEMPLATE_APPLY(comparisons, all_packs);

/// Two pages of memory of which the second must not be touched.
struct guarded_page {
  static constexpr std::size_t bytes = 4096;
  char* begin =
      static_cast<char*>(mmap(nullptr, 2 * bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  guarded_page() { mprotect(begin + bytes, bytes, PROT_NONE); }
  ~guarded_page() { munmap(begin, 2 * bytes); }
  /// The last n values before the guard.
  template <class T>
  T* last(int n) const {
    return reinterpret_cast<T*>(begin + bytes) - n;
  }
};

template <class P>
void check_tails() {
  using T = typename P::value_type;
  guarded_page const page;
  P const full = [] {
    T v[P::lanes];
    for (int i = 0; i < P::lanes; ++i) v[i] = T(i % 2 == 0 ? 1 : 0);
    return P::load(v);
  }();
  for (int n = 1; n <= P::lanes; ++n) {
    T* p = page.last<T>(n);
    for (int i = 0; i < n; ++i) p[i] = T(i % 3 != 1);
    CHECK(equals(P::load(p, n), [&](int i) { return i < n ? p[i] : p[0]; }));
    full.store(p, n);
    for (int i = 0; i < n; ++i) REQUIRE(p[i] == T(i % 2 == 0));

    T around[P::lanes + 1];
    for (T& v : around) v = T(1);
    P(T(0)).store(around, n);
    for (int i = 0; i <= P::lanes; ++i) REQUIRE(around[i] == T(i < n ? 0 : 1));
  }
  T* p = page.last<T>(P::lanes);
  full.store(p);
  CHECK(equals(P::load(p), [&](int i) { return p[i]; }));
}
TEST_CASE_TEMPLATE_DEFINE("pack: the first n lanes come and go without touching other memory", P, tails) {
  check_tails<P>();
}
TEST_CASE_TEMPLATE_APPLY(tails, all_packs);
using bool_packs =
    std::tuple<pack<bool, 1>, pack<bool, 4>, pack<bool, 8>, pack<bool, 16>, pack<bool, 32>, pack<bool, 64>>;
TEST_CASE_TEMPLATE_APPLY(tails, bool_packs);

TEST_CASE_TEMPLATE_DEFINE("pack: reductions equal a loop", P, reductions) {
  using T = typename P::value_type;
  rows<P> r;
  T sum = 0, product = 1, largest = r.a[0], smallest = r.a[0];
  for (int i = 0; i < P::lanes; ++i) {
    sum = T(sum + r.a[i]);
    r.b[i] = T(i % 7 == 0 ? 3 : i % 5 == 0 ? 2 : 1);
    product = T(product * r.b[i]);
    largest = largest > r.a[i] ? largest : r.a[i];
    smallest = smallest < r.a[i] ? smallest : r.a[i];
  }
  CHECK(simd::reduce_add(r.x()) == sum);
  CHECK(simd::reduce_mul(r.y()) == product);
  CHECK(simd::reduce_max(r.x()) == largest);
  CHECK(simd::reduce_min(r.x()) == smallest);
}
TEST_CASE_TEMPLATE_APPLY(reductions, all_packs);

TEST_CASE_TEMPLATE_DEFINE("pack: truth values", P, truth) {
  constexpr int n = P::lanes;
  bool a[n], b[n];
  for (int i = 0; i < n; ++i) a[i] = i % 3 == 0, b[i] = i % 2 == 0;
  auto const x = P::load(a), y = P::load(b);
  CHECK(equals(x & y, [&](int i) { return a[i] && b[i]; }));
  CHECK(equals(x | y, [&](int i) { return a[i] || b[i]; }));
  CHECK(equals(x ^ y, [&](int i) { return a[i] != b[i]; }));
  CHECK(equals(!x, [&](int i) { return !a[i]; }));
  CHECK(equals(~x == y, [&](int i) { return a[i] != b[i]; }));
  CHECK(equals(x != y, [&](int i) { return a[i] != b[i]; }));
  CHECK(equals(simd::select(x, y, true), [&](int i) { return a[i] ? b[i] : true; }));
  CHECK(simd::reduce_and(P(true)));
  CHECK(simd::reduce_or(x));
  CHECK_FALSE(simd::reduce_or(P(false)));
  CHECK(simd::reduce_and(x) == (n == 1));
  CHECK(simd::reduce_and(x | !x));
}
TEST_CASE_TEMPLATE_APPLY(truth, bool_packs);

template <class To, class From, int L>
void check_convert() {
  From from[L];
  constexpr bool is_signed = std::is_signed_v<From> && std::is_signed_v<To>;
  for (int i = 0; i < L; ++i) from[i] = From((i * 29) % 100 - (is_signed ? 40 : 0));
  if constexpr (std::is_floating_point_v<From>) from[1] = From(is_signed ? -2.75 : 2.75);
  auto const x = pack<From, L>::load(from);
  CHECK(equals(simd::convert<To>(x), [&](int i) { return static_cast<To>(from[i]); }));
  CHECK(equals(simd::convert<To>(x), [&](int i) { return simd::convert<To>(from[i]); }));
}
template <class From, int L>
void check_convert_to_all() {
  check_convert<float, From, L>();
  check_convert<double, From, L>();
  check_convert<std::int32_t, From, L>();
  check_convert<i64, From, L>();
  check_convert<std::uint8_t, From, L>();
  check_convert<bool, From, L>();
}
TEST_CASE_TEMPLATE("pack: converts between all lane types", From, float, double, std::int32_t, i64, std::uint8_t, bool,
                   std::int16_t, std::uint32_t) {
  check_convert_to_all<From, 4>();
  check_convert_to_all<From, 16>();
  check_convert_to_all<From, 32>();
}

TEST_CASE("pack: a float that fits no integer is harmless") {
  constexpr float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  float const v[8] = {3e9f, -3e9f, infinity, -infinity, nan, 2147483520.f, -2147483648.f, 1e30f};
  constexpr std::int32_t least = std::numeric_limits<std::int32_t>::min();
  std::int32_t const want[8] = {least, least, least, least, least, 2147483520, least, least};
  CHECK(equals(simd::convert<std::int32_t>(pack<float, 8>::load(v)), [&](int i) { return want[i]; }));
  for (int i = 0; i < 8; ++i) CHECK(simd::convert<std::int32_t>(v[i]) == want[i]);
  CHECK(simd::convert<i64>(pack<double, 4>(1e300))[0] == std::numeric_limits<i64>::min());
  CHECK(simd::convert<std::uint8_t>(pack<float, 16>(300.f))[9] == 44);
  CHECK(simd::convert<std::uint8_t>(-1.f) == 255);
  CHECK(simd::convert<u64>(pack<double, 8>(9223372036854775808.0))[7] == u64(1) << 63);
}

TEST_CASE_TEMPLATE("pack: integers wrap and never trap", T, std::int8_t, std::int16_t, std::int32_t, i64) {
  constexpr T least = std::numeric_limits<T>::min(), most = std::numeric_limits<T>::max();
  using P = pack<T, 16>;
  CHECK((P(least) / P(T(-1)))[3] == least);
  CHECK((P(least) % P(T(-1)))[3] == 0);
  CHECK((P(most) / P(T(-1)))[3] == -most);
  CHECK((P(most) / P(least))[3] == 0);
  CHECK((P(least) / most)[15] == -1);
  CHECK((P(most) / most)[15] == 1);
  CHECK((P(most) + T(1))[0] == least);
  CHECK((P(least) * P(T(-1)))[5] == least);
  CHECK((-P(least))[2] == least);
  CHECK((P(most) * P(most))[1] == 1);
  CHECK((P(T(-7)) / T(2))[1] == -3);
}

TEST_CASE("pack: the quotients of large 32-bit integers are exact") {
  std::int32_t a[16], b[16];
  u64 state = 1;
  for (int round = 0; round < 1000; ++round) {
    for (int i = 0; i < 16; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      a[i] = std::int32_t(state >> 32);
      b[i] = std::int32_t(state >> 16) >> (i * 2);
      if (b[i] == 0 || b[i] == -1) b[i] = 3;
      if (i % 4 == 0) a[i] = std::int32_t(std::uint32_t(b[i]) * std::uint32_t(i + 1)) - 1;
    }
    auto const q = pack<std::int32_t, 16>::load(a) / pack<std::int32_t, 16>::load(b);
    REQUIRE(equals(q, [&](int i) { return a[i] / b[i]; }));
  }
}

TEST_CASE_TEMPLATE("pack: NaN, infinities and signed zeros", P, pack<float, 4>, pack<float, 8>, pack<float, 16>,
                   pack<float, 32>, pack<double, 4>, pack<double, 8>, pack<double, 16>) {
  using T = typename P::value_type;
  constexpr T nan = std::numeric_limits<T>::quiet_NaN(), infinity = std::numeric_limits<T>::infinity();
  P const x(nan), one(T(1));
  CHECK_FALSE(simd::reduce_or((x == x) | (x < one) | (x <= one) | (x > one) | (x >= one) | (one < x) | (one >= x)));
  CHECK(simd::reduce_and((x != x) & (x != one)));
  CHECK(simd::reduce_and(simd::max(x, one) != simd::max(x, one)));
  CHECK(simd::reduce_and(simd::max(one, x) != simd::max(one, x)));
  CHECK(simd::reduce_and(simd::min(x, one) != simd::min(x, one)));
  CHECK(simd::reduce_and(simd::min(one, x) != simd::min(one, x)));
  CHECK(simd::reduce_and(simd::max(x, T(0)) != x));
  CHECK(simd::max(P(-infinity), T(0))[0] == 0);
  CHECK(simd::min(P(infinity), P(T(2)))[0] == 2);
  CHECK(std::signbit((-P(T(0)))[1]));
  CHECK_FALSE(std::signbit((-P(-T(0)))[1]));
  CHECK(std::signbit(P(-T(0))[2]));
  for (int at = 0; at < P::lanes; ++at) {
    T v[P::lanes];
    for (int i = 0; i < P::lanes; ++i) v[i] = i == at ? nan : T(i);
    CHECK(std::isnan(simd::reduce_max(P::load(v))));
    CHECK(std::isnan(simd::reduce_min(P::load(v))));
    CHECK((P::load(v) != P::load(v)).bits == u64(1) << at);
  }
}

TEST_CASE("pack: fma rounds once where the processor can") {
#if defined(__FMA__)
  CHECK(simd::fma(pack<float, 16>(1.0f + 0x1p-20f), 1.0f - 0x1p-20f, -1.0f)[4] == -0x1p-40f);
  CHECK(simd::fma(pack<double, 2>(1.0 + 0x1p-40), 1.0 - 0x1p-40, -1.0)[1] == -0x1p-80);
  CHECK(simd::fma(1.0f + 0x1p-20f, 1.0f - 0x1p-20f, -1.0f) == -0x1p-40f);
#endif
  CHECK(simd::fma(3.0f, 4.0f, 5.0f) == 17.0f);
  CHECK(simd::fma(3, 4, 5) == 17);
}

template <class X>
X leaky_relu(X const& x) {
  return simd::select(x < simd::fill<X>(0.0f), 0.25f * x, simd::max(x, 1.0f));
}
TEST_CASE("pack: one function serves packs and scalars") {
  CHECK(leaky_relu(-4.0f) == -1.0f);
  CHECK(leaky_relu(0.5f) == 1.0f);
  CHECK(leaky_relu(pack<float, 8>(-4.0f))[7] == -1.0f);
  CHECK(simd::reduce_add(3.0f) == 3.0f);
  CHECK(simd::reduce_and(true));
  CHECK(simd::convert<double>(3.5f) == 3.5);
  CHECK(std::isnan(simd::max(1.0f, std::numeric_limits<float>::quiet_NaN())));
}

}  // namespace
