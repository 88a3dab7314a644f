// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <limits>
#include <tfx/summary/png.hpp>
#include <tfx/summary/summary_op.hpp>

TFX_BEGIN
namespace summary {

/// How many pictures of a batch are written at most: `image<"x">(batch, max_outputs<5>)`.
template <int N>
struct max_outputs_t {
  static_assert(N > 0, "tfx: max_outputs must be positive");
};
template <int N>
inline constexpr max_outputs_t<N> max_outputs{};

namespace detail {
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_picture(char const* tag, i64 height, i64 width,
                                                                        i64 channels) {
  raise<errors::InvalidArgumentError>(
      "Tensor must be 4-D with last dim 1, 3, or 4 and pictures of 1 to 2^29 pixels, not [?,%lld,%lld,%lld]\n\t"
      "[[{{node %s}}]]",
      static_cast<long long>(height), static_cast<long long>(width), static_cast<long long>(channels), tag);
}

/// Pixels of any range as bytes, TensorFlow's way: v · 255 / max where no value is negative, else v · 127 / max|v| +
/// 128; nothing but 0 or 128 where all are below 1e-6. A pixel of which a channel is not finite becomes red, or white
/// where there is one channel.
template <class T>
void normalize_pixels(T const* x, i64 pixels, int channels, std::uint8_t* out) {
  auto const is_finite = [&](T const* pixel) {
    for (int c = 0; c < channels; ++c)
      if (!std::isfinite(pixel[c])) return false;
    return true;
  };
  float least = std::numeric_limits<float>::infinity(), most = -least;
  for (i64 i = 0; i < pixels; ++i) {
    T const* const pixel = x + i * channels;
    if (!is_finite(pixel)) continue;
    for (int c = 0; c < channels; ++c) {
      least = std::min(least, static_cast<float>(pixel[c]));
      most = std::max(most, static_cast<float>(pixel[c]));
    }
  }
  bool const centred = least < 0;
  float const largest = centred ? std::max(-least, std::abs(most)) : most;
  T const scale = largest < 1e-6f ? 0.0f : (centred ? 127.0f : 255.0f) / largest, offset = centred ? 128.0f : 0.0f;
  constexpr std::uint8_t bad_color[] = {255, 0, 0, 255};
  for (i64 i = 0; i < pixels; ++i) {
    T const* const pixel = x + i * channels;
    bool const finite = is_finite(pixel);
    for (int c = 0; c < channels; ++c)
      out[i * channels + c] = finite ? static_cast<std::uint8_t>(pixel[c] * scale + offset) : bad_color[c];
  }
}
}  // namespace detail

/// Pictures as PNG files. First word: how many at most.
struct image_summary_op : summary_op {
  static constexpr auto name = "ImageSummary";
  static constexpr op_traits traits{.may_fail = true, .has_scratch = true};

  static constexpr void infer(inference& call) {
    call.type = dtype::string;
    if (call.types[0] != dtype::uint8) only_floating(call, call.types[0]);
    dims const& x = call.shapes[0];
    if (!x.is_known()) return;
    if (x.rank != 4)
      return call.refuse(refusal_kind::rank, x, dims{4, {dims::unknown, dims::unknown, dims::unknown, 3}});
    if (x[3] >= 0 && x[3] != 1 && x[3] != 3 && x[3] != 4)
      call.refuse(refusal_kind::shape_mismatch, x, dims{4, {x[0], x[1], x[2], 3}});
  }
  /// The pixels of one picture as bytes, and its rows as PNG filters them, with a byte more for each: together at most
  /// three times the pixels.
  static constexpr void scratch(scratch_request& call) {
    dims const& x = call.shape(0);
    dims const picture{3, {x[1], x[2], x[3]}};
    call.add(dtype::uint8, picture, picture, picture);
  }
  template <class Call>
  static void run(Call const& call) {
    using T = typename Call::template in_type<0>;
    constexpr dims x = Call::in_shape(0);
    constexpr auto& tag = detail::tag_of<Call, 1>;
    constexpr i64 most = Call::attributes()[0];
    i64 const height = call.extent(x[1]), width = call.extent(x[2]), channels = call.extent(x[3]),
              count = std::min(most, call.extent(x[0])), pixels = height * width;
    bool const fits = channels == 1 || channels == 3 || channels == 4;
    if (!fits || (count > 0 && (pixels == 0 || pixels >= i64{1} << 29)))
      detail::refuse_picture(tag.text, height, width, channels);
    std::uint8_t *const bytes = call.scratch(), *const rows = bytes + pixels * channels;
    message_writer out(static_cast<std::string&&>(*call.out()));
    for (i64 i = 0; i < count; ++i) {
      T const* const picture = call.template in<0>() + i * pixels * channels;
      std::size_t const value = out.begin(1), path = out.begin(1);
      out.append(tag.view());
      out.append("/image");
      if (most > 1) out.append("/" + std::to_string(i));
      out.end(path);
      std::size_t const image = out.begin(4);
      out.add_number(1, height);
      out.add_number(2, width);
      out.add_number(3, channels);
      std::size_t const file = out.begin(4);
      std::uint8_t const* shown = bytes;
      if constexpr (std::is_same_v<T, std::uint8_t>) {
        shown = picture;
      } else {
        detail::normalize_pixels(picture, pixels, static_cast<int>(channels), bytes);
      }
      out.append([&](std::string& to) {
        append_png(to, shown, static_cast<std::uint32_t>(height), static_cast<std::uint32_t>(width),
                   static_cast<int>(channels), rows);
      });
      out.end(file);
      out.end(image);
      out.end(value);
    }
    *call.out() = out.take();
  }
};

/// Pictures of TensorBoard's: `summary::image<"x">(batch)` of a tensor [batch, height, width, channels] with 1 (grey),
/// 3 (RGB) or 4 (RGBA) channels. The first three are written, or as many as `max_outputs<5>` says, as PNG files under
/// the tags x/image/0, x/image/1, …, or x/image for `max_outputs<1>`. Bytes are written as they are; of float and
/// double each picture is scaled on its own: v · 255 / max, or, where a value is negative, v · 127 / max|v| + 128. A
/// pixel that is not finite is red (white where there is one channel).
template <name Name, expression X, int N = 3>
constexpr summary_result<image_summary_op, Name, words<N>, X> image(X const& x, max_outputs_t<N> = {}) {
  return summarize<image_summary_op, Name, words<N>>(x);
}
/// Inside functions over handles, under a name that may be composed.
template <untyped X, int N = 3>
constexpr X image(std::string_view name, X const& x, max_outputs_t<N> = {}) {
  return summarize<image_summary_op>(name, x, {N});
}

}  // namespace summary
TFX_END
