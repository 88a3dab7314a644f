// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/transpose.hpp>
#include <tfx/op/rnn/recurrent_cell.hpp>

TFX_BEGIN

namespace detail {
/// Between [batch, time, depth] and [time, batch, depth].
template <bool TimeMajor, class X>
constexpr auto turned(X const& x) {
  if constexpr (TimeMajor) {
    return x;
  } else {
    return transpose(x, axes<1, 0, 2>);
  }
}
/// A handle's rank is known where the compiler runs the function.
template <class X>
inline constexpr bool is_sequence = true;
template <typed_expression X>
inline constexpr bool is_sequence<X> = X::shape_type::value.rank == 3;
template <class... Option>
inline constexpr bool is_time_major = times_given<time_major_tag, Option...> > 0;

template <class Cell, class X, class State>
constexpr auto state_or_zeros(Cell const& cell, X const& x, State const& state) {
  if constexpr (std::is_same_v<State, not_given>) {
    return cell.zero_state(x);
  } else {
    return as_state(state);
  }
}
/// One direction of inputs [time, batch, depth].
template <bool Reversed, class Cell, class X, class Length, class State>
constexpr auto run_along_time(Cell const& cell, X const& x, Length const& length, State const& state) {
  return unroll(make_time_loop<Reversed>(x, length), cell, x, state_or_zeros(cell, x, state));
}
}  // namespace detail

namespace nn {
/// A cell along time: `auto [outputs, state] = dynamic_rnn(cell, x, sequence_length = lengths)`, x [batch, time,
/// depth], outputs [batch, time, units] and the state after the last step. Options: `sequence_length`, whole numbers
/// [batch]: past its own length a row gives zeros and keeps its state; `initial_state`, else zeros; `time_major`, for
/// [time, batch, depth]. What the inputs give to the cell is one product for all steps; only that of the state is in
/// the loop. Batch and time may be symbols. Any cell that is called as (inputs, state) will do; one that has no
/// zero_state(x) needs an initial_state.
template <class Cell, expression X, class... Option>
constexpr auto dynamic_rnn(Cell const& cell, X const& x, Option const&... options) {
  static_assert(detail::rnn_options_of<sequence_length_tag, initial_state_tag, time_major_tag>::are<Option...>,
                "dynamic_rnn: takes sequence_length, initial_state and time_major");
  static_assert(detail::is_sequence<X>, "tfx: dynamic_rnn: inputs are [batch, time, depth]");
  constexpr bool time_major = detail::is_time_major<Option...>;
  auto const made = detail::run_along_time<false>(
      cell, detail::turned<time_major>(x), detail::option_or<sequence_length_tag>(detail::not_given{}, options...),
      detail::option_or<initial_state_tag>(detail::not_given{}, options...));
  return std::tuple{detail::turned<time_major>(std::get<0>(made)), std::get<1>(made)};
}
}  // namespace nn

TFX_END
