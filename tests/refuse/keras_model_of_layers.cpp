// SPDX-License-Identifier: Apache-2.0
// error: a Model is made of an Input, or inputs(a, b), and what layers made of it: Model(x, Dense<1>()(x))
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/model.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;

int main() {
  auto x = keras::Input(tf::shape<3>);
#ifdef REFUSED
  keras::Model(x, keras::layers::Dense<1>());
#else
  keras::Model(x, keras::layers::Dense<1>()(x));
#endif
}
