// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/masks.hpp>
#include <tfx/keras/model_facts.hpp>
#include <tfx/keras/shared_session.hpp>
#include <tfx/keras/substitution.hpp>
#include <tfx/op/array/placeholder.hpp>
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

template <class Facts, std::size_t... W, class... Out>
constexpr auto weights_of_call(std::index_sequence<W...>, Out const&... out) {
  return std::tuple{part_of_any<Facts::facts.hashes[W]>(out...)...};
}

/// A token that weights ride in. It tells calls of models apart, which `Model` is a hash of.
template <u64 Model>
auto carry_weights(weights_ptr const& held) {
  typename tfx::detail::leaf<token_op, "", bool, shape_t<>, true, static_cast<i64>(Model), 0>::type token;
  token.literals[0] = literal_of_weights(held);
  return token;
}

/// A model's outputs where its inputs are `x…`: each is marked as what one layer, the model, gives. `Mask…` are
/// placeholders that its graph reads the masks of `x…` from, if it reads any. The model's weights ride in what it
/// gives.
template <name Name, class... In, class... Mask, class... Out, class... X>
auto call_model(weights_ptr const& held, std::tuple<In...> const&, std::tuple<Mask...> const&,
                std::tuple<Out...> const& outputs, X const&... x) {
  static_assert(names_agree(static_cast<std::tuple<In...>*>(nullptr), static_cast<X*>(nullptr)...),
                "tfx: a named dimension of a model's inputs is one extent where the model is called");
  using facts = model_facts<Out::hash...>;
  using ins = hash_list<In::hash..., Mask::hash...>;
  auto const in = std::tuple{as_input<In>(x)...};
  auto const given = [&] {
    if constexpr (sizeof...(Mask) == 0) {
      return in;
    } else {
      return std::tuple_cat(in, std::tuple{as_input<Mask>(mask_of(x))...});
    }
  }();
  auto const within = [&]<u64... Of>(hash_list<Of...>, auto const& out) {
    return std::apply(
        [&](auto const&... each) {
          using all = substitution<hash_list<Of...>, ins, hash_list<std::remove_cvref_t<decltype(each)>::hash...>>;
          return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return std::tuple{compose<typename substituted<all, I>::type>(out, each...)...};
          }(std::make_index_sequence<sizeof...(Of)>{});
        },
        given);
  };
  auto const carrier = [&] {
    constexpr u64 model = [] {
      u64 hash = 0x77656967687473;
      ((hash = mix(hash, Out::hash)), ...);
      return hash;
    }();
    return carry_weights<model>(held);
  }();
  auto const one = [&](auto const& out, auto const& weights) {
    using out_type = std::remove_cvref_t<decltype(out)>;
    constexpr bool masked = has_mask<out_type>;
    using of = std::conditional_t<masked, hash_list<out_type::hash, mask_hash_of<out_type>>, hash_list<out_type::hash>>;
    using words = layer_words<"Model", sizeof...(X), is_model_layer | (masked ? is_masked_layer : 0)>;
    auto const marked = std::apply(
        [&](auto const& y, auto const&... mask) {
          return std::apply([&](auto const&... each) { return apply<layer_op, Name, words>(y, each..., mask...); },
                            std::tuple_cat(in, weights, std::tuple(carrier)));
        },
        within(of{}, out));
    // States are kept beside the call: what is within it is not found from outside.
    using own = model_facts<out_type::hash>;
    return [&]<std::size_t... S>(std::index_sequence<S...>) {
      [[maybe_unused]] auto const next = within(hash_list<own::facts.kept[S][1]...>{}, out);
      return keeping(marked, std::pair(part_of<own::facts.kept[S][0]>(out), std::get<S>(next))...);
    }(std::make_index_sequence<own::count.states>{});
  };
  return std::apply(
      [&](Out const&... out) {
        auto const weights = weights_of_call<facts>(std::make_index_sequence<facts::count.weights>{}, out...);
        auto const all = std::tuple{one(out, weights)...};
        if constexpr (sizeof...(Out) == 1) {
          return std::get<0>(all);
        } else {
          return all;
        }
      },
      outputs);
}

/// The name of the placeholder for an input's mask.
template <class In>
struct mask_name {
  static constexpr name_value text = name_of(In::op_name(), "/mask");
};
/// A placeholder for a mask of so many axes beside an input.
template <class In, int Rank, auto... D>
constexpr auto mask_beside(shape_t<D...>) {
  constexpr auto extents = std::tuple{D...};
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return placeholder<as_name<mask_name<In>>(), bool>(shape<std::get<I>(extents)...>);
  }(std::make_index_sequence<static_cast<std::size_t>(Rank)>{});
}

}  // namespace detail
}  // namespace keras
TFX_END
