// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <tfx/base/dtype.hpp>
#include <tfx/shape/dims.hpp>

TFX_BEGIN

namespace kernel {

/// What a kernel is called with: the run's buffers, which of them are its operands (inputs, then outputs), and the
/// extents that this run bound.
struct operands {
  void* const* buffers;
  std::uint16_t const* slots;
  std::uint16_t const* symbols;
  i64 const* extents;

  template <class T>
  TFX_INLINE T* at(int operand) const {
    return static_cast<T*>(buffers[slots[operand]]);
  }
  /// An extent of a kernel's description: itself, or what the run bound to the kernel's symbol.
  TFX_INLINE i64 extent(i64 described) const {
    return described >= 0 ? described : extents[symbols[symbol_of(described)]];
  }
};

using entry = void (*)(void* const*, std::uint16_t const*, i64 const*);

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
