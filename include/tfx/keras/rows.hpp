// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <string>
#include <tfx/base/raise.hpp>
#include <tfx/shape/extents_text.hpp>
#include <tfx/tensor/value.hpp>
#include <tfx/tensor/view.hpp>
#include <vector>

TFX_BEGIN
namespace keras::detail {

enum class array_use : unsigned char { input, target, sample_weight };
/// What an array is given for, as messages call it: `fit`, and the tensor's name and shape.
struct array_role {
  char const* call;
  array_use use;
  std::string_view tensor;
  dims shape;          // of the tensor; the first is the batch
  bool holds_classes;  // labels that are whole numbers

  char const* noun() const {
    return use == array_use::input ? "input" : use == array_use::target ? "target" : "sample_weight";
  }
  char const* argument() const {
    return use == array_use::input ? "x" : use == array_use::target ? "y" : "sample_weight";
  }
  std::string full_name() const {
    char text[192];
    std::snprintf(text, sizeof text, "%s (%.*s)", argument(), static_cast<int>(tensor.size()), tensor.data());
    return text;
  }
};

[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_array(array_role const& role, dims const& given) {
  std::string wanted = "(";
  for (int k = 1; k < role.shape.rank; ++k)
    wanted += (k > 1 ? ", " : "") + (role.shape[k] < 0 ? std::string("?") : std::to_string(role.shape[k]));
  raise<errors::InvalidArgumentError>(
      "%s: Error when checking %s: expected %.*s to have rows of shape %s) but got an array of shape %s", role.call,
      role.noun(), static_cast<int>(role.tensor.size()), role.tensor.data(), wanted.c_str(),
      tfx::detail::extents_text(given.rank, given.extent).text);
}

/// The shape of an array that is to be rows of a tensor: the array's own, but that an axis of one element at the end
/// may be left out, and that labels which are whole numbers may have one more.
[[gnu::noinline]] inline dims checked_shape(array_role const& role, dims const& given) {
  int const rank = role.shape.rank;
  dims shape = given;
  if (given.rank == rank - 1 && rank > 1 && role.shape[rank - 1] == 1) shape.push_back(1);
  if (role.holds_classes && given.rank == rank + 1 && given[rank] == 1) --shape.rank;
  bool fits = shape.rank == rank && rank > 0;
  for (int k = 1; fits && k < rank; ++k) fits = role.shape[k] < 0 || role.shape[k] == shape[k];
  if (!fits) refuse_array(role, given);
  return shape;
}

/// Rows of numbers as a run is fed with them.
struct fed_array {
  array_role role;
  dtype type;
  void const* data;
  i64 rows;
  std::size_t width;
};
/// The row of a number that is NaN or infinite, or −1.
template <class T>
[[gnu::noinline]] i64 row_not_finite(T const* data, i64 rows, std::size_t width) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(rows) * width; ++i)
    if (!(data[i] - data[i] == 0)) return static_cast<i64>(i / width);
  return -1;
}

/// An array, and what it is given for.
template <class V>
struct given_array {
  V const& array;
  array_role role;
};

/// The rows of an array, given out in batches of T. An array of another dtype or order is converted once, when it is
/// taken; another is referred to and must stay.
template <class T, int Rank>
class rows {
 public:
  using view_type = memory_view<T, Rank>;

  template <class V>
  rows(given_array<V> const& given_as) {  // NOLINT: so that a tuple of them is made in place
    V const& array = given_as.array;
    array_role const& role = given_as.role;
    using traits = tfx::detail::value_traits<V>;
    auto const given = traits::shape_of(array);
    dims own;
    for (int k = 0; k < given.rank && k < max_rank; ++k) own.push_back(given.extent[k]);
    dims const shape = checked_shape(role, own);
    for (int k = 0; k < Rank; ++k) view_.shape.extent[k] = shape[k];
    count_ = shape[0];
    for (int k = 1; k < Rank; ++k) width_ *= static_cast<std::size_t>(shape[k]);
    if constexpr (traits::layout == tfx::detail::value_layout::row_major &&
                  std::is_same_v<typename traits::value_type, T>) {
      data_ = traits::data(array);
    } else {
      converted_.resize(static_cast<std::size_t>(count_) * width_);
      tfx::detail::convert_value(array, converted_.data(), role.tensor);
      data_ = converted_.data();
    }
  }
  rows(rows const&) = delete;
  rows& operator=(rows const&) = delete;

  i64 size() const { return count_; }
  T const* row(i64 i) const { return data_ + static_cast<std::size_t>(i) * width_; }
  std::size_t width() const { return width_; }
  /// Room for the largest batch, so that none allocates.
  void reserve(i64 batch) { batch_.resize(static_cast<std::size_t>(batch) * width_); }
  /// Rows that lie one after another.
  view_type slice(i64 begin, i64 count) const {
    view_type result = view_;
    result.data = row(begin);
    result.shape.extent[0] = count;
    return result;
  }
  /// Rows by their numbers, gathered; they are there until the next ones.
  view_type gather(i64 const* numbers, i64 count) {
    T* to = batch_.data();
    for (i64 i = 0; i < count; ++i, to += width_) std::memcpy(to, row(numbers[i]), width_ * sizeof(T));
    view_type result = view_;
    result.data = batch_.data();
    result.shape.extent[0] = count;
    return result;
  }

 private:
  T const* data_ = nullptr;
  i64 count_ = 0;
  std::size_t width_ = 1;
  view_type view_{};
  std::vector<T> converted_, batch_;
};

[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_counts(char const* call, std::string const& one,
                                                                       i64 rows_of_one, std::string const& other,
                                                                       i64 rows_of_other) {
  raise<errors::InvalidArgumentError>("%s: All arrays must have the same number of samples: %s has %lld, %s has %lld",
                                      call, one.c_str(), static_cast<long long>(rows_of_one), other.c_str(),
                                      static_cast<long long>(rows_of_other));
}
/// Refuses arrays of different numbers of rows, and none where there must be some.
[[gnu::noinline]] inline void common_rows(array_role const* roles, i64 const* sizes, int count, bool may_be_none) {
  for (int i = 1; i < count; ++i)
    if (sizes[i] != sizes[0])
      refuse_counts(roles[0].call, roles[0].full_name(), sizes[0], roles[i].full_name(), sizes[i]);
  if (sizes[0] == 0 && !may_be_none)
    raise<errors::InvalidArgumentError>("%s: the arrays hold no sample", roles[0].call);
}
/// Refuses labels that are no places among so many classes.
template <class T>
[[gnu::noinline]] void check_classes(array_role const& role, T const* labels, i64 rows, std::size_t width,
                                     i64 classes) {
  std::size_t const count = static_cast<std::size_t>(rows) * width;
  for (std::size_t i = 0; i < count; ++i)
    if (labels[i] < 0 || labels[i] >= classes)
      raise<errors::InvalidArgumentError>(
          "%s: Error when checking target: row %lld of %.*s has the label %lld, "
          "which is outside the valid range of [0, %lld)",
          role.call, static_cast<long long>(i / width), static_cast<int>(role.tensor.size()), role.tensor.data(),
          static_cast<long long>(labels[i]), static_cast<long long>(classes));
}
[[gnu::noinline]] inline void check_batch_size(char const* call, i64 size) {
  if (size < 1)
    raise<errors::InvalidArgumentError>("%s: batch_size must be at least 1: %lld", call, static_cast<long long>(size));
}

/// Whether an array's rank can be a tensor's, as far as its type tells; `Lacks` and `Adds` say whether it may have one
/// axis less, or one of one element more.
template <class V, int Rank, bool Lacks, bool Adds>
constexpr bool rank_fits() {
  constexpr dims shape = tfx::detail::value_traits<V>::shape;
  if constexpr (!shape.is_known()) {
    return true;
  } else {
    return shape.rank == Rank || (Adds && shape.rank == Rank + 1) || (Lacks && shape.rank == Rank - 1);
  }
}

}  // namespace keras::detail
TFX_END
