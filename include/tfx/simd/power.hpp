// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/convert.hpp>
#include <tfx/simd/lanewise.hpp>
#include <tfx/simd/log.hpp>

TFX_BEGIN
namespace simd {

/// By squaring; the exponent is not negative.
template <class T>
inline T integer_power(T base, T exponent) {
  u64 out = 1, square = u64(base);
  for (u64 e = u64(exponent); e != 0; e >>= 1, square *= square)
    if (e & 1) out *= square;
  return T(out);
}

/// For floats in double, whose 53 bits leave nothing to see of the error of y log x.
template <int L>
TFX_INLINE pack<float, L> float_power(pack<float, L> const& x, pack<float, L> const& y) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  auto const log_magnitude = convert<double>(y) * log(convert<double>(abs(x)));
  auto out = convert<float>(exp(log_magnitude));
  out = select((abs(x) == 1.0f) & (y == y), 1.0f, out);
  auto const integer = trunc(y) == y, odd = integer & (trunc(y * 0.5f) * 2.0f != y);
  out = select(odd, copysign(out, x), out);
  out = select((x < 0.0f) & (x > -infinity) & !integer & (y == y), std::numeric_limits<float>::quiet_NaN(), out);
  return select((x == 1.0f) | (y == 0.0f), 1.0f, out);
}

/// x to the power y, as std::pow; integers wrap, and of them y >= 0.
template <class A, class B>
TFX_INLINE wider<A, B> pow(A const& x, B const& y) {
  using X = wider<A, B>;
  using T = lane_t<X>;
  if constexpr (std::is_integral_v<T>) {
    return lanewise([](T a, T b) { return integer_power<T>(a, b); }, X(x), X(y));
  } else if constexpr (is_pack<X> && std::is_same_v<T, float>) {
    return float_power(X(x), X(y));
  } else {
    return lanewise([](T a, T b) { return std::pow(a, b); }, X(x), X(y));
  }
}

}  // namespace simd
TFX_END
