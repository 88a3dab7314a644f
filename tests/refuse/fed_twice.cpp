// SPDX-License-Identifier: Apache-2.0
// error: duplicate_feed
// error: learning_rate
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto rate = tf::placeholder<"learning_rate", float>(tf::shape<>);
#ifdef REFUSED
  tf::Session().run(rate + rate, rate = 1.0f, rate = 2.0f);
#else
  tf::Session().run(rate + rate, rate = 1.0f);
#endif
}
