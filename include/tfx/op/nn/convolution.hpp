// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/convolution_tile.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/op/math/add.hpp>

TFX_BEGIN

/// What the ops share in which an image [n, h, w, c], a filter [kh, kw, c, f] and the places of the filter's window
/// [n, oh, ow, f] meet: each op is linear in two of them and makes the third, so the gradients of each are the others.
/// Those of sequences have one axis between the first and the last, those of volumes three.
template <int Axes>
struct convolution_op {
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr int axes = Axes, last = Axes + 1, window_words = 1 + Axes * window::words_of_axis;

  // The window, of which the filter tells the size; the extents of the result, where the inputs do not tell them.
  struct attributes {
    window along;
    dims result;
    constexpr explicit attributes(attribute_words w)
        : along(attribute_words{w.at, window_words}), result(w.list(window_words)) {}
    constexpr window over(dims const& filter) const {
      window result = along;
      for (int i = 0; i < Axes; ++i) result.axis[i].size = filter[i];
      return result;
    }
  };

  /// False where an input is not what it must be: a floating dtype, which both have, and two axes more than a window.
  static constexpr bool accepts(inference& call) {
    if (call.types[0] != call.types[1]) {
      call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], call.types[1]);
      return false;
    }
    only_floating(call, call.types[0]);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return false;
    for (int i = 0; i < 2; ++i)
      if (call.shapes[i].rank != Axes + 2) call.refuse(refusal_kind::rank, call.shapes[i], call.shapes[1 - i]);
    return !call.failed();
  }
  /// The extents of the filter's window are numbers, and not 0.
  static constexpr bool accepts_filter(inference& call, dims const& filter) {
    for (int i = 0; i < Axes; ++i) {
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
  /// The places of the filter's window along an axis of an image.
  static constexpr i64 places(inference& call, window const& w, int axis, dims const& x, dims const& filter) {
    return w[axis].places(call, x[axis + 1], x, filter);
  }
  static constexpr void agree_places(inference& call, window const& w, dims const& x, dims const& filter,
                                     dims const& dy) {
    for (int i = 0; i < Axes; ++i) call.agree(places(call, w, i, x, filter), dy[i + 1], x, dy);
  }
  /// The channels of the places.
  static constexpr i64 filters(inference&, dims const& filter) { return filter[last]; }
  static constexpr void agree_filters(inference& call, dims& filter, dims const& dy) {
    filter[last] = agree_channels(call, filter[last], dy[last], dy, filter);
  }
  static constexpr double flops_of(dims const& places, dims const& filter) {
    double each = 2;
    for (int i = 0; i <= Axes; ++i) each *= static_cast<double>(filter[i]);
    return each * static_cast<double>(places.count());
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

  static constexpr i64 known(i64 a) { return a < 0 ? kernel::dynamic : a; }
  static constexpr i64 known(i64 a, i64 b) { return known(a >= 0 ? a : b); }
  /// What the compiler knows of the three.
  static constexpr auto facts(attribute_words words, dims const& image, dims const& filter, dims const& places) {
    window const along = attributes(words).over(filter);
    kernel::convolution const plane{
        known(image[Axes - 1]), known(image[Axes]), known(image[last], filter[Axes]), known(places[last], filter[last]),
        along[Axes - 2],        along[Axes - 1]};
    if constexpr (Axes == 2) {
      return plane;
    } else {
      return kernel::volume_convolution{plane, known(image[1]), along[0]};
    }
  }
  /// Scratch for images of this shape with zeros around them.
  static constexpr void add_padded(scratch_request& call, dims images, i64 padding) {
    i64& width = images[Axes];
    if (width >= 0) {
      width = padding > 0 ? width + padding : 0;
      return call.add(call.type(0), images);
    }
    dims around = images;
    around[Axes] = padding;
    if (padding == 0) width = 0;
    call.add(call.type(0), images, around);
  }
  /// How wide the zeros around are that the filter's window meets.
  static constexpr i64 padding_of(window const& along, i64 width) {
    return width >= 0 ? kernel::padding_of(along[Axes - 1], width).total() : kernel::most_padding(along[Axes - 1]);
  }
  static constexpr i64 padding_back(window const& along, i64 width, i64 places) {
    return width >= 0 && places >= 0 ? kernel::padding_back(along[Axes - 1], width).total()
                                     : kernel::most_padding_back(along[Axes - 1]);
  }
  template <class Call>
  static auto extents(Call const& call, dims const& image, dims const& places) {
    kernel::image_extents const plane{call.extent(image[0]), call.extent(image[Axes - 1]), call.extent(image[Axes]),
                                      call.extent(image[last]), call.extent(places[last])};
    if constexpr (Axes == 2) {
      return plane;
    } else {
      return kernel::volume_extents{plane, call.extent(image[1])};
    }
  }
  /// What is fed and empty may have no memory; nothing is read of it.
  template <class T>
  static T const* readable(T const* x, i64 count, T const* other) {
    return count > 0 ? x : other;
  }
};

/// The rules of the op that makes places. `Family` is a convolution_op that names the three: `of_places`, `of_image`
/// and `of_filter`.
template <class Family>
struct convolution_of_places : Family {
  static constexpr void infer(inference& call) {
    if (!Family::accepts(call)) return;
    dims const &x = call.shapes[0], &filter = call.shapes[1];
    if (!Family::accepts_filter(call, filter)) return;
    Family::agree_channels(call, x[Family::last], filter[Family::axes], x, filter);
    window const along = typename Family::attributes(call.attributes()).over(filter);
    dims out{1, {x[0]}};
    for (int i = 0; i < Family::axes; ++i) out.push_back(Family::places(call, along, i, x, filter));
    out.push_back(Family::filters(call, filter));
    if (!call.failed()) call.shape = out;
  }
  static constexpr void gradient(auto& call) {
    auto const x = call.x(0), filter = call.x(1), dy = call.dy;
    auto const image = Family::words_of(call.attributes(), x.shape());
    call.dx[0] = add_node<typename Family::of_image>(image.at, image.count, filter, dy);
    auto const weights = Family::words_of(call.attributes(), filter.shape());
    call.dx[1] = add_node<typename Family::of_filter>(weights.at, weights.count, x, dy);
  }
  static constexpr double flops(dims const* shapes, dims const& result, attribute_words) {
    return Family::flops_of(result, shapes[1]);
  }
};

/// Those of the op that makes an image, by what its pixels meet. Inputs: the filter, dy. Words: the window, the extents
/// of the image, -1 for what follows.
template <class Family>
struct convolution_of_image : Family {
  static constexpr void infer(inference& call) {
    if (!Family::accepts(call)) return;
    dims const &filter = call.shapes[0], &dy = call.shapes[1];
    if (!Family::accepts_filter(call, filter)) return;
    constexpr int axes = Family::axes, last = Family::last;
    Family::agree_channels(call, dy[last], Family::filters(call, filter), dy, filter);
    typename Family::attributes const told(call.attributes());
    window const along = told.over(filter);
    if (told.result.rank != axes + 2) return call.refuse(refusal_kind::rank, dy, told.result);
    dims out{axes + 2, {}};
    for (int i = 0; i <= last; ++i) {
      bool const follows = told.result[i] == dims::unknown;
      i64 const extent = follows ? 0 : call.spelled(told.result[i]);
      if (i == 0) {
        out[i] = follows ? dy[0] : call.agree(extent, dy[0], told.result, dy);
      } else if (i == last) {
        out[i] = follows ? filter[axes] : Family::agree_channels(call, extent, filter[axes], told.result, filter);
      } else {
        out[i] = follows ? extent_over(call, along[i - 1], dy[i]) : extent;
      }
    }
    Family::agree_places(call, along, out, filter, dy);
    if (!call.failed()) call.shape = out;
  }
  static constexpr void gradient(auto& call) {
    auto const filter = call.x(0), dy = call.x(1), g = call.dy;
    auto const weights = Family::words_of(call.attributes(), filter.shape());
    call.dx[0] = add_node<typename Family::of_filter>(weights.at, weights.count, g, dy);
    auto const along = Family::words_of(call.attributes());
    call.dx[1] = add_node<typename Family::of_places>(along.at, along.count, g, filter);
  }
  static constexpr void simplify(simplification& call) { Family::spell_result(call); }
  static constexpr double flops(dims const* shapes, dims const&, attribute_words) {
    return Family::flops_of(shapes[1], shapes[0]);
  }

 private:
  /// The extent that a window goes over in n places: as Keras has it.
  static constexpr i64 extent_over(inference& call, window_axis const& along, i64 n) {
    i64 const over = along.reach() > along.stride ? along.reach() - along.stride : 0;
    i64 const more = along.padding == padding_kind::same ? 0 : over - along.told_before - along.told_after;
    i64 const strides = call.derived(extent_rule::multiply, n, along.stride);
    return more < 0 ? call.derived(extent_rule::subtract, strides, -more)
                    : call.derived(extent_rule::add, strides, more);
  }
};

/// Those of the op that makes a filter, by what its numbers meet. Inputs: the image, dy. Words: the window, the extents
/// of the filter.
template <class Family>
struct convolution_of_filter : Family {
  static constexpr void infer(inference& call) {
    if (!Family::accepts(call)) return;
    dims const &x = call.shapes[0], &dy = call.shapes[1];
    constexpr int axes = Family::axes, last = Family::last;
    typename Family::attributes const told(call.attributes());
    dims filter = told.result;
    if (filter.rank != axes + 2) return call.refuse(refusal_kind::rank, x, filter);
    for (int i = 0; i <= last; ++i) filter[i] = call.spelled(filter[i]);
    if (!Family::accepts_filter(call, filter)) return;
    filter[axes] = Family::agree_channels(call, filter[axes], x[last], x, filter);
    Family::agree_filters(call, filter, dy);
    call.agree(x[0], dy[0], x, dy);
    Family::agree_places(call, told.over(filter), x, filter, dy);
    if (!call.failed()) call.shape = filter;
  }
  static constexpr void gradient(auto& call) {
    auto const x = call.x(0), dy = call.x(1), g = call.dy;
    auto const image = Family::words_of(call.attributes(), x.shape());
    call.dx[0] = add_node<typename Family::of_image>(image.at, image.count, g, dy);
    auto const along = Family::words_of(call.attributes());
    call.dx[1] = add_node<typename Family::of_places>(along.at, along.count, x, g);
  }
  static constexpr void simplify(simplification& call) { Family::spell_result(call); }
  static constexpr double flops(dims const* shapes, dims const& result, attribute_words) {
    return Family::flops_of(shapes[1], result);
  }
};

namespace detail {
/// The words of a convolution, whose filter tells the size of the window.
template <class Strides, class Padding, class Dilations>
using convolution_words = window_words<words, ksize_t<1, 1>, Strides, Padding, Dilations>;
}  // namespace detail

TFX_END
