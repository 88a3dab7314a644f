// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <bit>
#include <complex>
#include <string>
#include <tfx/base/dtype.hpp>
#include <tfx/base/hash.hpp>
#include <type_traits>

TFX_BEGIN
namespace kernel {

/// Equal values have equal hashes, -0 and 0 too.
template <class T>
u64 hash_of_value(T const& x) {
  if constexpr (std::is_same_v<T, std::string>) {
    return hash_of(std::string_view(x)) * 0x9e3779b97f4a7c15u;
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<u64>(x) * 0x9e3779b97f4a7c15u;
  } else if constexpr (std::is_floating_point_v<T>) {
    u64 const bits = std::bit_cast<u64>(static_cast<double>(x) + 0.0);
    return (bits ^ bits >> 32) * 0x9e3779b97f4a7c15u;
  } else {
    return mix(hash_of_value(x.real()), hash_of_value(x.imag()));
  }
}

/// index[i]: the how manieth value of x[n] x[i] is, in the order in which they are first met. NaN equals nothing.
/// `table` has room for 2 n: the places + 1 where values are first met, by hash.
template <class T, class Index>
void unique_index(T const* x, i64 n, Index* index, std::int32_t* table) {
  std::fill_n(table, 2 * n, 0);
  u64 const slots = static_cast<u64>(2 * n);
  Index count = 0;
  for (i64 i = 0; i < n; ++i) {
    T const& value = x[i];
    index[i] = count;
    if (!(value == value)) {
      ++count;
      continue;
    }
    u64 slot = (hash_of_value(value) >> 32) * slots >> 32;
    while (table[slot] != 0 && !(x[table[slot] - 1] == value)) slot = slot + 1 < slots ? slot + 1 : 0;
    if (table[slot] != 0) {
      index[i] = index[table[slot] - 1];
    } else {
      table[slot] = static_cast<std::int32_t>(i + 1);
      ++count;
    }
  }
}

/// The places where the numbers 0, 1, 2, … are first met, of which none comes before a smaller one; gives how many
/// there are. `out` has room for n.
template <class Index>
i64 first_places(Index const* index, i64 n, i64* out) {
  i64 found = 0;
  for (i64 i = 0; i < n; ++i) {
    out[found] = i;
    found += index[i] == found ? 1 : 0;
  }
  return found;
}

}  // namespace kernel
TFX_END
