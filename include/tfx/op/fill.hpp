// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/leaves.hpp>

TFX_BEGIN

namespace detail {
template <name Name, i64 Bits, class T, auto... D>
constexpr auto splat(shape_t<D...>) {
  static_assert(note_symbols_of<shape_t<D...>>());
  using word_type = words<Bits, static_cast<i64>(dtype_of<T>), extent_of<D>()...>;
  return result_with<splat_op, Name, word_type>{};
}
}  // namespace detail

/// A tensor of zeros: `zeros(shape<784, 10>)`, `zeros<double>(shape<batch, 3>)`.
template <element T = float, auto... D>
constexpr auto zeros(shape_t<D...> s) {
  return detail::splat<"", splat_bits(T(0)), T>(s);
}
/// A tensor of ones.
template <element T = float, auto... D>
constexpr auto ones(shape_t<D...> s) {
  return detail::splat<"", splat_bits(T(1)), T>(s);
}

TFX_END
