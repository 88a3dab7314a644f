// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/fill.hpp>
#include <tfx/op/math/reduce_sum.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

namespace detail {
template <class T>
using half = result_with<splat_op, "", words<splat_bits(0.5), static_cast<i64>(dtype_of<T>)>>;
template <class X>
using floating_or_float =
    std::conditional_t<is_floating(dtype_of<typename X::value_type>), typename X::value_type, float>;
template <class X>
using sum_of_squares = result_with<reduce_sum_op, "", words<false>, result_t<square_op, "", X>>;
}  // namespace detail

namespace nn {
/// Half the sum of x²: `loss + 0.001f * nn::l2_loss(w)`.
template <name Name = "", typed_expression X>
constexpr result_t<multiply_op, Name, detail::sum_of_squares<X>, detail::half<detail::floating_or_float<X>>> l2_loss(
    X const& x) {
  return apply<multiply_op, Name>(reduce_sum(square(x)), detail::half<detail::floating_or_float<X>>{});
}
template <name Name = "", untyped X>
constexpr X l2_loss(X const& x) {
  return apply<multiply_op, Name>(reduce_sum(square(x)), scalar_like(x, 0.5));
}
}  // namespace nn

TFX_END
