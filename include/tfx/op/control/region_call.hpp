// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/fetch_list.hpp>
#include <tfx/graph/operands.hpp>
#include <tfx/graph/outputs.hpp>
#include <tfx/op/control/region.hpp>

TFX_BEGIN

namespace detail {

/// One expression or several, fetch(…) or a tuple of them, as a tuple.
template <expression X>
constexpr std::tuple<X> as_tuple(X const& x) {
  return {x};
}
template <class... X>
constexpr std::tuple<X...> as_tuple(std::tuple<X...> const& x) {
  return x;
}
template <class X>
inline constexpr int width_of = std::tuple_size_v<decltype(as_tuple(std::declval<X const&>()))>;
/// What a loop of one value gives is that value.
template <class X>
constexpr X as_values(std::tuple<X> const& x) {
  return std::get<0>(x);
}
template <class... X>
constexpr std::tuple<X...> as_values(std::tuple<X...> const& x) {
  return x;
}

/// Tells unnamed constants apart: by the function beside which they stand.
template <class F>
inline constexpr u64 call_place = mix(0x706c6163, 1 + static_cast<u64>(site_index<0x706c6163, F>));
template <u64 Place, int First, class... X>
constexpr auto distinguish_all(std::tuple<X...> const& x) {
  return std::apply(
      [](auto const&... each) {
        return [&]<int... I>(std::integer_sequence<int, I...>) {
          return std::tuple{distinguish<mix(Place, First + I), false>(each)...};
        }(std::make_integer_sequence<int, sizeof...(X)>{});
      },
      x);
}

/// The shape of a slice along the first axis.
constexpr dims slice_shape(dims const& x) {
  dims slice;
  for (int i = 1; i < x.rank; ++i) slice.push_back(x[i]);
  return slice;
}
template <class X>
struct slice_of {
  static constexpr dims value = slice_shape(X::shape_type::value);
};

/// What tells the arguments of a loop from those of the loops around it: the type of its function.
template <class F, class... X>
constexpr u64 identity_of_loop() {
  if constexpr ((typed_expression<X> && ...)) {
    u64 hash = 0x6c6f6f70;
    ((hash = mix(hash, X::hash)), ...);
    return hash;
  } else {
    return 0x6c6f6f70;
  }
}
template <class F, class... X>
inline constexpr u64 loop_identity = mix(identity_of_loop<F, X...>(), 1 + site_index<identity_of_loop<F, X...>(), F>);

/// The I-th argument of a loop, for a state like `x` or a slice of it.
template <u64 Identity, int I, bool Slice, class X>
constexpr auto loop_argument(X const& x) {
  if constexpr (typed_expression<X>) {
    using T = typename X::value_type;
    if constexpr (Slice) {
      static_assert(X::shape_type::value.rank != 0, "tfx: a loop runs along the first axis of a tensor: this has none");
      return typename leaf<argument_op, "", T, shape_from<slice_of<X>>, false, static_cast<i64>(Identity), I>::type{};
    } else {
      return typename leaf<argument_op, "", T, typename X::shape_type, false, static_cast<i64>(Identity), I>::type{};
    }
  } else {
    i64 const words[] = {static_cast<i64>(Identity), I};
    dims const shape = Slice ? slice_shape(x.shape()) : x.shape();
    dtype const type = x.type();
    if constexpr (std::is_same_v<X, handle>) {
      auto* const graph = static_cast<function_graph*>(x.graph);
      return handle{graph, graph->add_leaf(info<argument_op>, type, shape, words, 2)};
    } else {
      return fragment(info<argument_op>, type, shape, words, 2);
    }
  }
}
template <u64 Identity, int First, bool Slice, class... X>
constexpr auto loop_arguments(std::tuple<X...> const& x) {
  return std::apply(
      [](auto const&... each) {
        return [&]<int... I>(std::integer_sequence<int, I...>) {
          return std::tuple{loop_argument<Identity, First + I, Slice>(each)...};
        }(std::make_integer_sequence<int, sizeof...(X)>{});
      },
      x);
}

template <class X>
inline constexpr bool is_operation = untyped<X>;
template <u64 Hash>
inline constexpr bool is_operation<operation<Hash>> = true;

/// A loop or branch with all its inputs, before it is known whether they fit; its values are `Count` outputs.
template <class Op, class Words, int First, int Count, class... X>
struct region_call {
  template <name Name>
  using result = result_with<Op, Name, Words, X...>;
  template <name Name>
  static constexpr bool fits = is_operation<result<Name>>;

  std::tuple<X...> inputs;

  template <name Name>
  constexpr auto values() const {
    auto const several = std::apply([](auto const&... x) { return apply<Op, Name, Words>(x...); }, inputs);
    return [&]<int... K>(std::integer_sequence<int, K...>) {
      return as_values(std::tuple{apply<output_op, "", words<First + K>>(several)...});
    }(std::make_integer_sequence<int, Count>{});
  }
};
template <class Op, class Words, int First, int Count, class... X>
constexpr region_call<Op, Words, First, Count, X...> make_call(std::tuple<X...> const& inputs) {
  return {inputs};
}
/// Of a call whose inputs do not fit: the undefined type that names the mistake.
template <class Call, name Name>
using region_refused = typename Call::template result<Name>;

/// A loop: `results` gives, for its arguments, a tuple of the predicate, if `Flags` say that there is one, the next
/// states, and `Yields` that are stacked. Its values are the stacks, or else the last states.
template <u64 Identity, int Yields, i64 Flags, i64 Most, class... S, class... Q, class Results>
constexpr auto call_loop(std::tuple<S...> const& states, std::tuple<Q...> const& sequences, Results const& results) {
  constexpr int count = sizeof...(S), first = Yields > 0 ? count : 0;
  auto const arguments =
      std::tuple_cat(loop_arguments<Identity, 0, false>(states), loop_arguments<Identity, count, true>(sequences));
  auto const made = distinguish_all<Identity, 256>(std::apply(results, arguments));
  using Words = words<static_cast<i64>(Identity), count, sizeof...(Q), Yields, Flags, Most>;
  return make_call<loop_op, Words, first, Yields + count - first>(std::tuple_cat(states, sequences, arguments, made));
}

}  // namespace detail

TFX_END
