// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/expr.hpp>

TFX_BEGIN

// Keras' words. `keras::activation<"relu">` is a value of an empty type that is called as the function is for which the
// word stands; whatever takes a word takes any function of expressions in its place. A word is told beside its
// function,
//   template <>
//   struct stands_for<activation_kind, named_as<"relu">> : activations::relu_t {};
// and one that no header tells does not compile: the message has the word, and those that are known.

namespace keras {
/// What a word of a kind stands for, where there is such a word: a class of no state with a call operator.
template <class Kind, class Word>
struct stands_for;
template <class Kind, class Word>
inline constexpr bool is_word = requires { sizeof(stands_for<Kind, Word>); };

namespace detail {
template <class Word>
struct spelling;
template <char... C>
struct spelling<named<C...>> {
  static constexpr char text[sizeof...(C) + 1] = {C..., '\0'};
  static constexpr std::string_view view{text, sizeof...(C)};
};
/// Calls the function that `Self` makes; a word is of no state.
template <class Self>
struct function_by_word {
  template <expression X>
  constexpr auto operator()(X const& x) const {
    return Self::made()(x);
  }
};
/// What stands in for an unknown word, so that its refusal is the one error.
template <class Kind, class Word>
struct unknown_word : Kind::template refusal<Word> {
  template <class... X>
  constexpr auto operator()(X const&... x) const {
    return (x, ...);
  }
};
template <class Kind, class Word, bool Known = is_word<Kind, Word>>
struct word_function {
  using type = stands_for<Kind, Word>;
};
template <class Kind, class Word>
struct word_function<Kind, Word, false> {
  using type = unknown_word<Kind, Word>;
};
}  // namespace detail

/// A word, which is called as its function. `Word` is how it is spelled: `named<'r', 'e', 'l', 'u'>`.
template <class Kind, class Word>
struct word : detail::word_function<Kind, Word>::type {
  using kind = Kind;
  static constexpr bool is_known = is_word<Kind, Word>;
  /// As given.
  static constexpr std::string_view name() { return detail::spelling<Word>::view; }
};
}  // namespace keras

TFX_END
