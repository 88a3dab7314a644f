// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/reshape.hpp>
#include <tfx/shape/axes.hpp>

TFX_BEGIN

/// x without axes of extent 1. Words: which ones; none: all of them. Gradient: dy in the old shape.
struct squeeze_op {
  static constexpr auto name = "Squeeze";
  static constexpr auto mismatch = "Can not squeeze dimensions of %s, expected %s";
  static constexpr op_kind kind = op_kind::view;
  static constexpr bool multilinear = true;
  static constexpr int inputs = 1;

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    unsigned bits = 0;
    for (int i = 0; i < call.word_count; ++i) {
      bits |= axis_bits(call.words + i, 1, x.rank);
      if (bits >> max_rank) return call.refuse(refusal_kind::axis, x, {}, call.words[i]);
    }
    for (int i = 0; i < x.rank; ++i) {
      bool const drop = call.word_count == 0 ? x[i] == 1 : (bits >> i & 1u) != 0;
      if (!drop) {
        call.shape.push_back(x[i]);
      } else if (x[i] != 1) {
        dims ones = x;
        ones[i] = 1;
        call.agree(x[i], 1, x, ones);
      }
    }
  }
  static constexpr void gradient(gradient_call& call) { call.dx[0] = reshape(call.dy, call.x(0).shape()); }
};

/// x without the axes `axes<…>`, which have extent 1 (default: all such): `squeeze(x, axis<0>)`.
template <name Name = "", expression X, int... A>
constexpr result_with<squeeze_op, Name, words<A...>, X> squeeze(X const& x, axes_t<A...> = {}) {
  return apply<squeeze_op, Name, words<A...>>(x);
}

TFX_END
