// SPDX-License-Identifier: Apache-2.0
// error: he_norm
// error: keras::initializer knows no such word
// error: glorot_uniform
#include <tfx/keras/initializers.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto w = tf::get_variable<"w">(tf::shape<2, 3>, tf::keras::initializer<"he_norm">);
#else
  auto w = tf::get_variable<"w">(tf::shape<2, 3>, tf::keras::initializer<"he_normal">);
#endif
  tf::Graph graph(w);
}
