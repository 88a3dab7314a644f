// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <tfx/base/config.hpp>
#include <tfx/base/raise.hpp>
#include <vector>

TFX_BEGIN
namespace keras::preprocessing::image {

/// What is done to an image, as Keras' dictionaries of transform parameters say it.
struct transform_parameters {
  /// A rotation, in degrees.
  double theta = 0;
  /// Shifts by pixels: tx along the height, ty along the width. The image moves up, and to the left.
  double tx = 0, ty = 0;
  /// An angle in degrees.
  double shear = 0;
  /// Zooms along the height and the width: 0.5 shows half as much, twice as large.
  double zx = 1, zy = 1;
  bool flip_horizontal = false, flip_vertical = false;
  /// What is added to all channels, within the least and the largest value that the image has.
  double channel_shift_intensity = 0;

  friend bool operator==(transform_parameters const&, transform_parameters const&) = default;
};

/// What lies outside of an image, here of the row a b c d: copies of the edge in `nearest`, d c b a | a b c d | d c b a
/// in `reflect`, always the same number in `constant`, and in `wrap` the image again, but its last pixel falls on the
/// first one of the next copy, as in SciPy, which Keras asks: b c | a b c d | b c d.
enum class fill_mode : unsigned char { constant, nearest, reflect, wrap };

namespace detail {

inline fill_mode fill_mode_of(std::string const& word) {
  if (word == "nearest") return fill_mode::nearest;
  if (word == "constant") return fill_mode::constant;
  if (word == "reflect") return fill_mode::reflect;
  if (word == "wrap") return fill_mode::wrap;
  raise<errors::InvalidArgumentError>(
      "`fill_mode` should be \"nearest\", \"constant\", \"reflect\" or \"wrap\". Received: \"%s\"", word.c_str());
}

/// Where a coordinate is read: between two pixels, and how far from the first one; nowhere has no pixels.
struct between {
  i64 low = -1, high = -1;
  double part = 0;

  bool is_inside() const { return low >= 0; }
};

/// The whole number below, of one that counts pixels; std::floor is a call where the processor is not known to have it.
inline i64 floor_of(double v) {
  auto const whole = static_cast<i64>(v);
  return whole - (static_cast<double>(whole) > v);
}
inline i64 reflected(i64 at, i64 size) {
  i64 const period = 2 * size, place = (at % period + period) % period;
  return place < size ? place : period - 1 - place;
}
inline between locate(double at, i64 size, fill_mode mode) {
  // What is too far away to count pixels, or no number, lies at the end of what counts them.
  constexpr double most = 1e15;
  at = at < most ? std::max(at, -most) : most;
  // Sines and products leave a whole coordinate a little beside itself, and at the edge outside.
  auto const whole = static_cast<double>(floor_of(at + 0.5));
  if (std::abs(at - whole) < 1e-9) at = whole;
  double const last = static_cast<double>(size - 1);
  if (at < 0 || at > last) {
    switch (mode) {
      case fill_mode::constant:
        return {};
      case fill_mode::nearest:
        at = at < 0 ? 0 : last;
        break;
      case fill_mode::reflect: {
        i64 const low = floor_of(at);
        double const part = at - static_cast<double>(low);
        return {reflected(low, size), reflected(part > 0 ? low + 1 : low, size), part};
      }
      case fill_mode::wrap:
        if (size == 1) {
          at = 0;
        } else if (at < 0) {
          at += last * (std::floor(-at / last) + 1);
        } else {
          at -= last * std::floor(at / last);
        }
        at = std::clamp(at, 0.0, last);
        break;
    }
  }
  auto const low = static_cast<i64>(at);
  double const part = at - static_cast<double>(low);
  return {low, part > 0 ? low + 1 : low, part};
}

/// Row and column that the pixel of a row and a column of the result is read from.
struct affine {
  double matrix[2][2] = {{1, 0}, {0, 1}}, offset[2] = {0, 0};

  /// The product with another one.
  void then(double const (&m)[2][2], double x, double y) {
    affine r;
    for (int i = 0; i < 2; ++i) {
      for (int k = 0; k < 2; ++k) r.matrix[i][k] = matrix[i][0] * m[0][k] + matrix[i][1] * m[1][k];
      r.offset[i] = matrix[i][0] * x + matrix[i][1] * y + offset[i];
    }
    *this = r;
  }
};
[[gnu::noinline]] inline affine affine_of(transform_parameters const& p, i64 height, i64 width) {
  constexpr double degree = 3.14159265358979323846 / 180;
  // Keras 2.2 turns and zooms about this point, which is a pixel below and to the right of the middle.
  double const centre_x = static_cast<double>(height) / 2 + 0.5, centre_y = static_cast<double>(width) / 2 + 0.5;
  constexpr double same[2][2] = {{1, 0}, {0, 1}};
  affine a;
  a.then(same, centre_x, centre_y);
  double const c = std::cos(p.theta * degree), s = std::sin(p.theta * degree);
  if (p.theta != 0) a.then({{c, -s}, {s, c}}, 0, 0);
  a.then(same, p.tx, p.ty);
  if (p.shear != 0) a.then({{1, -std::sin(p.shear * degree)}, {0, std::cos(p.shear * degree)}}, 0, 0);
  a.then({{p.zx, 0}, {0, p.zy}}, 0, 0);
  a.then(same, -centre_x, -centre_y);
  return a;
}
inline void check_transform(transform_parameters const& p) {
  double const values[] = {p.theta, p.tx, p.ty, p.shear, p.zx, p.zy, p.channel_shift_intensity};
  constexpr char const* names[] = {"theta", "tx", "ty", "shear", "zx", "zy", "channel_shift_intensity"};
  for (int i = 0; i < 7; ++i)
    if (!std::isfinite(values[i]))
      raise<errors::InvalidArgumentError>("apply_transform: `%s` should be finite. Received: %g", names[i], values[i]);
}

/// Reads every pixel of an image [height, width, channels] where the transform says, between pixels in proportion.
template <class T>
[[gnu::noinline]] void apply_affine(T const* from, T* to, i64 height, i64 width, i64 channels, affine const& a,
                                    fill_mode mode, double cval) {
  for (i64 r = 0; r < height; ++r)
    for (i64 c = 0; c < width; ++c, to += channels) {
      auto const row = static_cast<double>(r), column = static_cast<double>(c);
      between const y = locate(a.matrix[0][0] * row + a.matrix[0][1] * column + a.offset[0], height, mode);
      between const x = locate(a.matrix[1][0] * row + a.matrix[1][1] * column + a.offset[1], width, mode);
      if (!y.is_inside() || !x.is_inside()) {
        std::fill_n(to, channels, static_cast<T>(cval));
        continue;
      }
      T const* const a00 = from + (y.low * width + x.low) * channels;
      T const* const a01 = from + (y.low * width + x.high) * channels;
      T const* const a10 = from + (y.high * width + x.low) * channels;
      T const* const a11 = from + (y.high * width + x.high) * channels;
      if (y.part == 0 && x.part == 0) {
        std::copy_n(a00, channels, to);
        continue;
      }
      for (i64 k = 0; k < channels; ++k) {
        // A pixel of weight 0 is not looked at, since it may be infinite.
        auto const mix = [](double low, double high, double part) {
          return part == 0 ? low : low * (1 - part) + high * part;
        };
        double const above = mix(static_cast<double>(a00[k]), static_cast<double>(a01[k]), x.part);
        double const below =
            y.part == 0 ? above : mix(static_cast<double>(a10[k]), static_cast<double>(a11[k]), x.part);
        to[k] = static_cast<T>(mix(above, below, y.part));
      }
    }
}

/// Carries a transform out on an image in place; `spare` is memory that may be used again.
template <class T>
[[gnu::noinline]] void transform_image(T* image, i64 height, i64 width, i64 channels, transform_parameters const& p,
                                       fill_mode mode, double cval, std::vector<T>& spare) {
  i64 const size = height * width * channels;
  if (size == 0) return;
  if (p.theta != 0 || p.tx != 0 || p.ty != 0 || p.shear != 0 || p.zx != 1 || p.zy != 1) {
    spare.assign(image, image + size);
    apply_affine(spare.data(), image, height, width, channels, affine_of(p, height, width), mode, cval);
  }
  if (p.channel_shift_intensity != 0) {
    T const low = *std::min_element(image, image + size), high = *std::max_element(image, image + size);
    for (i64 i = 0; i < size; ++i)
      image[i] =
          std::min(std::max(static_cast<T>(static_cast<double>(image[i]) + p.channel_shift_intensity), low), high);
  }
  if (p.flip_horizontal)
    for (i64 r = 0; r < height; ++r)
      for (i64 c = 0; c < width / 2; ++c)
        std::swap_ranges(image + (r * width + c) * channels, image + (r * width + c + 1) * channels,
                         image + (r * width + width - 1 - c) * channels);
  if (p.flip_vertical)
    for (i64 r = 0; r < height / 2; ++r)
      std::swap_ranges(image + r * width * channels, image + (r + 1) * width * channels,
                       image + (height - 1 - r) * width * channels);
}

}  // namespace detail
}  // namespace keras::preprocessing::image
TFX_END
