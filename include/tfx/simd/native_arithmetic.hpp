// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/native.hpp>

TFX_BEGIN
namespace simd::native {

/// A float as an integer, towards zero; what does not fit becomes what x86 gives: the least i32 or i64, of which
/// narrower and unsigned types take the low bits.
template <class To, class From>
TFX_INLINE To to_integer(From x) {
  using Wide = std::conditional_t<std::is_same_v<To, u64>, i64,
                                  std::conditional_t<(sizeof(To) < 4), std::int32_t,
                                                     std::conditional_t<std::is_same_v<To, std::uint32_t>, i64, To>>>;
  constexpr From limit = From(u64(1) << (8 * sizeof(Wide) - 2)) * 2;
  if constexpr (std::is_same_v<To, u64>) {
    if (x >= limit && x < 2 * limit) return To(x);
  }
  return To(x >= -limit && x < limit ? Wide(x) : std::numeric_limits<Wide>::min());
}

/// Each lane as a To; g++ 12 needs help to find the 512-bit instructions.
template <class To, class V>
TFX_INLINE vec<To, lanes_of<V>> cast(V v) {
  using From = lane_of<V>;
  constexpr int k = lanes_of<V>;
  using Out = vec<To, k>;
#if defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
  constexpr bool to_double = k == 8 && std::is_same_v<To, double>;
  if constexpr (to_double && std::is_same_v<From, float>) {
    return (Out)_mm512_maskz_cvtps_pd(0xff, (__m256)v);
  } else if constexpr (to_double && std::is_same_v<From, std::int32_t>) {
    return (Out)_mm512_maskz_cvtepi32_pd(0xff, (__m256i)v);
  } else if constexpr (k == 8 && std::is_same_v<From, double> && std::is_same_v<To, float>) {
    return (Out)_mm512_maskz_cvtpd_ps(0xff, (__m512d)v);
  } else if constexpr (k == 16 && std::is_same_v<From, std::uint8_t> && std::is_same_v<To, std::int32_t>) {
    return (Out)_mm512_maskz_cvtepu8_epi32(0xffff, (__m128i)v);
  } else
#endif
      if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    if constexpr (sizeof(To) < 4) {
      return __builtin_convertvector(cast<std::int32_t>(v), Out);
    } else {
      Out out;
      for (int i = 0; i < k; ++i) out[i] = to_integer<To>(v[i]);
      return out;
    }
  } else if constexpr (sizeof(From) < 4 && std::is_floating_point_v<To>) {
    return cast<To>(cast<std::int32_t>(v));
  } else {
    return __builtin_convertvector(v, Out);
  }
}

/// a * b + c with one rounding where the processor can. (xsimd 8.1's rounds twice in 512 and in 128 bits.)
template <class V>
TFX_INLINE V fma(V a, V b, V c) {
  constexpr bool is_float = std::is_same_v<lane_of<V>, float>, is_double = std::is_same_v<lane_of<V>, double>;
  [[maybe_unused]] constexpr int bytes = sizeof(V);
#if defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
  if constexpr (is_float && bytes == 64) return (V)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
  if constexpr (is_double && bytes == 64) return (V)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#endif
#if defined(__FMA__)
  if constexpr (is_float && bytes == 32) return (V)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
  if constexpr (is_double && bytes == 32) return (V)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
  if constexpr (is_float && bytes == 16) return (V)_mm_fmadd_ps((__m128)a, (__m128)b, (__m128)c);
  if constexpr (is_double && bytes == 16) return (V)_mm_fmadd_pd((__m128d)a, (__m128d)b, (__m128d)c);
#endif
  if constexpr (!is_float && !is_double) {
    return (V)((uvec<V>)a * (uvec<V>)b + (uvec<V>)c);
  } else {
    return a * b + c;
  }
}

/// a / b rounded towards zero. Nothing traps: a lane divided by zero is anything, the least value / -1 is itself.
template <class V>
TFX_INLINE V divide(V a, V b) {
  using T = lane_of<V>;
  constexpr int k = lanes_of<V>;
  V const one = broadcast<V>(1);
  V const divisor = ((V)(b == V{}) & one) | b;
  V out;
  if constexpr (std::is_signed_v<T>) {
    // Dividing by -1 is negation, which wraps.
    auto const minus_one = divisor == (V)~uvec<V>{};
    V const safe = (V)(minus_one & 2) + divisor;
    if constexpr (sizeof(T) == 4) {
      // 53 bits hold each quotient exactly enough; in halves because g++ 12 cannot widen a whole register at -O0.
      using I = vec<T, k / 2>;
      auto const quotient = [](I x, I y) __attribute__((always_inline)) {
        return __builtin_convertvector(cast<double>(x) / cast<double>(y), I);
      };
      out = join(quotient(part<0, k / 2>(a), part<0, k / 2>(safe)),
                 quotient(part<k / 2, k / 2>(a), part<k / 2, k / 2>(safe)));
    } else {
      for (int i = 0; i < k; ++i) out[i] = T(a[i] / safe[i]);
    }
    return (V)(((uvec<V>)out ^ (uvec<V>)minus_one) - (uvec<V>)minus_one);
  } else {
    for (int i = 0; i < k; ++i) out[i] = T(a[i] / divisor[i]);
    return out;
  }
}

/// a Op b on lanes; integers wrap, and shift by the count modulo their width.
template <char Op, class V>
TFX_INLINE V apply(V a, V b) {
  using T = lane_of<V>;
  if constexpr (std::is_floating_point_v<T>) {
    if constexpr (Op == '+') return a + b;
    if constexpr (Op == '-') return a - b;
    if constexpr (Op == '*') return a * b;
    if constexpr (Op == '/') return a / b;
  } else {
    using U = uvec<V>;
    U const x = (U)a, y = (U)b;
    if constexpr (Op == '+') return (V)(x + y);
    if constexpr (Op == '-') return (V)(x - y);
    if constexpr (Op == '*') return (V)(x * y);
    if constexpr (Op == '/') return divide(a, b);
    if constexpr (Op == '%') return (V)(x - (U)divide(a, b) * y);
    if constexpr (Op == '&') return (V)(x & y);
    if constexpr (Op == '|') return (V)(x | y);
    if constexpr (Op == '^') return (V)(x ^ y);
    U const count = y & uint<T>(8 * sizeof(T) - 1);
    if constexpr (Op == '<') return (V)(x << count);
    if constexpr (Op == '>') return a >> (V)count;
  }
}

/// The larger (smaller) of two lanes; b where either is NaN. (So does xsimd 8.1; later ones give a.)
template <bool Larger, class V>
TFX_INLINE V extreme(V a, V b) {
  [[maybe_unused]] constexpr bool is_float = std::is_same_v<lane_of<V>, float>;
  [[maybe_unused]] constexpr bool is_double = std::is_same_v<lane_of<V>, double>;
#if defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
  if constexpr (is_float && sizeof(V) == 64)
    return (V)(Larger ? _mm512_maskz_max_ps(0xffff, (__m512)a, (__m512)b)
                      : _mm512_maskz_min_ps(0xffff, (__m512)a, (__m512)b));
  if constexpr (is_double && sizeof(V) == 64)
    return (V)(Larger ? _mm512_maskz_max_pd(0xff, (__m512d)a, (__m512d)b)
                      : _mm512_maskz_min_pd(0xff, (__m512d)a, (__m512d)b));
#endif
#if defined(__AVX__)
  if constexpr (is_float && sizeof(V) == 32)
    return (V)(Larger ? _mm256_max_ps((__m256)a, (__m256)b) : _mm256_min_ps((__m256)a, (__m256)b));
  if constexpr (is_double && sizeof(V) == 32)
    return (V)(Larger ? _mm256_max_pd((__m256d)a, (__m256d)b) : _mm256_min_pd((__m256d)a, (__m256d)b));
#endif
#if defined(__SSE2__)
  if constexpr (is_float && sizeof(V) == 16)
    return (V)(Larger ? _mm_max_ps((__m128)a, (__m128)b) : _mm_min_ps((__m128)a, (__m128)b));
  if constexpr (is_double && sizeof(V) == 16)
    return (V)(Larger ? _mm_max_pd((__m128d)a, (__m128d)b) : _mm_min_pd((__m128d)a, (__m128d)b));
#endif
  if constexpr (Larger) {
    return a > b ? a : b;
  } else {
    return a < b ? a : b;
  }
}

/// The larger (smaller) of two lanes; NaN if either is. One instruction where b is a constant, as in `max(x, 0)`.
template <bool Larger, class V>
TFX_INLINE V extreme_or_nan(V a, V b) {
  V const out = extreme<Larger>(b, a);
  if constexpr (std::is_integral_v<lane_of<V>>) {
    return out;
  } else {
    return b != b ? b : out;
  }
}

/// Whether lanes are computed with more digits than memory holds, as by the x87.
#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0 && !defined(__SSE2__)
inline constexpr bool has_excess_precision = true;
#else
inline constexpr bool has_excess_precision = false;
#endif

/// v as memory holds it: `(v + large) - large` must not see more digits.
template <class V>
TFX_INLINE V rounded(V v) {
  if constexpr (has_excess_precision) __asm__("" : "+m"(v));
  return v;
}

template <class V>
TFX_INLINE V sign_bits(V v) {
  return (V)((uvec<V>)v & uint<lane_of<V>>(uint<lane_of<V>>(1) << (8 * sizeof(lane_of<V>) - 1)));
}

template <class V>
TFX_INLINE V abs(V v) {
  return (V)((uvec<V>)v ^ (uvec<V>)sign_bits(v));
}
template <class V>
TFX_INLINE V copysign(V a, V b) {
  return (V)((uvec<V>)a ^ (uvec<V>)sign_bits(a) ^ (uvec<V>)sign_bits(b));
}

// g++ 12 warns about `_mm512_undefined_ps` inside the plain AVX-512 intrinsics, which xsimd 8.1 calls, not inside the
// masked ones. (Its square root is an estimate on ARM.)
template <class V>
TFX_INLINE V sqrt(V v) {
  [[maybe_unused]] constexpr bool is_float = std::is_same_v<lane_of<V>, float>;
#if defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
  if constexpr (sizeof(V) == 64 && is_float) return (V)_mm512_maskz_sqrt_ps(0xffff, (__m512)v);
  if constexpr (sizeof(V) == 64 && !is_float) return (V)_mm512_maskz_sqrt_pd(0xff, (__m512d)v);
#endif
#if defined(__AVX__)
  if constexpr (sizeof(V) == 32 && is_float) return (V)_mm256_sqrt_ps((__m256)v);
  if constexpr (sizeof(V) == 32 && !is_float) return (V)_mm256_sqrt_pd((__m256d)v);
#endif
#if defined(__SSE2__)
  if constexpr (sizeof(V) == 16 && is_float) return (V)_mm_sqrt_ps((__m128)v);
  if constexpr (sizeof(V) == 16 && !is_float) return (V)_mm_sqrt_pd((__m128d)v);
#elif defined(__aarch64__)
  if constexpr (sizeof(V) == 16 && is_float) return (V)vsqrtq_f32((float32x4_t)v);
  if constexpr (sizeof(V) == 16 && !is_float) return (V)vsqrtq_f64((float64x2_t)v);
#endif
  for (int i = 0; i < lanes_of<V>; ++i) v[i] = std::sqrt(v[i]);
  return v;
}

/// The values are those of the x86 instructions. (xsimd 8.1 loses the sign of zeros without SSE4.1.)
enum class rounding { nearest = 8, down = 9, up = 10, towards_zero = 11 };

template <rounding R, class V>
TFX_INLINE V round(V v) {
  using T = lane_of<V>;
  [[maybe_unused]] constexpr bool is_float = std::is_same_v<T, float>;
#if defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
  if constexpr (sizeof(V) == 64 && is_float) return (V)_mm512_maskz_roundscale_ps(0xffff, (__m512)v, int(R));
  if constexpr (sizeof(V) == 64 && !is_float) return (V)_mm512_maskz_roundscale_pd(0xff, (__m512d)v, int(R));
#endif
#if defined(__AVX__)
  if constexpr (sizeof(V) == 32 && is_float) return (V)_mm256_round_ps((__m256)v, int(R));
  if constexpr (sizeof(V) == 32 && !is_float) return (V)_mm256_round_pd((__m256d)v, int(R));
#endif
#if defined(__SSE4_1__)
  if constexpr (sizeof(V) == 16 && is_float) return (V)_mm_round_ps((__m128)v, int(R));
  if constexpr (sizeof(V) == 16 && !is_float) return (V)_mm_round_pd((__m128d)v, int(R));
#endif
  if constexpr (has_excess_precision) {
    // The method below would round twice.
    for (int i = 0; i < lanes_of<V>; ++i) {
      if constexpr (R == rounding::nearest) v[i] = std::nearbyint(v[i]);
      if constexpr (R == rounding::down) v[i] = std::floor(v[i]);
      if constexpr (R == rounding::up) v[i] = std::ceil(v[i]);
      if constexpr (R == rounding::towards_zero) v[i] = std::trunc(v[i]);
    }
    return v;
  } else {
    // Adding and subtracting this leaves the nearest integer of what has digits behind the point.
    constexpr T large = T(u64(1) << (is_float ? 23 : 52));
    V const magnitude = abs(v);
    V out = (magnitude + large) - large;
    if constexpr (R == rounding::towards_zero) out = out > magnitude ? out - 1 : out;
    out = magnitude < large ? copysign(out, v) : v;
    if constexpr (R == rounding::down) out = out > v ? out - 1 : out;
    if constexpr (R == rounding::up) out = copysign(out < v ? out + 1 : out, v);
    return out;
  }
}

}  // namespace simd::native
TFX_END
