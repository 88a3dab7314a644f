// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/where.hpp>
#include <tfx/op/control/scan.hpp>
#include <tfx/op/rnn/recurrent_rows.hpp>
#include <tfx/op/rnn/rnn_options.hpp>

TFX_BEGIN

// A recurrence along time that gives its outputs, stacked, and its last states, and knows which rows have ended.

namespace detail {
/// States, however nested: how many there are, and those of a flat tuple in that form.
template <class State>
struct nested_state {
  static constexpr int width = 1;
  static constexpr std::tuple<State> flat(State const& state) { return {state}; }
  template <int At, class Flat>
  static constexpr auto take(Flat const& flat) {
    return std::get<At>(flat);
  }
};
template <class... S>
struct nested_state<std::tuple<S...>> {
  static constexpr int width = (nested_state<S>::width + ... + 0);
  static constexpr int before(int part) {
    constexpr int widths[] = {nested_state<S>::width..., 0};
    int sum = 0;
    for (int i = 0; i < part; ++i) sum += widths[i];
    return sum;
  }
  static constexpr auto flat(std::tuple<S...> const& state) {
    return std::apply([](auto const&... each) { return std::tuple_cat(nested_state<S>::flat(each)...); }, state);
  }
  template <int At, class Flat>
  static constexpr auto take(Flat const& flat) {
    return [&]<int... I>(std::integer_sequence<int, I...>) {
      return std::tuple{nested_state<S>::template take<At + before(I)>(flat)...};
    }(std::make_integer_sequence<int, sizeof...(S)>{});
  }
};
template <class... X>
constexpr auto as_state(fetch_list<X...> const& list) {
  return as_tuple(list);
}
template <class State>
constexpr State as_state(State const& state) {
  return state;
}
template <class State>
constexpr auto flat_state(State const& state) {
  return nested_state<State>::flat(state);
}
template <class State, class Flat>
constexpr auto nest_state(Flat const& flat) {
  return nested_state<State>::template take<0>(flat);
}
template <int First, class... X>
constexpr auto tuple_from(std::tuple<X...> const& x) {
  return [&]<int... I>(std::integer_sequence<int, I...>) {
    return std::tuple{std::get<First + I>(x)...};
  }(std::make_integer_sequence<int, static_cast<int>(sizeof...(X)) - First>{});
}

/// How a step goes on: `Step`, a function over handles, of the slices of the sequences, the states, and the weights,
/// gives the output and the next states. Its first `Step::kept` states are not for dropout.
template <class Step, class... W>
struct step_of_weights {
  static constexpr int kept = Step::kept;
  std::tuple<W...> weights;

  template <class States, class Slices>
  constexpr auto operator()(States const& states, Slices const& slices) const {
    return std::apply([](auto const&... x) { return composition<Step>(x...); },
                      std::tuple_cat(slices, states, weights));
  }
};
/// The same of any cell that is called with inputs and a state.
template <class Cell, class State>
struct step_of_cell {
  static constexpr int kept = 0;
  Cell cell;

  template <class States, class Slices>
  constexpr auto operator()(States const& states, Slices const& slices) const {
    auto const made = cell(std::get<0>(slices), nest_state<State>(states));
    return std::tuple_cat(std::tuple{std::get<0>(made)}, flat_state(as_state(std::get<1>(made))));
  }
};

/// The output of rows that have a step, else 0; their next states, else the old ones. Inputs: the mask, the output, the
/// old states, the next ones.
template <int States>
struct within_mask {
  constexpr auto operator()(auto mask, auto output, auto... states) const {
    handle const at[] = {states...};
    return [&]<int... I>(std::integer_sequence<int, I...>) {
      return std::tuple{where(mask, output, 0.0), where(mask, at[States + I], at[I])...};
    }(std::make_integer_sequence<int, States>{});
  }
};
struct zero_outside_mask {
  constexpr auto operator()(auto mask, auto x) const { return where(mask, x, 0.0); }
};

/// Next states as they are.
struct no_dropout {
  template <class X>
  constexpr X operator()(X const& x) const {
    return x;
  }
};
/// `Drop` on all states but the first `Kept`.
template <int Kept, class Drop, class... S>
constexpr auto drop_states(Drop const& drop, std::tuple<S...> const& states) {
  return [&]<int... I>(std::integer_sequence<int, I...>) {
    auto const one = [&]<int K>(std::integral_constant<int, K>) {
      if constexpr (K < Kept) {
        return std::get<K>(states);
      } else {
        return drop(std::get<K>(states));
      }
    };
    return std::tuple{one(std::integral_constant<int, I>{})...};
  }(std::make_integer_sequence<int, sizeof...(S)>{});
}

template <bool Masked, class Advance, class Drop>
struct loop_body {
  Advance advance;
  Drop drop;

  /// The next states, and the output.
  template <class... S, class Slices>
  constexpr auto operator()(std::tuple<S...> const& states, Slices const& slices) const {
    constexpr int count = sizeof...(S);
    auto const made = advance(states, tuple_from<Masked ? 1 : 0>(slices));
    static_assert(std::tuple_size_v<std::remove_const_t<decltype(made)>> == 1 + count,
                  "tfx: a cell gives each state anew");
    auto const next = drop_states<Advance::kept>(drop, tuple_from<1>(made));
    if constexpr (Masked) {
      auto const within = std::apply([](auto const&... x) { return composition<within_mask<count>>(x...); },
                                     std::tuple_cat(std::tuple{std::get<0>(slices), std::get<0>(made)}, states, next));
      return std::tuple_cat(tuple_from<1>(within), std::tuple{std::get<0>(within)});
    } else {
      return std::tuple_cat(next, std::tuple{std::get<0>(made)});
    }
  }
};

/// Runs `body` along the first axis of the sequences: the output of each step, stacked, and the last states.
template <i64 Flags, class Body, class... S, class... Q>
constexpr auto run_loop(Body const& body, std::tuple<S...> const& states, std::tuple<Q...> const& sequences) {
  constexpr int count = sizeof...(S);
  constexpr u64 identity = loop_identity<Body, S..., Q...>;
  auto const arguments = loop_arguments<identity, 0, false>(states);
  auto const slices = loop_arguments<identity, count, true>(sequences);
  auto const made = distinguish_all<identity, 256>(body(arguments, slices));
  using Words = words<static_cast<i64>(identity), count, sizeof...(Q), 1, Flags, -1>;
  auto const values =
      make_call<loop_op, Words, 0, count + 1>(std::tuple_cat(states, sequences, arguments, slices, made))
          .template values<"">();
  return [&]<int... I>(std::integer_sequence<int, I...>) {
    return std::tuple{std::get<count>(values), std::tuple{std::get<I>(values)...}};
  }(std::make_integer_sequence<int, count>{});
}

/// How to go along time: from which end, which rows have a step (`Mask`, an expression [time, batch, 1], or not_given:
/// all), and what happens to next states.
template <bool Reversed, class Mask = not_given, class Drop = no_dropout>
struct time_loop {
  static constexpr bool masked = !std::is_same_v<Mask, not_given>;
  Mask mask;
  Drop drop;

  /// The outputs, [time, batch, units], and a tuple of the last states.
  template <class Advance, class... S, class... Q>
  constexpr auto run(Advance const& advance, std::tuple<S...> const& states, std::tuple<Q...> const& sequences) const {
    loop_body<masked, Advance, Drop> const body{advance, drop};
    constexpr i64 flags = Reversed ? loop_form::backward : 0;
    auto const begin = distinguish_all<call_place<Advance>, 1>(states);
    if constexpr (masked) {
      return run_loop<flags>(body, begin,
                             distinguish_all<call_place<Advance>, 128>(std::tuple_cat(std::tuple{mask}, sequences)));
    } else {
      return run_loop<flags>(body, begin, distinguish_all<call_place<Advance>, 128>(sequences));
    }
  }
  /// Something computed for all steps at once, zero where a row has no step.
  template <class X>
  constexpr auto within(X const& x) const {
    if constexpr (masked) {
      return composition<zero_outside_mask>(mask, x);
    } else {
      return x;
    }
  }
  /// The same with a further dropout of next states.
  template <class More>
  constexpr auto dropping(More const& more) const {
    auto const both = [first = drop, more](auto const& x) { return more(first(x)); };
    return time_loop<Reversed, Mask, std::remove_const_t<decltype(both)>>{mask, both};
  }
};

/// Along x [time, batch, depth], as far as `length` says.
template <bool Reversed, class X, class Length>
constexpr auto make_time_loop(X const& x, Length const& length) {
  if constexpr (std::is_same_v<Length, not_given>) {
    return time_loop<Reversed>{};
  } else {
    auto const mask = apply<within_length_op>(x, length);
    return time_loop<Reversed, std::remove_const_t<decltype(mask)>>{mask, {}};
  }
}
}  // namespace detail

TFX_END
