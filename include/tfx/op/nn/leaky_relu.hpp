// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/multiply.hpp>

TFX_BEGIN

namespace detail {
/// X, or whole numbers as floats.
template <class X>
struct inexact {
  using type = X;
};
template <typed_expression X>
  requires(std::is_integral_v<typename X::value_type> && !std::is_same_v<typename X::value_type, bool>)
struct inexact<X> : cast_type<float, "", X> {};
}  // namespace detail

namespace nn {

/// max(alpha · x, x), as TensorFlow computes it; of whole numbers as floats.
template <name Name = "", expression X, number N = double, auto Site = [] {},
          class F = typename detail::inexact<X>::type>
constexpr result_t<maximum_op, Name, result_t<multiply_op, "", lifted<N, F, Site>, F>, F> leaky_relu(X const& x,
                                                                                                     N alpha = 0.2) {
  if constexpr (std::is_same_v<X, F>) {
    return apply<maximum_op, Name>(apply<multiply_op>(lift<X, Site>(alpha, x), x), x);
  } else {
    return leaky_relu<Name, F, N, Site>(cast<float>(x), alpha);
  }
}

}  // namespace nn
TFX_END
