// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/transpose.hpp>

TFX_BEGIN

/// The last two axes exchanged. Gradient: those of dy.
struct matrix_transpose_op {
  static constexpr auto name = "MatrixTranspose";
  static constexpr std::string_view type(int) { return "Transpose"; }
  static constexpr op_kind kind = op_kind::composed;
  static constexpr op_traits traits{.multilinear = true, .simplifies = true, .has_type = true};

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    if (x.rank < 2) return call.refuse(refusal_kind::rank, x);
    call.shape = x;
    call.shape[x.rank - 2] = x[x.rank - 1];
    call.shape[x.rank - 1] = x[x.rank - 2];
  }
  static constexpr void gradient(auto& call) { call.dx[0] = add_node<matrix_transpose_op>(nullptr, 0, call.dy); }
  static constexpr void simplify(simplification& call) {
    int const rank = call.self.shape.rank;
    simplification turned = call;
    turned.words.clear();
    for (int i = 0; i < rank; ++i) turned.words.push_back(i < rank - 2 ? i : 2 * rank - 3 - i);
    transpose_op::simplify(turned);
    call.result = turned.result;
  }
};

/// x, of at least two axes, with the last two exchanged: each matrix of a batch transposed.
template <name Name = "", expression X>
constexpr result_t<matrix_transpose_op, Name, X> matrix_transpose(X const& x) {
  return apply<matrix_transpose_op, Name>(x);
}

TFX_END
