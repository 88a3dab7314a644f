// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cmath>
#include <concepts>
#include <ctime>
#include <initializer_list>
#include <string>
#include <tfx/base/clock.hpp>
#include <tfx/base/hash.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/keras/preprocessing/affine_transform.hpp>
#include <tfx/random/stream.hpp>
#include <vector>

TFX_BEGIN
namespace keras::preprocessing::image {

/// By how much an image is shifted at most: 0.2, a part of its extent; 3.0, pixels from 1 on; 3, whole pixels less than
/// that many; {1, 4}, one of these either way. What is below 1 is a part of the extent.
class shift_range {
 public:
  shift_range() = default;
  template <std::floating_point T>
  shift_range(T most) : most_(std::abs(static_cast<double>(most))) {}  // NOLINT: a number is a range
  template <std::integral T>
  shift_range(T pixels) : below_(static_cast<double>(pixels)), whole_(true) {}  // NOLINT
  shift_range(std::initializer_list<double> shifts) : choices_(shifts) {}

  /// A shift from three numbers in [0, 1).
  [[gnu::noinline]] double draw(i64 extent, double choice, double sign) const {
    double shift = 0, largest = most_;
    if (!choices_.empty()) {
      auto const count = static_cast<double>(choices_.size());
      shift = choices_[static_cast<std::size_t>(choice * count)];
      largest = 0;
      for (double const s : choices_) largest = std::max(largest, std::abs(s));
    } else if (whole_) {
      shift = std::floor(choice * below_);
      largest = below_;
    } else {
      return most_ * (2 * choice - 1) * (most_ < 1 ? static_cast<double>(extent) : 1.0);
    }
    return shift * (sign < 0.5 ? -1 : 1) * (largest < 1 ? static_cast<double>(extent) : 1.0);
  }
  void check(char const* name) const {
    double worst = whole_ ? below_ : most_;
    for (double const s : choices_)
      if (!std::isfinite(s)) worst = s;
    if (!std::isfinite(worst) || worst < 0)
      raise<errors::InvalidArgumentError>("`%s` should be finite and not negative. Received: %g", name, worst);
  }

 private:
  double most_ = 0, below_ = 0;
  bool whole_ = false;
  std::vector<double> choices_;
};

/// Between which numbers a zoom is drawn: 0.2 stands for {0.8, 1.2}.
struct zoom_range {
  double lower = 1, upper = 1;

  zoom_range() = default;
  template <class T>
    requires std::is_arithmetic_v<T>
  zoom_range(T part)  // NOLINT: a number is a range
      : lower(1 - static_cast<double>(part)), upper(1 + static_cast<double>(part)) {}
  zoom_range(double from, double to) : lower(from), upper(to) {}
};

/// What an `ImageDataGenerator` may be told, in the order of Keras' arguments.
struct image_options {
  /// Takes the mean over all images, which `fit` found, of each channel away.
  bool featurewise_center = false;
  /// Takes its own mean away from each image.
  bool samplewise_center = false;
  /// Divides by the standard deviation of each channel, which `fit` found; centers, too.
  bool featurewise_std_normalization = false;
  /// Divides each image by its own standard deviation; centers, too.
  bool samplewise_std_normalization = false;
  /// Degrees, either way.
  double rotation_range = 0;
  shift_range width_shift_range = {};
  shift_range height_shift_range = {};
  /// Degrees, either way.
  double shear_range = 0;
  image::zoom_range zoom_range = {};
  double channel_shift_range = 0;
  /// What is seen outside of an image: "nearest", "constant", "reflect" or "wrap", as `image::fill_mode` tells.
  std::string fill_mode = "nearest";
  /// The number outside for "constant".
  double cval = 0;
  bool horizontal_flip = false;
  bool vertical_flip = false;
  /// What pixels are multiplied by, after all else but standardization; 0: nothing.
  double rescale = 0;
  /// Which part of the images, from the first on, is the subset "validation".
  double validation_split = 0;
};

namespace detail {

/// The seeds of a stream of random transforms; without a seed, of another one each time.
[[gnu::noinline]] inline random::seeds stream_of(random::maybe_seed seed, u64 purpose) {
  if (seed.is_set) return {static_cast<u64>(seed.value), purpose};
  int here = 0;
  return {mix(static_cast<u64>(nanoseconds_since_1970()),
              mix(reinterpret_cast<std::uintptr_t>(&here), static_cast<u64>(std::clock()))) |
              1,
          purpose};
}

/// What is drawn and computed for each image.
class augmentation {
 public:
  image::fill_mode fill = image::fill_mode::nearest;
  image_options options;
  /// Of each channel, once `fit` has found them.
  std::vector<double> mean, deviation;

  [[gnu::noinline]] explicit augmentation(image_options given) : options(std::move(given)) {
    image_options& o = options;
    fill = fill_mode_of(o.fill_mode);
    o.width_shift_range.check("width_shift_range");
    o.height_shift_range.check("height_shift_range");
    check_finite("rotation_range", o.rotation_range);
    check_finite("shear_range", o.shear_range);
    check_finite("zoom_range", o.zoom_range.lower);
    check_finite("zoom_range", o.zoom_range.upper);
    check_finite("channel_shift_range", o.channel_shift_range);
    check_finite("rescale", o.rescale);
    if (o.validation_split != 0 && !(o.validation_split > 0 && o.validation_split < 1))
      raise<errors::InvalidArgumentError>("`validation_split` must be strictly between 0 and 1. Received: %g",
                                          o.validation_split);
    o.featurewise_center |= o.featurewise_std_normalization;
    o.samplewise_center |= o.samplewise_std_normalization;
  }

  /// The transform of number `index` of a stream; each has so many of its numbers to itself.
  [[gnu::noinline]] transform_parameters draw(i64 height, i64 width, random::seeds seeds, i64 index) const {
    constexpr int draws = 16, blocks = draws / 2;
    double u[draws];
    random::uniform(u, draws, seeds, index * blocks);
    auto const within = [&](double range, double from) { return range == 0 ? 0 : range * (2 * from - 1); };
    image_options const& o = options;
    transform_parameters p;
    p.theta = within(o.rotation_range, u[0]);
    p.tx = o.height_shift_range.draw(height, u[1], u[2]);
    p.ty = o.width_shift_range.draw(width, u[3], u[4]);
    p.shear = within(o.shear_range, u[5]);
    p.zx = o.zoom_range.lower + (o.zoom_range.upper - o.zoom_range.lower) * u[6];
    p.zy = o.zoom_range.lower + (o.zoom_range.upper - o.zoom_range.lower) * u[7];
    p.flip_horizontal = o.horizontal_flip && u[8] < 0.5;
    p.flip_vertical = o.vertical_flip && u[9] < 0.5;
    p.channel_shift_intensity = within(o.channel_shift_range, u[10]);
    return p;
  }

  /// Refuses what `standardize` could not do.
  void check_fitted(i64 channels) const {
    if (!options.featurewise_center) return;
    if (mean.empty())
      raise<errors::FailedPreconditionError>(
          "This ImageDataGenerator specifies `%s`, but it hasn't been fit on any training data. Fit it first by "
          "calling `.fit(data)`.",
          options.featurewise_std_normalization ? "featurewise_std_normalization" : "featurewise_center");
    if (static_cast<i64>(mean.size()) != channels)
      raise<errors::InvalidArgumentError>("ImageDataGenerator: was fit on images of %lld channels, and these have %lld",
                                          static_cast<long long>(mean.size()), static_cast<long long>(channels));
  }
  template <class T>
  [[gnu::noinline]] void standardize(T* image, i64 pixels, i64 channels) const {
    constexpr double epsilon = 1e-7;
    i64 const size = pixels * channels;
    image_options const& o = options;
    if (size == 0) return;
    auto const change = [&](auto to) {
      for (i64 i = 0; i < size; ++i) image[i] = static_cast<T>(to(static_cast<double>(image[i]), i % channels));
    };
    if (o.rescale != 0) change([&](double v, i64) { return v * o.rescale; });
    if (o.samplewise_center) {
      auto const n = static_cast<double>(size);
      double average = 0, square = 0;
      for (i64 i = 0; i < size; ++i) average += static_cast<double>(image[i]) / n;
      for (i64 i = 0; i < size; ++i) {
        double const d = static_cast<double>(image[i]) - average;
        square += d * d / n;
      }
      double const divisor = o.samplewise_std_normalization ? std::sqrt(square) + epsilon : 1;
      change([&](double v, i64) { return (v - average) / divisor; });
    }
    if (o.featurewise_center) {
      bool const divides = o.featurewise_std_normalization;
      change([&](double v, i64 k) {
        auto const channel = static_cast<std::size_t>(k);
        return (v - mean[channel]) / (divides ? deviation[channel] + epsilon : 1.0);
      });
    }
  }
  /// Finds mean and deviation of each channel over so many pixels.
  template <class T>
  [[gnu::noinline]] void learn(T const* pixel, i64 pixels, i64 channels) {
    auto const n = static_cast<double>(pixels);
    std::vector<double> sums(static_cast<std::size_t>(channels)), squares(sums.size());
    for (i64 i = 0; i < pixels * channels; ++i)
      sums[static_cast<std::size_t>(i % channels)] += static_cast<double>(pixel[i]);
    for (double& sum : sums) sum /= n;
    for (i64 i = 0; i < pixels * channels; ++i) {
      auto const channel = static_cast<std::size_t>(i % channels);
      double const d = static_cast<double>(pixel[i]) - sums[channel];
      squares[channel] += d * d;
    }
    for (double& square : squares) square = std::sqrt(square / n);
    mean = std::move(sums);
    deviation = std::move(squares);
  }

 private:
  static void check_finite(char const* name, double value) {
    if (!std::isfinite(value)) raise<errors::InvalidArgumentError>("`%s` should be finite. Received: %g", name, value);
  }
};

}  // namespace detail
}  // namespace keras::preprocessing::image
TFX_END
