// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <limits>
#include <tfx/inspect/protobuf.hpp>

TFX_BEGIN
namespace summary {

/// How many numbers lie in each of TensorFlow's buckets: their limits are −max, …, −1.1e-12, −1e-12, 0, 1e-12, 1.1e-12,
/// …, max, each 1.1 times the one before up to 1e20, where max is the largest double. A bucket holds what is at least
/// the limit before its own and less than that.
class histogram_buckets {
 public:
  /// A finite number.
  void add(double value) {
    counts_[place_of(value)] += 1;
    if (value < min_) min_ = value;
    if (value > max_) max_ = value;
    ++number_;
    sum_ += value;
    sum_of_squares_ += value * value;
  }

  /// A serialised HistogramProto's fields. A run of empty buckets is one bucket.
  void write(message_writer& to) const {
    double const totals[] = {min_, max_, static_cast<double>(number_), sum_, sum_of_squares_};
    for (int i = 0; i < 5; ++i)
      if (totals[i] != 0) to.add_double(1 + i, totals[i]);
    for (bool const limits : {true, false}) {
      std::size_t const packed = to.begin(limits ? 6 : 7);
      for (int i = 0; i < bucket_count; ++i)
        if (counts_[i] > 0 || i + 1 == bucket_count || counts_[i + 1] > 0)
          to.add_packed(limits ? limit(i) : counts_[i]);
      to.end(packed);
    }
  }

 private:
  static constexpr double most = std::numeric_limits<double>::max();
  static constexpr int positive_count = 775, bucket_count = 2 * positive_count + 1;
  struct limit_table {
    double positive[positive_count];

    limit_table() {
      double v = 1e-12;
      for (double& limit : positive) {
        limit = v;
        v *= 1.1;
      }
      positive[positive_count - 1] = most;
    }
  };
  static limit_table const& limits() {
    static limit_table const table;
    return table;
  }
  static double limit(int i) {
    if (i == positive_count) return 0;
    return i < positive_count ? -limits().positive[positive_count - 1 - i] : limits().positive[i - positive_count - 1];
  }
  // How many limits are not above the value. The last bucket takes the largest double itself.
  static int place_of(double value) {
    double const *const first = limits().positive, *const last = first + positive_count;
    if (value < 0) return positive_count - static_cast<int>(std::lower_bound(first, last, -value) - first);
    int const place = positive_count + 1 + static_cast<int>(std::upper_bound(first, last, value) - first);
    return place < bucket_count ? place : bucket_count - 1;
  }

  double counts_[bucket_count] = {};
  double min_ = most, max_ = -most, sum_ = 0, sum_of_squares_ = 0;
  i64 number_ = 0;
};

}  // namespace summary
TFX_END
