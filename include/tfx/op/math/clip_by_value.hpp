// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/minimum.hpp>

TFX_BEGIN

namespace detail {
template <class X, class High, auto Site>
using clipped_above = result_t<minimum_op, "", X, lifted<High, X, Site, 1>>;
}  // namespace detail

/// x, but `low` where it is below and `high` where it is above: `clip_by_value(x, 0.0f, 1.0f)`. Gradient: dy where x is
/// in the closed interval.
template <name Name = "", expression X, class Low, class High, auto Site = [] {}>
  requires operands<X, Low> && operands<X, High>
constexpr result_t<maximum_op, Name, detail::clipped_above<X, High, Site>,
                   lifted<Low, detail::clipped_above<X, High, Site>, Site>>
clip_by_value(X const& x, Low const& low, High const& high) {
  auto const below = apply<minimum_op>(x, lift<X, Site, 1>(high, x));
  return apply<maximum_op, Name>(below, lift<detail::clipped_above<X, High, Site>, Site>(low, below));
}

TFX_END
