// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/estimator/evaluation.hpp>
#include <tfx/train/optimizer.hpp>
#include <tuple>

TFX_BEGIN
namespace estimator {

// Never defined: using one is the error, and its name is the message.
template <class Returned>
struct model_fn_must_return_an_EstimatorSpec;  // in TRAIN and EVAL: EstimatorSpec(loss, optimizer, metrics…)
template <class Returned>
struct model_fn_must_return_predictions;  // in PREDICT: predictions(x…)
template <class Spec>
struct EstimatorSpec_in_TRAIN_needs_an_optimizer;  // or an operation that trains
template <class Shape>
struct loss_must_be_a_scalar;

namespace detail {
template <class Self>
constexpr bool derives_from(train::optimizer_calls<Self> const*) {
  return true;
}
constexpr bool derives_from(void const*) { return false; }
/// An optimizer of tf.train's.
template <class X>
concept is_optimizer = derives_from(static_cast<X const*>(nullptr));
template <class X>
concept is_metric = requires { X::is_metric; };

template <class Spec>
concept is_spec = requires { Spec::is_spec; };
template <class Spec>
concept is_predictions = requires { Spec::is_predictions; };

/// A tensor of tf::summary.
template <class X>
concept is_summary = typed_expression<X> && std::is_same_v<typename X::value_type, std::string>;

/// What stands behind a loss.
enum class spec_part : unsigned char { metric, summary, trainer };
template <class X>
inline constexpr spec_part part_of = is_metric<X>    ? spec_part::metric
                                     : is_summary<X> ? spec_part::summary
                                                     : spec_part::trainer;
/// Those of a tuple that are of one kind, as a tuple.
template <spec_part Kind, class... Part>
auto parts_among(std::tuple<Part...> const& parts) {
  return std::apply(
      [](auto const&... part) {
        return std::tuple_cat([](auto const& one) {
          if constexpr (part_of<std::remove_cvref_t<decltype(one)>> == Kind) {
            return std::tuple(one);
          } else {
            return std::tuple();
          }
        }(part)...);
      },
      parts);
}
template <class... Part>
constexpr int count_trainers = (0 + ... + (part_of<Part> == spec_part::trainer ? 1 : 0));
}  // namespace detail

/// What a model function returns to train and to evaluate: the loss, a scalar; how it is lowered, which is an optimizer
/// of tf.train's, or an operation that trains and adds 1 to the global step; what is measured, metric<"name">(…); and
/// what training logs beside the loss, summary::histogram<"w">(w). For EVAL alone it may do without the optimizer.
template <class Loss, class... Part>
class EstimatorSpec {
  static_assert(expression<Loss>, "tfx: EstimatorSpec(loss, optimizer, metrics…)");
  static_assert(
      ((detail::is_metric<Part> || detail::is_optimizer<Part> || expression<Part>) && ...),
      "tfx: after its loss an EstimatorSpec takes an optimizer or an operation that trains, metrics, summaries");
  static_assert(detail::count_trainers<Part...> < 2, "tfx: an EstimatorSpec takes one optimizer");

 public:
  static constexpr bool is_spec = true;
  static constexpr bool trains = detail::count_trainers<Part...> == 1;
  using loss_type = Loss;
  Loss loss;

  constexpr explicit EstimatorSpec(Loss const& of, Part const&... part) : loss(of), parts_(part...) {
    if constexpr (Loss::rank > 0) static_cast<void>(sizeof(loss_must_be_a_scalar<typename Loss::shape_type>));
  }

  /// The operation of a training step.
  template <class Steps>
  auto train_op(Steps const& steps) const {
    return std::apply([&](auto const&... part) { return find_train_op(steps, part...); }, parts_);
  }
  auto metrics() const { return detail::parts_among<detail::spec_part::metric>(parts_); }
  auto summaries() const { return detail::parts_among<detail::spec_part::summary>(parts_); }

 private:
  std::tuple<Part...> parts_;

  template <class Steps, class First, class... Rest>
  auto find_train_op(Steps const& steps, First const& first, Rest const&... rest) const {
    if constexpr (detail::part_of<First> != detail::spec_part::trainer) {
      return find_train_op(steps, rest...);
    } else if constexpr (detail::is_optimizer<First>) {
      return first.minimize(loss, tfx::global_step = steps);
    } else {
      return first;
    }
  }
};

/// One of the tensors that a model predicts, under a name.
template <name Name, class X>
struct named_prediction {
  static constexpr auto prediction_name = Name;
  X x;
};
/// `predictions(prediction<"classes">(classes), prediction<"probabilities">(p))`.
template <name Name, typed_expression X>
constexpr named_prediction<Name, X> prediction(X const& x) {
  static_assert(Name.size() > 0, "tfx: a prediction's name is not empty");
  return {x};
}
template <class... Named>
struct predictions_spec {
  static constexpr bool is_predictions = true;
  std::tuple<Named...> all;
};
namespace detail {
template <class X>
constexpr auto as_prediction(X const& x) {
  if constexpr (expression<X>) {
    return named_prediction<"", X>{x};
  } else {
    return x;
  }
}
}  // namespace detail
/// What a model function returns to predict: tensors whose first extent is that of the batch. `predict` gives the one,
/// a tuple of them, or, where they have names, what `get<"name">()` gives them by.
template <class... X>
  requires(sizeof...(X) > 0)
constexpr auto predictions(X const&... x) {
  using all = std::tuple<decltype(detail::as_prediction(x))...>;
  return [&]<class... Named>(std::tuple<Named...>*) {
    constexpr int named = (0 + ... + (Named::prediction_name.size() > 0 ? 1 : 0));
    static_assert(named == 0 || named == sizeof...(X), "tfx: either all predictions have names, or none");
    return predictions_spec<Named...>{{detail::as_prediction(x)...}};
  }(static_cast<all*>(nullptr));
}

}  // namespace estimator
TFX_END
