// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <concepts>
#include <tfx/op/array/range.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/multiply.hpp>

TFX_BEGIN

/// How many values: `linspace(0.0f, 1.0f, length<5>)`.
template <i64 N>
struct length_t {};
template <i64 N>
inline constexpr length_t<N> length{};

/// N evenly spaced values from `start` to `stop`, both included.
template <std::floating_point T, i64 N, auto Site = [] {}>
auto linspace(T start, T stop, length_t<N>) {
  static_assert(N > 0, "linspace: at least one value");
  T const step = N > 1 ? (stop - start) / static_cast<T>(N - 1) : T(0);
  auto const scaled = multiply<"", decltype(range<T, 0, N>()), T, Site>(range<T, 0, N>(), step);
  return add<"", std::remove_const_t<decltype(scaled)>, T, Site>(scaled, start);
}

TFX_END
