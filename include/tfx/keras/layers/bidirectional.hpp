// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/recurrent_layer.hpp>
#include <tfx/keras/words.hpp>
#include <tfx/op/array/concat.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct merge_mode_tag;
enum class merge_way : unsigned char { concat, sum, mul, ave, none };
}  // namespace detail

struct merge_mode_word {
  template <class Word>
  struct refusal {
    using tag = detail::merge_mode_tag;
    static constexpr detail::merge_way value = detail::merge_way::concat;
    static_assert(is_word<merge_mode_word, Word>,
                  "tfx: Invalid merge mode. Merge mode should be one of \"sum\", \"mul\", \"ave\", \"concat\", "
                  "\"none\"");
  };
};
/// What Bidirectional makes of both directions: `merge_mode<"concat">`, "sum", "mul", "ave", or "none": both.
template <tfx::name Name>
inline constexpr word<merge_mode_word, named_as<Name>> merge_mode{};
template <>
struct stands_for<merge_mode_word, named_as<"concat">>
    : static_argument<detail::merge_mode_tag, detail::merge_way::concat> {};
template <>
struct stands_for<merge_mode_word, named_as<"sum">> : static_argument<detail::merge_mode_tag, detail::merge_way::sum> {
};
template <>
struct stands_for<merge_mode_word, named_as<"mul">> : static_argument<detail::merge_mode_tag, detail::merge_way::mul> {
};
template <>
struct stands_for<merge_mode_word, named_as<"ave">> : static_argument<detail::merge_mode_tag, detail::merge_way::ave> {
};
template <>
struct stands_for<merge_mode_word, named_as<"none">>
    : static_argument<detail::merge_mode_tag, detail::merge_way::none> {};

namespace detail {
template <merge_way Way>
struct merged_directions {
  constexpr auto operator()(auto ahead, auto back) const {
    if constexpr (Way == merge_way::sum) {
      return ahead + back;
    } else if constexpr (Way == merge_way::mul) {
      return ahead * back;
    } else {
      return (ahead + back) * 0.5;
    }
  }
};
/// "forward_lstm" of a layer.
template <class Layer, bool Forward>
struct direction_name {
  static constexpr name_value text = [] {
    std::string_view const direction = Forward ? "forward_" : "backward_";
    if constexpr (Layer::own_name.size() > 0) {
      return name_of(direction, Layer::own_name.view());
    } else {
      return name_of(direction, std::string_view(snake_case(Layer::kind.view())));
    }
  }();
};
}  // namespace detail

namespace layers {

template <class Layer, name Name, class... Options>
struct bidirectional_layer : layer<bidirectional_layer<Layer, Name, Options...>, Name, Options...> {
  using base = layer<bidirectional_layer<Layer, Name, Options...>, Name, Options...>;
  static constexpr name kind = "Bidirectional";
  static constexpr auto way =
      base::template static_or<keras::detail::merge_mode_tag, keras::detail::merge_way::concat>();
  static constexpr bool gives_both = way == keras::detail::merge_way::none;
  static constexpr bool is_reversed = Layer::goes_backwards && Layer::returns_sequences;
  static_assert(!base::template has<keras::detail::trainable_tag>,
                "tfx: whether weights are trained is told to the layer in Bidirectional");
  Layer directed;

  constexpr explicit bidirectional_layer(Layer const& l, Options const&... options) : base(options...), directed(l) {}

  /// `layer(x)`, or `layer(x, initial_state = …)` with the states of the forward layer, then those of the other one.
  template <typed_expression X, class... State>
  constexpr auto operator()(X const& x, State const&... initial) const {
    auto const states = keras::detail::given_states(initial...);
    constexpr bool fits = keras::detail::takes_states<typename Layer::cell_type, 2, X, decltype(states)>;
    static_assert(fits,
                  "tfx: An `initial_state` was passed that is not compatible with `cell.state_size`: [batch, units] "
                  "for each state, of both directions");
    if constexpr (fits) {
      return std::apply(
          [&]<class... S>(S const&... s) {
            return this->template named_call<keras::detail::scope_of<kind, Name, X::hash, S::hash...>()>(x, s...);
          },
          states);
    }
  }
  template <name Scope, typed_expression X, typed_expression... S>
  constexpr auto named_call(X const& x, S const&... s) const {
    auto const made = both<Scope>(x, s...);
    auto const first = std::apply(
        [&](auto const&... w) {
          return this->template mark<Scope>(with_weights(std::get<0>(made.value), w...), x, s...);
        },
        made.weights);
    auto const values = std::apply(
        [&](auto const&, auto const&... more) { return std::tuple{first, apply<further_value_op>(more, first)...}; },
        made.value);
    if constexpr (std::tuple_size_v<std::remove_const_t<decltype(values)>> == 1) {
      return first;
    } else {
      return values;
    }
  }
  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    static_assert(!gives_both && !Layer::returns_state, "tfx: what is called within a layer returns one value");
    auto const made = both<Scope>(x);
    return std::apply([&](auto const&... w) { return with_weights(std::get<0>(made.value), w...); }, made.weights);
  }
  template <name Scope, class X, class... S>
  constexpr auto mask(X const& x, S const&...) const {
    return directed.template mask<Scope>(x);
  }

 private:
  /// A tuple of what the layer gives, and the weights.
  template <name Scope, class X, class... S>
  constexpr auto both(X const& x, S const&... s) const {
    constexpr int half = static_cast<int>(sizeof...(S) / 2);
    constexpr auto ahead_scope = Scope / keras::detail::as_name<keras::detail::direction_name<Layer, true>>();
    constexpr auto back_scope = Scope / keras::detail::as_name<keras::detail::direction_name<Layer, false>>();
    std::tuple<S...> const all(s...);
    auto const ahead =
        direction<ahead_scope, Layer::goes_backwards, 0>(x, all, std::make_integer_sequence<int, half>{});
    auto const back =
        direction<back_scope, !Layer::goes_backwards, half>(x, all, std::make_integer_sequence<int, half>{});
    auto const outputs = merged(in_order(ahead.value.value), in_order(back.value.value));
    auto const weights = std::tuple_cat(ahead.value.weights, back.value.weights);
    if constexpr (Layer::returns_state) {
      return pair_of(std::tuple_cat(outputs, ahead.states, back.states), weights);
    } else {
      return pair_of(outputs, weights);
    }
  }
  template <class Value, class Weights>
  struct values_and_weights {
    Value value;
    Weights weights;
  };
  template <class Value, class Weights>
  static constexpr values_and_weights<Value, Weights> pair_of(Value const& value, Weights const& weights) {
    return {value, weights};
  }
  template <name Scope, bool Backward, int First, class X, class All, int... I>
  constexpr auto direction(X const& x, [[maybe_unused]] All const& all, std::integer_sequence<int, I...>) const {
    return directed.template part<Scope, Backward>(x, std::get<First + I>(all)...);
  }
  template <class Y>
  static constexpr auto in_order(Y const& y) {
    if constexpr (is_reversed) {
      return reverse(y, axis<1>);
    } else {
      return y;
    }
  }
  template <class Y, class Z>
  static constexpr auto merged(Y const& ahead, Z const& back) {
    if constexpr (gives_both) {
      return std::tuple{ahead, back};
    } else if constexpr (way == keras::detail::merge_way::concat) {
      return std::tuple{concat(axis<-1>, ahead, back)};
    } else {
      return std::tuple{composition<keras::detail::merged_directions<way>>(ahead, back)};
    }
  }
};

/// A recurrent layer and its like that goes the other way, whose sequences are in the order of the first one's:
/// `Bidirectional(LSTM<32>(return_sequences))` makes [batch, time, 64]. Weights: `bidirectional/forward_lstm/kernel` …,
/// `bidirectional/backward_lstm/kernel` …. With return_state the states of the forward layer follow the output, and
/// then those of the other one. Arguments: `merge_mode<"sum">`, "mul", "ave" or "none", a tuple of both, in the place
/// of "concat"; `activity_regularizer`.
template <name Name = "", class Layer, class... Options, auto Site = [] {}>
constexpr auto Bidirectional(Layer const& directed, Options const&... options) {
  static_assert(
      requires { Layer::is_recurrent; }, "tfx: Bidirectional takes a recurrent layer: SimpleRNN, LSTM, GRU or RNN");
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<bidirectional_layer<keras::detail::placeless_of<Layer>, Name, Options...>,
                                void(keras::detail::merge_mode_tag)>(keras::detail::placeless(directed), options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
