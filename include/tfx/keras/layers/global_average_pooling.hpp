// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/pooling_layer.hpp>
#include <tfx/op/array/expand_dims.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/div_no_nan.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/reduce_mean.hpp>
#include <tfx/op/math/reduce_sum.hpp>

TFX_BEGIN
namespace keras::layers {

namespace detail {
struct mean_of_steps {
  constexpr auto operator()(auto x, auto mask) const {
    auto const counts = expand_dims(cast(mask, x.type()), axis<-1>);
    return div_no_nan(reduce_sum(x * counts, axes<1>), reduce_sum(counts, axes<1>));
  }
};
template <int Rank>
struct global_average_pooling {
  static constexpr name kind = keras::detail::kind_of_rank<"GlobalAveragePooling", Rank>();
  static constexpr int rank = Rank;
  static constexpr masking masks = Rank == 1 ? masking::consumed : masking::refused;
  static constexpr auto of(auto const& x, auto axes) { return reduce_mean(x, axes); }
  static constexpr auto of_masked(auto const& x, auto const& mask) { return composition<mean_of_steps>(x, mask); }
};
}  // namespace detail

/// The mean of each channel: images [batch, height, width, channels] make [batch, channels].
/// `GlobalAveragePooling2D()`; arguments: `data_format<"channels_last">`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto GlobalAveragePooling2D(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_global_pooling<detail::global_average_pooling<2>, Name>(options...));
}
/// The same of sequences [batch, steps, channels]; of those with a mask the mean of the steps that count, and 0
/// where none does.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto GlobalAveragePooling1D(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_global_pooling<detail::global_average_pooling<1>, Name>(options...));
}
/// The same of volumes [batch, depth, height, width, channels].
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto GlobalAveragePooling3D(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_global_pooling<detail::global_average_pooling<3>, Name>(options...));
}

}  // namespace keras::layers
TFX_END
