// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/native.hpp>

TFX_BEGIN
namespace simd::native {

/// sum + a · b of lanes that are each two 16-bit integers with a sign, whose two products are added; sums wrap.
template <int K>
TFX_INLINE vec<std::int32_t, K> add_products(vec<std::int32_t, K> sum, vec<std::int32_t, K> a, vec<std::int32_t, K> b) {
  using V = vec<std::int32_t, K>;
  [[maybe_unused]] constexpr int bytes = sizeof(V);
#if defined(__AVX512VNNI__) && defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
  if constexpr (bytes == 64) return (V)_mm512_dpwssd_epi32((__m512i)sum, (__m512i)a, (__m512i)b);
#elif defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
  if constexpr (bytes == 64) return (V)_mm512_add_epi32((__m512i)sum, _mm512_madd_epi16((__m512i)a, (__m512i)b));
#elif defined(__AVX2__)
  if constexpr (bytes == 32) return (V)_mm256_add_epi32((__m256i)sum, _mm256_madd_epi16((__m256i)a, (__m256i)b));
#elif defined(__SSE2__)
  if constexpr (bytes == 16) return (V)_mm_add_epi32((__m128i)sum, _mm_madd_epi16((__m128i)a, (__m128i)b));
#endif
  using U = uvec<V>;
  V const low_a = (V)((U)a << 16) >> 16, low_b = (V)((U)b << 16) >> 16;
  return (V)((U)sum + (U)low_a * (U)low_b + (U)(a >> 16) * (U)(b >> 16));
}

}  // namespace simd::native
TFX_END
