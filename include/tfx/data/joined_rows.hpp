// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/tensor/container.hpp>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

TFX_BEGIN
namespace data::detail {

[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_batch_length(i64 predictions, i64 features) {
  raise<errors::InvalidArgumentError>(
      "Batch length of predictions should be same. A batch of %lld rows has predictions for %lld.",
      static_cast<long long>(features), static_cast<long long>(predictions));
}

/// Tensors of batches, to be one.
template <class Tensor>
class joined_rows {
 public:
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

/// What stands behind the tensors of a batch is left out.
template <class... Tensor, class... Fetched>
void add_rows(std::tuple<joined_rows<Tensor>...>& joined, std::tuple<Fetched...>&& batch, i64 rows) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (std::get<I>(joined).add(std::move(std::get<I>(batch)), rows), ...);
  }(std::index_sequence_for<Tensor...>{});
}
/// The one tensor, or a tuple of them.
template <class... Tensor>
auto take_rows(std::tuple<joined_rows<Tensor>...>& joined) {
  return std::apply(
      [](auto&... each) {
        if constexpr (sizeof...(Tensor) == 1) {
          return (each, ...).take();
        } else {
          return std::tuple<Tensor...>{each.take()...};
        }
      },
      joined);
}

}  // namespace data::detail
TFX_END
