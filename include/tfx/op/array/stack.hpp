// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/concat.hpp>
#include <tfx/op/array/expand_dims.hpp>

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
/// Inside functions over handles, of any number of values: `stack(steps)`, `stack(axis<1>, steps)`.
template <name Name = "", int A, untyped X>
constexpr X stack(axes_t<A> at, vector<X> const& xs) {
  vector<X> parts;
  for (X const& x : xs) parts.push_back(expand_dims(x, at));
  return concat<Name>(at, parts);
}
template <name Name = "", untyped X>
constexpr X stack(vector<X> const& xs) {
  return stack<Name>(axis<0>, xs);
}

TFX_END
