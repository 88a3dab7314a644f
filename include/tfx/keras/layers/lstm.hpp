// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/recurrent_layer.hpp>
#include <tfx/op/rnn/lstm_step.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
template <class Activation, class Gate>
struct lstm_layer_step {
  constexpr std::array<handle, 2> operator()(auto projected, std::array<handle, 2> const& states, auto seen,
                                             auto const* weights, int) const {
    lstm_values const next =
        lstm_step<keras_lstm_order, Activation, Gate>(projected + matmul(seen, weights[0]), states[1]);
    return {next.h, next.c};
  }
};

/// Biases of four gates, i f c o, as `Rest` begins them, but those of f at 1.
template <class Rest>
struct unit_forget_bias_initializer {
  Rest rest;

  template <class T, auto Site = in_variable{}, auto N>
  constexpr auto make(shape_t<N>) const {
    constexpr i64 units = tfx::detail::extent_of<N>() / 4;
    auto const begin = drawn<T, Site>(shape<3 * units>);
    return concat(axis<0>, slice(begin, index<0>, shape<units>), ones<T>(shape<units>),
                  slice(begin, index<units>, shape<2 * units>));
  }

 private:
  template <class T, auto Site, class Shape>
  constexpr auto drawn(Shape s) const {
    if constexpr (requires { rest.template make<T, Site>(s); }) {
      return rest.template make<T, Site>(s);
    } else {
      return rest(s);
    }
  }
};
}  // namespace detail

namespace layers {

template <int Units, name Name, class... Options>
struct lstm_cell : recurrent_cell<lstm_cell<Units, Name, Options...>, Units, Name, Options...> {
  using base = recurrent_cell<lstm_cell<Units, Name, Options...>, Units, Name, Options...>;
  using base::base;
  static constexpr name kind = "LSTMCell";
  static constexpr int state_size[] = {Units, Units}, parts = 4;  // h, c
  static constexpr bool steps_have_bias = false;
  using step = keras::detail::lstm_layer_step<typename base::activation, typename base::gate>;

  template <name Scope, class T>
  constexpr auto bias() const {
    if constexpr (base::template static_or<keras::detail::unit_forget_bias_tag, true>()) {
      auto const rest = this->template value_or<keras::detail::initializer_of<weight::bias>>(zeros_initializer());
      return this->template weight_from<Scope, "bias", weight::bias, T>(
          shape<4 * Units>, keras::detail::unit_forget_bias_initializer<std::remove_const_t<decltype(rest)>>{rest});
    } else {
      return this->template weight_of<Scope, weight::bias, T>(shape<4 * Units>, zeros_initializer());
    }
  }
};
template <int Units, name Name, class... Options>
struct lstm_layer
    : recurrent_layer<lstm_layer<Units, Name, Options...>, lstm_cell<Units, Name, Options...>, Name, Options...> {
  using base =
      recurrent_layer<lstm_layer<Units, Name, Options...>, lstm_cell<Units, Name, Options...>, Name, Options...>;
  static constexpr name kind = "LSTM";
  constexpr explicit lstm_layer(Options const&... options)
      : base(lstm_cell<Units, Name, Options...>(options...), options...) {}
};

/// One step of an LSTM, for layers::RNN(cell).
template <int Units, name Name = "", class... Options>
constexpr auto LSTMCell(Options const&... options) {
  using namespace keras::detail;
  static_assert(sizeof(checked_activations<Options...>) > 0);
  return make_layer<lstm_cell<Units, Name, Options...>,
                    void(recurrent_activation_tag, unit_forget_bias_tag, dropout_tag, recurrent_dropout_tag,
                         implementation_tag),
                    weight::kernel, weight::recurrent_kernel, weight::bias>(options...);
}
/// A long short-term memory (Hochreiter and Schmidhuber, 1997) along the time of x [batch, time, depth]: with gates
/// i, f, c, o = x · kernel + bias + h · recurrent_kernel, c' = σ(f) · c + σ(i) · tanh(c), h' = σ(o) · tanh(c').
/// `LSTM<32>()`, `LSTM<32>(return_sequences, dropout = 0.2)`. Its states are h and c. Arguments: an activation (tanh),
/// `recurrent_activation` (hard_sigmoid) for σ, `unit_forget_bias<false>`, and those of SimpleRNN.
template <int Units, name Name = "", class... Options, auto Site = [] {}>
constexpr auto LSTM(Options const&... options) {
  using namespace keras::detail;
  static_assert(sizeof(checked_activations<Options...>) > 0);
  return keras::detail::made_at<Site>(
      make_layer<lstm_layer<Units, Name, Options...>,
                 void(return_sequences_tag, return_state_tag, go_backwards_tag, stateful_tag, unroll_tag,
                      recurrent_activation_tag, unit_forget_bias_tag, dropout_tag, recurrent_dropout_tag,
                      implementation_tag),
                 weight::kernel, weight::recurrent_kernel, weight::bias>(options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
