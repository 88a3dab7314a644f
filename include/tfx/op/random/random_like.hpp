// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/random/random_normal.hpp>
#include <tfx/op/random/random_uniform.hpp>

TFX_BEGIN

/// Random numbers in the shape and dtype of x, of which nothing else is read. Inputs: x, the state, the seed. Constant
/// to derivatives.
template <class Drawn>
struct random_like {
  static constexpr op_kind kind = op_kind::composed;
  static constexpr op_traits traits{.unique = true, .simplifies = true};
  static constexpr auto gradient = constant_to_derivatives;
  static constexpr void infer(inference& call) {
    only_floating(call, call.types[0]);
    call.type = call.types[0];
    if (!call.failed()) call.shape = call.shapes[0];
  }
  static constexpr void simplify(auto& call) {
    i64 words[1 + max_rank] = {static_cast<i64>(call.self.type)};
    dims const shape = call.self.shape;
    for (int i = 0; i < shape.rank; ++i) words[1 + i] = shape[i];
    call.result = call.graph->add(info<Drawn>, call.inputs.items + 1, call.inputs.count - 1, words, 1 + shape.rank);
  }
};
struct random_normal_like_op : random_like<random_normal_op> {
  static constexpr auto name = "RandomStandardNormalLike";
};
struct random_uniform_like_op : random_like<random_uniform_op> {
  static constexpr auto name = "RandomUniformLike";
};

namespace detail {
template <class Op, name Name, auto Site, class X, class... Seed>
constexpr auto draw_like(X const& x, Seed... s) {
  if constexpr (distinct<X>) {
    constexpr u64 context = mix(mix(hash_of(Op::name), X::hash), hash_of(Name.view()));
    return apply<Op, Name>(x, make_random_state<context, Name, Site>(sizeof...(s) > 0), seed_of<context, Site>(s)...);
  } else {
    return draw_like<Op, Name, Site>(compose<unique_input<Op, site_of<Name, Site>(), X>>(x), s...);
  }
}
/// The state of a random op in a function over handles: its name is the identity of its stream.
template <class Op>
constexpr fragment random_state_of(std::string_view name) {
  i64 const words[] = {static_cast<i64>(mix(hash_of(Op::name), hash_of(name))), 0};
  return fragment(info<random_state_op>, dtype::int64, {1, {random::stream::words}}, words, 2);
}
inline void the_extents_are_not_known_use_random_normal_like() {}  // no constant expression: calling it is the error
template <class Op, class T>
constexpr fragment draw(dims const& shape, std::string_view name) {
  i64 words[1 + max_rank] = {static_cast<i64>(dtype_of<T>)};
  for (int i = 0; i < shape.rank; ++i) {
    if (shape[i] == dims::unknown) the_extents_are_not_known_use_random_normal_like();
    words[1 + i] = shape[i];
  }
  return add_value(info<Op>, name, words, 1 + shape.rank, random_state_of<Op>(name));
}
}  // namespace detail

/// Random numbers of the normal distribution with mean 0 and standard deviation 1, or others, in the shape of x, which
/// only a run may know, and its dtype, float or double: `x + random_normal_like(x, 0, 0.1)`,
/// `random_normal_like(x, seed(7))`.
template <name Name = "", typed_expression X, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
constexpr auto random_normal_like(X const& x, Seed... s) {
  return detail::draw_like<random_normal_like_op, Name, Site>(x, s...);
}
template <name Name = "", typed_expression X, number N, number M, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
constexpr auto random_normal_like(X const& x, N mean, M stddev, Seed... s) {
  using T = typename X::value_type;
  return detail::scale_and_shift<Name, Site>(detail::draw_like<random_normal_like_op, "", Site>(x, s...),
                                             static_cast<T>(stddev), static_cast<T>(mean));
}
/// Random numbers from [0, 1), or [minval, maxval), in the shape of x and its dtype, float or double.
template <name Name = "", typed_expression X, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
constexpr auto random_uniform_like(X const& x, Seed... s) {
  return detail::draw_like<random_uniform_like_op, Name, Site>(x, s...);
}
template <name Name = "", typed_expression X, number N, number M, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
constexpr auto random_uniform_like(X const& x, N minval, M maxval, Seed... s) {
  using T = typename X::value_type;
  return detail::between<Name, Site>(detail::draw_like<random_uniform_like_op, "", Site>(x, s...),
                                     static_cast<T>(minval), static_cast<T>(maxval));
}

/// Inside functions over handles, under a name, which is the identity of its stream:
/// `x + 0.1 * random_normal_like(x, name_of("layer", i, "/noise"))`.
template <untyped X, class Op = random_normal_like_op>
constexpr X random_normal_like(X const& x, std::string_view name) {
  return detail::add_value(info<Op>, name, nullptr, 0, x, detail::random_state_of<Op>(name));
}
template <untyped X, class Op = random_uniform_like_op>
constexpr X random_uniform_like(X const& x, std::string_view name) {
  return detail::add_value(info<Op>, name, nullptr, 0, x, detail::random_state_of<Op>(name));
}
/// The same of a shape of numbers and named dimensions: `random_normal({3, 4}, "noise")`.
template <std::floating_point T = float>
constexpr fragment random_normal(extents shape, std::string_view name) {
  return detail::draw<random_normal_op, T>(shape.value, name);
}
template <std::floating_point T = float>
constexpr fragment random_uniform(extents shape, std::string_view name) {
  return detail::draw<random_uniform_op, T>(shape.value, name);
}

TFX_END
