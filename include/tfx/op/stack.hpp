// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/concat.hpp>
#include <tfx/op/expand_dims.hpp>
#include <tfx/op/squeeze.hpp>

TFX_BEGIN

/// Tensors of one shape along a new axis: `stack(axis<1>, a, b)`; without an axis along a new first one.
template <name Name = "", int A, expression... X>
constexpr auto stack(axes_t<A> at, X const&... xs) {
  return concat<Name>(at, expand_dims(xs, at)...);
}
template <name Name = "", expression... X>
constexpr auto stack(X const&... xs) {
  return stack<Name>(axis<0>, xs...);
}

namespace detail {
template <int Axis, int I, class X, int... K>
constexpr auto unstacked(X const& x, std::integer_sequence<int, K...>) {
  return squeeze(slice(x, index<(K == Axis ? I : 0)...>, shape<(K == Axis ? 1 : -1)...>), axis<Axis>);
}
template <int Axis, class X, int... I>
constexpr auto unstack_all(X const& x, std::integer_sequence<int, I...>) {
  return std::tuple{unstacked<Axis, I>(x, std::make_integer_sequence<int, X::shape_type::rank>{})...};
}
}  // namespace detail

/// The parts of x along an axis of static extent, as a tuple: `auto [a, b] = unstack(x, axis<0>);`
template <typed_expression X, int A = 0>
constexpr auto unstack(X const& x, axes_t<A> = {}) {
  constexpr int axis = place_of_axis(A, X::shape_type::rank);
  static_assert(axis != no_axis, "unstack: the shape has no such axis");
  constexpr i64 count = X::shape_type::value[axis];
  static_assert(count >= 0, "unstack: the extent along the axis is a number");
  return detail::unstack_all<axis>(x, std::make_integer_sequence<int, static_cast<int>(count)>{});
}

TFX_END
