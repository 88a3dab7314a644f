// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/shape/axes.hpp>

TFX_BEGIN

namespace kernel {
/// out is x with the axes that are `turned` in the other direction.
template <class T>
void reverse(T const* x, T* out, i64 const* extents, bool const* turned, int rank) {
  if (rank == 1 && turned[0]) {
    std::reverse_copy(x, x + extents[0], out);
  } else if (rank == 1) {
    std::copy_n(x, extents[0], out);
  } else {
    i64 inner = 1;
    for (int i = 1; i < rank; ++i) inner *= extents[i];
    for (i64 i = 0; i < extents[0]; ++i, out += inner)
      reverse(x + (turned[0] ? extents[0] - 1 - i : i) * inner, out, extents + 1, turned + 1, rank - 1);
  }
}
}  // namespace kernel

/// x in the other direction along some axes. Gradient: the same of dy.
struct reverse_op {
  static constexpr auto name = "ReverseV2";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.multilinear = true};
  struct attributes {
    attribute_words axes;
    constexpr explicit attributes(attribute_words w) : axes(w) {}
    constexpr bool turns(int axis, int rank) const {
      for (int i = 0; i < axes.count; ++i)
        if (place_of_axis(axes[i], rank) == axis) return true;
      return false;
    }
  };

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    attribute_words const axes = attributes(call.attributes()).axes;
    unsigned seen = 0;
    for (int i = 0; i < axes.count; ++i) {
      int const axis = call.axis_of(x, axes[i]);
      if (axis == no_axis) return;
      if ((seen >> axis & 1u) != 0) return call.refuse(refusal_kind::axis, x, {}, axes[i]);
      seen |= 1u << axis;
    }
    call.shape = x;
  }
  static constexpr void gradient(auto& call) {
    attribute_words const axes = attributes(call.attributes()).axes;
    i64 words[max_rank] = {};
    for (int i = 0; i < axes.count; ++i) words[i] = axes[i];
    call.dx[0] = add_node<reverse_op>(words, axes.count, call.dy);
  }

  template <class Call>
  static void run(Call const& call) {
    constexpr dims x = Call::in_shape(0);
    constexpr attributes along(Call::attributes());
    // Neighbours that are both turned, or both not, are one axis.
    i64 extents[x.rank + 1] = {1};
    bool turned[x.rank + 1] = {};
    int count = 0;
    for (int i = 0; i < x.rank; ++i) {
      bool const turns = along.turns(i, x.rank);
      if (i == 0 || turned[count - 1] != turns) {
        turned[count] = turns;
        extents[count++] = call.extent(x[i]);
      } else {
        extents[count - 1] *= call.extent(x[i]);
      }
    }
    kernel::reverse(call.template in<0>(), call.out(), extents, turned, count > 0 ? count : 1);
  }
};

/// x in the other direction along axes: `reverse(x, axis<1>)`, `reverse(x, axes<0, -1>)`. No axis is named twice.
/// TensorFlow: ReverseV2.
template <name Name = "", expression X, int... A>
constexpr result_with<reverse_op, Name, words<A...>, X> reverse(X const& x, axes_t<A...>) {
  static_assert(sizeof...(A) > 0, "tfx: reverse: name the axes, reverse(x, axis<0>)");
  return apply<reverse_op, Name, words<A...>>(x);
}

TFX_END
