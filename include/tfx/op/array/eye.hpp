// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/broadcast_to.hpp>
#include <tfx/op/array/range.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/equal.hpp>

TFX_BEGIN

namespace detail {
/// 0, 1, … along a row or a column.
template <dtype Type, auto... D>
constexpr auto places() {
  static_assert(note_symbols_of<shape_t<D...>>());
  return result_with<range_op, "", words<0, 1, static_cast<i64>(Type), extent_of<D>()...>>{};
}
template <class T, auto Rows, auto Columns>
constexpr auto unit_matrix() {
  constexpr auto is_small = [](i64 extent) { return extent >= 0 && extent <= 0x7fffffff; };
  constexpr dtype index = is_small(extent_of<Rows>()) && is_small(extent_of<Columns>()) ? dtype::int32 : dtype::int64;
  return cast<T>(equal(places<index, Rows, 1>(), places<index, Columns>()));
}
}  // namespace detail

/// A matrix of ones where row and column agree, of zeros elsewhere: `eye<3>()`, `eye<3, 4>()`, `eye<double, batch>()`.
/// Loops make it where they need it. Constant to derivatives.
template <element T, auto Rows, auto Columns = Rows>
constexpr auto eye() {
  return detail::unit_matrix<T, Rows, Columns>();
}
template <auto Rows, auto Columns = Rows>
constexpr auto eye() {
  return detail::unit_matrix<float, Rows, Columns>();
}
/// One for each element of a batch: `eye<3>(shape<batch, 2>)` has the shape [batch, 2, 3, 3].
template <element T, auto Rows, auto Columns = Rows, auto... D>
constexpr auto eye(shape_t<D...>) {
  return broadcast_to(detail::unit_matrix<T, Rows, Columns>(), shape<D..., Rows, Columns>);
}
template <auto Rows, auto Columns = Rows, auto... D>
constexpr auto eye(shape_t<D...> batch) {
  return eye<float, Rows, Columns>(batch);
}

TFX_END
