// SPDX-License-Identifier: Apache-2.0
// error: mean_square
// error: keras::loss knows no such word
// error: (mse)
#include <tfx/keras/losses.hpp>
#include <tfx/tfx.hpp>

namespace keras = tfx::keras;

#ifdef REFUSED
auto loss = keras::loss<"mean_square">;
#else
auto loss = keras::loss<"mean_squared_error">;
#endif
int main() {}
