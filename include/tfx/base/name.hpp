// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>
#include <tfx/base/config.hpp>

TFX_BEGIN

/// A string that the compiler knows: `variable<"w">`, and `Name / "kernel"` inside a helper that composes names.
template <std::size_t N>
struct name {
  char text[N]{};
  constexpr name() = default;
  constexpr name(char const (&literal)[N]) {  // NOLINT: a literal is a name
    for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
  }
  static constexpr std::size_t size() { return N - 1; }
  constexpr std::string_view view() const { return {text, N - 1}; }
};

/// `"layer" / "kernel"` is `"layer/kernel"`; an empty side adds no slash.
template <std::size_t N, std::size_t M>
constexpr auto operator/(name<N> const& scope, name<M> const& leaf) {
  if constexpr (N == 1) {
    return leaf;
  } else if constexpr (M == 1) {
    return scope;
  } else {
    name<N + M> joined;
    for (std::size_t i = 0; i + 1 < N; ++i) joined.text[i] = scope.text[i];
    joined.text[N - 1] = '/';
    for (std::size_t i = 0; i < M; ++i) joined.text[N + i] = leaf.text[i];
    return joined;
  }
}
template <std::size_t N, std::size_t M>
constexpr auto operator/(name<N> const& scope, char const (&leaf)[M]) {
  return scope / name<M>(leaf);
}

/// Whether TensorFlow takes the name for a node: `^[A-Za-z0-9.][A-Za-z0-9_.\-/]*$`; none at all is one too.
constexpr bool is_node_name(std::string_view text) {
  bool first = true;
  for (char const c : text) {
    bool const anywhere = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
    if (!anywhere && (first || (c != '_' && c != '-' && c != '/'))) return false;
    first = false;
  }
  return true;
}

template <name Name>
inline constexpr bool names_node = is_node_name(Name.view());

namespace detail {
/// Adds a whole number in decimals to a text.
template <class Text>
constexpr void write_number(Text& text, i64 value) {
  if (value < 0) text.push_back('-');
  char digits[20] = {};
  int count = 0;
  for (u64 rest = value < 0 ? 0 - static_cast<u64>(value) : static_cast<u64>(value); count == 0 || rest > 0; rest /= 10)
    digits[count++] = static_cast<char>('0' + rest % 10);
  while (count > 0) text.push_back(digits[--count]);
}
}  // namespace detail

/// A name spelled as characters: every compiler prints this form readably in an error.
template <char... C>
struct named {};

TFX_END
