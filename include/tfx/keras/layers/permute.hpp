// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/transpose.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
/// Whether each of 1, 2, … is there once.
template <int... Axes>
constexpr bool are_a_permutation() {
  unsigned seen = 0;
  for (int const axis : {Axes...})
    if (axis >= 1 && axis < max_rank) seen |= 1u << axis;
  return seen == (1u << (sizeof...(Axes) + 1)) - 2u;
}
}  // namespace detail

namespace layers {

template <name Name, class Axes>
struct permute_layer;
template <name Name, int... Axes>
struct permute_layer<Name, axes_t<Axes...>> : layer<permute_layer<Name, axes_t<Axes...>>, Name> {
  using layer<permute_layer, Name>::layer;
  static constexpr name kind = "Permute";
  static_assert(keras::detail::are_a_permutation<Axes...>(),
                "tfx: Permute takes the axes 1, 2, ... in their new order, each once");

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    return transpose(x, axes<0, Axes...>);
  }
};

/// Each row of the batch with its axes, counted from 1, in another order: `Permute<2, 1>()` makes [batch, 4, 3] of
/// [batch, 3, 4]; with a name, `Permute<"swap", 2, 1>()`.
template <int... Axes>
  requires(sizeof...(Axes) > 0)
constexpr auto Permute() {
  return permute_layer<"", axes_t<Axes...>>{};
}
template <name Name, int... Axes, auto Site = [] {}>
constexpr auto Permute() {
  return keras::detail::made_at<Site>(permute_layer<Name, axes_t<Axes...>>{});
}

}  // namespace layers
}  // namespace keras
TFX_END
