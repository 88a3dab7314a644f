// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/config.hpp>

TFX_BEGIN
namespace kernel {

/// An extent that is known at run time only.
inline constexpr i64 dynamic = -1;

/// A number that the compiler knows, or a variable for `dynamic`; reads like an integer in both cases.
template <i64 Static>
struct extent {
  TFX_INLINE constexpr extent(i64) {}
  TFX_INLINE constexpr operator i64() const { return Static; }
};
template <>
struct extent<dynamic> {
  i64 value;
  TFX_INLINE constexpr extent(i64 v) : value(v) {}
  TFX_INLINE constexpr operator i64() const { return value; }
};

/// The product of two extents, `dynamic` if either is.
constexpr i64 times(i64 a, i64 b) { return a < 0 || b < 0 ? dynamic : a * b; }

constexpr i64 ceil_div(i64 a, i64 b) { return (a + b - 1) / b; }

}  // namespace kernel
TFX_END
