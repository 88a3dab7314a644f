// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/broadcast_to.hpp>
#include <tfx/op/array/expand_dims.hpp>

TFX_BEGIN
namespace keras::layers {

template <int Count, name Name, class... Options>
struct repeat_vector_layer : layer<repeat_vector_layer<Count, Name, Options...>, Name, Options...> {
  using layer<repeat_vector_layer<Count, Name, Options...>, Name, Options...>::layer;
  static constexpr name kind = "RepeatVector";

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    static_assert(X::shape_type::rank == 2, "tfx: RepeatVector takes [batch, n]");
    return broadcast_to(expand_dims(x, axis<1>), repeated(typename X::shape_type{}));
  }

 private:
  template <auto Rows, auto Width>
  static constexpr auto repeated(shape_t<Rows, Width>) {
    return shape<Rows, Count, Width>;
  }
};

/// Each row as often as told: [batch, n] makes [batch, count, n]. `RepeatVector<3>()`.
template <int Count, name Name = "", class... Options, auto Site = [] {}>
constexpr auto RepeatVector(Options const&... options) {
  static_assert(Count > 0, "tfx: RepeatVector repeats once at least");
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<repeat_vector_layer<Count, Name, Options...>, void()>(options...));
}

}  // namespace keras::layers
TFX_END
