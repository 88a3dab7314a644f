// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>
#include <tfx/op/rnn/time_loop.hpp>
#include <tfx/op/state/variable.hpp>

TFX_BEGIN

// What TensorFlow's cells share. Variables are made when a cell meets inputs, whose dtype and depth they have.

namespace detail {
template <class X>
constexpr int static_depth() {
  constexpr dims shape = X::shape_type::value;
  static_assert(shape.rank == 2 || shape.rank == 3,
                "tfx: a cell takes inputs [batch, depth], and dynamic_rnn those of all steps, of rank 3");
  constexpr i64 depth = shape.rank > 0 ? shape[shape.rank - 1] : -1;
  static_assert(depth >= 0, "tfx: Expected inputs.shape[-1] to be known");
  return static_cast<int>(depth);
}
inline void a_cell_takes_inputs_of_rank_2_and_known_depth() {}  // no constant expression: calling it is the error
constexpr i64 depth_of_value(dims const& shape) {
  if (shape.rank != 2 && shape.rank != 3) a_cell_takes_inputs_of_rank_2_and_known_depth();
  if (shape[shape.rank - 1] < 0) a_cell_takes_inputs_of_rank_2_and_known_depth();
  return shape[shape.rank - 1];
}

// get_variable and its initializers stand on a floor above the ops; where a cell is used, its arguments find it.
template <name Name, class X, class Init, auto... D>
constexpr auto variable_beside(X const&, Init const& init, shape_t<D...> s) {
  using T = typename X::value_type;
  if constexpr (std::is_same_v<Init, not_given>) {
    return get_variable<Name, T>(s);
  } else {
    return get_variable<Name, T>(s, init);
  }
}
/// Inside functions over handles: a part of the graph of x, where that has one.
constexpr handle in_graph_of(handle x, fragment const& made) {
  function_graph* const graph = static_cast<function_graph*>(x.graph);
  return {graph, graph->take(made)};
}
constexpr fragment in_graph_of(fragment const&, fragment const& made) { return made; }
template <name Name, class X, class Init>
constexpr X variable_of_value(X const& x, Init const& init, extents shape) {
  if constexpr (std::is_same_v<Init, not_given>) {
    if (x.type() == dtype::float64) return in_graph_of(x, get_variable<double>(Name.view(), shape));
    return in_graph_of(x, get_variable<float>(Name.view(), shape));
  } else {
    return in_graph_of(x, variable(Name.view(), init.make_value(x.type(), shape.value)));
  }
}
/// A matrix with a row for each input of x and `More` rows behind them.
template <name Name, int More, int Columns, class X, class Init>
constexpr auto kernel_for(X const& x, Init const& init) {
  if constexpr (typed_expression<X>) {
    return variable_beside<Name>(x, init, shape<static_depth<X>() + More, Columns>);
  } else {
    return variable_of_value<Name>(x, init, extents{depth_of_value(x.shape()) + More, Columns});
  }
}
/// A variable of that shape and of x's dtype.
template <name Name, int... D, class X, class Init>
constexpr auto weights_for(X const& x, Init const& init) {
  if constexpr (typed_expression<X>) {
    return variable_beside<Name>(x, init, shape<D...>);
  } else {
    return variable_of_value<Name>(x, init, extents{D...});
  }
}
/// One number in each element to begin with.
template <name Name, int Number, int Size, class X>
constexpr auto bias_for(X const& x) {
  static_assert(Number == 0 || Number == 1);
  if constexpr (typed_expression<X>) {
    using T = typename X::value_type;
    if constexpr (Number == 0) {
      return variable<Name>(zeros<T>(shape<Size>));
    } else {
      return variable<Name>(ones<T>(shape<Size>));
    }
  } else {
    fragment const begin = splat_value(dims{1, {Size}}, x.type(), splat_bits(double(Number), x.type()));
    return in_graph_of(x, variable(Name.view(), begin));
  }
}
/// An option that is a number as a scalar beside x, told apart by its name; an expression as it is.
template <name Name, class X, class V>
constexpr auto number_beside(X const& x, V const& value) {
  if constexpr (!number<V>) {
    return value;
  } else if constexpr (typed_expression<X>) {
    using T = typename X::value_type;
    typename literal_leaf<Name, T, shape_t<>, 0x726e6e, member_site<>{}>::type result;
    result.literals[0] = make_literal(fitted<T>(value));
    return result;
  } else {
    return scalar_like(x, static_cast<double>(value));
  }
}
/// An option that is known, or was not given, as no input at all.
template <name Name, class X, class V>
constexpr auto inputs_of_option([[maybe_unused]] X const& x, [[maybe_unused]] V const& value) {
  if constexpr (number<V> || expression<V>) {
    return std::tuple{number_beside<Name>(x, value)};
  } else {
    return std::tuple<>{};
  }
}
template <class V>
inline constexpr bool is_input = number<V> || expression<V>;

/// Takes one input after the other of those behind a step's first ones; those that are not there are empty.
struct further_inputs {
  handle const* next;
  constexpr handle take(bool is_there) { return is_there ? *next++ : handle{}; }
};

/// A cell whose step is a function over handles. `Self` has: `scope`, the name of its variables; `step`, see
/// step_of_weights; `state_sizes`, the units of each state; `sequences(x)`, a tuple of what the inputs alone give, for
/// one step or for all; `weights(x)`, a tuple of what its steps share.
template <class Self>
class recurrent_cell {
 public:
  static constexpr bool unrolls = true;

  /// Output and next state of one step: `auto [output, next] = cell(x, state)`, x [batch, depth].
  template <expression X, class State>
  constexpr auto operator()(X const& x, State const& state) const {
    auto const states = flat_state(as_state(state));
    static_assert(std::tuple_size_v<std::remove_const_t<decltype(states)>> == std::size(Self::state_sizes),
                  "tfx: a state of a cell has as many tensors as the cell says: (c, h) of an LSTM");
    auto const made = advance(x)(states, self().sequences(x));
    return std::tuple{std::get<0>(made), as_values(tuple_from<1>(made))};
  }
  /// A state of zeros beside x, [batch, depth] or [time, batch, depth].
  template <expression X>
  constexpr auto zero_state(X const& x) const {
    return [&]<int... I>(std::integer_sequence<int, I...>) {
      return as_values(std::tuple{composition<zeros_for_rows<Self::state_sizes[I]>>(x)...});
    }(std::make_integer_sequence<int, static_cast<int>(std::size(Self::state_sizes))>{});
  }
  /// The same for a batch: `cell.zero_state(shape<batch>)`, `cell.zero_state<double>(shape<32>)`.
  template <element T = float, auto Batch>
  constexpr auto zero_state(shape_t<Batch>) const {
    return [&]<int... I>(std::integer_sequence<int, I...>) {
      return as_values(std::tuple{zeros<T>(shape<Batch, Self::state_sizes[I]>)...});
    }(std::make_integer_sequence<int, static_cast<int>(std::size(Self::state_sizes))>{});
  }

  /// Outputs [time, batch, units] and the last state, of inputs [time, batch, depth].
  template <class Loop, class X, class State>
  constexpr auto unroll(Loop const& loop, X const& x, State const& state) const {
    auto const states = flat_state(as_state(state));
    static_assert(std::tuple_size_v<std::remove_const_t<decltype(states)>> == std::size(Self::state_sizes),
                  "tfx: a state of a cell has as many tensors as the cell says: (c, h) of an LSTM");
    auto const made = loop.run(advance(x), states, self().sequences(x));
    return std::tuple{std::get<0>(made), as_values(std::get<1>(made))};
  }
  /// A state with a dropout of what may be dropped.
  template <class Drop, class State>
  constexpr auto dropped(Drop const& drop, State const& state) const {
    return as_values(drop_states<Self::step::kept>(drop, flat_state(as_state(state))));
  }
  static constexpr bool has_name(std::string_view other) { return Self::scope.view() == other; }
  template <class Cell>
  static constexpr bool shares_name_with() {
    return Cell::has_name(Self::scope.view());
  }

 private:
  constexpr Self const& self() const { return static_cast<Self const&>(*this); }
  template <class X>
  constexpr auto advance(X const& x) const {
    return [&]<class... W>(std::tuple<W...> const& weights) {
      return step_of_weights<typename Self::step, W...>{weights};
    }(self().weights(x));
  }
};

/// The name of a cell's variables; of a cell that is not the library's none.
template <class Cell>
constexpr auto scope_of() {
  if constexpr (requires { Cell::scope; }) {
    return Cell::scope;
  } else {
    return name("");
  }
}
template <class Cell>
constexpr bool is_named([[maybe_unused]] std::string_view other) {
  if constexpr (requires { Cell::unrolls; }) {
    return Cell::has_name(other);
  } else {
    return false;
  }
}
/// A state of any cell with a dropout of what may be dropped.
template <class Cell, class Drop, class State>
constexpr auto drop_state(Cell const& cell, Drop const& drop, State const& state) {
  if constexpr (requires { Cell::unrolls; }) {
    return cell.dropped(drop, state);
  } else {
    auto const own = as_state(state);
    return nest_state<std::remove_const_t<decltype(own)>>(drop_states<0>(drop, flat_state(own)));
  }
}
/// Two cells of one name would share their variables, which is rather a mistake.
template <class A, class B>
constexpr bool share_a_name() {
  if constexpr (requires {
                  A::unrolls;
                  B::unrolls;
                }) {
    return A::template shares_name_with<B>();
  } else {
    return false;
  }
}
/// What wrappers share of a cell, which have its state and its name.
template <class Cell>
struct cell_wrapper {
  static constexpr bool unrolls = true;
  Cell cell;

  template <class X>
  constexpr auto zero_state(X const& x) const {
    return cell.zero_state(x);
  }
  template <element T, auto Batch>
  constexpr auto zero_state(shape_t<Batch> batch) const {
    return cell.template zero_state<T>(batch);
  }
  template <class Drop, class State>
  constexpr auto dropped(Drop const& drop, State const& state) const {
    return drop_state(cell, drop, state);
  }
  static constexpr bool has_name(std::string_view other) { return is_named<Cell>(other); }
  template <class Other>
  static constexpr bool shares_name_with() {
    return share_a_name<Cell, Other>();
  }
};
/// Any cell along time: one of the library's, or whatever is called with inputs and a state.
template <class Loop, class Cell, class X, class State>
constexpr auto unroll(Loop const& loop, Cell const& cell, X const& x, State const& state) {
  if constexpr (requires { Cell::unrolls; }) {
    return cell.unroll(loop, x, state);
  } else {
    auto const begin = as_state(state);
    using nested = std::remove_const_t<decltype(begin)>;
    auto const made = loop.run(step_of_cell<Cell, nested>{cell}, flat_state(begin), std::tuple{x});
    return std::tuple{std::get<0>(made), nest_state<nested>(std::get<1>(made))};
  }
}
}  // namespace detail

TFX_END
