// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/splat.hpp>
#include <tfx/kernel/context.hpp>
#include <tfx/kernel/fused_program.hpp>
#include <tfx/kernel/shuffle.hpp>
#include <tfx/simd/simd.hpp>
#include <utility>

TFX_BEGIN

namespace kernel {

/// How many elements a run has along an axis of a kernel of so many operands.
TFX_INLINE i64 extent_of(fused_program::axis const& axis, context const& of, int operands) {
  i64 extent = axis.coefficient;
  for (int k = 0; k < axis.symbol_count; ++k) extent *= of.symbol(axis.symbols[k], operands);
  return extent;
}

// What a loop does with one register of elements, for all loops alike: a function of a loop's own costs the compiler.
/// How an operand is read: one element for all lanes, all lanes, or the first `count`.
enum class access { one, all, first };
template <class T, int L, access How, int Stride = 1, int Column = 0>
TFX_INLINE simd::pack<T, L> load_as(char const* base, i64 at, i64 i, int count) {
  T const* const from = reinterpret_cast<T const*>(base) + at * Stride;
  if constexpr (How == access::one) {
    return simd::pack<T, L>(from[Column]);
  } else if constexpr (Stride > 1) {
    if constexpr (How == access::all) return load_column<Stride, Column, T, L>(from + i * Stride, L);
    // The other lanes repeat an element here too: an op that refuses some values is shown no others.
    auto const first = simd::pack<bool, L>::from_bits((u64{1} << (count - 1) << 1) - 1);
    return simd::select(first, load_column<Stride, Column, T, L>(from + i * Stride, count),
                        simd::pack<T, L>(from[i * Stride + Column]));
  } else if constexpr (How == access::all) {
    return simd::pack<T, L>::load(from + i);
  } else {
    return simd::pack<T, L>::load(from + i, count);
  }
}
/// What the lanes of a register add to a sequence's number in the first of them.
template <class T, int L, i64 Step>
struct lane_numbers {
  T of[L];
  constexpr lane_numbers() : of{} {
    for (int i = 0; i < L; ++i) of[i] = static_cast<T>(static_cast<i64>(static_cast<u64>(Step) * static_cast<u64>(i)));
  }
};
template <class T, int L, i64 Step>
inline constexpr lane_numbers<T, L, Step> numbers_of_lanes{};
/// Elements of a sequence, from element `at` + `i` on, counted in T or, where T is not `Exact`, in whole numbers.
template <class T, int L, access How, i64 First, i64 Step, bool Exact>
TFX_INLINE simd::pack<T, L> count_as(i64 at, i64 i, [[maybe_unused]] int count) {
  i64 const number = First + Step * (How == access::one ? at : at + i);
  if constexpr (How == access::one) {
    return simd::pack<T, L>(static_cast<T>(number));
  } else if constexpr (!Exact) {
    return simd::convert<T>(count_as<i64, L, How, First, Step, true>(at, i, count));
  } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
    // Unsigned numbers may wrap around: those of a signed dtype too small for them do as a cast does.
    using U = std::make_unsigned_t<T>;
    return simd::convert<T>(count_as<U, L, How, First, Step, true>(at, i, count));
  } else {
    simd::pack<T, L> const first(static_cast<T>(number));
    simd::pack<T, L> const all = first + simd::pack<T, L>::load(numbers_of_lanes<T, L, Step>.of);
    if constexpr (How == access::all) return all;
    // The other lanes repeat an element, see load_as.
    return simd::select(simd::pack<bool, L>::from_bits((u64{1} << (count - 1) << 1) - 1), all, first);
  }
}
template <class T, int L, access How>
TFX_INLINE void store_as(simd::pack<T, L> const& value, T* to, int count) {
  if constexpr (How == access::all) {
    value.store(to);
  } else {
    value.store(to, count);
  }
}
/// The op of the first `Count` of four values.
template <class Op, class Result, int Count, class A, class B, class C, class D>
TFX_INLINE Result compute_as([[maybe_unused]] A const& a, [[maybe_unused]] B const& b, [[maybe_unused]] C const& c,
                             [[maybe_unused]] D const& d) {
  if constexpr (requires { Op::template convert<Result>(a); }) {
    return Op::template convert<Result>(a);
  } else if constexpr (Count == 1) {
    return Op::value(a);
  } else if constexpr (Count == 2) {
    return Op::value(a, b);
  } else if constexpr (Count == 3) {
    return Op::value(a, b, c);
  } else {
    return Op::value(a, b, c, d);
  }
}
/// Where a value goes.
enum class sink { none, store, lanes, memory };
/// Stores a value, or folds it by `Op` into the lanes of `sum` or into memory of type T.
template <sink Where, class Op, class T, int L, access How, class From, class Sum>
TFX_INLINE void put_as(simd::pack<From, L> const& value, char* base, i64 at, [[maybe_unused]] i64 i,
                       [[maybe_unused]] simd::pack<Sum, L>& sum, [[maybe_unused]] int count) {
  [[maybe_unused]] T* const to = reinterpret_cast<T*>(base) + at + i;
  if constexpr (Where == sink::none) {
  } else if constexpr (Where == sink::store) {
    store_as<T, L, How>(value, to, count);
  } else if constexpr (Where == sink::memory) {
    simd::pack<T, L> const before = load_as<T, L, How>(base, at, i, count);
    store_as<T, L, How>(Op::combine(before, simd::convert<T>(value)), to, count);
  } else if constexpr (How == access::first) {
    auto const first = simd::pack<bool, L>::from_bits((u64{1} << (count - 1) << 1) - 1);
    sum = simd::select(first, Op::combine(sum, simd::convert<Sum>(value)), sum);
  } else {
    sum = Op::combine(sum, simd::convert<Sum>(value));
  }
}
/// Instead of a reduction.
struct no_reduction {};
template <u64 Op>
struct reduction_or_none {
  using type = op_of<Op>;
};
template <>
struct reduction_or_none<0> {
  using type = no_reduction;
};
/// How many floats may be added up before their sum goes into a wider one: equal numbers lose 1/3 · 2⁻²⁴ with each.
inline constexpr int most_added = 32;
/// How many rows of n elements are added up at a time where sums run down columns: fewer where they would meet in the
/// same sets of the cache, or where long rows are written too.
constexpr i64 rows_at_once(i64 n, bool stores) { return stores && n >= 256 ? 4 : n % 512 == 0 ? 8 : 16; }
/// In what an op adds up many of T.
template <class Op, class T>
struct sum_of_op : std::type_identity<T> {};
template <class Op, class T>
  requires requires { typename Op::template sum<T>; }
struct sum_of_op<Op, T> : std::type_identity<typename Op::template sum<T>> {};
template <class Op, class T>
using sum_of = typename sum_of_op<Op, T>::type;
/// Sums as elements of a result.
template <class Sum, class T>
inline void narrow(Sum const* from, T* to, i64 count) {
  constexpr int l = simd::width<T>;
  i64 i = 0;
  for (; i + l <= count; i += l) simd::convert<T>(simd::pack<Sum, l>::load(from + i)).store(to + i);
  for (; i < count; ++i) to[i] = static_cast<T>(from[i]);
}
template <class Inputs, class Sequences, class Immediates, class Steps, class Outputs>
struct loop_indices {};
/// The value of each operand and step so far. Bases are named where they are read: a function would cost the compiler.
template <int I, class T>
struct cell {
  T value;
};
template <class Indices, class... T>
struct cells;
template <int... I, class... T>
struct cells<std::integer_sequence<int, I...>, T...> : cell<I, T>... {};

}  // namespace kernel

TFX_END
