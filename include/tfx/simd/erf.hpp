// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/exp.hpp>
#include <tfx/simd/lanewise.hpp>

TFX_BEGIN
namespace simd {
namespace native {

template <class V>
TFX_INLINE V erf_float(V x) {
  V const a = abs(x), square = x * x;
  V const near = fma(x,
                     polynomial(square, 8.5130998e-5, -8.1756446e-4, 5.2038604e-3, -2.6860509e-2, 1.12837151e-1,
                                -3.7612635e-1, 1.283791667e-1),
                     x);
  // -log(1 - erf) is nearly a parabola; from 4 on erf is 1.
  V const b = extreme<false>(broadcast<V>(4), a);
  V const p = polynomial(b, 1.63622899e-5, -3.68881083e-4, 3.7950161e-3, -2.39645925e-2, 1.062313939e-1, 6.354449221e-1,
                         1.1283663663, 8.4906429e-5);
  return a < lane_of<V>(0.9) ? near : copysign(1 - exp(-p), x);
}

}  // namespace native

/// The error function.
template <class X>
TFX_INLINE X erf(X const& x) {
  if constexpr (is_pack<X> && std::is_same_v<lane_t<X>, float>) {
    return map([](auto v) __attribute__((always_inline)) { return native::erf_float(v); }, x);
  } else {
    return lanewise([](lane_t<X> v) { return std::erf(v); }, x);
  }
}

}  // namespace simd
TFX_END
