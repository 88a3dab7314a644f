// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/conv_arguments.hpp>
#include <tfx/op/array/upsample.hpp>
#include <tfx/op/image/resize_bilinear.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct interpolation_tag;
}  // namespace detail

struct interpolation_word {
  template <class Word>
  struct refusal {
    using tag = detail::interpolation_tag;
    static constexpr bool value = false;
    static_assert(is_word<interpolation_word, Word>,
                  "tfx: keras::interpolation knows no such word: it is nearest or bilinear");
  };
};
/// What new pixels are: `interpolation<"nearest">`, or `"bilinear"` between the four around them.
template <tfx::name Name>
inline constexpr word<interpolation_word, named_as<Name>> interpolation{};
template <>
struct stands_for<interpolation_word, named_as<"nearest">> : static_argument<detail::interpolation_tag, false> {};
template <>
struct stands_for<interpolation_word, named_as<"bilinear">> : static_argument<detail::interpolation_tag, true> {};

namespace layers {

template <class Factors, name Name, class... Options>
struct up_sampling_layer;
template <i64... F, name Name, class... Options>
struct up_sampling_layer<ksize_t<F...>, Name, Options...>
    : layer<up_sampling_layer<ksize_t<F...>, Name, Options...>, Name, Options...> {
  static constexpr int rank = sizeof...(F);
  using base = layer<up_sampling_layer, Name, Options...>;
  using base::base;
  static constexpr name kind = keras::detail::kind_of_rank<"UpSampling", rank>();

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    keras::detail::check_rank<kind, rank, X>();
    if constexpr (base::template static_or<keras::detail::interpolation_tag, false>()) {
      return image::resize_bilinear(x, factors<F...>);
    } else {
      return upsample(x, factors<1, F..., 1>);
    }
  }
};

namespace detail {
template <int Rank, class Tags, class Told, class... Options>
constexpr auto make_up_sampling(Options const&... options) {
  static_assert(Told::are_at_least(1), "tfx: UpSampling makes of each element one or more");
  using layer_type = up_sampling_layer<keras::detail::window_size<Rank, Told, 2>, Told::name, Options...>;
  return keras::detail::make_layer<layer_type, Tags>(options...);
}
}  // namespace detail

/// Images [batch, height, width, channels] enlarged, each pixel a block of equal ones: `UpSampling2D<2>()` doubles
/// height and width (as where nothing is told), `UpSampling2D<2, 3, "name">()`. Arguments:
/// `interpolation<"bilinear">` ("nearest"), `data_format<"channels_last">`. The value is upsample's, or
/// image::resize_bilinear's.
template <size_or_name... Size, class... Options, auto Site = [] {}>
constexpr auto UpSampling2D(Options const&... options) {
  using namespace keras::detail;
  return keras::detail::made_at<Site>(
      detail::make_up_sampling<2, void(interpolation_tag, data_format_tag), told<Size...>>(options...));
}
/// Sequences [batch, steps, channels], each step so many times: `UpSampling1D<3>()`.
template <size_or_name... Size, class... Options, auto Site = [] {}>
constexpr auto UpSampling1D(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_up_sampling<1, void(), keras::detail::told<Size...>>(options...));
}
/// Volumes [batch, depth, height, width, channels], each element a box of equal ones: `UpSampling3D<1, 2, 2>()`.
template <size_or_name... Size, class... Options, auto Site = [] {}>
constexpr auto UpSampling3D(Options const&... options) {
  return keras::detail::made_at<Site>(
      detail::make_up_sampling<3, void(keras::detail::data_format_tag), keras::detail::told<Size...>>(options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
