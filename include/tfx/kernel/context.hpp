// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <tfx/base/dtype.hpp>
#include <tfx/shape/dims.hpp>

TFX_BEGIN

namespace kernel {

/// One of the equal parts in which a step's work may be shared among threads; a run of one thread does the whole.
struct work_part {
  struct range {
    i64 begin, end;
  };
  int index = 0, count = 1;

  /// Its share of n units, in whole multiples of `grain` but for the last.
  constexpr range of(i64 n, i64 grain = 1) const {
    if (count == 1) return {0, n};
    i64 const grains = (n + grain - 1) / grain, end = grains * (index + 1) / count * grain;
    return {grains * index / count * grain, end < n ? end : n};
  }
};

/// What a kernel is called with.
struct context {
  void* const* buffers;        // of the run
  i64 const* extents;          // that the run bound
  std::uint16_t const* slots;  // of the step: inputs, outputs, the next state, scratch, then its symbols
  work_part part{};            // a kernel that is not `divisible` does the whole in the first one

  template <class T>
  TFX_INLINE T* at(int operand) const {
    return static_cast<T*>(buffers[slots[operand]]);
  }
  /// An extent of a kernel's description: itself, or what the run bound to the kernel's symbol. Symbols begin after
  /// `operands` slots.
  TFX_INLINE i64 extent(i64 described, int operands) const {
    return described >= 0 ? described : symbol(symbol_of(described), operands);
  }
  TFX_INLINE i64 symbol(int i, int operands) const { return extents[slots[operands + i]]; }
  /// Binds an extent that this kernel finds: to others they are constant.
  TFX_INLINE void find(i64 described, int operands, i64 found) const {
    const_cast<i64*>(extents)[slots[operands + symbol_of(described)]] = found;
  }
};

/// A kernel's function. Its context comes in registers: a step may be shorter than the way through memory.
using entry = void (*)(void* const* buffers, i64 const* extents, std::uint16_t const* slots, work_part part);

/// A kernel call: which kernel, and where its operands' buffers and symbols stand in the plan's slots.
struct step_entry {
  int kernel;
  int first_slot;
};

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-template-friend"
#endif
/// A kernel's description, found by its hash: equal descriptions, in whatever graph, are one function.
template <u64 Hash>
struct description_key {
  friend constexpr auto kernel_description(description_key<Hash>);
};
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
template <int N>
struct description {
  i64 word[N];
};
template <u64 Hash, i64... Word>
struct define_description {
  friend constexpr auto kernel_description(description_key<Hash>) { return description<sizeof...(Word)>{{Word...}}; }
};

}  // namespace kernel

TFX_END
