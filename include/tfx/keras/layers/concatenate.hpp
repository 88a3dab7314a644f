// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/concat.hpp>
#include <tfx/op/array/fill.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
/// x's mask, or one that counts each step.
template <class X>
constexpr auto whole_mask(X const& x) {
  if constexpr (has_mask<X>) {
    return mask_of(x);
  } else {
    return []<auto Rows, auto Time, auto... D>(shape_t<Rows, Time, D...>) {
      return ones<bool>(shape<Rows, Time>);
    }(typename X::shape_type{});
  }
}
}  // namespace detail

namespace layers {

template <name Name, int Axis, class... Options>
struct concatenate_layer : layer<concatenate_layer<Name, Axis, Options...>, Name, Options...> {
  using layer<concatenate_layer<Name, Axis, Options...>, Name, Options...>::layer;
  static constexpr name kind = "Concatenate";

  template <name Scope, class... X>
  constexpr auto call(X const&... x) const {
    static_assert(sizeof...(X) >= 2, "tfx: a Concatenate layer should be called on a list of at least 2 inputs");
    return concat(axis<Axis>, x...);
  }
  template <name Scope, class First, class... X>
  constexpr auto mask(First const& first, X const&... x) const {
    if constexpr (!has_mask<First> && !(has_mask<X> || ...)) {
      return no_mask;
    } else if constexpr (place_of_axis(Axis, First::shape_type::rank) == 1 && First::shape_type::rank > 2) {
      return concat(axis<1>, keras::detail::whole_mask(first), keras::detail::whole_mask(x)...);
    } else {
      return all_masks(mask_of(first), mask_of(x)...);
    }
  }
};

/// Its inputs one after another along an axis, the last one unless told: `Concatenate(axis<1>)(a, b)`. So are their
/// masks along the time; else a step counts where it does in each of them.
template <name Name = "", int Axis = -1, class... Options>
constexpr auto Concatenate(axes_t<Axis> = {}, Options const&... options) {
  return keras::detail::make_layer<concatenate_layer<Name, Axis, Options...>, void()>(options...);
}
/// The same at once: `concatenate(a, b)`.
template <typed_expression... X>
constexpr auto concatenate(X const&... x) {
  return Concatenate()(x...);
}
template <int Axis, typed_expression... X>
constexpr auto concatenate(axes_t<Axis> along, X const&... x) {
  return Concatenate(along)(x...);
}

}  // namespace layers
}  // namespace keras
TFX_END
