// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/shape/dims.hpp>

TFX_BEGIN

/// The type of `axes<0, 2>`: positions in a shape, negative ones counted from the end.
template <int... A>
struct axes_t {
  static constexpr int count = sizeof...(A);
};
/// `reduce_sum(x, axes<0, 2>)`.
template <int... A>
inline constexpr axes_t<A...> axes{};
/// `softmax(x, axis<-1>)`.
template <int A>
inline constexpr axes_t<A> axis{};
/// Every axis, which is what a reduction means when none is named.
using all_axes = axes_t<>;

/// `reduce_sum(x, axis<1>, keepdims)` leaves extents of 1 behind.
template <bool Keep>
struct keepdims_t {};
inline constexpr keepdims_t<true> keepdims{};

/// Where a slice begins: `index<0, 1>`.
template <i64... I>
struct index_t {};
template <i64... I>
inline constexpr index_t<I...> index{};

/// In the place of an axis that a shape does not have.
inline constexpr int no_axis = -1;
/// The place of an axis in a shape of `rank`: negative ones are counted from the end.
constexpr int place_of_axis(i64 axis, int rank) {
  return axis < -rank || axis >= rank ? no_axis : static_cast<int>(axis < 0 ? axis + rank : axis);
}
/// A set of axes as bits, all of them where none is listed; the bit `max_rank` says that some axis is out of range.
constexpr unsigned axis_bits(i64 const* list, int count, int rank) {
  if (count == 0) return (1u << rank) - 1u;
  unsigned bits = 0;
  for (int i = 0; i < count; ++i) {
    int const place = place_of_axis(list[i], rank);
    bits |= 1u << (place == no_axis ? max_rank : place);
  }
  return bits;
}

TFX_END
