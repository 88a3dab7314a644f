// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/size.hpp>
#include <tfx/op/array/zeros_like.hpp>
#include <tfx/op/losses/agreement.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/div_no_nan.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/reduce_sum.hpp>
#include <tfx/op/state/variable.hpp>

TFX_BEGIN

// A metric is a pair: its value, of what local variables have counted until now, and the operation that adds one batch
// to these and gives the value then. `local_variables_initializer(update_op)` makes the variables, and makes them 0
// again. All of them are floats, as in TensorFlow.

/// Never defined: a metric has variables that a session knows. Give back what it takes, and call it with that.
struct a_metric_stands_outside_of_functions_over_handles;

namespace detail {
/// The variable `Name`, which begins at 0, and its value once `x` is added.
template <name Name, class X>
constexpr auto add_to_total(X const& x) {
  auto const total = local_variable<Name>(zeros<float>(typename X::shape_type{}));
  using Total = typename std::remove_const_t<decltype(total)>::base;
  return std::pair{static_cast<Total const&>(total),
                   change<assign_add_op, "", member_site<Name>{}>(static_cast<Total const&>(total), x)};
}
template <class Final, class... Pair>
constexpr auto metric_of_totals(Pair const&... totals) {
  return std::pair{composition<Final>(totals.first...), composition<Final>(totals.second...)};
}
/// The metric that `Final` makes of sums over all batches, whose variables have these names.
template <class Final, auto... Names, class... Sum>
constexpr auto metric(std::tuple<Sum...> const& of_batch) {
  return std::apply([](Sum const&... sum) { return metric_of_totals<Final>(add_to_total<Names>(sum)...); }, of_batch);
}

template <class X, auto Site, class Weights>
constexpr auto metric_weights(Weights const& weights) {
  return as_argument<float, X, Site, 0>(weights);
}
/// The sum of values and how many there are: with weights, the weighted sum and that of the weights.
template <class Handle>
constexpr std::tuple<Handle, Handle> sum_and_count(Handle values) {
  Handle const x = cast(values, dtype::float32);
  return {reduce_sum(x), cast(size(x), dtype::float32)};
}
template <class Handle>
constexpr std::tuple<Handle, Handle> sum_and_count(Handle values, Handle weights) {
  Handle const x = cast(values, dtype::float32), w = apply<weights_shape_op>(cast(weights, dtype::float32), x);
  return {reduce_sum(x * w), reduce_sum(w + zeros_like(x))};
}
/// The same of what `Each` makes of labels and predictions.
template <class Each>
struct batch_mean_of {
  constexpr auto operator()(auto first, auto second, auto... weights) const {
    return sum_and_count(Each::each(first, second), weights...);
  }
};
struct total_over_count {
  constexpr auto operator()(auto total, auto count) const { return div_no_nan(total, count); }
};
}  // namespace detail

TFX_END
