// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>
#include <tfx/base/hash.hpp>

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

/// A name as a graph knows it.
struct node_name {
  u64 hash;  // hash_of
  char const* text;
  int size;
  bool is_valid;  // TensorFlow takes it for a node: `^[A-Za-z0-9.][A-Za-z0-9_.\-/]*$`; none at all is one too
};
namespace detail {
/// By character, a bit: `[A-Za-z0-9_.\-/]`.
inline constexpr u64 node_name_characters[4] = {0x03ffe00000000000, 0x07fffffe87fffffe, 0, 0};
}  // namespace detail
/// Both in one pass, of one statement for two characters.
constexpr node_name node_name_of(std::string_view text) {
  u64 const* const is = detail::node_name_characters;
  std::size_t const size = text.size();
  char const *at = text.data(), *const end = at + size;
  u64 hash = detail::text_basis, valid = size == 0 || (*at != '_' && *at != '-' && *at != '/');
  for (; end - at > 1; at += 2)
    hash = ((hash ^ static_cast<unsigned char>(at[0])) * detail::text_prime ^ static_cast<unsigned char>(at[1])) *
           detail::text_prime,
    valid &= (is[at[0] >> 6 & 3] >> (at[0] & 63)) & (is[at[1] >> 6 & 3] >> (at[1] & 63));
  if (at != end) {
    hash = (hash ^ static_cast<unsigned char>(*at)) * detail::text_prime;
    valid &= is[*at >> 6 & 3] >> (*at & 63);
  }
  return {mix(hash, size), end - size, static_cast<int>(size), valid != 0};
}
constexpr bool is_node_name(std::string_view text) { return node_name_of(text).is_valid; }

template <name Name>
inline constexpr bool names_node = is_node_name(Name.view());

namespace detail {
/// Adds a whole number in decimals to a text.
template <class Text>
constexpr void write_number(Text& text, i64 value) {
  char digits[20] = {};
  int first = 20;
  for (u64 rest = value < 0 ? 0 - static_cast<u64>(value) : static_cast<u64>(value); first == 20 || rest > 0;
       rest /= 10)
    digits[--first] = static_cast<char>('0' + rest % 10);
  if (value < 0) digits[--first] = '-';
  text.append(digits + first, 20 - first);
}
}  // namespace detail

/// A name spelled as characters: every compiler prints this form readably in an error.
template <char... C>
struct named {};

TFX_END
