// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/rnn/dynamic_rnn.hpp>

TFX_BEGIN

namespace nn {
/// Two cells along time, one of them from each row's last step to its first: `auto [outputs, states] =
/// bidirectional_dynamic_rnn(forwards, backwards, x)`, `auto [ahead, back] = outputs`, each [batch, time, units] and in
/// the order of the inputs; concat(axis<2>, ahead, back) joins them. Options: `sequence_length`, `initial_state_fw`,
/// `initial_state_bw`, `time_major`, as dynamic_rnn has them.
template <class Forwards, class Backwards, expression X, class... Option>
constexpr auto bidirectional_dynamic_rnn(Forwards const& cell_fw, Backwards const& cell_bw, X const& x,
                                         Option const&... options) {
  static_assert(detail::rnn_options_of<sequence_length_tag, initial_state_fw_tag, initial_state_bw_tag,
                                       time_major_tag>::are<Option...>,
                "bidirectional_dynamic_rnn: takes sequence_length, initial_state_fw, initial_state_bw and time_major");
  static_assert(!detail::share_a_name<Forwards, Backwards>(),
                "tfx: bidirectional_dynamic_rnn: cells of one name would share their weights: give each a name");
  static_assert(detail::is_sequence<X>, "tfx: bidirectional_dynamic_rnn: inputs are [batch, time, depth]");
  constexpr bool time_major = detail::is_time_major<Option...>;
  auto const xs = detail::turned<time_major>(x);
  auto const length = detail::option_or<sequence_length_tag>(detail::not_given{}, options...);
  auto const ahead = detail::run_along_time<false>(
      cell_fw, xs, length, detail::option_or<initial_state_fw_tag>(detail::not_given{}, options...));
  auto const back = detail::run_along_time<true>(
      cell_bw, xs, length, detail::option_or<initial_state_bw_tag>(detail::not_given{}, options...));
  return std::tuple{
      std::tuple{detail::turned<time_major>(std::get<0>(ahead)), detail::turned<time_major>(std::get<0>(back))},
      std::tuple{std::get<1>(ahead), std::get<1>(back)}};
}
}  // namespace nn

TFX_END
