// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cmath>
#include <tfx/kernel/pool.hpp>

TFX_BEGIN
/// Images [n, height, width, channels] of another height and width. Where an axis of `in` pixels gets `out`, pixel i of
/// the result lies at i · in / out of the image; where corners are aligned at i · (in − 1) / (out − 1); where pixels
/// have their places in their middles at (i + ½) · in / out − ½. TensorFlow 1: core/kernels/image_resizer_state.h.
enum class pixel_places : unsigned char { corners, aligned_corners, middles };

namespace kernel {

struct resize_extents {
  i64 images, height, width, channels, out_height, out_width;

  i64 image() const { return height * width * channels; }
  i64 result() const { return out_height * out_width * channels; }
};
template <class T>
T resize_scale(i64 in, i64 out, pixel_places places) {
  bool const aligns = places == pixel_places::aligned_corners && out > 1;
  return aligns ? static_cast<T>(in - 1) / static_cast<T>(out - 1) : static_cast<T>(in) / static_cast<T>(out);
}
/// The nearest pixel of the image.
struct nearest_pixel {
  float scale;
  i64 last;
  pixel_places places;

  nearest_pixel(i64 in, i64 out, pixel_places p) : scale(resize_scale<float>(in, out, p)), last(in - 1), places(p) {}
  i64 operator()(i64 i) const {
    float const at = (static_cast<float>(i) + (places == pixel_places::middles ? 0.5f : 0.0f)) * scale;
    return std::min(static_cast<i64>(places == pixel_places::aligned_corners ? std::round(at) : std::floor(at)), last);
  }
};
/// The two pixels of the image between which it lies, as distances of `pitch`, and how far from the first.
template <class T>
struct pixel_pair {
  i64 low, high;
  T share;

  pixel_pair() = default;
  pixel_pair(i64 i, T scale, i64 in, i64 pitch, pixel_places places) {
    bool const middles = places == pixel_places::middles;
    T const at = middles ? (static_cast<T>(i) + T(0.5)) * scale - T(0.5) : static_cast<T>(i) * scale;
    T const before = std::floor(at);
    i64 const first = static_cast<i64>(before);
    low = std::clamp<i64>(first, 0, in - 1) * pitch;
    high = std::min(first + 1, in - 1) * pitch;
    share = at - before;
  }
};

/// each(row of the image, its pixel, pixel of the result) for the images [begin, end), of offsets.
template <class Each>
void for_nearest(resize_extents const& e, pixel_places places, i64 begin, i64 end, Each each) {
  nearest_pixel const row(e.height, e.out_height, places), column(e.width, e.out_width, places);
  constexpr i64 together = 256;
  i64 at[together];
  for (i64 first = 0; first < e.out_width; first += together) {
    i64 const count = std::min(together, e.out_width - first);
    for (i64 i = 0; i < count; ++i) at[i] = column(first + i) * e.channels;
    for (i64 n = begin; n < end; ++n)
      for (i64 y = 0; y < e.out_height; ++y) {
        i64 const from = n * e.image() + row(y) * e.width * e.channels;
        i64 const to = n * e.result() + (y * e.out_width + first) * e.channels;
        for (i64 i = 0; i < count; ++i) each(from + at[i], to + i * e.channels);
      }
  }
}
template <class T>
void resize_nearest(T const* x, T* out, resize_extents const& e, pixel_places places, i64 begin, i64 end) {
  for_nearest(e, places, begin, end, [&](i64 from, i64 to) { std::copy_n(x + from, e.channels, out + to); });
}
/// Zeros, and each number of dy added where its pixel was read.
template <channel_lanes L, class T>
void resize_nearest_gradient(T const* dy, T* dx, resize_extents const& e, pixel_places places, i64 begin, i64 end) {
  std::fill(dx + begin * e.image(), dx + end * e.image(), T(0));
  for_nearest(e, places, begin, end, [&](i64 from, i64 to) __attribute__((always_inline)) {
    for_channels<T, L>(e.channels, [&](i64 c, auto load, auto store) __attribute__((always_inline)) {
      store(load(dx + from + c) + load(dy + to + c), dx + from + c);
    });
  });
}

/// each(rows of the image, columns, pixel of the result) for the images [begin, end), of offsets.
template <class T, class Each>
TFX_INLINE void for_bilinear(resize_extents const& e, pixel_places places, i64 begin, i64 end, Each each) {
  T const scale_y = resize_scale<T>(e.height, e.out_height, places);
  T const scale_x = resize_scale<T>(e.width, e.out_width, places);
  constexpr i64 together = 128;
  pixel_pair<T> columns[together];
  for (i64 first = 0; first < e.out_width; first += together) {
    i64 const count = std::min(together, e.out_width - first);
    for (i64 i = 0; i < count; ++i) columns[i] = {first + i, scale_x, e.width, e.channels, places};
    for (i64 n = begin; n < end; ++n)
      for (i64 y = 0; y < e.out_height; ++y) {
        pixel_pair<T> rows(y, scale_y, e.height, e.width * e.channels, places);
        rows.low += n * e.image();
        rows.high += n * e.image();
        i64 const to = n * e.result() + (y * e.out_width + first) * e.channels;
        for (i64 i = 0; i < count; ++i) each(rows, columns[i], to + i * e.channels);
      }
  }
}
/// Between the four pixels around it: along the rows, then between the rows.
template <channel_lanes L, class T>
void resize_bilinear(T const* x, T* out, resize_extents const& e, pixel_places places, i64 begin, i64 end) {
  using pack = simd::pack<T, L.count>;
  for_bilinear<T>(e, places, begin, end,
                  [&](pixel_pair<T> const& rows, pixel_pair<T> const& columns, i64 to) __attribute__((always_inline)) {
                    T const *const above = x + rows.low, *const below = x + rows.high;
                    pack const across(columns.share), down(rows.share);
                    for_channels<T, L>(e.channels, [&](i64 c, auto load, auto store) __attribute__((always_inline)) {
                      pack const top_left = load(above + columns.low + c), top_right = load(above + columns.high + c);
                      pack const low_left = load(below + columns.low + c), low_right = load(below + columns.high + c);
                      pack const top = top_left + (top_right - top_left) * across;
                      pack const low = low_left + (low_right - low_left) * across;
                      store(top + (low - top) * down, out + to + c);
                    });
                  });
}
/// Zeros, and each number of dy shared among the four pixels that it was made of.
template <channel_lanes L, class T>
void resize_bilinear_gradient(T const* dy, T* dx, resize_extents const& e, pixel_places places, i64 begin, i64 end) {
  using pack = simd::pack<T, L.count>;
  std::fill(dx + begin * e.image(), dx + end * e.image(), T(0));
  for_bilinear<T>(e, places, begin, end,
                  [&](pixel_pair<T> const& rows, pixel_pair<T> const& columns, i64 to) __attribute__((always_inline)) {
                    pack const across(columns.share), down(rows.share), one(T(1));
                    for_channels<T, L>(e.channels, [&](i64 c, auto load, auto store) __attribute__((always_inline)) {
                      pack const d = load(dy + to + c), above = d * (one - down), below = d * down;
                      auto const add = [&](i64 at, pack const& part) __attribute__((always_inline)) {
                        store(load(dx + at + c) + part, dx + at + c);
                      };
                      add(rows.low + columns.low, above * (one - across));
                      add(rows.low + columns.high, above * across);
                      add(rows.high + columns.low, below * (one - across));
                      add(rows.high + columns.high, below * across);
                    });
                  });
}

}  // namespace kernel
TFX_END
