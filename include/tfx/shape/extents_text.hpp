// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdio>
#include <tfx/shape/dims.hpp>

TFX_BEGIN

namespace detail {
/// "[2,?]".
struct extents_text {
  char text[24 * max_rank];

  [[gnu::cold]] [[gnu::noinline]] extents_text(int rank, i64 const* extent) {
    char* to = text;
    *to++ = '[';
    for (int i = 0; i < rank && i < max_rank; ++i) {
      if (i > 0) *to++ = ',';
      if (extent[i] < 0) {
        *to++ = '?';
      } else {
        to += std::snprintf(to, 24, "%lld", static_cast<long long>(extent[i]));
      }
    }
    *to++ = ']';
    *to = 0;
  }
};
}  // namespace detail

TFX_END
