// SPDX-License-Identifier: Apache-2.0
// error: a layer is made by a call: layers::Dense<1>(), with its parentheses
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/model.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;

int main() {
#ifdef REFUSED
  keras::Sequential(keras::Input(tf::shape<3>), keras::layers::Dense<1>);
#else
  keras::Sequential(keras::Input(tf::shape<3>), keras::layers::Dense<1>());
#endif
}
