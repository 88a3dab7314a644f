// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/lanewise.hpp>

#if defined(__SSE2__)
TFX_BEGIN
namespace simd::native {
/// An architecture of xsimd's under a name that tells the compiler's flags, as those of tfx's own functions do. What
/// xsimd compiles for its own names may be shared with units that are built for a lesser processor.
template <int Bytes>
struct registers : arch_of<Bytes>::type {};
}  // namespace simd::native
TFX_END

namespace xsimd::types {
XSIMD_DECLARE_SIMD_REGISTER_ALIAS(tfx::simd::native::registers<16>, tfx::simd::native::arch_of<16>::type);
#if defined(__AVX2__)
XSIMD_DECLARE_SIMD_REGISTER_ALIAS(tfx::simd::native::registers<32>, tfx::simd::native::arch_of<32>::type);
#endif
}  // namespace xsimd::types
#endif

TFX_BEGIN
namespace simd {

#if defined(__SSE2__)
namespace native {
#if defined(__AVX2__)
inline constexpr int batch_bytes = 32;
#else
inline constexpr int batch_bytes = 16;
#endif

/// f on a batch of xsimd's, or on several: 512 bits are two, since xsimd 8.1 has no fma for them, and g++ 12 warns
/// about what it calls there.
template <class F, class V>
TFX_INLINE V batchwise(F f, V v) {
  constexpr int k = lanes_of<V>;
  if constexpr (sizeof(V) > batch_bytes) {
    return join(batchwise(f, part<0, k / 2>(v)), batchwise(f, part<k / 2, k / 2>(v)));
  } else {
    using batch = xsimd::batch<lane_of<V>, registers<int(sizeof(V))>>;
    return (V)f(batch((typename batch::register_type)v)).data;
  }
}
}  // namespace native
#endif

/// f, a function of xsimd's, on packs of floats where the processor is one for which it was found right; else g on each
/// lane.
template <class F, class G, class X>
TFX_INLINE X batchwise([[maybe_unused]] F f, [[maybe_unused]] G g, X const& x) {
#if defined(__SSE2__)
  if constexpr (is_pack<X>) {
    return map([f](auto v) __attribute__((always_inline)) { return native::batchwise(f, v); }, x);
  } else
#endif
  {
    return lanewise(g, x);
  }
}

}  // namespace simd
TFX_END
