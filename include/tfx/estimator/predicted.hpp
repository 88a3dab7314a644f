// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <tfx/base/name.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/shape/extents_text.hpp>
#include <tfx/tensor/container.hpp>
#include <tuple>
#include <type_traits>
#include <vector>

TFX_BEGIN
namespace estimator {

/// Predictions that have names: `auto p = classifier.predict(input); p.get<"classes">()`; or, in their order,
/// `auto [classes, probabilities] = …`.
template <class Values, auto... Names>
struct named_predictions {
  Values all;

  template <name Name>
  auto const& get() const {
    return std::get<index_of<Name>()>(all);
  }
  template <std::size_t I>
  auto const& get() const {
    return std::get<I>(all);
  }

 private:
  template <name Name>
  static constexpr std::size_t index_of() {
    bool const same[] = {(Names.view() == Name.view())...};
    std::size_t found = sizeof...(Names);
    for (std::size_t i = sizeof...(Names); i > 0; --i)
      if (same[i - 1]) found = i - 1;
    return found;
  }
};

namespace detail {
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_batch_length(i64 predictions, i64 features) {
  raise<errors::InvalidArgumentError>(
      "Batch length of predictions should be same. A batch of %lld rows has predictions for %lld.",
      static_cast<long long>(features), static_cast<long long>(predictions));
}

/// Tensors of batches, to be one.
template <class Tensor>
class joined_rows {
 public:
  using result_type = Tensor;

  void add(Tensor&& batch, i64 rows) {
    auto const given = static_cast<i64>(batch.shape()[0]);
    if (given != rows) refuse_batch_length(given, rows);
    if (!parts_.empty()) check(batch);
    rows_ += batch.shape()[0];
    parts_.push_back(std::move(batch));
  }
  Tensor take() {
    if (parts_.size() == 1) return std::move(parts_[0]);
    auto shape = parts_.empty() ? typename Tensor::shape_type{} : parts_[0].shape();
    shape[0] = rows_;
    Tensor all(shape);
    auto* to = all.data();
    for (Tensor const& part : parts_) {
      for (std::size_t i = 0; i < part.size(); ++i) to[i] = part.data()[i];
      to += part.size();
    }
    return all;
  }

 private:
  std::vector<Tensor> parts_;
  std::size_t rows_ = 0;

  void check(Tensor const& batch) const {
    for (std::size_t k = 1; k < batch.dimension(); ++k)
      if (batch.shape()[k] != parts_[0].shape()[k])
        raise<errors::InvalidArgumentError>(
            "predict: batches have predictions of unequal shapes: dimension %d is %lld, and %lld before",
            static_cast<int>(k), static_cast<long long>(batch.shape()[k]),
            static_cast<long long>(parts_[0].shape()[k]));
  }
};

/// What predict gives: the one tensor, a tuple of them, or named ones.
template <class... Named, class... Tensor>
auto predicted(std::tuple<joined_rows<Tensor>...>& joined) {
  return std::apply(
      [](auto&... each) {
        constexpr bool is_named = (... || (Named::prediction_name.size() > 0));
        if constexpr (is_named) {
          return named_predictions<std::tuple<Tensor...>, Named::prediction_name...>{{each.take()...}};
        } else if constexpr (sizeof...(Tensor) == 1) {
          return (each, ...).take();
        } else {
          return std::tuple<Tensor...>{each.take()...};
        }
      },
      joined);
}
template <class... Tensor>
void add_rows(std::tuple<joined_rows<Tensor>...>& joined, std::tuple<Tensor...>&& batch, i64 rows) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (std::get<I>(joined).add(std::move(std::get<I>(batch)), rows), ...);
  }(std::index_sequence_for<Tensor...>{});
}
template <class Values>
struct joined_values;
template <class... Value>
struct joined_values<std::tuple<Value...>> {
  static_assert(!(std::is_arithmetic_v<Value> || ...), "tfx: what is predicted has the rows of the batch");
  using type = std::tuple<joined_rows<Value>...>;
};
}  // namespace detail

}  // namespace estimator
TFX_END

template <class Values, auto... Names>
struct std::tuple_size<tfx::estimator::named_predictions<Values, Names...>> : std::tuple_size<Values> {};
template <std::size_t I, class Values, auto... Names>
struct std::tuple_element<I, tfx::estimator::named_predictions<Values, Names...>> : std::tuple_element<I, Values> {};
