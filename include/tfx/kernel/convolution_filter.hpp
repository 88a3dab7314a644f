// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/convolution_tile.hpp>

TFX_BEGIN
namespace kernel {

// The gradient of a filter sums up some rows of results at once. While a tile holds its sums in registers it reads
// those and what they were made from, for which the L2 cache has room while all tiles pass.
inline constexpr i64 most_rows_together = 128, bytes_together = 1 << 18;

/// How many images go together: several only where the compiler can tell that they fit.
constexpr i64 images_together(convolution const& of, i64 element_bytes) {
  if (of.height < 0 || of.width < 0 || of.channels < 0 || of.filters < 0) return 1;
  i64 const in = of.height * (of.width + most_padding(of.x)) * of.channels;
  i64 const out = of.rows() * of.columns() * of.filters, rows = of.rows() > 0 ? of.rows() : 1;
  i64 const fit = bytes_together / element_bytes / (in + out + 1), few = fit < 8 ? fit : 8;
  i64 const count = few * rows <= most_rows_together ? few : most_rows_together / rows;
  return count < 1 ? 1 : count;
}

/// filter[ky, kx, c, f] = Σ image[n, y s + ky d - before, x s + kx d - before, c] dy[n, y, x, f]. `padded` has room for
/// images_together images with their padding. Sums of parts lie where the results belong.
template <class T, convolution D, class Epilogue>
void convolve_filter(T const* image, T const* dy, T* filter, image_extents const& of, T* padded,
                     Epilogue const& epilogue) {
  constexpr i64 most_images = images_together(D, sizeof(T));
  constexpr bool runs_on = D.x.dilation == 1;  // the pixels of a window's row are neighbours
  constexpr i64 sections_x = runs_on ? 1 : D.x.size;
  constexpr i64 height = runs_on ? times(D.x.size, D.channels) : D.channels;  // of the matrix of one section
  if constexpr (height != 0) {
    extent<D.channels> const channels(of.channels);
    extent<D.filters> const filters(of.filters);
    extent<height> const section_rows((runs_on ? D.x.size : 1) * channels);
    i64 const rows = D.y.places(of.height), before = D.y.before(of.height), columns = D.x.places(of.width);
    padded_rows<T> source(image, padded, of.height, of.width, channels, padding_of(D.x, of.width));
    source.clear(most_images);
    i64 const pitch = source.pitch;
    i64 const fit = bytes_together / i64(sizeof(T)) / (D.y.stride * pitch + columns * filters + 1);
    i64 const band = most_images > 1 || fit > most_rows_together ? most_rows_together : fit < 1 ? 1 : fit;
    tile_strides<1, times(D.x.stride, D.channels), D.filters> const stride{1, D.x.stride * channels, filters};
    // Without images, too, there is one part: zeros.
    i64 n = 0;
    do {
      i64 const together = of.images - n < most_images ? of.images - n : most_images;
      T const* const from = of.images > 0 ? source.take(n, together) : image;
      i64 begin = 0;
      do {
        i64 const end = begin + band < rows ? begin + band : rows;
        bool const is_first = n == 0 && begin == 0, is_last = n + together >= of.images && end >= rows;
        // What the next part reads comes while this one is summed up: a share of each row with each tile.
        fetched_ahead<T> next[2];
        if (!is_last) {
          i64 const tiles = D.y.size * sections_x * ceil_div(filters, 2 * simd::width<T>) *
                            ceil_div(section_rows, tile_shape<T>::rows);
          i64 const image_row = (n + together - 1) * of.height + end * D.y.stride,
                    row = (n + together - 1) * rows + end;
          next[0] = {dy + row * columns * filters, ceil_div(columns * filters, tiles)};
          if (!source.copy) next[1] = {image + image_row * source.row, ceil_div(D.y.stride * source.row, tiles)};
        }
        for (i64 section = 0; section < D.y.size * sections_x; ++section) {
          i64 const ky = section / sections_x, kx = section % sections_x;
          term terms[most_rows_together];
          int count = 0;
          for (i64 i = 0; i < together; ++i)
            for (i64 y = begin; y < end; ++y) {
              i64 const at = y * D.y.stride - before + ky * D.y.dilation;
              if (at < 0 || at >= of.height) continue;
              terms[count++] = {i * source.padded_size() + at * pitch + kx * D.x.dilation * channels,
                                (((n + i) * rows + y) * columns) * filters};
            }
          T* const to = filter + section * section_rows * filters;
          for_column_blocks<D.filters, simd::width<T>>(filters, [&](auto wide, i64 j) __attribute__((always_inline)) {
            for_row_blocks<T, height, wide.vectors>(
                section_rows, [&](auto high, i64 i, int some) __attribute__((always_inline)) {
                  part_of_terms<tile_config<T, high.rows, wide.vectors, simd::width<T>, high.bounded>>(
                      from + i, dy + j, terms, count, columns, to + i * filters + j, stride, filters, some,
                      wide.columns, next, !is_first, is_last, epilogue);
                  for (auto& x : next) x.at += count * x.share;
                });
          });
        }
        begin = end;
      } while (begin < rows);
      n += most_images;
    } while (n < of.images);
  }
}

}  // namespace kernel
TFX_END
