// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/arithmetic.hpp>

TFX_BEGIN
namespace simd {

/// f on each lane in turn, for functions too rare to be worth more.
template <class F, class X, class... More>
TFX_INLINE X lanewise(F f, X const& x, More const&... more) {
  if constexpr (is_pack<X>) {
    X out;
    TFX_UNROLL for (int r = 0; r < X::registers; ++r) {
      auto v = x.get(r);
      for (int i = 0; i < X::step; ++i) v[i] = f(v[i], more.get(r)[i]...);
      out.set(r, v);
    }
    return out;
  } else {
    return f(x, more...);
  }
}

/// 1 - erf(x), exact for large x, where xsimd's is not.
template <class X>
TFX_INLINE X erfc(X const& x) {
  return lanewise([](lane_t<X> v) { return std::erfc(v); }, x);
}
/// The angle of the point (x, y), in [-π, π].
template <class A, class B>
TFX_INLINE wider<A, B> atan2(A const& y, B const& x) {
  using X = wider<A, B>;
  return lanewise([](lane_t<X> a, lane_t<X> b) { return std::atan2(a, b); }, X(y), X(x));
}
/// The distance of the point (x, y) from the origin, without overflow.
template <class X>
TFX_INLINE X hypot(X const& x, X const& y) {
  return lanewise([](lane_t<X> a, lane_t<X> b) { return std::hypot(a, b); }, x, y);
}
/// The remainder of x / y with the sign of x, exact; also of integers.
template <class A, class B>
TFX_INLINE wider<A, B> fmod(A const& x, B const& y) {
  using X = wider<A, B>;
  if constexpr (std::is_integral_v<lane_t<X>>) {
    return X(X(x) % X(y));
  } else {
    return lanewise([](lane_t<X> a, lane_t<X> b) { return std::fmod(a, b); }, X(x), X(y));
  }
}

}  // namespace simd
TFX_END
