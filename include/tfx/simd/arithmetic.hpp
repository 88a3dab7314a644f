// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/complex.hpp>

TFX_BEGIN
namespace simd {

/// f on the registers of packs of one type.
template <class F, class P, class... More>
TFX_INLINE P map(F f, P const& a, More const&... more) {
  P out;
  TFX_UNROLL for (int r = 0; r < P::registers; ++r) { out.set(r, f(a.get(r), more.get(r)...)); }
  return out;
}

/// a * b + c, rounded once where the processor can.
template <class A, class B, class C>
TFX_INLINE wider<wider<A, B>, C> fma(A const& a, B const& b, C const& c) {
  using X = wider<wider<A, B>, C>;
  if constexpr (is_complex<X>) {
    // Without the branches of std::complex that look for infinities among NaNs.
    auto const re = fma(-simd::imag(a), simd::imag(b), fma(simd::real(a), simd::real(b), simd::real(c)));
    auto const im = fma(simd::imag(a), simd::real(b), fma(simd::real(a), simd::imag(b), simd::imag(c)));
    return simd::complex(re, im);
  } else if constexpr (is_pack<X>) {
    return map([](auto x, auto y, auto z) __attribute__((always_inline)) { return native::fma(x, y, z); }, X(a), X(b),
               X(c));
  } else if constexpr (std::is_integral_v<X>) {
    return X(native::uint<X>(a) * u64(b) + u64(c));
  } else {
#if defined(__FMA__) || defined(__aarch64__)
    if constexpr (std::is_same_v<X, float>) return __builtin_fmaf(a, b, c);
    if constexpr (std::is_same_v<X, double>) return __builtin_fma(a, b, c);
#endif
    return a * b + c;
  }
}

/// The larger of two; NaN if either is.
template <class A, class B>
TFX_INLINE wider<A, B> max(A const& a, B const& b) {
  using X = wider<A, B>;
  if constexpr (is_pack<X>) {
    return map([](auto x, auto y) __attribute__((always_inline)) { return native::extreme_or_nan<true>(x, y); }, X(a),
               X(b));
  } else {
    return a > b || a != a ? a : X(b);
  }
}

/// The smaller of two; NaN if either is.
template <class A, class B>
TFX_INLINE wider<A, B> min(A const& a, B const& b) {
  using X = wider<A, B>;
  if constexpr (is_pack<X>) {
    return map([](auto x, auto y) __attribute__((always_inline)) { return native::extreme_or_nan<false>(x, y); }, X(a),
               X(b));
  } else {
    return a < b || a != a ? a : X(b);
  }
}

}  // namespace simd
TFX_END
