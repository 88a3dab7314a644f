// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <limits>
#include <tfx/keras/optimizers/clipping.hpp>
#include <tfx/train/optimizer.hpp>

TFX_BEGIN

namespace keras::optimizers {

/// A number among an optimizer's options, of whatever type the program writes: `{.decay = 1}`.
struct option {
  double value = 0;

  constexpr option() {}  // g++ 12 fails where a default one initialises a member of a template
  template <number V>
  constexpr option(V v) : value(static_cast<double>(v)) {}
  constexpr operator double() const { return value; }
};

/// What nothing can be written for: a limit that the optimizer does not have.
struct no_option {
  constexpr explicit no_option() {}
};
/// The limits among an optimizer's options, of which `clipnorm` stands before `clipvalue`. An optimizer is a function
/// of three overloads, and of those whose options have the names that the program writes the first one is called: it
/// takes any number as its rate, the second one has to make a long double of it, the third one an option.
template <clipping Clip>
using clipnorm_option = std::conditional_t<Clip == clipping::by_norm, option, no_option>;
template <clipping Clip>
using clipvalue_option = std::conditional_t<Clip == clipping::none, no_option, option>;

/// Refuses what no step could use, in Keras' words.
constexpr void check_not_negative(char const* parameter, double value) {
  if (!(value >= 0)) raise<errors::InvalidArgumentError>("Expected %s >= 0, received: %g", parameter, value);
}
constexpr void check_momentum(double value) {
  if (!(value >= 0 && value <= 1)) raise<errors::InvalidArgumentError>("`momentum` must be between [0, 1].");
}
/// A rate is a number too.
constexpr void check_rate(char const* parameter, double value) {
  check_not_negative(parameter, value);
  if (value > std::numeric_limits<double>::max())
    raise<errors::InvalidArgumentError>("Expected %s to be finite, received: %g", parameter, value);
}
/// Of a beta of 1 there would be no mean.
constexpr void check_beta(char const* parameter, double value) {
  if (!(value >= 0 && value < 1))
    raise<errors::InvalidArgumentError>("`%s` must be between [0, 1), received: %g", parameter, value);
}

/// What a rule's parameters begin with; where the optimizer decays, its decay is the third.
inline constexpr int rate_parameter = 0, iterations_parameter = 1, decay_parameter = 2, first_own_parameter = 3;
/// The rate of this step: lr / (1 + decay · iterations).
constexpr auto decayed_rate(auto const& call) {
  return call.parameters[rate_parameter] /
         (1.0 + call.parameters[decay_parameter] * call.parameters[iterations_parameter]);
}
/// The number of this step, from 1.
constexpr auto step_number(auto const& call) { return call.parameters[iterations_parameter] + 1.0; }

/// The step that an optimizer takes of each variable.
template <class Rule, class... Parameter>
struct rule_step : train::optimizer<Rule, Parameter...> {
  constexpr explicit rule_step(Parameter... parameters) : train::optimizer<Rule, Parameter...>(parameters...) {}
};

/// What Keras' optimizers share (TF 1.12, python/keras/optimizers.py). What may change while a model is trained is a
/// variable of dtype T, which no optimizer trains: `Adam/lr`, `Adam/decay`, `Adam/beta_1`, and an int64 that counts
/// steps, `Adam/iterations`. `Name` stands in the place of the class's: two models whose optimizers meet in a session
/// need two. `Self` has `own_parameters()`, what its rule takes behind the shared ones, and may have `more_changes()`,
/// what else a step changes.
template <class Self, class Rule, name Name, class T, template <clipping> class Options, clipping Clip>
class optimizer : public train::optimizer_calls<Self> {
 public:
  /// What tells its variables from another optimizer's.
  static constexpr u64 kept_variables = hash_of(Name.view());

  /// The learning rate, a variable: `sess.run(optimizer.lr().assign(0.01f))` changes it between two steps.
  constexpr auto lr() const { return hyperparameter<"lr">(lr_); }
  constexpr auto learning_rate() const { return lr(); }
  /// By how much the rate is lowered in each step, a variable.
  constexpr auto decay() const { return hyperparameter<"decay">(options_.decay); }
  /// How many steps were taken, a variable.
  static constexpr auto iterations() {
    return tfx::variable<Name / "iterations">(zeros<std::int64_t>(tfx::shape<>), tfx::trainable<false>);
  }

  template <name Step, typed_expression Loss, class... V>
  constexpr auto step(Loss const& loss, V const&... v) const {
    constexpr auto called = step_name<Step>();
    return whole<called>(rule().template step<called>(loss, v...));
  }
  template <name Step, class... G, class... V>
  constexpr auto application(std::tuple<std::pair<G, V>...> const& list) const {
    constexpr auto called = step_name<Step>();
    return whole<called>(rule().template application<called>(list));
  }

 protected:
  Options<Clip> options_;

  constexpr optimizer(double lr, Options<Clip> const& options) : options_(options), lr_(lr) {
    check_rate("lr", lr);
    if constexpr (Clip != clipping::none) check_not_negative("clipvalue", options.clipvalue);
    if constexpr (Clip == clipping::by_norm) check_not_negative("clipnorm", options.clipnorm);
    if constexpr (decays) check_rate("decay", options.decay);
  }
  /// The variable of this name that begins as `value`.
  template <name Parameter>
  static constexpr auto hyperparameter(double value) {
    return tfx::variable<Name / Parameter>(static_cast<T>(value), tfx::trainable<false>);
  }

 private:
  static constexpr bool decays = requires(Options<Clip> o) { o.decay; };
  double lr_;

  constexpr Self const& self() const { return static_cast<Self const&>(*this); }
  constexpr auto rule() const {
    return std::apply(
        [](auto const&... p) { return rule_step<clipped<Rule, Clip>, std::remove_cvref_t<decltype(p)>...>(p...); },
        std::tuple_cat(shared_parameters(), self().own_parameters(), limits()));
  }
  constexpr auto shared_parameters() const {
    if constexpr (decays) {
      return std::tuple(lr(), iterations(), decay());
    } else {
      return std::tuple(lr(), iterations());
    }
  }
  constexpr auto limits() const {
    if constexpr (Clip == clipping::by_norm) {
      return std::tuple(detail::limit(options_.clipvalue), detail::limit(options_.clipnorm));
    } else if constexpr (Clip == clipping::by_value) {
      return std::tuple(detail::limit(options_.clipvalue));
    } else {
      return std::tuple();
    }
  }
  /// What a step is called, and slots after it: as the call says, else as the optimizer, where that has a name of its
  /// own.
  template <name Step>
  static constexpr auto step_name() {
    if constexpr (Step.size() > 0) {
      return Step;
    } else if constexpr (Name.view() != Rule::class_name) {
      return Name;
    } else {
      return name("");
    }
  }
  /// A step of the rule, which also adds 1 to iterations. The step tells this addition from others.
  template <name Called, class Step>
  constexpr auto whole(Step const& step) const {
    auto const steps = iterations();
    using Steps = std::remove_cvref_t<decltype(steps)>;
    typename Steps::base const& before = steps;
    auto const count = tfx::detail::change_by<assign_add_op, "">(
        before, ones<std::int64_t>(tfx::shape<>),
        tfx::detail::token<Called, mix(Step::hash, Steps::hash), member_site<>{}>());
    if constexpr (requires { self().more_changes(); }) {
      return group(step, count, self().more_changes());
    } else {
      return group(step, count);
    }
  }
};

namespace detail {
template <class Step, class V, class F>
constexpr auto constrained(Step const& step, std::pair<V, F> const& each) {
  static_assert(tfx::detail::is_variable<V>, "tfx: constrain takes a step and pairs of a variable and a function");
  expr<typename V::value_type, typename V::shape_type, V::hash> const& before = each.first;
  return tfx::detail::change_by<assign_op, "">(before, each.second(with_dependencies(step, before)));
}
}  // namespace detail

/// A step after which each of these variables is what its function makes of the new value, a constraint in Keras'
/// sense: `constrain(Adam().minimize(loss), std::pair(w, [](auto x) { return maximum(x, 0.0f); }))`. The function takes
/// an expression and gives one of the same dtype and shape.
template <expression Step, class... V, class... F>
constexpr auto constrain(Step const& step, std::pair<V, F> const&... each) {
  return group(step, detail::constrained(step, each)...);
}

}  // namespace keras::optimizers

TFX_END
