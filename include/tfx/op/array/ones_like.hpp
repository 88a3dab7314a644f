// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/zeros_like.hpp>

TFX_BEGIN

struct ones_like_op : splat_like<1> {
  static constexpr auto name = "OnesLike";
};

/// Ones in the shape and dtype of x.
template <name Name = "", expression X>
constexpr auto ones_like(X const& x) {
  return detail::number_like<Name, ones_like_op, 1>(x);
}

TFX_END
