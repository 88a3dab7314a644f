// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/outputs.hpp>
#include <tfx/op/array/concat.hpp>

TFX_BEGIN

/// How many equal parts: `split(x, parts<3>)`.
template <int N>
struct parts_t {};
template <int N>
inline constexpr parts_t<N> parts{};
/// The extent of each part along the axis, -1 for one that gets all that is left: `split(x, sizes<2, 3, -1>)`.
template <i64... N>
struct sizes_t {};
template <i64... N>
inline constexpr sizes_t<N...> sizes{};

/// x in equal parts. Words: the axis, how many.
struct split_op : partition {
  static constexpr auto name = "Split";

  static constexpr void infer(inference& call) {
    attributes const words(call.attributes());
    i64 const count = words.parts[0];
    call.outputs = static_cast<int>(count);
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    int const axis = call.axis_of(x, words.axis);
    if (axis == no_axis) return;
    if (x[axis] >= 0 && x[axis] % count != 0) return call.refuse(refusal_kind::uneven_parts, x, {}, axis);
    call.shape = x;
    call.shape[axis] = call.derived(extent_rule::split, x[axis], count);
  }
  template <int, class Call>
  static i64 length(Call const& call) {
    constexpr attributes words(Call::attributes());
    return call.extent(Call::in_shape(0)[words.place(Call::in_shape(0).rank)]) / words.parts[0];
  }
  template <class Call>
  static void run(Call const& call) {
    copy_parts<split_op>(call);
  }
};

/// x in N equal parts along an axis (default: the first): `auto [a, b] = split(x, parts<2>, axis<1>);` The extent is a
/// multiple of N, which a run checks where it is a symbol.
template <name Name = "", expression X, int N, int A = 0>
constexpr outputs_with<split_op, Name, words<A, N>, N, X> split(X const& x, parts_t<N>, axes_t<A> = {}) {
  static_assert(N > 0, "split: at least one part");
  return apply_outputs<split_op, Name, words<A, N>, N>(x);
}
/// x in parts of the given extents, which add up to that of x: `auto [a, b, rest] = split(x, sizes<2, 3, -1>);`
template <name Name = "", expression X, i64... N, int A = 0>
constexpr outputs_with<split_v_op, Name, words<A, N...>, sizeof...(N), X> split(X const& x, sizes_t<N...>,
                                                                                axes_t<A> = {}) {
  static_assert(sizeof...(N) > 0 && ((N >= -1) && ...), "split: extents, or -1 for all that is left");
  static_assert((int{N == -1} + ... + 0) <= 1, "split: one part gets all that is left");
  return apply_outputs<split_v_op, Name, words<A, N...>, sizeof...(N)>(x);
}

TFX_END
