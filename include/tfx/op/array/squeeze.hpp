// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/reshape.hpp>
#include <tfx/shape/axes.hpp>

TFX_BEGIN

/// x without axes of extent 1. Gradient: dy in the old shape.
struct squeeze_op {
  static constexpr auto name = "Squeeze";
  static constexpr op_kind kind = op_kind::view;
  static constexpr op_traits traits{
      .multilinear = true, .simplifies = true, .mismatch = "Can not squeeze dimensions of %s, expected %s"};
  struct attributes {
    attribute_words axes;  // none: all of extent 1
    constexpr explicit attributes(attribute_words w) : axes(w) {}
  };

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    attribute_words const axes = attributes(call.attributes()).axes;
    for (int i = 0; i < axes.count; ++i)
      if (call.axis_of(x, axes[i]) == no_axis) return;
    unsigned const bits = axis_bits(axes.at, axes.count, x.rank);
    for (int i = 0; i < x.rank; ++i) {
      bool const drop = axes.count == 0 ? x[i] == 1 : (bits >> i & 1u) != 0;
      if (!drop) {
        call.shape.push_back(x[i]);
      } else if (x[i] != 1) {
        dims ones = x;
        ones[i] = 1;
        call.agree(x[i], 1, x, ones);
      }
    }
  }
  static constexpr void simplify(simplification& call) { simplify_view(call); }
  static constexpr void gradient(gradient_call& call) { call.dx[0] = reshape(call.dy, call.x(0).shape()); }
};

/// x without the axes `axes<…>`, which have extent 1 (default: all that are written as 1; an extent that the compiler
/// does not know stays, whatever it is in a run): `squeeze(x, axis<0>)`.
template <name Name = "", expression X, int... A>
constexpr result_with<squeeze_op, Name, words<A...>, X> squeeze(X const& x, axes_t<A...> = {}) {
  return apply<squeeze_op, Name, words<A...>>(x);
}

TFX_END
