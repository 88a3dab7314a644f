// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <tfx/base/config.hpp>
#include <tfx/tensor/container.hpp>

TFX_BEGIN
namespace keras::datasets {

/// Images with the class of each.
template <class Pixel>
struct basic_labelled_images {
  /// [n, 28, 28, 1], from 0 (paper) to 1 (ink).
  row_major_tensor<Pixel, 4> images;
  /// [n]: 0 to 9.
  row_major_tensor<i64, 1> labels;

  i64 size() const { return static_cast<i64>(images.shape(0)); }
};
using labelled_images = basic_labelled_images<float>;
/// What `load_data` gives: `auto [train, test] = …`.
template <class Pixel>
struct basic_train_and_test {
  basic_labelled_images<Pixel> train, test;
};
using train_and_test = basic_train_and_test<float>;

namespace detail {
/// Room for n images of so many pixels on a side.
template <class Pixel>
[[gnu::noinline]] basic_labelled_images<Pixel> room_for(i64 size, i64 side) {
  auto const n = static_cast<std::size_t>(size), edge = static_cast<std::size_t>(side);
  basic_labelled_images<Pixel> room;
  room.images.resize({n, edge, edge, 1});
  room.labels.resize({n});
  return room;
}
}  // namespace detail

}  // namespace keras::datasets
TFX_END
