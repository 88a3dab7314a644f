// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/constant.hpp>
#include <tfx/op/array/reshape.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/rsqrt.hpp>
#include <tfx/op/math/subtract.hpp>
#include <tfx/op/nn/moments.hpp>

TFX_BEGIN
namespace keras {

// What layers share that normalise.

namespace detail {
struct epsilon_tag;
struct center_tag;
struct scale_tag;

/// (x − mean) / √(variance + epsilon), scaled and moved.
template <bool Scales, bool Moves>
struct normalized_by {
  constexpr auto operator()(auto x, auto mean, auto variance, auto epsilon, auto... by) const {
    return with(x - mean, rsqrt(variance + epsilon), by...);
  }

 private:
  static constexpr auto with(auto x, auto factor, auto... by) {
    if constexpr (Scales && Moves) {
      return moved(x, factor, by...);
    } else if constexpr (Scales) {
      return x * (factor * (by, ...));
    } else if constexpr (Moves) {
      return x * factor + (by, ...);
    } else {
      return x * factor;
    }
  }
  static constexpr auto moved(auto x, auto factor, auto gamma, auto beta) { return x * (factor * gamma) + beta; }
};
/// The same with the weights that there are.
template <bool Scales, bool Moves, class X, class Mean, class Variance, class Epsilon, class Gamma, class Beta>
constexpr auto normalized(X const& x, Mean const& mean, Variance const& variance, Epsilon const& epsilon,
                          [[maybe_unused]] Gamma const& gamma, [[maybe_unused]] Beta const& beta) {
  if constexpr (Scales && Moves) {
    return composition<normalized_by<true, true>>(x, mean, variance, epsilon, gamma, beta);
  } else if constexpr (Scales) {
    return composition<normalized_by<true, false>>(x, mean, variance, epsilon, gamma);
  } else if constexpr (Moves) {
    return composition<normalized_by<false, true>>(x, mean, variance, epsilon, beta);
  } else {
    return composition<normalized_by<false, false>>(x, mean, variance, epsilon);
  }
}
/// A layer's value with those weights, and `more`.
template <bool Scales, bool Moves, class Y, class Gamma, class Beta, class... More>
constexpr auto with_affine_weights(Y const& y, [[maybe_unused]] Gamma const& gamma, [[maybe_unused]] Beta const& beta,
                                   More const&... more) {
  if constexpr (Scales && Moves) {
    return with_weights(y, gamma, beta, more...);
  } else if constexpr (Scales) {
    return with_weights(y, gamma, more...);
  } else if constexpr (Moves) {
    return with_weights(y, beta, more...);
  } else {
    return with_weights(y, more...);
  }
}
}  // namespace detail

/// What is added to a variance before it divides.
inline constexpr argument_name<detail::epsilon_tag> epsilon{};
/// Whether a `beta` is added; whether `gamma` multiplies.
template <bool Center>
inline constexpr static_argument<detail::center_tag, Center> center{};
template <bool Scale>
inline constexpr static_argument<detail::scale_tag, Scale> scale{};

}  // namespace keras
TFX_END
