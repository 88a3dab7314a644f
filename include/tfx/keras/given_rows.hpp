// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <array>
#include <tfx/data/joined_rows.hpp>
#include <tfx/keras/rows.hpp>
#include <tuple>

TFX_BEGIN
namespace keras::detail {

/// A call that takes rows of arrays, of which the first so many are inputs.
struct call_of_rows {
  char const* name;
  std::size_t input_count;
  i64 const* classes = nullptr;  // how many each target's labels may tell, or 0; null where there are no targets
  std::size_t target_count = 0;
  bool may_be_none = false;  // no rows are refused unless they are expected
};

/// The rows of arrays, one for each of some tensors that a run is fed with.
template <class... Tensor>
class given_rows {
 public:
  template <class... V>
  given_rows(call_of_rows const& call, std::tuple<V const&...> const& arrays)
      : given_rows(call, arrays, std::index_sequence_for<Tensor...>{}) {}

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
  /// The arrays as messages tell of them.
  std::array<fed_array, sizeof...(Tensor)> fed(call_of_rows const& call) const {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return std::array{fed_array{role<Tensor>(call, I), dtype_of<typename Tensor::value_type>, at<I>().row(0), size(),
                                  at<I>().width()}...};
    }(std::index_sequence_for<Tensor...>{});
  }

 private:
  std::tuple<rows<typename Tensor::value_type, Tensor::shape_type::rank>...> all_;

  template <class T>
  static array_role role(call_of_rows const& call, std::size_t i) {
    array_use const use = i < call.input_count                       ? array_use::input
                          : i < call.input_count + call.target_count ? array_use::target
                                                                     : array_use::sample_weight;
    return {call.name, use, T::op_name(), T::shape_type::value,
            use == array_use::target && std::is_integral_v<typename T::value_type>};
  }
  template <class... V, std::size_t... I>
  given_rows(call_of_rows const& call, std::tuple<V const&...> const& arrays, std::index_sequence<I...>)
      : all_(given_array<V>{std::get<I>(arrays), role<Tensor>(call, I)}...) {
    i64 const sizes[] = {std::get<I>(all_).size()...};
    array_role const roles[] = {role<Tensor>(call, I)...};
    common_rows(roles, sizes, sizeof...(I), call.may_be_none);
    (check_labels<I>(call, roles[I]), ...);
  }
  template <std::size_t I>
  void check_labels(call_of_rows const& call, array_role const& role) const {
    auto const& labels = std::get<I>(all_);
    if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(*labels.row(0))>>) {
      i64 const classes = role.use == array_use::target ? call.classes[I - call.input_count] : 0;
      if (classes > 0) check_classes(role, labels.row(0), labels.size(), labels.width(), classes);
    }
  }
};

template <class Inputs, class Targets, class Weights>
struct given_for;
template <class... In, class... Target, class... Weight>
struct given_for<std::tuple<In...>, std::tuple<Target...>, std::tuple<Weight...>> {
  using type = given_rows<In..., Target..., Weight...>;
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
