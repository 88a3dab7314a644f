// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <cstdint>
#include <limits>
#include <tfx/base/dtype.hpp>
#include <type_traits>
#include <utility>
#include <xsimd/xsimd.hpp>

TFX_BEGIN

/// What differs between processors, one register at a time; everything above (`simd::pack`) is portable.
///
/// Arithmetic is done on compiler vectors, the type inside an xsimd batch: they exist for every lane type and count.
/// A mask of lanes is an integer, lane i in bit i. What is one instruction stands here and is no call of xsimd 8.1's:
/// the compiler would pay 1 % more, and an uninlined xsimd::floor is one for units built for AVX2 and for AVX-512.
/// Functions of many instructions are xsimd's where it has them right: see batchwise.hpp.
namespace simd::native {

#if defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
inline constexpr int register_bytes = 64;
#elif defined(__AVX__)
inline constexpr int register_bytes = 32;
#else
inline constexpr int register_bytes = 16;
#endif

template <class T, int K>
struct vec_of {
  typedef T type __attribute__((vector_size(sizeof(T) * K)));
};
template <class T, int K>
using vec = typename vec_of<T, K>::type;

template <class V>
struct lane_type : std::type_identity<V> {};
template <class V>
  requires requires(V v) { v[0]; }
struct lane_type<V> : std::remove_cvref<decltype(std::declval<V>()[0])> {};
template <class V>
using lane_of = typename lane_type<V>::type;
template <class V>
inline constexpr int lanes_of = int(sizeof(V) / sizeof(lane_of<V>));

template <int Bytes>
struct uint_of;
template <>
struct uint_of<1> : std::type_identity<std::uint8_t> {};
template <>
struct uint_of<2> : std::type_identity<std::uint16_t> {};
template <>
struct uint_of<4> : std::type_identity<std::uint32_t> {};
template <>
struct uint_of<8> : std::type_identity<std::uint64_t> {};
template <class T>
using uint = typename uint_of<sizeof(T)>::type;
template <class T>
using sint = std::make_signed_t<uint<T>>;
/// The vector of unsigned (signed) integers with the lanes of V.
template <class V>
using uvec = vec<uint<lane_of<V>>, lanes_of<V>>;
template <class V>
using svec = vec<sint<lane_of<V>>, lanes_of<V>>;

/// The xsimd architecture with registers of so many bytes.
template <int Bytes>
struct arch_of : std::type_identity<void> {};
#if defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
template <>
struct arch_of<64> : std::type_identity<xsimd::avx512bw> {};
#endif
#if defined(__AVX2__) && defined(__FMA__)
template <>
struct arch_of<32> : std::type_identity<xsimd::fma3<xsimd::avx2>> {};
#elif defined(__AVX2__)
template <>
struct arch_of<32> : std::type_identity<xsimd::avx2> {};
#elif defined(__AVX__)
template <>
struct arch_of<32> : std::type_identity<xsimd::avx> {};
#endif
#if defined(__SSE4_2__)
template <>
struct arch_of<16> : std::type_identity<xsimd::sse4_2> {};
#elif defined(__SSE2__)
template <>
struct arch_of<16> : std::type_identity<xsimd::sse2> {};
#elif defined(__aarch64__)
template <>
struct arch_of<16> : std::type_identity<xsimd::neon64> {};
#endif

/// What a pack is made of: an xsimd batch where the lanes are 4 or 8 bytes, else the compiler's vector.
template <class T, int K, class Arch = typename arch_of<int(sizeof(T)) * K>::type>
struct register_of : std::type_identity<xsimd::batch<T, Arch>> {};
template <class T, int K>
struct register_of<T, K, void> : vec_of<T, K> {};
template <class T, int K, class Arch>
  requires(sizeof(T) < 4)
struct register_of<T, K, Arch> : vec_of<T, K> {};

template <class V>
TFX_INLINE V broadcast(lane_of<V> value) {
  return value - V{};  // not +: -0.0 stays
}

template <int Start, class V, int... I>
TFX_INLINE auto part(V v, std::integer_sequence<int, I...>) {
  return __builtin_shufflevector(v, v, (Start + I)...);
}
/// N lanes from lane Start on.
template <int Start, int N, class V>
TFX_INLINE vec<lane_of<V>, N> part(V v) {
  return part<Start>(v, std::make_integer_sequence<int, N>{});
}
template <int By, class V, int... I>
TFX_INLINE V rotate(V v, std::integer_sequence<int, I...>) {
  return __builtin_shufflevector(v, v, ((I + By) % lanes_of<V>)...);
}
template <class V, int... I>
TFX_INLINE auto join(V a, V b, std::integer_sequence<int, I...>) {
  return __builtin_shufflevector(a, b, I...);
}
/// The lanes of a, then those of b.
template <class V>
TFX_INLINE vec<lane_of<V>, 2 * lanes_of<V>> join(V a, V b) {
  return join(a, b, std::make_integer_sequence<int, 2 * lanes_of<V>>{});
}

/// Lane i has bit i.
template <class T, int K>
struct lane_bits {
  alignas(sizeof(T) * K) T lane[K]{};
  constexpr lane_bits() {
    for (int i = 0; i < K; ++i) lane[i] = T(T(1) << (sizeof(T) == 1 ? i % 8 : i));
  }
};
template <class T, int K>
inline constexpr lane_bits<T, K> lane_bits_v{};

/// All bits of a lane where the mask has its bit, none elsewhere.
template <class V>
TFX_INLINE auto expand(u64 mask) {
  using U = uvec<V>;
  constexpr int k = lanes_of<V>;
  U bit, spread;
  __builtin_memcpy(&bit, &lane_bits_v<uint<lane_of<V>>, k>, sizeof bit);
  if constexpr (sizeof(lane_of<V>) == 1) {
    static_assert(k % 8 == 0);
    vec<u64, k / 8> bytes{};
    for (int i = 0; i < k / 8; ++i) bytes[i] = (mask >> (8 * i) & 255) * 0x0101010101010101;
    spread = (U)bytes;
  } else {
    spread = broadcast<U>(uint<lane_of<V>>(mask));
  }
  return (spread & bit) != 0;
}

/// A mask register's bits. (g++ 12 makes one pattern of a comparison and of the widening of its mask, stores as many
/// bytes as the mask has where it needs the register, and loads all eight: it must not see that both belong together.)
template <class M>
TFX_INLINE u64 widened(M mask) {
#if defined(__AVX512F__) && defined(__GNUC__) && !defined(__clang__)
  asm("" : "+k"(mask));
#endif
  return mask;
}

/// The bits of a vector whose lanes are all ones or zero.
template <class M>
TFX_INLINE u64 bits(M m) {
  [[maybe_unused]] constexpr int bytes = sizeof(M), lane = sizeof(lane_of<M>);
#if defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
  if constexpr (bytes == 64) {
    if constexpr (lane == 1) return widened(_mm512_movepi8_mask((__m512i)m));
    if constexpr (lane == 2) return widened(_mm512_movepi16_mask((__m512i)m));
    if constexpr (lane == 4) return widened(_mm512_movepi32_mask((__m512i)m));
    if constexpr (lane == 8) return widened(_mm512_movepi64_mask((__m512i)m));
  } else
#endif
#if defined(__AVX2__)
      if constexpr (bytes == 32) {
    if constexpr (lane == 1) return u64(unsigned(_mm256_movemask_epi8((__m256i)m)));
    if constexpr (lane == 2) {
      __m256i const packed = _mm256_permute4x64_epi64(_mm256_packs_epi16((__m256i)m, _mm256_setzero_si256()), 0xd8);
      return u64(unsigned(_mm256_movemask_epi8(packed)));
    }
    if constexpr (lane == 4) return u64(unsigned(_mm256_movemask_ps((__m256)m)));
    if constexpr (lane == 8) return u64(unsigned(_mm256_movemask_pd((__m256d)m)));
  } else
#endif
#if defined(__SSE2__)
      if constexpr (bytes == 16) {
    if constexpr (lane == 1) return u64(unsigned(_mm_movemask_epi8((__m128i)m)));
    if constexpr (lane == 2) return u64(unsigned(_mm_movemask_epi8(_mm_packs_epi16((__m128i)m, _mm_setzero_si128()))));
    if constexpr (lane == 4) return u64(unsigned(_mm_movemask_ps((__m128)m)));
    if constexpr (lane == 8) return u64(unsigned(_mm_movemask_pd((__m128d)m)));
  } else
#endif
  {
    u64 out = 0;
    for (int i = 0; i < lanes_of<M>; ++i) out |= u64(m[i] & 1) << i;
    return out;
  }
}

enum class comparison { equal = 0, less = 1, less_equal = 2 };

/// The lanes in which the comparison holds; no comparison holds with NaN.
template <comparison C, class V>
TFX_INLINE u64 compare(V a, V b) {
#if defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
  using T = lane_of<V>;
  constexpr int op = int(C);
  if constexpr (sizeof(V) == 64) {
    if constexpr (std::is_same_v<T, float>) {
      return widened(_mm512_cmp_ps_mask((__m512)a, (__m512)b, op));
    } else if constexpr (std::is_same_v<T, double>) {
      return widened(_mm512_cmp_pd_mask((__m512d)a, (__m512d)b, op));
    } else if constexpr (sizeof(T) == 4 && std::is_signed_v<T>) {
      return widened(_mm512_cmp_epi32_mask((__m512i)a, (__m512i)b, op));
    } else if constexpr (sizeof(T) == 8 && std::is_signed_v<T>) {
      return widened(_mm512_cmp_epi64_mask((__m512i)a, (__m512i)b, op));
    } else if constexpr (sizeof(T) == 4) {
      return widened(_mm512_cmp_epu32_mask((__m512i)a, (__m512i)b, op));
    } else if constexpr (sizeof(T) == 8) {
      return widened(_mm512_cmp_epu64_mask((__m512i)a, (__m512i)b, op));
    }
  }
#endif
  if constexpr (C == comparison::equal) {
    return bits(a == b);
  } else if constexpr (C == comparison::less) {
    return bits(a < b);
  } else {
    return bits(a <= b);
  }
}

/// a where the mask has the lane's bit, else b. (xsimd 8.1's select of int32 needs -O1 with AVX-512, and g++ 12 builds
/// that of integers wrong for AVX2.)
template <class V>
TFX_INLINE V choose(u64 mask, V a, V b) {
  [[maybe_unused]] constexpr int bytes = sizeof(V), lane = sizeof(lane_of<V>);
#if defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
  if constexpr (bytes == 64) {
    if constexpr (std::is_same_v<lane_of<V>, float>)
      return (V)_mm512_mask_mov_ps((__m512)b, __mmask16(mask), (__m512)a);
    if constexpr (std::is_same_v<lane_of<V>, double>)
      return (V)_mm512_mask_mov_pd((__m512d)b, __mmask8(mask), (__m512d)a);
    if constexpr (lane == 1) return (V)_mm512_mask_mov_epi8((__m512i)b, mask, (__m512i)a);
    if constexpr (lane == 2) return (V)_mm512_mask_mov_epi16((__m512i)b, __mmask32(mask), (__m512i)a);
    if constexpr (lane == 4) return (V)_mm512_mask_mov_epi32((__m512i)b, __mmask16(mask), (__m512i)a);
    if constexpr (lane == 8) return (V)_mm512_mask_mov_epi64((__m512i)b, __mmask8(mask), (__m512i)a);
  } else if constexpr (bytes == 32) {
    if constexpr (lane == 1) return (V)_mm256_mask_mov_epi8((__m256i)b, __mmask32(mask), (__m256i)a);
    if constexpr (lane == 2) return (V)_mm256_mask_mov_epi16((__m256i)b, __mmask16(mask), (__m256i)a);
    if constexpr (lane == 4) return (V)_mm256_mask_mov_epi32((__m256i)b, __mmask8(mask), (__m256i)a);
    if constexpr (lane == 8) return (V)_mm256_mask_mov_epi64((__m256i)b, __mmask8(mask), (__m256i)a);
  } else if constexpr (bytes == 16) {
    if constexpr (lane == 1) return (V)_mm_mask_mov_epi8((__m128i)b, __mmask16(mask), (__m128i)a);
    if constexpr (lane == 2) return (V)_mm_mask_mov_epi16((__m128i)b, __mmask8(mask), (__m128i)a);
    if constexpr (lane == 4) return (V)_mm_mask_mov_epi32((__m128i)b, __mmask8(mask), (__m128i)a);
    if constexpr (lane == 8) return (V)_mm_mask_mov_epi64((__m128i)b, __mmask8(mask), (__m128i)a);
  } else
#endif
  {
    auto const m = expand<V>(mask);
    using U = uvec<V>;
    return (V)(((U)m & (U)a) | (~(U)m & (U)b));
  }
}

/// The lanes of the mask from memory, the others from `rest`; memory of other lanes is not touched.
template <class V>
TFX_INLINE V load(lane_of<V> const* p, u64 mask, V rest) {
  [[maybe_unused]] constexpr int bytes = sizeof(V), lane = sizeof(lane_of<V>);
#if defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
  if constexpr (bytes == 64) {
    if constexpr (lane == 1) return (V)_mm512_mask_loadu_epi8((__m512i)rest, mask, p);
    if constexpr (lane == 2) return (V)_mm512_mask_loadu_epi16((__m512i)rest, __mmask32(mask), p);
    if constexpr (lane == 4) return (V)_mm512_mask_loadu_epi32((__m512i)rest, __mmask16(mask), p);
    if constexpr (lane == 8) return (V)_mm512_mask_loadu_epi64((__m512i)rest, __mmask8(mask), p);
  } else if constexpr (bytes == 32 && lane >= 4) {
    if constexpr (lane == 4) return (V)_mm256_mask_loadu_epi32((__m256i)rest, __mmask8(mask), p);
    if constexpr (lane == 8) return (V)_mm256_mask_loadu_epi64((__m256i)rest, __mmask8(mask), p);
  } else
#elif defined(__AVX2__)
  if constexpr (bytes == 32 && lane >= 4) {
    __m256i const m = (__m256i)expand<V>(mask);
    __m256i const got = lane == 4 ? _mm256_maskload_epi32(reinterpret_cast<int const*>(p), m)
                                  : _mm256_maskload_epi64(reinterpret_cast<long long const*>(p), m);
    return (V)_mm256_blendv_epi8((__m256i)rest, got, m);
  } else
#endif
  {
    for (int i = 0; i < lanes_of<V>; ++i)
      if (mask >> i & 1) rest[i] = p[i];
    return rest;
  }
}

/// Writes the lanes of the mask; memory of other lanes is not touched.
template <class V>
TFX_INLINE void store(lane_of<V>* p, u64 mask, V v) {
  [[maybe_unused]] constexpr int bytes = sizeof(V), lane = sizeof(lane_of<V>);
#if defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
  if constexpr (bytes == 64) {
    if constexpr (lane == 1) _mm512_mask_storeu_epi8(p, mask, (__m512i)v);
    if constexpr (lane == 2) _mm512_mask_storeu_epi16(p, __mmask32(mask), (__m512i)v);
    if constexpr (lane == 4) _mm512_mask_storeu_epi32(p, __mmask16(mask), (__m512i)v);
    if constexpr (lane == 8) _mm512_mask_storeu_epi64(p, __mmask8(mask), (__m512i)v);
  } else if constexpr (bytes == 32 && lane >= 4) {
    if constexpr (lane == 4) _mm256_mask_storeu_epi32(p, __mmask8(mask), (__m256i)v);
    if constexpr (lane == 8) _mm256_mask_storeu_epi64(p, __mmask8(mask), (__m256i)v);
  } else
#elif defined(__AVX2__)
  if constexpr (bytes == 32 && lane >= 4) {
    __m256i const m = (__m256i)expand<V>(mask);
    if constexpr (lane == 4) _mm256_maskstore_epi32(reinterpret_cast<int*>(p), m, (__m256i)v);
    if constexpr (lane == 8) _mm256_maskstore_epi64(reinterpret_cast<long long*>(p), m, (__m256i)v);
  } else
#endif
  {
    for (int i = 0; i < lanes_of<V>; ++i)
      if (mask >> i & 1) p[i] = v[i];
  }
}

}  // namespace simd::native
TFX_END
