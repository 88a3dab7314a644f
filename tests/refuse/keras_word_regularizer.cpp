// SPDX-License-Identifier: Apache-2.0
// error: l3
// error: keras::regularizer knows no such word
#include <tfx/keras/regularizers.hpp>
#include <tfx/tfx.hpp>

namespace keras = tfx::keras;

#ifdef REFUSED
auto penalty = keras::regularizer<"l3">;
#else
auto penalty = keras::regularizer<"l2">;
#endif
int main() {}
