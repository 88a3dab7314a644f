// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/broadcast_to.hpp>
#include <tfx/op/array/constant.hpp>

TFX_BEGIN

namespace detail {
template <name Name, i64 Bits, class T, auto... D>
constexpr auto splat(shape_t<D...>) {
  static_assert(note_symbols_of<shape_t<D...>>());
  using word_type = words<Bits, static_cast<i64>(dtype_of<T>), extent_of<D>()...>;
  return result_with<splat_op, Name, word_type>{};
}
/// The bits of 0 or 1; a string's 0 is the empty one.
template <class T, int Number>
constexpr i64 number_bits() {
  if constexpr (std::is_same_v<T, std::string>) {
    static_assert(Number == 0, "ones: numbers and bool only; fill(shape<...>, text) repeats a text");
    return 0;
  } else {
    return splat_bits(T(Number));
  }
}
/// A run-time number that is told apart by its place in the source alone.
template <class T, auto Site>
auto number_at(T value) {
  typename literal_leaf<"", canonical_type<T>, shape_t<>, hash_of(splat_op::name), Site>::type result;
  result.literals[0] = make_literal(value);
  return result;
}
}  // namespace detail

/// A tensor of zeros: `zeros(shape<784, 10>)`, `zeros<double>(shape<batch, 3>)`; of strings: of empty ones.
template <element T = float, auto... D>
constexpr auto zeros(shape_t<D...> s) {
  return detail::splat<"", detail::number_bits<T, 0>(), T>(s);
}
/// A tensor of ones.
template <element T = float, auto... D>
constexpr auto ones(shape_t<D...> s) {
  return detail::splat<"", detail::number_bits<T, 1>(), T>(s);
}

/// The same inside functions over handles, of a shape that may be computed: `zeros({64, 10})`, `ones(x.shape())`.
template <element T = float>
constexpr fragment zeros(extents shape) {
  return splat_value(shape.value, dtype_of<T>, detail::number_bits<T, 0>());
}
template <element T = float>
constexpr fragment ones(extents shape) {
  return splat_value(shape.value, dtype_of<T>, detail::number_bits<T, 1>());
}

// A pair of braces alone, which could be a shape_t<> too: a scalar.
template <element T = float>
constexpr fragment zeros(std::initializer_list<i64> shape) {
  return zeros<T>(extents(shape));
}
template <element T = float>
constexpr fragment ones(std::initializer_list<i64> shape) {
  return ones<T>(extents(shape));
}
/// A run-time number in every element: `fill(shape<2, 3>, 9)`, `fill<double>(shape<2>, 9)`.
template <name Name = "", number V, auto... D, auto Site = [] {}>
auto fill(shape_t<D...> s, V value) {
  return broadcast_to<Name>(detail::number_at<V, Site>(value), s);
}
template <element T, number V, auto... D, auto Site = [] {}>
auto fill(shape_t<D...> s, V value) {
  return broadcast_to(detail::number_at<T, Site>(detail::fitted<T>(value)), s);
}
/// One number, which the compiler knows, inside functions over handles: `fill({2, 3}, 0.5f)`.
template <class... None, number V>
  requires(sizeof...(None) == 0)
constexpr fragment fill(extents shape, V value) {
  return splat_value(shape.value, dtype_of<V>, splat_bits(static_cast<detail::canonical_type<V>>(value)));
}
template <element T, number V>
constexpr fragment fill(extents shape, V value) {
  return splat_value(shape.value, dtype_of<T>, splat_bits(detail::fitted<T>(value)));
}
// As zeros({}).
template <class... None, number V>
  requires(sizeof...(None) == 0)
constexpr fragment fill(std::initializer_list<i64> shape, V value) {
  return fill(extents(shape), value);
}
template <element T, number V>
constexpr fragment fill(std::initializer_list<i64> shape, V value) {
  return fill<T>(extents(shape), value);
}
/// A text in every element: `fill(shape<3>, "nobody")`.
template <name Name = "", auto... D, auto Site = [] {}>
auto fill(shape_t<D...> s, std::string const& value) {
  return broadcast_to<Name>(detail::text_constant<"", hash_of(""), Site>(value), s);
}

TFX_END
