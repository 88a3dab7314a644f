// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <tfx/base/raise.hpp>
#include <tfx/data/tensor_of.hpp>

TFX_BEGIN
namespace keras::utils {

namespace detail {
/// Divides each line along the middle one of three dimensions by its norm, unless that is 0.
template <class T>
[[gnu::noinline]] void normalize_lines(T* x, i64 outer, i64 length, i64 inner, double order) {
  for (i64 o = 0; o < outer; ++o)
    for (i64 i = 0; i < inner; ++i) {
      T* const line = x + o * length * inner + i;
      double norm = 0;
      if (std::isinf(order)) {
        for (i64 k = 0; k < length; ++k) {
          double const v = std::abs(static_cast<double>(line[k * inner]));
          // As NumPy's, the extremum of a line with a NaN is NaN.
          if (k == 0 || (v == v && (order > 0 ? v > norm : v < norm)) || v != v) norm = norm != norm ? norm : v;
        }
      } else {
        for (i64 k = 0; k < length; ++k) {
          double const v = std::abs(static_cast<double>(line[k * inner]));
          norm += order == 2 ? v * v : order == 1 ? v : order == 0 ? (v != 0) : std::pow(v, order);
        }
        if (order != 0 && order != 1) norm = order == 2 ? std::sqrt(norm) : std::pow(norm, 1 / order);
      }
      if (norm == 0) continue;
      for (i64 k = 0; k < length; ++k) line[k * inner] = static_cast<T>(static_cast<double>(line[k * inner]) / norm);
    }
}
}  // namespace detail

/// An array divided by its norm along an axis, each line of it by its own; a line of zeros stays as it is.
/// `normalize(x)` makes the Euclidean length of every row 1. The norm of order p is (Σ |x|^p)^(1/p), the largest
/// magnitude for infinity, the smallest for minus infinity, the number of those that are not 0 for 0, as
/// `np.linalg.norm`. Floating dtypes stay, whole numbers become float. An axis that is not there and an order that is
/// NaN are refused.
template <data::detail::array_of_rank V>
auto normalize(V const& x, i64 axis = -1, double order = 2) {
  using T = data::detail::floating_of<data::detail::element_of<V>>;
  static_assert(std::is_arithmetic_v<data::detail::element_of<V>>, "tfx: normalize takes real numbers");
  constexpr auto rank = static_cast<i64>(data::detail::rank_of<V>);
  static_assert(rank > 0, "tfx: normalize needs an axis, and a number has none");
  if (axis < -rank || axis >= rank)
    raise<errors::InvalidArgumentError>("normalize: axis %lld is out of bounds for array of dimension %lld",
                                        static_cast<long long>(axis), static_cast<long long>(rank));
  if (order != order) raise<errors::InvalidArgumentError>("normalize: order must be a number. Received: nan");
  auto result = data::detail::tensor_of<T>(x);
  i64 extents[3] = {1, 1, 1};
  auto const along = axis < 0 ? axis + rank : axis;
  for (i64 k = 0; k < rank; ++k)
    extents[k < along ? 0 : k == along ? 1 : 2] *= static_cast<i64>(result.shape()[static_cast<std::size_t>(k)]);
  detail::normalize_lines(result.data(), extents[0], extents[1], extents[2], order);
  return result;
}

}  // namespace keras::utils
TFX_END
