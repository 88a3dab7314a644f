// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/cast.hpp>
#include <tfx/op/divide.hpp>
#include <tfx/op/equal.hpp>
#include <tfx/op/reduce_sum.hpp>
#include <tfx/op/where.hpp>

TFX_BEGIN

/// Product over axes; 1 over none. Gradient: dy · the product of all others, right with zeros too; derivatives of that
/// are right where no element is 0.
struct reduce_prod_op : reduction {
  static constexpr auto name = "Prod";
  static constexpr void infer(inference& call) {
    number_or_complex(call, call.types[0]);
    infer_shape(call);
  }
  template <class T>
  static constexpr T identity() {
    return T(1);
  }
  static constexpr auto combine(auto a, auto b) { return a * b; }
  static constexpr auto fold(auto x) { return simd::reduce_mul(x); }

  /// The product of all others: that of all that are not 0, divided by the element itself, unless another one is 0.
  static constexpr handle others(gradient_call const& call) {
    handle const x = call.x(0);
    handle const is_zero = equal(x, 0.0);
    handle const factor = where(is_zero, 1.0, x);
    handle const zeros = restore(call, sum_alike(call, cast(is_zero, x.type())));
    handle const product = restore(call, reduce_alike(call, info<reduce_prod_op>, factor));
    return where(is_zero, where(equal(zeros, 1.0), product, 0.0), where(equal(zeros, 0.0), product / factor, 0.0));
  }
  static constexpr void gradient(gradient_call& call) { call.dx[0] = others(call) * restore(call, call.dy); }
  static constexpr void tangent(gradient_call& call) { call.tangent = sum_alike(call, others(call) * call.dx[0]); }
};

/// Product of x over `axes<…>` (default: all).
template <name Name = "", typed_expression X, int... A, bool Keep = false>
constexpr result_with<reduce_prod_op, Name, words<Keep, A...>, X> reduce_prod(X const& x, axes_t<A...> = {},
                                                                              keepdims_t<Keep> = {}) {
  return apply<reduce_prod_op, Name, words<Keep, A...>>(x);
}

TFX_END
