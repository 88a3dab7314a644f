// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/activations.hpp>
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/constant.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct max_value_tag;
struct negative_slope_tag;
struct threshold_tag;
}  // namespace detail
/// What ReLU gives at most; its slope below the threshold; where that is.
inline constexpr argument_name<detail::max_value_tag> max_value{};
inline constexpr argument_name<detail::negative_slope_tag> negative_slope{};
inline constexpr argument_name<detail::threshold_tag> threshold{};

namespace layers {

template <name Name, class... Options>
struct relu_layer : layer<relu_layer<Name, Options...>, Name, Options...> {
  using base = layer<relu_layer<Name, Options...>, Name, Options...>;
  using base::base;
  static constexpr name kind = "ReLU";
  static constexpr auto masks = masking::passed;

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    using T = typename X::value_type;
    using namespace keras::detail;
    double const most = told<max_value_tag>(std::numeric_limits<double>::infinity());
    double const slope = told<negative_slope_tag>(0), threshold = told<threshold_tag>(0);
    if (!(most >= 0)) raise<errors::InvalidArgumentError>("max_value of ReLU layer cannot be negative value: %g", most);
    if (!(slope >= 0))
      raise<errors::InvalidArgumentError>("negative_slope of ReLU layer cannot be negative value: %g", slope);
    return composition<relu_of>(x, constant<Scope / "negative_slope">(static_cast<T>(slope)),
                                constant<Scope / "max_value">(static_cast<T>(most)),
                                constant<Scope / "threshold">(static_cast<T>(threshold)));
  }

 private:
  template <class Tag>
  constexpr double told(double otherwise) const {
    return static_cast<double>(this->template value_or<Tag>(otherwise));
  }
};

/// max_value where x is larger, x above the threshold, and negative_slope · (x − threshold) elsewhere: `ReLU()`,
/// `ReLU(max_value = 6.0, negative_slope = 0.1, threshold = 1.0)`. A negative max_value or slope is refused.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto ReLU(Options const&... options) {
  using namespace keras::detail;
  return keras::detail::made_at<Site>(
      make_layer<relu_layer<Name, Options...>, void(max_value_tag, negative_slope_tag, threshold_tag)>(options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
