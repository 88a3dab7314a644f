// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <tfx/base/raise.hpp>
#include <tfx/data/batches.hpp>
#include <tfx/data/row_order.hpp>
#include <tfx/data/tensor_of.hpp>
#include <tfx/keras/preprocessing/image_augmentation.hpp>
#include <tfx/shape/extents_text.hpp>
#include <tuple>
#include <utility>
#include <vector>

TFX_BEGIN
namespace keras::preprocessing::image {

/// What `ImageDataGenerator::flow` may be told, in the order of Keras' arguments.
struct flow_options {
  i64 batch_size = 32;
  /// Whether each epoch has an order of its own.
  bool shuffle = true;
  /// The seed of orders and transforms; without one they differ from program run to program run.
  random::maybe_seed seed = {};
  /// "training" or "validation", of the generator's `validation_split`; all images where it is empty.
  std::string subset = {};
  /// Whether a loop over the batches goes on from epoch to epoch, as Keras' does, until it is left.
  bool endless = false;
};

namespace detail {

/// Which rows of n a subset has: those from `first` on.
struct subset_rows {
  i64 first, count;
};
[[gnu::noinline]] inline subset_rows rows_of_subset(std::string const& subset, double validation_split, i64 n) {
  if (subset.empty()) return {0, n};
  if (subset != "training" && subset != "validation")
    raise<errors::InvalidArgumentError>("Invalid `subset` name: %s; expected \"training\" or \"validation\".",
                                        subset.c_str());
  auto const split = static_cast<i64>(static_cast<double>(n) * validation_split);
  if (subset == "validation") return {0, split};
  return {split, n - split};
}

[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_lengths(bool is_weight, i64 const* x, int rank,
                                                                        i64 const* other) {
  char const* const name = is_weight ? "sample_weight" : "y";
  raise<errors::InvalidArgumentError>(
      "`x` (images tensor) and `%s`%s should have the same length. Found: x.shape = %s, %s.shape = %s", name,
      is_weight ? "" : " (labels)", tfx::detail::extents_text(4, x).text, name,
      tfx::detail::extents_text(rank, other).text);
}

}  // namespace detail

/// Batches of images, each changed at random, with what belongs to them; `ImageDataGenerator::flow` makes it.
///
///     auto flow = generator.flow(images, labels, {.batch_size = 32, .seed = 7});
///     for (auto& [xs, ys] : flow) …   // one epoch, or as many as are wanted with .endless
///
/// An image's change is told by the seed, the epoch and its place in it. `data::prefetch(flow)` makes batches ahead on
/// a second thread.
template <class Images, class... Others>
class image_flow {
  using image_rows = data::detail::rows_of<Images>;
  using pixel = data::detail::floating_of<typename image_rows::value_type>;
  static_assert(image_rows::rank == 4, "tfx: flow takes images [n, height, width, channels]");
  static_assert(std::is_arithmetic_v<typename image_rows::value_type>, "tfx: flow takes images of real numbers");

 public:
  /// One batch: images, as float where they are whole numbers, and a tensor for each other array.
  using value_type = std::tuple<row_major_tensor<pixel, 4>, typename data::detail::rows_of<Others>::batch_type...>;

  image_flow(detail::augmentation how, flow_options const& o, Images&& images, Others&&... others)
      : how_(std::move(how)),
        images_(static_cast<Images&&>(images)),
        others_(data::detail::rows_of<Others>(static_cast<Others&&>(others))...),
        batch_size_(o.batch_size),
        shuffled_(o.shuffle),
        endless_(o.endless),
        order_(detail::stream_of(o.seed, 1)),
        transforms_(detail::stream_of(o.seed, 2)) {
    if (o.batch_size < 1)
      raise<errors::InvalidArgumentError>("`batch_size` must be greater than zero. Received: %lld.",
                                          static_cast<long long>(o.batch_size));
    check_lengths(std::index_sequence_for<Others...>());
    auto const shape = images_.shape();
    height_ = shape.extent[1];
    width_ = shape.extent[2];
    channels_ = shape.extent[3];
    how_.check_fitted(channels_);
    auto const rows = detail::rows_of_subset(o.subset, how_.options.validation_split, images_.size());
    first_ = rows.first;
    rows_ = rows.count;
    place_ = rows_;
  }

  /// How many batches an epoch has; its last one may be smaller.
  i64 size() const { return rows_ / batch_size_ + (rows_ % batch_size_ != 0); }
  /// The same in Keras' word.
  i64 len() const { return size(); }

  /// Begins an epoch.
  void restart() {
    order_.start_next(rows_, shuffled_);
    place_ = skipped_ * batch_size_;
    skipped_ = 0;
  }
  /// Before an epoch: as if `count` batches had been given out already.
  void skip(i64 count) {
    if (count < 0)
      raise<errors::InvalidArgumentError>("skip: cannot go back by %lld batches", -static_cast<long long>(count));
    if (size() == 0) return;
    skipped_ += count % size();
    for (i64 epochs = count / size() + skipped_ / size(); epochs > 0; --epochs) order_.start_next(rows_, shuffled_);
    skipped_ %= size();
    place_ = rows_;
  }
  /// The next batch of the epoch, into memory that may hold one before; false where there is none.
  bool next(value_type& to) {
    if (place_ >= rows_ && endless_ && rows_ > 0) restart();
    i64 const left = rows_ - place_;
    if (left <= 0) return false;
    i64 const count = std::min(left, batch_size_);
    chosen_.resize(static_cast<std::size_t>(count));
    for (i64 i = 0; i < count; ++i) chosen_[static_cast<std::size_t>(i)] = first_ + order_.rows()[place_ + i];
    gather_images(std::get<0>(to));
    i64 const begin = order_.epoch() * rows_ + place_, size = height_ * width_ * channels_;
    for (i64 i = 0; i < count; ++i) {
      pixel* const image = std::get<0>(to).data() + i * size;
      detail::transform_image(image, height_, width_, channels_, how_.draw(height_, width_, transforms_, begin + i),
                              how_.fill, how_.options.cval, spare_);
      how_.standardize(image, height_ * width_, channels_);
    }
    gather_others(to, std::index_sequence_for<Others...>());
    place_ += count;
    return true;
  }
  /// The next batch, from epoch to epoch without an end, as Python's next(flow).
  value_type& next() {
    if (rows_ == 0) raise<errors::OutOfRangeError>("flow: there are no images, and so no next batch");
    if (place_ >= rows_) restart();
    next(current_);
    return current_;
  }

  /// A batch is there until the next one.
  class iterator {
   public:
    explicit iterator(image_flow& of) : of_(&of) { ++*this; }
    value_type& operator*() const { return of_->current_; }
    iterator& operator++() {
      more_ = of_->next(of_->current_);
      return *this;
    }
    friend bool operator==(iterator const& i, data::detail::no_more) { return !i.more_; }

   private:
    image_flow* of_;
    bool more_ = false;
  };
  iterator begin() {
    restart();
    return iterator(*this);
  }
  data::detail::no_more end() const { return {}; }

 private:
  detail::augmentation how_;
  image_rows images_;
  std::tuple<data::detail::rows_of<Others>...> others_;
  i64 batch_size_, first_ = 0, rows_ = 0, place_ = 0;
  i64 skipped_ = 0;  // batches of the epoch that begins next
  i64 height_ = 0, width_ = 0, channels_ = 0;
  bool shuffled_, endless_;
  data::row_order order_;
  random::seeds transforms_;
  std::vector<i64> chosen_;
  std::vector<pixel> spare_;
  typename image_rows::batch_type bytes_;  // images before they are converted
  value_type current_;

  template <std::size_t... I>
  void check_lengths(std::index_sequence<I...>) const {
    [[maybe_unused]] auto const x = images_.shape();
    [[maybe_unused]] auto const check = [&](auto const& other, bool is_weight) {
      auto const shape = other.shape();
      if (shape.extent[0] != x.extent[0])
        detail::refuse_lengths(is_weight, x.extent, std::remove_cvref_t<decltype(shape)>::rank, shape.extent);
    };
    (check(std::get<I>(others_), I == 1), ...);
  }
  void gather_images(row_major_tensor<pixel, 4>& to) {
    if constexpr (std::is_same_v<pixel, typename image_rows::value_type>) {
      images_.gather(chosen_.data(), chosen_.size(), to);
    } else {
      images_.gather(chosen_.data(), chosen_.size(), bytes_);
      if (to.shape() != bytes_.shape()) to.resize(bytes_.shape());
      for (std::size_t i = 0; i < bytes_.size(); ++i) to.data()[i] = static_cast<pixel>(bytes_.data()[i]);
    }
  }
  template <std::size_t... I>
  void gather_others(value_type& to, std::index_sequence<I...>) {
    (std::get<I>(others_).gather(chosen_.data(), chosen_.size(), std::get<I + 1>(to)), ...);
  }
};

}  // namespace keras::preprocessing::image
TFX_END
