// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/size.hpp>
#include <tfx/op/array/zeros_like.hpp>
#include <tfx/op/losses/agreement.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/div_no_nan.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/not_equal.hpp>
#include <tfx/op/math/reduce_mean.hpp>
#include <tfx/op/math/reduce_sum.hpp>

TFX_BEGIN

namespace losses {
/// How losses become one number.
enum class reduced : unsigned char { none, sum, sum_over_batch_size, mean, sum_by_nonzero_weights };
template <reduced How>
struct reduction_t {};
/// What a loss takes behind its weights: nothing is reduced; the sum; the sum over the number of losses; over the sum
/// of weights; over the number of weights that are not 0, which is the default. What would be divided by 0 is 0.
struct Reduction {
  static constexpr reduction_t<reduced::none> NONE{};
  static constexpr reduction_t<reduced::sum> SUM{};
  static constexpr reduction_t<reduced::sum_over_batch_size> SUM_OVER_BATCH_SIZE{};
  static constexpr reduction_t<reduced::mean> MEAN{};
  static constexpr reduction_t<reduced::sum_by_nonzero_weights> SUM_BY_NONZERO_WEIGHTS{};
  static constexpr reduction_t<reduced::sum_by_nonzero_weights> SUM_OVER_NONZERO_WEIGHTS{};
};
using default_reduction = reduction_t<reduced::sum_by_nonzero_weights>;
}  // namespace losses

namespace detail {
/// The sum of losses that have no weights over their number.
template <class Handle>
constexpr Handle mean_or_zero(Handle losses) {
  dims const shape = losses.shape();
  if (shape.is_static() && shape.count() > 0) return reduce_mean(losses);
  return div_no_nan(reduce_sum(losses), cast(size(losses), losses.type()));
}
template <losses::reduced How>
struct weighted_loss_of {
  using reduced = losses::reduced;
  template <class Handle>
  constexpr Handle operator()(Handle losses) const {
    if constexpr (How == reduced::none) {
      return losses;
    } else if constexpr (How == reduced::sum) {
      return reduce_sum(losses);
    } else {
      return mean_or_zero(losses);
    }
  }
  template <class Handle>
  constexpr Handle operator()(Handle losses, Handle any_weights) const {
    Handle const weights = apply<weights_shape_op>(cast(any_weights, losses.type()), losses);
    Handle const weighted = losses * weights;
    if constexpr (How == reduced::none) return weighted;
    Handle const sum = reduce_sum(weighted);
    if constexpr (How == reduced::sum) {
      return sum;
    } else if constexpr (How == reduced::sum_over_batch_size) {
      return div_no_nan(sum, cast(size(losses), losses.type()));
    } else if constexpr (How == reduced::mean) {
      return div_no_nan(sum, reduce_sum(weights + zeros_like(losses)));
    } else {
      Handle const present = cast(not_equal(weights, 0.0), losses.type());
      return div_no_nan(sum, reduce_sum(present + zeros_like(losses)));
    }
  }
};

/// A loss of `Loss`, which makes a handle for each element of two, reduced in one of these ways.
template <class Loss, losses::reduced How>
struct reduced_loss {
  constexpr auto operator()(auto first, auto second, auto... weights) const {
    return weighted_loss_of<How>{}(Loss::each(first, second), weights...);
  }
};
/// The same where the loss has a number of its own.
template <class Loss, losses::reduced How>
struct reduced_loss_with_number {
  constexpr auto operator()(auto first, auto second, auto number, auto... weights) const {
    return weighted_loss_of<How>{}(Loss::each(first, second, cast(number, floating_type(second.type()))), weights...);
  }
};
/// A number as weights beside X, or as a number of a loss's own: a scalar of the loss's dtype.
template <class X>
struct loss_dtype {
  using type = double;  // of a handle, whose dtype is a value
};
template <typed_expression X>
struct loss_dtype<X> {
  using type = type_of<floating_type(dtype_of<typename X::value_type>)>;
};
template <class X, auto Site, class Weights>
using weights_of = argument_of<typename loss_dtype<X>::type, X, Site, 0, Weights>;
template <class X, auto Site, class Weights>
constexpr weights_of<X, Site, Weights> as_weights(Weights const& weights) {
  return as_argument<typename loss_dtype<X>::type, X, Site, 0>(weights);
}
template <class X, auto Site, class Number>
using number_of_loss = argument_of<typename loss_dtype<X>::type, X, Site, 1, Number>;
template <class X, auto Site, class Number>
constexpr number_of_loss<X, Site, Number> as_number_of_loss(Number const& number) {
  return as_argument<typename loss_dtype<X>::type, X, Site, 1>(number);
}
}  // namespace detail

namespace losses {
/// Losses, of any shape, as one number: their weighted sum over the number of weights that are not 0, or what a
/// Reduction says: `compute_weighted_loss(each)`, `(each, weights)`, `(each, weights, Reduction::SUM)`. Weights are a
/// number, a scalar, or of the losses' rank, each extent 1 or theirs; they take the losses' dtype, float or double.
template <expression Losses, reduced R = reduced::sum_by_nonzero_weights>
constexpr composed<detail::weighted_loss_of<R>, Losses> compute_weighted_loss(Losses const& each, reduction_t<R> = {}) {
  return composition<detail::weighted_loss_of<R>>(each);
}
template <expression Losses, class Weights, reduced R = reduced::sum_by_nonzero_weights, auto Site = [] {}>
  requires operands<Losses, Weights>
constexpr composed<detail::weighted_loss_of<R>, Losses, detail::weights_of<Losses, Site, Weights>>
compute_weighted_loss(Losses const& each, Weights const& weights, reduction_t<R> = {}) {
  return composition<detail::weighted_loss_of<R>>(each, detail::as_weights<Losses, Site>(weights));
}
}  // namespace losses

TFX_END
