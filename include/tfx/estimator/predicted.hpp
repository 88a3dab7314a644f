// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/name.hpp>
#include <tfx/data/joined_rows.hpp>
#include <tuple>

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
/// What predict gives: the one tensor, a tuple of them, or named ones.
template <class... Named, class... Tensor>
auto predicted(std::tuple<data::detail::joined_rows<Tensor>...>& joined) {
  if constexpr ((... || (Named::prediction_name.size() > 0))) {
    return std::apply(
        [](auto&... each) {
          return named_predictions<std::tuple<Tensor...>, Named::prediction_name...>{{each.take()...}};
        },
        joined);
  } else {
    return data::detail::take_rows(joined);
  }
}
template <class Values>
struct joined_values;
template <class... Value>
struct joined_values<std::tuple<Value...>> {
  static_assert(!(std::is_arithmetic_v<Value> || ...), "tfx: what is predicted has the rows of the batch");
  using type = std::tuple<data::detail::joined_rows<Value>...>;
};
}  // namespace detail

}  // namespace estimator
TFX_END

template <class Values, auto... Names>
struct std::tuple_size<tfx::estimator::named_predictions<Values, Names...>> : std::tuple_size<Values> {};
template <std::size_t I, class Values, auto... Names>
struct std::tuple_element<I, tfx::estimator::named_predictions<Values, Names...>> : std::tuple_element<I, Values> {};
