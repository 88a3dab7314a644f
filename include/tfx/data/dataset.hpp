// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <cstring>
#include <tfx/base/config.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/tensor/container.hpp>
#include <tfx/tensor/random.hpp>
#include <utility>
#include <vector>

TFX_BEGIN
namespace datasets {

/// Images in [0, 1], one to a row, with their labels; what `next_batch` gives, too: `auto [xs, ys] = …`.
struct batch {
  xt::xtensor<float, 2> images;
  xt::xtensor<float, 2> labels;
};

/// The same with the labels as plain numbers, for `sparse_softmax_cross_entropy_with_logits`.
struct sparse_batch {
  xt::xtensor<float, 2> images;
  xt::xtensor<i64, 1> classes;
};

/// Labelled images that are given out in batches, in an order shuffled anew for each epoch.
class dataset {
 public:
  static constexpr i64 class_count = 10;

  /// [size, pixels], from 0 (paper) to 1 (ink).
  xt::xtensor<float, 2> images;
  /// [size, 10]: 1 in the column of the image's class, 0 elsewhere.
  xt::xtensor<float, 2> labels;
  /// [size]: the class of each image, 0 to 9.
  xt::xtensor<i64, 1> classes;

  // A destructor out of line, since a program has several sets; the rest as without it.
  dataset() = default;
  dataset(dataset const&) = default;
  dataset(dataset&&) = default;
  dataset& operator=(dataset const&) = default;
  dataset& operator=(dataset&&) = default;
  [[gnu::noinline]] ~dataset() {}

  /// A data set of `pixels`, `width` to an image, as grey values from 0 to 255; `shuffle` is the stream of its order.
  [[gnu::noinline]] dataset(std::uint8_t const* pixels, std::uint8_t const* numbers, i64 size, i64 width,
                            random::seeds shuffle)
      : images(xt::xtensor<float, 2>::from_shape({static_cast<std::size_t>(size), static_cast<std::size_t>(width)})),
        labels(xt::xtensor<float, 2>::from_shape({static_cast<std::size_t>(size), class_count})),
        classes(xt::xtensor<i64, 1>::from_shape({static_cast<std::size_t>(size)})),
        shuffle_(shuffle) {
    float* const image = images.data();
    for (i64 i = 0; i < size * width; ++i) image[i] = static_cast<float>(pixels[i]) * (1.0f / 255.0f);
    for (i64 i = 0; i < size; ++i) {
      float* const label = labels.data() + i * class_count;
      for (i64 k = 0; k < class_count; ++k) label[k] = k == numbers[i] ? 1.0f : 0.0f;
      classes.data()[i] = numbers[i];
    }
  }

  i64 size() const { return static_cast<i64>(classes.size()); }
  i64 epochs_completed() const { return epochs_completed_; }

  /// The next `count` images; a batch that an epoch's end falls into takes the rest from the start of the next one.
  batch next_batch(i64 count, bool shuffle = true) {
    batch result;
    std::vector<i64> const rows = next_rows(count, shuffle);
    gather(images, rows, result.images);
    gather(labels, rows, result.labels);
    return result;
  }

  /// As `next_batch`, but the labels are numbers.
  sparse_batch next_sparse_batch(i64 count, bool shuffle = true) {
    sparse_batch result;
    std::vector<i64> const rows = next_rows(count, shuffle);
    gather(images, rows, result.images);
    result.classes.resize({rows.size()});
    for (std::size_t i = 0; i < rows.size(); ++i) result.classes.data()[i] = classes.data()[rows[i]];
    return result;
  }

 private:
  random::seeds shuffle_{0, 1};
  std::vector<i64> order_;
  i64 position_ = 0, epochs_completed_ = 0;

  [[gnu::noinline]] std::vector<i64> next_rows(i64 count, bool shuffle) {
    if (count < 0 || (count > 0 && size() == 0))
      raise<errors::InvalidArgumentError>("next_batch: a batch of %lld from a data set of %lld cannot be had",
                                          static_cast<long long>(count), static_cast<long long>(size()));
    if (order_.empty()) start_epoch(shuffle);
    std::vector<i64> rows(static_cast<std::size_t>(count));
    for (i64& row : rows) {
      if (position_ == size()) {
        ++epochs_completed_;
        start_epoch(shuffle);
      }
      row = order_[static_cast<std::size_t>(position_++)];
    }
    return rows;
  }

  /// Fisher–Yates from the data set's own stream, a stretch of it to each epoch; without shuffling the order stays.
  [[gnu::noinline]] void start_epoch(bool shuffle) {
    position_ = 0;
    auto const n = static_cast<std::size_t>(size());
    if (order_.empty()) {
      order_ = std::vector<i64>(n);
      for (std::size_t i = 0; i < n; ++i) order_[i] = static_cast<i64>(i);
    }
    if (!shuffle) return;
    std::vector<std::uint32_t> words(n);
    random::bits(words.data(), size(), shuffle_, epochs_completed_ * random::blocks_used(size()));
    for (std::size_t i = n; i > 1; --i)
      std::swap(order_[i - 1], order_[static_cast<std::size_t>(u64{words[i - 1]} * i >> 32)]);
  }

  [[gnu::noinline]] static void gather(xt::xtensor<float, 2> const& from, std::vector<i64> const& rows,
                                       xt::xtensor<float, 2>& to) {
    std::size_t const width = from.shape(1);
    to.resize({rows.size(), width});
    float* out = to.data();
    for (i64 row : rows) {
      std::memcpy(out, from.data() + static_cast<std::size_t>(row) * width, width * sizeof(float));
      out += width;
    }
  }
};

/// The three parts that a data set comes in.
struct splits {
  dataset train, validation, test;
};

}  // namespace datasets
TFX_END
