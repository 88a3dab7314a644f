// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/range.hpp>
#include <tfx/op/array/where.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/greater_equal.hpp>

TFX_BEGIN

/// Matrices with zeros outside of a band around their diagonals. Loops choose the elements where they need them.
/// Gradient: the same band of dy.
struct matrix_band_part_op {
  static constexpr auto name = "MatrixBandPart";
  static constexpr op_kind kind = op_kind::composed;
  static constexpr op_traits traits{.multilinear = true, .simplifies = true};
  struct attributes {
    i64 lower, upper;  // how many diagonals are kept below and above the main one; negative: all
    constexpr explicit attributes(attribute_words w) : lower(w[0]), upper(w[1]) {}
  };

  static constexpr void infer(inference& call) {
    number_or_bool(call, call.types[0]);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return;
    if (call.shapes[0].rank < 2) return call.refuse(refusal_kind::rank, call.shapes[0]);
    call.shape = call.shapes[0];
  }
  static constexpr void gradient(auto& call) {
    attributes const kept(call.attributes());
    call.dx[0] = keep(call.dy, kept.lower, kept.upper);
  }
  static constexpr void simplify(auto& call) {
    attributes const kept(call.attributes());
    auto x = call.x(0);
    auto const zero = scalar_like(x, 0.0), columns = places(x, 1, 0);
    // column ≥ row − lower, and row + upper ≥ column
    if (kept.lower >= 0) x = apply<where_op>(apply<greater_equal_op>(columns, places(x, 0, -kept.lower)), x, zero);
    if (kept.upper >= 0) x = apply<where_op>(apply<greater_equal_op>(places(x, 0, kept.upper), columns), x, zero);
    call.result = x.id;
  }
  static constexpr auto keep(auto x, i64 lower, i64 upper) {
    i64 const words[] = {lower, upper};
    return add_node<matrix_band_part_op>(words, 2, x);
  }
  /// first, first + 1, … down the rows of x's matrices (axis 0), or along their columns (axis 1).
  static constexpr auto places(auto x, int axis, i64 first) {
    dims const of = x.shape();
    i64 const rows = of[of.rank - 2], columns = of[of.rank - 1], most = 0x3fffffff;
    bool const small = rows >= 0 && rows <= most && columns >= 0 && columns <= most && first >= -most && first <= most;
    i64 const words[] = {first, 1, static_cast<i64>(small ? dtype::int32 : dtype::int64), axis == 0 ? rows : columns,
                         1};
    return decltype(x){x.graph, x.graph->add(info<range_op>, nullptr, 0, words, axis == 0 ? 5 : 4)};
  }
};

/// How many diagonals below and above the main one: `matrix_band_part(x, band<1, 1>)`; -1: all of them.
template <i64 Lower, i64 Upper>
struct band_t {};
template <i64 Lower, i64 Upper>
inline constexpr band_t<Lower, Upper> band{};

/// x with zeros outside of a band of diagonals: the lower triangle is `matrix_band_part(x, band<-1, 0>)`, the upper one
/// `band<0, -1>`, the diagonal `band<0, 0>`.
template <name Name = "", expression X, i64 Lower, i64 Upper>
constexpr result_with<matrix_band_part_op, Name, words<Lower, Upper>, X> matrix_band_part(X const& x,
                                                                                          band_t<Lower, Upper>) {
  return apply<matrix_band_part_op, Name, words<Lower, Upper>>(x);
}

TFX_END
