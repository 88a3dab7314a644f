// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <limits>
#include <tfx/base/raise.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// How a range of floats and the whole numbers of a dtype T, from lowest to highest, correspond.
enum class quantization_mode : unsigned char {
  min_combined,  // min and max are lowest and highest
  min_first,     // the same, but that min is first rounded to a whole number of steps: 0 is a whole number then
  scaled,        // 0 is 0, and one step is as small as it can be where T is to hold min and max
};
/// What a number becomes that lies between two whole ones, at half the way.
enum class rounding : unsigned char { half_away_from_zero, half_to_even };

namespace kernel {

/// Of floats: what quantize reads, and what it says that its results stand for.
struct float_range {
  float low, high;
};
/// The range of which quantize takes the numbers: that which is given with 0 in it, and not too narrow.
inline float_range quantized_range(float_range given) {
  if (!(given.high >= given.low))  // NaN too
    raise<errors::InvalidArgumentError>("input_max_range must be larger than input_min_range.");
  float const least = std::fmax(1.0f, std::fmax(std::fabs(given.low), std::fabs(given.high))) * 0.01f;
  float const low = std::fmin(0.0f, given.low), high = std::fmax(given.high, low + least);
  return {low, std::fmax(0.0f, high)};
}

/// The nearest whole number, halves away from zero.
template <class X>
TFX_INLINE X round_half_away(X const& x) {
  X const whole = simd::trunc(x);
  return simd::select(simd::abs(x - whole) >= X(0.5f), whole + simd::copysign(X(1.0f), x), whole);
}
/// How floats become a T: (x within its range - zero) · scale, rounded, less `shift`, and the nearest T.
template <class T, quantization_mode Mode, rounding Rounding>
struct quantizer {
  static constexpr double lowest = std::numeric_limits<T>::min(), highest = std::numeric_limits<T>::max();
  static constexpr bool is_first = Mode == quantization_mode::min_first, is_signed = lowest < 0;
  static constexpr bool is_combined = Mode == quantization_mode::min_combined;
  /// The float below a power of two is the largest that an int32 holds.
  static constexpr float most = sizeof(T) == 4 ? 2147483520.0f : static_cast<float>(highest);

  float_range range;
  float scale, shift = 0;

  explicit quantizer(float_range const& given) : range(given) {
    if constexpr (Mode == quantization_mode::scaled) {
      float const none = std::numeric_limits<float>::max(), least = static_cast<float>(lowest);
      float const below = least * range.low > 0 ? least / range.low : none;
      float const above = range.high > 0 ? static_cast<float>(highest) / range.high : none;
      scale = below < above ? below : above;
      range = {least / scale, static_cast<float>(highest) / scale};
    } else {
      scale = static_cast<float>((highest - lowest) / static_cast<double>(range.high - range.low));
      if constexpr (is_first) {
        shift = std::round(range.low * scale) - static_cast<float>(lowest);
      } else if constexpr (is_signed) {
        shift = static_cast<float>((highest - lowest + 1) / 2);
      }
    }
  }
  /// NaN becomes the lowest T.
  template <class X>
  TFX_INLINE auto operator()(X const& x) const {
    X v = x;
    if constexpr (!is_first) {
      v = simd::select(v > X(range.low), v, X(range.low));
      v = simd::select(v < X(range.high), v, X(range.high));
    }
    if constexpr (is_combined) {
      v = (v - X(range.low)) * X(scale);
      v = is_signed ? round_half_away(v - X(shift)) : simd::trunc(v + X(0.5f));
    } else {
      v = Rounding == rounding::half_to_even ? simd::rint(v * X(scale)) : round_half_away(v * X(scale));
      if constexpr (is_first) v = v - X(shift);
    }
    X const least(static_cast<float>(lowest));
    v = simd::select(v > least, v, least);
    return simd::convert<T>(simd::select(v < X(most), v, X(most)));
  }
  void operator()(float const* x, T* y, i64 n) const {
    using pack = simd::pack<float, simd::width<float>>;
    i64 i = 0;
    for (; i + pack::lanes <= n; i += pack::lanes) (*this)(pack::load(x + i)).store(y + i);
    if (i == n) return;
    int const rest = static_cast<int>(n - i);
    (*this)(pack::load(x + i, rest)).store(y + i, rest);
  }
};

}  // namespace kernel
TFX_END
