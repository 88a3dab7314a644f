// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/arithmetic.hpp>

TFX_BEGIN
namespace simd {
/// The magnitude; the least integer stays itself.
template <class X>
TFX_INLINE X abs(X const& x) {
  using T = lane_t<X>;
  if constexpr (std::is_unsigned_v<T>) {
    return x;
  } else if constexpr (is_pack<X> && std::is_floating_point_v<T>) {
    return map([](auto v) __attribute__((always_inline)) { return native::abs(v); }, x);
  } else if constexpr (is_pack<X>) {
    return max(x, -x);
  } else if constexpr (std::is_floating_point_v<T>) {
    return std::fabs(x);
  } else {
    return x < 0 ? T(u64(0) - u64(x)) : x;
  }
}

/// -1, 0 or 1; NaN stays.
template <class X>
TFX_INLINE X sign(X const& x) {
  using T = lane_t<X>;
  if constexpr (std::is_unsigned_v<T>) {
    return select(x > T(0), X(T(1)), X(T(0)));
  } else {
    return select(x > T(0), X(T(1)), select(x < T(0), X(T(-1)), x));
  }
}

/// The square root, rounded right.
template <class X>
TFX_INLINE X sqrt(X const& x) {
  if constexpr (is_pack<X>) {
    return map([](auto v) __attribute__((always_inline)) { return native::sqrt(v); }, x);
  } else {
    return std::sqrt(x);
  }
}

/// 1 / sqrt(x).
template <class X>
TFX_INLINE X rsqrt(X const& x) {
  return X(lane_t<X>(1)) / sqrt(x);
}

/// The nearest integer not above x.
template <class X>
TFX_INLINE X floor(X const& x) {
  if constexpr (std::is_integral_v<lane_t<X>>) {
    return x;
  } else if constexpr (is_pack<X>) {
    return map([](auto v) __attribute__((always_inline)) { return native::round<native::rounding::down>(v); }, x);
  } else {
    return std::floor(x);
  }
}
/// The nearest integer not below x.
template <class X>
TFX_INLINE X ceil(X const& x) {
  if constexpr (std::is_integral_v<lane_t<X>>) {
    return x;
  } else if constexpr (is_pack<X>) {
    return map([](auto v) __attribute__((always_inline)) { return native::round<native::rounding::up>(v); }, x);
  } else {
    return std::ceil(x);
  }
}
/// The nearest integer towards zero.
template <class X>
TFX_INLINE X trunc(X const& x) {
  if constexpr (std::is_integral_v<lane_t<X>>) {
    return x;
  } else if constexpr (is_pack<X>) {
    return map([](auto v) __attribute__((always_inline)) { return native::round<native::rounding::towards_zero>(v); },
               x);
  } else {
    return std::trunc(x);
  }
}
/// The nearest integer, halves to the even one.
template <class X>
TFX_INLINE X rint(X const& x) {
  if constexpr (std::is_integral_v<lane_t<X>>) {
    return x;
  } else if constexpr (is_pack<X>) {
    return map([](auto v) __attribute__((always_inline)) { return native::round<native::rounding::nearest>(v); }, x);
  } else {
    return std::nearbyint(x);
  }
}
/// The nearest integer, halves to the even one, as TensorFlow's round.
template <class X>
TFX_INLINE X round(X const& x) {
  return rint(x);
}

template <class X>
TFX_INLINE rebind<X, bool> isnan(X const& x) {
  return x != x;
}
template <class X>
TFX_INLINE rebind<X, bool> isinf(X const& x) {
  if constexpr (std::is_integral_v<lane_t<X>>) {
    return rebind<X, bool>(false);
  } else {
    return abs(x) == X(std::numeric_limits<lane_t<X>>::infinity());
  }
}
template <class X>
TFX_INLINE rebind<X, bool> isfinite(X const& x) {
  if constexpr (std::is_integral_v<lane_t<X>>) {
    return rebind<X, bool>(true);
  } else {
    return abs(x) < X(std::numeric_limits<lane_t<X>>::infinity());
  }
}

/// The magnitude of a with the sign of b.
template <class A, class B>
TFX_INLINE wider<A, B> copysign(A const& a, B const& b) {
  using X = wider<A, B>;
  if constexpr (is_pack<X>) {
    return map([](auto x, auto y) __attribute__((always_inline)) { return native::copysign(x, y); }, X(a), X(b));
  } else {
    return std::copysign(a, X(b));
  }
}

}  // namespace simd
TFX_END
