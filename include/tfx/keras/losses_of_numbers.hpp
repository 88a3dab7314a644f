// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/losses_contract.hpp>
#include <tfx/op/math/abs.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/log.hpp>
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/negative.hpp>
#include <tfx/op/math/square.hpp>
#include <tfx/op/nn/l2_normalize.hpp>
#include <tfx/op/nn/softplus.hpp>

TFX_BEGIN

namespace keras {
/// Losses of labels that are numbers: y is y_true, x is y_pred, and the mean is over the last axis.
namespace losses {
/// mean (x − y)².
struct mean_squared_error_t : row_function<mean_squared_error_t> {
  static constexpr auto each(auto y_true, auto y_pred) {
    auto const [y, x] = detail::compare(y_true, y_pred);
    return detail::mean_of_row(square(x - y));
  }
};
inline constexpr mean_squared_error_t mean_squared_error{};

/// mean |x − y|.
struct mean_absolute_error_t : row_function<mean_absolute_error_t> {
  static constexpr auto each(auto y_true, auto y_pred) {
    auto const [y, x] = detail::compare(y_true, y_pred);
    return detail::mean_of_row(abs(x - y));
  }
};
inline constexpr mean_absolute_error_t mean_absolute_error{};

/// 100 · mean |(y − x) / max(|y|, 1e-7)|.
struct mean_absolute_percentage_error_t : row_function<mean_absolute_percentage_error_t> {
  static constexpr auto each(auto y_true, auto y_pred) {
    auto const [y, x] = detail::compare(y_true, y_pred);
    return 100.0 * detail::mean_of_row(abs((y - x) / maximum(abs(y), detail::epsilon)));
  }
};
inline constexpr mean_absolute_percentage_error_t mean_absolute_percentage_error{};

/// mean (log(max(x, 1e-7) + 1) − log(max(y, 1e-7) + 1))².
struct mean_squared_logarithmic_error_t : row_function<mean_squared_logarithmic_error_t> {
  static constexpr auto each(auto y_true, auto y_pred) {
    auto const [y, x] = detail::compare(y_true, y_pred);
    return detail::mean_of_row(square(logarithm(x) - logarithm(y)));
  }

 private:
  static constexpr auto logarithm(auto x) { return log(maximum(x, detail::epsilon) + 1.0); }
};
inline constexpr mean_squared_logarithmic_error_t mean_squared_logarithmic_error{};

/// mean (e + log(1 + e⁻²ᵉ) − log 2) of e = x − y, which is log(cosh(e)) without overflow.
struct logcosh_t : row_function<logcosh_t> {
  static constexpr auto each(auto y_true, auto y_pred) {
    auto const [y, x] = detail::compare(y_true, y_pred);
    auto const error = x - y;
    return detail::mean_of_row(error + nn::softplus(-2.0 * error) - 0.69314718055994530942);
  }
};
inline constexpr logcosh_t logcosh{};

/// mean (x − y · log(x + 1e-7)).
struct poisson_t : row_function<poisson_t> {
  static constexpr auto each(auto y_true, auto y_pred) {
    auto const [y, x] = detail::compare(y_true, y_pred);
    return detail::mean_of_row(x - y * log(x + detail::epsilon));
  }
};
inline constexpr poisson_t poisson{};

/// −Σ y · x of rows of length 1 (or 0, whose Σ x² is below 1e-12).
struct cosine_proximity_t : row_function<cosine_proximity_t> {
  static constexpr auto each(auto y_true, auto y_pred) {
    auto const [y, x] = detail::compare(y_true, y_pred);
    return -reduce_sum(unit_rows(y) * unit_rows(x), axis<-1>);
  }

 private:
  static constexpr auto unit_rows(auto x) {
    return x * rsqrt(maximum(reduce_sum(square(x), axis<-1>, keepdims), 1e-12));
  }
};
inline constexpr cosine_proximity_t cosine_proximity{};
}  // namespace losses

template <>
struct stands_for<loss_kind, named_as<"mean_squared_error">> : losses::mean_squared_error_t {};
template <>
struct stands_for<loss_kind, named_as<"mse">> : losses::mean_squared_error_t {};
template <>
struct stands_for<loss_kind, named_as<"MSE">> : losses::mean_squared_error_t {};
template <>
struct stands_for<loss_kind, named_as<"mean_absolute_error">> : losses::mean_absolute_error_t {};
template <>
struct stands_for<loss_kind, named_as<"mae">> : losses::mean_absolute_error_t {};
template <>
struct stands_for<loss_kind, named_as<"MAE">> : losses::mean_absolute_error_t {};
template <>
struct stands_for<loss_kind, named_as<"mean_absolute_percentage_error">> : losses::mean_absolute_percentage_error_t {};
template <>
struct stands_for<loss_kind, named_as<"mape">> : losses::mean_absolute_percentage_error_t {};
template <>
struct stands_for<loss_kind, named_as<"MAPE">> : losses::mean_absolute_percentage_error_t {};
template <>
struct stands_for<loss_kind, named_as<"mean_squared_logarithmic_error">> : losses::mean_squared_logarithmic_error_t {};
template <>
struct stands_for<loss_kind, named_as<"msle">> : losses::mean_squared_logarithmic_error_t {};
template <>
struct stands_for<loss_kind, named_as<"MSLE">> : losses::mean_squared_logarithmic_error_t {};
template <>
struct stands_for<loss_kind, named_as<"logcosh">> : losses::logcosh_t {};
template <>
struct stands_for<loss_kind, named_as<"poisson">> : losses::poisson_t {};
template <>
struct stands_for<loss_kind, named_as<"cosine_proximity">> : losses::cosine_proximity_t {};
template <>
struct stands_for<loss_kind, named_as<"cosine">> : losses::cosine_proximity_t {};
}  // namespace keras

TFX_END
