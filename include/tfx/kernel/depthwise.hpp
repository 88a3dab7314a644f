// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/convolution_tile.hpp>

TFX_BEGIN
/// Convolutions in which each channel of an image has filters of its own: [kh, kw, c, m] makes c · m channels, of which
/// those of one channel are neighbours. Registers run along channels: an image of c · m channels, each number m times,
/// has the layout of the results.
namespace kernel {

/// Images as windows read them: a padded copy with each channel `times` times, or the images where they lie.
template <class T>
struct spread_rows {
  padded_rows<T> padded;
  T const* image;
  i64 channels, times;

  spread_rows(T const* images, T* scratch, i64 height, i64 width, i64 c, i64 m, row_padding const& padding)
      : padded(images, scratch, height, width, c * m, padding), image(images), channels(c), times(m) {
    if (m > 1) padded.copy = scratch;
  }
  T const* take(i64 n) {
    if (times == 1) return padded.take(n);
    i64 const pixels = padded.row / (channels * times > 0 ? channels * times : 1);
    T const* x = image + n * padded.rows * pixels * channels;
    for (i64 r = 0; r < padded.rows; ++r) {
      T* to = padded.copy + r * padded.pitch + padded.before;
      for (i64 i = pixels * channels; i > 0; --i, ++x)
        for (i64 q = 0; q < times; ++q) *to++ = *x;
    }
    return padded.copy;
  }
};

/// How many pixels are summed up at once, so that what they have in common is loaded once.
inline constexpr int pixels_together = 4;

/// out[p, i] += Σ over the terms of a[p, i] b[i], for some neighbouring pixels and as many channels as a register has.
template <int Pixels, class T, class Store>
TFX_INLINE void sum_channels(T const* a, i64 step, T const* b, term const* terms, int count, int lanes,
                             Store const& store) {
  using v = vec<T, simd::width<T>>;
  v sum[Pixels];
  TFX_UNROLL for (int p = 0; p < Pixels; ++p) { sum[p] = v{}; }
  for (int t = 0; t < count; ++t) {
    v const weight = load<v>(b + terms[t].b, lanes);
    TFX_UNROLL for (int p = 0; p < Pixels; ++p) {
      sum[p] = simd::native::fma(load<v>(a + terms[t].a + p * step, lanes), weight, sum[p]);
    }
  }
  TFX_UNROLL for (int p = 0; p < Pixels; ++p) { store(p, sum[p]); }
}
/// The same for a line of pixels of `channels` channels: store(pixel, channel, sums, how many).
template <class T, class Store>
inline void sum_line(T const* a, i64 step, i64 pixels, T const* b, term const* terms, int count, i64 channels,
                     Store const& store) {
  constexpr int l = simd::width<T>;
  for (i64 c = 0; c < channels; c += l) {
    int const lanes = channels - c < l ? int(channels - c) : l;
    i64 p = 0;
    for (; p + pixels_together <= pixels; p += pixels_together)
      sum_channels<pixels_together>(a + p * step + c, step, b + c, terms, count, lanes,
                                    [&](int i, auto sum) { store(p + i, c, sum, lanes); });
    for (; p < pixels; ++p)
      sum_channels<1>(a + p * step + c, step, b + c, terms, count, lanes,
                      [&](int, auto sum) { store(p, c, sum, lanes); });
  }
}

/// out[n, y, x, c m + q] = Σ image[n, y s + ky d - before, x s + kx d - before, c] filter[ky, kx, c, q], where
/// of.filters is m.
template <class T, convolution D>
void convolve_depthwise(T const* image, T const* filter, T* out, image_extents const& of, T* scratch) {
  i64 const rows = D.y.places(of.height), columns = D.x.places(of.width), before = D.y.before(of.height);
  i64 const channels = of.channels * of.filters;
  spread_rows<T> source(image, scratch, of.height, of.width, of.channels, of.filters, padding_of(D.x, of.width));
  source.padded.clear(1);
  for (i64 n = 0; n < of.images; ++n) {
    T const* const from = source.take(n);
    for (i64 y = 0; y < rows; ++y, out += columns * channels) {
      term terms[D.y.size * D.x.size];
      int count = 0;
      i64 const first = y * D.y.stride - before;
      auto const inside = D.y.inside(first, of.height);
      for (i64 ky = inside.begin; ky < inside.end; ++ky)
        for (i64 kx = 0; kx < D.x.size; ++kx)
          terms[count++] = {(first + ky * D.y.dilation) * source.padded.pitch + kx * D.x.dilation * channels,
                            (ky * D.x.size + kx) * channels};
      sum_line(from, D.x.stride * channels, columns, filter, terms, count, channels,
               [&](i64 p, i64 c, auto sum, int lanes)
                   __attribute__((always_inline)) { store_result{}(out + p * channels + c, to_pack(sum), lanes); });
    }
  }
}

/// image[n, y, x, c]: the sum of dy[n, v, u, c m + q] filter[ky, kx, c, q] over q and all places (v, u) of the window
/// in which its tap (ky, kx) meets the pixel. `line` has room for the pixels of one row with all channels of dy.
template <class T, convolution D>
void convolve_depthwise_back(T const* filter, T const* dy, T* image, image_extents const& of, T* line, T* padded) {
  constexpr i64 s = D.x.stride;
  i64 const rows = D.y.places(of.height), before = D.y.before(of.height), left = D.x.before(of.width);
  i64 const channels = of.channels * of.filters;
  padded_rows<T> source(dy, padded, rows, D.x.places(of.width), channels, padding_back(D.x, of.width));
  source.clear(1);
  for (i64 n = 0; n < of.images; ++n) {
    T const* const from = source.take(n);
    for (i64 y = 0; y < of.height; ++y) {
      T* const to = of.filters == 1 ? image : line;
      for (i64 phase = 0; phase < s && phase < of.width; ++phase) {
        term terms[D.y.size * D.x.size];
        int count = 0;
        for (i64 ky = 0; ky < D.y.size; ++ky) {
          i64 const at = y + before - ky * D.y.dilation;
          if (at < 0 || at % D.y.stride != 0 || at / D.y.stride >= rows) continue;
          for (i64 kx = 0; kx < D.x.size; ++kx)
            if (i64 const place = phase + left - kx * D.x.dilation; place % s == 0)
              terms[count++] = {at / D.y.stride * source.pitch + source.before + place / s * channels,
                                (ky * D.x.size + kx) * channels};
        }
        sum_line(from, channels, (of.width - phase + s - 1) / s, filter, terms, count, channels,
                 [&](i64 p, i64 c, auto sum, int lanes) __attribute__((always_inline)) {
                   store_result{}(to + (p * s + phase) * channels + c, to_pack(sum), lanes);
                 });
      }
      i64 const numbers = of.width * of.channels;
      if (of.filters != 1)
        for (i64 i = 0; i < numbers; ++i) {
          T sum(0);
          for (i64 q = 0; q < of.filters; ++q) sum += line[i * of.filters + q];
          image[i] = sum;
        }
      image += numbers;
    }
  }
}

/// filter[ky, kx, c, q] = Σ image[n, y s + ky d - before, x s + kx d - before, c] dy[n, y, x, c m + q].
template <class T, convolution D>
void convolve_depthwise_filter(T const* image, T const* dy, T* filter, image_extents const& of, T* scratch) {
  constexpr int l = simd::width<T>;
  constexpr int taps = int(D.x.size);
  using v = vec<T, l>;
  i64 const rows = D.y.places(of.height), columns = D.x.places(of.width), before = D.y.before(of.height);
  i64 const channels = of.channels * of.filters;
  spread_rows<T> source(image, scratch, of.height, of.width, of.channels, of.filters, padding_of(D.x, of.width));
  source.padded.clear(1);
  for (i64 i = 0; i < D.y.size * D.x.size * channels; ++i) filter[i] = T(0);
  for (i64 n = 0; n < of.images; ++n, dy += rows * columns * channels) {
    T const* const from = source.take(n);
    for (i64 ky = 0; ky < D.y.size; ++ky)
      for (i64 c = 0; c < channels; c += l) {
        int const lanes = channels - c < l ? int(channels - c) : l;
        v sum[taps];
        T* const to = filter + ky * taps * channels + c;
        TFX_UNROLL for (int kx = 0; kx < taps; ++kx) { sum[kx] = load<v>(to + kx * channels, lanes); }
        for (i64 y = 0; y < rows; ++y) {
          i64 const at = y * D.y.stride - before + ky * D.y.dilation;
          if (at < 0 || at >= of.height) continue;
          T const* x = from + at * source.padded.pitch + c;
          T const* g = dy + y * columns * channels + c;
          for (i64 i = 0; i < columns; ++i, x += D.x.stride * channels, g += channels) {
            v const of_place = load<v>(g, lanes);
            TFX_UNROLL for (int kx = 0; kx < taps; ++kx) {
              sum[kx] = simd::native::fma(load<v>(x + kx * D.x.dilation * channels, lanes), of_place, sum[kx]);
            }
          }
        }
        for (int kx = 0; kx < taps; ++kx) store_result{}(to + kx * channels, to_pack(sum[kx]), lanes);
      }
  }
}

}  // namespace kernel
TFX_END
