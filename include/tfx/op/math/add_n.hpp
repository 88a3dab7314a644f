// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/add.hpp>

TFX_BEGIN

/// The sum of tensors of one dtype and shape, from the first to the last. Gradient: dy to each.
struct add_n_op {
  static constexpr auto name = "AddN";
  static constexpr op_kind kind = op_kind::composed;
  static constexpr op_traits traits{.simplifies = true};

  static constexpr void infer(inference& call) {
    number_or_complex(call, call.types[0]);
    call.type = call.types[0];
    for (int i = 1; i < call.input_count(); ++i)
      if (call.types[i] != call.types[0])
        return call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], call.types[i]);
    if (call.failed() || call.defer()) return;
    call.shape = call.shapes[0];
    for (int i = 1; i < call.input_count(); ++i) {
      dims const& x = call.shapes[i];
      if (x.rank != call.shape.rank) return call.refuse(refusal_kind::rank, call.shapes[0], x);
      for (int k = 0; k < x.rank; ++k) call.shape[k] = call.agree(call.shape[k], x[k], call.shapes[0], x);
    }
  }
  static constexpr void gradient(auto& call) {
    for (auto& dx : call.dx) dx = call.dy;
  }
  static constexpr void tangent(auto& call) {
    for (auto const& dx : call.dx)
      if (dx) call.tangent = call.tangent ? call.tangent + dx : dx;
  }
  static constexpr void simplify(auto& call) {
    auto sum = call.x(0);
    for (int i = 1; i < call.inputs.size(); ++i) sum = sum + call.x(i);
    call.result = sum.id;
  }
};

/// x + y + …, all of one dtype and shape: `add_n(a, b, c)`.
template <name Name = "", expression X, expression... Y>
constexpr result_t<add_n_op, Name, X, Y...> add_n(X const& x, Y const&... y) {
  return apply<add_n_op, Name>(x, y...);
}
/// Inside functions over handles, of any number of values.
template <name Name = "", untyped X, class Op = add_n_op>
constexpr X add_n(vector<X> const& xs) {
  return detail::add_value_of_all(info<Op>, Name.view(), nullptr, 0, xs);
}

TFX_END
