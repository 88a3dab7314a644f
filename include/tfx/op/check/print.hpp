// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdio>
#include <tfx/op/check/shown_arguments.hpp>
#include <tfx/op/random/random_op.hpp>

TFX_BEGIN

namespace detail {
/// One line on stderr.
template <class Text>
[[gnu::noinline]] void print_line(Text text) {
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), stderr);
}
}  // namespace detail

/// x, which prints the further inputs. Gradient: dy, behind the same print.
struct print_op : detail::stateless {
  static constexpr auto name = "Print";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.ordered = true};
  static constexpr detail::text_style style = detail::text_style::brackets;
  static constexpr int hidden = 1;
  static constexpr bool is_placed = true;

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    call.shape = call.shapes[0];
  }
  static constexpr void gradient(auto& call) { call.dx[0] = apply<with_dependencies_op>(call.dy, call.y()); }
  static constexpr void tangent(auto& call) {
    if (call.dx[0]) call.tangent = apply<with_dependencies_op>(call.dx[0], call.y());
  }
  template <class Call>
  static void run(Call const& call) {
    copy(call);
    detail::print_line(detail::shown_by<1>(call));
  }

 protected:
  template <class Call>
  static void copy(Call const& call) {
    auto const* const x = call.template in<0>();
    for (i64 i = 0, count = call.count(Call::out_shape()); i < count; ++i) call.out()[i] = x[i];
  }
};
/// The same in the first runs of a session only. Input 1: where a session stands in them. The third word: how many.
struct print_first_n_op : print_op {
  static constexpr auto name = "PrintFirstN";
  static constexpr std::string_view type(int) { return print_op::name; }
  static constexpr op_traits traits{.ordered = true, .has_type = true, .next_state = 1};

  template <u64 Content, tfx::name Name, auto Site>
  static constexpr auto state() {
    return std::tuple(detail::make_random_state<Content, Name, Site>(false));
  }
  template <class Call>
  static void run(Call const& call) {
    copy(call);
    random::stream at = *reinterpret_cast<random::stream const*>(call.template in<1>());
    bool const prints = at.block < Call::word(2);
    at.block += prints ? 1 : 0;
    *call.template next_state<random::stream>() = at;
    if (prints) detail::print_line(detail::shown_by<2>(call));
  }
};
/// Prints its inputs. It has no value.
struct print_v2_op : detail::stateless {
  static constexpr auto name = "PrintV2";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.ordered = true};
  static constexpr auto gradient = constant_to_derivatives;
  static constexpr detail::text_style style = detail::text_style::spaced;
  static constexpr int hidden = 0;
  static constexpr bool is_placed = true;

  static constexpr void infer(inference&) {}
  template <class Call>
  static void run(Call const& call) {
    detail::print_line(detail::shown_by<0>(call));
  }
};

/// x itself, which prints a line on stderr where it is computed: the message, then the elements of each of `data` in
/// brackets, as tf.Print of TensorFlow 1.x: `Print(x, x, sum, message<"x: ">, summarize<10>)`. With `first_n<3>` only
/// the first 3 runs of a session print. Each place in the source is a print of its own; `Print<Name>(…)` tells calls of
/// a helper apart. The gradient passes through.
template <name Name = "", expression X, detail::shown_argument... Data, auto Site = [] {}>
  requires(detail::first_n_among<Data...> < 0 || detail::all_typed<X, Data...>)
constexpr auto Print(X const& x, Data const&... data) {
  using Op = std::conditional_t<(detail::first_n_among<Data...> >= 0), print_first_n_op, print_op>;
  return detail::show<Op, Name, Site>(std::index_sequence_for<Data...>{}, x, data...);
}
/// Never defined: a session counts the runs of an expression, so print what the function gives back.
struct first_n_is_for_expressions_not_for_handles;
template <name Name = "", expression X, detail::shown_argument... Data>
  requires(detail::first_n_among<Data...> >= 0 && !detail::all_typed<X, Data...>)
first_n_is_for_expressions_not_for_handles Print(X const&, Data const&...);

/// Prints texts and tensors on a line of stderr, as tf.print does: `print("loss:", loss, "at", step)`. The result is an
/// operation, to be run or to be put before something: `with_dependencies(print(x), y)`.
template <name Name = "", detail::shown_argument First, detail::shown_argument... More, auto Site = [] {}>
constexpr auto print(First const& first, More const&... more) {
  return detail::show<print_v2_op, Name, Site>(std::index_sequence_for<More...>{}, first, more...);
}

TFX_END
