// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/squeeze.hpp>
#include <tfx/op/math/reduce_mean.hpp>
#include <tfx/op/math/subtract.hpp>
#include <tuple>

TFX_BEGIN

/// (x - m)² where m is the mean of x along the axes over which a variance is the mean of the result. Gradient: 2 dy ·
/// (x - m), and none along m, since the sum of x - m is 0.
struct squared_deviation_op : transcendental<2> {
  static constexpr auto name = "SquaredDeviation";
  static constexpr op_traits traits{.has_type = true};
  static constexpr std::string_view type(int) { return "SquaredDifference"; }
  static constexpr auto value(auto x, auto m) { return (x - m) * (x - m); }
  static constexpr auto gradient(auto dy, auto, auto x, auto m) { return handles<2>{{dy * (2.0 * (x - m)), {}}}; }
};

namespace detail {
// The two are made where the mean can be: what it refuses is refused in its words.
template <name Name, bool Keep, class X, class Axes, class Mean>
struct moments_of {
  using type = Mean;
};
template <name Name, bool Keep, class X, int... A, class Mean>
  requires requires { sizeof(Mean); }
struct moments_of<Name, Keep, X, axes_t<A...>, Mean> {
  using variance =
      result_with<reduce_mean_op, Name / "variance", words<Keep, A...>, result_t<squared_deviation_op, "", X, Mean>>;
  using mean = typename std::conditional_t<Keep, std::type_identity<Mean>,
                                           std::type_identity<result_with<squeeze_op, "", words<A...>, Mean>>>::type;
  using type = std::tuple<mean, variance>;
};
template <name Name, class X, int... A>
using kept_mean = result_with<reduce_mean_op, Name / "mean", words<true, A...>, X>;
}  // namespace detail

namespace nn {
/// Mean and variance of x over `axes<…>` (default: all): `auto [mean, variance] = nn::moments(x, axes<0>);` The
/// variance is the mean of squared differences from the mean: two passes over x.
template <name Name = "moments", expression X, int... A, bool Keep = false>
constexpr typename detail::moments_of<Name, Keep, X, axes_t<A...>, detail::kept_mean<Name, X, A...>>::type moments(
    X const& x, axes_t<A...> = {}, keepdims_t<Keep> = {}) {
  auto const mean = apply<reduce_mean_op, Name / "mean", words<true, A...>>(x);
  auto const variance =
      apply<reduce_mean_op, Name / "variance", words<Keep, A...>>(apply<squared_deviation_op>(x, mean));
  if constexpr (Keep) {
    return {mean, variance};
  } else {
    return {apply<squeeze_op, "", words<A...>>(mean), variance};
  }
}
}  // namespace nn

TFX_END
