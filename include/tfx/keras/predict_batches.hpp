// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/fit_sources.hpp>
#include <tfx/keras/given_rows.hpp>
#include <tfx/keras/model.hpp>

TFX_BEGIN
namespace keras::detail {

/// The inputs in a range's element: all of it, or the first of a tuple of x and what the model is to give.
template <std::size_t In, class E>
decltype(auto) inputs_in(E const& e) {
  if constexpr (!tuple_like<E> || feedable<E>) {
    return (e);
  } else if constexpr (In == 1 || are_several<std::tuple_element_t<0, E>>) {
    return (std::get<0>(e));
  } else {
    static_assert(std::tuple_size_v<E> >= In, "tfx: a batch begins with an array for each input of the model");
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return inputs_t<std::tuple_element_t<I, E> const&...>{{std::get<I>(e)...}};
    }(std::make_index_sequence<In>{});
  }
}

/// What a model gives for the batches of a range: an array, or a tuple of them.
template <name Name, class... In, class... Out, class Batches>
auto predict_batches(model<Name, std::tuple<In...>, std::tuple<Out...>> const& model, Batches& batches, i64 steps) {
  auto const run =
      std::apply([&](In const&... x) { return model.session().make_callable(model.fetches(), x...); }, model.inputs());
  joined_results<Out...> results;
  range_walk<Batches> walk(batches, steps > 0);
  walk.restart();
  i64 batch = 0;
  for (; (steps == 0 || batch < steps) && walk.advance(); ++batch) {
    auto&& element = walk.element();
    auto const& x = inputs_in<sizeof...(In)>(element);
    static_assert(ranks_fit<std::remove_cvref_t<decltype(x)>, std::tuple<In...>, false>,
                  "tfx: predict_generator takes batches of the model's inputs: x, (x, y) or (inputs(a, b), y)");
    given_rows<In...> const rows({"predict_generator", sizeof...(In)}, refer_to(x));
    data::detail::add_rows(results, std::apply(run, rows.slice(0, rows.size())), rows.size());
  }
  if (batch == 0) raise<errors::InvalidArgumentError>("predict_generator: the range gives no batch");
  return data::detail::take_rows(results);
}

}  // namespace keras::detail
TFX_END
