// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>
#include <tfx/base/config.hpp>

TFX_BEGIN

// clang limits a constant expression to a million statements, and a graph of ten thousand nodes has a hundred for each.
// What is done for every node, or even for every character of its name, is therefore written in few of them.

/// Mixes one word into a hash (the finaliser of splitmix64 over a running sum).
constexpr u64 mix(u64 hash, u64 word) {
  u64 const x = hash + word * 0x9e3779b97f4a7c15u + 0x632be59bd9b4e019u, y = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u,
            z = (y ^ (y >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

namespace detail {
// FNV-1a of characters.
inline constexpr u64 text_basis = 0xcbf29ce484222325u, text_prime = 0x100000001b3u;
}  // namespace detail
constexpr u64 hash_of(std::string_view text) {
  std::size_t const size = text.size();
  char const *at = text.data(), *const end = at + size;
  u64 hash = detail::text_basis;
  for (; end - at > 1; at += 2)
    hash = ((hash ^ static_cast<unsigned char>(at[0])) * detail::text_prime ^ static_cast<unsigned char>(at[1])) *
           detail::text_prime;
  if (at != end) hash = (hash ^ static_cast<unsigned char>(*at)) * detail::text_prime;
  return mix(hash, size);
}

TFX_END
