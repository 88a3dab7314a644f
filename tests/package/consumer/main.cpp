// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include "model.hpp"

int main() {
  auto x = tfx::placeholder<"x", float>(tfx::shape<>);
  tfx::Session session;
  float here = session.run(model(x), x = 3.0f);
  float elsewhere = run_elsewhere(3.0f);
  std::printf("%g %g\n", static_cast<double>(here), static_cast<double>(elsewhere));
  return here == 12.0f && elsewhere == 12.0f ? 0 : 1;
}
