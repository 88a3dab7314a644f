// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/reshape.hpp>
#include <tfx/op/array/transpose.hpp>
#include <tfx/op/math/matmul.hpp>
#include <tfx/op/math/reduce_sum.hpp>
#include <tfx/op/nn/l2_normalize.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct normalize_tag;
}
/// Rows are divided by their length before they are multiplied: `Dot<1>(normalize)`.
inline constexpr flag<detail::normalize_tag> normalize{};

namespace detail {
/// Sums of products along an axis of a and one of b, row by row of the batch.
template <int A, int B, bool Normalizes>
struct dot_of {
  constexpr auto operator()(auto a, auto b) const {
    auto const x = scaled<A>(a);
    auto const y = scaled<B>(b);
    bool const are_vectors = x.rank() == 2 && y.rank() == 2 && x.shape()[1] == y.shape()[1];
    if (are_vectors) return reduce_sum(x * y, axis<1>, keepdims);
    dims shape_of_result{1, {x.shape()[0]}};
    auto const rows = with_last(x, A, shape_of_result);
    auto const columns = with_last(y, B, shape_of_result);
    return reshape(matmul(rows, columns, transpose_b), shape_of_result);
  }

 private:
  template <int Axis>
  static constexpr auto scaled(auto x) {
    if constexpr (Normalizes) {
      return nn::l2_normalize(x, axis<Axis>);
    } else {
      return x;
    }
  }
  /// x [batch, rest…, n] as [batch, rest, n]; the rest's extents go to `result`.
  static constexpr auto with_last(auto x, int axis, dims& result) {
    i64 order[max_rank] = {};
    int count = 0;
    dims flat{3, {x.shape()[0], 1, x.shape()[axis]}};
    for (int i = 0; i < x.rank(); ++i) {
      if (i == axis) continue;
      order[count++] = i;
      if (i == 0) continue;
      result.push_back(x.shape()[i]);
      flat[1] = x.rank() == 3 ? x.shape()[i] : dims::unknown;
    }
    order[count++] = axis;
    auto const moved = tfx::detail::add_value(info<transpose_op>, {}, order, count, x);
    return reshape(moved, flat);
  }
};
}  // namespace detail

namespace layers {

template <int A, int B, name Name, class... Options>
struct dot_layer : layer<dot_layer<A, B, Name, Options...>, Name, Options...> {
  using base = layer<dot_layer<A, B, Name, Options...>, Name, Options...>;
  using base::base;
  static constexpr name kind = "Dot";
  static constexpr auto masks = masking::consumed;

  template <name Scope, class X, class Y>
  constexpr auto call(X const& x, Y const& y) const {
    constexpr dims first = X::shape_type::value, second = Y::shape_type::value;
    constexpr int a = place_of_axis(A, first.rank), b = place_of_axis(B, second.rank);
    static_assert(a > 0 && b > 0, "tfx: Dot takes an axis of each input's rows, counted from 1");
    static_assert(first.rank + second.rank - 3 <= max_rank, "tfx: Dot gives at most 8 dimensions");
    constexpr bool normalizes = base::template has<keras::detail::normalize_tag>;
    return composition<keras::detail::dot_of<a, b, normalizes>>(x, y);
  }
};

/// Sums of products of two inputs along an axis of each, counted from 1: `Dot<1>()` of [batch, n] and [batch, n] is
/// [batch, 1]; `Dot<2, 1>()` of [batch, i, n] and [batch, n, j] is [batch, i, j], and so with more axes. With
/// `normalize`, `Dot<1>(normalize)`, vectors are divided by their length first: cosines. Extents that disagree are
/// refused, with both shapes.
template <int A, int B = A, name Name = "", class... Options, auto Site = [] {}>
constexpr auto Dot(Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<dot_layer<A, B, Name, Options...>, void(keras::detail::normalize_tag)>(options...));
}
/// The same at once: `dot<1>(a, b)`, `dot<2, 1>(a, b, normalize)`.
template <int A, int B = A, name Name = "", typed_expression X, typed_expression Y, class... Options>
constexpr auto dot(X const& x, Y const& y, Options const&... options) {
  return Dot<A, B, Name>(options...)(x, y);
}

}  // namespace layers
}  // namespace keras
TFX_END
