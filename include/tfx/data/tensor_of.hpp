// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <tfx/tensor/value.hpp>
#include <type_traits>

TFX_BEGIN
namespace data::detail {

/// An array whose type tells its rank: a number, lists of them, any xtensor but xarray, `view(data, {2, 3})`.
template <class V>
concept array_of_rank = feedable<V> && tfx::detail::value_traits<V>::shape.is_known();
template <array_of_rank V>
inline constexpr std::size_t rank_of = static_cast<std::size_t>(tfx::detail::value_traits<V>::shape.rank);
template <feedable V>
using element_of = typename tfx::detail::value_traits<V>::value_type;

/// The dtype that numbers are computed in: their own where it is a floating one, else float.
template <class T>
using floating_of = std::conditional_t<std::is_floating_point_v<T>, T, float>;

/// The extents of an array.
template <array_of_rank V>
std::array<std::size_t, rank_of<V>> extents_of(V const& v) {
  [[maybe_unused]] auto const shape = tfx::detail::value_traits<V>::shape_of(v);
  std::array<std::size_t, rank_of<V>> extents{};
  for (std::size_t k = 0; k < extents.size(); ++k) extents[k] = static_cast<std::size_t>(shape.extent[k]);
  return extents;
}

/// A copy of an array as a tensor of T, row by row; a number that T does not hold is refused.
template <class T, array_of_rank V>
row_major_tensor<T, rank_of<V>> tensor_of(V const& v) {
  row_major_tensor<T, rank_of<V>> to(extents_of(v));
  tfx::detail::convert_value(v, to.data());
  return to;
}

}  // namespace data::detail
TFX_END
