// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/config.hpp>
#include <tfx/base/dtype.hpp>

TFX_BEGIN
namespace kernel {

/// The places in x[n] of what is not 0, in order; gives how many there are. `out` has room for n.
template <class T>
i64 nonzero(T const* x, i64 n, i64* out) {
  i64 found = 0;
  // Every place is written, those that do not count are written over: no branch depends on x.
  for (i64 i = 0; i < n; ++i) {
    out[found] = i;
    found += x[i] != T{} ? 1 : 0;
  }
  return found;
}
/// The same as coordinates, in x of that many rows of the last axis; `out` has room for those of all elements.
template <int Rank, class T>
i64 nonzero(T const* x, i64 rows, i64 const* extents, i64* out) {
  i64 at[Rank] = {};  // of the row
  i64* to = out;
  for (i64 row = 0; row < rows; ++row) {
    for (i64 i = 0; i < extents[Rank - 1]; ++i) {
      for (int k = 0; k < Rank - 1; ++k) to[k] = at[k];
      to[Rank - 1] = i;
      to += *x++ != T{} ? Rank : 0;
    }
    for (int k = Rank - 2; k >= 0 && ++at[k] == extents[k]; --k) at[k] = 0;
  }
  return (to - out) / Rank;
}

}  // namespace kernel
TFX_END
