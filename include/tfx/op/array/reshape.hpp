// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <concepts>
#include <tfx/graph/operands.hpp>
#include <tfx/op/math/add.hpp>

TFX_BEGIN

/// What a view of other extents may be: nothing new, or what the compiler knows of its input, under its own shape.
constexpr void simplify_view(simplification& call) {
  call.keep(0);
  call.spread(0);
  node const& x = call.x(0).get();
  if (x.op->kind != op_kind::sequence) return;
  constexpr int extents = 3;  // behind the first number, the step, the dtype
  i64 attributes[extents + max_rank];
  for (int i = 0; i < extents; ++i) attributes[i] = call.graph->word(x, i);
  for (int i = 0; i < call.self.shape.rank; ++i) attributes[extents + i] = call.self.shape[i];
  call.result = call.graph->add(*x.op, nullptr, 0, attributes, extents + call.self.shape.rank);
}

/// The same elements in row-major order under another shape. Gradient: dy in the old shape.
struct reshape_op {
  static constexpr auto name = "Reshape";
  static constexpr op_kind kind = op_kind::view;
  static constexpr op_traits traits{
      .multilinear = true,
      .simplifies = true,
      .mismatch = "Input to reshape is a tensor with %s values, but the requested shape has %s"};
  struct attributes {
    attribute_words extents;  // -1 for the one that follows from the rest
    constexpr explicit attributes(attribute_words w) : extents(w) {}
  };

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    attribute_words const extents = attributes(call.attributes()).extents;
    dims target;
    int open = -1;
    for (int i = 0; i < extents.count; ++i) {
      if (extents[i] != dims::unknown) {
        target.push_back(call.spelled(extents[i]));
        continue;
      }
      target.push_back(dims::unknown);
      if (open >= 0) return call.refuse(refusal_kind::shape_mismatch, call.shapes[0], target);
      open = i;
    }
    // Extents that stand on both sides cancel; what is left must be equal, or is the open one.
    i64 rest[2] = {1, 1};
    dims const* sides[2] = {&call.shapes[0], &target};
    bool used[2][max_rank] = {};
    for (int i = 0; i < sides[0]->rank; ++i)
      for (int k = 0; k < target.rank && !used[0][i]; ++k)
        if (!used[1][k] && k != open && resolved(call, (*sides[0])[i]) < 0 &&
            resolved(call, (*sides[0])[i]) == resolved(call, target[k]) && resolved(call, target[k]) != dims::unknown)
          used[0][i] = used[1][k] = true;
    for (int side = 0; side < 2; ++side)
      for (int i = 0; i < sides[side]->rank; ++i)
        if (!used[side][i] && !(side == 1 && i == open))
          rest[side] = call.derived(extent_rule::multiply, rest[side], resolved(call, (*sides[side])[i]));
    if (open >= 0) {
      if (rest[0] >= 0 && rest[1] >= 0 && (rest[1] == 0 ? rest[0] != 0 : rest[0] % rest[1] != 0))
        return call.refuse(refusal_kind::shape_mismatch, call.shapes[0], target);
      target[open] = rest[1] == 1 ? rest[0] : call.derived(extent_rule::divide, rest[0], rest[1]);
    } else if (rest[0] >= 0 && rest[1] >= 0
                   ? rest[0] != rest[1]
                   : call.symbols && !call.symbols->unify(rest[0], rest[1], call.shapes[0], target, true)) {
      return call.refuse(refusal_kind::shape_mismatch, call.shapes[0], target);
    }
    call.shape = target;
  }
  static constexpr void gradient(gradient_call& call);
  static constexpr void simplify(simplification& call) { simplify_view(call); }

 private:
  static constexpr i64 resolved(inference const& call, i64 extent) {
    return call.symbols ? call.symbols->resolve(extent) : extent;
  }
};

/// `reshape(x, shape<2, -1>)`; one extent may be -1 (or `dyn`), which is what the rest leaves.
template <name Name = "", expression X, auto... D>
constexpr result_with<reshape_op, Name, words<detail::extent_of<D>()...>, X> reshape(X const& x, shape_t<D...>) {
  static_assert(detail::note_symbols_of<shape_t<D...>>());
  return apply<reshape_op, Name, words<detail::extent_of<D>()...>>(x);
}
// A template, so that a braced list, which could be a dims too, goes to the next one.
template <std::same_as<dims> Shape>
constexpr handle reshape(handle x, Shape const& shape) {
  if (x.shape() == shape) return x;
  return add_node(info<reshape_op>, shape.extent, shape.rank, x);
}
/// Inside functions over handles, to a shape that may be computed: `reshape(x, {x.shape()[0], -1})`.
template <untyped X>
constexpr X reshape(X const& x, extents shape) {
  return detail::add_value(info<reshape_op>, {}, shape.value.extent, shape.value.rank, x);
}

constexpr void reshape_op::gradient(gradient_call& call) { call.dx[0] = reshape(call.dy, call.x(0).shape()); }

TFX_END
