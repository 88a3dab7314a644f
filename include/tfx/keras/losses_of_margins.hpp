// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/losses_contract.hpp>
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/reduce_max.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

namespace keras {
/// Losses of margins: labels are −1 or 1, of categorical_hinge 0 or 1; y is y_true, x is y_pred.
namespace losses {
/// mean max(1 − y · x, 0).
struct hinge_t : row_function<hinge_t> {
  static constexpr auto each(auto y_true, auto y_pred) {
    auto const [y, x] = detail::compare(y_true, y_pred);
    return detail::mean_of_row(maximum(1.0 - y * x, 0.0));
  }
};
inline constexpr hinge_t hinge{};

/// mean max(1 − y · x, 0)².
struct squared_hinge_t : row_function<squared_hinge_t> {
  static constexpr auto each(auto y_true, auto y_pred) {
    auto const [y, x] = detail::compare(y_true, y_pred);
    return detail::mean_of_row(square(maximum(1.0 - y * x, 0.0)));
  }
};
inline constexpr squared_hinge_t squared_hinge{};

/// max(0, max((1 − y) · x) − Σ y · x + 1).
struct categorical_hinge_t : row_function<categorical_hinge_t> {
  static constexpr auto each(auto y_true, auto y_pred) {
    auto const [y, x] = detail::compare(y_true, y_pred);
    auto const right = reduce_sum(y * x, axis<-1>), wrong = reduce_max((1.0 - y) * x, axis<-1>);
    return maximum(wrong - right + 1.0, 0.0);
  }
};
inline constexpr categorical_hinge_t categorical_hinge{};
}  // namespace losses

template <>
struct stands_for<loss_kind, named_as<"hinge">> : losses::hinge_t {};
template <>
struct stands_for<loss_kind, named_as<"squared_hinge">> : losses::squared_hinge_t {};
template <>
struct stands_for<loss_kind, named_as<"categorical_hinge">> : losses::categorical_hinge_t {};
}  // namespace keras

TFX_END
