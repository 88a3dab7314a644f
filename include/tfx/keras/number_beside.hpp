// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/op/losses/agreement.hpp>

TFX_BEGIN

namespace keras::detail {
/// A number as a scalar beside `x`, of its dtype, or float beside whole numbers: it rides in the expression. `Site`
/// tells the calls apart, `Place` the numbers of one call.
template <int Place, auto Site, typed_expression X>
constexpr auto number_beside(X const&, double value) {
  using T = type_of<tfx::detail::floating_type(dtype_of<typename X::value_type>)>;
  return tfx::detail::as_argument<T, X, Site, Place>(value);
}
template <int Place, auto Site, untyped X>
constexpr auto number_beside(X const& x, double value) {
  return scalar_like(x, value);
}
}  // namespace keras::detail

TFX_END
