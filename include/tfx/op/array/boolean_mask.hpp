// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/op/array/gather.hpp>
#include <tfx/op/array/reshape.hpp>
#include <tfx/op/array/where_indices.hpp>

TFX_BEGIN

/// x with the axes of a mask, which is input 1, as one. Word: the first of them. Gradient: dy in the old shape.
struct masked_axes_op {
  static constexpr auto name = "MaskedAxes";
  static constexpr std::string_view type(int) { return "Reshape"; }
  static constexpr op_kind kind = op_kind::view;
  static constexpr op_traits traits{
      .multilinear = true, .simplifies = true, .has_type = true, .mismatch = "Shapes %s and %s are incompatible"};
  struct attributes {
    i64 axis;
    constexpr explicit attributes(attribute_words w) : axis(w[0]) {}
  };

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    any_value(call, call.type);
    only_bool(call, call.types[1]);
    i64 const from = attributes(call.attributes()).axis;
    dims const& x = call.shapes[0];
    dims const& mask = call.shapes[1];
    if (mask.rank == 0 || (mask.rank < 0 && from < 0)) return call.refuse(refusal_kind::rank, mask);
    if (call.failed() || call.defer()) return;
    int const axis = call.axis_of(x, from);
    if (axis == no_axis) return;
    if (axis + mask.rank > x.rank) return call.refuse(refusal_kind::rank, x, mask);
    dims masked;
    i64 count = 1;
    for (int i = 0; i < mask.rank; ++i) masked.push_back(x[axis + i]);
    for (int i = 0; i < mask.rank; ++i)
      count = call.derived(extent_rule::multiply, count, call.agree(masked[i], mask[i], masked, mask));
    for (int i = 0; i < axis; ++i) call.shape.push_back(x[i]);
    call.shape.push_back(count);
    for (int i = axis + mask.rank; i < x.rank; ++i) call.shape.push_back(x[i]);
  }
  static constexpr void simplify(auto& call) { call.result = reshape(call.x(0), call.self.shape).id; }
  static constexpr void gradient(auto& call) { call.dx[0] = reshape(call.dy, call.x(0).shape()); }
};

namespace detail {
template <name Name, int Axis>
struct boolean_mask_of {
  template <class Handle>
  constexpr auto operator()(Handle x, Handle mask) const {
    // Those from the end count fewer axes behind.
    i64 const axis = Axis < 0 ? Axis + mask.rank() - 1 : Axis;
    return add_value(info<gather_op>, Name.view(), &axis, 1, apply<masked_axes_op, "", words<Axis>>(x, mask),
                     apply<where_indices_op, "", words<1>>(mask));
  }
};
}  // namespace detail

/// The slices of x where `mask` is true, in order; the mask is bool and has the extents of the axes of x from `axis`
/// (default: the first) on, one or more, in whose place stands how many are true: where x is [a, b, c] and the mask
/// [a, b], `boolean_mask(x, mask)` is [found, c]. Of an axis from the end the mask's rank must be known. Gradient: dy
/// where it was taken from, else 0.
template <name Name = "", expression X, expression M, int A = 0>
constexpr composed<detail::boolean_mask_of<Name, A>, X, M> boolean_mask(X const& x, M const& mask, axes_t<A> = {}) {
  return composition<detail::boolean_mask_of<Name, A>>(x, mask);
}

TFX_END
