// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/op/array/where.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/greater.hpp>
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/reduce_sum.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

namespace detail {
template <int... A>
struct clip_by_norm_of {
  constexpr auto operator()(auto x, auto clip_norm) const {
    auto const squares = reduce_sum(square(x), axes<A...>, keepdims);
    // The root has no derivative at 0, nor is there one to take: nothing is clipped there.
    auto const any = greater(squares, 0.0);
    auto const norm = where(any, sqrt(where(any, squares, 1.0)), squares);
    return x * clip_norm / maximum(norm, clip_norm);
  }
};
}  // namespace detail

/// x, scaled down to the norm `clip_norm` where its own, √Σ x² over `axes<…>` (default: all), is larger:
/// `clip_by_norm(gradient, 5.0f)`. float and double; the result has x's shape.
template <class X, class Norm, int... A, auto Site = [] {}>
  requires operands<X, Norm>
constexpr composed<detail::clip_by_norm_of<A...>, X, lifted<Norm, X, Site>> clip_by_norm(X const& x,
                                                                                         Norm const& clip_norm,
                                                                                         axes_t<A...> = {}) {
  return composition<detail::clip_by_norm_of<A...>>(x, lift<X, Site>(clip_norm, x));
}

TFX_END
