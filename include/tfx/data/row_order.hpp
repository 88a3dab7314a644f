// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <cstring>
#include <tfx/base/config.hpp>
#include <tfx/random/stream.hpp>
#include <tfx/tensor/container.hpp>
#include <utility>
#include <vector>

TFX_BEGIN
namespace data {

/// The order in which the rows of a data set are given out: as they are, or shuffled anew for each epoch, from a stream
/// of its own.
template <class Row>
class basic_row_order {
 public:
  basic_row_order() = default;
  explicit basic_row_order(random::seeds shuffle) : shuffle_(shuffle) {}

  i64 epoch() const { return epoch_; }
  /// The rows of this epoch in their order.
  Row const* rows() const { return order_.data(); }

  /// Goes on to the next of n rows, and from the last one to the next epoch.
  i64 next(i64 n, bool shuffle) {
    if (order_.empty()) start(n, shuffle);
    if (position_ == n) {
      ++epoch_;
      start(n, shuffle);
    }
    return order_[static_cast<std::size_t>(position_++)];
  }
  /// The order of n rows in an epoch: Fisher–Yates, with a stretch of the stream to each; without shuffling the order
  /// stays what it is.
  [[gnu::noinline]] void start(i64 n, bool shuffle) {
    position_ = 0;
    auto const rows = static_cast<std::size_t>(n);
    if (order_.empty()) {
      order_ = std::vector<Row>(rows);
      for (std::size_t i = 0; i < rows; ++i) order_[i] = static_cast<Row>(i);
    }
    if (!shuffle) return;
    std::vector<std::uint32_t> words(rows);
    random::bits(words.data(), n, shuffle_, epoch_ * random::blocks_used(n));
    for (std::size_t i = rows; i > 1; --i)
      std::swap(order_[i - 1], order_[static_cast<std::size_t>(u64{words[i - 1]} * i >> 32)]);
  }
  /// As `start`, for the epoch after this one.
  void start_next(i64 n, bool shuffle) {
    if (!order_.empty()) ++epoch_;
    start(n, shuffle);
  }

 private:
  random::seeds shuffle_{0, 1};
  std::vector<Row> order_;
  i64 position_ = 0, epoch_ = 0;
};
using row_order = basic_row_order<i64>;

namespace detail {
/// Copies rows, of `width` elements each, in the order of their numbers; rows of strings one by one.
template <class T>
[[gnu::noinline]] void gather_rows(T const* from, std::size_t width, i64 const* rows, std::size_t count, T* to) {
  for (std::size_t i = 0; i < count; ++i, to += width) {
    T const* const row = from + static_cast<std::size_t>(rows[i]) * width;
    if constexpr (std::is_trivially_copyable_v<T>) {
      if (width > 0) std::memcpy(to, row, width * sizeof(T));
    } else {
      for (std::size_t k = 0; k < width; ++k) to[k] = row[k];
    }
  }
}
}  // namespace detail

}  // namespace data
TFX_END
