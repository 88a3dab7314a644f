// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>
#include <tfx/base/config.hpp>

TFX_BEGIN

/// Mixes one word into a hash (the finaliser of splitmix64 over a running sum).
constexpr u64 mix(u64 hash, u64 word) {
  u64 z = hash + word * 0x9e3779b97f4a7c15u + 0x632be59bd9b4e019u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

constexpr u64 hash_of(std::string_view text) {
  u64 hash = 0xcbf29ce484222325u;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return mix(hash, text.size());
}

TFX_END
