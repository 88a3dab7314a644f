// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/convolution_tile.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/op/math/add.hpp>

TFX_BEGIN

/// What the ops share in which an image [n, h, w, c], a filter [kh, kw, c, f] and the places of the filter's window
/// [n, oh, ow, f] meet: each op is linear in two of them and makes the third, so the gradients of each are the others.
struct convolution_op {
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr int window_words = 1 + 2 * window::words_of_axis;

  // The window, of which the filter tells the size; the extents of the result, where the inputs do not tell them.
  struct attributes {
    window along;
    dims result;
    constexpr explicit attributes(attribute_words w)
        : along(attribute_words{w.at, window_words}), result(w.list(window_words)) {}
    constexpr window over(dims const& filter) const {
      window result = along;
      for (int i = 0; i < 2; ++i) result.axis[i].size = filter[i];
      return result;
    }
  };

  /// False where an input is not what it must be: a floating dtype, which both have, and four axes.
  static constexpr bool accepts(inference& call) {
    if (call.types[0] != call.types[1]) {
      call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], call.types[1]);
      return false;
    }
    only_floating(call, call.types[0]);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return false;
    for (int i = 0; i < 2; ++i)
      if (call.shapes[i].rank != 4) call.refuse(refusal_kind::rank, call.shapes[i], call.shapes[1 - i]);
    return !call.failed();
  }
  /// The height and the width of a filter are numbers, and not 0.
  static constexpr bool accepts_filter(inference& call, dims const& filter) {
    for (int i = 0; i < 2; ++i) {
      if (filter[i] < 0) call.refuse(refusal_kind::open_extent, filter, {}, i);
      if (filter[i] == 0) call.refuse(refusal_kind::empty_axis, filter, {}, i);
    }
    return !call.failed();
  }
  static constexpr i64 agree_channels(inference& call, i64 of_image, i64 of_filter, dims const& x, dims const& filter) {
    i64 common = of_image;
    if (!unify_extents(of_image, of_filter, call.symbols, common, x, filter))
      call.refuse(refusal_kind::channels, x, filter);
    return common;
  }
  /// The places of the filter's window along the height and the width of an image.
  static constexpr i64 places(inference& call, window const& w, int axis, dims const& x, dims const& filter) {
    return w[axis].places(call, x[axis + 1], x, filter);
  }
  /// Attributes of a node that makes an image or a filter of a shape; other ops need only the window.
  struct list {
    i64 at[window_words + max_rank] = {};
    int count = window_words;
  };
  static constexpr list words_of(attribute_words words, dims const& result = {}) {
    list out;
    for (int i = 0; i < window_words; ++i) out.at[i] = words[i];
    for (int i = 0; i < result.rank; ++i) out.at[out.count++] = result[i];
    return out;
  }
  /// One spelling of the result's extents: a kernel must not see what follows from others.
  static constexpr void spell_result(simplification& call) {
    for (int i = 0; i < call.self.shape.rank; ++i) call.words[window_words + i] = call.self.shape[i];
  }
  static constexpr double flops_of(dims const& places, dims const& filter) {
    return 2.0 * static_cast<double>(places.count()) * static_cast<double>(filter[0] * filter[1]) *
           static_cast<double>(filter[2]);
  }

  static constexpr i64 known(i64 a) { return a < 0 ? kernel::dynamic : a; }
  static constexpr i64 known(i64 a, i64 b) { return known(a >= 0 ? a : b); }
  /// What the compiler knows of the three.
  static constexpr kernel::convolution facts(attribute_words words, dims const& image, dims const& filter,
                                             dims const& places) {
    window const along = attributes(words).over(filter);
    return {known(image[1]), known(image[2]), known(image[3], filter[2]), known(places[3], filter[3]),
            along[0],        along[1]};
  }
  /// Scratch for an image with zeros around it: `count` of [height, width + padding, channels].
  static constexpr void add_padded(scratch_request& call, dtype type, i64 count, i64 height, i64 width, i64 channels,
                                   i64 padding) {
    if (width >= 0) return call.add(type, {4, {count, height, padding > 0 ? width + padding : 0, channels}});
    call.add(type, dims{4, {count, height, padding > 0 ? width : 0, channels}},
             dims{4, {count, height, padding, channels}});
  }
  template <class Call>
  static kernel::image_extents extents(Call const& call, dims const& image, dims const& places) {
    return {call.extent(image[0]), call.extent(image[1]), call.extent(image[2]), call.extent(image[3]),
            call.extent(places[3])};
  }
  /// What is fed and empty may have no memory; nothing is read of it.
  template <class T>
  static T const* readable(T const* x, i64 count, T const* other) {
    return count > 0 ? x : other;
  }
};

namespace detail {
/// The words of a convolution, whose filter tells the size of the window.
template <class Strides, class Padding, class Dilations>
using convolution_words = window_words<words, ksize_t<1, 1>, Strides, Padding, Dilations>;
}  // namespace detail

TFX_END
