// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cstring>
#include <tfx/simd/simd.hpp>
#include <vector>

namespace {

namespace simd = tfx::simd;
using simd::pack;
using tfx::i64;
using tfx::u64;

constexpr int samples = 1 << 16;

struct generator {
  u64 state = 88172645463325252u;
  u64 operator()() {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
  }
  double uniform(double low, double high) { return low + (high - low) * (double((*this)() >> 11) * 0x1p-53); }
};

/// The distance of a result from the true value, in units of the last place of T.
template <class T>
double ulps(T got, long double want) {
  T const rounded = T(want);
  if (std::isnan(rounded) || std::isnan(got)) return std::isnan(rounded) && std::isnan(got) ? 0 : 1e9;
  if (std::isinf(rounded) || std::isinf(got) || want == 0) return got == rounded ? 0 : 1e9;
  int exponent = 0;
  std::frexp(want, &exponent);
  exponent = std::max(exponent, std::numeric_limits<T>::min_exponent) - std::numeric_limits<T>::digits;
  return double(std::fabs((static_cast<long double>(got) - want) / std::ldexp(1.0L, exponent)));
}

/// The worst error of f over bit patterns of all magnitudes and over [low, high], and at special values.
template <class T, class F, class G>
double worst(F f, G want, double low, double high) {
  constexpr int lanes = simd::width<T>;
  std::vector<T> x, y(samples);
  constexpr T infinity = std::numeric_limits<T>::infinity(), least = std::numeric_limits<T>::denorm_min();
  constexpr T normal = std::numeric_limits<T>::min(), most = std::numeric_limits<T>::max();
  for (T v : {T(0),
              T(1),
              T(0.5),
              T(2),
              T(8192),
              T(8193),
              T(1e5),
              T(88.5),
              T(709.5),
              T(88.8),
              T(709.9),
              T(103.5),
              T(745),
              T(104.5),
              T(746),
              infinity,
              std::numeric_limits<T>::quiet_NaN(),
              least,
              T(3 * least),
              normal,
              most,
              std::numeric_limits<T>::epsilon()}) {
    x.push_back(v);
    x.push_back(-v);
  }
  generator random;
  while (int(x.size()) < samples) {
    T v;
    u64 const bits = random();
    std::memcpy(&v, &bits, sizeof v);
    x.push_back(x.size() % 2 ? v : T(random.uniform(low, high)));
  }
  for (int i = 0; i < samples; i += lanes) f(pack<T, lanes>::load(&x[std::size_t(i)])).store(&y[std::size_t(i)]);
  double out = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    long double const exact = want(static_cast<long double>(x[i]));
    double error = ulps(y[i], exact);
    if (exact == 0 && !std::isnan(y[i]) && std::signbit(y[i]) != std::signbit(exact)) error = 1e9;
    if (error > out) {
      out = error;
      if (error > 4) MESSAGE("at ", x[i], " got ", y[i]);
    }
  }
  return out;
}

template <class T>
void check_exponentials() {
  bool const is_float = sizeof(T) == 4;
  CHECK(worst<T>([](auto x) { return simd::exp(x); }, [](long double v) { return std::exp(v); }, -110, 90) < 1.2);
  CHECK(worst<T>([](auto x) { return simd::expm1(x); }, [](long double v) { return std::expm1(v); }, -1, 1) < 2.2);
  CHECK(worst<T>([](auto x) { return simd::tanh(x); }, [](long double v) { return std::tanh(v); }, -2, 2) < 2.1);
  CHECK(worst<T>([](auto x) { return simd::sigmoid(x); }, [](long double v) { return 1 / (1 + std::exp(-v)); }, -20,
                 20) < 1.7);
  CHECK(worst<T>([](auto x) { return simd::log(x); }, [](long double v) { return std::log(v); }, 0.5, 2) < 1);
  CHECK(worst<T>([](auto x) { return simd::log1p(x); }, [](long double v) { return std::log1p(v); }, -1, 1) < 1.1);
  CHECK(worst<T>([](auto x) { return simd::softplus(x); },
                 [](long double v) { return v > 0 ? v + std::log1p(std::exp(-v)) : std::log1p(std::exp(v)); },
                 is_float ? -90 : -700, 20) < 2);
}
TEST_CASE("math: exponentials of float") { check_exponentials<float>(); }
TEST_CASE("math: exponentials of double") { check_exponentials<double>(); }

template <class T>
void check_angles() {
  CHECK(worst<T>([](auto x) { return simd::sin(x); }, [](long double v) { return std::sin(v); }, -10, 10) < 1.7);
  CHECK(worst<T>([](auto x) { return simd::cos(x); }, [](long double v) { return std::cos(v); }, -9000, 9000) < 2);
  CHECK(worst<T>([](auto x) { return simd::tan(x); }, [](long double v) { return std::tan(v); }, -9, 9000) < 4);
}
TEST_CASE("math: angles of any size in float") { check_angles<float>(); }
TEST_CASE("math: angles of any size in double") { check_angles<double>(); }

template <class T>
void check_others() {
  CHECK(worst<T>([](auto x) { return simd::erf(x); }, [](long double v) { return std::erf(v); }, -4.5, 4.5) < 1.5);
  CHECK(worst<T>([](auto x) { return simd::erfc(x); }, [](long double v) { return std::erfc(v); }, -4, 10) < 6);
  CHECK(worst<T>([](auto x) { return simd::asin(x); }, [](long double v) { return std::asin(v); }, -1, 1) < 2.3);
  CHECK(worst<T>([](auto x) { return simd::acos(x); }, [](long double v) { return std::acos(v); }, -1, 1) < 1.5);
  CHECK(worst<T>([](auto x) { return simd::atan(x); }, [](long double v) { return std::atan(v); }, -9, 9) < 2.1);
  CHECK(worst<T>([](auto x) { return simd::sinh(x); }, [](long double v) { return std::sinh(v); }, -9, 9) < 3);
  CHECK(worst<T>([](auto x) { return simd::cosh(x); }, [](long double v) { return std::cosh(v); }, -9, 9) < 3);
  double const high = sizeof(T) == 4 ? 89.5 : 710.5;  // where eˣ is no number any more, but half of it is
  CHECK(worst<T>([](auto x) { return simd::sinh(x); }, [](long double v) { return std::sinh(v); }, high - 2, high) < 3);
  CHECK(worst<T>([](auto x) { return simd::cosh(x); }, [](long double v) { return std::cosh(v); }, -high, 2 - high) <
        3);
  CHECK(worst<T>([](auto x) { return simd::asinh(x); }, [](long double v) { return std::asinh(v); }, -9, 9) < 3.3);
  CHECK(worst<T>([](auto x) { return simd::acosh(x); }, [](long double v) { return std::acosh(v); }, 1, 9) < 3);
  CHECK(worst<T>([](auto x) { return simd::atanh(x); }, [](long double v) { return std::atanh(v); }, -1, 1) < 3);
  CHECK(worst<T>([](auto x) { return simd::sqrt(x); }, [](long double v) { return std::sqrt(v); }, 0, 9) <= 0.5);
  CHECK(worst<T>([](auto x) { return simd::rsqrt(x); }, [](long double v) { return 1 / std::sqrt(v); }, 0, 9) < 1.6);
}
TEST_CASE("math: other functions of float") { check_others<float>(); }
TEST_CASE("math: other functions of double") { check_others<double>(); }

template <class T>
void check_roundings() {
  auto const exactly = [](auto f, auto g) {
    return worst<T>(f, [&](long double v) { return static_cast<long double>(g(T(v))); }, -100, 100) == 0;
  };
  CHECK(exactly([](auto x) { return simd::floor(x); }, [](T v) { return std::floor(v); }));
  CHECK(exactly([](auto x) { return simd::ceil(x); }, [](T v) { return std::ceil(v); }));
  CHECK(exactly([](auto x) { return simd::trunc(x); }, [](T v) { return std::trunc(v); }));
  CHECK(exactly([](auto x) { return simd::round(x); }, [](T v) { return std::nearbyint(v); }));
  CHECK(exactly([](auto x) { return simd::rint(x); }, [](T v) { return std::nearbyint(v); }));
  CHECK(exactly([](auto x) { return simd::abs(x); }, [](T v) { return std::fabs(v); }));
  CHECK(exactly([](auto x) { return simd::sign(x); }, [](T v) { return v > 0 ? T(1) : v < 0 ? T(-1) : v; }));
  CHECK(exactly([](auto x) { return simd::copysign(T(2), x); }, [](T v) { return std::copysign(T(2), v); }));
  CHECK(exactly([](auto x) { return simd::convert<T>(simd::isnan(x)); }, [](T v) { return T(std::isnan(v)); }));
  CHECK(exactly([](auto x) { return simd::convert<T>(simd::isinf(x)); }, [](T v) { return T(std::isinf(v)); }));
  CHECK(exactly([](auto x) { return simd::convert<T>(simd::isfinite(x)); }, [](T v) { return T(std::isfinite(v)); }));
  CHECK(simd::round(pack<T, 8>(T(2.5)))[0] == 2);
  CHECK(simd::round(pack<T, 8>(T(-3.5)))[7] == -4);
  CHECK(simd::round(T(0.5)) == 0);
}
TEST_CASE("math: roundings and classes of float") { check_roundings<float>(); }
TEST_CASE("math: roundings and classes of double") { check_roundings<double>(); }

template <class T>
void check_two_arguments() {
  constexpr T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  std::vector<T> v{0,       1,      2, T(0.5),   3,           T(1e-30),
                   T(1e30), T(4.5), 7, infinity, T(16777217), std::numeric_limits<T>::denorm_min()};
  for (std::size_t i = v.size(); i-- > 0;) v.push_back(-v[i]);
  v.push_back(nan);
  generator random;
  for (int i = 0; i < 60; ++i) v.push_back(T(random.uniform(-20, 20)));
  double power = 0, angle = 0;
  bool remainders = true;
  for (T x : v) {
    for (T y : v) {
      pack<T, 4> const p(x), q(y);
      long double const a = x, b = y;
      power = std::max(power, ulps(simd::pow(p, q)[1], std::pow(a, b)));
      angle = std::max(angle, ulps(simd::atan2(p, q)[1], std::atan2(a, b)));
      T const got = simd::fmod(p, q)[2], want = std::fmod(x, y);
      remainders = remainders && (got == want || (std::isnan(got) && std::isnan(want)));
    }
  }
  CHECK(power < 1);
  CHECK(angle < 1.5);
  CHECK(remainders);
  CHECK(simd::pow(T(3), T(2)) == 9);
}
TEST_CASE("math: power, atan2 and fmod of float") { check_two_arguments<float>(); }
TEST_CASE("math: power, atan2 and fmod of double") { check_two_arguments<double>(); }

TEST_CASE_TEMPLATE("math: packs of any size agree", P, pack<float, 1>, pack<float, 4>, pack<float, 8>, pack<float, 16>,
                   pack<float, 32>, pack<double, 2>, pack<double, 4>, pack<double, 8>, pack<double, 16>) {
  using T = typename P::value_type;
  T in[P::lanes], out[P::lanes];
  for (int i = 0; i < P::lanes; ++i) in[i] = T(0.3) * T(i + 1);
  auto const x = P::load(in);
  auto const agrees = [&](P const& got, auto scalar) {
    got.store(out);
    for (int i = 0; i < P::lanes; ++i)
      if (std::fabs(out[i] - scalar(in[i])) > 4 * std::numeric_limits<T>::epsilon() * std::fabs(out[i])) return false;
    return true;
  };
  CHECK(agrees(simd::exp(x), [](T v) { return simd::exp(v); }));
  CHECK(agrees(simd::log(x), [](T v) { return simd::log(v); }));
  CHECK(agrees(simd::tanh(x), [](T v) { return simd::tanh(v); }));
  CHECK(agrees(simd::sigmoid(x), [](T v) { return simd::sigmoid(v); }));
  CHECK(agrees(simd::softplus(x), [](T v) { return simd::softplus(v); }));
  CHECK(agrees(simd::sin(x), [](T v) { return simd::sin(v); }));
  CHECK(agrees(simd::sqrt(x), [](T v) { return simd::sqrt(v); }));
  CHECK(agrees(simd::floor(x), [](T v) { return simd::floor(v); }));
  CHECK(agrees(simd::pow(x, T(1.7)), [](T v) { return simd::pow(v, T(1.7)); }));
  CHECK(agrees(simd::erf(x), [](T v) { return simd::erf(v); }));
}

TEST_CASE_TEMPLATE("math: functions of integers", T, std::int32_t, i64, std::int8_t) {
  using P = pack<T, 16>;
  CHECK(simd::abs(P(T(-5)))[0] == 5);
  CHECK(simd::abs(P(std::numeric_limits<T>::min()))[3] == std::numeric_limits<T>::min());
  CHECK(simd::sign(P(T(-5)))[15] == -1);
  CHECK(simd::sign(T(0)) == 0);
  CHECK(simd::floor(P(T(3)))[2] == 3);
  CHECK(simd::pow(P(T(-3)), T(3))[8] == -27);
  CHECK(simd::pow(T(2), T(5)) == 32);
  CHECK(simd::pow(T(-1), T(3)) == -1);
  CHECK(simd::pow(T(0), T(0)) == 1);
  CHECK(simd::fmod(P(T(-7)), T(3))[1] == -1);
  CHECK(simd::reduce_and(simd::isfinite(P(T(1)))));
  CHECK_FALSE(simd::isnan(T(1)));
}

}  // namespace
