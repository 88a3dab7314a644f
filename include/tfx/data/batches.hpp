// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <tfx/base/raise.hpp>
#include <tfx/data/row_order.hpp>
#include <tfx/data/tensor_of.hpp>
#include <tuple>
#include <type_traits>
#include <utility>

TFX_BEGIN
namespace data {

namespace detail {
/// The rows of an array: what an lvalue holds stays where it is, what a temporary holds is kept.
template <class Array>
class rows_of {
  using V = std::remove_cvref_t<Array>;
  using traits = tfx::detail::value_traits<V>;
  static_assert(traits::shape.is_known() && traits::shape.rank > 0,
                "tfx: an array's type must tell its rank, at least 1: an xtensor, a std::vector, a std::array");
  static constexpr bool is_in_rows = traits::layout == tfx::detail::value_layout::row_major;

 public:
  using value_type = typename traits::value_type;
  static constexpr std::size_t rank = static_cast<std::size_t>(traits::shape.rank);
  using batch_type = row_major_tensor<value_type, rank>;

  explicit rows_of(Array&& array) : array_(in_rows(static_cast<Array&&>(array))) {}
  i64 size() const { return shape().extent[0]; }
  auto shape() const { return kept_traits::shape_of(array_); }
  void gather(i64 const* rows, std::size_t count, batch_type& to) const {
    auto all = extents_of(array_);
    all[0] = count;
    if (to.shape() != all) to.resize(all);
    if (to.size() > 0) gather_rows(kept_traits::data(array_), to.size() / count, rows, count, to.data());
  }

 private:
  using kept =
      std::conditional_t<is_in_rows, std::conditional_t<std::is_lvalue_reference_v<Array>, V const&, V>, batch_type>;
  using kept_traits = tfx::detail::value_traits<std::remove_cvref_t<kept>>;
  kept array_;

  // Rows that do not lie in a row are copied once.
  static decltype(auto) in_rows(Array&& array) {
    if constexpr (is_in_rows) {
      return static_cast<Array&&>(array);
    } else {
      return tensor_of<value_type>(array);
    }
  }
};
struct no_more {};
}  // namespace detail

/// Batches of rows of arrays; each pass gives every row once, and its last batch what is left. `Dataset` makes them.
template <class... Arrays>
class batches {
 public:
  /// One batch: a tensor for each array.
  using value_type = std::tuple<typename detail::rows_of<Arrays>::batch_type...>;

  batches(std::tuple<detail::rows_of<Arrays>...>&& arrays, i64 size, row_order order, bool shuffled)
      : arrays_(std::move(arrays)), size_(size), order_(std::move(order)), shuffled_(shuffled) {
    if (size < 1)
      raise<errors::InvalidArgumentError>("batch_size must be greater than zero. Received: %lld.",
                                          static_cast<long long>(size));
  }

  /// Number of batches in a pass.
  i64 size() const { return (rows() + size_ - 1) / size_; }

  /// Begins a pass, in an order of its own where rows are shuffled.
  void restart() {
    order_.start_next(rows(), shuffled_);
    place_ = skipped_ * size_;
    skipped_ = 0;
  }
  /// Before a pass: as if `count` batches had been given out already, in passes that are over and at the beginning of
  /// the next one, so that training that was stopped finds the batches which it did not see.
  void skip(i64 count) {
    if (count < 0)
      raise<errors::InvalidArgumentError>("skip: cannot go back by %lld batches", -static_cast<long long>(count));
    if (size() == 0) return;
    skipped_ += count % size();
    for (i64 passes = count / size() + skipped_ / size(); passes > 0; --passes) order_.start_next(rows(), shuffled_);
    skipped_ %= size();
    place_ = rows();
  }
  /// The next batch of the pass, into memory that may hold one before; false where there is none.
  bool next(value_type& to) {
    i64 const left = rows() - place_;
    if (left <= 0) return false;
    auto const count = static_cast<std::size_t>(left < size_ ? left : size_);
    i64 const* const chosen = order_.rows() + place_;
    gather(chosen, count, to, std::index_sequence_for<Arrays...>());
    place_ += static_cast<i64>(count);
    return true;
  }

  /// `for (auto& [xs, ys] : set)` is a pass; a batch is there until the next one.
  class iterator {
   public:
    explicit iterator(batches& of) : of_(&of) { ++*this; }
    value_type& operator*() const { return of_->current_; }
    iterator& operator++() {
      more_ = of_->next(of_->current_);
      return *this;
    }
    friend bool operator==(iterator const& i, detail::no_more) { return !i.more_; }

   private:
    batches* of_;
    bool more_ = false;
  };
  iterator begin() {
    restart();
    return iterator(*this);
  }
  detail::no_more end() const { return {}; }

 private:
  std::tuple<detail::rows_of<Arrays>...> arrays_;
  i64 size_, place_ = 0;
  i64 skipped_ = 0;  // batches of the pass that begins next
  row_order order_;
  bool shuffled_;
  value_type current_;

  i64 rows() const { return std::get<0>(arrays_).size(); }
  template <std::size_t... I>
  void gather(i64 const* chosen, std::size_t count, value_type& to, std::index_sequence<I...>) const {
    (std::get<I>(arrays_).gather(chosen, count, std::get<I>(to)), ...);
  }
};

/// Arrays of one number of rows, not yet in batches.
template <class... Arrays>
class slices {
 public:
  explicit slices(Arrays&&... arrays) : arrays_(detail::rows_of<Arrays>(static_cast<Arrays&&>(arrays))...) {
    check(std::index_sequence_for<Arrays...>());
  }

  /// All rows in an order that each pass draws anew from a stream with this seed.
  slices shuffle(i64 seed = 1) && {
    order_ = row_order({static_cast<u64>(seed), 1});
    shuffled_ = true;
    return std::move(*this);
  }
  /// In batches of `size` rows; a pass's last one holds what is left.
  batches<Arrays...> batch(i64 size) && { return {std::move(arrays_), size, std::move(order_), shuffled_}; }

 private:
  std::tuple<detail::rows_of<Arrays>...> arrays_;
  row_order order_;
  bool shuffled_ = false;

  template <std::size_t... I>
  void check(std::index_sequence<I...>) const {
    i64 const sizes[] = {std::get<I>(arrays_).size()...};
    for (i64 size : sizes)
      if (size != sizes[0])
        raise<errors::InvalidArgumentError>("from_tensor_slices: Dimensions %lld and %lld are not compatible",
                                            static_cast<long long>(sizes[0]), static_cast<long long>(size));
  }
};

/// Rows of arrays, given out in batches:
///
///     auto set = data::Dataset::from_tensor_slices(images, labels).shuffle(7).batch(32);
///     for (int epoch = 0; epoch < 10; ++epoch)
///       for (auto& [xs, ys] : set) sess.run(train, x = xs, y = ys);
///
/// An array that has a name is referred to and must stay; a temporary is kept.
struct Dataset {
  template <class... Arrays>
    requires(sizeof...(Arrays) > 0 && (feedable<std::remove_cvref_t<Arrays>> && ...))
  static slices<Arrays...> from_tensor_slices(Arrays&&... arrays) {
    return slices<Arrays...>(static_cast<Arrays&&>(arrays)...);
  }
};

}  // namespace data
TFX_END
