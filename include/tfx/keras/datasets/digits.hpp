// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/data/digits.hpp>
#include <tfx/keras/datasets/labelled_images.hpp>

TFX_BEGIN
/// Digits that the program draws itself: a stand-in for MNIST that needs no files.
namespace keras::datasets::digits {

namespace detail {
template <class Pixel, class Set>
[[gnu::noinline]] basic_labelled_images<Pixel> as_squares(Set const& part) {
  auto result = datasets::detail::room_for<Pixel>(part.size(), tfx::datasets::digits::detail::side);
  std::copy_n(part.images.data(), part.images.size(), result.images.data());
  std::copy_n(part.classes.data(), part.classes.size(), result.labels.data());
  return result;
}
}  // namespace detail

/// As `mnist::load_data`, but drawn: so many digits to train with and to test, as many of each class in turn. The same
/// seed gives the same images everywhere, those of `tfx::datasets::digits::draw`. A negative number of them is refused.
template <class Pixel = float>
basic_train_and_test<Pixel> load_data(i64 n_train = 20000, i64 n_test = 4000, i64 seed = 1) {
  auto const drawn = tfx::datasets::digits::draw<tfx::datasets::basic_splits<Pixel>>(
      {.train = n_train, .validation = 0, .test = n_test, .seed = seed});
  return {detail::as_squares<Pixel>(drawn.train), detail::as_squares<Pixel>(drawn.test)};
}

}  // namespace keras::datasets::digits
TFX_END
