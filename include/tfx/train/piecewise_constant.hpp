// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/op/array/constant.hpp>
#include <tfx/op/array/expand_dims.hpp>
#include <tfx/op/array/one_hot.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/greater.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/reduce_sum.hpp>

TFX_BEGIN

namespace detail {
/// The value at the place that tells how many boundaries x has passed.
template <class T, i64 N>
struct piecewise_constant_of {
  constexpr auto operator()(auto x, auto boundaries, auto values) const {
    auto const passed = greater(expand_dims(x, axis<-1>), boundaries);
    auto const place = reduce_sum(cast<std::int32_t>(passed), axis<-1>);
    return reduce_sum(one_hot<T>(place, depth<N>) * values, axis<-1>);
  }
};
}  // namespace detail

namespace train {
/// A number that changes at boundaries of x, such as the global step: values[0] up to boundaries[0], values[1] behind
/// it up to boundaries[1], and so on: `piecewise_constant(steps, {1000, 2000}, {0.1f, 0.01f, 0.001f})`. x is of any
/// shape, which is the result's; boundaries rise, and are of x's dtype; the result's dtype is that of values, which are
/// finite.
template <typed_expression X, number B, std::size_t N, number V, std::size_t M, auto Site = [] {}>
auto piecewise_constant(X const& x, B const (&boundaries)[N], V const (&values)[M]) {
  static_assert(M == N + 1, "tfx: The length of boundaries should be 1 less than the length of values");
  using T = detail::floating_of<V>;
  using Boundaries = typename detail::literal_leaf<"", typename X::value_type, shape_t<static_cast<int>(N)>,
                                                   mix(X::hash, 0x62), Site>::type;
  using Values = typename detail::literal_leaf<"", T, shape_t<static_cast<int>(M)>, mix(X::hash, 0x63), Site>::type;
  return composition<detail::piecewise_constant_of<T, static_cast<i64>(M)>>(
      x, detail::array_constant<Boundaries>(boundaries, Boundaries::shape_type::value),
      detail::array_constant<Values>(values, Values::shape_type::value));
}
}  // namespace train

TFX_END
