// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/config.hpp>

TFX_BEGIN
namespace estimator {

namespace detail {
enum class mode : unsigned char { train, evaluate, predict };
}  // namespace detail

/// What a model function is called for, as an empty value, so that `if constexpr (mode == ModeKeys::PREDICT)` knows it.
template <detail::mode Mode>
struct mode_key {};
template <detail::mode A, detail::mode B>
constexpr bool operator==(mode_key<A>, mode_key<B>) {
  return A == B;
}

/// What a model function's last argument is compared with.
struct ModeKeys {
  static constexpr mode_key<detail::mode::train> TRAIN{};
  static constexpr mode_key<detail::mode::evaluate> EVAL{};
  static constexpr mode_key<detail::mode::predict> PREDICT{};
};

/// The labels of a model function that is called to predict: there are none.
struct no_labels {};

}  // namespace estimator
TFX_END
