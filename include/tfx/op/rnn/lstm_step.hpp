// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/clip_by_value.hpp>
#include <tfx/op/math/negative.hpp>
#include <tfx/op/math/sigmoid.hpp>
#include <tfx/op/math/tanh.hpp>
#include <tfx/op/rnn/recurrent_rows.hpp>

TFX_BEGIN

// What an LSTM does with its gates, over handles, whatever their order and activations: TensorFlow's cells and Keras'
// layers share it.

/// Which quarter of the columns is which gate.
struct lstm_order {
  int input, candidate, forget, output;
};
inline constexpr lstm_order tensorflow_lstm_order{0, 1, 2, 3};  // i j f o
inline constexpr lstm_order keras_lstm_order{0, 2, 1, 3};       // i f c o

/// Activations as types.
struct tanh_activation {
  constexpr auto operator()(auto x) const { return tanh(x); }
};
struct sigmoid_activation {
  constexpr auto operator()(auto x) const { return sigmoid(x); }
};

/// What an LSTM may have besides; what is empty it has not.
struct lstm_extras {
  handle forget_bias;                        // a scalar
  handle see_input, see_forget, see_output;  // peepholes: by unit, how much of c the gates see
  handle cell_clip;                          // a scalar
  handle projection, projection_clip;        // a matrix, a scalar
};
struct lstm_values {
  handle c, h;
};

namespace detail {
constexpr auto clipped(auto x, auto most) { return most ? clip_by_value(x, -most, most) : x; }
}  // namespace detail

/// One step of an LSTM: of its gates before their activations, [batch, 4 · units], and its state c, the next c and h:
/// c' = g(f + forget_bias) · c + g(i) · a(j), h' = g(o) · a(c'). Peepholes add w · c to i and f, and w · c' to o; c' is
/// clipped before it is used, h' is projected and clipped. Gates are g, `Gate`; a is `Activation`. `Handle` is handle:
/// a dependent type costs a program nothing that has no LSTM.
template <lstm_order Order = tensorflow_lstm_order, class Activation = tanh_activation, class Gate = sigmoid_activation,
          class Handle>
constexpr lstm_values lstm_step(Handle gates, Handle c, lstm_extras const& extras = {}) {
  detail::column_parts<4> const parts(gates);
  Handle input = parts[Order.input], forget = parts[Order.forget], output = parts[Order.output];
  if (extras.forget_bias) forget = forget + extras.forget_bias;
  if (extras.see_input) input = input + extras.see_input * c;
  if (extras.see_forget) forget = forget + extras.see_forget * c;
  auto const kept = Gate{}(forget)*c;
  auto const next = detail::clipped(kept + Gate{}(input)*Activation{}(parts[Order.candidate]), extras.cell_clip);
  if (extras.see_output) output = output + extras.see_output * next;
  auto h = Gate{}(output)*Activation{}(next);
  if (extras.projection) h = detail::clipped(matmul(h, extras.projection), extras.projection_clip);
  return {next, h};
}

TFX_END
