// SPDX-License-Identifier: Apache-2.0
// error: cannot_be_fetched
// error: thing
#include <tfx/tfx.hpp>

namespace tf = tfx;

struct thing {
  int number;
};

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<>);
#ifdef REFUSED
  tf::Session().run(std::pair{x, thing{}}, x = 3.0f);
#else
  tf::Session().run(std::pair{x, x}, x = 3.0f);
#endif
}
