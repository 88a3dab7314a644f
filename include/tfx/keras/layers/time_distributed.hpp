// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/reshape.hpp>
#include <tfx/op/array/transpose.hpp>
#include <tfx/op/control/map_fn.hpp>

TFX_BEGIN
namespace keras::layers {

template <class Layer, name Name, class... Options>
struct time_distributed_layer : layer<time_distributed_layer<Layer, Name, Options...>, Name, Options...> {
  using base = layer<time_distributed_layer<Layer, Name, Options...>, Name, Options...>;
  static constexpr name kind = "TimeDistributed";
  static constexpr auto masks = masking::passed;
  static_assert(!base::template has<keras::detail::trainable_tag>,
                "tfx: whether weights are trained is told to the layer in TimeDistributed");
  Layer each;

  constexpr explicit time_distributed_layer(Layer const& l, Options const&... options) : base(options...), each(l) {}

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    static_assert(X::shape_type::rank >= 3, "tfx: TimeDistributed takes [batch, time, ...], of rank 3 or more");
    if constexpr (requires { typename Layer::input_types; }) {
      return of_model(x);
    } else {
      return of_rows<Scope>(x);
    }
  }

 private:
  template <name Scope, class X>
  constexpr auto of_rows(X const& x) const {
    auto const made = value_of<Scope>(reshape(x, rows_of(typename X::shape_type{})));
    return std::apply(
        [&](auto const&... w) {
          using made_shape = typename std::remove_cvref_t<decltype(made.value)>::shape_type;
          return with_weights(reshape(made.value, steps_of(typename X::shape_type{}, made_shape{})), w...);
        },
        made.weights);
  }
  // A model's rows are those of the batch: it runs step by step.
  template <class X>
  constexpr auto of_model(X const& x) const {
    static_assert(std::tuple_size_v<typename Layer::output_types> == 1,
                  "tfx: TimeDistributed takes a model of one output");
    return time_first(map_fn([&](auto const& step) { return each(step); }, time_first(x)));
  }
  template <class X>
  static constexpr auto time_first(X const& x) {
    return [&]<int... A>(std::integer_sequence<int, A...>) {
      return transpose(x, axes<1, 0, (A + 2)...>);
    }(std::make_integer_sequence<int, X::shape_type::rank - 2>{});
  }
  template <name Scope, class X>
  constexpr auto value_of(X const& x) const {
    if constexpr (requires { Layer::kind; }) {
      return each.template call_within<Scope>(x);
    } else {
      return with_weights(each(x));
    }
  }
  template <auto Rows, auto Time, auto... D>
  static constexpr auto rows_of(shape_t<Rows, Time, D...>) {
    return shape<-1, D...>;
  }
  template <auto Rows, auto Time, auto... D, auto All, auto... E>
  static constexpr auto steps_of(shape_t<Rows, Time, D...>, shape_t<All, E...>) {
    return shape<Rows, Time, E...>;
  }
};

/// A layer of each step alone: of x [batch, time, …], `TimeDistributed(Dense<8>())` makes [batch, time, 8]. The layer
/// sees [batch · time, …]; its weights are called after this one, `time_distributed/kernel`. A function of an
/// expression will do too, and a model, which keeps its name and goes from step to step. The mask is x's.
template <name Name = "", class Layer, class... Options, auto Site = [] {}>
constexpr auto TimeDistributed(Layer const& each, Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<time_distributed_layer<keras::detail::placeless_of<Layer>, Name, Options...>, void()>(
          keras::detail::placeless(each), options...));
}

}  // namespace keras::layers
TFX_END
