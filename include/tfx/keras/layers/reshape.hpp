// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/reshape.hpp>

TFX_BEGIN
namespace keras::layers {

template <name Name, class Target, class... Options>
struct reshape_layer : layer<reshape_layer<Name, Target, Options...>, Name, Options...> {
  using layer<reshape_layer<Name, Target, Options...>, Name, Options...>::layer;
  static constexpr name kind = "Reshape";

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    return reshape(x, in_rows(typename X::shape_type{}, Target{}));
  }

 private:
  template <auto Rows, auto... Of, auto... D>
  static constexpr auto in_rows(shape_t<Rows, Of...>, shape_t<D...>) {
    return shape<Rows, D...>;
  }
};

/// Each row of the batch in another shape, of which one extent may be -1, what the rest leaves: `Reshape(shape<3, -1>)`
/// makes [batch, 12] [batch, 3, 4]. A shape of another size is refused, with both.
template <name Name = "", auto... D, class... Options, auto Site = [] {}>
constexpr auto Reshape(shape_t<D...>, Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<reshape_layer<Name, shape_t<D...>, Options...>, void()>(options...));
}

}  // namespace keras::layers
TFX_END
