// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/rounding.hpp>

TFX_BEGIN
namespace simd {
namespace native {

/// c0·xⁿ + … + cn, by powers of x²: a chain of multiplications half as long as Horner's, which is what a loop waits
/// for.
template <class V, class... C>
TFX_INLINE V polynomial(V x, C... c) {
  using T = lane_of<V>;
  constexpr int degree = sizeof...(C) - 1;
  T const coefficients[] = {T(c)...};
  V const square = x * x;
  V out = broadcast<V>(coefficients[0]);
  if constexpr (degree % 2 == 1) out = fma(out, x, broadcast<V>(coefficients[1]));
#pragma GCC unroll 8
  for (int i = 1 + degree % 2; i < degree; i += 2)
    out = fma(out, square, fma(broadcast<V>(coefficients[i]), x, broadcast<V>(coefficients[i + 1])));
  return out;
}

template <class V>
inline constexpr bool has_floats = std::is_same_v<lane_of<V>, float>;

/// Adding it to a small number rounds that to an integer and leaves the integer in the low bits.
template <class T>
inline constexpr T to_low_bits = T(std::is_same_v<T, float> ? 12582912.0 : 6755399441055744.0);  // 1.5 · 2^23, 2^52
template <class T>
inline constexpr int mantissa_bits = std::is_same_v<T, float> ? 23 : 52;
template <class T>
inline constexpr int exponent_bias = std::is_same_v<T, float> ? 127 : 1023;

/// 2^n for the n that `to_low_bits` left in z, where that is a normal number.
template <class V>
TFX_INLINE V power_of_two(uvec<V> z) {
  using T = lane_of<V>;
  return (V)((z + uint<T>(exponent_bias<T>)) << uint<T>(mantissa_bits<T>));
}

/// x = n ln 2 + r with |r| <= ln 2 / 2.
template <class V>
struct exponent {
  V r, n;
  uvec<V> low_bits;
};
template <class V>
TFX_INLINE exponent<V> split_exponent(V x) {
  using T = lane_of<V>;
  V const z = rounded(fma(x, broadcast<V>(T(1.44269504088896340736)), broadcast<V>(to_low_bits<T>)));
  V const n = z - to_low_bits<T>;
  // ln 2 in two parts; n times the first has no rounding error.
  V r = fma(n, broadcast<V>(T(has_floats<V> ? -0.693359375 : -0.693147180369123816490)), x);
  r = fma(n, broadcast<V>(T(has_floats<V> ? 2.12194440e-4 : -1.90821492927058770002e-10)), r);
  return {r, n, (uvec<V>)z - (uvec<V>)broadcast<V>(to_low_bits<T>)};
}

/// eʳ - 1 for |r| <= ln 2 / 2.
template <class V>
TFX_INLINE V short_expm1(V r) {
  V q;
  if constexpr (has_floats<V>) {
    q = polynomial(r, 1.98445023e-4, 1.394083316e-3, 8.333392216e-3, 4.166635856e-2, 1.6666666356e-1, 5.000000045e-1);
  } else {
    q = polynomial(r, 2.5052635058123024e-8, 2.7626312892277597e-7, 2.7557411328398134e-6, 2.4801504618256911e-5,
                   1.9841269714704512e-4, 1.3888888932074853e-3, 8.3333333333914766e-3, 4.1666666666575332e-2,
                   1.6666666666666587e-1, 5.0000000000000053e-1);
  }
  return fma(r * r, q, r);
}

/// p · 2^n with one rounding, also where the result overflows or is subnormal.
template <class V>
TFX_INLINE V scale(V p, exponent<V> const& e) {
#if defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
  if constexpr (sizeof(V) == 64 && has_floats<V>) return (V)_mm512_maskz_scalef_ps(0xffff, (__m512)p, (__m512)e.n);
  if constexpr (sizeof(V) == 64 && !has_floats<V>) return (V)_mm512_maskz_scalef_pd(0xff, (__m512d)p, (__m512d)e.n);
#endif
  // Half of n, rounded down; arithmetic shifts of 64 bits are slow on AVX2.
  using T = lane_of<V>;
  uvec<V> half;
  if constexpr (has_floats<V>) {
    half = (uvec<V>)((svec<V>)e.low_bits >> 1);
  } else {
    constexpr uint<T> offset = 4096;
    half = ((e.low_bits + offset) >> uint<T>(1)) - offset / 2;
  }
  return p * power_of_two<V>(half) * power_of_two<V>(e.low_bits - half);
}

template <class V>
TFX_INLINE V clamp_keeping_nan(V x, double low, double high) {
  using T = lane_of<V>;
  return extreme<false>(broadcast<V>(T(high)), extreme<true>(broadcast<V>(T(low)), x));
}

template <class V>
TFX_INLINE V exp(V x) {
  x = has_floats<V> ? clamp_keeping_nan(x, -104, 89) : clamp_keeping_nan(x, -746, 710);
  auto const e = split_exponent(x);
  V q;
  if constexpr (has_floats<V>) {
    q = polynomial(e.r, 1.38819876e-3, 8.36665418e-3, 4.166721044e-2, 1.666654266e-1, 4.999999811e-1);
  } else {
    q = polynomial(e.r, 2.5052635058123024e-8, 2.7626312892277597e-7, 2.7557411328398134e-6, 2.4801504618256911e-5,
                   1.9841269714704512e-4, 1.3888888932074853e-3, 8.3333333333914766e-3, 4.1666666666575332e-2,
                   1.6666666666666587e-1, 5.0000000000000053e-1);
  }
  V const one = broadcast<V>(1);
  return scale(fma(fma(q, e.r, one), e.r, one), e);
}

template <class V>
TFX_INLINE V expm1(V x) {
  V const y = has_floats<V> ? clamp_keeping_nan(x, -40, 89) : clamp_keeping_nan(x, -60, 710);
  auto const e = split_exponent(y);
  // Half of everything, as 2^n itself may overflow.
  V const half = power_of_two<V>(e.low_bits - 1);
  V const out = fma(half, short_expm1(e.r), half - lane_of<V>(0.5)) * 2;
  return abs(x) < lane_of<V>(1e-30) ? x : out;
}

/// 1 / d, to 14 bits or better.
template <class V>
TFX_INLINE V rough_reciprocal(V d) {
#if defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
  if constexpr (sizeof(V) == 64 && has_floats<V>) return (V)_mm512_maskz_rcp14_ps(0xffff, (__m512)d);
#endif
  return 1 / d;
}

/// a / (b + t) for a small whole number b, corrected for the rounding of b + t too.
template <class V>
TFX_INLINE V divide_by_sum(V a, lane_of<V> b, V t) {
  V const sum = t + b;
  if constexpr (has_floats<V> && sizeof(V) < 64) {
    // Two divisions at once: a loop waits less for them than for a reciprocal and then the remainder.
    V const gained = sum - b - t, quotient = a / sum;
    return fma(quotient, gained / sum, quotient);
  } else {
    V const reciprocal = rough_reciprocal(sum), quotient = a * reciprocal;
    return fma(fma(-quotient, t, fma(-quotient, broadcast<V>(b), a)), reciprocal, quotient);
  }
}

template <class V>
TFX_INLINE V tanh(V x) {
  V const magnitude = abs(x);
  V const y = extreme<false>(broadcast<V>(has_floats<V> ? 20 : 44), magnitude + magnitude);
  auto const e = split_exponent(y);
  V const power = power_of_two<V>(e.low_bits);
  V const t = fma(power, short_expm1(e.r), power - 1);  // expm1(2|x|)
  return copysign(divide_by_sum(t, 2, t), x);
}

template <class V>
TFX_INLINE V sigmoid(V x) {
  V const e = exp(-abs(x));
  return divide_by_sum(x < 0 ? e : broadcast<V>(1), 1, e);
}

}  // namespace native

/// eˣ.
template <class X>
TFX_INLINE X exp(X const& x) {
  if constexpr (is_pack<X>) {
    return map([](auto v) __attribute__((always_inline)) { return native::exp(v); }, x);
  } else {
    return std::exp(x);
  }
}
/// eˣ - 1, exact for small x.
template <class X>
TFX_INLINE X expm1(X const& x) {
  if constexpr (is_pack<X>) {
    return map([](auto v) __attribute__((always_inline)) { return native::expm1(v); }, x);
  } else {
    return std::expm1(x);
  }
}
/// The hyperbolic tangent.
template <class X>
TFX_INLINE X tanh(X const& x) {
  if constexpr (is_pack<X>) {
    return map([](auto v) __attribute__((always_inline)) { return native::tanh(v); }, x);
  } else {
    return std::tanh(x);
  }
}
/// 1 / (1 + e⁻ˣ).
template <class X>
TFX_INLINE X sigmoid(X const& x) {
  if constexpr (is_pack<X>) {
    return map([](auto v) __attribute__((always_inline)) { return native::sigmoid(v); }, x);
  } else {
    X const e = std::exp(-std::fabs(x));
    return (x < 0 ? e : X(1)) / (1 + e);
  }
}

}  // namespace simd
TFX_END
