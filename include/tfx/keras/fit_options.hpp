// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <concepts>
#include <optional>
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
  std::optional<i64> seed{};    // of these orders; where none is told, each fit of a trainer draws others
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

/// Data that is not trained on, and on which the model is evaluated after each epoch. Arrays that have names are
/// referred to and must stay, temporaries are kept.
template <class X, class Y, class... Weights>
struct validation_data {
  X x;
  Y y;
  std::tuple<Weights...> weights;  // none, or sample_weight
};
/// `trainer.fit(x, y, {.epochs = 5}, validation(x_test, y_test))`; with a weight for each row `validation(x, y, w)`.
template <class X, class Y, class... W>
  requires(!std::integral<std::remove_cvref_t<Y>> && sizeof...(W) <= 1)
constexpr validation_data<X, Y, W...> validation(X&& x, Y&& y, W&&... sample_weight) {
  return {static_cast<X&&>(x), static_cast<Y&&>(y), std::tuple<W...>(static_cast<W&&>(sample_weight)...)};
}
/// The same in batches that a range gives: `validation(batches)`, or of an endless one the next so many after each
/// epoch, `validation(batches, 10)`.
template <class Batches>
struct validation_batches {
  Batches batches;
  i64 steps;
};
template <class Batches>
constexpr validation_batches<Batches> validation(Batches&& batches, i64 steps = 0) {
  return {static_cast<Batches&&>(batches), steps};
}

namespace detail {
template <class V>
struct sample_weight_t {
  V values;
};
template <class X>
inline constexpr bool is_sample_weight = false;
template <class V>
inline constexpr bool is_sample_weight<sample_weight_t<V>> = true;
struct sample_weight_name {
  template <class V>
  constexpr sample_weight_t<V> operator=(V&& values) const {
    return {static_cast<V&&>(values)};
  }
};
struct class_weight_t {
  std::vector<double> values;
};
struct class_weight_name {
  class_weight_t operator=(std::vector<double> values) const { return {static_cast<std::vector<double>&&>(values)}; }
};
}  // namespace detail
/// How much each row counts in the loss: `fit(x, y, {}, sample_weight = w)`, w of one number a row, for each output if
/// it is `outputs(w1, w2)` or a tuple. Numbers are finite and not negative. An array that has a name is referred to and
/// must stay, a temporary is kept.
inline constexpr detail::sample_weight_name sample_weight{};
/// How much the rows of each class count: `fit(x, y, {}, class_weight = {1.0, 5.0})`. A row's class is its label, or
/// the place of the largest of its labels. Refused are weights that are negative or not finite, and labels that are no
/// class of them.
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
    series& added = all.emplace_back();
    added.name = name;
    added.values.push_back(value);
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
