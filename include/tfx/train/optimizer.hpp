// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/subtract.hpp>
#include <tfx/train/arguments.hpp>
#include <tfx/train/compute_gradients.hpp>

TFX_BEGIN

namespace train {

/// Refuses a sum of squares that would begin at 0 or below: its root divides.
constexpr void check_accumulator(char const* parameter, number auto value) {
  if (!(value > 0))
    raise<errors::InvalidArgumentError>("%s must be positive: %g", parameter, static_cast<double>(value));
}

/// What every optimizer is asked for. `Self` makes the steps: `step<Name>(loss, variables…)` lowers a loss along these
/// variables, or along all; `application<Name>(list)` goes along given gradients.
template <class Self>
class optimizer_calls {
 public:
  /// One step that lowers `loss` along every variable that it depends on and that is trained. Each call is a step of
  /// its own; where one run takes several along one loss, names tell them apart: `minimize<"first">(loss)`. What the
  /// optimizer keeps for a variable w is a variable `w/Momentum`, or `w/first` of a step that has a name.
  template <name Name = "", typed_expression Loss,
            class Of = Self>  // clang looks into what is known, before it is whole
  constexpr auto minimize(Loss const& loss) const -> decltype(std::declval<Of const&>().template step<Name>(loss)) {
    return self().template step<Name>(loss);
  }
  /// The same step, with `global_step = steps`, to which it adds 1, and `var_list = std::tuple(w, b)`, the variables
  /// that it changes, or one of both.
  template <name Name = "", typed_expression Loss, class... V>
  constexpr auto minimize(Loss const& loss, var_list_t<V...> const& list) const {
    return std::apply([&](V const&... v) { return self().template step<Name>(loss, v...); }, list.variables);
  }
  template <name Name = "", typed_expression Loss, class Steps>
  constexpr auto minimize(Loss const& loss, global_step_t<Steps> const& steps) const {
    return counted<Name>(minimize<Name>(loss), steps.variable);
  }
  template <name Name = "", typed_expression Loss, class Steps, class... V>
  constexpr auto minimize(Loss const& loss, global_step_t<Steps> const& steps, var_list_t<V...> const& list) const {
    return counted<Name>(minimize<Name>(loss, list), steps.variable);
  }
  template <name Name = "", typed_expression Loss, class Steps, class... V>
  constexpr auto minimize(Loss const& loss, var_list_t<V...> const& list, global_step_t<Steps> const& steps) const {
    return counted<Name>(minimize<Name>(loss, list), steps.variable);
  }

  /// The gradients that `minimize` would go along, each with its variable: train::compute_gradients.
  template <typed_expression Loss, typed_expression... V>
  constexpr auto compute_gradients(Loss const& loss, V const&... variables) const {
    return train::compute_gradients(loss, variables...);
  }
  /// One step along gradients that are given: a tuple of pairs of a gradient and its variable, as compute_gradients
  /// makes it, whose dtypes and shapes are the same; or a tuple of gradients and one of their variables. With
  /// `global_step = steps` it adds 1 to that.
  template <name Name = "", class... G, class... V>
  constexpr auto apply_gradients(std::tuple<std::pair<G, V>...> const& list) const {
    static_assert(sizeof...(G) > 0, "tfx: No variables provided.");
    static_assert((detail::is_variable<V> && ...), "tfx: apply_gradients takes pairs of a gradient and a variable");
    return self().template application<Name>(list);
  }
  template <name Name = "", class... G, class... V>
    requires(typed_expression<G> && ...)
  constexpr auto apply_gradients(std::tuple<G...> const& gradients, std::tuple<V...> const& variables) const {
    static_assert(sizeof...(G) == sizeof...(V), "tfx: apply_gradients takes as many gradients as variables");
    static_assert((detail::is_variable<V> && ...), "tfx: apply_gradients takes gradients and their variables");
    return self().template application<Name>(pairs(gradients, variables, std::index_sequence_for<G...>{}));
  }
  template <name Name = "", class... G, class... V, class Steps>
  constexpr auto apply_gradients(std::tuple<std::pair<G, V>...> const& list, global_step_t<Steps> const& steps) const {
    return counted<Name>(apply_gradients<Name>(list), steps.variable);
  }
  template <name Name = "", class... G, class... V, class Steps>
    requires(typed_expression<G> && ...)
  constexpr auto apply_gradients(std::tuple<G...> const& gradients, std::tuple<V...> const& variables,
                                 global_step_t<Steps> const& steps) const {
    return counted<Name>(apply_gradients<Name>(gradients, variables), steps.variable);
  }

 private:
  constexpr Self const& self() const { return static_cast<Self const&>(*this); }
  template <class... G, class... V, std::size_t... I>
  static constexpr std::tuple<std::pair<G, V>...> pairs(std::tuple<G...> const& gradients,
                                                        std::tuple<V...> const& variables, std::index_sequence<I...>) {
    return {std::pair<G, V>{std::get<I>(gradients), std::get<I>(variables)}...};
  }
  /// `step`, which also adds 1 to `steps`. The step tells this addition from others.
  template <name Name, class Step, class T, class Shape, u64 Hash>
  static constexpr auto counted(Step const& step, variable_t<T, Shape, Hash> const& steps) {
    constexpr u64 context = mix(Step::hash, Hash);
    expr<T, Shape, Hash> const& before = steps;
    return group(step, detail::change_by<assign_add_op, "">(before, ones<T>(Shape{}),
                                                            detail::token<Name, context, member_site<>{}>()));
  }
};

/// What optimizers share. `Op` says how a variable changes; the parameters are numbers, or expressions that are
/// computed in each step.
template <class Op, class... Parameter>
class optimizer : public optimizer_calls<optimizer<Op, Parameter...>> {
  template <class Kind, class Indices, name Name, class Loss, class... V>
  struct lowering;
  template <class Kind, std::size_t... I, name Name, class Loss, class... V>
  struct lowering<Kind, std::index_sequence<I...>, Name, Loss, V...> {
    using token = typename detail::token_leaf<Name, Loss::hash, member_site<>{}>::type;
    using type =
        typename Kind::template type<Name, Loss, lifted<Parameter, Loss, member_site<Name>{}, static_cast<int>(I)>...,
                                     token, V...>;
    static constexpr type make(Loss const& loss, std::tuple<Parameter...> const& parameters, V const&... v) {
      return Kind::template make<Name>(
          loss, lift<Loss, member_site<Name>{}, static_cast<int>(I)>(std::get<I>(parameters), loss)...,
          detail::token<Name, Loss::hash, member_site<>{}>(), v...);
    }
  };
  template <name Name, class Loss, class... V>
  using lowering_of = lowering<decltype(detail::kind_of_step<Op, Loss::hash, sizeof...(V)>()),
                               std::index_sequence_for<Parameter...>, Name, Loss, V...>;
  template <name Name, class Loss>
  using loss_of = unique_input<Op, member_site<Name>{}, Loss>;

 public:
  /// What tells the variables that it keeps from another optimizer's, by their names; 0: it keeps none.
  static constexpr u64 kept_variables = [] {
    if constexpr (requires { Op::slots; }) {
      return mix(hash_of(Op::slots[0].name), 1);
    } else {
      return u64{0};
    }
  }();

  template <name Name, typed_expression Loss, class... V>
  constexpr typename lowering_of<Name, loss_of<Name, Loss>, V...>::type step(Loss const& loss, V const&... v) const {
    if constexpr (detail::distinct<Loss>) {
      return lowering_of<Name, Loss, V...>::make(loss, parameters_, v...);
    } else {
      return step<Name>(compose<loss_of<Name, Loss>>(loss), v...);
    }
  }
  template <name Name, class... G, class... V>
  constexpr auto application(std::tuple<std::pair<G, V>...> const& list) const {
    auto const input = [](auto const& gradient) {
      using X = std::remove_cvref_t<decltype(gradient)>;
      return compose<unique_input<Op, member_site<Name>{}, X>>(gradient);
    };
    auto const inputs = std::apply(
        [&](auto const&... each) { return std::tuple_cat(std::tuple(input(each.first), each.second)...); }, list);
    constexpr u64 context = [] {
      u64 result = 0;
      ((result = mix(mix(result, G::hash), V::hash)), ...);
      return result;
    }();
    return apply_along<Name, context>(inputs, std::index_sequence_for<Parameter...>{});
  }

 protected:
  constexpr explicit optimizer(Parameter... parameters) : parameters_(parameters...) {}

 private:
  std::tuple<Parameter...> parameters_;

  template <name Name, u64 Context, class First, class... X, std::size_t... I>
  constexpr auto apply_along(std::tuple<First, X...> const& inputs, std::index_sequence<I...>) const {
    using counts = words<sizeof...(Parameter), (1 + sizeof...(X)) / 2>;
    using kind = detail::step_of<gradient_application<Op>, detail::written_variables::with_gradients, counts>;
    return std::apply(
        [&](First const& first, X const&... rest) {
          return kind::template make<Name>(
              lift<First, member_site<Name>{}, static_cast<int>(I)>(std::get<I>(parameters_), first)...,
              detail::token<Name, Context, member_site<>{}>(), first, rest...);
        },
        inputs);
  }
};

}  // namespace train

TFX_END
