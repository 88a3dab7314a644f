// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/stack.hpp>
#include <tfx/op/array/unstack.hpp>
#include <tfx/op/rnn/dynamic_rnn.hpp>

TFX_BEGIN

namespace nn {
/// A cell along a tuple of inputs, one [batch, depth] for each step: `auto [outputs, state] = static_rnn(cell,
/// unstack(x))`, outputs a tuple of as many. Options: `sequence_length` and `initial_state`, as dynamic_rnn has them,
/// whose loop this is, too.
template <class Cell, expression... X, class... Option>
constexpr auto static_rnn(Cell const& cell, std::tuple<X...> const& inputs, Option const&... options) {
  static_assert(sizeof...(X) > 0, "static_rnn: inputs must not be empty");
  static_assert(detail::rnn_options_of<sequence_length_tag, initial_state_tag>::are<Option...>,
                "static_rnn: takes sequence_length and initial_state");
  auto const xs = std::apply([](auto const&... each) { return stack(each...); }, inputs);
  auto const [outputs, state] = dynamic_rnn(cell, xs, time_major, options...);
  return std::tuple{unstack(outputs, num<sizeof...(X)>), state};
}
/// Inside functions over handles, along the parts that unstack gives there; the outputs are as many.
template <class Cell, untyped X, class... Option>
constexpr auto static_rnn(Cell const& cell, vector<X> const& inputs, Option const&... options) {
  static_assert(tfx::detail::rnn_options_of<sequence_length_tag, initial_state_tag>::are<Option...>,
                "static_rnn: takes sequence_length and initial_state");
  auto const [outputs, state] = dynamic_rnn(cell, stack(inputs), time_major, options...);
  return std::tuple{unstack(outputs), state};
}
}  // namespace nn

TFX_END
