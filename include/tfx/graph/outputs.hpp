// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/graph.hpp>
#include <tuple>

TFX_BEGIN

namespace detail {
// What is no operation is a refusal, and stays one.
template <class Several, int Count>
struct all_outputs {
  using type = Several;
};
template <untyped Several, int Count>
struct all_outputs<Several, Count> {
  template <int... K>
  static std::tuple<std::enable_if_t<K >= 0, Several>...> list(std::integer_sequence<int, K...>);
  using type = decltype(list(std::make_integer_sequence<int, Count>{}));
};
template <u64 Hash, int Count>
struct all_outputs<operation<Hash>, Count> {
  static constexpr int count = output_count(*lookup(key<Hash>{}));
  template <int... K>
  static std::tuple<result_with<output_op, "", words<K>, operation<Hash>>...> list(std::integer_sequence<int, K...>);
  using type = decltype(list(std::make_integer_sequence<int, count>{}));
};
}  // namespace detail

namespace detail {
template <class Several, int K>
struct one_output {
  using type = Several;
};
template <u64 Hash, int K>
struct one_output<operation<Hash>, K> {
  using type = result_with<output_op, "", words<K>, operation<Hash>>;
};
}  // namespace detail

/// The type of output K of an op of several, or an undefined type that names the mistake; values for values.
template <class Op, name Name, int K, class... X>
using output_with = typename detail::one_output<result_t<Op, Name, X...>, K>::type;

/// Output K that `Op` makes of `x…`, where users are given no other.
template <class Op, name Name, int K, class... X>
constexpr output_with<Op, Name, K, X...> apply_output(X const&... x) {
  return apply<output_op, "", words<K>>(apply<Op, Name>(x...));
}

/// The type of applying an op of several outputs: a tuple of expressions, or an undefined type that names the mistake;
/// of values a tuple of `Count` of them, since nothing else tells there how many there are.
template <class Op, name Name, class Words, int Count, class... X>
using outputs_with = typename detail::all_outputs<result_with<Op, Name, Words, X...>, Count>::type;

/// The outputs that `Op` with static attributes makes of `x…`: `auto [a, b] = …`. Those that nothing uses cost nothing.
template <class Op, name Name, class Words, int Count, class... X>
constexpr outputs_with<Op, Name, Words, Count, X...> apply_outputs(X const&... x) {
  using Outputs = outputs_with<Op, Name, Words, Count, X...>;
  auto const several = apply<Op, Name, Words>(x...);
  return [&]<int... K>(std::integer_sequence<int, K...>) {
    return Outputs{apply<output_op, "", words<K>>(several)...};
  }(std::make_integer_sequence<int, std::tuple_size_v<Outputs>>{});
}

TFX_END
