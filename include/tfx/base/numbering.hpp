// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/hash.hpp>
#include <tfx/base/vector.hpp>

TFX_BEGIN

/// Where the chains of a hash table begin. There are always as many: nothing is ever rehashed, and to a compiler an
/// array of a fixed size costs what is written into it.
struct chain_heads {
  static constexpr u64 count = 1024;

  int first[count];  // an index + 1; 0: none
};

/// Numbers keys, which are hashes, 0, 1, … in the order in which they are first met.
struct numbering {
  vector<chain_heads> heads = vector<chain_heads>(1);
  vector<u64> keys;
  vector<int> next;  // in the chain: a number + 1

  /// The number of a key that was met, or -1.
  constexpr int find(u64 key) const {
    int at = heads.items->first[key % chain_heads::count];
    while (at > 0 && keys.items[at - 1] != key) at = next.items[at - 1];
    return at - 1;
  }
  constexpr int of(u64 key) {
    int& first = heads.items->first[key % chain_heads::count];
    for (int at = first; at > 0; at = next.items[at - 1])
      if (keys.items[at - 1] == key) return at - 1;
    keys.push_back(key);
    next.push_back(first);
    first = keys.count;
    return first - 1;
  }
};

TFX_END
