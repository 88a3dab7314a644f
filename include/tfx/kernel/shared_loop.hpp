// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/context.hpp>
#include <tfx/kernel/fused_program.hpp>
#include <utility>

TFX_BEGIN

namespace kernel {

// Loops that differ only in extents that their code need not know are one function. Its description has, instead of
// such an extent, a symbol and a power of two that the extent is a multiple of.

/// Whether the code of a loop should know an extent that the compiler knows. Long sums are added up in ways that depend
/// on nothing but whether they are longer than this; sequences may be exact in short loops alone.
constexpr bool needs_extent(fused_program const& p, int axis) {
  if (!p.is_static(axis)) return false;
  bool reduces = false;
  for (int i = 0; i < p.outputs; ++i) reduces = reduces || p.reduces(i);
  i64 const limit = reduces ? 4096 : axis == p.rank - 1 && p.rank > 1 ? 256 : 64;
  return p.sequences > 0 || p.axes[axis].coefficient <= limit;
}
/// The same for one that is run where a product makes its elements: it divides by the number of columns.
constexpr bool needs_extent_of_product(fused_program const& p, int axis) { return axis == 1 && p.is_static(axis); }

/// The description of a loop's code, made of the words from `First` on of a kernel's.
template <u64 Hash, int First>
struct shared_loop {
  static constexpr auto raw = kernel_description(description_key<Hash>{});
  static constexpr i64 const* own = raw.word + First;
  static constexpr int count = static_cast<int>(sizeof(raw.word) / sizeof(i64)) - First;
  static constexpr fused_program p = decode_fused(own);

  static constexpr description<count> make() {
    description<count> shared{};
    for (int i = 0; i < count; ++i) shared.word[i] = own[i];
    for (int a = 0; a < p.rank; ++a) {
      if (First > 0 ? needs_extent_of_product(p, a) : needs_extent(p, a)) continue;
      i64 const extent = p.axes[a].coefficient, factor = extent & -extent;
      shared.word[2 + 2 * a] = First > 0 ? 1 : factor > 64 ? 64 : factor;
      shared.word[3 + 2 * a] = 1;
    }
    return shared;
  }
  static constexpr description<count> shared = make();
  static constexpr u64 find_hash() {
    u64 hash = First > 0;
    for (i64 word : shared.word) hash = mix(hash, static_cast<u64>(word));
    return hash;
  }
  template <u64 Of, int... I>
  static constexpr u64 define(std::integer_sequence<int, I...>) {
    static_assert(sizeof(define_description<Of, shared.word[I]...>) > 0);
    return Of;
  }
  static constexpr u64 hash = define<find_hash()>(std::make_integer_sequence<int, count>{});
};

}  // namespace kernel

TFX_END
