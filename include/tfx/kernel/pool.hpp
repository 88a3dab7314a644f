// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <limits>
#include <tfx/kernel/described.hpp>
#include <tfx/shape/window.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN
/// Windows that slide over images [n, rows, places, columns, channels]: one or two axes may be missing, and are then
/// axes of one element. Elements of a window are visited in row-major order; padding is none of them.
namespace kernel {

/// Which axis of an image axis i of three stands for, -1 for one that is missing: an image is rows of columns.
constexpr int pool_axis(int axes, int i) {
  if (axes == 3) return i;
  return i == 2 ? axes - 1 : axes == 2 && i == 0 ? 0 : -1;
}
constexpr window_axis pool_axis_of(window const& w, int i) {
  int const place = pool_axis(w.axes, i);
  return place < 0 ? window_axis{} : w[place];
}
/// A window as the compiler knows it, with three axes. Calls of whatever extents share the kernels of one.
template <window Given>
struct sliding_window {
  static constexpr window given = Given;
  static constexpr window_axis axis[3] = {pool_axis_of(given, 0), pool_axis_of(given, 1), pool_axis_of(given, 2)};
  static constexpr i64 size = axis[0].size * axis[1].size * axis[2].size;
};
template <class Call>
using pool_window = sliding_window<Call::op::window_of(Call::attributes())>;

/// Extents of images and of what windows make of them.
struct pool_extents {
  i64 images = 0, n[3] = {1, 1, 1}, places[3] = {1, 1, 1}, before[3] = {0, 0, 0}, channels = 0;

  i64 image() const { return n[0] * n[1] * n[2] * channels; }
  i64 result() const { return places[0] * places[1] * places[2] * channels; }
};
/// Those of a call: `x` is the shape of its images.
template <class Window, class Call>
pool_extents extents_of(Call const& call, dims const& x) {
  pool_extents e;
  e.images = call.extent(x[0]);
  e.channels = call.extent(x[x.rank - 1]);
  for (int i = 0; i < 3; ++i) {
    int const place = pool_axis(Window::given.axes, i);
    if (place < 0) continue;
    e.n[i] = call.extent(x[1 + place]);
    e.places[i] = Window::axis[i].places(e.n[i]);
    e.before[i] = Window::axis[i].before(e.n[i]);
  }
  return e;
}

/// One place of a window: which of its elements the image has, along each axis, and where the first would be.
struct pool_place {
  window_axis::range taps[3];
  i64 first;        // of its element (0, 0, 0), in elements of the image
  i64 distance[3];  // from one element to the next along each axis
  bool is_whole;    // the image has all

  i64 count() const {
    return (taps[0].end - taps[0].begin) * (taps[1].end - taps[1].begin) * (taps[2].end - taps[2].begin);
  }
};

/// f(offset in the image) for each element of a window that the image has; `Whole`: for all, without a question.
template <class Window, bool Whole, class F>
TFX_INLINE void for_taps(pool_place const& p, F f) {
  constexpr window_axis const* w = Window::axis;
  if constexpr (Whole && Window::size <= 16) {
    TFX_UNROLL for (int t0 = 0; t0 < w[0].size; ++t0) {
      TFX_UNROLL for (int t1 = 0; t1 < w[1].size; ++t1) {
        TFX_UNROLL for (int t2 = 0; t2 < w[2].size; ++t2) {
          f(p.first + t0 * p.distance[0] + t1 * p.distance[1] + t2 * p.distance[2]);
        }
      }
    }
  } else {
    for (i64 t0 = Whole ? 0 : p.taps[0].begin; t0 < (Whole ? w[0].size : p.taps[0].end); ++t0)
      for (i64 t1 = Whole ? 0 : p.taps[1].begin; t1 < (Whole ? w[1].size : p.taps[1].end); ++t1)
        for (i64 t2 = Whole ? 0 : p.taps[2].begin; t2 < (Whole ? w[2].size : p.taps[2].end); ++t2)
          f(p.first + t0 * p.distance[0] + t1 * p.distance[1] + t2 * p.distance[2]);
  }
}

/// f(place, result offset) for the places of row `i` along the first axis.
template <class Window, class F>
TFX_INLINE void for_places(pool_extents const& e, i64 i, F f) {
  constexpr window_axis const* w = Window::axis;
  pool_place p{};
  p.distance[2] = w[2].dilation * e.channels;
  p.distance[1] = w[1].dilation * e.n[2] * e.channels;
  p.distance[0] = w[0].dilation * e.n[1] * e.n[2] * e.channels;
  i64 const first0 = i * w[0].stride - e.before[0];
  p.taps[0] = w[0].inside(first0, e.n[0]);
  i64 result = i * e.places[1] * e.places[2] * e.channels;
  for (i64 j = 0; j < e.places[1]; ++j) {
    i64 const first1 = j * w[1].stride - e.before[1], row = (first0 * e.n[1] + first1) * e.n[2];
    p.taps[1] = w[1].inside(first1, e.n[1]);
    bool const whole =
        p.taps[0].begin == 0 && p.taps[0].end == w[0].size && p.taps[1].begin == 0 && p.taps[1].end == w[1].size;
    for (i64 k = 0; k < e.places[2]; ++k, result += e.channels) {
      i64 const first2 = k * w[2].stride - e.before[2];
      p.taps[2] = w[2].inside(first2, e.n[2]);
      p.first = (row + first2) * e.channels;
      p.is_whole = whole && first2 >= 0 && first2 + w[2].reach() <= e.n[2];
      f(p, result);
    }
  }
}

/// How channels are handled: so many at once, which may or may not leave a rest.
struct channel_lanes {
  int count;
  bool leave_rest;
};
/// As many as there are, of a register.
template <class T, i64 Channels>
constexpr channel_lanes pool_lanes() {
  int lanes = simd::width<T>;
  while (Channels >= 0 && lanes > 1 && lanes > Channels) lanes /= 2;
  return {lanes, lanes > 1 && (Channels < 0 || Channels % lanes != 0)};
}
/// f(channel, load, store) for blocks of channels; the last block may be a part of one.
template <class T, channel_lanes L, class F>
TFX_INLINE void for_channels(i64 channels, F f) {
  using pack = simd::pack<T, L.count>;
  i64 c = 0;
  for (; c + L.count <= channels; c += L.count)
    f(
        c, [](T const* p) __attribute__((always_inline)) { return pack::load(p); },
        [](pack const& v, T* p) __attribute__((always_inline)) { v.store(p); });
  if constexpr (L.leave_rest) {
    if (c == channels) return;
    int const rest = static_cast<int>(channels - c);
    f(
        c, [rest](T const* p) __attribute__((always_inline)) { return pack::load(p, rest); },
        [rest](pack const& v, T* p) __attribute__((always_inline)) { v.store(p, rest); });
  }
}

/// The larger of two; a where v is no number.
template <class P>
TFX_INLINE P larger_number(P const& v, P const& a) {
  return simd::map([](auto x, auto y) __attribute__((always_inline)) { return simd::native::extreme<true>(x, y); }, v,
                   a);
}
/// The largest of a window. TensorFlow begins with the lowest finite number, which NaN and −∞ do not replace.
struct largest_of_window {
  template <class T>
  static constexpr T identity = std::numeric_limits<T>::lowest();
  template <class P>
  TFX_INLINE static P combine(P const& a, P const& v) {
    return larger_number(v, a);
  }
  template <class P>
  TFX_INLINE static P finish(P const& a, i64) {
    return a;
  }
};
/// The mean of what the image has of a window.
struct mean_of_window {
  template <class T>
  static constexpr T identity = 0;
  template <class P>
  TFX_INLINE static P combine(P const& a, P const& v) {
    return a + v;
  }
  template <class P>
  TFX_INLINE static P finish(P const& a, i64 count) {
    return a / P(static_cast<simd::lane_t<P>>(count));
  }
};

/// Row `i` of one image's result, a place at a time.
template <class Rule, class Window, channel_lanes L, class T>
inline void pool_places(T const* x, T* y, pool_extents const& e, i64 i) {
  using pack = simd::pack<T, L.count>;
  for_places<Window>(e, i, [&](pool_place const& p, i64 result) __attribute__((always_inline)) {
    i64 const count = p.count();
    for_channels<T, L>(e.channels, [&](i64 c, auto load, auto store) __attribute__((always_inline)) {
      pack sum(Rule::template identity<T>);
      auto const add = [&](i64 at) __attribute__((always_inline)) { sum = Rule::combine(sum, load(x + at + c)); };
      if (p.is_whole) {
        for_taps<Window, true>(p, add);
      } else {
        for_taps<Window, false>(p, add);
      }
      store(Rule::finish(sum, count), y + result + c);
    });
  });
}

/// Row `i` of the result of images of few channels: first along the first axes, whole rows of the image at once, then
/// along the last, in a buffer that holds `Size` elements.
template <class Rule, class Window, i64 Channels, int Size, class T>
inline void pool_narrow(T const* x, T* y, pool_extents const& e, i64 i) {
  constexpr window_axis const* w = Window::axis;
  constexpr int l = simd::width<T>;
  constexpr i64 reach = w[2].reach(), block = (Size / Channels - reach) / w[2].stride + 1;
  using pack = simd::pack<T, l>;
  using one = simd::pack<T, 1>;
  T rows[Size + l], sums[Size + l];
  i64 const first0 = i * w[0].stride - e.before[0];
  window_axis::range const taps0 = w[0].inside(first0, e.n[0]);
  for (i64 j = 0; j < e.places[1]; ++j) {
    i64 const first1 = j * w[1].stride - e.before[1];
    window_axis::range const taps1 = w[1].inside(first1, e.n[1]);
    i64 const above = (taps0.end - taps0.begin) * (taps1.end - taps1.begin);
    for (i64 k = 0; k < e.places[2]; k += block) {
      // Columns [first, last) of the image, of which it has [begin, end).
      i64 const places = std::min(block, e.places[2] - k);
      i64 const first = k * w[2].stride - e.before[2], last = first + (places - 1) * w[2].stride + reach;
      i64 const begin = std::clamp<i64>(first, 0, e.n[2]), end = std::clamp<i64>(last, begin, e.n[2]);
      T *const to = rows + (begin - first) * Channels, *const rest = rows + (last - first) * Channels;
      i64 const width = (end - begin) * Channels;
      std::fill(rows, to, Rule::template identity<T>);
      std::fill(to + width, rest, Rule::template identity<T>);
      std::fill(rest, rest + l, T{});
      auto const fold = [&](i64 c, auto load, auto store) __attribute__((always_inline)) {
        pack sum(Rule::template identity<T>);
        for (i64 t0 = taps0.begin; t0 < taps0.end; ++t0)
          for (i64 t1 = taps1.begin; t1 < taps1.end; ++t1) {
            i64 const row = (first0 + t0 * w[0].dilation) * e.n[1] + first1 + t1 * w[1].dilation;
            sum = Rule::combine(sum, load(x + (row * e.n[2] + begin) * Channels + c));
          }
        store(sum, to + c);
      };
      for_channels<T, channel_lanes{l, true}>(width, fold);
      // Every place of the window, as if the stride were 1: lanes past the last place are read, and not used.
      i64 const positions = (last - first - reach + 1) * Channels;
      for (i64 c = 0; c < positions; c += l) {
        pack sum = pack::load(rows + c);
        TFX_UNROLL for (int t = 1; t < w[2].size; ++t) {
          sum = Rule::combine(sum, pack::load(rows + c + t * w[2].dilation * Channels));
        }
        sum.store(sums + c);
      }
      T* out = y + ((i * e.places[1] + j) * e.places[2] + k) * Channels;
      for (i64 p = 0; p < places; ++p) {
        window_axis::range const taps2 = w[2].inside(first + p * w[2].stride, e.n[2]);
        i64 const count = above * (taps2.end - taps2.begin);
        for (i64 c = 0; c < Channels; ++c) *out++ = Rule::finish(one(sums[p * w[2].stride * Channels + c]), count)[0];
      }
    }
  }
}

/// Rows [begin, end) of the results of all images, counted along the first axis.
template <class Rule, class Window, i64 Channels, class T>
void pool(T const* x, T* y, pool_extents const& e, i64 begin, i64 end) {
  constexpr int size = 2048;
  constexpr bool is_narrow = Channels > 0 && 2 * Channels <= simd::width<T> &&
                             (Window::axis[2].reach() + Window::axis[2].stride) * Channels <= size;
  for (i64 unit = begin; unit < end; ++unit) {
    i64 const image = unit / e.places[0], i = unit % e.places[0];
    if constexpr (is_narrow) {
      pool_narrow<Rule, Window, Channels, size>(x + image * e.image(), y + image * e.result(), e, i);
    } else {
      pool_places<Rule, Window, pool_lanes<T, Channels>()>(x + image * e.image(), y + image * e.result(), e, i);
    }
  }
}

}  // namespace kernel
TFX_END
