// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/op/check/check_numerics.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/minimum.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/reduce_sum.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

namespace detail {
struct global_norm_of {
  constexpr auto operator()(auto... x) const { return sqrt((reduce_sum(square(x)) + ...)); }
};
struct clip_by_global_norm_of {
  constexpr auto operator()(auto clip_norm, auto norm, auto... x) const {
    auto const finite = verify_tensor_all_finite<"Found Inf or NaN global norm.">(norm);
    auto const scale = clip_norm * minimum(1.0 / finite, 1.0 / clip_norm);
    return std::tuple{x * scale...};
  }
};
}  // namespace detail

/// √Σ x² over all elements of all tensors of a tuple, of one floating dtype: `global_norm(gradients(loss, w, b))`.
template <expression... X>
  requires(sizeof...(X) > 0)
constexpr composed<detail::global_norm_of, X...> global_norm(std::tuple<X...> const& tensors) {
  return std::apply([](X const&... x) { return composition<detail::global_norm_of>(x...); }, tensors);
}

namespace detail {
template <auto Site, class... X, class Norm, class GlobalNorm>
constexpr auto clip_together(std::tuple<X...> const& tensors, Norm const& clip_norm, GlobalNorm const& norm) {
  auto const clip = [&](X const&... x) {
    return composition<clip_by_global_norm_of>(lift<GlobalNorm, Site>(clip_norm, norm), norm, x...);
  };
  return std::pair{std::apply(clip, tensors), norm};
}
}  // namespace detail

/// All tensors of a tuple, scaled down together to the global norm `clip_norm` where their own is larger, and that norm
/// (Pascanu et al., 2012): `auto [clipped, norm] = clip_by_global_norm(gradients(loss, w, b), 5.0f)`. A norm that was
/// computed already may be given behind these. A run is refused where it is infinite or no number.
template <class Norm, expression... X, auto Site = [] {}>
constexpr auto clip_by_global_norm(std::tuple<X...> const& tensors, Norm const& clip_norm) {
  return detail::clip_together<Site>(tensors, clip_norm, global_norm(tensors));
}
template <class Norm, expression UseNorm, expression... X, auto Site = [] {}>
constexpr auto clip_by_global_norm(std::tuple<X...> const& tensors, Norm const& clip_norm, UseNorm const& use_norm) {
  return detail::clip_together<Site>(tensors, clip_norm, use_norm);
}

TFX_END
