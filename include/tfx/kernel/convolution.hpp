// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/convolution_tile.hpp>
#include <tfx/kernel/transpose.hpp>

TFX_BEGIN
namespace kernel {

/// How many rows of results are made for some columns before the next columns: so many that what they read stays in
/// the L2 cache while all columns pass.
template <class T>
constexpr i64 rows_in_cache(i64 elements_of_row) {
  i64 const rows = (i64{1} << 18) / i64(sizeof(T)) / (elements_of_row > 0 ? elements_of_row : 1);
  return rows < 1 ? 1 : rows;
}

/// c[m, n] = a[m, k] b[k, n] for many rows, some of which stay in the cache while all columns pass.
template <class T, i64 N, i64 K, class Epilogue>
inline void multiply_pixels(T const* a, T const* b, T* c, i64 m, i64 n, i64 k, Epilogue const& epilogue) {
  constexpr i64 together = 4 * tile_shape<T>::rows_if_dynamic;
  i64 const rows = ceil_div(rows_in_cache<T>(2 * k), together) * together;
  for (i64 i = 0; i < m; i += rows)
    gemm_direct<T, dynamic, N, K, false, simd::width<T>>(a + i * k, b, c + i * n, m - i < rows ? m - i : rows, n, k,
                                                         epilogue);
}

/// out[n, y, x, f] = Σ image[n, y s + ky d - before, x s + kx d - before, c] filter[ky, kx, c, f]. `padded` has room
/// for one image with its padding.
template <class T, convolution D, class Epilogue>
void convolve(T const* image, T const* filter, T* out, image_extents const& of, T* padded, Epilogue const& epilogue) {
  extent<D.channels> const channels(of.channels);
  extent<D.filters> const filters(of.filters);
  if constexpr (D.is_pointwise()) {
    multiply_pixels<T, D.filters, D.channels>(image, filter, out, of.images * of.height * of.width, of.filters,
                                              of.channels, epilogue);
  } else if constexpr (D.columns() != 0) {
    constexpr bool runs_on = D.x.dilation == 1;  // the pixels of a window's row are neighbours
    constexpr i64 runs = runs_on ? 1 : D.x.size;
    constexpr i64 row_a = times(D.x.stride, D.channels);
    i64 const rows = D.y.places(of.height), before = D.y.before(of.height);
    extent<D.columns()> const columns(D.x.places(of.width));
    padded_rows<T> source(image, padded, of.height, of.width, channels, padding_of(D.x, of.width));
    source.clear(1);
    i64 const k = runs_on ? D.x.size * channels : i64(channels), pitch = source.pitch;
    i64 const band = rows_in_cache<T>(2 * D.y.stride * pitch);
    tile_strides<row_a, 1, D.filters> const stride{D.x.stride * channels, 1, filters};
    for (i64 n = 0; n < of.images; ++n) {
      T const* const from = source.take(n);
      for (i64 begin = 0; begin < rows; begin += band)
        for_column_blocks<D.filters, simd::width<T>>(filters, [&](auto wide, i64 j) __attribute__((always_inline)) {
          for (i64 y = begin; y < rows && y < begin + band; ++y) {
            term terms[D.y.size * runs];
            int count = 0;
            i64 const first = y * D.y.stride - before;
            auto const inside = D.y.inside(first, of.height);
            for (i64 t = inside.begin; t < inside.end; ++t)
              for (i64 r = 0; r < runs; ++r)
                terms[count++] = {(first + t * D.y.dilation) * pitch + r * D.x.dilation * channels,
                                  (t * D.x.size + r) * channels * filters + j};
            T* const line = out + (n * rows + y) * columns * filters + j;
            for_row_blocks<T, D.columns(), wide.vectors>(
                columns, [&](auto high, i64 i, int some) __attribute__((always_inline)) {
                  tile_of_terms<tile_config<T, high.rows, wide.vectors, simd::width<T>, high.bounded>>(
                      from + i * stride.row_a, filter, terms, count, k, line + i * filters, stride, filters, some,
                      wide.columns, epilogue);
                });
          }
        });
    }
  }
}

/// On the way back every stride-th pixel is alike, and meets the taps of a window that have one remainder. Such taps
/// stand in the turned filter next to each other, the last one first, where they meet neighbouring places.
struct taps_back {
  window_axis axis;

  constexpr bool runs_on() const { return axis.dilation == 1; }
  constexpr i64 count(i64 remainder) const {
    return remainder < axis.size ? (axis.size - 1 - remainder) / axis.stride + 1 : 0;
  }
  constexpr i64 first(i64 remainder) const {
    i64 place = 0;
    for (i64 r = 0; r < remainder; ++r) place += count(r);
    return place;
  }
  /// Where tap t stands.
  constexpr i64 place(i64 t) const {
    if (!runs_on()) return t;
    i64 const remainder = t % axis.stride;
    return first(remainder) + count(remainder) - 1 - t / axis.stride;
  }
};

/// turned[ky, place of kx, f, c] = filter[ky, kx, c, f].
template <class T, convolution D>
inline void turn_filter(T const* filter, T* turned, i64 channels, i64 filters) {
  constexpr taps_back along{D.x};
  i64 const each = channels * filters;
  for (i64 ky = 0; ky < D.y.size; ++ky)
    for (i64 kx = 0; kx < D.x.size; ++kx)
      transpose(filter + (ky * D.x.size + kx) * each, turned + (ky * D.x.size + along.place(kx)) * each, channels,
                filters);
}

/// image[n, y, x, c]: the sum of dy[n, v, u, f] filter[ky, kx, c, f] over all places (v, u) of the window in which its
/// tap (ky, kx) meets the pixel. `turned` has room for the filter, `padded` for one image of places with its padding.
template <class T, convolution D, class Epilogue>
void convolve_back(T const* filter, T const* dy, T* image, image_extents const& of, T* turned, T* padded,
                   Epilogue const& epilogue) {
  extent<D.channels> const channels(of.channels);
  extent<D.filters> const filters(of.filters);
  turn_filter<T, D>(filter, turned, channels, filters);
  if constexpr (D.is_pointwise()) {
    multiply_pixels<T, D.channels, D.filters>(dy, turned, image, of.images * of.height * of.width, of.channels,
                                              of.filters, epilogue);
  } else if constexpr (D.width != 0) {
    constexpr taps_back along{D.x};
    constexpr i64 s = D.x.stride, runs = along.runs_on() ? 1 : D.x.size;
    constexpr i64 pixels = D.width >= 0 && D.width % s == 0 ? D.width / s : dynamic;  // of each phase
    i64 const rows = D.y.places(of.height), before = D.y.before(of.height), left = D.x.before(of.width);
    padded_rows<T> source(dy, padded, rows, D.x.places(of.width), filters, padding_back(D.x, of.width));
    source.clear(1);
    i64 const pitch = source.pitch;
    i64 const band = rows_in_cache<T>(2 * pitch) * D.y.stride;
    tile_strides<D.filters, 1, D.channels> const stride{filters, 1, channels};
    extent<times(s, D.channels)> const row_c(s * channels);
    // The terms of one pixel row and one phase; k: how far each goes on.
    struct line {
      term terms[D.y.size * runs];
      int count = 0;
      i64 k = 0;
    };
    auto const terms_of = [&](i64 y, i64 phase, i64 j) {
      line result;
      i64 const remainder = (phase + left) % s, taps = along.runs_on() ? along.count(remainder) : 1;
      result.k = taps * filters;
      for (i64 ky = 0; ky < D.y.size; ++ky) {
        i64 const at = y + before - ky * D.y.dilation;
        if (at < 0 || at % D.y.stride != 0 || at / D.y.stride >= rows) continue;
        i64 const from = at / D.y.stride * pitch + source.before;
        auto const add = [&](i64 kx, i64 place) {
          result.terms[result.count++] = {from + (phase + left - kx * D.x.dilation) / s * filters,
                                          (ky * D.x.size + place) * channels * filters + j};
        };
        if constexpr (along.runs_on()) {
          if (taps > 0) add(remainder + s * (taps - 1), along.first(remainder));
        } else {
          for (i64 kx = 0; kx < D.x.size; ++kx)
            if ((phase + left - kx * D.x.dilation) % s == 0) add(kx, kx);
        }
      }
      return result;
    };
    for (i64 n = 0; n < of.images; ++n) {
      T const* const from = source.take(n);
      for (i64 begin = 0; begin < of.height; begin += band)
        for_column_blocks<D.channels, simd::width<T>>(channels, [&](auto wide, i64 j) __attribute__((always_inline)) {
          for (i64 y = begin; y < of.height && y < begin + band; ++y)
            for (i64 phase = 0; phase < s && phase < of.width; ++phase) {
              line const terms = terms_of(y, phase, j);
              T* const to = image + ((n * of.height + y) * of.width + phase) * channels + j;
              for_row_blocks<T, pixels, wide.vectors>(
                  (of.width - phase + s - 1) / s, [&](auto high, i64 i, int some) __attribute__((always_inline)) {
                    tile_of_terms<tile_config<T, high.rows, wide.vectors, simd::width<T>, high.bounded>>(
                        from + i * filters, turned, terms.terms, terms.count, terms.k, to + i * row_c, stride, row_c,
                        some, wide.columns, epilogue);
                  });
            }
        });
    }
  }
}

}  // namespace kernel
TFX_END
