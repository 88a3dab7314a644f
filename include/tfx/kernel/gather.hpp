// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <string>
#include <tfx/base/raise.hpp>
#include <tfx/kernel/context.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN
namespace kernel {

/// Says which index is out of range, as TensorFlow does: `indices[1,0] = 5 is not in [0, 3)`.
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_index(i64 place, i64 value, i64 extent, int rank,
                                                                      i64 const* extents) {
  std::string at;
  for (int i = rank - 1; i >= 0; --i) {
    at = std::to_string(place % extents[i]) + (i == rank - 1 ? "" : "," + at);
    place /= extents[i];
  }
  raise<errors::InvalidArgumentError>("indices%s%s%s = %lld is not in [0, %lld)", rank > 0 ? "[" : "", at.c_str(),
                                      rank > 0 ? "]" : "", static_cast<long long>(value),
                                      static_cast<long long>(extent));
}
/// Every index lies in [0, extent); `extents` are those of the indices.
template <class Index>
void check_indices(Index const* indices, i64 count, i64 extent, int rank, i64 const* extents) {
  for (i64 i = 0; i < count; ++i)
    if (static_cast<u64>(static_cast<i64>(indices[i])) >= static_cast<u64>(extent))
      refuse_index(i, static_cast<i64>(indices[i]), extent, rank, extents);
}

/// out[o, i, :] = x[o, indices[i], :] for a part of the places (o, i), which are counted row by row; x is [outer,
/// extent, inner].
template <class T, class Index>
void gather(T const* x, Index const* indices, T* out, work_part::range part, i64 extent, i64 count, i64 inner) {
  for (i64 place = part.begin; place < part.end;) {
    i64 const o = place / count, first = place % count;
    i64 const rows = std::min(count - first, part.end - place);
    T const* const from = x + o * extent * inner;
    T* const to = out + place * inner;
    Index const* const at = indices + first;
    if (inner == 1) {
      for (i64 i = 0; i < rows; ++i) to[i] = from[static_cast<i64>(at[i])];
    } else {
      for (i64 i = 0; i < rows; ++i) std::copy_n(from + static_cast<i64>(at[i]) * inner, inner, to + i * inner);
    }
    place += rows;
  }
}

/// out[o, indices[i], :] += x[o, i, :], from zeros, in the order of i; out is [outer, extent, inner].
template <class T, class Index>
void scatter_add(T const* x, Index const* indices, T* out, i64 outer, i64 extent, i64 count, i64 inner) {
  constexpr int l = simd::width<T>;
  using pack = simd::pack<T, l>;
  std::fill_n(out, outer * extent * inner, T{});
  for (i64 o = 0; o < outer; ++o)
    for (i64 i = 0; i < count; ++i) {
      T const* const from = x + (o * count + i) * inner;
      T* const to = out + (o * extent + static_cast<i64>(indices[i])) * inner;
      i64 k = 0;
      for (; k + l <= inner; k += l) (pack::load(to + k) + pack::load(from + k)).store(to + k);
      for (; k < inner; ++k) to[k] += from[k];
    }
}

}  // namespace kernel
TFX_END
