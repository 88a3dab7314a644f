// SPDX-License-Identifier: Apache-2.0
// error: mine
// error: keras::metric knows no such word
#include <tfx/keras/metrics.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;

// A name of one's own stands for a function that is given with it.
int main() {
  auto y = tf::placeholder<"y", float>(tf::shape<2, 3>);
#ifdef REFUSED
  auto metric = keras::metric<"mine">(y, y);
#else
  auto metric = keras::metric<"mine">(keras::losses::mean_squared_error)(y, y);
#endif
  tf::Graph graph(metric);
}
