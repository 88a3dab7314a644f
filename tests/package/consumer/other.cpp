// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

float run_elsewhere(float value) {
  auto x = tfx::placeholder<"x", float>(tfx::shape<>);
  tfx::Session session;
  return session.run(model(x), x = value);
}
