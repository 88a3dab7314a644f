// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <concepts>
#include <string>
#include <tfx/base/raise.hpp>
#include <tfx/keras/input.hpp>
#include <vector>

TFX_BEGIN
namespace keras {

/// How `fit` goes about it: `trainer.fit(x, y, {.epochs = 20, .batch_size = 32, .verbose = 0})`.
struct fit_options {
  int epochs = 1;
  i64 batch_size = 32;
  int verbose = 1;              // 0 silent, 1 a progress bar, 2 a line for each epoch
  double validation_split = 0;  // the part of the data, its end, that is not trained on
  bool shuffle = true;          // in another order in each epoch
  i64 seed = 0;                 // of that order
  int initial_epoch = 0;
};
/// How `evaluate` goes about it.
struct evaluate_options {
  i64 batch_size = 32;
  int verbose = 1;  // 0 silent, 1 a progress bar
};
/// How `fit_generator` goes about it.
struct generator_options {
  i64 steps_per_epoch = 0;  // batches of an epoch; 0 the range's size(), or where it has none all up to its end
  int epochs = 1;
  int verbose = 1;
  int initial_epoch = 0;
};
/// How `evaluate_generator` and `predict_generator` go about it.
struct generator_steps {
  i64 steps = 0;    // batches; 0 as above
  int verbose = 0;  // of evaluate_generator
};

/// Data that is not trained on, and on which the model is evaluated after each epoch.
template <class X, class Y>
struct validation_data {
  X const& x;
  Y const& y;
};
/// `trainer.fit(x, y, {.epochs = 5}, validation(x_test, y_test))`.
template <class X, class Y>
  requires(!std::integral<Y>)
constexpr validation_data<X, Y> validation(X const& x, Y const& y) {
  return {x, y};
}
/// The same in batches that a range gives: `validation(batches)`, or of an endless one the next so many after each
/// epoch, `validation(batches, 10)`.
template <class Batches>
struct validation_batches {
  Batches& batches;
  i64 steps;
};
template <class Batches>
constexpr validation_batches<std::remove_reference_t<Batches>> validation(Batches&& batches, i64 steps = 0) {
  return {batches, steps};
}

namespace detail {
template <class V>
struct sample_weight_t {
  V const& values;
};
template <class X>
inline constexpr bool is_sample_weight = false;
template <class V>
inline constexpr bool is_sample_weight<sample_weight_t<V>> = true;
struct sample_weight_name {
  template <class V>
  constexpr sample_weight_t<V> operator=(V const& values) const {
    return {values};
  }
};
struct class_weight_t {
  std::vector<double> values;
};
struct class_weight_name {
  class_weight_t operator=(std::vector<double> values) const { return {static_cast<std::vector<double>&&>(values)}; }
};
}  // namespace detail
/// How much each row counts in the loss: `fit(x, y, {}, sample_weight = w)`, w of one number a row.
inline constexpr detail::sample_weight_name sample_weight{};
/// How much the rows of each class count: `fit(x, y, {}, class_weight = {1.0, 5.0})`. A row's class is its label, or
/// the place of the largest of its labels.
inline constexpr detail::class_weight_name class_weight{};

/// What training told, epoch by epoch: `history["loss"]`, `history["val_accuracy"]`.
struct History {
  struct series {
    std::string name;
    std::vector<double> values;
  };
  std::vector<int> epoch;
  std::vector<series> all;

  bool has(std::string_view name) const { return find(name) != nullptr; }
  std::vector<double> const& operator[](std::string_view name) const {
    if (series const* const found = find(name)) return found->values;
    raise<errors::InvalidArgumentError>("History has no '%s'", std::string(name).c_str());
  }
  void add(std::string_view name, double value) {
    if (series* const known = const_cast<series*>(find(name))) return known->values.push_back(value);
    all.push_back({std::string(name), {value}});
  }

 private:
  series const* find(std::string_view name) const {
    for (series const& s : all)
      if (s.name == name) return &s;
    return nullptr;
  }
};

}  // namespace keras
TFX_END
