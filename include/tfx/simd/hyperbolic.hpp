// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/batchwise.hpp>

TFX_BEGIN
namespace simd {

/// The hyperbolic sine.
template <class X>
TFX_INLINE X sinh(X const& x) {
  return batchwise([](auto v) { return xsimd::sinh(v); }, [](lane_t<X> v) { return std::sinh(v); }, x);
}
/// The hyperbolic cosine.
template <class X>
TFX_INLINE X cosh(X const& x) {
  return batchwise([](auto v) { return xsimd::cosh(v); }, [](lane_t<X> v) { return std::cosh(v); }, x);
}
/// The inverse of sinh.
template <class X>
TFX_INLINE X asinh(X const& x) {
  return batchwise([](auto v) { return xsimd::asinh(v); }, [](lane_t<X> v) { return std::asinh(v); }, x);
}
/// The inverse of cosh for x >= 1; NaN below, where xsimd gives numbers.
template <class X>
TFX_INLINE X acosh(X const& x) {
  X const y = batchwise([](auto v) { return xsimd::acosh(v); }, [](lane_t<X> v) { return std::acosh(v); }, x);
  return select(x < lane_t<X>(1), X(std::numeric_limits<lane_t<X>>::quiet_NaN()), y);
}
/// The inverse of tanh.
template <class X>
TFX_INLINE X atanh(X const& x) {
  return batchwise([](auto v) { return xsimd::atanh(v); }, [](lane_t<X> v) { return std::atanh(v); }, x);
}

}  // namespace simd
TFX_END
