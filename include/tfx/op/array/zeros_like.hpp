// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/fill.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// One number in the shape and dtype of x, where x's type does not spell that shape. The compiler makes a constant of
/// it. Constant to derivatives.
template <int Number>
struct splat_like : elementwise<1> {
  static constexpr void infer(inference& call) { infer_same(call, Number == 0 ? any_value : number_or_bool); }
  static constexpr op_traits traits{.simplifies = true};
  static constexpr void simplify(simplification& call) { call.result = fill_like(call.x(0), Number).id; }
  static constexpr auto gradient = constant_to_derivatives;
  static constexpr auto value(auto x) { return simd::fill<decltype(x)>(Number); }
};
struct zeros_like_op : splat_like<0> {
  static constexpr auto name = "ZerosLike";
};

namespace detail {
template <auto... D>
constexpr bool is_spelled(shape_t<D...>) {
  return ((extent_of<D>() >= 0) && ... && true);
}
constexpr bool is_spelled(unknown_shape) { return false; }

template <name Name, class Op, int Number, untyped X>
constexpr X number_like(X const& x) {
  return apply<Op, Name>(x);
}
template <name Name, class Op, int Number, class X>
constexpr auto number_like(X const& x) {
  using T = typename X::value_type;
  if constexpr (is_spelled(typename X::shape_type{})) {
    return splat<Name, number_bits<T, Number>(), T>(typename X::shape_type{});
  } else {
    return apply<Op, Name>(x);
  }
}
}  // namespace detail

/// Zeros in the shape and dtype of x.
template <name Name = "", expression X>
constexpr auto zeros_like(X const& x) {
  return detail::number_like<Name, zeros_like_op, 0>(x);
}

TFX_END
