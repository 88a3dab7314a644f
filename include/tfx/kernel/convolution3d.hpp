// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/convolution.hpp>
#include <tfx/kernel/convolution_filter.hpp>

TFX_BEGIN
/// Convolutions of volumes [images, depth, height, width, channels] with filters [depth, height, width, channels,
/// filters]. A volume is an image whose rows are those of all its planes, and a window meets some rows of some planes:
/// the same sums of products of matrices as of images.
namespace kernel {

/// Volumes go one by one.
constexpr i64 images_together(volume_convolution const&, i64) { return 1; }

/// out[n, z, y, x, f] = Σ volume[n, z s + kz d - before, y s + ky d - before, x s + kx d - before, c]
/// filter[kz, ky, kx, c, f]. `padded` has room for one volume with its padding.
template <class T, volume_convolution V, class Epilogue>
void convolve(T const* volume, T const* filter, T* out, volume_extents const& of, T* padded, Epilogue const& epilogue) {
  constexpr convolution D = V.plane;
  constexpr window_axis Z = V.z;
  extent<D.channels> const channels(of.channels);
  extent<D.filters> const filters(of.filters);
  if constexpr (V.is_pointwise()) {
    multiply_pixels<T, D.filters, D.channels>(volume, filter, out, of.pixels(), of.filters, of.channels, epilogue);
  } else if constexpr (D.columns() != 0) {
    constexpr bool runs_on = D.x.dilation == 1;  // the pixels of a window's row are neighbours
    constexpr i64 runs = runs_on ? 1 : D.x.size, most_terms = Z.size * D.y.size * runs;
    constexpr i64 row_a = times(D.x.stride, D.channels);
    i64 const planes = Z.places(of.depth), rows = D.y.places(of.height);
    extent<D.columns()> const columns(D.x.places(of.width));
    padded_rows<T> source(volume, padded, of.depth * of.height, of.width, channels, padding_of(D.x, of.width));
    source.clear(1);
    i64 const k = runs_on ? D.x.size * channels : i64(channels), pitch = source.pitch;
    i64 const band = rows_in_cache<T>(2 * D.y.stride * pitch * Z.size);
    tile_strides<row_a, 1, D.filters> const stride{D.x.stride * channels, 1, filters};
    // Those of one row of results.
    auto const list_terms = [&](i64 z, i64 y, i64 j, term* terms) {
      int count = 0;
      i64 const front = z * Z.stride - Z.before(of.depth), top = y * D.y.stride - D.y.before(of.height);
      auto const planes_inside = Z.inside(front, of.depth), rows_inside = D.y.inside(top, of.height);
      for (i64 s = planes_inside.begin; s < planes_inside.end; ++s)
        for (i64 t = rows_inside.begin; t < rows_inside.end; ++t)
          for (i64 r = 0; r < runs; ++r) {
            i64 const row = (front + s * Z.dilation) * of.height + top + t * D.y.dilation;
            terms[count++] = {row * pitch + r * D.x.dilation * channels,
                              ((s * D.y.size + t) * D.x.size + r) * channels * filters + j};
          }
      return count;
    };
    for (i64 n = 0; n < of.images; ++n) {
      T const* const from = source.take(n);
      for (i64 z = 0; z < planes; ++z)
        for (i64 begin = 0; begin < rows; begin += band)
          for_column_blocks<D.filters, simd::width<T>>(filters, [&](auto wide, i64 j) __attribute__((always_inline)) {
            for (i64 y = begin; y < rows && y < begin + band; ++y) {
              term terms[most_terms];
              int const count = list_terms(z, y, j, terms);
              T* const line = out + ((n * planes + z) * rows + y) * columns * filters + j;
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

/// volume[n, z, y, x, c]: the sum of dy[n, w, v, u, f] filter[kz, ky, kx, c, f] over all places (w, v, u) of the window
/// in which its tap (kz, ky, kx) meets the voxel. `turned` has room for the filter, `padded` for one volume of places
/// with its padding.
template <class T, volume_convolution V, class Epilogue>
void convolve_back(T const* filter, T const* dy, T* volume, volume_extents const& of, T* turned, T* padded,
                   Epilogue const& epilogue) {
  constexpr convolution D = V.plane;
  constexpr window_axis Z = V.z;
  extent<D.channels> const channels(of.channels);
  extent<D.filters> const filters(of.filters);
  i64 const of_plane = D.y.size * D.x.size * channels * filters;
  for (i64 kz = 0; kz < Z.size; ++kz)
    turn_filter<T, D>(filter + kz * of_plane, turned + kz * of_plane, channels, filters);
  if constexpr (V.is_pointwise()) {
    multiply_pixels<T, D.channels, D.filters>(dy, turned, volume, of.pixels(), of.channels, of.filters, epilogue);
  } else if constexpr (D.width != 0) {
    constexpr taps_back along{D.x};
    constexpr i64 s = D.x.stride, runs = along.runs_on() ? 1 : D.x.size;
    constexpr i64 pixels = D.width >= 0 && D.width % s == 0 ? D.width / s : dynamic;  // of each phase
    i64 const planes = Z.places(of.depth), rows = D.y.places(of.height), left = D.x.before(of.width);
    padded_rows<T> source(dy, padded, planes * rows, D.x.places(of.width), filters, padding_back(D.x, of.width));
    source.clear(1);
    i64 const pitch = source.pitch;
    i64 const band = rows_in_cache<T>(2 * pitch * Z.size) * D.y.stride;
    tile_strides<D.filters, 1, D.channels> const stride{filters, 1, channels};
    extent<times(s, D.channels)> const row_c(s * channels);
    // The terms of one row of voxels and one phase; k: how far each goes on.
    struct line {
      term terms[Z.size * D.y.size * runs];
      int count = 0;
      i64 k = 0;
    };
    auto const terms_of = [&](i64 z, i64 y, i64 phase, i64 j) {
      line result;
      i64 const remainder = (phase + left) % s, taps = along.runs_on() ? along.count(remainder) : 1;
      result.k = taps * filters;
      for (i64 kz = 0; kz < Z.size; ++kz)
        for (i64 ky = 0; ky < D.y.size; ++ky) {
          i64 const deep = z + Z.before(of.depth) - kz * Z.dilation;
          i64 const down = y + D.y.before(of.height) - ky * D.y.dilation;
          if (deep < 0 || deep % Z.stride != 0 || deep / Z.stride >= planes) continue;
          if (down < 0 || down % D.y.stride != 0 || down / D.y.stride >= rows) continue;
          i64 const from = (deep / Z.stride * rows + down / D.y.stride) * pitch + source.before;
          auto const add = [&](i64 kx, i64 place) {
            result.terms[result.count++] = {from + (phase + left - kx * D.x.dilation) / s * filters,
                                            ((kz * D.y.size + ky) * D.x.size + place) * channels * filters + j};
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
      for (i64 z = 0; z < of.depth; ++z)
        for (i64 begin = 0; begin < of.height; begin += band)
          for_column_blocks<D.channels, simd::width<T>>(channels, [&](auto wide, i64 j) __attribute__((always_inline)) {
            for (i64 y = begin; y < of.height && y < begin + band; ++y)
              for (i64 phase = 0; phase < s && phase < of.width; ++phase) {
                line const terms = terms_of(z, y, phase, j);
                T* const to = volume + (((n * of.depth + z) * of.height + y) * of.width + phase) * channels + j;
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

/// filter[kz, ky, kx, c, f] = Σ volume[n, z s + kz d - before, y s + ky d - before, x s + kx d - before, c]
/// dy[n, z, y, x, f]. `padded` has room for one volume with its padding. Sums of parts lie where the results belong.
template <class T, volume_convolution V, class Epilogue>
void convolve_filter(T const* volume, T const* dy, T* filter, volume_extents const& of, T* padded,
                     Epilogue const& epilogue) {
  constexpr convolution D = V.plane;
  constexpr window_axis Z = V.z;
  constexpr bool runs_on = D.x.dilation == 1;  // the pixels of a window's row are neighbours
  constexpr i64 sections_x = runs_on ? 1 : D.x.size;
  constexpr i64 height = runs_on ? times(D.x.size, D.channels) : D.channels;  // of the matrix of one section
  if constexpr (height != 0) {
    extent<D.channels> const channels(of.channels);
    extent<D.filters> const filters(of.filters);
    extent<height> const section_rows((runs_on ? D.x.size : 1) * channels);
    i64 const columns = D.x.places(of.width), rows = D.y.places(of.height), all_rows = Z.places(of.depth) * rows;
    padded_rows<T> source(volume, padded, of.depth * of.height, of.width, channels, padding_of(D.x, of.width));
    source.clear(1);
    i64 const pitch = source.pitch;
    i64 const fit = bytes_together / i64(sizeof(T)) / (D.y.stride * pitch + columns * filters + 1);
    i64 const band = fit > most_rows_together ? most_rows_together : fit < 1 ? 1 : fit;
    tile_strides<1, times(D.x.stride, D.channels), D.filters> const stride{1, D.x.stride * channels, filters};
    // Those of the rows [begin, end) of the results of volume n.
    auto const list_terms = [&](i64 n, i64 begin, i64 end, i64 section, term* terms) {
      int count = 0;
      i64 const kz = section / (D.y.size * sections_x), ky = section / sections_x % D.y.size, kx = section % sections_x;
      for (i64 row = begin; row < end; ++row) {
        i64 const z = row / rows * Z.stride - Z.before(of.depth) + kz * Z.dilation;
        i64 const y = row % rows * D.y.stride - D.y.before(of.height) + ky * D.y.dilation;
        if (z < 0 || z >= of.depth || y < 0 || y >= of.height) continue;
        terms[count++] = {(z * of.height + y) * pitch + kx * D.x.dilation * channels,
                          (n * all_rows + row) * columns * filters};
      }
      return count;
    };
    // Without volumes, too, there is one part: zeros.
    i64 n = 0;
    do {
      T const* const from = of.images > 0 ? source.take(n) : volume;
      i64 begin = 0;
      do {
        i64 const end = begin + band < all_rows ? begin + band : all_rows;
        bool const is_first = n == 0 && begin == 0, is_last = n + 1 >= of.images && end >= all_rows;
        for (i64 section = 0; section < Z.size * D.y.size * sections_x; ++section) {
          term terms[most_rows_together];
          int const count = of.images > 0 ? list_terms(n, begin, end, section, terms) : 0;
          T* const to = filter + section * section_rows * filters;
          for_column_blocks<D.filters, simd::width<T>>(filters, [&](auto wide, i64 j) __attribute__((always_inline)) {
            for_row_blocks<T, height, wide.vectors>(
                section_rows, [&](auto high, i64 i, int some) __attribute__((always_inline)) {
                  part_of_terms<tile_config<T, high.rows, wide.vectors, simd::width<T>, high.bounded>>(
                      from + i, dy + j, terms, count, columns, to + i * filters + j, stride, filters, some,
                      wide.columns, nullptr, !is_first, is_last, epilogue);
                });
          });
        }
        begin = end;
      } while (begin < all_rows);
    } while (++n < of.images);
  }
}

}  // namespace kernel
TFX_END
