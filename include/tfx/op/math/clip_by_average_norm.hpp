// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/op/array/size.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/minimum.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/reduce_sum.hpp>
#include <tfx/op/math/rsqrt.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

namespace detail {
struct clip_by_average_norm_of {
  constexpr auto operator()(auto x, auto clip_norm) const {
    auto const mean_norm_inverse = rsqrt(reduce_sum(square(x))) * cast(size(x), x.type());
    return x * clip_norm * minimum(mean_norm_inverse, 1.0 / clip_norm);
  }
};
}  // namespace detail

/// x, scaled down where its norm over the number of its elements is larger than `clip_norm`, to what has that:
/// `clip_by_average_norm(gradient, 0.1f)`. float and double; the result has x's shape.
template <class X, class Norm, auto Site = [] {}>
  requires operands<X, Norm>
constexpr composed<detail::clip_by_average_norm_of, X, lifted<Norm, X, Site>> clip_by_average_norm(
    X const& x, Norm const& clip_norm) {
  return composition<detail::clip_by_average_norm_of>(x, lift<X, Site>(clip_norm, x));
}

TFX_END
