// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <tfx/base/config.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/data/row_order.hpp>
#include <vector>

TFX_BEGIN
namespace datasets {

inline constexpr i64 class_count = 10;

/// Images with their labels; what `next_batch` gives, too: `auto [xs, ys] = …`.
template <class T, std::size_t Rank = 2>
struct basic_batch {
  row_major_tensor<T, Rank> images;
  row_major_tensor<T, 2> labels;
};
using batch = basic_batch<float>;

/// The same with the labels as plain numbers, for `sparse_softmax_cross_entropy_with_logits`.
template <class T, class Label, std::size_t Rank = 2>
struct basic_sparse_batch {
  row_major_tensor<T, Rank> images;
  row_major_tensor<Label, 1> classes;
};
using sparse_batch = basic_sparse_batch<float, i64>;

/// Labelled images that are given out in batches, in an order shuffled anew for each epoch. Images and one-hot labels
/// are T: float, double, or std::uint8_t for grey values as they are; the classes' numbers are Label, i64 or i32.
/// Images are rows of pixels, or, with Rank 4, squares with one channel.
template <class T, class Label = i64, std::size_t Rank = 2>
class basic_dataset {
  static_assert(Rank == 2 || Rank == 4, "tfx: images are [n, pixels] or [n, side, side, 1]");

 public:
  static constexpr i64 class_count = datasets::class_count;

  /// [size, pixels] or [size, side, side, 1], from 0 (paper) to 1 (ink), or to 255 where T is a byte.
  row_major_tensor<T, Rank> images;
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
      : images(row_major_tensor<T, Rank>::from_shape(shape_of(size, width))),
        labels(row_major_tensor<T, 2>::from_shape({static_cast<std::size_t>(size), class_count})),
        classes(row_major_tensor<Label, 1>::from_shape({static_cast<std::size_t>(size)})),
        order_(shuffle) {
    T* const image = images.data();
    for (i64 i = 0; i < size * width; ++i) image[i] = grey(pixels[i]);
    for (i64 i = 0; i < size; ++i) {
      T* const label = labels.data() + i * class_count;
      for (i64 k = 0; k < class_count; ++k) label[k] = k == numbers[i] ? T{1} : T{0};
      classes.data()[i] = numbers[i];
    }
  }

  i64 size() const { return static_cast<i64>(classes.size()); }
  i64 num_examples() const { return size(); }
  i64 epochs_completed() const { return order_.epoch(); }

  /// The next `count` images; a batch that an epoch's end falls into takes the rest from the start of the next one.
  basic_batch<T, Rank> next_batch(i64 count, bool shuffle = true) {
    basic_batch<T, Rank> result;
    std::vector<i64> const rows = next_rows(count, shuffle);
    gather(images, rows, result.images);
    gather(labels, rows, result.labels);
    return result;
  }

  /// Goes on as if the next `count` images had been given out, so that training that was stopped finds the batches
  /// which it did not see: `mnist.train.skip(steps_done * batch_size)`.
  [[gnu::noinline]] void skip(i64 count, bool shuffle = true) {
    check_count(count);
    for (; count > 0; --count) order_.next(size(), shuffle);
  }

  /// As `next_batch`, but the labels are numbers.
  basic_sparse_batch<T, Label, Rank> next_sparse_batch(i64 count, bool shuffle = true) {
    basic_sparse_batch<T, Label, Rank> result;
    std::vector<i64> const rows = next_rows(count, shuffle);
    gather(images, rows, result.images);
    gather(classes, rows, result.classes);
    return result;
  }

 private:
  data::row_order order_;

  static T grey(std::uint8_t pixel) {
    if constexpr (std::is_floating_point_v<T>) {
      return static_cast<T>(pixel) * (T{1} / T{255});
    } else {
      return static_cast<T>(pixel);
    }
  }
  static std::array<std::size_t, Rank> shape_of(i64 size, i64 width) {
    if constexpr (Rank == 2) {
      return {static_cast<std::size_t>(size), static_cast<std::size_t>(width)};
    } else {
      std::size_t side = 0;
      while (side * side < static_cast<std::size_t>(width)) ++side;
      return {static_cast<std::size_t>(size), side, side, 1};
    }
  }
  void check_count(i64 count) const {
    if (count < 0 || (count > 0 && size() == 0))
      raise<errors::InvalidArgumentError>("next_batch: a batch of %lld from a data set of %lld cannot be had",
                                          static_cast<long long>(count), static_cast<long long>(size()));
  }
  [[gnu::noinline]] std::vector<i64> next_rows(i64 count, bool shuffle) {
    check_count(count);
    std::vector<i64> rows(static_cast<std::size_t>(count));
    for (i64& row : rows) row = order_.next(size(), shuffle);
    return rows;
  }
  template <class Tensor>
  static void gather(Tensor const& from, std::vector<i64> const& rows, Tensor& to) {
    auto shape = from.shape();
    shape[0] = rows.size();
    to.resize(shape);
    if (rows.empty()) return;
    data::detail::gather_rows(from.data(), to.size() / rows.size(), rows.data(), rows.size(), to.data());
  }
};
using dataset = basic_dataset<float>;

/// The three parts that a data set comes in.
template <class T, std::size_t Rank = 2>
struct basic_splits {
  basic_dataset<T, i64, Rank> train, validation, test;
};
using splits = basic_splits<float>;

}  // namespace datasets
TFX_END
