// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/nn/dropout.hpp>
#include <tfx/op/rnn/recurrent_cell.hpp>

TFX_BEGIN

namespace detail {
/// The seed of a wrapper, for one of its dropouts: they do not draw the same.
constexpr i64 salted(i64 seed, u64 salt) { return static_cast<i64>(mix(salt, static_cast<u64>(seed)) & 0x7fffffff); }
template <u64 Salt>
constexpr seed_t salt_seed(seed_t s) {
  return {salted(s.value, Salt)};
}
template <u64 Salt, i64 Value>
constexpr static_seed<salted(Value, Salt)> salt_seed(static_seed<Value>) {
  return {};
}
template <u64 Salt, i64 Value>
constexpr static_seed<salted(Value, Salt)> salt_seed(static_seed<Value> (*)()) {
  return {};
}
template <class X>
constexpr auto seeds_among(X const& x) {
  if constexpr (is_seed<X>) {
    return std::tuple{x};
  } else {
    return std::tuple<>{};
  }
}

/// `x` with a dropout of that name; as it is where no probability was given.
template <name Name, class X, class K, class... Seed>
constexpr auto drop_named(X const& x, [[maybe_unused]] K const& keep_prob, Seed... s) {
  if constexpr (std::is_same_v<K, not_given>) {
    return x;
  } else if constexpr (typed_expression<X>) {
    constexpr u64 salt = hash_of(Name.view());
    return drop<Name, member_site<>{}>(x, number_beside<Name / "keep_prob">(x, keep_prob), salt_seed<salt>(s)...);
  } else {
    static_assert(sizeof...(s) == 0, "DropoutWrapper: inside functions over handles its name is its seed");
    return nn::dropout(x, keep_prob, Name.view());
  }
}
template <class K>
constexpr K checked_keep_prob(K const& keep_prob) {
  check_probability(keep_prob);
  return keep_prob;
}

template <name Name, class Cell, class Input, class Output, class State, class... Seed>
struct dropout_wrapper : cell_wrapper<Cell> {
  static constexpr auto scope = Name;
  using cell_wrapper<Cell>::cell;
  Input input;
  Output output;
  State state;
  std::tuple<Seed...> seeds;

  template <expression X, class Old>
  constexpr auto operator()(X const& x, Old const& old) const {
    auto const made = cell(drop_inputs(x), old);
    return std::tuple{drop_outputs(std::get<0>(made)), drop_after(std::get<1>(made))};
  }
  template <class Loop, class X, class Old>
  constexpr auto unroll(Loop const& loop, X const& x, Old const& old) const {
    auto const made = unroll_cell(loop, drop_inputs(x), old);
    return std::tuple{drop_outputs(std::get<0>(made)), std::get<1>(made)};
  }

 private:
  template <class Loop, class X, class Old>
  constexpr auto unroll_cell(Loop const& loop, X const& x, Old const& old) const {
    if constexpr (std::is_same_v<State, not_given>) {
      return detail::unroll(loop, cell, x, old);
    } else {
      return detail::unroll(loop.dropping(drop_of_states()), cell, x, old);
    }
  }
  template <name Which, class X, class K>
  constexpr auto drop_one(X const& x, K const& keep_prob) const {
    return std::apply([&](auto... seed) { return drop_named<Name / Which>(x, keep_prob, seed...); }, seeds);
  }
  template <class X>
  constexpr auto drop_inputs(X const& x) const {
    return drop_one<"input_dropout">(x, input);
  }
  template <class X>
  constexpr auto drop_outputs(X const& x) const {
    return drop_one<"output_dropout">(x, output);
  }
  template <class Next>
  constexpr auto drop_after(Next const& next) const {
    if constexpr (std::is_same_v<State, not_given>) {
      return next;
    } else {
      return drop_state(cell, drop_of_states(), next);
    }
  }
  constexpr auto drop_of_states() const {
    return [self = *this](auto const& x) { return self.template drop_one<"state_dropout">(x, self.state); };
  }
};
/// What the dropouts of a wrapper are named after.
template <name Name, class Cell>
constexpr auto dropout_scope() {
  if constexpr (Name.size() > 0) {
    return Name;
  } else {
    static_assert(scope_of<Cell>().size() > 0,
                  "DropoutWrapper: a cell without a name needs one here: DropoutWrapper<Name>");
    return scope_of<Cell>();
  }
}
}  // namespace detail

namespace nn::rnn_cell {
/// A cell with dropouts, drawn anew in each step: of its inputs, of its outputs, and of the state that it hands on, of
/// an LSTM's h alone: `DropoutWrapper(GRUCell<64, "gru">(), output_keep_prob = 0.5f)`. Options: `input_keep_prob`,
/// `output_keep_prob`, `state_keep_prob`, numbers in (0, 1] or scalars of the inputs' dtype, such as placeholders, and
/// a `seed`. Those of inputs and outputs are drawn for all steps at once, outside of the loop. The cell's name tells
/// the dropouts from those of other wrappers, or one given here: `DropoutWrapper<Name>(…)`.
template <name Name = "", class Cell, class... Option>
constexpr auto DropoutWrapper(Cell const& cell, Option const&... options) {
  static_assert(
      detail::rnn_options_of<input_keep_prob_tag, output_keep_prob_tag, state_keep_prob_tag, void>::are<Option...> &&
          ((detail::is_seed<Option> || !detail::has_tag<void, Option>) && ...),
      "DropoutWrapper: takes input_keep_prob, output_keep_prob, state_keep_prob and a seed");
  using detail::option_or, detail::not_given, detail::checked_keep_prob;
  auto const input = checked_keep_prob(option_or<input_keep_prob_tag>(not_given{}, options...));
  auto const output = checked_keep_prob(option_or<output_keep_prob_tag>(not_given{}, options...));
  auto const state = checked_keep_prob(option_or<state_keep_prob_tag>(not_given{}, options...));
  auto const seeds = std::tuple_cat(std::tuple<>{}, detail::seeds_among(options)...);
  return [&]<class I, class O, class S, class... Seed>(I const& i, O const& o, S const& s,
                                                       std::tuple<Seed...> const& all) {
    return detail::dropout_wrapper<detail::dropout_scope<Name, Cell>(), Cell, I, O, S, Seed...>{{cell}, i, o, s, all};
  }(input, output, state, seeds);
}
}  // namespace nn::rnn_cell

TFX_END
