// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/initializers.hpp>
#include <tfx/keras/layers/dropout.hpp>
#include <tfx/keras/layers/recurrent_arguments.hpp>
#include <tfx/keras/layers/recurrent_loop.hpp>

TFX_BEGIN
namespace keras {

namespace detail {
/// x · kernel + bias along the last axis, one product for all rows. A bias of two rows has another one for the states.
struct project_all {
  constexpr auto operator()(auto x, auto kernel, auto... bias) const {
    handle const all[] = {bias..., handle{}};
    handle row = all[0];
    if (row && row.rank() == 2) row = reshape(tfx::detail::rows(row, 0, 1), extents{row.shape()[1]});
    return tfx::detail::project(x, kernel, row);
  }
};
/// Some columns of a matrix.
constexpr auto columns(auto matrix, i64 first, i64 count) {
  return slice(matrix, dims{2, {0, first}}, dims{2, {dims::unknown, count}});
}
}  // namespace detail

namespace layers {

/// What the cells of SimpleRNN, LSTM and GRU share. `Self` has:
///
/// - `parts`, how many matrices [units, units] stand side by side in the recurrent kernel, and `state_size`;
/// - `step`, see step_in_mask; `steps_have_bias`, whether it takes the bias too;
/// - `bias<Scope, T>()`, which makes the bias.
template <class Self, int Units, name Name, class... Options>
struct recurrent_cell : layer<Self, Name, Options...> {
  using base = layer<Self, Name, Options...>;
  using activation = keras::detail::activation_in<arguments<Options...>>;
  using gate = keras::detail::recurrent_activation_in<arguments<Options...>>;
  static constexpr bool is_cell = true;
  static constexpr auto masks = masking::consumed;
  static constexpr auto own_name = Name;
  static constexpr int units = Units, output_size = Units;
  static constexpr bool drops = base::template has<keras::detail::dropout_tag>;
  static constexpr bool drops_states = base::template has<keras::detail::recurrent_dropout_tag>;
  static_assert(Units > 0, "tfx: a recurrent layer has at least one unit");
  static_assert(base::template static_or<keras::detail::implementation_tag, 2>() == 2 || (!drops && !drops_states),
                "tfx: a recurrent layer drops as Keras' implementation 2 does, by one mask for all gates");

  constexpr explicit recurrent_cell(Options const&... options) : base(options...) {
    keras::detail::checked_rate(rate<keras::detail::dropout_tag>());
    keras::detail::checked_rate(rate<keras::detail::recurrent_dropout_tag>());
  }

  /// One step: `auto [y, next] = cell(x, std::tuple(h, c))`, x [batch, depth]; the next states are a tuple.
  template <typed_expression X, class States>
  constexpr auto operator()(X const& x, States const& states) const {
    auto const given = tfx::detail::flat_state(tfx::detail::as_state(states));
    constexpr bool fits = keras::detail::takes_states<Self, 1, X, decltype(given)>;
    static_assert(fits && std::tuple_size_v<std::remove_const_t<decltype(given)>> > 0,
                  "tfx: a cell takes its states, [batch, units] each, as `cell.state_size` says");
    if constexpr (fits) {
      return std::apply(
          [&](auto const&... s) {
            constexpr auto scope =
                keras::detail::scope_of<Self::kind, Name, X::hash, std::remove_cvref_t<decltype(s)>::hash...>();
            auto const made = this->template call<scope>(x, given);
            using output = std::remove_cvref_t<decltype(std::get<0>(made.value))>;
            auto const y = std::apply(
                [&]<class... W>(W const&... w) {
                  return this->template mark<scope>(layer_value<output, W...>{std::get<0>(made.value), {w...}}, x,
                                                    s...);
                },
                made.weights);
            auto const next =
                std::apply([&](auto const&... each) { return std::tuple{apply<further_value_op>(each, y)...}; },
                           std::get<1>(made.value));
            return std::tuple{y, next};
          },
          given);
    }
  }
  /// The same as a part of another cell: with_weights(std::tuple(output, states), weights…).
  template <name Scope, class X, class States>
  constexpr auto call(X const& x, States const& states) const {
    static_assert(X::shape_type::rank == 2, "tfx: a cell takes inputs [batch, depth]");
    static_assert(!drops && !drops_states, "tfx: one mask for all steps is drawn where a cell is in layers::RNN(cell)");
    auto const w = weights<Scope>(x);
    auto const next = tfx::detail::as_tuple(std::apply(
        [](auto const&... each) {
          return composition<keras::detail::step_in_mask<typename Self::step, state_count, false, false>>(each...);
        },
        std::tuple_cat(std::tuple{projected(x, w)}, states, of_steps(w))));
    return std::apply([&](auto const&... each) { return with_weights(std::tuple{std::get<0>(next), next}, each...); },
                      w);
  }

  /// Along xs [time, batch, depth]: a sequence_value.
  template <name Scope, bool Backward, class X, class Steps, class States>
  constexpr auto along_time(X const& xs, Steps const& steps, States const& states) const {
    auto const w = weights<Scope>(xs);
    auto const made = std::apply(
        [&]<class... W>(W const&... each) {
          using body = keras::detail::recurrence_of_step<typename Self::step, state_count,
                                                         std::tuple_size_v<Steps> != 0, Backward, W...>;
          return keras::detail::run_recurrence<Backward>(
              body{{each...}}, std::tuple_cat(states, kept_of_states<Scope>(xs)),
              std::tuple_cat(steps, std::tuple{projected(drop_inputs<Scope>(xs), w)}));
        },
        of_steps(w));
    auto const last = keras::detail::first_values<state_count>(std::get<1>(made));
    return keras::detail::sequence_of(std::get<0>(made), std::get<0>(last), last, w);
  }

 private:
  static constexpr int state_count = keras::detail::state_count<Self>;

  template <class Tag>
  constexpr double rate() const {
    return static_cast<double>(this->template value_or<Tag>(0.0));
  }
  /// Kernel, recurrent kernel and bias.
  template <name Scope, class X>
  constexpr auto weights(X const&) const {
    using T = typename X::value_type;
    constexpr dims of_x = X::shape_type::value;
    static_assert(of_x[of_x.rank - 1] >= 0,
                  "tfx: The last dimension of the inputs to a recurrent layer should be defined");
    static_assert(std::is_floating_point_v<T>, "tfx: a recurrent layer takes float or double");
    constexpr i64 columns = Self::parts * i64{Units};
    auto const kernel = this->template weight_of<Scope, weight::kernel, T>(shape<of_x[of_x.rank - 1], columns>,
                                                                           glorot_uniform_initializer());
    auto const recurrent =
        this->template weight_of<Scope, weight::recurrent_kernel, T>(shape<Units, columns>, initializers::Orthogonal());
    if constexpr (base::uses_bias) {
      return std::tuple{kernel, recurrent, this->self().template bias<Scope, T>()};
    } else {
      return std::tuple{kernel, recurrent};
    }
  }
  template <class W>
  static constexpr auto of_steps(W const& w) {
    if constexpr (Self::steps_have_bias && base::uses_bias) {
      return std::tuple{std::get<1>(w), std::get<2>(w)};
    } else {
      return std::tuple{std::get<1>(w)};
    }
  }
  template <class X, class W>
  static constexpr auto projected(X const& x, W const& w) {
    if constexpr (base::uses_bias) {
      return composition<keras::detail::project_all>(x, std::get<0>(w), std::get<2>(w));
    } else {
      return composition<keras::detail::project_all>(x, std::get<0>(w));
    }
  }
  /// Ones for each row, with a dropout: what is kept of all steps.
  template <name Scope, int Columns, class Tag, class X>
  constexpr auto kept(X const& xs) const {
    using T = typename X::value_type;
    return nn::dropout<Scope>(composition<keras::detail::ones_for_rows<Columns>>(xs),
                              constant<Scope / "keep_prob">(static_cast<T>(1 - rate<Tag>())));
  }
  template <name Scope, class X>
  constexpr auto drop_inputs(X const& xs) const {
    if constexpr (drops) {
      constexpr dims of_x = X::shape_type::value;
      return by_phase(
          xs * kept<Scope / "dropout", static_cast<int>(of_x[of_x.rank - 1]), keras::detail::dropout_tag>(xs), xs);
    } else {
      return xs;
    }
  }
  // A state, so that all iterations see the one.
  template <name Scope, class X>
  constexpr auto kept_of_states([[maybe_unused]] X const& xs) const {
    if constexpr (drops_states) {
      return std::tuple{by_phase(kept<Scope / "recurrent_dropout", Units, keras::detail::recurrent_dropout_tag>(xs),
                                 composition<keras::detail::ones_for_rows<Units>>(xs))};
    } else {
      return std::tuple<>{};
    }
  }
};

}  // namespace layers
}  // namespace keras
TFX_END
