// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/outputs.hpp>
#include <tfx/kernel/dropout.hpp>
#include <tfx/op/array/fill.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/negative.hpp>
#include <tfx/op/math/reduce_sum.hpp>
#include <tfx/op/math/subtract.hpp>
#include <tfx/op/random/random_op.hpp>

TFX_BEGIN

/// Refuses a probability of another dtype, or that is no scalar.
constexpr void infer_dropout(inference& call) {
  only_floating(call, call.types[0]);
  if (call.types[1] != call.types[0])
    return call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], call.types[1]);
  if (!call.failed() && call.shapes[1].rank > 0)
    call.refuse(refusal_kind::shape_mismatch, call.shapes[0], call.shapes[1]);
}

/// x with the mask of a dropout_op that was: what it kept, over keep_prob. Inputs: x, keep_prob, where the mask begins
/// in its stream. It draws the mask again, which no memory holds. Gradient: the same of dy; −Σ dy · y / keep_prob.
struct dropout_again_op {
  static constexpr auto name = "DropoutAgain";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.divisible = true};
  static constexpr void infer(inference& call) {
    infer_dropout(call);
    call.type = call.types[0];
    if (!call.failed() && !call.defer()) call.shape = call.shapes[0];
  }
  static constexpr void gradient(auto& call) {
    call.dx[0] = apply<dropout_again_op>(call.dy, call.x(1), call.x(2));
    call.dx[1] = along_probability(call.dy, call.y(), call.x(1));
  }
  static constexpr void tangent(auto& call) {
    auto const term = forward(call, call.y(), call.x(2));
    if (term) call.tangent = term;
  }
  /// −Σ dy · y / keep_prob.
  template <class Handle>
  static constexpr Handle along_probability(Handle dy, Handle y, Handle keep_prob) {
    i64 const all[] = {0};
    return -add_node<reduce_sum_op>(all, 1, dy * y) / keep_prob;
  }
  /// The tangent of y = dropout(x, keep_prob).
  template <class Handle>
  static constexpr Handle forward(auto& call, Handle y, Handle position) {
    Handle sum{};
    if (call.dx[0]) sum = apply<dropout_again_op>(call.dx[0], call.x(1), position);
    if (call.dx[1]) {
      Handle const term = y * (call.dx[1] / call.x(1));
      sum = sum ? sum - term : -term;
    }
    return sum;
  }

  template <class Call>
  static void run(Call const& call) {
    using T = typename Call::out_type;
    i64 const count = call.count(Call::out_shape());
    constexpr i64 chunk = kernel::dropout_chunk<T>;
    auto const part = call.share((count + chunk - 1) / chunk);
    kernel::dropout(call.template in<0>(), call.out(), part.begin * chunk,
                    part.end * chunk < count ? part.end * chunk : count, *call.template in<1>(),
                    read_position(call.template in<2>()));
  }
  static random::position read_position(i64 const* p) {
    return {{static_cast<u64>(p[0]), static_cast<u64>(p[1])}, p[2]};
  }
};

/// Each element of x with the probability keep_prob, over keep_prob, else 0: x / keep_prob · floor(keep_prob + u), u
/// uniform. Inputs: x, keep_prob, the state, the seed. Outputs: that, and where the mask begins in its stream, from
/// which derivatives draw it again.
struct dropout_op : random_op {
  static constexpr auto name = "Dropout";
  static constexpr op_traits traits{.unique = true, .may_fail = true, .has_outputs = true, .next_state = 2};
  static constexpr int result = 0, position = 1;

  static constexpr void infer(inference& call) {
    call.outputs = 2;
    infer_dropout(call);
    call.type = call.output == position ? dtype::int64 : call.types[0];
    if (call.failed() || call.defer()) return;
    call.shape = call.output == position ? dims{1, {3}} : call.shapes[0];
  }
  static constexpr void gradient(auto& call) {
    auto const& dy = call.dys[result];
    if (!dy) return;
    call.dx[0] = apply<dropout_again_op>(dy, call.x(1), call.output(position));
    call.dx[1] = dropout_again_op::along_probability(dy, call.output(result), call.x(1));
  }
  static constexpr void tangent(auto& call) {
    auto const term = dropout_again_op::forward(call, call.output(result), call.output(position));
    if (term) call.tangents[result] = term;
  }

  template <class Call>
  static void run(Call const& call) {
    auto const keep_prob = *call.template in<1>();
    kernel::check_keep_prob(keep_prob);  // before the stream moves on
    i64 const count = call.count(Call::in_shape(0));
    random::position const at = advance(call, count);
    if constexpr (Call::has_output(position)) {
      i64* const p = call.template out<position>();
      p[0] = static_cast<i64>(at.seeds.graph);
      p[1] = static_cast<i64>(at.seeds.op);
      p[2] = at.block;
    }
    if constexpr (Call::has_output(result))
      kernel::dropout(call.template in<0>(), call.template out<result>(), 0, count, keep_prob, at);
  }
};

namespace detail {
template <name Name, auto Site, class X, class K, class... Seed>
constexpr auto drop(X const& x, K const& keep_prob, Seed... s) {
  if constexpr (distinct<X> && distinct<K>) {
    constexpr u64 context = mix(mix(hash_of(dropout_op::name), mix(X::hash, K::hash)), hash_of(Name.view()));
    return apply_output<dropout_op, Name, dropout_op::result>(
        x, keep_prob, make_random_state<context, Name, Site>(sizeof...(s) > 0), seed_of<context, Site>(s)...);
  } else {
    return drop<Name, Site>(compose<unique_input<dropout_op, site_of<Name, Site>(), X>>(x),
                            compose<unique_input<dropout_op, site_of<Name, Site>(), K, X>>(keep_prob), s...);
  }
}
/// As far as the compiler knows the extents.
constexpr bool is_no_larger(dims const& y, dims const& x) {
  if (y.rank > x.rank && x.rank >= 0) return false;
  for (int i = 0; i < y.rank && i < x.rank; ++i)
    if (x[i] >= 0 && y[i] > x[i]) return false;
  return true;
}
template <class K>
constexpr void check_probability(K const& keep_prob) {
  if constexpr (number<K>) kernel::check_keep_prob(static_cast<double>(keep_prob));
}
}  // namespace detail

namespace nn {
/// Each element of x, floats, with the probability keep_prob in (0, 1], over keep_prob, else 0:
/// `nn::dropout(x, 0.5f)`, `nn::dropout(x, keep_prob, seed(7))`, where keep_prob may be a scalar of x's dtype, such as
/// a placeholder. Each run draws anew; derivatives of one run see its mask. Another probability is refused: a number at
/// once, a tensor by the run. As with all random ops, each call is an op of its own, and names tell those of a helper
/// apart: `nn::dropout<Name>(x, keep_prob)`. Gradient: dy of what was kept, over keep_prob.
template <name Name = "", typed_expression X, class K, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...> && operands<X, K>
constexpr auto dropout(X const& x, K const& keep_prob, Seed... s) {
  detail::check_probability(keep_prob);
  return detail::drop<Name, Site>(x, lift<X, Site>(keep_prob, x), s...);
}
/// With one mask for all along the axes where `noise` has an extent of 1: `nn::dropout(x, 0.5f, shape<batch, 1, 64>)`.
template <name Name = "", typed_expression X, class K, auto... D, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...> && operands<X, K>
constexpr auto dropout(X const& x, K const& keep_prob, shape_t<D...> noise, Seed... s) {
  detail::check_probability(keep_prob);
  auto const mask = detail::drop<Name, Site>(ones<typename X::value_type>(noise), lift<X, Site>(keep_prob, x), s...);
  using result_type = result_t<multiply_op, "", X, std::remove_const_t<decltype(mask)>>;
  static_assert(detail::is_no_larger(result_type::shape_type::value, X::shape_type::value),
                "dropout: a mask has extents of x, or 1");
  return apply<multiply_op>(x, mask);
}
/// Inside functions over handles, under a name: `nn::dropout(x, keep_prob, name_of("layer", i, "/dropout"))`,
/// `nn::dropout<"drop">(x, keep_prob, seed(7))`.
template <untyped X, class K, class... Seed, class Op = dropout_op>
  requires maybe_seed<Seed...> && operands<X, K>
constexpr auto dropout(X const& x, K const& keep_prob, std::string_view name, Seed... s) {
  detail::check_probability(keep_prob);
  auto const probability = lift<X, member_site<>{}>(keep_prob, x);
  fragment const state = detail::random_state_of<Op>(name, mix(detail::content_of(x), detail::content_of(probability)));
  auto const several = detail::draw<Op>(name, state, {nullptr, 0}, std::tuple{s...}, x, probability);
  i64 const result[] = {Op::result};
  return detail::add_value(info<output_op>, {}, result, 1, several);
}
template <untyped X, class K, class... Seed>
  requires maybe_seed<Seed...> && operands<X, K>
constexpr auto dropout(X const& x, K const& keep_prob, extents noise, std::string_view name, Seed... s) {
  fragment const all = splat_value(noise.value, x.type(), splat_bits(1.0, x.type()));
  return apply<multiply_op>(x, dropout(all, keep_prob, name, s...));
}
template <name Name, untyped X, class K, class... Seed>
  requires(Name.size() > 0 && maybe_seed<Seed...> && operands<X, K>)
constexpr auto dropout(X const& x, K const& keep_prob, Seed... s) {
  return dropout(x, keep_prob, Name.view(), s...);
}
template <name Name, untyped X, class K, auto... D, class... Seed>
  requires(Name.size() > 0 && maybe_seed<Seed...> && operands<X, K>)
constexpr auto dropout(X const& x, K const& keep_prob, shape_t<D...>, Seed... s) {
  return dropout(x, keep_prob, extents(shape_t<D...>::value), Name.view(), s...);
}
template <name Name = "", untyped X, class K, class... Seed>
  requires(Name.size() == 0 && maybe_seed<Seed...> && operands<X, K>)
random_op_in_a_function_over_handles_needs_a_name dropout(X const& x, K const& keep_prob, Seed...);
}  // namespace nn

TFX_END
