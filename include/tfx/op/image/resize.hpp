// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/kernel/extent.hpp>
#include <tfx/kernel/resize.hpp>
#include <tfx/op/array/upsample.hpp>
#include <tfx/op/math/add.hpp>

TFX_BEGIN

namespace image {
struct align_corners_t {};
/// The corners of an image are those of the resized one: `resize_bilinear(x, shape<28, 28>, align_corners)`. Otherwise
/// pixel i of the result lies at i · height / new height, as in TensorFlow 1.
inline constexpr align_corners_t align_corners{};
struct half_pixel_centers_t {};
/// Pixels have their places in their middles: pixel i lies at (i + ½) · height / new height − ½, as since TensorFlow 2.
inline constexpr half_pixel_centers_t half_pixel_centers{};
}  // namespace image

/// What makes images of another size, and the derivatives of that, share.
struct resizing {
  static constexpr op_kind kind = op_kind::kernel;

  /// `in`: the shape of the images, `out`: that of the resized ones.
  template <class Call>
  static kernel::resize_extents extents(Call const& call, dims const& in, dims const& out) {
    kernel::resize_extents const e{call.extent(in[0]), call.extent(in[1]),  call.extent(in[2]),
                                   call.extent(in[3]), call.extent(out[1]), call.extent(out[2])};
    if (e.images * e.result() > 0 && e.height * e.width == 0)
      raise<errors::InvalidArgumentError>("input image must be of non-zero size");
    return e;
  }
  /// How many channels there are, as far as the compiler knows.
  static constexpr i64 channels(dims const& x) { return x[3] >= 0 ? x[3] : kernel::dynamic; }
};

/// Words: where pixels lie, how the size is told, the size.
struct resize_op : resizing {
  static constexpr op_traits traits{
      .multilinear = true, .may_fail = true, .simplifies = true, .divisible = true, .first_extent = 2};
  struct attributes {
    pixel_places places;
    bool by_factors;
    dims size;  // the new height and width, or how many times the old ones they are
    constexpr explicit attributes(attribute_words w)
        : places(static_cast<pixel_places>(w[0])), by_factors(w[1] != 0), size(w.list(2)) {}
  };

  /// [n, h, w, c] → [n, new h, new w, c]
  static constexpr void infer_size(inference& call) {
    call.type = call.types[0];
    if (call.failed() || call.defer()) return;
    dims const& x = call.shapes[0];
    attributes const to(call.attributes());
    if (x.rank != 4) return call.refuse(refusal_kind::rank, x, to.size);
    for (int i = 1; i < 3; ++i)
      if (x[i] == 0) return call.refuse(refusal_kind::empty_axis, x, {}, i);
    call.shape = x;
    for (int i = 0; i < 2; ++i) {
      i64 const extent =
          to.by_factors ? call.derived(extent_rule::multiply, x[1 + i], to.size[i]) : call.spelled(to.size[i]);
      call.shape[1 + i] = extent;
    }
  }
  /// One spelling: the size as numbers or symbols.
  static constexpr void simplify(simplification& call) {
    call.words[1] = 0;
    for (int i = 0; i < 2; ++i) call.words[2 + i] = call.self.shape[1 + i];
    call.keep(0);
  }
  template <class Op>
  static constexpr handle gradient_of(auto& call) {
    dims const x = call.x(0).shape();
    i64 const words[] = {call.attributes()[0], x[1], x[2]};
    return add_node<Op>(words, 3, call.dy);
  }
};

/// What the gradients share. Words: where pixels lie, the height and the width of the images.
struct resize_gradient_op : resizing {
  static constexpr op_traits traits{.multilinear = true, .may_fail = true, .divisible = true, .first_extent = 1};
  struct attributes {
    pixel_places places;
    i64 height, width;
    constexpr explicit attributes(attribute_words w)
        : places(static_cast<pixel_places>(w[0])), height(w[1]), width(w[2]) {}
  };
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    attributes const to(call.attributes());
    call.shape = call.shapes[0];
    call.shape[1] = to.height;
    call.shape[2] = to.width;
  }
  /// `Op` of dy, to the size that the resized images had.
  template <class Op>
  static constexpr handle forward_of(auto& call) {
    dims const dy = call.x(0).shape();
    i64 const words[] = {call.attributes()[0], 0, dy[1], dy[2]};
    return add_node<Op>(words, 4, call.dy);
  }
};

namespace detail {
/// The words of a size, `shape<28, 28>`, or of factors, `factors<2, 2>`, and where pixels lie.
template <class Size, class... Places>
struct resize_words;
template <class... Places>
inline constexpr pixel_places places_of = pixel_places::corners;
template <>
inline constexpr pixel_places places_of<image::align_corners_t> = pixel_places::aligned_corners;
template <>
inline constexpr pixel_places places_of<image::half_pixel_centers_t> = pixel_places::middles;
template <auto... D, class... Places>
struct resize_words<shape_t<D...>, Places...> {
  static_assert(sizeof...(D) == 2, "tfx: resize: a size is a height and a width: shape<28, 28>");
  static_assert(((extent_of<D>() != dims::unknown) && ...), "tfx: resize: extents are numbers or named dimensions");
  static_assert(note_symbols_of<shape_t<D...>>());
  using type = words<static_cast<i64>(places_of<Places...>), 0, extent_of<D>()...>;
};
template <i64... F, class... Places>
struct resize_words<factors_t<F...>, Places...> {
  static_assert(sizeof...(F) == 2, "tfx: resize: how many times the height and the width: factors<2, 2>");
  using type = words<static_cast<i64>(places_of<Places...>), 1, F...>;
};
template <class Size>
inline constexpr bool is_size = false;
template <auto... D>
inline constexpr bool is_size<shape_t<D...>> = true;
template <i64... F>
inline constexpr bool is_size<factors_t<F...>> = true;
/// A size, and nothing or one word that says where pixels lie.
template <class Size, class... Places>
concept resizing_of = is_size<Size> && sizeof...(Places) <= 1 && ((places_of<Places> != pixel_places::corners) && ...);
}  // namespace detail

TFX_END
