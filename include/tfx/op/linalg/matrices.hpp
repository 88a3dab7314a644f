// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/op/linalg/matrix_band_part.hpp>
#include <tfx/op/linalg/matrix_transpose.hpp>
#include <tfx/op/math/matmul.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/negative.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

/// In place of a matrix its adjoint, the transpose of its conjugate: `matrix_solve(a, b, adjoint)`.
struct adjoint_t {};
inline constexpr adjoint_t adjoint{};

/// What the ops of square matrices share. The last two axes are those of a matrix; the axes before are a batch.
struct square_matrix_op {
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{};
  struct attributes {
    bool adjoint;
    constexpr explicit attributes(attribute_words w) : adjoint(w.count > 0 && w[0] != 0) {}
  };

  /// The dtype is the first input's; that is at least one square matrix. False: refused, or its rank is not known yet.
  static constexpr bool takes_square(inference& call) {
    floating_or_complex(call, call.types[0]);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return false;
    dims const& a = call.shapes[0];
    if (a.rank < 2) {
      call.refuse(refusal_kind::rank, a);
      return false;
    }
    i64 common = 0;
    dims const last{2, {a[a.rank - 2], a[a.rank - 1]}};
    if (!unify_extents(last[0], last[1], call.symbols, common, a, last)) call.refuse(refusal_kind::not_square, a);
    return !call.failed();
  }
  /// Of a · x = b: b is [.., n, k] where a is [.., n, n], and so is x.
  static constexpr void infer_solution(inference& call) {
    if (call.types[0] != call.types[1])
      return call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], call.types[1]);
    if (!takes_square(call)) return;
    dims const& a = call.shapes[0];
    dims const& b = call.shapes[1];
    if (a.rank != b.rank) return call.refuse(refusal_kind::rank, a, b);
    dims x = b;
    for (int i = 0; i < a.rank - 1; ++i) x[i] = call.agree(a[i], b[i], a, b);
    if (!call.failed()) call.shape = x;
  }
  /// Memory for one factored matrix, and for its pivots.
  static constexpr void add_factors(scratch_request& call) {
    dims const& a = call.shape(0);
    call.add(call.type(0), {2, {a[a.rank - 2], a[a.rank - 1]}});
    call.add(dtype::int64, {1, {a[a.rank - 1]}});
  }
};

namespace detail {
/// What a run says of a matrix that is not square.
inline constexpr char const* not_square_words = "Input matrix must be square: of %s the last two extents are %s";

/// a · b, with op(x) = xᵀ where that is said.
constexpr handle product(auto a, auto b, bool transpose_a, bool transpose_b) {
  i64 const words[] = {transpose_a, transpose_b};
  return add_node<matmul_op>(words, 2, a, b);
}
constexpr handle turned(auto x) { return add_node<matrix_transpose_op>(nullptr, 0, x); }

/// x with zeros above its diagonal, or below.
constexpr handle triangle(auto x, bool lower) {
  i64 const words[] = {lower ? -1 : 0, lower ? 0 : -1};
  return add_node<matrix_band_part_op>(words, 2, x);
}
/// The lower triangle of x, with half of its diagonal.
template <class H>
constexpr H half_triangle(H x) {
  H const lower = triangle(x, true);
  return lower - 0.5 * triangle(lower, false);
}

/// Calls f(i) for each matrix of a batch, of a call that does all of it.
template <class Call, class F>
void for_each_matrix(Call const& call, F const& f) {
  constexpr dims a = Call::in_shape(0);
  i64 const batch = call.count(a, 0, a.rank - 2);
  for (i64 i = 0; i < batch; ++i) f(i);
}
}  // namespace detail

TFX_END
