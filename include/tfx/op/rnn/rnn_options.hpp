// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/graph.hpp>

TFX_BEGIN

/// What `forget_bias = 0.5f` gives: an argument that cannot take another's place.
template <class Tag, class V>
struct rnn_option {
  V value;
};
template <class Tag>
struct rnn_option_name {
  template <class V>
  constexpr rnn_option<Tag, V> operator=(V const& value) const {
    return {value};
  }
};

struct sequence_length_tag;
struct initial_state_tag;
struct initial_state_fw_tag;
struct initial_state_bw_tag;
struct time_major_tag;
struct forget_bias_tag;
struct use_peepholes_tag;
struct cell_clip_tag;
struct num_proj_tag;
struct proj_clip_tag;
struct input_keep_prob_tag;
struct output_keep_prob_tag;
struct state_keep_prob_tag;

/// Names an argument of dynamic_rnn: how many steps each row has, [batch] of int32 or int64.
inline constexpr rnn_option_name<sequence_length_tag> sequence_length{};
/// Names an argument of dynamic_rnn: the state before the first step; without it zeros. That of an LSTM is
/// `initial_state = std::tuple(c, h)`.
inline constexpr rnn_option_name<initial_state_tag> initial_state{};
/// Name arguments of bidirectional_dynamic_rnn.
inline constexpr rnn_option_name<initial_state_fw_tag> initial_state_fw{};
inline constexpr rnn_option_name<initial_state_bw_tag> initial_state_bw{};
/// An argument of dynamic_rnn: inputs and outputs are [time, batch, depth].
inline constexpr rnn_option<time_major_tag, std::true_type> time_major{};
/// Names an argument of an LSTM cell: what is added to the forget gate.
inline constexpr rnn_option_name<forget_bias_tag> forget_bias{};
/// An argument of an LSTM cell: its gates see the cell's state.
inline constexpr rnn_option<use_peepholes_tag, std::true_type> use_peepholes{};
/// Names an argument of an LSTM cell: its state c stays between −cell_clip and cell_clip.
inline constexpr rnn_option_name<cell_clip_tag> cell_clip{};
/// An argument of an LSTM cell: its output h is projected to N units.
template <int N>
inline constexpr rnn_option<num_proj_tag, std::integral_constant<int, N>> num_proj{};
/// Names an argument of an LSTM cell: what is projected stays between −proj_clip and proj_clip.
inline constexpr rnn_option_name<proj_clip_tag> proj_clip{};
/// Name arguments of DropoutWrapper, numbers in (0, 1] or scalar tensors.
inline constexpr rnn_option_name<input_keep_prob_tag> input_keep_prob{};
inline constexpr rnn_option_name<output_keep_prob_tag> output_keep_prob{};
inline constexpr rnn_option_name<state_keep_prob_tag> state_keep_prob{};

namespace nn::rnn_cell {
struct activation_tag;
struct initializer_tag;
struct bias_initializer_tag;
/// Names an argument of a cell, in the place of tanh: `activation = [](auto x) { return nn::relu(x); }`.
inline constexpr rnn_option_name<activation_tag> activation{};
/// Names an argument of a cell: how its matrices begin, `initializer = random_uniform_initializer(-0.1, 0.1)`; without
/// it as get_variable says.
inline constexpr rnn_option_name<initializer_tag> initializer{};
inline constexpr rnn_option_name<initializer_tag> kernel_initializer{};
/// Names an argument of GRUCell: how its biases begin; without it those of the gates at 1, that of the candidate at 0.
inline constexpr rnn_option_name<bias_initializer_tag> bias_initializer{};
}  // namespace nn::rnn_cell

namespace detail {
/// No such argument was given.
struct not_given {};
/// A number that the compiler knows.
template <int N>
struct known_number {};

/// The tag of an option; void of whatever else is an argument, such as a seed.
template <class X>
struct option_tag {
  using type = void;
};
template <class Tag, class V>
struct option_tag<rnn_option<Tag, V>> {
  using type = Tag;
};
template <class Tag, class X>
inline constexpr bool has_tag = std::is_same_v<typename option_tag<X>::type, Tag>;

template <class Tag, class Default>
constexpr Default option_or(Default const& without) {
  return without;
}
/// The argument that `Tag` names, or what stands for it.
template <class Tag, class Default, class First, class... Rest>
constexpr auto option_or(Default const& without, First const& first, Rest const&... rest) {
  if constexpr (has_tag<Tag, First>) {
    return first.value;
  } else {
    return option_or<Tag>(without, rest...);
  }
}
template <class Tag, class... Option>
inline constexpr int times_given = (int{has_tag<Tag, Option>} + ... + 0);
/// Each of the options is one of `Tags`, and none is given twice.
template <class... Tags>
struct rnn_options_of {
  template <class... Option>
  static constexpr bool are =
      ((times_given<Tags, Option...> <= 1) && ...) && (times_given<Tags, Option...> + ... + 0) == sizeof...(Option);
};
}  // namespace detail

TFX_END
