// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/recurrent_layer.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
template <class Activation>
struct simple_rnn_step {
  constexpr std::array<handle, 1> operator()(auto projected, std::array<handle, 1> const&, auto seen,
                                             auto const* weights, int) const {
    return {Activation{}(projected + matmul(seen, weights[0]))};
  }
};
}  // namespace detail

namespace layers {

template <int Units, name Name, class... Options>
struct simple_rnn_cell : recurrent_cell<simple_rnn_cell<Units, Name, Options...>, Units, Name, Options...> {
  using base = recurrent_cell<simple_rnn_cell<Units, Name, Options...>, Units, Name, Options...>;
  using base::base;
  static constexpr name kind = "SimpleRNNCell";
  static constexpr int state_size = Units, parts = 1;
  static constexpr bool steps_have_bias = false;
  using step = keras::detail::simple_rnn_step<typename base::activation>;

  template <name Scope, class T>
  constexpr auto bias() const {
    return this->template weight_of<Scope, weight::bias, T>(shape<Units>, zeros_initializer());
  }
};
template <int Units, name Name, class... Options>
struct simple_rnn_layer : recurrent_layer<simple_rnn_layer<Units, Name, Options...>,
                                          simple_rnn_cell<Units, Name, Options...>, Name, Options...> {
  using base = recurrent_layer<simple_rnn_layer<Units, Name, Options...>, simple_rnn_cell<Units, Name, Options...>,
                               Name, Options...>;
  static constexpr name kind = "SimpleRNN";
  constexpr explicit simple_rnn_layer(Options const&... options)
      : base(simple_rnn_cell<Units, Name, Options...>(options...), options...) {}
};

/// One step of a SimpleRNN, for layers::RNN(cell).
template <int Units, name Name = "", class... Options>
constexpr auto SimpleRNNCell(Options const&... options) {
  using namespace keras::detail;
  static_assert(sizeof(checked_activations<Options...>) > 0);
  return make_layer<simple_rnn_cell<Units, Name, Options...>,
                    void(dropout_tag, recurrent_dropout_tag, implementation_tag), weight::kernel,
                    weight::recurrent_kernel, weight::bias>(options...);
}
/// h' = activation(x · kernel + bias + h · recurrent_kernel) along the time of x [batch, time, depth]:
/// `SimpleRNN<32>()`. Arguments: an activation (tanh), `use_bias<false>`, `return_sequences`, `return_state`,
/// `go_backwards`, `stateful`, `dropout`, `recurrent_dropout`, `trainable<false>`, and initializer, regularizer and
/// constraint of kernel (glorot_uniform), recurrent_kernel (orthogonal) and bias (zeros), `activity_regularizer`.
template <int Units, name Name = "", class... Options, auto Site = [] {}>
constexpr auto SimpleRNN(Options const&... options) {
  using namespace keras::detail;
  static_assert(sizeof(checked_activations<Options...>) > 0);
  return keras::detail::made_at<Site>(
      make_layer<simple_rnn_layer<Units, Name, Options...>,
                 void(return_sequences_tag, return_state_tag, go_backwards_tag, stateful_tag, unroll_tag, dropout_tag,
                      recurrent_dropout_tag, implementation_tag),
                 weight::kernel, weight::recurrent_kernel, weight::bias>(options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
