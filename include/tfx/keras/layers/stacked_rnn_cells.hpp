// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/recurrent_layer.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
/// What a cell's weights are called among those of other cells.
template <class Cell>
constexpr name_value cell_name() {
  if constexpr (requires { Cell::own_name; }) {
    return Cell::own_name.size() > 0 ? name_of(Cell::own_name.view()) : snake_case(Cell::kind.view());
  } else {
    return name_of("cell");
  }
}
template <int I, class... Cell>
struct name_among_cells {
  static constexpr name_value text = [] {
    name_value const names[] = {cell_name<Cell>()...};
    int before = 0;
    for (int k = 0; k < I; ++k) before += std::string_view(names[k]) == std::string_view(names[I]) ? 1 : 0;
    return before == 0 ? names[I] : name_of(std::string_view(names[I]), '_', before);
  }();
};
}  // namespace detail

namespace layers {

template <class... Cell>
struct stacked_rnn_cells {
  static_assert(sizeof...(Cell) > 0, "tfx: StackedRNNCells takes at least one cell");
  static constexpr bool is_cell = true;
  static constexpr int count = sizeof...(Cell);
  static constexpr int widths[sizeof...(Cell)] = {keras::detail::state_count<Cell>...};
  /// Where the states of a cell begin.
  static constexpr int place(int cell) {
    int sum = 0;
    for (int k = cell + 1; k < count; ++k) sum += widths[k];
    return sum;
  }
  static constexpr int output_size = keras::detail::output_units<std::tuple_element_t<count - 1, std::tuple<Cell...>>>;
  static constexpr auto state_size = [] {
    std::array<int, static_cast<std::size_t>((keras::detail::state_count<Cell> + ...))> sizes{};
    int cell = 0;
    auto const put = [&]<class One>(One const*) {
      [&]<int... K>(std::integer_sequence<int, K...>) {
        ((sizes[static_cast<std::size_t>(place(cell) + K)] = keras::detail::state_units<One, K>), ...);
      }(std::make_integer_sequence<int, keras::detail::state_count<One>>{});
      ++cell;
    };
    (put(static_cast<Cell const*>(nullptr)), ...);
    return sizes;
  }();
  std::tuple<Cell...> cells;

  template <name Scope, class X, class States>
  constexpr auto call(X const& x, States const& states) const {
    auto const made = step<0, Scope>(x, states);
    return std::apply([&](auto const&... w) { return with_weights(std::tuple{made.outputs, made.states}, w...); },
                      made.weights);
  }
  template <name Scope, bool Backward, class X, class Steps, class States>
  constexpr auto along_time(X const& xs, Steps const& steps, States const& states) const {
    return sequence<0, Scope, Backward>(xs, steps, states);
  }

 private:
  template <name Scope, int I>
  static constexpr auto scope_of_cell() {
    return Scope / keras::detail::as_name<keras::detail::name_among_cells<I, Cell...>>();
  }
  template <int I, class States>
  static constexpr auto states_of_cell(States const& states) {
    return [&]<int... K>(std::integer_sequence<int, K...>) {
      return std::tuple{std::get<place(I) + K>(states)...};
    }(std::make_integer_sequence<int, widths[I]>{});
  }
  template <class Below, class Above>
  static constexpr auto joined(Below const& below, Above const& above) {
    return keras::detail::sequence_of(above.outputs, above.last, std::tuple_cat(above.states, below.states),
                                      std::tuple_cat(below.weights, above.weights));
  }
  // Each cell runs along all steps before the next one begins.
  template <int I, name Scope, bool Backward, class X, class Steps, class States>
  constexpr auto sequence(X const& xs, Steps const& steps, States const& states) const {
    auto const made = keras::detail::along_time<scope_of_cell<Scope, I>(), Backward>(std::get<I>(cells), xs, steps,
                                                                                     states_of_cell<I>(states));
    if constexpr (I + 1 == count) {
      return made;
    } else {
      return joined(made, sequence<I + 1, Scope, Backward>(made.outputs, steps, states));
    }
  }
  template <int I, name Scope, class X, class States>
  constexpr auto step(X const& x, States const& states) const {
    auto const made =
        keras::detail::call_cell<scope_of_cell<Scope, I>()>(std::get<I>(cells), x, states_of_cell<I>(states));
    auto const y = std::get<0>(made.value);
    auto const one = keras::detail::sequence_of(
        y, y, tfx::detail::flat_state(tfx::detail::as_state(std::get<1>(made.value))), made.weights);
    if constexpr (I + 1 == count) {
      return one;
    } else {
      return joined(one, step<I + 1, Scope>(y, states));
    }
  }
};

/// Cells one on top of the other as one: `RNN(StackedRNNCells(LSTMCell<64>(), LSTMCell<32>()))`. Each takes the output
/// of the one before. Keras' order of states: those of the last cell first, h₂ c₂ h₁ c₁. Weights are called after the
/// cells, `rnn/lstm_cell/kernel`, `rnn/lstm_cell_1/kernel`.
template <class... Cell>
constexpr stacked_rnn_cells<Cell...> StackedRNNCells(Cell const&... cells) {
  return {{cells...}};
}

}  // namespace layers
}  // namespace keras
TFX_END
