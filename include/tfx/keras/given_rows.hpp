// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/data/joined_rows.hpp>
#include <tfx/keras/rows.hpp>
#include <tuple>

TFX_BEGIN
namespace keras::detail {

/// The rows of arrays, one for each of some tensors that a run is fed with. None are refused unless they are expected.
template <class... Tensor>
class given_rows {
 public:
  template <class... V>
  given_rows(char const* call, std::size_t input_count, std::tuple<V const&...> const& arrays, bool may_be_none = false)
      : given_rows(call, input_count, arrays, may_be_none, std::index_sequence_for<Tensor...>{}) {}

  i64 size() const { return std::get<0>(all_).size(); }
  void reserve(i64 batch_size) {
    std::apply([&](auto&... rows) { (rows.reserve(std::min(batch_size, rows.size())), ...); }, all_);
  }
  /// What a run is fed with for rows that lie one after another.
  auto slice(i64 begin, i64 count) const {
    return std::apply([&](auto const&... rows) { return std::tuple(rows.slice(begin, count)...); }, all_);
  }
  /// The same for rows by their numbers.
  auto gather(i64 const* numbers, i64 count) {
    return std::apply([&](auto&... rows) { return std::tuple(rows.gather(numbers, count)...); }, all_);
  }
  template <std::size_t I>
  auto const& at() const {
    return std::get<I>(all_);
  }

 private:
  std::tuple<rows<typename Tensor::value_type, Tensor::shape_type::rank>...> all_;

  template <class... V, std::size_t... I>
  given_rows(char const* call, std::size_t input_count, std::tuple<V const&...> const& arrays, bool may_be_none,
             std::index_sequence<I...>)
      : all_(given_array<V>{
            std::get<I>(arrays),
            {call, I < input_count ? "input" : "target", Tensor::op_name(), Tensor::shape_type::value}}...) {
    i64 const sizes[] = {std::get<I>(all_).size()...};
    common_rows(call, sizes, sizeof...(I), may_be_none);
  }
};

template <class Inputs, class Targets, class... More>
struct given_for;
template <class... In, class... Target, class... More>
struct given_for<std::tuple<In...>, std::tuple<Target...>, More...> {
  using type = given_rows<In..., Target..., More...>;
};

/// The outputs of several runs, which have the rows of their batches.
template <class... Out>
using joined_results =
    std::tuple<data::detail::joined_rows<fetched<typename Out::value_type, Out::shape_type::rank>>...>;

/// The results of a run as numbers.
template <class Results, std::size_t... I>
void store_values(Results const& results, double* values, std::index_sequence<I...>) {
  ((values[I] = static_cast<double>(std::get<I>(results))), ...);
}

}  // namespace keras::detail
TFX_END
