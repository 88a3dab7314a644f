// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <tfx/data/mnist.hpp>
#include <tfx/keras/datasets/labelled_images.hpp>

TFX_BEGIN
/// MNIST: 60000 handwritten digits to train with and 10000 to test.
namespace keras::datasets::mnist {

namespace detail {
template <class Pixel, class Part>
[[gnu::noinline]] basic_labelled_images<Pixel> from_bytes(Part const& part) {
  auto result = datasets::detail::room_for<Pixel>(part.size(), tfx::datasets::mnist::detail::side);
  Pixel* const pixel = result.images.data();
  for (std::size_t i = 0; i < part.images.data.size(); ++i)
    pixel[i] = static_cast<Pixel>(part.images.data[i]) * (1.0f / 255.0f);
  i64* const label = result.labels.data();
  for (std::size_t i = 0; i < part.labels.data.size(); ++i) label[i] = part.labels.data[i];
  return result;
}
}  // namespace detail

/// Reads the four IDX files, plain or packed by gzip, from a folder: `auto [train, test] = load_data(folder);`, where
/// `train.images` is [60000, 28, 28, 1] in [0, 1] and `train.labels` is [60000]. Keras gives bytes from 0 to 255 and no
/// last dimension; these are ready for a convolution. A file that is absent is refused by NotFoundError, one that is
/// damaged or does not belong to the others by DataLossError.
template <class Pixel = float>
basic_train_and_test<Pixel> load_data(std::string const& folder) {
  namespace files = tfx::datasets::mnist::detail;
  return {detail::from_bytes<Pixel>(files::read_pair(folder, "train-images-idx3-ubyte", "train-labels-idx1-ubyte")),
          detail::from_bytes<Pixel>(files::read_pair(folder, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"))};
}

}  // namespace keras::datasets::mnist
TFX_END
