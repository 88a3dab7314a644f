// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/reshape.hpp>

TFX_BEGIN
namespace keras::layers {

template <name Name, class... Options>
struct flatten_layer : layer<flatten_layer<Name, Options...>, Name, Options...> {
  using layer<flatten_layer<Name, Options...>, Name, Options...>::layer;
  static constexpr name kind = "Flatten";

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    return reshape(x, rows_of(typename X::shape_type{}));
  }

 private:
  template <auto Rows, auto... D>
  static constexpr auto rows_of(shape_t<Rows, D...>) {
    constexpr i64 extents[] = {tfx::detail::extent_of<D>()..., 1};
    constexpr i64 size = [&] {
      i64 product = 1;
      for (i64 extent : extents) product = extent < 0 || product < 0 ? -1 : product * extent;
      return product;
    }();
    return shape<Rows, size>;
  }
};

/// Each row of the batch as a vector: [batch, …] makes [batch, n].
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto Flatten(Options const&... options) {
  return keras::detail::made_at<Site>(keras::detail::make_layer<flatten_layer<Name, Options...>, void()>(options...));
}

}  // namespace keras::layers
TFX_END
