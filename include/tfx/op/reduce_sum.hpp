// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/broadcast_to.hpp>
#include <tfx/op/reshape.hpp>
#include <tfx/shape/axes.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// What every reduction shares. Words: keepdims, then the axes (none: all).
struct reduction {
  static constexpr op_kind kind = op_kind::reduction;

  static constexpr void infer_shape(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    for (int i = 1; i < call.word_count; ++i)
      if (call.words[i] < -x.rank || call.words[i] >= x.rank)
        return call.refuse(refusal_kind::axis, x, {}, call.words[i]);
    unsigned const bits = axis_bits(call.words + 1, call.word_count - 1, x.rank);
    for (int i = 0; i < x.rank; ++i) {
      if (!(bits >> i & 1u)) {
        call.shape.push_back(x[i]);
      } else if (call.words[0] != 0) {
        call.shape.push_back(1);
      }
    }
  }
  /// `value` with the reduced axes back as extents of 1.
  static constexpr handle restore(gradient_call const& call, handle value) {
    dims const& x = call.x(0).shape();
    dims kept = x;
    unsigned const bits = axis_bits(call.graph->words_of(call.get()) + 1, call.get().word_count - 1, x.rank);
    for (int i = 0; i < x.rank; ++i)
      if (bits >> i & 1u) kept[i] = 1;
    return reshape(value, kept);
  }
  /// `x` reduced by `op` along the axes of `call`'s reduction.
  static constexpr handle reduce_alike(gradient_call const& call, op_info const& op, handle x) {
    i64 attributes[1 + max_rank] = {};
    int const count = call.get().word_count;
    for (int i = 0; i < count; ++i) attributes[i] = call.word(i);
    return add_node(op, attributes, count, x);
  }
  static constexpr handle sum_alike(gradient_call const& call, handle x);
};

/// Sum over axes; 0 over none. Gradient: dy along every axis that was summed.
struct reduce_sum_op : reduction {
  static constexpr auto name = "Sum";
  static constexpr bool multilinear = true;
  static constexpr void infer(inference& call) {
    number_or_complex(call, call.types[0]);
    infer_shape(call);
  }
  /// In what many of T are added up.
  template <class T>
  using sum = std::conditional_t<std::is_same_v<T, float>, double, T>;
  template <class T>
  static constexpr T identity() {
    return T(0);
  }
  static constexpr auto combine(auto a, auto b) { return a + b; }
  static constexpr auto fold(auto x) { return simd::reduce_add(x); }
  static constexpr void gradient(gradient_call& call) {
    call.dx[0] = broadcast_to(restore(call, call.dy), call.x(0).shape());
  }
};

constexpr handle reduction::sum_alike(gradient_call const& call, handle x) {
  return reduce_alike(call, info<reduce_sum_op>, x);
}

/// Sum of x over `axes<…>` (default: all): `reduce_sum(x, axis<0>, keepdims)`.
template <name Name = "", expression X, int... A, bool Keep = false>
constexpr result_with<reduce_sum_op, Name, words<Keep, A...>, X> reduce_sum(X const& x, axes_t<A...> = {},
                                                                            keepdims_t<Keep> = {}) {
  return apply<reduce_sum_op, Name, words<Keep, A...>>(x);
}
/// Sums a gradient back to `shape`, of which it is a broadcast.
constexpr handle sum_to(handle x, dims shape) {
  dims const from = x.shape();
  if (from == shape) return x;
  i64 attributes[1 + max_rank] = {0};
  int count = 1;
  int const missing = from.rank - shape.rank;
  for (int i = 0; i < from.rank; ++i)
    if (i < missing || (shape[i - missing] == 1 && from[i] != 1)) attributes[count++] = i;
  return reshape(count > 1 ? add_node(info<reduce_sum_op>, attributes, count, x) : x, shape);
}

TFX_END
