// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/base/config.hpp>

TFX_BEGIN
namespace kernel {

/// How many elements lie between neighbours along each axis of a row-major array.
inline void row_major_strides(i64 const* extents, int rank, i64* strides) {
  i64 stride = 1;
  for (int i = rank - 1; i >= 0; --i) {
    strides[i] = stride;
    stride *= extents[i];
  }
}

/// Copies a box of elements between two row-major arrays; `from` and `to` point at its first corner.
template <class T>
void copy_box(T const* from, i64 const* from_strides, T* to, i64 const* to_strides, i64 const* extents, int rank) {
  // Inner axes that are whole in both arrays are one run of elements.
  i64 run = 1;
  while (rank > 0 && from_strides[rank - 1] == run && to_strides[rank - 1] == run) run *= extents[--rank];
  i64 runs = 1;
  for (int i = 0; i < rank; ++i) runs *= extents[i];
  i64 at[16] = {};
  for (i64 done = 0; done < runs; ++done) {
    std::copy_n(from, run, to);
    // The next run, like an odometer.
    for (int i = rank - 1; i >= 0; --i) {
      from += from_strides[i];
      to += to_strides[i];
      if (++at[i] < extents[i]) break;
      from -= at[i] * from_strides[i];
      to -= at[i] * to_strides[i];
      at[i] = 0;
    }
  }
}

}  // namespace kernel
TFX_END
