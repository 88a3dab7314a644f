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

inline constexpr i64 class_count = 10;

/// Images in [0, 1], one to a row, with their labels; what `next_batch` gives, too: `auto [xs, ys] = …`.
template <class T>
struct basic_batch {
  row_major_tensor<T, 2> images;
  row_major_tensor<T, 2> labels;
};
using batch = basic_batch<float>;

/// The same with the labels as plain numbers, for `sparse_softmax_cross_entropy_with_logits`.
template <class T, class Label>
struct basic_sparse_batch {
  row_major_tensor<T, 2> images;
  row_major_tensor<Label, 1> classes;
};
using sparse_batch = basic_sparse_batch<float, i64>;

/// Labelled images that are given out in batches, in an order shuffled anew for each epoch. Images and one-hot labels
/// are T, float or double; the classes' numbers are Label, i64 or i32.
template <class T, class Label = i64>
class basic_dataset {
 public:
  static constexpr i64 class_count = datasets::class_count;

  /// [size, pixels], from 0 (paper) to 1 (ink).
  row_major_tensor<T, 2> images;
  /// [size, 10]: 1 in the column of the image's class, 0 elsewhere.
  row_major_tensor<T, 2> labels;
  /// [size]: the class of each image, 0 to 9.
  row_major_tensor<Label, 1> classes;

  // A destructor out of line, since a program has several sets; the rest as without it.
  basic_dataset() = default;
  basic_dataset(basic_dataset const&) = default;
  basic_dataset(basic_dataset&&) = default;
  basic_dataset& operator=(basic_dataset const&) = default;
  basic_dataset& operator=(basic_dataset&&) = default;
  [[gnu::noinline]] ~basic_dataset() {}

  /// A data set of `pixels`, `width` to an image, as grey values from 0 to 255; `shuffle` is the stream of its order.
  [[gnu::noinline]] basic_dataset(std::uint8_t const* pixels, std::uint8_t const* numbers, i64 size, i64 width,
                                  random::seeds shuffle)
      : images(row_major_tensor<T, 2>::from_shape({static_cast<std::size_t>(size), static_cast<std::size_t>(width)})),
        labels(row_major_tensor<T, 2>::from_shape({static_cast<std::size_t>(size), class_count})),
        classes(row_major_tensor<Label, 1>::from_shape({static_cast<std::size_t>(size)})),
        shuffle_(shuffle) {
    T* const image = images.data();
    for (i64 i = 0; i < size * width; ++i) image[i] = static_cast<T>(pixels[i]) * (T{1} / T{255});
    for (i64 i = 0; i < size; ++i) {
      T* const label = labels.data() + i * class_count;
      for (i64 k = 0; k < class_count; ++k) label[k] = k == numbers[i] ? T{1} : T{0};
      classes.data()[i] = numbers[i];
    }
  }

  i64 size() const { return static_cast<i64>(classes.size()); }
  i64 epochs_completed() const { return epochs_completed_; }

  /// The next `count` images; a batch that an epoch's end falls into takes the rest from the start of the next one.
  basic_batch<T> next_batch(i64 count, bool shuffle = true) {
    basic_batch<T> result;
    std::vector<i64> const rows = next_rows(count, shuffle);
    gather(images, rows, result.images);
    gather(labels, rows, result.labels);
    return result;
  }

  /// As `next_batch`, but the labels are numbers.
  basic_sparse_batch<T, Label> next_sparse_batch(i64 count, bool shuffle = true) {
    basic_sparse_batch<T, Label> result;
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

  [[gnu::noinline]] static void gather(row_major_tensor<T, 2> const& from, std::vector<i64> const& rows,
                                       row_major_tensor<T, 2>& to) {
    std::size_t const width = from.shape(1);
    to.resize({rows.size(), width});
    T* out = to.data();
    for (i64 row : rows) {
      std::memcpy(out, from.data() + static_cast<std::size_t>(row) * width, width * sizeof(T));
      out += width;
    }
  }
};
using dataset = basic_dataset<float>;

/// The three parts that a data set comes in.
template <class T>
struct basic_splits {
  basic_dataset<T> train, validation, test;
};
using splits = basic_splits<float>;

}  // namespace datasets
TFX_END
