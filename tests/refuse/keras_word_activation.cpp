// SPDX-License-Identifier: Apache-2.0
// error: rleu
// error: keras::activation knows no such word
// error: linear, relu, relu6
#include <tfx/keras/activations.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<2>);
#ifdef REFUSED
  auto y = tf::keras::activation<"rleu">(x);
#else
  auto y = tf::keras::activation<"relu">(x);
#endif
  tf::Session().run(y, x = {1.0f, 2.0f});
}
