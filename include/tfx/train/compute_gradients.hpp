// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/build.hpp>
#include <tfx/op/math/gradients.hpp>
#include <tfx/train/arguments.hpp>
#include <tfx/train/slots.hpp>

TFX_BEGIN

namespace detail {
/// The variables that a loss is lowered along, in the order in which they are met.
template <u64 Loss>
struct found_variables {
  static constexpr int count = count_trained(*lookup(key<Loss>{})).trained;
  descriptor const* at[count + 1] = {};
  constexpr found_variables() {
    int i = 0;
    for (changed_variable const& each : variables_of_loss(*lookup(key<Loss>{})).list) at[i++] = each.variable;
  }
};
template <u64 Loss>
inline constexpr found_variables<Loss> kept_variables{};

/// One of them as an expression. A variable that a function over handles made has no type until then.
template <u64 Loss, int I>
struct found_variable {
  static constexpr descriptor const* inputs[2] = {kept_variables<Loss>.at[I], nullptr};
  static constexpr concluded conclude() {
    descriptor const& v = *inputs[0];
    concluded result;
    result.type = v.type;
    result.shape = *v.shape;
    result.kind = outcome_of(result.type, result.shape);
    result.hash = mix(mix(v.hash, define_op<built_op>::hash), mix(Loss, static_cast<u64>(I)));
    return result;
  }
  static constexpr concluded result = conclude();
  using as_expression = result_expression<result.kind, std::make_index_sequence<result.rank()>>;
  using shape_type = typename as_expression::template shape<found_variable>;
  static constexpr descriptor content{&info<built_op>,
                                      result.hash,
                                      result.type,
                                      &shape_type::value,
                                      {},
                                      hash_of({}),
                                      inputs,
                                      1,
                                      nullptr,
                                      0,
                                      inputs[0]->numbers,
                                      inputs[0]->number_count,
                                      shape_symbols<shape_type>::values,
                                      shape_symbols<shape_type>::count};
  static constexpr u64 defined = bucket_of<result.hash>::template writer<found_variable>::done ? result.hash : 0;
};

template <u64 Loss, int I>
using found_variable_of = typename found_variable<Loss, I>::as_expression::template type<found_variable<Loss, I>>;

template <class Gradients, class... V>
struct gradients_and_variables {
  using type = Gradients;  // the refusal of one
};
template <class... G, class... V>
struct gradients_and_variables<std::tuple<G...>, V...> {
  using type = std::tuple<std::pair<G, V>...>;
};
template <class Loss, class... V>
using gradient_list = typename gradients_and_variables<
    typename all_results<result_with<gradients_op, "", gradient_words<V>, Loss, V>...>::type, V...>::type;
}  // namespace detail

namespace train {

/// The gradients of `loss` along variables, each with its variable, as apply_gradients takes them:
/// `auto [of_w, of_b] = compute_gradients(loss, w, b)`, `auto [gradient, variable] = of_w`.
template <typed_expression Loss, typed_expression... V>
  requires(sizeof...(V) > 0)
constexpr detail::gradient_list<Loss, V...> compute_gradients(Loss const& loss, V const&... variables) {
  static_assert((detail::is_variable<V> && ...), "tfx: compute_gradients takes a loss and variables");
  return {{apply<gradients_op, "", detail::gradient_words<V>>(loss, variables), variables}...};
}
/// The same along every variable that the loss depends on and that is trained.
template <typed_expression Loss>
constexpr auto compute_gradients(Loss const& loss) {
  using found = detail::found_variables<Loss::hash>;
  static_assert(found::count > 0, "tfx: No variables to optimize.");
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return compute_gradients(loss, compose<detail::found_variable_of<Loss::hash, static_cast<int>(I)>>(loss)...);
  }(std::make_index_sequence<static_cast<std::size_t>(found::count)>{});
}

}  // namespace train

TFX_END
