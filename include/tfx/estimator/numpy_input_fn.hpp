// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/data/batches.hpp>
#include <tfx/estimator/run_config.hpp>
#include <tfx/graph/op.hpp>
#include <tuple>
#include <type_traits>
#include <utility>

TFX_BEGIN
namespace estimator {

/// How rows become batches.
struct numpy_options {
  i64 batch_size = 128;
  /// How often each row is given out; 0: for ever.
  i64 num_epochs = 1;
  /// In an order that each pass draws anew from a stream with this seed; else as they lie, as predictions need it.
  bool shuffle = false;
  i64 seed = 1;
};

namespace detail {
/// An array that a program keeps, or one that is kept here.
template <class Array>
struct held_array {
  Array value;
  Array const& get() const { return value; }
};
template <class Array>
struct held_array<Array&> {
  Array const* value;
  explicit held_array(Array& array) : value(&array) {}
  Array const& get() const { return *value; }
};

template <class... Array>
using batches_of = data::batches<std::remove_cvref_t<Array> const&...>;

[[gnu::noinline]] inline void check(numpy_options const& o) {
  if (o.batch_size < 1)
    raise<errors::InvalidArgumentError>("numpy_input_fn: batch_size must be greater than zero. Received: %lld.",
                                        static_cast<long long>(o.batch_size));
  if (o.num_epochs < 0)
    raise<errors::InvalidArgumentError>("numpy_input_fn: num_epochs must be 0, for ever, or more. Received: %lld.",
                                        static_cast<long long>(o.num_epochs));
}
/// Refuses arrays of unequal numbers of rows, the last of which may be the labels'.
[[gnu::noinline]] inline void check_rows(i64 const* rows, int count, bool has_labels) {
  for (int i = 1; i < count; ++i)
    if (rows[i] != rows[0])
      raise<errors::InvalidArgumentError>(
          "Length of tensors in x and y is mismatched. All elements in x and y must have the same length: %lld rows "
          "in x, %lld in %s",
          static_cast<long long>(rows[0]), static_cast<long long>(rows[i]),
          has_labels && i == count - 1 ? "y" : ("x[" + std::to_string(i) + "]").c_str());
  if (rows[0] == 0) raise<errors::InvalidArgumentError>("numpy_input_fn: x has no rows");
}

/// Batches of arrays, in so many passes.
template <class... Array>
class passes {
 public:
  using value_type = typename batches_of<Array...>::value_type;

  /// As if `begun` batches had been given out before. An endless input goes on with the next one; another begins a pass
  /// whose order is that of no earlier one.
  passes(batches_of<Array...>&& rows, numpy_options const& o, i64 begun)
      : rows_(std::move(rows)), left_(o.num_epochs), endless_(o.num_epochs == 0) {
    i64 const size = rows_.size();
    if (begun > 0 && (endless_ || o.shuffle)) rows_.skip(endless_ ? begun : begun / size * size);
  }
  bool next(value_type& to) {
    while (!started_ || !rows_.next(to)) {
      if (!endless_ && left_-- == 0) return false;
      rows_.restart();
      started_ = true;
    }
    return true;
  }

 private:
  batches_of<Array...> rows_;
  i64 left_;
  bool endless_, started_ = false;
};

/// What numpy_input_fn gives. Features that came as a tuple are handed on as one.
template <bool Several, bool HasLabels, class... Array>
class numpy_input {
 public:
  static constexpr bool several = Several, has_labels = HasLabels;
  using arrays = tfx::detail::type_box<void(std::remove_cvref_t<Array>...)>;
  using source = passes<Array...>;

  numpy_input(numpy_options const& options, Array&&... array)
      : options_(options), arrays_(held_array<Array>{static_cast<Array&&>(array)}...) {
    check(options);
    check_all();
  }
  source open(i64 begun) const {
    check_all();  // a program may have changed its arrays
    return {std::apply(
                [&](auto const&... held) {
                  auto rows = data::Dataset::from_tensor_slices(held.get()...);
                  return options_.shuffle ? std::move(rows).shuffle(options_.seed).batch(options_.batch_size)
                                          : std::move(rows).batch(options_.batch_size);
                },
                arrays_),
            options_, begun};
  }

 private:
  numpy_options options_;
  std::tuple<held_array<Array>...> arrays_;

  void check_all() const {
    std::apply(
        [](auto const&... held) {
          i64 const rows[] = {
              tfx::detail::value_traits<std::remove_cvref_t<decltype(held.get())>>::shape_of(held.get()).extent[0]...};
          check_rows(rows, sizeof...(Array), HasLabels);
        },
        arrays_);
  }
};
template <class X>
inline constexpr bool is_tuple = false;
template <class... X>
inline constexpr bool is_tuple<std::tuple<X...>> = true;
template <class X>
concept feature_arrays = is_tuple<std::remove_cvref_t<X>> || feedable<std::remove_cvref_t<X>>;

template <class... X>
numpy_input<true, false, X...> input_of_tuple(numpy_options const& o, std::tuple<X...>&& xs) {
  return std::apply([&](auto&... x) { return numpy_input<true, false, X...>(o, static_cast<X&&>(x)...); }, xs);
}
template <class Y, class... X>
numpy_input<true, true, X..., Y> input_of_tuple(numpy_options const& o, std::tuple<X...>&& xs, Y&& ys) {
  return std::apply(
      [&](auto&... x) { return numpy_input<true, true, X..., Y>(o, static_cast<X&&>(x)..., static_cast<Y&&>(ys)); },
      xs);
}
}  // namespace detail

namespace inputs {
/// Rows of arrays, in batches, as an Estimator's input: `numpy_input_fn(xs, ys, {.batch_size = 32, .num_epochs = 0,
/// .shuffle = true})`, or without labels, to predict: `numpy_input_fn(xs, {})`. Several arrays of features are a tuple,
/// `numpy_input_fn(std::tie(images, ages), ys)`, as which a model function gets them. The last batch of a pass is what
/// is left. An array that has a name is referred to and must stay; a temporary is kept.
///
/// InvalidArgumentError: arrays of unequal numbers of rows, or of none; a batch_size below 1; a negative num_epochs.
template <detail::feature_arrays X, class Y>
  requires feedable<std::remove_cvref_t<Y>>
auto numpy_input_fn(X&& xs, Y&& ys, numpy_options const& options = {}) {
  if constexpr (detail::is_tuple<std::remove_cvref_t<X>>) {
    return detail::input_of_tuple<Y>(options, std::remove_cvref_t<X>(static_cast<X&&>(xs)), static_cast<Y&&>(ys));
  } else {
    return detail::numpy_input<false, true, X, Y>(options, static_cast<X&&>(xs), static_cast<Y&&>(ys));
  }
}
template <detail::feature_arrays X>
auto numpy_input_fn(X&& xs, numpy_options const& options = {}) {
  if constexpr (detail::is_tuple<std::remove_cvref_t<X>>) {
    return detail::input_of_tuple(options, std::remove_cvref_t<X>(static_cast<X&&>(xs)));
  } else {
    return detail::numpy_input<false, false, X>(options, static_cast<X&&>(xs));
  }
}
}  // namespace inputs

}  // namespace estimator
TFX_END
