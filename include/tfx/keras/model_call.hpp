// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/masks.hpp>
#include <tfx/keras/model_facts.hpp>
#include <tfx/keras/substitution.hpp>
#include <tuple>

TFX_BEGIN
namespace keras {

// Never defined: using one is the error, and its name is the message.
template <class Input, class Given>
struct model_is_called_with_another_tensor_than_its_input;  // dtypes and shapes of both

namespace detail {
template <class T, class Shape>
struct tensor_of_type {};

/// Whether a tensor of a shape can be an input of a model: a number is that number, or dyn.
constexpr bool can_stand_for(dims const& x, dims const& input) {
  if (x.rank != input.rank) return false;
  for (int i = 0; i < x.rank; ++i)
    if (input[i] >= 0 && x[i] != input[i] && x[i] != dims::unknown) return false;
  return true;
}
/// Whether the names in the inputs' shapes are one extent each.
template <class... In, class... X>
constexpr bool names_agree(std::tuple<In...> const*, X const*...) {
  extents_of_call mapped;
  (mapped.note(In::shape_type::value, X::shape_type::value), ...);
  return mapped.is_consistent();
}
/// An expression as an input of a model.
template <class In, class X>
constexpr auto as_input(X const& x) {
  if constexpr (!std::is_same_v<typename In::value_type, typename X::value_type> ||
                !can_stand_for(X::shape_type::value, In::shape_type::value)) {
    static_cast<void>(sizeof(model_is_called_with_another_tensor_than_its_input<
                             tensor_of_type<typename In::value_type, typename In::shape_type>,
                             tensor_of_type<typename X::value_type, typename X::shape_type>>));
  } else {
    return tfx::detail::distinguish<mix(In::hash, X::hash), false>(x);
  }
}

template <class Facts, class Indices>
struct weights_of_call;
template <class Facts, std::size_t... W>
struct weights_of_call<Facts, std::index_sequence<W...>> {
  template <class Out, class... Y>
  static constexpr auto find(Out const& out, Y const&... y) {
    return std::tuple{find_one<Facts::facts.hashes[W]>(out, y...)...};
  }

 private:
  // The first output that reaches it has its numbers.
  template <u64 Weight, class Out, class... More>
  static constexpr auto find_one(Out const& out, More const&... more) {
    constexpr bool reached = sizeof...(More) == 0 || [] {
      for (descriptor const* w : model_graph_of<Out::hash>().weights)
        if (w->hash == Weight) return true;
      return false;
    }();
    if constexpr (reached) {
      return part_of<Weight>(out);
    } else {
      return find_one<Weight>(more...);
    }
  }
  template <u64 Hash>
  static constexpr model_graph model_graph_of() {
    constexpr descriptor const* root[] = {lookup(key<Hash>{})};
    return model_graph(root, 1);
  }
};

/// A model's outputs where its inputs are `x…`: each is marked as what one layer, the model, gives.
template <name Name, class Model, class... In, class... Out, class... X>
constexpr auto call_model(std::tuple<In...> const&, std::tuple<Out...> const& outputs, X const&... x) {
  static_assert(sizeof...(X) == sizeof...(In), "tfx: a model is called with an expression for each of its inputs");
  static_assert((!has_mask<X> && ...), "tfx: the layers of a model that is called do not see an input's mask");
  static_assert(names_agree(static_cast<std::tuple<In...>*>(nullptr), static_cast<X*>(nullptr)...),
                "tfx: a named dimension of a model's inputs is one extent where the model is called");
  using facts = model_facts<Out::hash...>;
  using ins = hash_list<In::hash...>;
  constexpr i64 inputs = sizeof...(X);
  auto const one = [&](auto const& out, auto const& weights, auto const&... in) {
    using out_type = std::remove_cvref_t<decltype(out)>;
    using given = hash_list<std::remove_cvref_t<decltype(in)>::hash...>;
    return std::apply(
        [&](auto const&... w) {
          if constexpr (has_mask<out_type>) {
            using both = substitution<hash_list<out_type::hash, mask_hash_of<out_type>>, ins, given>;
            using words = layer_words<"Model", inputs, is_model_layer | is_masked_layer>;
            return apply<layer_op, Name, words>(compose<typename substituted<both, 0>::type>(out, in...), in..., w...,
                                                compose<typename substituted<both, 1>::type>(out, in...));
          } else {
            using single = substitution<hash_list<out_type::hash>, ins, given>;
            return apply<layer_op, Name, layer_words<"Model", inputs, is_model_layer>>(
                compose<typename substituted<single, 0>::type>(out, in...), in..., w...);
          }
        },
        weights);
  };
  return std::apply(
      [&](Out const&... out) {
        auto const weights = weights_of_call<facts, std::make_index_sequence<facts::count.weights>>::find(out...);
        auto const all = std::tuple{one(out, weights, as_input<In>(x)...)...};
        if constexpr (sizeof...(Out) == 1) {
          return std::get<0>(all);
        } else {
          return all;
        }
      },
      outputs);
}

}  // namespace detail
}  // namespace keras
TFX_END
