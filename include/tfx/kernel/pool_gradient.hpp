// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/pool.hpp>

TFX_BEGIN
namespace kernel {

/// f(offset in the image, load, store, which is the largest) for each element of a window, of one block of channels.
/// That is the first of the largest, in row-major order; NaN is larger than none, and none is larger than NaN in the
/// first place. TensorFlow: core/kernels/maxpooling_op.cc, SpatialMaxPoolWithArgMaxHelper.
template <class Window, bool Whole, class P, class T, class Load, class F>
TFX_INLINE void for_largest(T const* x, pool_place const& p, Load load, F f) {
  i64 const first =
      p.first + p.taps[0].begin * p.distance[0] + p.taps[1].begin * p.distance[1] + p.taps[2].begin * p.distance[2];
  P best = load(x + first);
  for_taps<Window, Whole>(p, [&](i64 at) __attribute__((always_inline)) { best = larger_number(load(x + at), best); });
  auto wanted = ~(best != best);
  // Of NaN it is the first element, which equals nothing.
  if constexpr (std::is_floating_point_v<T>) f(first, ~wanted);
  for_taps<Window, Whole>(p, [&](i64 at) __attribute__((always_inline)) {
    auto const is_largest = (load(x + at) == best) & wanted;
    f(at, is_largest);
    wanted = wanted & ~is_largest;
  });
}

/// dx = 0 but where a window takes from: each(place, result offset) adds to dx there. Rows of dx become 0 just before
/// they are needed, while they are in the cache.
template <class Window, class T, class F>
TFX_INLINE void scatter_windows(T* dx, pool_extents const& e, F each) {
  constexpr window_axis const& w = Window::axis[0];
  i64 const row = e.n[1] * e.n[2] * e.channels;
  i64 zeroed = 0;
  for (i64 i = 0; i < e.places[0]; ++i) {
    i64 const needed = std::clamp<i64>(i * w.stride - e.before[0] + w.reach(), zeroed, e.n[0]);
    std::fill(dx + zeroed * row, dx + needed * row, T(0));
    zeroed = needed;
    for_places<Window>(e, i, [&](pool_place const& p, i64 result) __attribute__((always_inline)) {
      if (p.is_whole) {
        each(std::true_type{}, p, result);
      } else if (p.count() > 0) {
        each(std::false_type{}, p, result);
      }
    });
  }
  std::fill(dx + zeroed * row, dx + e.n[0] * row, T(0));
}

/// The gradient of max_pool for images [begin, end): dy goes to the first of the largest of each window.
template <class Window, channel_lanes L, class T>
void max_pool_gradient(T const* x, T const* dy, T* dx, pool_extents const& e, i64 begin, i64 end) {
  using pack = simd::pack<T, L.count>;
  for (i64 image = begin; image < end; ++image) {
    T const* const from = x + image * e.image();
    T const* const dresult = dy + image * e.result();
    T* const to = dx + image * e.image();
    scatter_windows<Window>(
        to, e,
        [&]<bool Whole>(std::bool_constant<Whole>, pool_place const& p, i64 result) __attribute__((always_inline)) {
          for_channels<T, L>(e.channels, [&](i64 c, auto load, auto store) __attribute__((always_inline)) {
            pack const d = load(dresult + result + c);
            for_largest<Window, Whole, pack>(from + c, p, load,
                                             [&](i64 at, auto is_largest) __attribute__((always_inline)) {
                                               pack const sum = load(to + at + c);
                                               store(simd::select(is_largest, sum + d, sum), to + at + c);
                                             });
          });
        });
  }
}

/// For each window of x the element of v at the place of its first largest; 0 where a window has none.
template <class Window, channel_lanes L, class T>
void take_largest(T const* x, T const* v, T* y, pool_extents const& e, i64 begin, i64 end) {
  using pack = simd::pack<T, L.count>;
  for (i64 unit = begin; unit < end; ++unit) {
    i64 const image = unit / e.places[0];
    T const* const from = x + image * e.image();
    T const* const values = v + image * e.image();
    T* const to = y + image * e.result();
    for_places<Window>(e, unit % e.places[0], [&](pool_place const& p, i64 result) __attribute__((always_inline)) {
      for_channels<T, L>(e.channels, [&](i64 c, auto load, auto store) __attribute__((always_inline)) {
        pack taken(T(0));
        auto const take = [&](i64 at, auto is_largest) __attribute__((always_inline)) {
          taken = simd::select(is_largest, load(values + at + c), taken);
        };
        if (p.is_whole) {
          for_largest<Window, true, pack>(from + c, p, load, take);
        } else if (p.count() > 0) {
          for_largest<Window, false, pack>(from + c, p, load, take);
        }
        store(taken, to + result + c);
      });
    });
  }
}

/// The gradient of avg_pool for images [begin, end): dy in equal parts to what the image has of each window.
template <class Window, channel_lanes L, class T>
void avg_pool_gradient(T const* dy, T* dx, pool_extents const& e, i64 begin, i64 end) {
  using pack = simd::pack<T, L.count>;
  for (i64 image = begin; image < end; ++image) {
    T const* const dresult = dy + image * e.result();
    T* const to = dx + image * e.image();
    scatter_windows<Window>(
        to, e,
        [&]<bool Whole>(std::bool_constant<Whole>, pool_place const& p, i64 result) __attribute__((always_inline)) {
          pack const count(static_cast<T>(p.count()));
          for_channels<T, L>(e.channels, [&](i64 c, auto load, auto store) __attribute__((always_inline)) {
            pack const d = load(dresult + result + c) / count;
            for_taps<Window, Whole>(
                p, [&](i64 at) __attribute__((always_inline)) { store(load(to + at + c) + d, to + at + c); });
          });
        });
  }
}

}  // namespace kernel
TFX_END
