// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || \
    defined(__NO_SIGNED_ZEROS__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error \
    "tfx: -ffast-math, -Ofast and their parts (-ffinite-math-only, -funsafe-math-optimizations, -fassociative-math, \
-freciprocal-math, -fno-signed-zeros) make exp, log and NaN wrong: compile the files that include tfx without them, or \
add -fno-fast-math after them (-fno-math-errno and -fno-trapping-math may stay)"
#endif

/// Everything below lives in `tfx`, inside an inline namespace that names the flags which change results or layout:
/// translation units built with different ones never share a function. First the registers …
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define TFX_ISA_REGISTERS avx512
#elif defined(__AVX512F__)
#define TFX_ISA_REGISTERS avx512f
#elif defined(__AVX2__)
#define TFX_ISA_REGISTERS avx2
#elif defined(__AVX__)
#define TFX_ISA_REGISTERS avx
#elif defined(__SSE4_2__)
#define TFX_ISA_REGISTERS sse4_2
#elif defined(__SSE4_1__)
#define TFX_ISA_REGISTERS sse4_1
#elif defined(__SSSE3__)
#define TFX_ISA_REGISTERS ssse3
#elif defined(__SSE3__)
#define TFX_ISA_REGISTERS sse3
#elif defined(__SSE2__)
#define TFX_ISA_REGISTERS sse2
#elif defined(__ARM_FEATURE_SVE)
#define TFX_ISA_REGISTERS sve
#elif defined(__ARM_NEON)
#define TFX_ISA_REGISTERS neon
#elif defined(__VSX__)
#define TFX_ISA_REGISTERS vsx
#elif defined(__riscv_vector)
#define TFX_ISA_REGISTERS rvv
#else
#define TFX_ISA_REGISTERS generic
#endif
// … then whether a product and a sum are rounded once …
#if defined(__FMA4__)
#define TFX_ISA_FMA _fma4
#elif defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__FP_FAST_FMA) || defined(__FP_FAST_FMAF)
#define TFX_ISA_FMA _fma
#else
#define TFX_ISA_FMA
#endif
// … whether floats are computed in wider registers, as the x87's …
#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0
#define TFX_ISA_PRECISION _excess
#else
#define TFX_ISA_PRECISION
#endif
// … what an error does, and whether containers check themselves.
#if defined(__cpp_exceptions)
#define TFX_ISA_ERRORS
#else
#define TFX_ISA_ERRORS _abort
#endif
#if defined(_GLIBCXX_DEBUG)
#define TFX_ISA_CONTAINERS _debug
#else
#define TFX_ISA_CONTAINERS
#endif
#define TFX_JOIN_EXPANDED(a, b, c, d, e) a##b##c##d##e
#define TFX_JOIN(a, b, c, d, e) TFX_JOIN_EXPANDED(a, b, c, d, e)
#define TFX_ISA TFX_JOIN(TFX_ISA_REGISTERS, TFX_ISA_FMA, TFX_ISA_PRECISION, TFX_ISA_ERRORS, TFX_ISA_CONTAINERS)

// clang tells nothing of -funsafe-math-optimizations and its parts, but can be told to leave tfx out of them; on the
// processors that it knows the pragma for.
#if defined(__clang__) && (defined(__x86_64__) || defined(__i386__) || defined(__powerpc64__) || \
                           ((defined(__aarch64__) || defined(__riscv)) && __clang_major__ >= 17))
#define TFX_PRECISE_BEGIN _Pragma("float_control(precise, on, push)")
#define TFX_PRECISE_END _Pragma("float_control(pop)")
#else
#define TFX_PRECISE_BEGIN
#define TFX_PRECISE_END
#endif

// Two warnings that users may ask for have no use in tfx: extents have signs and containers count without, and the
// names of arguments (`labels`, `keepdims`, `mean`) are objects of tfx's too, which every parameter of that name would
// shadow.
#define TFX_BEGIN                                                                        \
  TFX_PRECISE_BEGIN                                                                      \
  _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wsign-conversion\"") \
      _Pragma("GCC diagnostic ignored \"-Wshadow\"") namespace tfx {                     \
    inline namespace TFX_ISA {
#define TFX_END \
  }             \
  }             \
  _Pragma("GCC diagnostic pop") TFX_PRECISE_END

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
