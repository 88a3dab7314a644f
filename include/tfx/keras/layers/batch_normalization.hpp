// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/keras/learning_phase.hpp>
#include <tfx/op/array/constant.hpp>
#include <tfx/op/nn/fused_batch_norm.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct momentum_tag;
struct epsilon_tag;
struct center_tag;
struct scale_tag;
struct axis_tag;

/// What is normalised, scaled and moved, as one function.
template <bool Scales, bool Moves>
struct normalized_by {
  constexpr auto operator()(auto x, auto mean, auto variance, auto epsilon, auto gamma, auto beta) const {
    auto const factor = rsqrt(variance + epsilon);
    if constexpr (Scales && Moves) {
      return (x - mean) * (factor * gamma) + beta;
    } else if constexpr (Scales) {
      return (x - mean) * (factor * gamma);
    } else if constexpr (Moves) {
      return (x - mean) * factor + beta;
    } else {
      return (x - mean) * factor;
    }
  }
};
/// A moving average one step on.
struct moved_on {
  constexpr auto operator()(auto average, auto value, auto momentum) const {
    return average * momentum + value * (1.0 - momentum);
  }
};
}  // namespace detail

/// How much of a moving average stays in each step.
inline constexpr argument_name<detail::momentum_tag> momentum{};
/// What is added to a variance before it divides.
inline constexpr argument_name<detail::epsilon_tag> epsilon{};
/// Whether a `beta` is added; whether `gamma` multiplies.
template <bool Center>
inline constexpr static_argument<detail::center_tag, Center> center{};
template <bool Scale>
inline constexpr static_argument<detail::scale_tag, Scale> scale{};

namespace layers {

template <name Name, class... Options>
struct batch_normalization_layer : layer<batch_normalization_layer<Name, Options...>, Name, Options...> {
  using base = layer<batch_normalization_layer<Name, Options...>, Name, Options...>;
  using base::base;
  static constexpr name kind = "BatchNormalization";
  static constexpr bool scales = base::template static_or<keras::detail::scale_tag, true>();
  static constexpr bool moves = base::template static_or<keras::detail::center_tag, true>();

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    using T = typename X::value_type;
    constexpr dims all = X::shape_type::value;
    constexpr int rank = all.rank;
    static_assert(rank >= 2, "tfx: BatchNormalization takes [batch, ..., n]");
    static_assert(all[rank - 1] >= 0, "tfx: the last dimension that BatchNormalization takes is a number");
    constexpr auto size = shape<all[rank - 1]>;
    auto const gamma = this->template weight_of<Scope, weight::gamma, T>(size, ones_initializer());
    auto const beta = this->template weight_of<Scope, weight::beta, T>(size, zeros_initializer());
    auto const average = this->template weight_of<Scope, weight::moving_mean, T>(size, zeros_initializer());
    auto const spread = this->template weight_of<Scope, weight::moving_variance, T>(size, ones_initializer());
    auto const epsilon =
        constant<Scope / "epsilon">(static_cast<T>(this->template value_or<keras::detail::epsilon_tag>(0.001)));
    auto const momentum =
        constant<Scope / "momentum">(static_cast<T>(this->template value_or<keras::detail::momentum_tag>(0.99)));

    auto const [mean, variance] = moments_of(x, std::make_integer_sequence<int, rank - 1>{});
    using normalized = keras::detail::normalized_by<scales, moves>;
    auto const changes =
        group(average.assign(composition<keras::detail::moved_on>(average, mean, momentum)),
              spread.assign(composition<keras::detail::moved_on>(spread, estimate<rank>(variance, x), momentum)));
    auto const y =
        by_phase(with_dependencies(changes, composition<normalized>(x, mean, variance, epsilon, gamma, beta)),
                 composition<normalized>(x, average, spread, epsilon, gamma, beta));
    if constexpr (scales && moves) {
      return with_weights(y, gamma, beta, average, spread);
    } else if constexpr (scales) {
      return with_weights(y, gamma, average, spread);
    } else if constexpr (moves) {
      return with_weights(y, beta, average, spread);
    } else {
      return with_weights(y, average, spread);
    }
  }

 private:
  template <class X, int... A>
  static constexpr auto moments_of(X const& x, std::integer_sequence<int, A...>) {
    return nn::moments<"moments">(x, axes<A...>);
  }
  // Images are normalised by TensorFlow's fused op, which tells an estimate without bias.
  template <int Rank, class V, class X>
  static constexpr auto estimate(V const& variance, X const& x) {
    if constexpr (Rank == 4) {
      return apply<unbiased_variance_op>(variance, x);
    } else {
      return variance;
    }
  }
};

/// (x − mean) · rsqrt(variance + epsilon) · gamma + beta along the last axis. In training mean and variance are the
/// batch's, and `moving_mean` and `moving_variance` go on by them: moving · momentum + batch · (1 − momentum); else
/// they are those (Ioffe and Szegedy, 2015). `BatchNormalization(momentum = 0.9, epsilon = 1e-3)`; arguments:
/// `center<false>`, `scale<false>`, and initializer, regularizer and constraint of gamma (ones) and beta (zeros),
/// initializers of moving_mean (zeros) and moving_variance (ones).
template <name Name = "", class... Options>
constexpr auto BatchNormalization(Options const&... options) {
  using namespace keras::detail;
  return make_layer<batch_normalization_layer<Name, Options...>, void(momentum_tag, epsilon_tag, center_tag, scale_tag),
                    weight::gamma, weight::beta, weight::moving_mean, weight::moving_variance>(options...);
}

}  // namespace layers
}  // namespace keras
TFX_END
