// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/tensor/value.hpp>

TFX_BEGIN

/// Memory of somebody else's as a tensor in row-major order; `view` makes it.
template <class T, int Rank>
struct memory_view {
  T const* data;
  detail::shape_of_rank<Rank> shape;
};

namespace detail {
/// An extent of any whole C++ type.
struct any_extent {
  i64 value;
  template <class I>
    requires(std::is_integral_v<I> && !std::is_same_v<I, bool>)
  constexpr any_extent(I i) : value(static_cast<i64>(i)) {}  // NOLINT: stands for the extent
};
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_view(i64 extent) {
  raise<errors::InvalidArgumentError>("view: an extent is negative: %lld", static_cast<long long>(extent));
}
template <class T, int Rank>
struct value_traits<memory_view<T, Rank>> {
  using V = memory_view<T, Rank>;
  using value_type = T;
  static constexpr dims shape = unknown_of_rank(Rank);
  static shape_of_rank<Rank> const& shape_of(V const& v) { return v.shape; }
  static constexpr value_layout layout = value_layout::row_major;
  static T const* data(V const& v) { return v.data; }
};
}  // namespace detail

/// Memory to feed or to make a constant of, borrowed and not copied: `x = view(pixels, {100, 784})`. It must hold that
/// many elements, row by row, for as long as the view is used.
template <element T, std::size_t N>
memory_view<T, static_cast<int>(N)> view(T const* data, detail::any_extent const (&extents)[N]) {
  static_assert(N <= max_rank, "tfx: a tensor has at most 8 dimensions");
  memory_view<T, static_cast<int>(N)> result{data, {}};
  for (std::size_t k = 0; k < N; ++k) {
    if (extents[k].value < 0) detail::refuse_view(extents[k].value);
    result.shape.extent[k] = extents[k].value;
  }
  return result;
}
/// The same of one dimension: `x = view(samples, n)`.
template <element T, std::integral I>
memory_view<T, 1> view(T const* data, I extent) {
  return view(data, {extent});
}

TFX_END
