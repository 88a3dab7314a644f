// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/rnn/gru_step.hpp>
#include <tfx/op/rnn/recurrent_cell.hpp>

TFX_BEGIN

namespace detail {
/// Slices of gates and candidate, h, the recurrent matrices of both.
template <class Activation>
struct gru_cell_step {
  static constexpr int kept = 0;
  constexpr auto operator()(auto gates, auto candidate, auto h, auto to_gates, auto to_candidate) const {
    auto const next = gru_step<tensorflow_gru_order, gru_reset::before, Activation>(gates + matmul(h, to_gates),
                                                                                    candidate, h, to_candidate);
    return std::tuple{next, next};
  }
};

template <int Units, name Name, class Activation, class Init, class BiasInit>
struct gru_cell : recurrent_cell<gru_cell<Units, Name, Activation, Init, BiasInit>> {
  static_assert(Units > 0, "GRUCell: at least one unit");
  static constexpr auto scope = Name;
  static constexpr int output_size = Units;
  static constexpr int state_sizes[] = {Units};
  using step = gru_cell_step<Activation>;

  Init init;
  BiasInit bias_init;

  template <class X>
  constexpr auto sequences(X const& x) const {
    return std::tuple{composition<project_inputs>(x, gates(x), bias<Name / "gates/bias", 1, 2 * Units>(x)),
                      composition<project_inputs>(x, candidate(x), bias<Name / "candidate/bias", 0, Units>(x))};
  }
  template <class X>
  constexpr auto weights(X const& x) const {
    return std::tuple{composition<lower_rows<Units>>(gates(x)), composition<lower_rows<Units>>(candidate(x))};
  }

 private:
  template <class X>
  constexpr auto gates(X const& x) const {
    return kernel_for<Name / "gates/kernel", Units, 2 * Units>(x, init);
  }
  template <class X>
  constexpr auto candidate(X const& x) const {
    return kernel_for<Name / "candidate/kernel", Units, Units>(x, init);
  }
  template <name Variable, int Number, int Size, class X>
  constexpr auto bias(X const& x) const {
    if constexpr (std::is_same_v<BiasInit, not_given>) {
      return bias_for<Variable, Number, Size>(x);
    } else {
      return weights_for<Variable, Size>(x, bias_init);
    }
  }
};
}  // namespace detail

namespace nn::rnn_cell {
/// A gated recurrent unit (Cho et al., 2014): r, u = σ([x, h] · gates/kernel + gates/bias), h' = u · h + (1 − u) ·
/// tanh([x, r · h] · candidate/kernel + candidate/bias), its output and its state: `GRUCell<64, "gru">()`. The biases
/// of the gates begin at 1. Options: `activation`, `kernel_initializer`, `bias_initializer`.
template <int Units, name Name = "gru_cell", class... Option>
constexpr auto GRUCell(Option const&... options) {
  static_assert(detail::rnn_options_of<activation_tag, initializer_tag, bias_initializer_tag>::are<Option...>,
                "GRUCell: takes activation, kernel_initializer and bias_initializer");
  using Activation = decltype(detail::option_or<activation_tag>(tanh_activation{}, options...));
  auto const init = detail::option_or<initializer_tag>(detail::not_given{}, options...);
  auto const bias_init = detail::option_or<bias_initializer_tag>(detail::not_given{}, options...);
  return detail::gru_cell<Units, Name, Activation, std::remove_const_t<decltype(init)>,
                          std::remove_const_t<decltype(bias_init)>>{{}, init, bias_init};
}
}  // namespace nn::rnn_cell

TFX_END
