// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/nn/avg_pool.hpp>

TFX_BEGIN

namespace nn {
/// avg_pool of sequences [n, steps, channels]: the mean of each window along the steps, channel by channel.
/// `nn::avg_pool1d(x, ksize<2>, strides<2>, padding::SAME)` makes [n, 28, 32] a [n, 14, 32]. Keras: K.pool1d.
template <name Name = "", expression X, i64... K, i64... S, padding_kind Kind, i64... P>
constexpr auto avg_pool1d(X const& x, ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>)
    -> result_with<avg_pool_op, Name,
                   typename detail::pool_words<ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>>::type, X> {
  static_assert(sizeof...(K) == 1, "avg_pool1d: a window has a length: ksize<2>");
  return apply<avg_pool_op, Name,
               typename detail::pool_words<ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>>::type>(x);
}
}  // namespace nn

TFX_END
