// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/rnn/dynamic_rnn.hpp>

TFX_BEGIN

namespace detail {
/// Cells one on top of the other. Along time each runs over all steps before the next one begins, so that the inputs of
/// each are projected by one product.
template <class... Cell>
struct multi_rnn_cell {
  static_assert(sizeof...(Cell) > 0, "MultiRNNCell: Must specify at least one cell for MultiRNNCell.");
  static constexpr bool unrolls = true;
  static constexpr int count = sizeof...(Cell);
  static constexpr auto scope = scope_of<std::tuple_element_t<0, std::tuple<Cell...>>>() / "multi_rnn_cell";
  std::tuple<Cell...> cells;

  template <expression X, class State>
  constexpr auto operator()(X const& x, State const& state) const {
    return through<0>(x, checked(state),
                      [](auto const& cell, auto const& inputs, auto const& own) { return cell(inputs, own); });
  }
  template <class Loop, class X, class State>
  constexpr auto unroll(Loop const& loop, X const& x, State const& state) const {
    return through<0>(x, checked(state), [&](auto const& cell, auto const& inputs, auto const& own) {
      return detail::unroll(loop, cell, inputs, own);
    });
  }
  template <expression X>
  constexpr auto zero_state(X const& x) const {
    return std::apply([&](auto const&... cell) { return std::tuple{cell.zero_state(x)...}; }, cells);
  }
  template <element T = float, auto Batch>
  constexpr auto zero_state(shape_t<Batch> batch) const {
    return std::apply([&](auto const&... cell) { return std::tuple{cell.template zero_state<T>(batch)...}; }, cells);
  }
  template <class Drop, class State>
  constexpr auto dropped(Drop const& drop, State const& state) const {
    auto const own = checked(state);
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return std::tuple{drop_state(std::get<I>(cells), drop, std::get<I>(own))...};
    }(std::index_sequence_for<Cell...>{});
  }
  static constexpr bool has_name(std::string_view other) { return (is_named<Cell>(other) || ...); }
  template <class Other>
  static constexpr bool shares_name_with() {
    return (share_a_name<Cell, Other>() || ...);
  }

 private:
  template <class State>
  static constexpr auto checked(State const& state) {
    auto const own = as_state(state);
    static_assert(std::tuple_size_v<std::remove_const_t<decltype(own)>> == count,
                  "tfx: the state of a MultiRNNCell is a tuple of those of its cells");
    return own;
  }
  template <int I, class X, class States, class Call>
  constexpr auto through(X const& x, States const& states, Call const& call) const {
    auto const made = call(std::get<I>(cells), x, std::get<I>(states));
    if constexpr (I + 1 == count) {
      return std::tuple{std::get<0>(made), std::tuple{std::get<1>(made)}};
    } else {
      auto const rest = through<I + 1>(std::get<0>(made), states, call);
      return std::tuple{std::get<0>(rest), std::tuple_cat(std::tuple{std::get<1>(made)}, std::get<1>(rest))};
    }
  }
};
template <class... Cell>
constexpr bool any_share_a_name() {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    auto const with_all = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
      using own = std::tuple_element_t<K, std::tuple<Cell...>>;
      return ((I < K && share_a_name<own, std::tuple_element_t<I, std::tuple<Cell...>>>()) || ...);
    };
    return (with_all(std::integral_constant<std::size_t, I>{}) || ...);
  }(std::index_sequence_for<Cell...>{});
}
}  // namespace detail

namespace nn::rnn_cell {
/// Cells one on top of the other, each of which takes the output of the one before: `MultiRNNCell(LSTMCell<64, "a">(),
/// LSTMCell<64, "b">())`. The state is a tuple of theirs. Names are those of the cells, which must differ.
template <class... Cell>
constexpr detail::multi_rnn_cell<Cell...> MultiRNNCell(Cell const&... cells) {
  static_assert(!detail::any_share_a_name<Cell...>(),
                "tfx: MultiRNNCell: cells of one name would share their weights: give each a name");
  return {{cells...}};
}
template <class... Cell>
constexpr detail::multi_rnn_cell<Cell...> MultiRNNCell(std::tuple<Cell...> const& cells) {
  return std::apply([](auto const&... each) { return MultiRNNCell(each...); }, cells);
}
}  // namespace nn::rnn_cell

TFX_END
