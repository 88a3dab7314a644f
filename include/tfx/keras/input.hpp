// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/placeholder.hpp>
#include <tuple>

TFX_BEGIN
namespace keras {

/// The rows of a batch, in every input, target and weight of a model.
inline constexpr auto batch = dim<"batch">;

/// What a model is fed with: a tensor [batch, D…] of dtype T. `Input(shape<28, 28, 1>)`,
/// `Input<"words", std::int64_t>(shape<80>)`. Inputs of one model have names of their own.
template <name Name = "input_1", element T = float, auto... D>
constexpr auto Input(shape_t<D...>) {
  return placeholder<Name, T>(shape<batch, D...>);
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
/// One or several as a tuple of values, or of references.
template <class X>
constexpr auto tuple_of(X const& x) {
  if constexpr (are_several<X>) {
    return std::apply([](auto const&... each) { return std::tuple<std::remove_cvref_t<decltype(each)>...>(each...); },
                      x.each);
  } else {
    return std::tuple<X>(x);
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
