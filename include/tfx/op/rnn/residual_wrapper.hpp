// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/losses/agreement.hpp>
#include <tfx/op/rnn/recurrent_cell.hpp>

TFX_BEGIN

namespace detail {
struct add_residual {
  constexpr auto operator()(auto x, auto output) const { return x + apply<same_shape_op>(output, x); }
};

template <class Cell>
struct residual_wrapper : cell_wrapper<Cell> {
  static constexpr auto scope = scope_of<Cell>();
  using cell_wrapper<Cell>::cell;

  template <expression X, class State>
  constexpr auto operator()(X const& x, State const& state) const {
    auto const made = cell(x, state);
    return std::tuple{composition<add_residual>(x, std::get<0>(made)), std::get<1>(made)};
  }
  template <class Loop, class X, class State>
  constexpr auto unroll(Loop const& loop, X const& x, State const& state) const {
    auto const made = detail::unroll(loop, cell, x, state);
    return std::tuple{composition<add_residual>(loop.within(x), std::get<0>(made)), std::get<1>(made)};
  }
};
}  // namespace detail

namespace nn::rnn_cell {
/// A cell whose output is added to its inputs, which have as many units: `ResidualWrapper(GRUCell<64, "gru">())`.
template <class Cell>
constexpr detail::residual_wrapper<Cell> ResidualWrapper(Cell const& cell) {
  return {{cell}};
}
}  // namespace nn::rnn_cell

TFX_END
