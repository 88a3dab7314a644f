// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/tanh.hpp>
#include <tfx/op/rnn/lstm_step.hpp>
#include <tfx/op/rnn/recurrent_cell.hpp>

TFX_BEGIN

namespace detail {
/// Slice, state, recurrent matrix.
template <class Activation>
struct basic_rnn_step {
  static constexpr int kept = 0;
  constexpr auto operator()(auto projected, auto h, auto recurrent) const {
    auto const next = Activation{}(projected + matmul(h, recurrent));
    return std::tuple{next, next};
  }
};

template <int Units, name Name, class Activation>
struct basic_rnn_cell : recurrent_cell<basic_rnn_cell<Units, Name, Activation>> {
  static_assert(Units > 0, "BasicRNNCell: at least one unit");
  static constexpr auto scope = Name;
  static constexpr int output_size = Units;
  static constexpr int state_sizes[] = {Units};
  using step = basic_rnn_step<Activation>;

  template <class X>
  constexpr auto sequences(X const& x) const {
    return std::tuple{composition<project_inputs>(x, kernel(x), bias_for<Name / "bias", 0, Units>(x))};
  }
  template <class X>
  constexpr auto weights(X const& x) const {
    return std::tuple{composition<lower_rows<Units>>(kernel(x))};
  }

 private:
  template <class X>
  static constexpr auto kernel(X const& x) {
    return kernel_for<Name / "kernel", Units, Units>(x, not_given{});
  }
};
}  // namespace detail

namespace nn::rnn_cell {
/// h' = tanh([x, h] · kernel + bias), its output and its state: `BasicRNNCell<64, "rnn">()`, variables rnn/kernel,
/// [depth + units, units], and rnn/bias. Option: `activation`.
template <int Units, name Name = "basic_rnn_cell", class... Option>
constexpr auto BasicRNNCell(Option const&...) {
  static_assert(detail::rnn_options_of<activation_tag>::are<Option...>, "BasicRNNCell: takes an activation");
  using Activation = decltype(detail::option_or<activation_tag>(tanh_activation{}, std::declval<Option const&>()...));
  return detail::basic_rnn_cell<Units, Name, Activation>{};
}
}  // namespace nn::rnn_cell

TFX_END
