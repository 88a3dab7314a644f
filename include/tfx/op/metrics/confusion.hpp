// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/logical_and.hpp>
#include <tfx/op/math/logical_not.hpp>
#include <tfx/op/metrics/streaming.hpp>

TFX_BEGIN

namespace detail {
/// Which of truth and guess is denied.
enum class confused : unsigned char { true_positives, false_positives, false_negatives, true_negatives };
template <class Handle>
constexpr Handle confusion(confused which, Handle truth, Handle guess) {
  bool const denies_truth = which == confused::false_positives || which == confused::true_negatives;
  bool const denies_guess = which == confused::false_negatives || which == confused::true_negatives;
  return logical_and(denies_truth ? logical_not(truth) : truth, denies_guess ? logical_not(guess) : guess);
}
/// How many elements of a batch are of these two kinds, or the sum of their weights.
template <confused First, confused Second>
struct confusion_of_batch {
  constexpr auto operator()(auto y_true, auto predictions, auto... weights) const {
    auto const guess = cast(predictions, dtype::boolean);
    auto const truth = apply<same_shape_op>(cast(y_true, dtype::boolean), guess);
    auto const sum = [&](confused which) {
      return std::get<0>(sum_and_count(confusion(which, truth, guess), weights...));
    };
    return std::tuple{sum(First), sum(Second)};
  }
};
struct part_of_both {
  constexpr auto operator()(auto one, auto other) const { return div_no_nan(one, one + other); }
};
}  // namespace detail

TFX_END
