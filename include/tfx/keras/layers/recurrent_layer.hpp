// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/recurrent_cell.hpp>
#include <tfx/op/array/reverse.hpp>

TFX_BEGIN
namespace keras::detail {
template <int K>
struct state_name {
  static constexpr name_value text = name_of("state_", K);
};
}  // namespace keras::detail

namespace keras::layers {

/// What recurrent layers share: a cell along the time of x [batch, time, depth]. The result is the last output, [batch,
/// units], or with return_sequences all, [batch, time, units]; with return_state it is a tuple, of that and the last
/// states. A row's steps that x's mask does not count leave its states and its output as they are; sequences have x's
/// mask. A stateful layer begins at variables, `lstm/state_0`, …, that each run of a model makes its last states; the
/// batch of x is a number.
template <class Self, class Cell, name Name, class... Options>
struct recurrent_layer : layer<Self, Name, Options...> {
  using base = layer<Self, Name, Options...>;
  static constexpr bool is_recurrent = true;
  using cell_type = Cell;
  static constexpr auto own_name = Name;
  static constexpr bool returns_sequences = base::template has<keras::detail::return_sequences_tag>;
  static constexpr bool returns_state = base::template has<keras::detail::return_state_tag>;
  static constexpr bool goes_backwards = base::template has<keras::detail::go_backwards_tag>;
  static constexpr int state_count = keras::detail::state_count<Cell>;
  static constexpr bool is_stateful = base::template has<keras::detail::stateful_tag>;
  Cell cell;

  constexpr explicit recurrent_layer(Cell const& c, Options const&... options) : base(options...), cell(c) {}

  /// `layer(x)`, `layer(x, h, c)` or `layer(x, initial_state = std::tuple(h, c))`.
  template <typed_expression X, class... State>
  constexpr auto operator()(X const& x, State const&... initial) const {
    // Said here too, where the message still names the line of the call.
    constexpr dims given = X::shape_type::value;
    static_assert(given.rank == 3, "tfx: a recurrent layer takes inputs of rank 3, [batch, time, depth]");
    static_assert(given.rank != 3 || given[2] >= 0,
                  "tfx: The last dimension of the inputs to a recurrent layer should be defined");
    static_assert(!is_stateful || given[0] >= 0,
                  "tfx: If a RNN is stateful, it needs to know its batch size: placeholder<\"x\", float>(shape<32, 10, "
                  "3>) in the place of Input");
    auto const states = keras::detail::given_states(initial...);
    constexpr bool fits = keras::detail::takes_states<Cell, 1, X, decltype(states)>;
    static_assert(fits,
                  "tfx: An `initial_state` was passed that is not compatible with `cell.state_size`: [batch, units] "
                  "for each state");
    if constexpr (fits) {
      return std::apply(
          [&]<class... S>(S const&... s) {
            return this->template named_call<keras::detail::scope_of<Self::kind, Name, X::hash, S::hash...>()>(x, s...);
          },
          states);
    }
  }
  template <name Scope, typed_expression X, typed_expression... S>
  constexpr auto named_call(X const& x, S const&... s) const {
    auto const made = run<Scope, goes_backwards>(x, s...);
    auto const y = this->template mark<Scope>(with_order(made.value), x, s...);
    if constexpr (returns_state) {
      return std::apply([&](auto const&... each) { return std::tuple{y, apply<further_value_op>(each, y)...}; },
                        made.states);
    } else {
      return y;
    }
  }
  template <name Scope, class X, class... S>
  constexpr auto call(X const& x, S const&... s) const {
    static_assert(!returns_state, "tfx: what is called within a layer returns one value: leave out return_state");
    return with_order(run<Scope, goes_backwards>(x, s...).value);
  }
  template <name Scope, class X, class... S>
  constexpr auto mask(X const& x, S const&...) const {
    if constexpr (!returns_sequences || !has_mask<X>) {
      return no_mask;
    } else if constexpr (goes_backwards) {
      return reverse(mask_of(x), axis<1>);
    } else {
      return mask_of(x);
    }
  }

  template <class Value, class States>
  struct directed_value {
    Value value;  // with_weights(…), sequences in the order of the inputs
    States states;
  };
  /// One direction, as a part of another layer: its penalties are in the value.
  template <name Scope, bool Backward, class X, class... S>
  constexpr auto part(X const& x, S const&... s) const {
    auto const made = run<Scope, Backward>(x, s...);
    auto const y = this->penalize_activity(made.value.value);
    return std::apply(
        [&](auto const&... w) {
          auto const value = with_weights(y, w...);
          return directed_value<std::remove_const_t<decltype(value)>, std::remove_cvref_t<decltype(made.states)>>{
              value, made.states};
        },
        made.value.weights);
  }

 private:
  template <name Scope, bool Backward, class X, class... S>
  constexpr auto run(X const& x, S const&... s) const {
    static_assert(X::shape_type::rank == 3, "tfx: a recurrent layer takes inputs of rank 3, [batch, time, depth]");
    auto const xs = transpose(x, axes<1, 0, 2>);
    auto const made = keras::detail::along_time<Scope, Backward>(cell, xs, keras::detail::mask_of_steps(mask_of(x)),
                                                                 begin_of<Scope>(xs, s...));
    auto const outputs = [&] {
      if constexpr (returns_sequences) {
        return transpose(made.outputs, axes<1, 0, 2>);
      } else {
        return made.last;
      }
    }();
    auto const y = with_kept<Scope>(outputs, made.states);
    return std::apply(
        [&](auto const&... w) {
          auto const value = with_weights(y, w...);
          return directed_value<std::remove_const_t<decltype(value)>, std::remove_cvref_t<decltype(made.states)>>{
              value, made.states};
        },
        made.weights);
  }
  template <name Scope, class X, class... S>
  static constexpr auto begin_of([[maybe_unused]] X const& xs, S const&... s) {
    if constexpr (sizeof...(S) > 0) {
      return std::tuple<S...>(s...);
    } else if constexpr (is_stateful) {
      return [&]<int... K>(std::integer_sequence<int, K...>) {
        return std::tuple{kept_state<Scope, K, typename X::value_type, X::shape_type::value[1]>()...};
      }(std::make_integer_sequence<int, state_count>{});
    } else {
      return keras::detail::zero_states<Cell>(xs);
    }
  }
  template <name Scope, int K, class T, i64 Rows>
  static constexpr auto kept_state() {
    auto const state = variable<Scope / keras::detail::as_name<keras::detail::state_name<K>>()>(
        zeros<T>(shape<Rows, keras::detail::state_units<Cell, K>>), tfx::trainable<false>);
    return static_cast<typename std::remove_cvref_t<decltype(state)>::base const&>(state);
  }
  /// y, beside which the last states are kept where the layer is stateful.
  template <name Scope, class Y, class... S>
  static constexpr auto with_kept(Y const& y, [[maybe_unused]] std::tuple<S...> const& last) {
    if constexpr (is_stateful) {
      return [&]<int... K>(std::integer_sequence<int, K...>) {
        return keras::detail::keeping(
            y,
            std::pair(kept_state<Scope, K, typename S::value_type, S::shape_type::value[0]>(), std::get<K>(last))...);
      }(std::make_integer_sequence<int, state_count>{});
    } else {
      return y;
    }
  }
  /// Sequences in the order of the steps.
  template <class Y, class... W>
  static constexpr auto with_order(layer_value<Y, W...> const& value) {
    if constexpr (goes_backwards && returns_sequences) {
      return std::apply([&](W const&... w) { return with_weights(reverse(value.value, axis<1>), w...); },
                        value.weights);
    } else {
      return value;
    }
  }
};

}  // namespace keras::layers

namespace keras::detail {
/// What a cell of a user gives: with_weights(std::tuple(output, states), weights…), or the tuple alone.
template <class Value>
constexpr auto as_cell_value(Value const& value) {
  return layer_value<Value>{value, {}};
}
template <class Value, class... W>
constexpr auto as_cell_value(layer_value<Value, W...> const& value) {
  return value;
}
/// One step of a user's cell, which may want to know the scope.
template <name Scope, class Cell, class X, class States>
constexpr auto call_cell(Cell const& cell, X const& x, States const& states) {
  if constexpr (requires { cell.template call<Scope>(x, states); }) {
    return as_cell_value(cell.template call<Scope>(x, states));
  } else {
    return as_cell_value(cell.call(x, states));
  }
}
template <class Cell>
inline constexpr int output_units = state_units<Cell, 0>;
template <class Cell>
  requires requires { Cell::output_size; }
inline constexpr int output_units<Cell> = Cell::output_size;

/// A loop's body of a user's cell: the states are the cell's, and the output.
template <name Scope, class Cell, bool Masked, bool Backward>
struct recurrence_of_cell {
  Cell cell;

  template <class States, class Slices>
  constexpr auto operator()(States const& states, Slices const& slices) const {
    auto const made = call_cell<Scope>(cell, std::get<Masked ? 1 : 0>(slices), first_values<state_count<Cell>>(states));
    auto const next = std::tuple_cat(tfx::detail::flat_state(tfx::detail::as_state(std::get<1>(made.value))),
                                     std::tuple{std::get<0>(made.value)});
    static_assert(std::tuple_size_v<std::remove_const_t<decltype(next)>> == state_count<Cell> + 1,
                  "tfx: a cell gives as many states as its state_size says");
    auto const kept = [&]<std::size_t... I>(std::index_sequence<I...>) {
      if constexpr (Masked) {
        return std::tuple{where(std::get<0>(slices), std::get<I>(next), std::get<I>(states))...};
      } else {
        return next;
      }
    }(std::make_index_sequence<state_count<Cell> + 1>{});
    return std::tuple_cat(kept, std::tuple{std::get<state_count<Cell>>(kept)});
  }
};

template <name Scope, bool Backward, class Cell, class X, class Steps, class States>
constexpr auto along_time(Cell const& cell, X const& xs, Steps const& steps, States const& states) {
  if constexpr (requires { cell.template along_time<Scope, Backward>(xs, steps, states); }) {
    return cell.template along_time<Scope, Backward>(xs, steps, states);
  } else {
    using body = recurrence_of_cell<Scope, Cell, std::tuple_size_v<Steps> != 0, Backward>;
    auto const begin =
        std::tuple_cat(states, std::tuple{composition<tfx::detail::zeros_for_rows<output_units<Cell>>>(xs)});
    auto const made = run_recurrence<Backward>(body{cell}, begin, std::tuple_cat(steps, std::tuple{xs}));
    // A step beside the loop, of which nothing is left but the weights that it mentions.
    auto const weights = call_cell<Scope>(cell, tfx::detail::loop_argument<0, 0, true>(xs), states).weights;
    auto const last = first_values<state_count<Cell>>(std::get<1>(made));
    return sequence_of(std::get<0>(made), std::get<state_count<Cell>>(std::get<1>(made)), last, weights);
  }
}
}  // namespace keras::detail
TFX_END
