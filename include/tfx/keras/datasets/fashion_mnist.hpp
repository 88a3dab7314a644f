// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/data/fashion_mnist.hpp>
#include <tfx/keras/datasets/mnist.hpp>

TFX_BEGIN
/// Fashion-MNIST: clothes instead of digits, in files of MNIST's names and form.
namespace keras::datasets::fashion_mnist {

using mnist::load_data;

/// What the classes are.
using tfx::datasets::fashion_mnist::class_names;

}  // namespace keras::datasets::fashion_mnist
TFX_END
