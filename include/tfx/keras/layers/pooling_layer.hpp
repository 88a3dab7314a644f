// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/conv_arguments.hpp>

TFX_BEGIN
namespace keras::layers {

/// What layers share in which windows become numbers. `Pool` has their kind and makes the value of x, a window's size,
/// its strides and its padding.
template <class Pool, class Size, name Name, class... Options>
struct pooling_layer;
template <class Pool, i64... K, name Name, class... Options>
struct pooling_layer<Pool, ksize_t<K...>, Name, Options...>
    : layer<pooling_layer<Pool, ksize_t<K...>, Name, Options...>, Name, Options...> {
  static constexpr int rank = sizeof...(K);
  using base = layer<pooling_layer, Name, Options...>;
  using base::base;
  static constexpr name kind = Pool::kind;
  using strides_type = keras::detail::argument_for_axes<strides_t, rank, arguments<Options...>,
                                                        keras::detail::strides_tag, strides_t<K...>>;

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    keras::detail::check_rank<kind, rank, X>();
    constexpr auto border = base::template static_or<keras::detail::padding_tag, window_padding::valid>();
    return Pool::of(x, ksize_t<K...>{}, strides_type{}, keras::detail::op_padding<border>());
  }
};
/// The same where one window is all of x: `Pool` reduces x over axes, or the steps of it that a mask tells.
template <class Pool, name Name, class... Options>
struct global_pooling_layer : layer<global_pooling_layer<Pool, Name, Options...>, Name, Options...> {
  using layer<global_pooling_layer, Name, Options...>::layer;
  static constexpr name kind = Pool::kind;
  static constexpr masking masks = Pool::masks;

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    keras::detail::check_rank<kind, Pool::rank, X>();
    if constexpr (masks == masking::consumed && has_mask<X>) {
      return Pool::of_masked(x, mask_of(x));
    } else {
      return of(x, std::make_integer_sequence<int, Pool::rank>{});
    }
  }

 private:
  template <class X, int... I>
  static constexpr auto of(X const& x, std::integer_sequence<int, I...>) {
    return Pool::of(x, axes<1 + I...>);
  }
};

namespace detail {
template <class Pool, int Rank, class Told, class... Options>
constexpr auto make_pooling(Options const&... options) {
  using namespace keras::detail;
  static_assert(Told::are_at_least(1), "tfx: a pool has a size, 1 or more: MaxPooling2D<2>");
  using layer_type = pooling_layer<Pool, window_size<Rank, Told, 2>, Told::name, Options...>;
  return make_layer<layer_type, void(strides_tag, padding_tag, data_format_tag)>(options...);
}
template <class Pool, name Name, class... Options>
constexpr auto make_global_pooling(Options const&... options) {
  using namespace keras::detail;
  return make_layer<global_pooling_layer<Pool, Name, Options...>, void(data_format_tag)>(options...);
}
}  // namespace detail

}  // namespace keras::layers
TFX_END
