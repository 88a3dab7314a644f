// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/kernel/gather.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/shape/axes.hpp>

TFX_BEGIN

// What gathering and its gradient share. Inputs: a tensor, then the indices, int32 or int64 of any rank.
struct gathering {
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{};
  struct attributes {
    i64 axis;
    dims shape;  // of the result, where the inputs do not tell it
    constexpr explicit attributes(attribute_words w) : axis(w[0]), shape(w.list(1)) {}
  };

  /// Calls `work(outer, extent, count, inner)` for a tensor of the shape `x` that is read, or added to, along the axis,
  /// once all `count` indices are seen to lie in it.
  template <class Call, class Work>
  static void run_along(Call const& call, dims const& x, int axis, Work const& work) {
    constexpr dims at = Call::in_shape(1);
    i64 extents[at.rank + 1] = {};
    for (int i = 0; i < at.rank; ++i) extents[i] = call.extent(at[i]);
    i64 const count = call.count(at), extent = call.extent(x[axis]);
    kernel::check_indices(call.template in<1>(), count, extent, at.rank, extents);
    work(call.count(x, 0, axis), extent, count, call.count(x, axis + 1, x.rank));
  }
};

/// Slices of x along an axis at whole-number indices, whose axes stand in the axis's place. An index that x does not
/// have is refused by the run. Gradient: each slice of dy added where it was read.
struct gather_op : gathering {
  static constexpr auto name = "Gather";
  static constexpr std::string_view type(int) { return "GatherV2"; }
  static constexpr op_traits traits{.multilinear = true, .may_fail = true, .has_type = true, .divisible = true};
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    any_value(call, call.type);
    if (call.types[1] != dtype::int32 && call.types[1] != dtype::int64)
      call.refuse_types(refusal_kind::dtype_mismatch, call.types[1], dtype::int64);
    if (call.failed() || call.defer()) return;
    dims const& x = call.shapes[0];
    dims const& at = call.shapes[1];
    int const axis = call.axis_of(x, attributes(call.attributes()).axis);
    if (axis == no_axis) return;
    if (x.rank + at.rank - 1 > max_rank) return call.refuse(refusal_kind::rank, x, at);
    for (int i = 0; i < x.rank; ++i) {
      if (i != axis) call.shape.push_back(x[i]);
      for (int k = 0; i == axis && k < at.rank; ++k) call.shape.push_back(at[k]);
    }
  }
  static constexpr void gradient(auto& call);

  template <class Call>
  static void run(Call const& call) {
    constexpr dims x = Call::in_shape(0);
    run_along(call, x, place_of_axis(attributes(Call::attributes()).axis, x.rank),
              [&](i64 outer, i64 extent, i64 count, i64 inner) {
                kernel::gather(call.template in<0>(), call.template in<1>(), call.out(), call.share(outer * count),
                               extent, count, inner);
              });
  }
};

/// dy's slices added to zeros where gather_op read them.
struct gather_gradient_op : gathering {
  static constexpr auto name = "GatherGrad";
  static constexpr op_traits traits{.multilinear = true, .may_fail = true, .first_extent = 1};
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    call.shape = attributes(call.attributes()).shape;
  }
  static constexpr void gradient(auto& call) {
    i64 const words[] = {attributes(call.attributes()).axis};
    call.dx[0] = add_node<gather_op>(words, 1, call.dy, call.x(1));
  }

  template <class Call>
  static void run(Call const& call) {
    constexpr dims out = Call::out_shape();
    run_along(call, out, place_of_axis(attributes(Call::attributes()).axis, out.rank),
              [&](i64 outer, i64 extent, i64 count, i64 inner) {
                kernel::scatter_add(call.template in<0>(), call.template in<1>(), call.out(), outer, extent, count,
                                    inner);
              });
  }
};
constexpr void gather_op::gradient(auto& call) {
  dims const x = call.x(0).shape();
  i64 words[1 + max_rank] = {place_of_axis(attributes(call.attributes()).axis, x.rank)};
  for (int i = 0; i < x.rank; ++i) words[1 + i] = x[i];
  call.dx[0] = add_node<gather_gradient_op>(words, 1 + x.rank, call.dy, call.x(1));
}

/// Slices of x at `indices`, int32 or int64 of any shape, along an axis (default: the first): where x is [v, d] and the
/// indices [b, t], `gather(x, indices)` is [b, t, d]. An index out of range ends the run with an InvalidArgumentError.
template <name Name = "", expression X, expression I, int A = 0>
constexpr result_with<gather_op, Name, words<A>, X, I> gather(X const& x, I const& indices, axes_t<A> = {}) {
  return apply<gather_op, Name, words<A>>(x, indices);
}

TFX_END
