// SPDX-License-Identifier: Apache-2.0
// error: two_layers_of_a_model_have_one_name
// error: same
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/model.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
#ifdef REFUSED
  auto second = layers::Dense<4, "same">();
#else
  auto second = layers::Dense<4, "other">();
#endif
  auto model = keras::Sequential(keras::Input(tf::shape<3>), layers::Dense<4, "same">(), second);
}
