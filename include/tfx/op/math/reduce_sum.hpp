// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/broadcast_to.hpp>
#include <tfx/op/array/reshape.hpp>
#include <tfx/shape/axes.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// What every reduction shares.
struct reduction {
  static constexpr op_kind kind = op_kind::reduction;
  static constexpr op_traits traits{};
  struct attributes {
    bool keepdims;
    attribute_words axes;  // none: all
    constexpr explicit attributes(attribute_words w) : keepdims(w[0] != 0), axes(w.rest(1)) {}
    /// The axes of what has `rank`, as bits.
    constexpr unsigned bits(int rank) const { return axis_bits(axes.at, axes.count, rank); }
  };

  static constexpr void infer_shape(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    attributes const over(call.attributes());
    for (int i = 0; i < over.axes.count; ++i)
      if (call.axis_of(x, over.axes[i]) == no_axis) return;
    unsigned const bits = over.bits(x.rank);
    for (int i = 0; i < x.rank; ++i) {
      if (!(bits >> i & 1u)) {
        call.shape.push_back(x[i]);
      } else if (over.keepdims) {
        call.shape.push_back(1);
      }
    }
  }
  /// `value` with the reduced axes back as extents of 1.
  static constexpr handle restore(gradient_call const& call, handle value) {
    dims const& x = call.x(0).shape();
    dims kept = x;
    unsigned const bits = attributes(call.attributes()).bits(x.rank);
    for (int i = 0; i < x.rank; ++i)
      if (bits >> i & 1u) kept[i] = 1;
    return reshape(value, kept);
  }
  /// `x` reduced by `op` along the axes of `call`'s reduction.
  static constexpr handle reduce_alike(gradient_call const& call, op_info const& op, handle x) {
    attribute_words const from = call.attributes();
    i64 words[1 + max_rank] = {};
    for (int i = 0; i < from.count; ++i) words[i] = from[i];
    return add_node(op, words, from.count, x);
  }
  static constexpr handle sum_alike(gradient_call const& call, handle x);
};

/// Sum over axes; 0 over none. Gradient: dy along every axis that was summed.
struct reduce_sum_op : reduction {
  static constexpr auto name = "Sum";
  static constexpr op_traits traits{.multilinear = true};
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
