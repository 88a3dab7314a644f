// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/gemm_blocks.hpp>
#include <tfx/shape/window.hpp>

TFX_BEGIN
/// What convolutions share. Images are [images, height, width, channels], filters [height, width, channels, filters]:
/// a window's row of an image is one run of memory, and so are the numbers of the filter that it meets. A convolution
/// is thus a sum of products of matrices where they lie, each a `term`; nothing is gathered into columns.
namespace kernel {

/// What the compiler knows of a convolution: extents, `dynamic` for those that a run tells, and its window.
struct convolution {
  i64 height, width, channels, filters;
  window_axis y, x;

  /// No window reaches over more than one pixel: it is a product of matrices.
  constexpr bool is_pointwise() const {
    auto const is_one = [](window_axis const& w) {
      return w.size == 1 && w.stride == 1 && w.told_before + w.told_after == 0;
    };
    return is_one(y) && is_one(x);
  }
  constexpr i64 rows() const { return height < 0 ? dynamic : y.places(height); }
  constexpr i64 columns() const { return width < 0 ? dynamic : x.places(width); }
};
/// The extents of an image in a run.
struct image_extents {
  i64 images, height, width, channels, filters;
};

/// What the compiler knows of a convolution of volumes: that of their planes, and the window along the depth.
struct volume_convolution {
  convolution plane;
  i64 depth;
  window_axis z;

  constexpr bool is_pointwise() const {
    return plane.is_pointwise() && z.size == 1 && z.stride == 1 && z.told_before + z.told_after == 0;
  }
};
struct volume_extents : image_extents {
  i64 depth;

  i64 pixels() const { return images * depth * height * width; }
};

/// Products of rows of A that begin at `a` with rows of B that begin at `b`: what a tile sums up.
struct term {
  i64 a, b;
};

/// Memory that comes into the L2 cache while a tile is summed up: `share` elements with each term.
template <class T>
struct fetched_ahead {
  T const* at = nullptr;
  i64 share = 0;

  TFX_INLINE void fetch(i64 term) const {
    for (i64 i = 0; i < share; i += 64 / i64(sizeof(T))) __builtin_prefetch(at + term * share + i, 0, 2);
  }
};

/// sum = Σ over the terms of A B, each over k.
template <class C, i64 Columns, class Strides>
TFX_INLINE void multiply_terms(typename C::vec* sum, typename C::value_type const* a, typename C::value_type const* b,
                               term const* terms, int count, i64 k, Strides const& stride, int rows,
                               extent<Columns> columns, fetched_ahead<typename C::value_type> const* ahead = nullptr) {
  using vec = typename C::vec;
#pragma GCC unroll 64
  for (int i = 0; i < C::rows * C::vectors; ++i) sum[i] = vec{};
  for (int t = 0; t < count; ++t) {
    for (int i = 0; ahead && i < 2; ++i) ahead[i].fetch(t);
    tile_multiply<C>(sum, a + terms[t].a, b + terms[t].b, stride, rows, columns, extent<dynamic>(k));
  }
}
template <class C, i64 Columns, class Strides, i64 RowC, class Epilogue>
inline void tile_of_terms(typename C::value_type const* a, typename C::value_type const* b, term const* terms,
                          int count, i64 k, typename C::value_type* c, Strides const& stride, extent<RowC> row_c,
                          int rows, extent<Columns> columns, Epilogue const& epilogue) {
  typename C::vec sum[C::rows * C::vectors];
  multiply_terms<C>(sum, a, b, terms, count, k, stride, rows, columns);
  finish_whole<C>(sum, c, row_c, rows, columns, epilogue);
}
/// The same for a part of the terms (see finish_kept).
template <class C, i64 Columns, class Strides, class Epilogue>
inline void part_of_terms(typename C::value_type const* a, typename C::value_type const* b, term const* terms,
                          int count, i64 k, typename C::value_type* c, Strides const& stride, i64 row_c, int rows,
                          extent<Columns> columns, fetched_ahead<typename C::value_type> const* ahead, bool accumulate,
                          bool last, Epilogue const& epilogue) {
  typename C::vec sum[C::rows * C::vectors];
  multiply_terms<C>(sum, a, b, terms, count, k, stride, rows, columns, ahead);
  finish_tile<C>(sum, c, row_c, rows, columns, accumulate, last, epilogue);
}

/// How many pixels of zeros a row of an image has before and after it, so that every window lies within.
struct row_padding {
  i64 before = 0, after = 0;

  constexpr bool any() const { return before + after > 0; }
  constexpr i64 total() const { return before + after; }
};
/// For windows that slide along `width` pixels.
constexpr row_padding padding_of(window_axis const& x, i64 width) {
  i64 const before = x.before(width), last = (x.places(width) - 1) * x.stride - before + x.reach();
  return {before, last > width ? last - width : 0};
}
/// For the way back: along the places of those windows, of which each pixel meets some.
constexpr row_padding padding_back(window_axis const& x, i64 width) {
  i64 const before = x.before(width), places = x.places(width);
  i64 const first = (x.size - 1) * x.dilation - before, last = (width - 1 + before) / x.stride;
  return {first > 0 ? first / x.stride : 0, width > 0 && last >= places ? last - places + 1 : 0};
}
/// At most so much is needed for any width.
constexpr i64 most_padding(window_axis const& x) {
  return x.padding == padding_kind::same ? x.reach() - 1 : x.told_before + x.told_after;
}
constexpr i64 most_padding_back(window_axis const& x) { return 2 * x.reach() + x.told_before + 2; }

/// An image whose rows have zeros around them: in place where none are needed, else as a copy in scratch, image after
/// image in the same memory. The zeros are written once.
template <class T>
struct padded_rows {
  T const* from;  // the image that is read, or is to be copied
  T* copy;
  i64 rows, row, before, pitch;  // elements, but for the number of rows

  padded_rows(T const* images, T* scratch, i64 rows_of_each, i64 width, i64 channels, row_padding const& padding)
      : from(images),
        copy(padding.any() ? scratch : nullptr),
        rows(rows_of_each),
        row(width * channels),
        before(padding.before * channels),
        pitch((width + padding.total()) * channels) {}

  i64 image_size() const { return rows * row; }
  i64 padded_size() const { return rows * pitch; }
  /// Makes room for `images` at once.
  void clear(i64 images) {
    if (!copy) return;
    i64 const n = images * padded_size();
    for (i64 i = 0; i < n; ++i) copy[i] = T(0);
  }
  /// Where the padded rows of images n, …, n + count - 1 are.
  T const* take(i64 n, i64 count = 1) {
    constexpr int l = simd::width<T>;
    T const* x = from + n * image_size();
    if (!copy) return x;
    T* to = copy + before;
    for (i64 r = count * rows; r > 0; --r, x += row, to += pitch) {
      i64 i = 0;
      for (; i + l <= row; i += l) simd::pack<T, l>::load(x + i).store(to + i);
      if (i < row) store_result{}(to + i, simd::pack<T, l>::load(x + i, int(row - i)), int(row - i));
    }
    return copy;
  }
};

}  // namespace kernel
TFX_END
