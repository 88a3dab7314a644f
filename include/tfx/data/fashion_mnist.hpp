// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/data/mnist.hpp>

TFX_BEGIN
/// Fashion-MNIST: clothes instead of digits, in files of MNIST's names and form, read by MNIST's reader.
namespace datasets::fashion_mnist {

using mnist::options;
using mnist::read_data_sets;

/// What the classes are.
inline constexpr char const* class_names[class_count] = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                                         "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};

}  // namespace datasets::fashion_mnist
TFX_END
