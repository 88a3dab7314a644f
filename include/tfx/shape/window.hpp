// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/shape/symbols.hpp>

TFX_BEGIN

/// How far apart the places of a window are along height and width: `strides<2, 2>`.
template <i64... S>
struct strides_t {};
template <i64... S>
  requires((S > 0) && ...)
inline constexpr strides_t<S...> strides{};

/// How many elements a pooling window has along height and width: `ksize<2, 2>`.
template <i64... K>
struct ksize_t {};
template <i64... K>
  requires((K > 0) && ...)
inline constexpr ksize_t<K...> ksize{};

/// How far apart the elements of a window are along height and width: `dilations<2, 2>`. None: neighbours.
template <i64... D>
struct dilations_t {};
template <i64... D>
  requires((D > 0) && ...)
inline constexpr dilations_t<D...> dilations{};

enum class padding_kind : unsigned char { same, valid, told };

template <padding_kind Kind, i64... P>
struct padding_t {};
/// What lies around an image where a window slides over its edge.
namespace padding {
/// As much on both sides, the odd one after, that there is a window for each `stride` elements.
inline constexpr padding_t<padding_kind::same> SAME{};
/// None: windows lie within the image.
inline constexpr padding_t<padding_kind::valid> VALID{};
/// So many before and after each axis: `padding::EXPLICIT<top, bottom, left, right>`.
template <i64... P>
  requires((P >= 0) && ...)
inline constexpr padding_t<padding_kind::told, P...> EXPLICIT{};
}  // namespace padding

/// A window that slides along one axis of n elements: its place i holds the elements i · stride − before + t · dilation
/// for t = 0, …, size − 1, of which those that n has not are padding. TensorFlow's arithmetic:
/// core/framework/
/// common_shape_fns.cc, GetWindowedOutputSize.
struct window_axis {
  i64 size = 1, stride = 1, dilation = 1;
  padding_kind padding = padding_kind::valid;
  i64 told_before = 0, told_after = 0;

  /// How many elements there are from its first to its last.
  constexpr i64 reach() const { return (size - 1) * dilation + 1; }
  /// How many places it has, as a shape rule: n is an extent of `x` that may be a symbol, `window` what is named where
  /// none fits. What is known of n is known of the result, and SAME with stride 1 keeps a symbol.
  template <class Call>
  constexpr i64 places(Call& call, i64 n, dims const& x, dims const& window) const {
    if (padding == padding_kind::same) return stride == 1 ? n : call.places({1, stride}, n, x, window);
    i64 const added = told_before + told_after;
    if (stride == 1 && added == reach() - 1) return n;
    return call.places({reach(), stride}, added == 0 ? n : call.derived(extent_rule::add, n, added), x, window);
  }
  /// How many places it has along n elements.
  constexpr i64 places(i64 n) const {
    if (padding == padding_kind::same) return (n + stride - 1) / stride;
    i64 const count = window_stride(reach(), stride).places(n + told_before + told_after);
    return count < 0 ? 0 : count;
  }
  /// How many elements of padding stand before the first of n. With stride 1 it does not depend on n.
  constexpr i64 before(i64 n) const {
    if (padding != padding_kind::same) return told_before;
    i64 const total = stride == 1 ? reach() - 1 : (places(n) - 1) * stride + reach() - n;
    return total > 0 ? total / 2 : 0;
  }
  struct range {
    i64 begin, end;
  };
  /// The t of a window whose first element is `first` that lie on an axis of n elements; empty where none does.
  constexpr range inside(i64 first, i64 n) const {
    i64 const begin = first < 0 ? (-first + dilation - 1) / dilation : 0;
    i64 const end = first < n ? (n - first + dilation - 1) / dilation : 0;
    i64 const last = end < size ? end : size;
    return {begin, last < begin ? begin : last};
  }
  constexpr bool operator==(window_axis const&) const = default;
};

/// A window along the axes of an image, as an op's static attributes tell it: how it is padded, then for each axis
/// size, stride, dilation, padding before and after.
struct window {
  static constexpr int most_axes = 3, words_of_axis = 5;

  window_axis axis[most_axes]{};
  int axes = 0;

  constexpr window() = default;
  /// `Words`: attribute_words, or whatever else has `count` and `[i]`.
  template <class Words>
  constexpr explicit window(Words const& words) : axes((words.count - 1) / words_of_axis) {
    for (int i = 0; i < axes; ++i) {
      int const at = 1 + i * words_of_axis;
      axis[i] = {words[at],     words[at + 1], words[at + 2], static_cast<padding_kind>(words[0]),
                 words[at + 3], words[at + 4]};
    }
  }
  constexpr window_axis const& operator[](int i) const { return axis[i]; }
};

namespace detail {
template <class Size, class Strides, class Padding, class Dilations>
struct window_numbers;
template <i64... K, i64... S, padding_kind Kind, i64... P, i64... D>
struct window_numbers<ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>, dilations_t<D...>> {
  static constexpr std::size_t axes = sizeof...(K), count = 1 + axes * window::words_of_axis;
  static_assert(sizeof...(S) == axes && (sizeof...(D) == axes || sizeof...(D) == 0),
                "tfx: sizes, strides and dilations have one number for each axis of the image: height, width");
  static_assert(sizeof...(P) == (Kind == padding_kind::told ? 2 * axes : 0),
                "tfx: padding::EXPLICIT has two numbers for each axis of the image: top, bottom, left, right");
  static constexpr i64 at(std::size_t word) {
    constexpr i64 size[] = {K...}, stride[] = {S...}, dilation[axes + 1] = {D...}, pads[2 * axes + 1] = {P...};
    if (word == 0) return static_cast<i64>(Kind);
    std::size_t const i = (word - 1) / window::words_of_axis;
    i64 const all[] = {size[i], stride[i], sizeof...(D) == 0 ? 1 : dilation[i], pads[2 * i], pads[2 * i + 1]};
    return all[(word - 1) % window::words_of_axis];
  }
};
template <template <i64...> class Words, class Numbers, class Sequence = std::make_index_sequence<Numbers::count>>
struct listed_words;
template <template <i64...> class Words, class Numbers, std::size_t... I>
struct listed_words<Words, Numbers, std::index_sequence<I...>> {
  using type = Words<Numbers::at(I)...>;
};
}  // namespace detail

/// The attributes that `window` reads, as `Words<…>`.
template <template <i64...> class Words, class Size, class Strides, class Padding, class Dilations>
using window_words =
    typename detail::listed_words<Words, detail::window_numbers<Size, Strides, Padding, Dilations>>::type;

TFX_END
