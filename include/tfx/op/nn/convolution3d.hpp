// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/convolution3d.hpp>
#include <tfx/op/nn/convolution.hpp>

TFX_BEGIN

/// What the ops share in which a volume [n, d, h, w, c], a filter [kd, kh, kw, c, f] and the places of the filter's
/// window [n, od, oh, ow, f] meet: as those of images (op/nn/convolution.hpp), with one axis more.
struct volume_convolution_op : convolution_op {
  static constexpr int axes = 3, rank = 5, window_words = 1 + axes * window::words_of_axis;

  struct attributes {
    window along;
    dims result;
    constexpr explicit attributes(attribute_words w)
        : along(attribute_words{w.at, window_words}), result(w.list(window_words)) {}
    constexpr window over(dims const& filter) const {
      window result = along;
      for (int i = 0; i < axes; ++i) result.axis[i].size = filter[i];
      return result;
    }
  };

  static constexpr bool accepts(inference& call) {
    if (call.types[0] != call.types[1]) {
      call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], call.types[1]);
      return false;
    }
    only_floating(call, call.types[0]);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return false;
    for (int i = 0; i < 2; ++i)
      if (call.shapes[i].rank != rank) call.refuse(refusal_kind::rank, call.shapes[i], call.shapes[1 - i]);
    return !call.failed();
  }
  /// The depth, the height and the width of a filter are numbers, and not 0.
  static constexpr bool accepts_filter(inference& call, dims const& filter) {
    for (int i = 0; i < axes; ++i) {
      if (filter[i] < 0) call.refuse(refusal_kind::open_extent, filter, {}, i);
      if (filter[i] == 0) call.refuse(refusal_kind::empty_axis, filter, {}, i);
    }
    return !call.failed();
  }
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
  static constexpr void spell_result(simplification& call) {
    for (int i = 0; i < call.self.shape.rank; ++i) call.words[window_words + i] = call.self.shape[i];
  }
  static constexpr double flops_of(dims const& places, dims const& filter) {
    double each = 2;
    for (int i = 0; i <= axes; ++i) each *= static_cast<double>(filter[i]);
    return each * static_cast<double>(places.count());
  }
  static constexpr kernel::volume_convolution facts(attribute_words words, dims const& volume, dims const& filter,
                                                    dims const& places) {
    window const along = attributes(words).over(filter);
    return {{known(volume[2]), known(volume[3]), known(volume[4], filter[3]), known(places[4], filter[4]), along[1],
             along[2]},
            known(volume[1]),
            along[0]};
  }
  /// Scratch for one volume with zeros around it, whose shape is `x`.
  static constexpr void add_padded(scratch_request& call, dims const& x, i64 padding) {
    dims planes = x;
    planes[0] = 1;
    if (x[3] >= 0) {
      planes[3] = padding > 0 ? x[3] + padding : 0;
      return call.add(call.type(0), planes);
    }
    dims around = planes;
    around[3] = padding;
    if (padding == 0) planes[3] = 0;
    call.add(call.type(0), planes, around);
  }
  template <class Call>
  static kernel::volume_extents extents(Call const& call, dims const& volume, dims const& places) {
    return {{call.extent(volume[0]), call.extent(volume[2]), call.extent(volume[3]), call.extent(volume[4]),
             call.extent(places[4])},
            call.extent(volume[1])};
  }
};

namespace detail {
/// The words of a convolution of volumes, whose filter tells the size of the window.
template <class Strides, class Padding, class Dilations>
using volume_convolution_words = window_words<words, ksize_t<1, 1, 1>, Strides, Padding, Dilations>;
}  // namespace detail

TFX_END
