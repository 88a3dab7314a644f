// SPDX-License-Identifier: Apache-2.0
// The arithmetic of sliding windows against its definition, over all small sizes.
#include <doctest/doctest.h>
#include <tfx/shape/window.hpp>

namespace tf = tfx;
using tf::i64;
using tf::padding_kind;
using tf::window_axis;

namespace {

constexpr window_axis same(i64 size, i64 stride, i64 dilation = 1) {
  return {size, stride, dilation, padding_kind::same, 0, 0};
}
constexpr window_axis told(i64 size, i64 stride, i64 dilation, i64 before, i64 after) {
  return {size, stride, dilation, padding_kind::told, before, after};
}

// What TensorFlow's documentation and kernels have.
static_assert(same(5, 1).places(28) == 28 && same(5, 1).before(28) == 2);
static_assert(same(3, 2).places(6) == 3 && same(3, 2).before(6) == 0);
static_assert(same(3, 2).places(7) == 4 && same(3, 2).before(7) == 1);
static_assert(same(1, 3).places(4) == 2 && same(1, 3).before(4) == 0);
static_assert(window_axis{5, 1}.places(28) == 24 && window_axis{3, 2, 2}.places(8) == 2);

/// Each place of the window lies in the padded axis, and there is no other.
constexpr bool places_are_all(window_axis const& w, i64 n) {
  i64 const before = w.before(n), places = w.places(n);
  i64 after = w.told_after;
  if (w.padding == padding_kind::same) {
    i64 const total = (places - 1) * w.stride + w.reach() - n;
    after = (total > 0 ? total : 0) - before;
    if (n > 0 && (after < before || after > before + 1 || places != tf::window_stride(1, w.stride).places(n)))
      return false;
  }
  if (n == 0 && w.padding == padding_kind::same) return places == 0;
  for (i64 i = 0; i < places; ++i)
    if (i * w.stride + w.reach() > before + n + after) return false;
  return places * w.stride + w.reach() > before + n + after;
}
/// The elements of a window that an axis has, counted one by one.
constexpr bool elements_are_inside(window_axis const& w, i64 n) {
  for (i64 first = -7; first < n + 3; ++first) {
    window_axis::range const r = w.inside(first, n);
    for (i64 t = 0; t < w.size; ++t) {
      i64 const at = first + t * w.dilation;
      if ((at >= 0 && at < n) != (t >= r.begin && t < r.end)) return false;
    }
    if (r.end < r.begin) return false;
  }
  return true;
}
constexpr bool windows_are_right(i64 most) {
  for (i64 n = 0; n <= most; ++n)
    for (i64 size = 1; size <= 4; ++size)
      for (i64 stride = 1; stride <= 3; ++stride)
        for (i64 dilation = 1; dilation <= 2; ++dilation)
          for (i64 pads = 0; pads < 9; ++pads) {
            window_axis const w = told(size, stride, dilation, pads % 3, pads / 3), s = same(size, stride, dilation);
            if (!places_are_all(w, n) || !places_are_all(s, n) || !elements_are_inside(w, n)) return false;
          }
  return true;
}
static_assert(windows_are_right(2));

/// What a shape rule sees of symbols.
struct rule {
  tf::symbol_table& symbols;
  bool refused = false;

  constexpr i64 derived(tf::extent_rule how, i64 left, i64 right) { return symbols.derived(how, left, right); }
  constexpr i64 places(tf::window_stride along, i64 padded, tf::dims const&, tf::dims const&) {
    refused = padded >= 0 && along.places(padded) < 0;
    return refused ? 0 : derived(tf::extent_rule::windows, padded, along.code());
  }
};
constexpr bool symbols_have_places() {
  tf::symbol_table table;
  rule call{table};
  i64 const n = table.anonymous();
  tf::dims const x{1, {n}};
  auto const places = [&](window_axis const& w, i64 of) { return w.places(call, of, x, x); };
  // What does not change an extent keeps its symbol.
  if (places(same(5, 1), n) != n || places(window_axis{1, 1}, n) != n || places(told(3, 1, 2, 4, 0), n) != n)
    return false;
  if (places(same(3, 2), 7) != 4 || places(window_axis{3, 2}, 7) != 3 || call.refused) return false;
  // Others are computed, the same one once.
  i64 const half = places(same(3, 2), n), inner = places(window_axis{3, 1}, n);
  if (half >= 0 || half == n || inner == half || places(same(5, 2), n) != half) return false;
  tf::symbol_entry const& entry = table.entries[tf::symbol_of(inner)];
  if (entry.rule != tf::extent_rule::windows || tf::window_stride(entry.right).places(28) != 26) return false;
  (void)places(window_axis{5, 1}, 3);
  return call.refused;
}
static_assert(symbols_have_places());

template <i64... W>
struct list {
  static constexpr i64 words[sizeof...(W)] = {W...};
  static constexpr int count = sizeof...(W);
  constexpr i64 operator[](int i) const { return words[i]; }
};
template <class Padding>
constexpr tf::window of(Padding) {
  return tf::window(tf::window_words<list, tf::ksize_t<2, 3>, tf::strides_t<1, 2>, Padding, tf::dilations_t<3, 1>>{});
}
static_assert(of(tf::padding::SAME).axes == 2 && of(tf::padding::SAME)[0] == same(2, 1, 3));
static_assert(of(tf::padding::VALID)[1] == window_axis{3, 2, 1});
static_assert(of(tf::padding::EXPLICIT<1, 0, 2, 4>)[1] == told(3, 2, 1, 2, 4));

}  // namespace

TEST_CASE("window: places and padding of every small size") {
  CHECK(windows_are_right(12));
  CHECK(symbols_have_places());
}
