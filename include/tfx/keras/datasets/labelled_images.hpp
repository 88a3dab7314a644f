// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <tfx/base/config.hpp>
#include <tfx/tensor/container.hpp>

TFX_BEGIN
namespace keras::datasets {

/// Images with the class of each.
struct labelled_images {
  /// [n, 28, 28, 1], from 0 (paper) to 1 (ink).
  row_major_tensor<float, 4> images;
  /// [n]: 0 to 9.
  row_major_tensor<i64, 1> labels;

  i64 size() const { return static_cast<i64>(labels.size()); }
};
/// What `load_data` gives: `auto [train, test] = …`.
struct train_and_test {
  labelled_images train, test;
};

namespace detail {
/// Room for n images of so many pixels on a side.
[[gnu::noinline]] inline labelled_images room_for(i64 size, i64 side) {
  auto const n = static_cast<std::size_t>(size), edge = static_cast<std::size_t>(side);
  return {row_major_tensor<float, 4>::from_shape({n, edge, edge, 1}), row_major_tensor<i64, 1>::from_shape({n})};
}
}  // namespace detail

}  // namespace keras::datasets
TFX_END
