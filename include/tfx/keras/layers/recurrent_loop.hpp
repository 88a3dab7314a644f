// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <tfx/keras/masks.hpp>
#include <tfx/op/array/expand_dims.hpp>
#include <tfx/op/array/stop_gradient.hpp>
#include <tfx/op/array/transpose.hpp>
#include <tfx/op/rnn/time_loop.hpp>

TFX_BEGIN
namespace keras::detail {

// Keras' recurrence: where a row's mask says that a step does not count, the row keeps its states, and its output is
// the one before. In front of the first step that counts that is its state as it began; of a user's cell, zeros.

/// What a cell gives along time: the outputs, [time, batch, units], in the order of the inputs; the last one; the last
/// states; and the cell's weights.
template <class Outputs, class Last, class States, class Weights>
struct sequence_value {
  Outputs outputs;
  Last last;
  States states;
  Weights weights;
};
template <class Outputs, class Last, class States, class Weights>
constexpr sequence_value<Outputs, Last, States, Weights> sequence_of(Outputs const& outputs, Last const& last,
                                                                     States const& states, Weights const& weights) {
  return {outputs, last, states, weights};
}

/// One step of a cell, over handles. Inputs: the mask [batch, 1], where there is one; what the inputs give; the states;
/// which of the state products keep, where it is dropped; the weights of the step. Gives the states, and what was kept.
/// Step{}(projected, states, seen, weights, count) gives the next states, of which the first is the output; `seen` is
/// the first state as products see it.
template <class Step, int States, bool Masked, bool Dropped>
struct step_in_mask {
  constexpr auto operator()(auto... x) const {
    handle const all[] = {x...};
    handle const* at = all;
    handle const mask = Masked ? *at++ : handle{};
    handle const projected = *at++;
    std::array<handle, States> states;
    for (handle& state : states) state = *at++;
    handle const kept = Dropped ? *at++ : handle{};
    // In training alone. What is kept is no function of anything.
    handle const seen = Dropped ? apply<by_phase_op>(states[0] * stop_gradient(kept), states[0]) : states[0];
    std::array<handle, States> next = Step{}(projected, states, seen, at, static_cast<int>(all + sizeof...(x) - at));
    if (Masked)
      for (std::size_t k = 0; k < States; ++k) next[k] = where(mask, next[k], states[k]);
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      if constexpr (Dropped) {
        return std::tuple{next[I]..., kept};
      } else {
        return std::tuple{next[I]...};
      }
    }(std::make_index_sequence<States>{});
  }
};
/// A loop's body of such steps.
template <class Step, int States, bool Masked, bool Backward, class... W>
struct recurrence_of_step {
  std::tuple<W...> weights;

  template <class... S, class Slices>
  constexpr auto operator()(std::tuple<S...> const& states, Slices const& slices) const {
    constexpr bool dropped = sizeof...(S) > States;
    auto const next = tfx::detail::as_tuple(
        std::apply([](auto const&... x) { return composition<step_in_mask<Step, States, Masked, dropped>>(x...); },
                   std::tuple_cat(slices, states, weights)));
    return std::tuple_cat(next, std::tuple{std::get<0>(next)});
  }
};

/// Runs a body along time: the outputs, and a tuple of the last states.
template <bool Backward, class Body, class... S, class... Q>
constexpr auto run_recurrence(Body const& body, std::tuple<S...> const& states, std::tuple<Q...> const& sequences) {
  constexpr u64 place = tfx::detail::call_place<Body>;
  return tfx::detail::run_loop<Backward ? loop_form::backward : 0>(body, tfx::detail::distinguish_all<place, 1>(states),
                                                                   tfx::detail::distinguish_all<place, 128>(sequences));
}

/// A mask [batch, time] for the steps, [time, batch, 1], as a tuple of sequences; of no mask none.
template <class Mask>
constexpr auto mask_of_steps(Mask const& mask) {
  if constexpr (is_mask<Mask>) {
    return std::tuple{expand_dims(transpose(mask, axes<1, 0>), axis<2>)};
  } else {
    return std::tuple<>{};
  }
}
/// The first of the values, as many as there are states.
template <std::size_t Count, class Values>
constexpr auto first_values(Values const& values) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return std::tuple{std::get<I>(values)...};
  }(std::make_index_sequence<Count>{});
}
/// Ones, `Columns` for each row of x, [rows, depth] or [time, rows, depth].
template <int Columns>
struct ones_for_rows {
  constexpr auto operator()(auto x) const { return tfx::detail::zeros_for_rows<Columns>{}(x) + 1.0; }
};

/// How many states a cell has, from its `state_size`: a number, or an array of them.
template <class Cell>
inline constexpr int state_count = [] {
  if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(Cell::state_size)>>) {
    return 1;
  } else {
    return static_cast<int>(std::size(Cell::state_size));
  }
}();
template <class Cell, int K>
inline constexpr int state_units = [] {
  if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(Cell::state_size)>>) {
    return static_cast<int>(Cell::state_size);
  } else {
    return static_cast<int>(Cell::state_size[K]);
  }
}();
/// Keras' states before the first step, unless they are given: zeros beside x.
template <class Cell, class X>
constexpr auto zero_states(X const& x) {
  return [&]<int... K>(std::integer_sequence<int, K...>) {
    return std::tuple{composition<tfx::detail::zeros_for_rows<state_units<Cell, K>>>(x)...};
  }(std::make_integer_sequence<int, state_count<Cell>>{});
}
/// Whether states that a call was given, if any, are [batch, units] as the cell says, beside x [batch, …]; those of
/// `Cells` such cells one after the other.
template <class Cell, int Cells, class X, class... S>
constexpr bool states_fit(std::tuple<S...> const*) {
  constexpr int count = Cells * state_count<Cell>;
  if constexpr (sizeof...(S) != 0 && sizeof...(S) != count) {
    return false;
  } else {
    [[maybe_unused]] auto const fits = [](dims const& state, i64 units) {
      i64 const rows = X::shape_type::value[0];
      return state.rank == 2 && state[1] == units && (state[0] == rows || state[0] < 0 || rows < 0);
    };
    return [&]<int... K>(std::integer_sequence<int, K...>) {
      return (fits(S::shape_type::value, state_units<Cell, K % state_count<Cell>>) && ...);
    }(std::make_integer_sequence<int, sizeof...(S)>{});
  }
}
template <class Cell, int Cells, class X, class States>
inline constexpr bool takes_states = states_fit<Cell, Cells, X>(static_cast<States const*>(nullptr));

/// Any cell along xs [time, batch, depth]: the library's have `along_time`.
template <name Scope, bool Backward, class Cell, class X, class Steps, class States>
constexpr auto along_time(Cell const& cell, X const& xs, Steps const& steps, States const& states);

}  // namespace keras::detail
TFX_END
