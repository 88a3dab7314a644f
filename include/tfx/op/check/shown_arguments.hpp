// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/constant.hpp>
#include <tfx/op/check/shown_text.hpp>

TFX_BEGIN

/// In how many runs of a session something is printed: `Print(x, first_n<3>)`.
template <int Count>
struct first_n_t {};
template <int Count>
inline constexpr first_n_t<Count> first_n{};

namespace detail {
// Assert, Print and print take tensors, texts, and options, which are empty types, in any order.

/// A plain text: a part of the call itself inside functions over handles, else a constant that rides in it.
template <class A>
concept plain_text = !expression<A> && std::is_convertible_v<A const&, std::string_view>;
/// What an argument that is an option says: the message, and numbers + 1, where 0 says nothing.
template <class A>
struct shown_option {
  static constexpr bool is_option = false;
  static constexpr int summarize = 0, first_n = 0;
  static constexpr std::string_view message{};
};
template <>
struct shown_option<void> : shown_option<int> {
  static constexpr bool is_option = true;
};
template <name Text>
struct shown_option<message_t<Text>> : shown_option<void> {
  static constexpr auto own = Text;
  static constexpr std::string_view message = own.view();
};
template <int Count>
struct shown_option<summarize_t<Count>> : shown_option<void> {
  static constexpr int summarize = Count < 0 ? -1 : Count + 1;
};
template <int Count>
struct shown_option<first_n_t<Count>> : shown_option<void> {
  static constexpr int first_n = Count < 0 ? 0 : Count + 1;
};
template <class A>
concept shown_argument = expression<A> || plain_text<A> || shown_option<A>::is_option;

/// Outside of functions over handles.
template <class... A>
inline constexpr bool all_typed = !(untyped<A> || ...);
/// Of options, the last one that says something; `otherwise` if none does.
constexpr int said(std::initializer_list<int> all, int otherwise) {
  int found = 0;
  for (int const one : all) found = one != 0 ? one : found;
  return found == 0 ? otherwise : found < 0 ? -1 : found - 1;
}
template <class... A>
inline constexpr int first_n_among = said({shown_option<A>::first_n...}, -1);

template <class A>
constexpr u64 hash_of_argument() {
  if constexpr (typed_expression<A>) {
    return A::hash;
  } else {
    return hash_of(shown_option<A>::message);
  }
}
template <class... A>
constexpr u64 content_of_call(u64 hash) {
  ((hash = mix(hash, hash_of_argument<A>())), ...);
  return hash;
}
/// What tells calls of one content at several places in the source apart: 0 of a call that its name tells.
template <name Name, auto Site, u64 Content>
constexpr u64 place_of_call() {
  if constexpr (Name.size() > 0) {
    return 0;
  } else {
    return 1 + static_cast<u64>(site_index<mix(Content, 0x7b), decltype(Site)>);
  }
}

/// The static attributes of a call of `Op`, of which `Op::hidden` arguments are tensors that are not shown.
template <class Op, u64 Place, class... A>
struct shown_call {
  static constexpr bool typed = all_typed<A...>;

  // The arguments themselves are read in functions over handles only, where texts are known.
  static constexpr vector<i64> make(A const*... a) {
    vector<i64> made;
    made.push_back(said({shown_option<A>::summarize...}, 3));
    made.push_back(Op::is_placed ? static_cast<i64>(Place) : 0);
    made.push_back(first_n_among<A...>);
    shown_text text{Op::style, {}};
    if (Op::style == text_style::brackets) (text.add(shown_option<A>::message), ...);
    int hidden = Op::hidden;
    (add(text, hidden, a), ...);
    add_text_words(made, text.text.items, text.text.count);
    return made;
  }
  static constexpr vector<i64> make()
    requires(sizeof...(A) > 0)
  {
    return make(static_cast<A const*>(nullptr)...);
  }

 private:
  template <class One>
  static constexpr void add(shown_text& text, int& hidden, One const* a) {
    if constexpr (shown_option<One>::is_option) {
      if (Op::style != text_style::brackets && !shown_option<One>::message.empty())
        text.add_part(shown_option<One>::message);
    } else if constexpr (expression<One>) {
      if (hidden-- <= 0) text.add_mark(mark_of<One>());
    } else if constexpr (typed) {
      text.add_mark(Op::style == text_style::spaced ? shown_text::plain : shown_text::tensor);
    } else {
      text.add_part(*a);
    }
  }
  // One string that is printed alone is printed as it is.
  template <class One>
  static constexpr char mark_of() {
    if (Op::style != text_style::spaced) return shown_text::tensor;
    if constexpr (typed_expression<One>)
      if (sizeof...(A) == 1 && std::is_same_v<typename One::value_type, std::string> && One::rank == 0)
        return shown_text::plain;
    return shown_text::nested;
  }
};

/// An argument as inputs of the op, none or one.
template <u64 Tag, auto Site, bool Typed, class A>
constexpr auto shown_operand(A const& a) {
  if constexpr (expression<A> && Typed) {
    return std::tuple(distinguish<Tag, false>(a));
  } else if constexpr (expression<A>) {
    return std::tuple<A>(a);
  } else if constexpr (plain_text<A> && Typed) {
    return std::tuple(text_constant<"", Tag, Site>(a));
  } else {
    return std::tuple<>();
  }
}
template <class Op, name Name, class Call, class Inputs, class... A>
constexpr auto apply_shown(Inputs const& inputs, A const&... a) {
  return std::apply(
      [&](auto const&... x) {
        if constexpr (Call::typed) {
          return apply<Op, Name, typename made_words<Call>::type>(x...);
        } else {
          vector<i64> const made = Call::make(&a...);
          return add_value(info<Op>, Name.view(), made.items, made.count, x...);
        }
      },
      inputs);
}
/// What an op has among its inputs behind the first one: nothing, but where it keeps a state.
struct stateless {
  template <u64 Content, name Name, auto Site>
  static constexpr std::tuple<> state() {
    return {};
  }
};
template <class Op, name Name, auto Site, class First, class... A, std::size_t... I>
constexpr auto show(std::index_sequence<I...>, First const& first, A const&... a) {
  constexpr u64 content = content_of_call<First, A...>(hash_of(Op::name));
  constexpr u64 place = place_of_call<Name, Site, content>(), tag = mix(content, place);
  using Call = shown_call<Op, place, First, A...>;
  return apply_shown<Op, Name, Call>(
      std::tuple_cat(shown_operand<tag, Site, Call::typed>(first), Op::template state<content, Name, Site>(),
                     shown_operand<mix(tag, I + 1), Site, Call::typed>(a)...),
      first, a...);
}
}  // namespace detail

TFX_END
