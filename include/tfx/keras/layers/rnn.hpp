// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/gru.hpp>
#include <tfx/keras/layers/lstm.hpp>
#include <tfx/keras/layers/simple_rnn.hpp>
#include <tfx/keras/layers/stacked_rnn_cells.hpp>

TFX_BEGIN
namespace keras::layers {

template <class Cell, name Name, class... Options>
struct rnn_layer : recurrent_layer<rnn_layer<Cell, Name, Options...>, Cell, Name, Options...> {
  using base = recurrent_layer<rnn_layer<Cell, Name, Options...>, Cell, Name, Options...>;
  using base::base;
  static constexpr name kind = "RNN";
  static_assert(!base::template has<keras::detail::trainable_tag>,
                "tfx: whether weights are trained is told to the cell: LSTMCell<4>(trainable<false>)");
};

/// Any cell along the time of x [batch, time, depth]: `RNN(LSTMCell<32>(), return_sequences)`, of a user
///
///     struct minimal_cell {
///       static constexpr int state_size = 32;                       // of several states: an array of numbers
///       template <name Scope, class X, class States>                // or without the scope
///       constexpr auto call(X const& x, States const& states) const {
///         auto const kernel = get_variable<Scope / "kernel">(shape<8, 32>, glorot_uniform_initializer());
///         auto const h = tanh(matmul(x, kernel) + std::get<0>(states));
///         return with_weights(std::tuple(h, std::tuple(h)), kernel);  // output, next states; weights
///       }
///     };
///
/// whose output has `output_size` units, or as many as the first state. Arguments: `return_sequences`, `return_state`,
/// `go_backwards`, `activity_regularizer`.
template <name Name = "", class Cell, class... Options, auto Site = [] {}>
constexpr auto RNN(Cell const& cell, Options const&... options) {
  using namespace keras::detail;
  static_assert(requires { Cell::state_size; }, "tfx: RNN takes a cell: it has state_size and call(inputs, states)");
  return keras::detail::made_at<Site>(
      make_layer<rnn_layer<Cell, Name, Options...>, void(return_sequences_tag, return_state_tag, go_backwards_tag,
                                                         stateful_tag, unroll_tag)>(cell, options...));
}
/// Several cells, which are stacked.
template <name Name = "", class... Cell, class... Options, auto Site = [] {}>
constexpr auto RNN(std::tuple<Cell...> const& cells, Options const&... options) {
  return keras::detail::made_at<Site>(
      RNN<Name>(std::apply([](Cell const&... each) { return StackedRNNCells(each...); }, cells), options...));
}

}  // namespace keras::layers
TFX_END
