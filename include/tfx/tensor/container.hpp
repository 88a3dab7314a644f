// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <tfx/base/config.hpp>
#include <xtensor/xtensor.hpp>

// clang 19 finds two rules of xtensor 0.24 for the container that xarray keeps its shape in equally good; this one is
// better than both.
#if defined(__clang__) && __clang_major__ >= 19
namespace xt {
template <class X, class T, std::size_t N>
struct rebind_container<X, svector<T, N>> {
  using type = svector<X, N>;
};
}  // namespace xt
#endif

TFX_BEGIN

/// A container whose memory is read and written row by row, whatever XTENSOR_DEFAULT_LAYOUT says.
template <class T, std::size_t Rank>
using row_major_tensor = xt::xtensor<T, Rank, xt::layout_type::row_major>;

TFX_END
