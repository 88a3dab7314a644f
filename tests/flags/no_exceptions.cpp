// SPDX-License-Identifier: Apache-2.0
// Built with -fno-exceptions: an error calls the program's handler if there is one, else prints itself, and aborts.
#include <cstdio>
#include <cstdlib>
#include <tfx/tfx.hpp>

#if defined(HANDLER)
void tfx::errors::handler(char const* name, char const* text) {
  std::printf("handled %s: %s\n", name, text);
  std::exit(7);
}
#endif

int main() {
  auto x = tfx::placeholder<"x", float>(tfx::shape<>);
  tfx::Session session;
  std::printf("%g\n", static_cast<double>(session.run(x + 1.0f, x = 2.0f)));
  std::fflush(stdout);
  session.close();
  session.run(x * 2.0f, x = 2.0f);
}
