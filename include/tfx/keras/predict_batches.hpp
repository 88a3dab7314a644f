// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/fit_sources.hpp>
#include <tfx/keras/given_rows.hpp>
#include <tfx/keras/model.hpp>

TFX_BEGIN
namespace keras::detail {

/// Rows of results whose number is not known before the last batch.
template <class T, int Rank>
struct growing_rows {
  std::vector<T> values;
  typename fetched<T, Rank>::shape_type shape{};

  void add(fetched<T, Rank> const& batch) {
    std::size_t const before = shape[0];
    shape = batch.shape();
    shape[0] += before;
    values.insert(values.end(), batch.data(), batch.data() + batch.size());
  }
  fetched<T, Rank> take() const {
    fetched<T, Rank> all(shape);
    std::copy(values.begin(), values.end(), all.data());
    return all;
  }
};

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
      std::apply([&](In const&... x) { return model.session().make_callable(model.outputs(), x...); }, model.inputs());
  std::tuple<growing_rows<typename Out::value_type, Out::shape_type::rank>...> results;
  range_walk<Batches> walk(batches, steps > 0);
  walk.restart();
  for (i64 batch = 0; (steps == 0 || batch < steps) && walk.advance(); ++batch) {
    auto&& element = walk.element();
    auto const& x = inputs_in<sizeof...(In)>(element);
    static_assert(ranks_fit<std::remove_cvref_t<decltype(x)>, std::tuple<In...>, false>,
                  "tfx: predict_generator takes batches of the model's inputs: x, (x, y) or (inputs(a, b), y)");
    given_rows<In...> const rows("predict_generator", sizeof...(In), refer_to(x));
    auto const values = std::apply(run, rows.slice(0, rows.size()));
    [&]<std::size_t... O>(std::index_sequence<O...>) {
      (std::get<O>(results).add(std::get<O>(values)), ...);
    }(std::index_sequence_for<Out...>{});
  }
  if (std::get<0>(results).values.empty())
    raise<errors::InvalidArgumentError>("predict_generator: the range gives no batch");
  if constexpr (sizeof...(Out) == 1) {
    return std::get<0>(results).take();
  } else {
    return std::apply([](auto const&... rows) { return std::tuple(rows.take()...); }, results);
  }
}

}  // namespace keras::detail
TFX_END
