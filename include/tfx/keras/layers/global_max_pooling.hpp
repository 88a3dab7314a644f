// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/pooling_layer.hpp>
#include <tfx/op/math/reduce_max.hpp>

TFX_BEGIN
namespace keras::layers {

namespace detail {
template <int Rank>
struct global_max_pooling {
  static constexpr name kind = keras::detail::kind_of_rank<"GlobalMaxPooling", Rank>();
  static constexpr int rank = Rank;
  static constexpr masking masks = masking::refused;
  static constexpr auto of(auto const& x, auto axes) { return reduce_max(x, axes); }
};
}  // namespace detail

/// The largest number of each channel: images [batch, height, width, channels] make [batch, channels].
/// `GlobalMaxPooling2D()`; arguments: `data_format<"channels_last">`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto GlobalMaxPooling2D(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_global_pooling<detail::global_max_pooling<2>, Name>(options...));
}
/// The same of sequences [batch, steps, channels].
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto GlobalMaxPooling1D(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_global_pooling<detail::global_max_pooling<1>, Name>(options...));
}
/// The same of volumes [batch, depth, height, width, channels].
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto GlobalMaxPooling3D(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_global_pooling<detail::global_max_pooling<3>, Name>(options...));
}

}  // namespace keras::layers
TFX_END
