// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/range.hpp>
#include <tfx/op/array/reshape.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/equal.hpp>
#include <tfx/shape/axes.hpp>

TFX_BEGIN

/// How many classes: `one_hot(indices, depth<10>)`.
template <i64 N>
struct depth_t {};
template <i64 N>
inline constexpr depth_t<N> depth{};

/// 1 at each index along a new axis, 0 elsewhere; nothing for an index out of range. Constant to derivatives. It is a
/// comparison with the place along that axis, so that loops make it where they need it.
struct one_hot_op {
  static constexpr auto name = "OneHot";
  static constexpr op_kind kind = op_kind::composed;
  static constexpr op_traits traits{.simplifies = true, .first_extent = 2};
  static constexpr auto gradient = constant_to_derivatives;
  struct attributes {
    dtype type;
    i64 axis;  // in the result
    i64 depth;
    constexpr explicit attributes(attribute_words w) : type(w.type(0)), axis(w[1]), depth(w[2]) {}
  };

  static constexpr void infer(inference& call) {
    attributes const rows(call.attributes());
    call.type = rows.type;
    number_or_bool(call, call.type);
    if (!is_integer(call.types[0])) call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], dtype::int64);
    if (call.failed() || call.defer()) return;
    dims const& x = call.shapes[0];
    int const axis = call.new_axis_of(x, rows.axis);
    if (axis == no_axis) return;
    for (int i = 0; i <= x.rank; ++i) call.shape.push_back(i == axis ? rows.depth : x[i < axis ? i : i - 1]);
  }
  static constexpr void simplify(auto& call) {
    attributes const rows(call.attributes());
    auto const x = call.x(0);
    int const axis = place_of_axis(rows.axis, x.rank() + 1);
    // Compared in integers that hold every index and every place.
    bool const small = bytes_of(x.type()) < 4 || x.type() == dtype::int32;
    dtype const index = small && rows.depth >= 0 && rows.depth <= 0x7fffffff ? dtype::int32 : dtype::int64;
    dims labels = call.self.shape, places;
    labels[axis] = 1;
    for (int i = axis; i < labels.rank; ++i) places.push_back(i == axis ? rows.depth : 1);
    auto const same = apply<equal_op>(reshape(cast(x, index), labels), range(call.graph, index, places));
    call.result = cast(same, call.self.type).id;
  }
};

/// Whole numbers as rows of zeros with a one: `one_hot(constant({2, 0}), depth<3>)` is [[0, 0, 1], [1, 0, 0]], floats
/// along a new last axis; `one_hot<int>(…)`, `axis<0>`.
template <name Name = "", expression X, i64 N, int A = -1>
constexpr result_with<one_hot_op, Name, words<static_cast<i64>(dtype::float32), A, N>, X> one_hot(X const& indices,
                                                                                                  depth_t<N>,
                                                                                                  axes_t<A> = {}) {
  static_assert(N >= 0, "one_hot: not less than no classes");
  return apply<one_hot_op, Name, words<static_cast<i64>(dtype::float32), A, N>>(indices);
}
template <element T, expression X, i64 N, int A = -1>
constexpr result_with<one_hot_op, "", words<static_cast<i64>(dtype_of<T>), A, N>, X> one_hot(X const& indices,
                                                                                             depth_t<N>,
                                                                                             axes_t<A> = {}) {
  return apply<one_hot_op, "", words<static_cast<i64>(dtype_of<T>), A, N>>(indices);
}

TFX_END
