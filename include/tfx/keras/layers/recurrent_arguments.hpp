// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/activations.hpp>
#include <tfx/keras/arguments.hpp>
#include <tfx/op/rnn/time_loop.hpp>

TFX_BEGIN
namespace keras {

// What recurrent layers are told beside what other layers are.

namespace detail {
struct return_sequences_tag;
struct return_state_tag;
struct go_backwards_tag;
struct stateful_tag;
struct unroll_tag;
struct recurrent_activation_tag;
struct unit_forget_bias_tag;
struct reset_after_tag;
struct implementation_tag;
struct dropout_tag;
struct recurrent_dropout_tag;
}  // namespace detail

/// The output of each step, [batch, time, units], in the place of the last one's.
inline constexpr flag<detail::return_sequences_tag> return_sequences{};
/// The states after the last step too: `auto [y, h, c] = LSTM<4>(return_state)(x)`.
inline constexpr flag<detail::return_state_tag> return_state{};
/// From the last step to the first; sequences come out in that order.
inline constexpr flag<detail::go_backwards_tag> go_backwards{};
/// Each run goes on where the one before it ended, row by row; `reset_states()` of the model begins anew.
inline constexpr flag<detail::stateful_tag> stateful{};
/// Keras': of no effect here, a loop compiles once.
inline constexpr flag<detail::unroll_tag> unroll{};
/// What gates are activated by, hard_sigmoid without: `recurrent_activation = activation<"sigmoid">`.
inline constexpr argument_name<detail::recurrent_activation_tag> recurrent_activation{};
/// Whether the biases of an LSTM's forget gates begin at 1.
template <bool One>
inline constexpr static_argument<detail::unit_forget_bias_tag, One> unit_forget_bias{};
/// Whether a GRU's reset gates act behind the product with the state: r · (h R + b) for (r · h) R.
template <bool After>
inline constexpr static_argument<detail::reset_after_tag, After> reset_after{};
/// Keras': 1 or 2, which differ in how they drop; without dropout of no effect.
template <int Which>
  requires(Which == 1 || Which == 2)
inline constexpr static_argument<detail::implementation_tag, Which> implementation{};
/// Which part of the inputs, or of the states that products see, is dropped in training: by one mask for all steps of a
/// sequence.
inline constexpr argument_name<detail::dropout_tag> dropout{};
inline constexpr argument_name<detail::recurrent_dropout_tag> recurrent_dropout{};
/// Names an argument of a recurrent layer's call: the states before the first step,
/// `layer(x, initial_state = std::tuple(h, c))`.
using tfx::initial_state;

namespace detail {
template <class Argument, class Default>
struct function_in {
  using type = Default;
};
template <class Tag, class F, class Default>
struct function_in<argument<Tag, F>, Default> {
  using type = F;
};
template <class Function>
struct recurrent_function {
  static_assert(std::is_empty_v<Function> && std::is_default_constructible_v<Function>,
                "tfx: an activation of a recurrent layer is a word, or a function of an expression that captures "
                "nothing");
};
/// The activation and the recurrent activation that a recurrent layer was told, as types.
template <class Arguments>
using activation_in = std::conditional_t<Arguments::template has<activation_tag>,
                                         typename Arguments::template type<activation_tag>, activations::tanh_t>;
template <class Arguments>
using recurrent_activation_in = typename function_in<typename Arguments::template type<recurrent_activation_tag>,
                                                     activations::hard_sigmoid_t>::type;
/// Refuses others than words and functions that capture nothing: a step of the loop makes them anew.
template <class... Options>
struct checked_activations : recurrent_function<activation_in<arguments<Options...>>>,
                             recurrent_function<recurrent_activation_in<arguments<Options...>>> {};
template <class... Options>
  requires std::is_same_v<activation_in<arguments<Options...>>, recurrent_activation_in<arguments<Options...>>>
struct checked_activations<Options...> : recurrent_function<activation_in<arguments<Options...>>> {};

/// The states that a call was given: expressions, or an initial_state.
template <class... X>
constexpr auto given_states(X const&... x) {
  if constexpr ((typed_expression<X> && ...)) {
    return std::tuple<X...>(x...);
  } else {
    static_assert(sizeof...(X) == 1 && (tfx::detail::has_tag<initial_state_tag, X> && ...),
                  "tfx: a recurrent layer is called with x, or x and initial_state = std::tuple(h, c)");
    return tfx::detail::flat_state(tfx::detail::as_state((x.value, ...)));
  }
}
}  // namespace detail

}  // namespace keras
TFX_END
