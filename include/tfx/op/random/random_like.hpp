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
/// Numbers of x's dtype, as a computation in that dtype has them.
template <class X>
constexpr X between_in_dtype_of(std::string_view name, X const& x, double minval, double maxval) {
  if (x.type() == dtype::float64) return between_values<double>(name, x, minval, maxval);
  return between_values<float>(name, x, static_cast<float>(minval), static_cast<float>(maxval));
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

/// Inside functions over handles, under a name: `x + random_normal_like(x, name_of("layer", i, "/noise"))`,
/// `random_normal_like(x, 0, 0.1, "noise", seed(7))`, `random_normal_like<"noise">(x, 0, 0.1)`.
template <untyped X, class... Seed, class Op = random_normal_like_op>
  requires maybe_seed<Seed...>
constexpr X random_normal_like(X const& x, std::string_view name, Seed... s) {
  return detail::draw_like_value<Op>(name, name, x, s...);
}
template <untyped X, number N, number M, class... Seed, class Op = random_normal_like_op>
  requires maybe_seed<Seed...>
constexpr X random_normal_like(X const& x, N mean, M stddev, std::string_view name, Seed... s) {
  X const drawn = detail::draw_like_value<Op>({}, name, x, s...);
  return detail::scale_and_shift_value(name, drawn, static_cast<double>(stddev), static_cast<double>(mean));
}
template <name Name, untyped X, class... Seed>
  requires(Name.size() > 0 && maybe_seed<Seed...>)
constexpr X random_normal_like(X const& x, Seed... s) {
  return random_normal_like(x, Name.view(), s...);
}
template <name Name, untyped X, number N, number M, class... Seed>
  requires(Name.size() > 0 && maybe_seed<Seed...>)
constexpr X random_normal_like(X const& x, N mean, M stddev, Seed... s) {
  return random_normal_like(x, mean, stddev, Name.view(), s...);
}
template <name Name = "", untyped X, class... Given>
  requires(Name.size() == 0 && ((number<Given> || detail::is_seed<Given>) && ...))
random_op_in_a_function_over_handles_needs_a_name random_normal_like(X const& x, Given...);
template <untyped X, class... Seed, class Op = random_uniform_like_op>
  requires maybe_seed<Seed...>
constexpr X random_uniform_like(X const& x, std::string_view name, Seed... s) {
  return detail::draw_like_value<Op>(name, name, x, s...);
}
template <untyped X, number N, number M, class... Seed, class Op = random_uniform_like_op>
  requires maybe_seed<Seed...>
constexpr X random_uniform_like(X const& x, N minval, M maxval, std::string_view name, Seed... s) {
  X const drawn = detail::draw_like_value<Op>({}, name, x, s...);
  return detail::between_in_dtype_of(name, drawn, static_cast<double>(minval), static_cast<double>(maxval));
}
template <name Name, untyped X, class... Seed>
  requires(Name.size() > 0 && maybe_seed<Seed...>)
constexpr X random_uniform_like(X const& x, Seed... s) {
  return random_uniform_like(x, Name.view(), s...);
}
template <name Name, untyped X, number N, number M, class... Seed>
  requires(Name.size() > 0 && maybe_seed<Seed...>)
constexpr X random_uniform_like(X const& x, N minval, M maxval, Seed... s) {
  return random_uniform_like(x, minval, maxval, Name.view(), s...);
}
template <name Name = "", untyped X, class... Given>
  requires(Name.size() == 0 && ((number<Given> || detail::is_seed<Given>) && ...))
random_op_in_a_function_over_handles_needs_a_name random_uniform_like(X const& x, Given...);

TFX_END
