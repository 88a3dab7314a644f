// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/kernel/shuffle.hpp>

TFX_BEGIN
namespace kernel {

/// out[j, i] = in[i, j], where the rows of `in` (of `out`) begin in_row (out_row) elements apart.
template <class T>
inline void transpose(T const* in, i64 in_row, T* out, i64 out_row, i64 rows, i64 cols) {
  static_assert(std::is_trivially_copyable_v<T>, "transpose: the elements can be copied as bytes");
  constexpr bool by_registers = std::is_arithmetic_v<T> && (sizeof(T) == 4 || sizeof(T) == 8);
  constexpr int l = by_registers ? simd::width<T> : 8;
  constexpr i64 block = 64;  // 64 cache lines on either side: half of an L1 cache
  for (i64 i0 = 0; i0 < rows; i0 += block)
    for (i64 j0 = 0; j0 < cols; j0 += block) {
      i64 const i_end = i0 + block < rows ? i0 + block : rows, j_end = j0 + block < cols ? j0 + block : cols;
      for (i64 i = i0; i < i_end; i += l)
        for (i64 j = j0; j < j_end; j += l) {
          if constexpr (by_registers) {
            if (i + l <= i_end && j + l <= j_end) {
              transpose_square(in + i * in_row + j, in_row, out + j * out_row + i, out_row);
              continue;
            }
          }
          i64 const i_stop = i + l < i_end ? i + l : i_end, j_stop = j + l < j_end ? j + l : j_end;
          for (i64 q = j; q < j_stop; ++q)
            for (i64 p = i; p < i_stop; ++p) out[q * out_row + p] = in[p * in_row + q];
        }
    }
}

/// out[cols, rows] = in[rows, cols] transposed.
template <class T>
inline void transpose(T const* in, T* out, i64 rows, i64 cols) {
  transpose(in, cols, out, rows, rows, cols);
}

/// The loops of a copy between two layouts, in the order of the output, after merging what can be one loop.
struct permutation {
  static constexpr int limit = 16;
  int rank = 0;
  i64 extent[limit] = {}, in_stride[limit] = {}, out_stride[limit] = {};
  bool is_empty = false;

  permutation(int axes, i64 const* extents, i64 const* in_strides) {
    if (axes > limit) raise<errors::InvalidArgumentError>("transpose: a tensor has at most 16 axes");
    for (int i = 0; i < axes; ++i) {
      if (extents[i] == 0) is_empty = true;
      if (extents[i] == 1) continue;
      if (rank > 0 && in_stride[rank - 1] == in_strides[i] * extents[i]) {
        extent[rank - 1] *= extents[i];
        in_stride[rank - 1] = in_strides[i];
      } else {
        extent[rank] = extents[i];
        in_stride[rank++] = in_strides[i];
      }
    }
    i64 stride = 1;
    for (int i = rank; i-- > 0; stride *= extent[i]) out_stride[i] = stride;
  }

  /// Takes loop i out; the caller runs it.
  void remove(int i) {
    --rank;
    for (; i < rank; ++i) {
      extent[i] = extent[i + 1];
      in_stride[i] = in_stride[i + 1];
      out_stride[i] = out_stride[i + 1];
    }
  }

  /// f(offset in `in`, offset in `out`) for each place of the loops that are left.
  template <class F>
  void for_each(F const& f) const {
    i64 index[limit] = {}, from = 0, to = 0;
    for (;;) {
      f(from, to);
      int axis = rank - 1;
      for (; axis >= 0; --axis) {
        from += in_stride[axis];
        to += out_stride[axis];
        if (++index[axis] < extent[axis]) break;
        from -= in_stride[axis] * extent[axis];
        to -= out_stride[axis] * extent[axis];
        index[axis] = 0;
      }
      if (axis < 0) return;
    }
  }
};

/// Copies a tensor into a contiguous one of other axis order. The axes are those of the output: axis i has
/// out_extents[i] elements that lie in_strides[i] apart in the input; a stride of 0 repeats an element.
template <class T>
inline void permute(T const* in, T* out, int rank, i64 const* out_extents, i64 const* in_strides) {
  permutation loops(rank, out_extents, in_strides);
  if (loops.is_empty) return;
  if (loops.rank == 0) {
    *out = *in;
    return;
  }
  int const last = loops.rank - 1;
  i64 const n = loops.extent[last], stride = loops.in_stride[last];
  int contiguous = last;
  while (contiguous >= 0 && loops.in_stride[contiguous] != 1) --contiguous;
  if (contiguous >= 0 && contiguous != last) {
    i64 const cols = loops.extent[contiguous], out_row = loops.out_stride[contiguous];
    loops.remove(last);
    loops.remove(contiguous);
    loops.for_each([&](i64 from, i64 to) { transpose(in + from, stride, out + to, out_row, n, cols); });
    return;
  }
  loops.remove(last);
  loops.for_each([&](i64 from, i64 to) {
    if (stride == 1) {
      __builtin_memcpy(out + to, in + from, static_cast<std::size_t>(n) * sizeof(T));
    } else {
      for (i64 i = 0; i < n; ++i) out[to + i] = in[from + i * stride];
    }
  });
}

}  // namespace kernel
TFX_END
