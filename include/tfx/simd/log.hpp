// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/exp.hpp>

TFX_BEGIN
namespace simd {
namespace native {

/// x = 2^n (1 + f) with 1 + f between √½ and √2, for positive numbers.
template <class V>
struct logarithm {
  V n, f;
};
template <class V>
TFX_INLINE logarithm<V> split_logarithm(V x) {
  using T = lane_of<V>;
  using U = uint<T>;
#if defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
  if constexpr (sizeof(V) == 64) {
    V n, m;
    if constexpr (has_floats<V>) {
      n = (V)_mm512_maskz_getexp_ps(0xffff, (__m512)x);
      m = (V)_mm512_maskz_getmant_ps(0xffff, (__m512)x, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_zero);
    } else {
      n = (V)_mm512_maskz_getexp_pd(0xff, (__m512d)x);
      m = (V)_mm512_maskz_getmant_pd(0xff, (__m512d)x, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_zero);
    }
    u64 const above = compare<comparison::less>(broadcast<V>(T(1.41421356237309504880)), m);
    return {choose(above, n + 1, n), choose(above, m * T(0.5), m) - 1};
  } else
#endif
  {
    // Subnormal numbers are scaled up.
    constexpr int bits = mantissa_bits<T>;
    auto const tiny = x < std::numeric_limits<T>::min();
    constexpr U root_half = has_floats<V> ? U(0x3f3504f3) : U(0x3fe6a09e667f3bcd);
    auto const moved = (uvec<V>)(tiny ? x * T(u64(1) << 54) : x) + U((U(exponent_bias<T>) << bits) - root_half);
    V const biased = (V)((moved >> U(bits)) + (uvec<V>)broadcast<V>(to_low_bits<T>));
    constexpr T bias = to_low_bits<T> + exponent_bias<T>;
    return {biased - (tiny ? broadcast<V>(bias + 54) : broadcast<V>(bias)),
            (V)((moved & U((U(1) << bits) - 1)) + root_half) - 1};
  }
}

/// The logarithm itself except where x is not a positive number.
template <class V>
TFX_INLINE V with_special_logarithms(V x, V out) {
  using T = lane_of<V>;
#if defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
  // Eight classes of x, four bits each: NaN stays, 0 gives -∞, ∞ itself, the negative NaN.
  constexpr int table = 0x03530422;
  if constexpr (sizeof(V) == 64 && has_floats<V>)
    return (V)_mm512_fixupimm_ps((__m512)out, (__m512)x, _mm512_set1_epi32(table), 0);
  if constexpr (sizeof(V) == 64 && !has_floats<V>)
    return (V)_mm512_fixupimm_pd((__m512d)out, (__m512d)x, _mm512_set1_epi64(table), 0);
#endif
  V const infinity = broadcast<V>(std::numeric_limits<T>::infinity());
  out = x < infinity ? out : x;
  out = x == 0 ? -infinity : out;
  return x < 0 ? broadcast<V>(std::numeric_limits<T>::quiet_NaN()) : out;
}

/// log(u) + small, where `small` is below the last bits of u.
template <class V>
TFX_INLINE V log_plus(V u, V small) {
  auto const [n, f] = split_logarithm(u);
  V const square = f * f;
  V out;
  if constexpr (has_floats<V>) {
    V const p = polynomial(f, 6.9372926931e-2, -1.1846735617e-1, 1.1888799068e-1, -1.2377486965e-1, 1.4217117553e-1,
                           -1.6669483663e-1, 2.0002187275e-1, -2.4999983846e-1, 3.3333314040e-1);
    V low = fma(n, broadcast<V>(-2.12194440e-4f), fma(square * f, p, small));
    low = fma(square, broadcast<V>(-0.5f), low);
    out = fma(n, broadcast<V>(0.693359375f), f + low);
  } else {
    V const s = f / (f + 2), z = s * s, half = square * 0.5;
    V const p = polynomial(z, 1.4810362469685975e-1, 1.5313179294729204e-1, 1.8183570997753516e-1,
                           2.2222199100392181e-1, 2.8571428729204092e-1, 3.9999999999520117e-1, 6.6666666666667095e-1);
    V const low = fma(s, fma(p, z, half), fma(n, broadcast<V>(1.90821492927058770002e-10), small));
    out = fma(n, broadcast<V>(0.693147180369123816490), f - (half - low));
  }
  return with_special_logarithms(u, out);
}

template <class V>
TFX_INLINE V log(V x) {
  return log_plus(x, V{});
}

template <class V>
TFX_INLINE V log1p(V x) {
  V const u = rounded(x + 1);
  V const out = log_plus(u, (x - (u - 1)) / u);
  return x == 0 ? x : out;
}

}  // namespace native

/// The natural logarithm.
template <class X>
TFX_INLINE X log(X const& x) {
  if constexpr (is_pack<X>) {
    return map([](auto v) __attribute__((always_inline)) { return native::log(v); }, x);
  } else {
    return std::log(x);
  }
}
/// log(1 + x), exact for small x.
template <class X>
TFX_INLINE X log1p(X const& x) {
  if constexpr (is_pack<X>) {
    return map([](auto v) __attribute__((always_inline)) { return native::log1p(v); }, x);
  } else {
    return std::log1p(x);
  }
}
/// log(1 + eˣ).
template <class X>
TFX_INLINE X softplus(X const& x) {
  return max(x, lane_t<X>(0)) + log1p(exp(-abs(x)));
}

}  // namespace simd
TFX_END
