// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/conv_arguments.hpp>
#include <tfx/op/array/reverse.hpp>
#include <tfx/op/array/slice.hpp>

TFX_BEGIN
namespace keras {

// Never defined: using one is the error, and its name is the message.
template <class Layer, class Input, class Cropping>
struct layer_crops_more_than_its_input_has;

namespace layers {

/// `Sides`: how many elements are cut off before and after each axis but the first and the last.
template <class Sides, name Name, class... Options>
struct cropping_layer;
template <i64... C, name Name, class... Options>
struct cropping_layer<words<C...>, Name, Options...>
    : layer<cropping_layer<words<C...>, Name, Options...>, Name, Options...> {
  using layer<cropping_layer, Name, Options...>::layer;
  static constexpr int rank = sizeof...(C) / 2;
  static constexpr name kind = keras::detail::kind_of_rank<"Cropping", rank>();

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    keras::detail::check_rank<kind, rank, X>();
    if constexpr (!fits(X::shape_type::value)) {
      static_cast<void>(
          sizeof(layer_crops_more_than_its_input_has<named_as<kind>, typename X::shape_type, words<C...>>));
      return x;
    } else {
      return cut_ends<0>(cut(x, typename X::shape_type{}, std::make_integer_sequence<int, rank>{}));
    }
  }

 private:
  static constexpr i64 sides[sizeof...(C)] = {C...};

  static constexpr bool fits(dims const& shape) {
    for (int i = 0; i < rank; ++i)
      if (shape[1 + i] >= 0 && sides[2 * i] + sides[2 * i + 1] > shape[1 + i]) return false;
    return true;
  }
  /// The beginnings, and the ends of axes whose extents are numbers.
  template <class X, auto... D, int... I>
  static constexpr auto cut(X const& x, shape_t<D...>, std::integer_sequence<int, I...>) {
    constexpr dims s = shape_t<D...>::value;
    return slice(x, index<0, sides[2 * I]..., 0>,
                 shape<-1, (s[1 + I] < 0 ? -1 : s[1 + I] - sides[2 * I] - sides[2 * I + 1])..., -1>);
  }
  /// Where an extent is a symbol, an end is cut off as the beginning of what is turned around.
  template <int I, class X>
  static constexpr auto cut_ends(X const& x) {
    if constexpr (I == rank) {
      return x;
    } else if constexpr (X::shape_type::value[1 + I] >= 0 || sides[2 * I + 1] == 0) {
      return cut_ends<I + 1>(x);
    } else {
      constexpr auto along = axis<1 + I>;
      return cut_ends<I + 1>(
          reverse(cut_beginning<I>(reverse(x, along), std::make_integer_sequence<int, rank + 2>{}), along));
    }
  }
  template <int I, class X, int... A>
  static constexpr auto cut_beginning(X const& x, std::integer_sequence<int, A...>) {
    return slice(x, index<(A == 1 + I ? sides[2 * I + 1] : 0)...>, shape<(A - A - 1)...>);
  }
};

namespace detail {
template <int Rank, int Default, class Told, class... Options>
constexpr auto make_cropping(Options const&... options) {
  using layer_type = cropping_layer<keras::detail::sides_of_axes<Rank, Told, Default>, Told::name, Options...>;
  return keras::detail::make_layer<layer_type, void(keras::detail::data_format_tag)>(options...);
}
}  // namespace detail

/// Images [batch, height, width, channels] without their edges: `Cropping2D<1>()`, one row and column less on each
/// side, `Cropping2D<1, 2>()`, rows above and below, columns on both sides, `Cropping2D<1, 0, 2, 0>()`, top, bottom,
/// left, right; none unless told. A name is last. Arguments: `data_format<"channels_last">`.
template <size_or_name... Cropping, class... Options, auto Site = [] {}>
constexpr auto Cropping2D(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_cropping<2, 0, keras::detail::told<Cropping...>>(options...));
}
/// The same of sequences [batch, steps, channels]: `Cropping1D<1>()`, as where nothing is told, `Cropping1D<2, 0>()`,
/// before and after.
template <size_or_name... Cropping, class... Options, auto Site = [] {}>
constexpr auto Cropping1D(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_cropping<1, 1, keras::detail::told<Cropping...>>(options...));
}
/// The same of volumes [batch, depth, height, width, channels]: one number (1 unless told), three, or six.
template <size_or_name... Cropping, class... Options, auto Site = [] {}>
constexpr auto Cropping3D(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_cropping<3, 1, keras::detail::told<Cropping...>>(options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
