// SPDX-License-Identifier: Apache-2.0
// error: accurate
// error: keras::metric knows no such word
// error: accuracy (acc)
#include <tfx/keras/metrics.hpp>
#include <tfx/tfx.hpp>

namespace keras = tfx::keras;

#ifdef REFUSED
auto metrics = keras::metrics<"mae", "accurate">;
#else
auto metrics = keras::metrics<"mae", "accuracy">;
#endif
int main() {}
