// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/eye.hpp>
#include <tfx/op/array/reshape.hpp>
#include <tfx/op/array/transpose.hpp>
#include <tfx/op/random/orthonormal.hpp>
#include <tfx/variables/initializers.hpp>

TFX_BEGIN

namespace detail {
inline void an_identity_is_a_matrix() {}           // no constant expression: calling it is the error
inline void orthogonal_weights_have_two_axes() {}  // the same

/// The matrix whose columns become orthonormal: the shape as rows and columns
/// of the last axis, not more than rows.
struct orthogonal_matrix {
  i64 rows = 1, columns = 1;
  bool turned = false;
  constexpr explicit orthogonal_matrix(dims const& shape) {
    for (int i = 0; i + 1 < shape.rank; ++i) rows *= shape[i];
    columns = shape[shape.rank - 1];
    turned = rows < columns;
    if (turned) std::swap(rows, columns);
  }
};
}  // namespace detail

/// Ones on the diagonal of a matrix, times a gain: `identity_initializer(0.5)`.
struct identity_initializer : initializer<identity_initializer> {
  double gain;
  constexpr explicit identity_initializer(double factor = 1) : gain(factor) {}
  template <class T, auto Site = in_variable{}, auto... D>
  auto make(shape_t<D...>) const {
    static_assert(sizeof...(D) == 2, "tfx: Identity matrix initializer can only be used for 2D matrices.");
    return eye<T, D...>() * detail::expression_parts<T, Site>::template number<"gain">(gain);
  }
  template <class Value = fragment>
  constexpr Value make_value(dtype type, dims const& shape) const {
    if (shape.rank != 2) detail::an_identity_is_a_matrix();
    auto const places = [](i64 rows, i64 columns) {
      i64 const words[] = {0, 1, static_cast<i64>(dtype::int64), rows, columns};
      return detail::add_fragment(info<range_op>, {}, words, columns > 0 ? 5 : 4, nullptr, 0);
    };
    i64 const word = static_cast<i64>(type);
    Value const ones = detail::add_value(info<cast_op>, {}, &word, 1, equal(places(shape[0], 1), places(shape[1], 0)));
    return ones * detail::value_parts{type, {}}.template number<"gain">(gain);
  }
};

/// A matrix with orthonormal columns, or rows where it has fewer of these,
/// drawn evenly among all such, times a gain (Saxe et al., 2014):
/// `orthogonal_initializer(1.0, seed(7))`. All axes but the last are its rows.
template <class Seed = no_seed>
struct orthogonal_initializer : initializer<orthogonal_initializer<Seed>> {
  double gain;
  Seed from;
  constexpr explicit orthogonal_initializer(double factor = 1, Seed s = {}) : gain(factor), from(s) {}
  template <class T, auto Site = in_variable{}, auto... D>
  auto make(shape_t<D...> s) const {
    static_assert(sizeof...(D) >= 2, "tfx: The tensor to initialize must be at least two-dimensional");
    constexpr detail::orthogonal_matrix of(shape_t<D...>::value);
    using parts = detail::expression_parts<T, Site, static_cast<int>(of.rows), static_cast<int>(of.columns)>;
    auto const drawn = parts::template draw<random_normal_op>(from);
    auto const basis = apply<orthonormal_op>(drawn);
    auto const gained = parts::template number<"gain">(gain);
    if constexpr (of.turned) {
      return reshape(transpose(basis), s) * gained;
    } else {
      return reshape(basis, s) * gained;
    }
  }
  constexpr fragment make_value(dtype type, dims const& shape) const {
    if (shape.rank < 2) detail::orthogonal_weights_have_two_axes();
    detail::orthogonal_matrix const of(shape);
    dims matrix;
    for (i64 const extent : {of.rows, of.columns}) matrix.push_back(extent);
    fragment basis = apply<orthonormal_op>(detail::value_parts{type, matrix}.template draw<random_normal_op>(from));
    if (of.turned) basis = transpose(basis);
    return reshape(basis, extents(shape)) * detail::value_parts{type, {}}.template number<"gain">(gain);
  }
};

TFX_END
