// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/normalization.hpp>
#include <tfx/keras/learning_phase.hpp>
#include <tfx/op/array/transpose.hpp>
#include <tfx/op/nn/fused_batch_norm.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct momentum_tag;

/// What a moving average gains by a step: (value − average) · (1 − momentum).
struct gain_of_average {
  constexpr auto operator()(auto average, auto value, auto momentum) const {
    return (value - average) * (1.0 - momentum);
  }
};
}  // namespace detail

/// How much of a moving average stays in each step.
inline constexpr argument_name<detail::momentum_tag> momentum{};

namespace layers {

template <name Name, class... Options>
struct batch_normalization_layer : layer<batch_normalization_layer<Name, Options...>, Name, Options...> {
  using base = layer<batch_normalization_layer<Name, Options...>, Name, Options...>;
  using base::base;
  static constexpr name kind = "BatchNormalization";
  static constexpr auto masks = masking::passed;
  static constexpr bool scales = base::template static_or<keras::detail::scale_tag, true>();
  static constexpr bool moves = base::template static_or<keras::detail::center_tag, true>();
  static constexpr int told_axis = keras::detail::axis_or<typename base::template type<keras::detail::axis_tag>, -1>;

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    using T = typename X::value_type;
    constexpr dims all = X::shape_type::value;
    static_assert(all.rank >= 2, "tfx: BatchNormalization takes [batch, ..., n]");
    constexpr int along = place_of_axis(told_axis, all.rank);
    static_assert(along > 0, "tfx: BatchNormalization normalizes along an axis of the rows, counted from 1");
    static_assert(all[along] >= 0, "tfx: the dimension along which BatchNormalization has weights is a number");
    constexpr auto size = shape<all[along]>;
    auto const gamma = this->template weight_of<Scope, weight::gamma, T>(size, ones_initializer());
    auto const beta = this->template weight_of<Scope, weight::beta, T>(size, zeros_initializer());
    auto const average = this->template weight_of<Scope, weight::moving_mean, T>(size, zeros_initializer());
    auto const spread = this->template weight_of<Scope, weight::moving_variance, T>(size, ones_initializer());
    auto const epsilon =
        constant<Scope / "epsilon">(static_cast<T>(this->template value_or<keras::detail::epsilon_tag>(0.001)));

    auto const moments = moments_of<along>(x, std::make_integer_sequence<int, all.rank - 1>{});
    auto const& mean = std::get<0>(moments);
    auto const& variance = std::get<1>(moments);
    auto const by = [&](auto const& middle, auto const& width) {
      return keras::detail::normalized<scales, moves>(x, beside<along, all.rank>(middle),
                                                      beside<along, all.rank>(width), epsilon,
                                                      beside<along, all.rank>(gamma), beside<along, all.rank>(beta));
    };
    auto const in_training = [&] {
      if constexpr (base::is_trainable) {
        auto const momentum =
            constant<Scope / "momentum">(static_cast<T>(this->template value_or<keras::detail::momentum_tag>(0.99)));
        // Added, so that a layer that is used twice in a run goes on by both batches; without a token, so that the
        // same batch is one.
        auto const next = [&](auto const& from, auto const& value) {
          using variable = std::remove_cvref_t<decltype(from)>;
          return tfx::detail::change_by<assign_add_op, "">(
              static_cast<typename variable::base const&>(from),
              composition<keras::detail::gain_of_average>(from, value, momentum));
        };
        auto const changes = group(next(average, mean), next(spread, estimate<along>(variance, x)));
        return with_dependencies(changes, by(mean, variance));
      } else {
        return by(mean, variance);
      }
    }();
    return keras::detail::with_affine_weights<scales, moves>(by_phase(in_training, by(average, spread)), gamma, beta,
                                                             average, spread);
  }

 private:
  template <int Along, class X, int... A>
  static constexpr auto moments_of(X const& x, std::integer_sequence<int, A...>) {
    return nn::moments<"moments">(x, axes<(A < Along ? A : A + 1)...>);
  }
  /// A vector as it stands beside x: [n, 1, …] where other axes follow.
  template <int Along, int Rank, class V>
  static constexpr auto beside(V const& vector) {
    if constexpr (Along == Rank - 1) {
      return vector;
    } else {
      return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return reshape(vector, shape<V::shape_type::value[0], (static_cast<void>(I), 1)...>);
      }(std::make_index_sequence<static_cast<std::size_t>(Rank - 1 - Along)>{});
    }
  }
  // Images are normalised by TensorFlow's fused op, which tells an estimate without bias, by either layout of theirs.
  template <int Along, class V, class X>
  static constexpr auto estimate(V const& variance, X const& x) {
    if constexpr (X::shape_type::rank == 4 && Along == 3) {
      return apply<unbiased_variance_op>(variance, x);
    } else if constexpr (X::shape_type::rank == 4 && Along == 1) {
      return apply<unbiased_variance_op>(variance, transpose(x, axes<0, 2, 3, 1>));
    } else {
      return variance;
    }
  }
};

/// (x − mean) · rsqrt(variance + epsilon) · gamma + beta along an axis, the last one unless told, `axis<1>`. In
/// training mean and variance are the batch's, and `moving_mean` and `moving_variance` go on by them: moving · momentum
/// + batch · (1 − momentum); else they are those (Ioffe and Szegedy, 2015). `BatchNormalization(momentum = 0.9, epsilon
/// = 1e-3)`; arguments: `center<false>`, `scale<false>`, and initializer, regularizer and constraint of gamma (ones)
/// and beta (zeros), initializers of moving_mean (zeros) and moving_variance (ones). With `trainable<false>` nothing
/// goes on. Of images, [batch, height, width, n] or [batch, n, height, width], the moving variance is the one without
/// bias, as of TensorFlow's fused op.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto BatchNormalization(Options const&... options) {
  using namespace keras::detail;
  return keras::detail::made_at<Site>(
      make_layer<batch_normalization_layer<Name, Options...>,
                 void(momentum_tag, epsilon_tag, center_tag, scale_tag, axis_tag), weight::gamma, weight::beta,
                 weight::moving_mean, weight::moving_variance>(options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
