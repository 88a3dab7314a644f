// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/batchwise.hpp>
#include <tfx/simd/exp.hpp>

TFX_BEGIN
namespace simd {
namespace native {

/// The sine and cosine of x less the nearest multiple of π/2, which is `quadrant` of them (modulo 4).
template <class V>
struct octant {
  V sine, cosine;
  uvec<V> quadrant;
};

/// Beyond this magnitude the reduction below loses digits and the functions call std:: lane by lane.
inline constexpr double trigonometry_limit = 8192;

template <class V>
TFX_INLINE octant<V> reduce_angle(V x) {
  using T = lane_of<V>;
  V const z = rounded(fma(x, broadcast<V>(T(0.63661977236758134308)), broadcast<V>(to_low_bits<T>)));
  V const n = z - to_low_bits<T>;
  // π/2 in parts; n times all but the last has no rounding error.
  V r, square;
  octant<V> out;
  if constexpr (has_floats<V>) {
    r = fma(n, broadcast<V>(-1.5703125f), x);
    r = fma(n, broadcast<V>(-4.837512969970703125e-4f), r);
    r = fma(n, broadcast<V>(-7.54953362047672e-8f), r);
    r = fma(n, broadcast<V>(-2.563344152e-12f), r);
    square = r * r;
    out.sine = polynomial(square, -1.9503293835e-4, 8.3320960442e-3, -1.6666654603e-1);
    out.cosine = polynomial(square, 2.4463166385e-5, -1.3887649463e-3, 4.1666654580e-2);
  } else {
    r = fma(n, broadcast<V>(-1.570796326792333275079727), x);
    r = fma(n, broadcast<V>(-2.563344151597190678922803e-12), r);
    r = fma(n, broadcast<V>(2.6718907338610156855e-24), r);
    square = r * r;
    out.sine = polynomial(square, 1.5894416281620769e-10, -2.5050729637909249e-8, 2.7557313621788411e-6,
                          -1.9841269830064245e-4, 8.333333333323575e-3, -1.6666666666666642e-1);
    out.cosine = polynomial(square, -1.1367797746954832e-11, 2.0875894652201611e-9, -2.7557315719803196e-7,
                            2.4801587294577861e-5, -1.3888888888882785e-3, 4.1666666666666651e-2);
  }
  out.sine = fma(r * square, out.sine, r);
  out.cosine = fma(square * square, out.cosine, fma(square, broadcast<V>(T(-0.5)), broadcast<V>(1)));
  out.quadrant = (uvec<V>)z;
  return out;
}

/// f in place on the lanes past the limit.
template <class V, class F>
[[gnu::noinline, gnu::cold]] void replace_large(V const* x, V* out, F f) {
  for (int i = 0; i < lanes_of<V>; ++i)
    if (!(std::fabs((*x)[i]) <= lane_of<V>(trigonometry_limit))) (*out)[i] = f((*x)[i]);
}
template <class V, class F>
TFX_INLINE V with_large(V x, V out, F f) {
  if (compare<comparison::less>(broadcast<V>(lane_of<V>(trigonometry_limit)), abs(x)) != 0) replace_large(&x, &out, f);
  return out;
}

template <class V>
TFX_INLINE V flip_sign(V v, uvec<V> quadrant) {
  return (V)((uvec<V>)v ^ ((quadrant & uint<lane_of<V>>(2)) << uint<lane_of<V>>(8 * sizeof(lane_of<V>) - 2)));
}

template <class V>
TFX_INLINE V sin(V x) {
  auto const o = reduce_angle(x);
  V const out = flip_sign((o.quadrant & 1) == 0 ? o.sine : o.cosine, o.quadrant);
  return with_large(x, x == 0 ? x : out, [](lane_of<V> v) { return std::sin(v); });
}

template <class V>
TFX_INLINE V cos(V x) {
  auto const o = reduce_angle(x);
  V const out = flip_sign((o.quadrant & 1) == 0 ? o.cosine : o.sine, o.quadrant + 1);
  return with_large(x, out, [](lane_of<V> v) { return std::cos(v); });
}

template <class V>
TFX_INLINE V tan(V x) {
  auto const o = reduce_angle(x);
  auto const even = (o.quadrant & 1) == 0;
  V const out = (even ? o.sine : -o.cosine) / (even ? o.cosine : o.sine);
  return with_large(x, x == 0 ? x : out, [](lane_of<V> v) { return std::tan(v); });
}

}  // namespace native

/// The sine of an angle in radians, of any size.
template <class X>
TFX_INLINE X sin(X const& x) {
  if constexpr (is_pack<X>) {
    return map([](auto v) __attribute__((always_inline)) { return native::sin(v); }, x);
  } else {
    return std::sin(x);
  }
}
/// The cosine of an angle in radians, of any size.
template <class X>
TFX_INLINE X cos(X const& x) {
  if constexpr (is_pack<X>) {
    return map([](auto v) __attribute__((always_inline)) { return native::cos(v); }, x);
  } else {
    return std::cos(x);
  }
}
/// The tangent of an angle in radians, of any size.
template <class X>
TFX_INLINE X tan(X const& x) {
  if constexpr (is_pack<X>) {
    return map([](auto v) __attribute__((always_inline)) { return native::tan(v); }, x);
  } else {
    return std::tan(x);
  }
}

/// The angle in [-π/2, π/2] whose sine is x.
template <class X>
TFX_INLINE X asin(X const& x) {
  return batchwise([](auto v) { return xsimd::asin(v); }, [](lane_t<X> v) { return std::asin(v); }, x);
}
/// The angle in [0, π] whose cosine is x.
template <class X>
TFX_INLINE X acos(X const& x) {
  return batchwise([](auto v) { return xsimd::acos(v); }, [](lane_t<X> v) { return std::acos(v); }, x);
}
/// The angle in (-π/2, π/2) whose tangent is x.
template <class X>
TFX_INLINE X atan(X const& x) {
  return batchwise([](auto v) { return xsimd::atan(v); }, [](lane_t<X> v) { return std::atan(v); }, x);
}

}  // namespace simd
TFX_END
