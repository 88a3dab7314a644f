// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/conv_arguments.hpp>
#include <tfx/op/array/pad.hpp>

TFX_BEGIN
namespace keras::layers {

/// `Sides`: how many zeros come before and after each axis but the first and the last.
template <class Sides, name Name, class... Options>
struct zero_padding_layer;
template <i64... P, name Name, class... Options>
struct zero_padding_layer<words<P...>, Name, Options...>
    : layer<zero_padding_layer<words<P...>, Name, Options...>, Name, Options...> {
  using layer<zero_padding_layer, Name, Options...>::layer;
  static constexpr int rank = sizeof...(P) / 2;
  static constexpr name kind = keras::detail::kind_of_rank<"ZeroPadding", rank>();

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    keras::detail::check_rank<kind, rank, X>();
    return pad(x, paddings<0, 0, P..., 0, 0>);
  }
};

namespace detail {
template <int Rank, class Told, class... Options>
constexpr auto make_zero_padding(Options const&... options) {
  using layer_type = zero_padding_layer<keras::detail::sides_of_axes<Rank, Told, 1>, Told::name, Options...>;
  return keras::detail::make_layer<layer_type, void(keras::detail::data_format_tag)>(options...);
}
}  // namespace detail

/// Rows and columns of zeros around images [batch, height, width, channels]: `ZeroPadding2D<1>()`, one on each side,
/// `ZeroPadding2D<1, 2>()`, rows above and below, columns on both sides, `ZeroPadding2D<1, 0, 2, 0>()`, top, bottom,
/// left, right; 1 unless told. A name is last. Arguments: `data_format<"channels_last">`.
template <size_or_name... Padding, class... Options, auto Site = [] {}>
constexpr auto ZeroPadding2D(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_zero_padding<2, keras::detail::told<Padding...>>(options...));
}
/// The same of sequences [batch, steps, channels]: `ZeroPadding1D<1>()`, `ZeroPadding1D<2, 0>()`, before and after.
template <size_or_name... Padding, class... Options, auto Site = [] {}>
constexpr auto ZeroPadding1D(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_zero_padding<1, keras::detail::told<Padding...>>(options...));
}
/// The same of volumes [batch, depth, height, width, channels]: one number, three, or six.
template <size_or_name... Padding, class... Options, auto Site = [] {}>
constexpr auto ZeroPadding3D(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_zero_padding<3, keras::detail::told<Padding...>>(options...));
}

}  // namespace keras::layers
TFX_END
