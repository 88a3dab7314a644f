// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/shared_session.hpp>
#include <tfx/op/array/placeholder.hpp>
#include <tuple>

TFX_BEGIN
namespace keras {

/// The rows of a batch, in every input, target and weight of a model.
inline constexpr auto batch = dim<"batch">;

/// A placeholder that knows which models begin with it.
template <class X>
struct input_t : X {
  using base = X;
  using X::operator=;
  detail::counted<detail::models_of_input> models = detail::make_models_of_input();

  constexpr explicit input_t(X const& x) : X(x) {}
};

/// What a model is fed with: a tensor [batch, D…] of dtype T. `Input(shape<28, 28, 1>)`,
/// `Input<"words", std::int64_t>(shape<80>)`. Inputs of one model have names of their own. Models of one Input have the
/// weights in common of the layers that are in both: `Model(x, code)` is the encoder of `Model(x, decoded)`. An Input
/// that is a constant, or is not a local variable, does not know its models: each has weights of its own.
template <name Name = "input_1", element T = float, auto... D>
constexpr auto Input(shape_t<D...>) {
  auto const x = placeholder<Name, T>(shape<batch, D...>);
  return input_t<std::remove_const_t<decltype(x)>>(x);
}

/// Several in the place of one: inputs of a model, or what they are fed with; `inputs(left, right)`.
template <class... X>
struct inputs_t {
  std::tuple<X...> each;
};
template <class... X>
constexpr inputs_t<X...> inputs(X&&... x) {
  return {std::tuple<X...>(static_cast<X&&>(x)...)};
}
/// The same for outputs: `outputs(digit, parity)`; and for what they are to be.
template <class... X>
constexpr inputs_t<X...> outputs(X&&... x) {
  return {std::tuple<X...>(static_cast<X&&>(x)...)};
}

namespace detail {
template <class X>
inline constexpr bool are_several = false;
template <class... X>
inline constexpr bool are_several<inputs_t<X...>> = true;
template <class X>
constexpr X const& tensor_of(X const& x) {
  return x;
}
template <class X>
constexpr X const& tensor_of(input_t<X> const& x) {
  return x;
}
/// One or several as a tuple of values, or of references.
template <class X>
constexpr auto tuple_of(X const& x) {
  if constexpr (are_several<X>) {
    return std::apply(
        [](auto const&... each) {
          return std::tuple<std::remove_cvref_t<decltype(tensor_of(each))>...>(tensor_of(each)...);
        },
        x.each);
  } else {
    return std::tuple<std::remove_cvref_t<decltype(tensor_of(x))>>(tensor_of(x));
  }
}
template <class X>
constexpr auto refer_to(X const& x) {
  if constexpr (are_several<X>) {
    return std::apply([](auto const&... each) { return std::tie(each...); }, x.each);
  } else {
    return std::tie(x);
  }
}
}  // namespace detail

}  // namespace keras
TFX_END
