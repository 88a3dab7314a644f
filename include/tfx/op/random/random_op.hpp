// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>
#include <tfx/graph/operands.hpp>
#include <tfx/graph/splat.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/random/stream.hpp>
#include <tuple>

TFX_BEGIN

/// Makes the numbers of a random op repeatable: `random_normal(shape<3>, seed(7))` draws what TensorFlow 1.x draws for
/// an op of that seed.
struct seed_t {
  i64 value;
};
constexpr seed_t seed(i64 value) { return {value}; }
/// The same with a seed that is a part of the type, for templates: `random_normal(shape<3>, seed<I>)`.
template <i64 Value>
struct static_seed {};
template <i64 Value>
constexpr static_seed<Value> seed() {
  return {};
}

/// Where a random op stands in its stream (random::stream), kept by each session. A token tells one call from another
/// where no name does; inside a variable's initial value the variable's name does (compiler/flatten.hpp).
struct random_state_op {
  static constexpr auto name = "RandomState";
  static constexpr op_kind kind = op_kind::leaf;
  static constexpr op_traits traits{.state = true, .is_token = true};
  static constexpr void infer(inference&) {}
};

/// What random ops share. Inputs: the state and, where one was given, the seed; further ones come before them. Never
/// two of one state: each place in the source has its own, and each name that is given there.
struct random_op {
  static constexpr op_kind kind = op_kind::kernel;

  /// The stream of a call and the block where it stands; the next state is where `outputs` values lead it.
  template <class Call>
  static random::position advance(Call const& call, i64 outputs) {
    constexpr int state = Call::op::traits.next_state;
    random::maybe_seed seed;
    if constexpr (Call::input_count > state + 1) seed = *call.template in<state + 1>();
    random::stream stream = *reinterpret_cast<random::stream const*>(call.template in<state>());
    random::position const result = stream.advance(seed, outputs);
    *call.template next_state<random::stream>() = stream;
    return result;
  }
};
/// Random numbers of a shape. Constant to derivatives.
struct random_values : random_op {
  static constexpr op_traits traits{.unique = true, .next_state = 0, .first_extent = 1};
  static constexpr auto gradient = constant_to_derivatives;
  struct attributes {
    dtype type;
    attribute_words extents;
    constexpr explicit attributes(attribute_words w) : type(w.type(0)), extents(w.rest(1)) {}
  };
  static constexpr void infer(inference& call) {
    attributes const drawn(call.attributes());
    call.type = drawn.type;
    for (int i = 0; i < drawn.extents.count; ++i) {
      i64 const extent = call.spelled(drawn.extents[i]);
      call.shape.push_back(extent);
    }
  }
};

namespace detail {
template <class S>
inline constexpr bool is_seed = std::is_same_v<S, seed_t>;
template <i64 Value>
inline constexpr bool is_seed<static_seed<Value>> = true;
template <i64 Value>
inline constexpr bool is_seed<static_seed<Value> (*)()> = true;  // what `seed<7>` names
}  // namespace detail
/// Nothing or one seed.
template <class... S>
concept maybe_seed = sizeof...(S) <= 1 && (detail::is_seed<S> && ... && true);

/// In the place of a call's site: the op is a part of a variable's initial value, whose name tells it from others.
struct in_variable {};

namespace detail {
/// The state of a random op: of its name, else of its place in the source; `Context` is what is made there.
template <u64 Context, name Name, auto Site>
constexpr auto find_random_state() {
  constexpr i64 context = static_cast<i64>(Context);
  if constexpr (std::is_same_v<std::remove_const_t<decltype(Site)>, in_variable>) {
    return leaf<random_state_op, "", i64, shape_t<random::stream::words>, false, context, -1>{};
  } else if constexpr (Name.size() > 0) {
    return leaf<random_state_op, "", i64, shape_t<random::stream::words>, false, context, 0>{};
  } else {
    return leaf<random_state_op, "", i64, shape_t<random::stream::words>, true, context,
                1 + site_index<mix(Context, 0x7a), decltype(Site)>>{};
  }
}
template <u64 Context, name Name, auto Site>
using random_state = typename decltype(find_random_state<Context, Name, Site>())::type;
template <u64 Context, name Name, auto Site>
constexpr random_state<Context, Name, Site> make_random_state(bool seeded) {
  random_state<Context, Name, Site> result;
  if constexpr (result.literal_count > 0) result.literals[0] = make_token(seeded);
  return result;
}

template <u64 Context, auto Site>
auto seed_of(seed_t s) {
  typename literal_leaf<"", i64, shape_t<>, Context, Site>::type result;
  result.literals[0] = make_literal(s.value);
  return result;
}
template <u64 Context, auto Site, i64 Value>
constexpr auto seed_of(static_seed<Value>) {
  return result_with<splat_op, "", words<Value, static_cast<i64>(dtype::int64)>>{};
}
template <u64 Context, auto Site, i64 Value>
constexpr auto seed_of(static_seed<Value> (*)()) {
  return seed_of<Context, Site>(static_seed<Value>{});
}

template <auto... D>
constexpr u64 hash_of_shape(u64 hash) {
  ((hash = mix(hash, static_cast<u64>(extent_of<D>()))), ...);
  return hash;
}
template <class Op, name Name, class T, auto Site, auto... D>
struct random_of {
  static_assert(((extent_of<D>() != dims::unknown) && ...), "a random op's extents are numbers or named dimensions");
  static_assert(note_symbols_of<shape_t<D...>>());
  using word_type = words<static_cast<i64>(dtype_of<T>), extent_of<D>()...>;
  static constexpr u64 context =
      mix(hash_of_shape<D...>(mix(hash_of(Op::name), static_cast<u64>(dtype_of<T>))), hash_of(Name.view()));

  template <name Shown = Name, class... Seed>
  static constexpr auto make(Seed... s) {
    return apply<Op, Shown, word_type>(make_random_state<context, Name, Site>(sizeof...(s) > 0),
                                       seed_of<context, Site>(s)...);
  }
};

/// x · scale + shift, with numbers that are told apart by what they meet.
template <name Name, auto Site, class X, class N>
auto scale_and_shift(X const& x, N scale, N shift) {
  auto const scaled = multiply<"", X, N, Site>(x, scale);
  return add<Name, std::remove_const_t<decltype(scaled)>, N, Site>(scaled, shift);
}

constexpr i64 seed_value(seed_t s) { return s.value; }
template <i64 Value>
constexpr i64 seed_value(static_seed<Value>) {
  return Value;
}
template <i64 Value>
constexpr i64 seed_value(static_seed<Value> (*)()) {
  return Value;
}

// Inside functions over handles a stream is known by the name of its op and by what that is given, as elsewhere: two
// calls alike are one op, and two of one name that are given different values have a stream each.

template <class X>
constexpr u64 content_of(X const& x) {
  if constexpr (std::is_same_v<X, handle>) {
    return content_in(*static_cast<function_graph*>(x.graph), x.id);
  } else {
    function_graph graph;
    u64 const content = content_in(graph, graph.take(x));
    forget(graph, x);
    return content;
  }
}
template <class Op>
constexpr fragment random_state_of(std::string_view name, u64 given) {
  i64 const words[] = {static_cast<i64>(mix(mix(hash_of(Op::name), given), hash_of(name))), 0};
  return fragment(info<random_state_op>, dtype::int64, {1, {random::stream::words}}, words, 2);
}
/// `Op` of `x…` and of a state, under the name `shown`, which may be none.
template <class Op, class... Seed, class... X>
constexpr result_of_values<X..., fragment> draw(std::string_view shown, fragment const& state, attribute_words words,
                                                std::tuple<Seed...> const& seeds, X const&... x) {
  return std::apply(
      [&](auto... s) {
        return add_value(info<Op>, shown, words.at, words.count, x..., state,
                         splat_value({}, dtype::int64, seed_value(s))...);
      },
      seeds);
}
inline void the_extents_are_not_known_use_random_normal_like() {}  // no constant expression: calling it is the error
/// The same in a shape, where `x…` are its bounds.
template <class Op, class T, class... Seed, class... X>
constexpr fragment draw_shape(std::string_view shown, std::string_view name, extents shape,
                              std::tuple<Seed...> const& seeds, X const&... x) {
  i64 words[1 + max_rank] = {static_cast<i64>(dtype_of<T>)};
  int const count = 1 + shape.value.rank;
  for (int i = 1; i < count; ++i) {
    words[i] = shape.value[i - 1];
    if (words[i] == dims::unknown) the_extents_are_not_known_use_random_normal_like();
  }
  return draw<Op>(shown, random_state_of<Op>(name, hash_words(words, count)), {words, count}, seeds, x...);
}
/// The same in the shape and dtype of `x`.
template <class Op, class X, class... Seed>
constexpr X draw_like_value(std::string_view shown, std::string_view name, X const& x, Seed... s) {
  return draw<Op>(shown, random_state_of<Op>(name, content_of(x)), {nullptr, 0}, std::tuple{s...}, x);
}
/// x · scale + shift, as scale_and_shift makes it.
template <class X>
constexpr X scale_and_shift_value(std::string_view name, X const& x, double scale, double shift) {
  return add_value(info<add_op>, name, nullptr, 0, x * scalar_like(x, scale), scalar_like(x, shift));
}
}  // namespace detail
/// Never defined: inside functions over handles nothing but a name tells one random op from another,
/// `nn::dropout<"name">(x, 0.5f)` or `nn::dropout(x, 0.5f, name_of("layer", i))`.
struct random_op_in_a_function_over_handles_needs_a_name;

TFX_END
