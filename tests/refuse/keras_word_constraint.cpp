// SPDX-License-Identifier: Apache-2.0
// error: maxnorm
// error: keras::constraint knows no such word
// error: max_norm, non_neg
#include <tfx/keras/constraints.hpp>
#include <tfx/tfx.hpp>

namespace keras = tfx::keras;

#ifdef REFUSED
auto constraint = keras::constraint<"maxnorm">;
#else
auto constraint = keras::constraint<"max_norm">;
#endif
int main() {}
