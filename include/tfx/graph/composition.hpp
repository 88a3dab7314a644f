// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/build.hpp>

TFX_BEGIN

// Functions of the library that consist of many ops are written once, over handles, and are called as every other:
// `composition<F>(x, y)` of typed expressions is one expression, or a refusal that names the mistake; of handles it is
// what F makes of them, in the graph of one that has met a handle, else in one of its own.

namespace detail {
template <bool Fragments, class Result>
struct composed_values {
  using type = Result;
};
template <>
struct composed_values<true, handle> {
  using type = fragment;
};
template <class... Result>
struct composed_values<true, std::tuple<Result...>> {
  using type = std::tuple<typename composed_values<true, Result>::type...>;
};
template <class Result>
constexpr auto as_fragments(function_graph const& all, Result const& result) {
  if constexpr (std::is_same_v<Result, handle>) {
    return fragment_of(all, result.id);
  } else {
    return std::apply([&](auto const&... part) { return std::tuple{as_fragments(all, part)...}; }, result);
  }
}
template <bool Typed>
struct compositions {
  template <class F, class... X>
  using type = typename composed_values<(std::is_same_v<X, fragment> && ...),
                                        std::remove_cv_t<value_of_function<F, X...>>>::type;
};
template <>
struct compositions<true> {
  template <class F, class... X>
  using type = decltype(std::declval<built_function<F> const&>()(std::declval<X const&>()...));
};
}  // namespace detail
template <class F, class... X>
using composed = typename detail::compositions<(typed_expression<X> && ...)>::template type<F, X...>;
template <class F, class... X>
constexpr composed<F, X...> composition(X const&... x) {
  if constexpr ((typed_expression<X> && ...)) {
    return built_function<F>{}(x...);
  } else if constexpr ((std::is_same_v<X, fragment> && ...)) {
    function_graph all;
    auto const result = F{}(handle{&all, all.take(x)}...);
    (detail::forget(all, x), ...);
    return detail::as_fragments(all, result);
  } else {
    function_graph* const graph = detail::graph_of(x...);
    return F{}(handle{graph, graph->take(x)}...);
  }
}

namespace detail {
/// What a number becomes as an argument of a composition beside `Like`: a scalar of dtype T, which its place in the
/// source and `Position` tell from others. Expressions stay what they are.
template <class T, class Like, auto Site, int Position, class X>
struct composition_argument {
  using type = X;
};
template <class T, class Like, auto Site, int Position, number X>
struct composition_argument<T, Like, Site, Position, X> {
  using type = fragment;
};
template <class T, typed_expression Like, auto Site, int Position, number X>
struct composition_argument<T, Like, Site, Position, X> {
  using type = typename literal_leaf<"", T, shape_t<>, mix(mix(Like::hash, 0x61), Position), Site>::type;
};
template <class T, class Like, auto Site, int Position, class X>
using argument_of = typename composition_argument<T, Like, Site, Position, X>::type;
template <class T, class Like, auto Site, int Position, class X>
constexpr argument_of<T, Like, Site, Position, X> as_argument(X const& x) {
  if constexpr (!number<X>) {
    return x;
  } else if constexpr (untyped<Like>) {
    return splat_value({}, dtype_of<T>, splat_bits(fitted<T>(x)));
  } else {
    argument_of<T, Like, Site, Position, X> result;
    result.literals[0] = make_literal(fitted<T>(x));
    return result;
  }
}
/// The dtype of what is computed from `X`: that of an expression, or of a number, where a whole number is a float.
template <class X>
struct floating_dtype {
  using type = double;  // of a handle, whose dtype is a value
};
template <number X>
struct floating_dtype<X> {
  using type = std::conditional_t<std::is_same_v<X, double>, double, float>;
};
template <typed_expression X>
struct floating_dtype<X> {
  using type = typename X::value_type;
};
template <class X>
using floating_of = typename floating_dtype<X>::type;
}  // namespace detail

TFX_END
