// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/function.hpp>
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/copy_box.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/op/math/reduce_sum.hpp>

TFX_BEGIN

/// How often `tile` repeats along each axis: `multiples<2, 1>`.
template <i64... M>
struct multiples_t {};
template <i64... M>
inline constexpr multiples_t<M...> multiples{};

/// The rules of ops that repeat along each axis, whose place is then two numbers: those of the copy and in x. `Copy` is
/// 0 where the copy's is the first one, else 1.
template <int Copy>
struct repeating_op {
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.multilinear = true, .simplifies = true};
  struct attributes {
    dims times;
    constexpr explicit attributes(attribute_words w) : times(w.list()) {}
  };

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    dims const times = attributes(call.attributes()).times;
    if (times.rank != x.rank) return call.refuse(refusal_kind::rank, x, times);
    for (int i = 0; i < x.rank; ++i) call.shape.push_back(call.derived(extent_rule::multiply, x[i], times[i]));
  }
  // Axis by axis: [.., m · d, ..] is [before, m, d, after], or [before, d, m, after], of which m is summed.
  static constexpr void gradient(auto& call) {
    dims const x = call.x(0).shape(), times = attributes(call.attributes()).times;
    auto g = call.dy;
    auto const product = [&](dims const& shape, int from, int to) {
      i64 extent = 1;
      for (int i = from; i < to; ++i) extent = call.graph->symbols.derived(extent_rule::multiply, extent, shape[i]);
      return extent;
    };
    for (int i = 0; i < x.rank; ++i) {
      if (times[i] == 1) continue;
      dims rest = g.shape();
      rest[i] = x[i];
      dims split{4, {product(rest, 0, i), x[i], x[i], product(rest, i + 1, x.rank)}};
      split[1 + Copy] = times[i];
      i64 const sum_over[] = {0, 1 + Copy};
      g = reshape(add_node<reduce_sum_op>(sum_over, 2, reshape(g, split)), rest);
    }
    call.dx[0] = g;
  }
  static constexpr void simplify(simplification& call) {
    dims const times = attributes(call.attributes()).times;
    for (int i = 0; i < times.rank; ++i)
      if (times[i] != 1) return;
    call.keep(0);
  }
};

/// Copies of x side by side. Gradient: the sum of dy over all copies.
struct tile_op : repeating_op<0> {
  static constexpr auto name = "Tile";
  template <class Call>
  static void run(Call const& call) {
    constexpr int rank = Call::out_shape().rank;
    constexpr dims multiples = attributes(Call::attributes()).times;
    i64 from[2 * rank + 1], to[2 * rank + 1], extents[2 * rank + 1];
    i64 in_stride = 1, out_stride = 1;
    // Each axis is two: which copy (it does not move in x), and the place in it.
    for (int i = rank - 1; i >= 0; --i) {
      i64 const extent = call.extent(Call::in_shape(0)[i]);
      extents[2 * i] = multiples[i];
      from[2 * i] = 0;
      to[2 * i] = out_stride * extent;
      extents[2 * i + 1] = extent;
      from[2 * i + 1] = in_stride;
      to[2 * i + 1] = out_stride;
      in_stride *= extent;
      out_stride *= extent * multiples[i];
    }
    kernel::copy_box(call.template in<0>(), from, call.out(), to, extents, 2 * rank);
  }
};

/// x repeated: `tile(x, multiples<2, 1>)` is x above x.
template <name Name = "", expression X, i64... M>
constexpr result_with<tile_op, Name, words<M...>, X> tile(X const& x, multiples_t<M...>) {
  static_assert(((M >= 0) && ...), "tile: not less than no copies");
  return apply<tile_op, Name, words<M...>>(x);
}
/// Inside functions over handles, as often as may be computed: `tile(x, {n, 1})`.
template <untyped X, class Op = tile_op>
constexpr X tile(X const& x, extents multiples) {
  return detail::add_value(info<Op>, {}, multiples.value.extent, multiples.value.rank, x);
}

TFX_END
