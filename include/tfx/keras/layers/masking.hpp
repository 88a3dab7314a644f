// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/constant.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/not_equal.hpp>
#include <tfx/op/math/reduce_any.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
/// Where a step has another number than `value` in it.
struct differs_from {
  constexpr auto operator()(auto x, auto value) const { return reduce_any(not_equal(x, value), axis<-1>); }
};
template <class T>
struct masked_where_equal {
  constexpr auto operator()(auto x, auto value) const {
    return x * cast<T>(reduce_any(not_equal(x, value), axis<-1>, keepdims));
  }
};
}  // namespace detail

namespace layers {

template <name Name, class... Options>
struct masking_layer : layer<masking_layer<Name, Options...>, Name, Options...> {
  using base = layer<masking_layer<Name, Options...>, Name, Options...>;
  static constexpr name kind = "Masking";
  double mask_value;

  constexpr explicit masking_layer(double value, Options const&... options) : base(options...), mask_value(value) {}
  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    static_assert(X::shape_type::rank >= 2, "tfx: Masking takes [batch, ..., n]");
    return composition<keras::detail::masked_where_equal<typename X::value_type>>(x, value_of<Scope>(x));
  }
  template <name Scope, class X>
  constexpr auto mask(X const& x) const {
    return composition<keras::detail::differs_from>(x, value_of<Scope>(x));
  }

 private:
  template <name Scope, class X>
  constexpr auto value_of(X const&) const {
    return constant<Scope / "mask_value">(static_cast<typename X::value_type>(mask_value));
  }
};

/// Steps of x [batch, time, …, n] all of whose numbers are `mask_value` do not count: the mask says so to the layers
/// behind and to the loss, and such steps are 0. `Masking()`, `Masking(-1.0)`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto Masking(double mask_value = 0, Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<masking_layer<Name, Options...>, void()>(mask_value, options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
