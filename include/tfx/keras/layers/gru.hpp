// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/recurrent_layer.hpp>
#include <tfx/op/rnn/gru_step.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
template <gru_reset Reset, class Activation, class Gate>
struct gru_layer_step {
  constexpr std::array<handle, 1> operator()(auto projected, std::array<handle, 1> const& states, auto seen,
                                             auto const* weights, int count) const {
    i64 const units = weights[0].shape()[0];
    auto gates = columns(projected, 0, 2 * units) + matmul(seen, columns(weights[0], 0, 2 * units));
    handle bias;
    if (count > 1) {  // its second row is added to products with the state
      auto const row = tfx::detail::rows(weights[1], 1, 1);
      gates = gates + columns(row, 0, 2 * units);
      bias = columns(row, 2 * units, units);
    }
    return {gru_step<keras_gru_order, Reset, Activation, Gate>(gates, columns(projected, 2 * units, units), states[0],
                                                               columns(weights[0], 2 * units, units), bias, seen)};
  }
};
}  // namespace detail

namespace layers {

template <int Units, name Name, class... Options>
struct gru_cell : recurrent_cell<gru_cell<Units, Name, Options...>, Units, Name, Options...> {
  using base = recurrent_cell<gru_cell<Units, Name, Options...>, Units, Name, Options...>;
  using base::base;
  static constexpr name kind = "GRUCell";
  static constexpr int state_size = Units, parts = 3;
  static constexpr bool resets_after = base::template static_or<keras::detail::reset_after_tag, false>();
  static constexpr bool steps_have_bias = resets_after;
  using step = keras::detail::gru_layer_step<resets_after ? gru_reset::after : gru_reset::before,
                                             typename base::activation, typename base::gate>;

  template <name Scope, class T>
  constexpr auto bias() const {
    if constexpr (resets_after) {
      return this->template weight_of<Scope, weight::bias, T>(shape<2, 3 * Units>, zeros_initializer());
    } else {
      return this->template weight_of<Scope, weight::bias, T>(shape<3 * Units>, zeros_initializer());
    }
  }
};
template <int Units, name Name, class... Options>
struct gru_layer
    : recurrent_layer<gru_layer<Units, Name, Options...>, gru_cell<Units, Name, Options...>, Name, Options...> {
  using base = recurrent_layer<gru_layer<Units, Name, Options...>, gru_cell<Units, Name, Options...>, Name, Options...>;
  static constexpr name kind = "GRU";
  constexpr explicit gru_layer(Options const&... options)
      : base(gru_cell<Units, Name, Options...>(options...), options...) {}
};

/// One step of a GRU, for layers::RNN(cell).
template <int Units, name Name = "", class... Options>
constexpr auto GRUCell(Options const&... options) {
  using namespace keras::detail;
  static_assert(sizeof(checked_activations<Options...>) > 0);
  return make_layer<gru_cell<Units, Name, Options...>,
                    void(recurrent_activation_tag, reset_after_tag, dropout_tag, recurrent_dropout_tag,
                         implementation_tag),
                    weight::kernel, weight::recurrent_kernel, weight::bias>(options...);
}
/// A gated recurrent unit (Cho et al., 2014) along the time of x [batch, time, depth]: with z, r, n = x · kernel +
/// bias, z' = σ(z + h · R_z), r' = σ(r + h · R_r), h' = z' · h + (1 − z') · tanh(n + (r' · h) · R_n), where R is the
/// recurrent kernel. `GRU<32>()`. With `reset_after<true>` the last term is r' · (h · R_n + b_n), and the bias has a
/// second row, for products with h. Arguments: an activation (tanh), `recurrent_activation` (hard_sigmoid) for σ,
/// `reset_after`, and those of SimpleRNN.
template <int Units, name Name = "", class... Options, auto Site = [] {}>
constexpr auto GRU(Options const&... options) {
  using namespace keras::detail;
  static_assert(sizeof(checked_activations<Options...>) > 0);
  return keras::detail::made_at<Site>(
      make_layer<gru_layer<Units, Name, Options...>,
                 void(return_sequences_tag, return_state_tag, go_backwards_tag, stateful_tag, unroll_tag,
                      recurrent_activation_tag, reset_after_tag, dropout_tag, recurrent_dropout_tag,
                      implementation_tag),
                 weight::kernel, weight::recurrent_kernel, weight::bias>(options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
