// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/arguments.hpp>
#include <tfx/keras/masks.hpp>
#include <tfx/op/array/shape_of.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/variables/get_variable.hpp>
#include <tfx/variables/regularizers.hpp>

TFX_BEGIN
namespace keras {

// Never defined: using one is the error, and its name is the message.
template <class Layer>
struct layer_does_not_take_this_argument;  // or takes it once: see the layer's comment

namespace detail {
struct nothing {};

constexpr std::string_view name_of_weight(weight w) {
  constexpr std::string_view names[] = {"kernel",
                                        "bias",
                                        "recurrent_kernel",
                                        "depthwise_kernel",
                                        "pointwise_kernel",
                                        "embeddings",
                                        "gamma",
                                        "beta",
                                        "moving_mean",
                                        "moving_variance",
                                        "alpha"};
  return names[static_cast<int>(w)];
}
template <weight W>
constexpr auto name_of_weight() {
  constexpr std::string_view text = name_of_weight(W);
  name<text.size() + 1> result;
  for (std::size_t i = 0; i < text.size(); ++i) result.text[i] = text[i];
  return result;
}
/// y with a penalty on what it is, over the number of its rows.
template <class Y, class Penalty>
constexpr auto penalized_by_rows(Y const& y, Penalty const& penalty) {
  return regularized(
      y, [&](auto const& of) { return penalty(of) / cast<typename Y::value_type>(shape_of(of)[index<0>]); });
}
}  // namespace detail

/// What a layer's `call` gives where it has weights: its value, and its weights in the order of Keras.
template <class Value, class... Weight>
struct layer_value {
  Value value;
  std::tuple<Weight...> weights;
};
template <class Value, class... Weight>
constexpr layer_value<Value, Weight...> with_weights(Value const& value, Weight const&... weights) {
  return {value, {weights...}};
}

/// The base of layers. A layer is a small object that takes expressions and gives one. `Self` has
///
/// - `kind`, what Keras calls its class: `"Dense"`;
/// - `template <name Scope, class X> auto call(X const& x) const`: the value of expressions, or with_weights(value,
///   weights…), which `weight_of<Scope, weight::kernel>(shape<in, units>, initializer)` makes.
///
/// and says in `masks` what it does with the masks of its inputs, if it takes any (masks.hpp).
///
/// `Name` is the layer's name; one that has none is called by its kind, `dense`, and where its input has come through
/// others of that kind, `dense_1` and so on.
template <class Self, name Name, class... Options>
class layer : public arguments<Options...> {
 public:
  using arguments<Options...>::arguments;
  static constexpr bool is_layer = true;
  static constexpr bool has_name = Name.size() > 0;
  static constexpr masking masks = masking::refused;

  template <typed_expression... X>
  constexpr auto operator()(X const&... x) const {
    // As named_call does, which would be one more line of compilers' way to a refusal.
    constexpr auto scope = detail::scope_of<Self::kind, Name, X::hash...>();
    return mark<scope>(self().template call<scope>(x...), x...);
  }
  /// The same under a name that is told.
  template <name Scope, typed_expression... X>
  constexpr auto named_call(X const&... x) const {
    return mark<Scope>(self().template call<Scope>(x...), x...);
  }
  /// The same as a part of another layer, which marks the whole: with_weights(value, weights…).
  template <name Scope, typed_expression... X>
  constexpr auto call_within(X const&... x) const {
    return penalized_value(self().template call<Scope>(x...));
  }

 protected:
  /// One weight of the layer, with what its arguments say of it.
  template <name Scope, weight W, element T = float, class Default, auto... D>
  constexpr auto weight_of(shape_t<D...> s, Default const& initializer) const {
    return weight_of<Scope, detail::name_of_weight<W>(), W, T>(s, initializer);
  }
  /// The same under a name of its own, for layers with several of a kind.
  template <name Scope, name Leaf, weight W, element T = float, class Default, auto... D>
  constexpr auto weight_of(shape_t<D...> s, Default const& initializer) const {
    return weight_from<Scope, Leaf, W, T>(s, this->template value_or<detail::initializer_of<W>>(initializer));
  }
  /// The same with an initializer that the arguments do not replace.
  template <name Scope, name Leaf, weight W, element T = float, class Initializer, auto... D>
  constexpr auto weight_from(shape_t<D...> s, Initializer const& initializer) const {
    constexpr bool trained = is_trainable && W != weight::moving_mean && W != weight::moving_variance;
    auto const variable = get_variable<Scope / Leaf, T>(s, initializer, tfx::trainable<trained>);
    return constrained(penalized<W>(variable), variable,
                       this->template value_or<detail::constraint_of<W>>(detail::nothing{}));
  }
  /// The layer's activation of x: x itself where none was told.
  template <typed_expression X>
  constexpr auto activate(X const& x) const {
    if constexpr (arguments<Options...>::template has<detail::activation_tag>) {
      return this->template get_or<detail::activation_tag>(detail::nothing{})(x);
    } else {
      return x;
    }
  }
  static constexpr bool is_trainable =
      !std::is_same_v<typename arguments<Options...>::template type<detail::trainable_tag>, trainable_t<false>>;
  static constexpr bool uses_bias = arguments<Options...>::template static_or<detail::use_bias_tag, true>();

  constexpr Self const& self() const { return static_cast<Self const&>(*this); }
  /// What `call` gives as the layer's result on x.
  template <name Scope, typed_expression Y, class... X>
  constexpr auto mark(Y const& y, X const&... x) const {
    return mark<Scope>(layer_value<Y>{y, {}}, x...);
  }
  template <name Scope, class Y, class... W, class... X>
  constexpr auto mark(layer_value<Y, W...> const& result, X const&... x) const {
    auto const mask = mask_for<Scope>(x...);
    constexpr i64 flags =
        (Name.size() == 0 ? is_numbered_layer : 0) | (detail::is_mask<decltype(mask)> ? is_masked_layer : 0);
    using call_words = detail::layer_words<Self::kind, sizeof...(X), flags>;
    return std::apply(
        [&](W const&... w) {
          auto const y = penalize_activity(result.value);
          if constexpr ((flags & is_masked_layer) != 0) {
            return apply<layer_op, Scope, call_words>(y, x..., w..., mask);
          } else {
            return apply<layer_op, Scope, call_words>(y, x..., w...);
          }
        },
        result.weights);
  }
  template <class Y>
  constexpr auto penalize_activity(Y const& y) const {
    if constexpr (arguments<Options...>::template has<detail::activity_regularizer_tag>) {
      return detail::penalized_by_rows(y, this->template value_or<detail::activity_regularizer_tag>(detail::nothing{}));
    } else {
      return y;
    }
  }

 private:
  template <typed_expression Y>
  constexpr auto penalized_value(Y const& y) const {
    return with_weights(penalize_activity(y));
  }
  template <class Y, class... W>
  constexpr auto penalized_value(layer_value<Y, W...> const& result) const {
    auto const y = penalize_activity(result.value);
    return layer_value<std::remove_const_t<decltype(y)>, W...>{y, result.weights};
  }

  template <weight W, class V>
  constexpr auto penalized(V const& variable) const {
    if constexpr (arguments<Options...>::template has<detail::regularizer_of<W>>) {
      return regularized(variable, this->template value_or<detail::regularizer_of<W>>(detail::nothing{}));
    } else {
      return variable;
    }
  }
  template <class X, class V, class Constraint>
  static constexpr auto constrained(X const& x, V const& variable, Constraint const& constraint) {
    if constexpr (std::is_same_v<Constraint, detail::nothing>) {
      return x;
    } else {
      return apply<constrained_op>(x, variable, constraint(variable));
    }
  }
  template <name Scope, class... X>
  constexpr auto mask_for(X const&... x) const {
    if constexpr (requires { self().template mask<Scope>(x...); }) {
      return self().template mask<Scope>(x...);
    } else if constexpr (Self::masks == masking::passed) {
      return all_masks(mask_of(x)...);
    } else {
      if constexpr (Self::masks == masking::refused && (has_mask<X> || ...)) {
        static_cast<void>(sizeof(layer_does_not_support_masking<Self>));
      }
      return no_mask;
    }
  }
};

namespace detail {
/// Refuses what a layer with these weights does not take: `Tags` are arguments beyond those of every layer.
template <class Layer, class Tags, weight... W>
struct known_arguments;
template <class Layer, class... Tag, weight... W>
struct known_arguments<Layer, void(Tag...), W...> {
  // What multiplies by a kernel has a bias and an activation.
  static constexpr bool multiplies = ((W == weight::kernel || W == weight::depthwise_kernel) || ...);
  template <class T>
  using if_multiplies = std::conditional_t<multiplies, T, trainable_tag>;
  static constexpr bool all =
      Layer::are_distinct &&
      Layer::template are_among<trainable_tag, activity_regularizer_tag, if_multiplies<activation_tag>,
                                if_multiplies<use_bias_tag>, Tag..., initializer_of<W>..., regularizer_of<W>...,
                                constraint_of<W>...>;
};
template <class Layer, class Tags, weight... W>
constexpr Layer make_layer(auto const&... options) {
  if constexpr (!known_arguments<Layer, Tags, W...>::all) {
    static_cast<void>(sizeof(layer_does_not_take_this_argument<Layer>));
  }
  return Layer(options...);
}

/// The call of a layer without a name where another place in the source made one that is alike: another expression.
template <u64 Call, i64 Place, class W, class I>
struct call_elsewhere;
template <u64 Call, i64 Place, std::size_t... W, std::size_t... I>
struct call_elsewhere<Call, Place, std::index_sequence<W...>, std::index_sequence<I...>> {
  static constexpr descriptor const& call = *lookup(key<Call>{});
  struct called {
    static constexpr u64 hash = call.name_hash;
    static constexpr std::string_view text = call.name;
  };
  using call_words = words<layer_attributes::place_word(call.words[W], W, Place)...>;
  using source = tfx::detail::applied<layer_op, called, call_words, call.inputs[I]->hash...>;
  using type = typename source::as_expression::template type<source>;
};
template <class Site, class Y>
constexpr auto call_at(Y const& y) {
  if constexpr (!typed_expression<Y>) {
    return y;
  } else {
    constexpr i64 place = site_index<mix(Y::hash, 0x706c616365), Site>;
    constexpr descriptor const& call = *lookup(key<Y::hash>{});
    if constexpr (place == 0 || !is<layer_op>(call.op)) {
      return y;
    } else {
      return compose<
          typename call_elsewhere<Y::hash, place, std::make_index_sequence<static_cast<std::size_t>(call.word_count)>,
                                  std::make_index_sequence<static_cast<std::size_t>(call.input_count)>>::type>(y);
    }
  }
}
/// A layer without a name, and the place in the source that made it: what it gives is told from what others give that
/// are alike, so that a model refuses two layers of one name where they would be one.
template <class Layer, class Site>
struct layer_at : Layer {
  using layer_type = Layer;
  constexpr explicit layer_at(Layer const& l) : Layer(l) {}

  template <class... X>
  constexpr auto operator()(X const&... x) const {
    return call_at<Site>(Layer::operator()(x...));
  }
};
/// A layer without the place that made it: what goes into a Sequential or another layer has one path.
template <class Layer>
constexpr Layer const& placeless(Layer const& l) {
  return l;
}
template <class Layer, class Site>
constexpr Layer const& placeless(layer_at<Layer, Site> const& l) {
  return l;
}
template <class Layer>
using placeless_of = std::remove_cvref_t<decltype(placeless(std::declval<Layer const&>()))>;
template <auto Site, class Layer>
constexpr auto made_at(Layer const& made) {
  if constexpr (Layer::has_name) {
    return made;
  } else {
    return layer_at<placeless_of<Layer>, decltype(Site)>(placeless(made));
  }
}
}  // namespace detail

}  // namespace keras
TFX_END
