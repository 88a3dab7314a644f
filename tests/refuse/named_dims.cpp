// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: add_op
// error: batch
// error: time
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto p = tf::placeholder<"p", float>(tf::shape<tf::dim<"batch">, 2>);
#ifdef REFUSED
  auto q = tf::placeholder<"q", float>(tf::shape<tf::dim<"time">, 2>);
#else
  auto q = tf::placeholder<"q", float>(tf::shape<tf::dim<"batch">, 2>);
#endif
  tf::Session().run(p + q, p = {{1, 2}}, q = {{3, 4}});
}
