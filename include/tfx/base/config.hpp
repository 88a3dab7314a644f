// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

/// Everything below lives in `tfx`, inside an inline namespace that names the instruction set: translation units
/// built with different `-march` flags never share a kernel.
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define TFX_ISA avx512
#elif defined(__AVX2__) && defined(__FMA__)
#define TFX_ISA avx2
#elif defined(__AVX__)
#define TFX_ISA avx
#elif defined(__SSE4_2__)
#define TFX_ISA sse4_2
#elif defined(__SSE2__)
#define TFX_ISA sse2
#elif defined(__aarch64__)
#define TFX_ISA neon64
#else
#define TFX_ISA generic
#endif

#define TFX_BEGIN \
  namespace tfx { \
  inline namespace TFX_ISA {
#define TFX_END \
  }             \
  }

#define TFX_INLINE [[gnu::always_inline]] inline
#define TFX_RESTRICT __restrict__
/// Before a loop over arrays that are to become registers. It is unrolled before registers are given out: calls, or a
/// lambda for each element, would cost the compiler several times as much.
#define TFX_UNROLL _Pragma("GCC unroll 128")

// The compiler's own answer: a standard trait costs it three instantiations for every type asked about.
#if defined(__clang__)
#define TFX_TRIVIALLY_DESTRUCTIBLE(T) __is_trivially_destructible(T)
#else
#define TFX_TRIVIALLY_DESTRUCTIBLE(T) __has_trivial_destructor(T)
#endif

TFX_BEGIN

using i64 = std::int64_t;
using u64 = std::uint64_t;

TFX_END
