// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <concepts>
#include <tfx/graph/operands.hpp>
#include <tfx/op/math/add.hpp>

TFX_BEGIN

/// The same values in a larger shape. Gradient: summed back (by the pass, as for every broadcast).
struct broadcast_to_op : elementwise<1> {
  static constexpr auto name = "BroadcastTo";
  struct attributes {
    attribute_words extents;
    constexpr explicit attributes(attribute_words w) : extents(w) {}
  };
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    dims target;
    attribute_words const extents = attributes(call.attributes()).extents;
    for (int i = 0; i < extents.count; ++i) target.push_back(call.spelled(extents[i]));
    int const missing = target.rank - x.rank;
    if (missing < 0) return call.refuse(refusal_kind::shape_mismatch, x, target);
    for (int i = 0; i < x.rank; ++i)
      if ((call.symbols ? call.symbols->resolve(x[i]) : x[i]) != 1)
        target[missing + i] = call.agree(target[missing + i], x[i], x, target);
    if (!call.failed()) call.shape = target;
  }
  static constexpr op_traits traits{.simplifies = true};
  static constexpr void simplify(simplification& call) {
    call.keep(0);
    call.spread(0);
  }
  static constexpr auto value(auto x) { return x; }
  static auto const& texts(auto const& x) { return x; }
  static constexpr auto gradient(auto dy, auto, auto) { return dy; }
};

/// x repeated along missing dimensions and along extents of 1: `broadcast_to(x, shape<3, 4>)`.
template <name Name = "", expression X, auto... D>
constexpr result_with<broadcast_to_op, Name, words<detail::extent_of<D>()...>, X> broadcast_to(X const& x,
                                                                                               shape_t<D...>) {
  static_assert(detail::note_symbols_of<shape_t<D...>>());
  return apply<broadcast_to_op, Name, words<detail::extent_of<D>()...>>(x);
}
// A template, so that a braced list, which could be a dims too, goes to the next one.
template <std::same_as<dims> Shape>
constexpr handle broadcast_to(handle x, Shape const& shape) {
  if (x.shape() == shape) return x;
  return add_node(info<broadcast_to_op>, shape.extent, shape.rank, x);
}
/// Inside functions over handles, to a shape that may be computed: `broadcast_to(x, {x.shape()[0], 4})`.
template <untyped X>
constexpr X broadcast_to(X const& x, extents shape) {
  return detail::add_value(info<broadcast_to_op>, {}, shape.value.extent, shape.value.rank, x);
}

TFX_END
