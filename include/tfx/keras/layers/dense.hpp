// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/reshape.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/matmul.hpp>
#include <tfx/op/nn/bias_add.hpp>

TFX_BEGIN
namespace keras::layers {

template <int Units, name Name, class... Options>
struct dense_layer : layer<dense_layer<Units, Name, Options...>, Name, Options...> {
  using base = layer<dense_layer<Units, Name, Options...>, Name, Options...>;
  using base::base;
  static constexpr name kind = "Dense";
  static constexpr auto masks = masking::passed;

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    using T = typename X::value_type;
    constexpr dims shape_of_x = X::shape_type::value;
    constexpr int rank = shape_of_x.rank;
    static_assert(rank >= 2, "tfx: Dense takes [batch, ..., n]");
    static_assert(shape_of_x[rank - 1] >= 0, "tfx: The last dimension of the inputs to `Dense` should be defined");
    constexpr i64 in = shape_of_x[rank - 1];
    auto const kernel =
        this->template weight_of<Scope, weight::kernel, T>(shape<in, Units>, glorot_uniform_initializer());
    if constexpr (base::uses_bias) {
      auto const bias = this->template weight_of<Scope, weight::bias, T>(shape<Units>, zeros_initializer());
      return with_weights(this->activate(nn::bias_add(product<in>(x, kernel), bias)), kernel, bias);
    } else {
      return with_weights(this->activate(product<in>(x, kernel)), kernel);
    }
  }

 private:
  /// Of the last axis, whatever stands before it.
  template <i64 In, class X, class W>
  static constexpr auto product(X const& x, W const& kernel) {
    if constexpr (X::shape_type::rank == 2) {
      return matmul(x, kernel);
    } else {
      return reshape(matmul(reshape(x, shape<-1, In>), kernel), with_last(typename X::shape_type{}));
    }
  }
  template <auto... D>
  static constexpr auto with_last(shape_t<D...>) {
    constexpr auto extents = std::tuple{D...};
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return shape<std::get<I>(extents)..., Units>;
    }(std::make_index_sequence<sizeof...(D) - 1>{});
  }
};

/// activation(x · kernel + bias), x [batch, …, n], kernel [n, units], bias [units]: `Dense<64>(activation<"relu">)`.
/// Arguments: an activation, `use_bias<false>`, `trainable<false>`, and initializer, regularizer and constraint of
/// kernel (glorot_uniform) and bias (zeros), `activity_regularizer`.
template <int Units, name Name = "", class... Options, auto Site = [] {}>
constexpr auto Dense(Options const&... options) {
  static_assert(Units > 0, "tfx: Dense has at least one unit");
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<dense_layer<Units, Name, Options...>, void(), weight::kernel, weight::bias>(
          options...));
}

}  // namespace keras::layers
TFX_END
