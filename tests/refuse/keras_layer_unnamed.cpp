// SPDX-License-Identifier: Apache-2.0
// error: two_layers_of_a_model_have_one_name
// error: dense
#include <tfx/keras/layers/add.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/model.hpp>
#include <tfx/keras/regularizers.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
  auto const x = keras::Input(tf::shape<3>);
  auto const left = layers::Dense<4>(keras::kernel_regularizer = keras::regularizers::l2(0.1))(x);
#ifdef REFUSED
  auto const right = layers::Dense<4>(keras::kernel_regularizer = keras::regularizers::l2(0.2))(x);
#else
  auto const right = layers::Dense<4, "right">(keras::kernel_regularizer = keras::regularizers::l2(0.2))(x);
#endif
  auto model = keras::Model(x, layers::Add()(left, right));
}
