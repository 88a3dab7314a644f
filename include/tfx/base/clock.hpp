// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <ctime>
#include <tfx/base/config.hpp>

TFX_BEGIN

/// Nanoseconds since 1970; whole seconds where the C library knows no smaller ones, as Windows' older one.
inline i64 nanoseconds_since_1970() {
  constexpr i64 second = 1'000'000'000;
#ifdef TIME_UTC
  std::timespec now{};
  std::timespec_get(&now, TIME_UTC);
  return static_cast<i64>(now.tv_sec) * second + static_cast<i64>(now.tv_nsec);
#else
  return static_cast<i64>(std::time(nullptr)) * second;
#endif
}

TFX_END
