// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/rnn/lstm_step.hpp>
#include <tfx/op/rnn/recurrent_cell.hpp>

TFX_BEGIN

namespace detail {
/// What of an LSTM cell's type its step depends on.
struct lstm_form {
  int known_bias;  // unless an input tells it
  bool has_bias, peepholes, cell_clip, projection, projection_clip;
};
/// Slice, c, h, the recurrent matrix, then what there is of: forget_bias, peepholes of i, f and o, cell_clip, the
/// projection, proj_clip.
template <lstm_form Form, class Activation>
struct lstm_cell_step {
  static constexpr int kept = 1;  // TensorFlow drops h only
  constexpr auto operator()(auto projected, auto c, auto h, auto recurrent, auto... more) const {
    handle const all[] = {more..., handle{}};
    further_inputs inputs{all};
    dtype const type = projected.type();
    auto const scalar = [&](bool is_there) {
      handle const number = inputs.take(is_there);
      return is_there ? cast(number, type) : number;
    };
    lstm_extras extras;
    extras.forget_bias = scalar(Form.has_bias);
    if (!Form.has_bias && Form.known_bias != 0) extras.forget_bias = scalar_like(projected, Form.known_bias);
    extras.see_input = inputs.take(Form.peepholes);
    extras.see_forget = inputs.take(Form.peepholes);
    extras.see_output = inputs.take(Form.peepholes);
    extras.cell_clip = scalar(Form.cell_clip);
    extras.projection = inputs.take(Form.projection);
    extras.projection_clip = scalar(Form.projection_clip);
    auto const next = lstm_step<tensorflow_lstm_order, Activation>(projected + matmul(h, recurrent), c, extras);
    return std::tuple{next.h, next.c, next.h};
  }
};
template <class V>
inline constexpr int known_value = 0;
template <int N>
inline constexpr int known_value<known_number<N>> = N;

template <int Units, name Name, int Projected, bool Peepholes, class Activation, class ForgetBias, class CellClip,
          class ProjectionClip, class Init>
struct lstm_cell
    : recurrent_cell<
          lstm_cell<Units, Name, Projected, Peepholes, Activation, ForgetBias, CellClip, ProjectionClip, Init>> {
  static_assert(Units > 0, "LSTMCell: at least one unit");
  static_assert(Projected >= 0, "LSTMCell: num_proj is not negative");
  static constexpr auto scope = Name;
  static constexpr int output_size = Projected > 0 ? Projected : Units;
  static constexpr int state_sizes[] = {Units, output_size};
  static constexpr lstm_form form{
      known_value<ForgetBias>, is_input<ForgetBias>, Peepholes,
      is_input<CellClip>,      Projected > 0,        Projected > 0 && is_input<ProjectionClip>};
  using step = lstm_cell_step<form, Activation>;

  ForgetBias forget_bias;
  CellClip cell_clip;
  ProjectionClip projection_clip;
  Init init;

  template <class X>
  constexpr auto sequences(X const& x) const {
    return std::tuple{composition<project_inputs>(x, kernel(x), bias_for<Name / "bias", 0, 4 * Units>(x))};
  }
  template <class X>
  constexpr auto weights(X const& x) const {
    auto const recurrent = std::tuple{composition<lower_rows<output_size>>(kernel(x))};
    return std::tuple_cat(recurrent, inputs_of_option<Name / "forget_bias">(x, forget_bias), peepholes(x),
                          inputs_of_option<Name / "cell_clip">(x, cell_clip), projection(x));
  }

 private:
  template <class X>
  constexpr auto kernel(X const& x) const {
    return kernel_for<Name / "kernel", output_size, 4 * Units>(x, init);
  }
  template <class X>
  constexpr auto peepholes([[maybe_unused]] X const& x) const {
    if constexpr (Peepholes) {
      return std::tuple{weights_for<Name / "w_i_diag", Units>(x, init), weights_for<Name / "w_f_diag", Units>(x, init),
                        weights_for<Name / "w_o_diag", Units>(x, init)};
    } else {
      return std::tuple<>{};
    }
  }
  template <class X>
  constexpr auto projection([[maybe_unused]] X const& x) const {
    if constexpr (Projected > 0) {
      return std::tuple_cat(std::tuple{weights_for<Name / "projection/kernel", Units, Projected>(x, init)},
                            inputs_of_option<Name / "proj_clip">(x, projection_clip));
    } else {
      return std::tuple<>{};
    }
  }
};
}  // namespace detail

namespace nn::rnn_cell {
/// The state of an LSTM, as its cells take and give it: `auto [c, h] = state`.
template <expression C, expression H>
constexpr std::tuple<C, H> LSTMStateTuple(C const& c, H const& h) {
  return {c, h};
}

/// A long short-term memory (Hochreiter and Schmidhuber, 1997) with gates i, j, f, o = [x, h] · kernel + bias:
/// c' = σ(f + forget_bias) · c + σ(i) · tanh(j), h' = σ(o) · tanh(c'). Its output is h', its state (c, h):
/// `LSTMCell<64, "lstm">(use_peepholes, num_proj<32>)`. Variables: lstm/kernel, [depth + outputs, 4 · units],
/// lstm/bias, with `use_peepholes` lstm/w_i_diag, w_f_diag and w_o_diag, with `num_proj` lstm/projection/kernel.
/// Options besides: `forget_bias` (1 without), `cell_clip`, `proj_clip`, each a number or a scalar; `activation`,
/// `initializer`.
template <int Units, name Name = "lstm_cell", class... Option>
constexpr auto LSTMCell(Option const&... options) {
  static_assert(
      detail::rnn_options_of<use_peepholes_tag, num_proj_tag, forget_bias_tag, cell_clip_tag, proj_clip_tag,
                             activation_tag, initializer_tag>::are<Option...>,
      "LSTMCell: takes use_peepholes, num_proj, forget_bias, cell_clip, proj_clip, activation and initializer");
  using detail::option_or, detail::not_given;
  auto const bias = option_or<forget_bias_tag>(detail::known_number<1>{}, options...);
  auto const clip = option_or<cell_clip_tag>(not_given{}, options...);
  auto const projection_clip = option_or<proj_clip_tag>(not_given{}, options...);
  auto const init = option_or<initializer_tag>(not_given{}, options...);
  using Activation = decltype(option_or<activation_tag>(tanh_activation{}, options...));
  using Projected = decltype(option_or<num_proj_tag>(std::integral_constant<int, 0>{}, options...));
  using Peepholes = decltype(option_or<use_peepholes_tag>(std::false_type{}, options...));
  static_assert(Projected::value > 0 || detail::times_given<proj_clip_tag, Option...> == 0,
                "LSTMCell: proj_clip is for what num_proj projects");
  return detail::lstm_cell<Units, Name, Projected::value, Peepholes::value, Activation,
                           std::remove_const_t<decltype(bias)>, std::remove_const_t<decltype(clip)>,
                           std::remove_const_t<decltype(projection_clip)>, std::remove_const_t<decltype(init)>>{
      {}, bias, clip, projection_clip, init};
}
/// The same without its extras: `BasicLSTMCell<4, "lstm">()`, `BasicLSTMCell<4, "lstm">(forget_bias = 0.0f)`.
template <int Units, name Name = "basic_lstm_cell", class... Option>
constexpr auto BasicLSTMCell(Option const&... options) {
  static_assert(detail::rnn_options_of<forget_bias_tag, activation_tag>::are<Option...>,
                "BasicLSTMCell: takes forget_bias and activation");
  return LSTMCell<Units, Name>(options...);
}
}  // namespace nn::rnn_cell

TFX_END
