// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/conv_arguments.hpp>
#include <tfx/op/nn/bias_add.hpp>

TFX_BEGIN
namespace keras::layers {

/// What layers of filters share: what their arguments say of the window, and what comes behind it. `Size` is the
/// window's: `ksize_t<3, 3>`.
template <class Self, int Rank, class Size, name Name, class... Options>
struct filter_layer : layer<Self, Name, Options...> {
  using base = layer<Self, Name, Options...>;
  using base::base;
  template <template <i64...> class Numbers>
  using ones = typename keras::detail::spread_over_axes<Numbers, Rank, words<1>>::type;
  using strides_type = keras::detail::argument_for_axes<strides_t, Rank, arguments<Options...>,
                                                        keras::detail::strides_tag, strides_t<1>>;
  using dilations_type = keras::detail::argument_for_axes<dilations_t, Rank, arguments<Options...>,
                                                          keras::detail::dilation_tag, dilations_t<1>>;
  static constexpr window_padding border =
      base::template static_or<keras::detail::padding_tag, window_padding::valid>();
  static constexpr i64 multiplier = base::template static_or<keras::detail::depth_multiplier_tag, 1>();
  static_assert(std::is_same_v<strides_type, ones<strides_t>> || std::is_same_v<dilations_type, ones<dilations_t>>,
                "tfx: Keras: a stride other than 1 is incompatible with a dilation_rate other than 1");

 protected:
  /// A filter for each place of the window: [size…, in, out].
  template <name Scope, weight W, class T, i64 In, i64 Out>
  constexpr auto filter_of() const {
    return this->template weight_of<Scope, W, T>(filter_shape<In, Out>(Size{}), glorot_uniform_initializer());
  }
  /// The layer's value: y of so many channels and the bias, through the activation.
  template <name Scope, i64 Channels, class Y, class... W>
  constexpr auto finish(Y const& y, W const&... weights) const {
    if constexpr (base::uses_bias) {
      auto const bias =
          this->template weight_of<Scope, weight::bias, typename Y::value_type>(shape<Channels>, zeros_initializer());
      return with_weights(this->activate(nn::bias_add(y, bias)), weights..., bias);
    } else {
      return with_weights(this->activate(y), weights...);
    }
  }

 private:
  template <i64 In, i64 Out, i64... K>
  static constexpr auto filter_shape(ksize_t<K...>) {
    return shape<K..., In, Out>;
  }
};

namespace detail {
/// Makes a layer of filters, whose arguments are those of the window and `Tag`s, with the weights `W`.
template <class Layer, class Tags, weight... W>
struct filter_layer_maker;
template <class Layer, class... Tag, weight... W>
struct filter_layer_maker<Layer, void(Tag...), W...> {
  template <class... Options>
  static constexpr Layer make(Options const&... options) {
    using namespace keras::detail;
    return make_layer<Layer, void(strides_tag, padding_tag, dilation_tag, data_format_tag, Tag...), W..., weight::bias>(
        options...);
  }
};
}  // namespace detail

}  // namespace keras::layers
TFX_END
