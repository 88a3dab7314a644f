// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/rnn/lstm_step.hpp>

TFX_BEGIN

// What a GRU does with its gates, over handles, whatever their order and activations: TensorFlow's cell and Keras'
// layer share it.

/// Which half of the columns of the gates is which.
struct gru_order {
  int reset, update;
};
inline constexpr gru_order tensorflow_gru_order{0, 1};  // r u
inline constexpr gru_order keras_gru_order{1, 0};       // z r

/// Where the reset gate r acts on the state: (r · h) W, or r · (h W + b), as cuDNN has it.
enum class gru_reset : unsigned char { before, after };

/// One step of a GRU: of its gates r and u before their activations, [batch, 2 · units], what the inputs give to the
/// candidate, [batch, units], and the state h, the next state u · h + (1 − u) · a(candidate + (r · h) · recurrent).
/// With `gru_reset::after` the last term is r · (h · recurrent + recurrent_bias), where there is a bias. What products
/// see of h may be another tensor, `seen`, such as h with a dropout.
template <gru_order Order = tensorflow_gru_order, gru_reset Reset = gru_reset::before,
          class Activation = tanh_activation, class Gate = sigmoid_activation, class Handle>
constexpr Handle gru_step(Handle gates, Handle candidate, Handle h, Handle recurrent, Handle recurrent_bias = {},
                          Handle seen = {}) {
  Handle const of_products = seen ? seen : h;
  detail::column_parts<2> const parts(gates);
  Handle const reset = Gate{}(parts[Order.reset]), update = Gate{}(parts[Order.update]);
  Handle remembered;
  if constexpr (Reset == gru_reset::before) {
    remembered = matmul(reset * of_products, recurrent);
  } else {
    auto const product = matmul(of_products, recurrent);
    remembered = reset * (recurrent_bias ? product + recurrent_bias : product);
  }
  auto const made = Activation{}(candidate + remembered);
  return update * h + (1.0 - update) * made;
}

TFX_END
