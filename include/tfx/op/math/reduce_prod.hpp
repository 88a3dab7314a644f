// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/transpose.hpp>
#include <tfx/op/math/linear_recurrence.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/reduce_sum.hpp>

TFX_BEGIN

/// Product over axes; 1 over none. Gradient: dy · the product of all others, without a division.
struct reduce_prod_op : reduction {
  static constexpr auto name = "Prod";
  static constexpr void infer(inference& call) {
    number_or_complex(call, call.types[0]);
    infer_shape(call);
  }
  template <class T>
  static constexpr T identity() {
    return T(1);
  }
  static constexpr auto combine(auto a, auto b) { return a * b; }
  static constexpr auto fold(auto x) { return simd::reduce_mul(x); }

  /// The product of all others: of those before an element and of those after it.
  static constexpr handle others(auto const& call) {
    handle const x = call.x(0);
    int const rank = x.rank();
    unsigned const bits = attributes(call.attributes()).bits(rank);
    // The axes of the product side by side, where the first of them is.
    i64 order[max_rank] = {}, inverse[max_rank] = {};
    int first = 0, count = 0;
    while (first < rank && !(bits >> first & 1u)) ++first;
    for (int i = first; i < rank; ++i)
      if (bits >> i & 1u) inverse[i] = first + count++;
    for (int i = 0, kept = first + count; i < rank; ++i)
      if (!(bits >> i & 1u)) inverse[i] = i < first ? i : kept++;
    for (int i = 0; i < rank; ++i) order[inverse[i]] = i;
    handle const moved = add_node(info<transpose_op>, order, rank, x);
    i64 const forwards[] = {0, first, count}, backwards[] = {1, first, count};
    handle const product = add_node(info<exclusive_product_op>, forwards, 3, moved) *
                           add_node(info<exclusive_product_op>, backwards, 3, moved);
    return add_node(info<transpose_op>, inverse, rank, product);
  }
  static constexpr void gradient(auto& call) { call.dx[0] = others(call) * restore(call, call.dy); }
  static constexpr void tangent(auto& call) { call.tangent = sum_alike(call, others(call) * call.dx[0]); }
};

/// Product of x over `axes<…>` (default: all).
template <name Name = "", expression X, int... A, bool Keep = false>
constexpr result_with<reduce_prod_op, Name, words<Keep, A...>, X> reduce_prod(X const& x, axes_t<A...> = {},
                                                                              keepdims_t<Keep> = {}) {
  return apply<reduce_prod_op, Name, words<Keep, A...>>(x);
}

TFX_END
