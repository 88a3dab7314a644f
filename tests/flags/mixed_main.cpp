// SPDX-License-Identifier: Apache-2.0
// mixed.cpp's function, by the names that the sets of flags gave it.
#include <cstdio>

float plain();
float without_exceptions();
#if defined(__x86_64__)
float with_avx2();
float with_avx512();
#endif

static int wrong = 0;

static void check(float (*train)(), char const* name) {
  float const got = train(), want = 3 + 0.75f * 0.3678794f;
  std::printf("%s: %.7g\n", name, static_cast<double>(got));
  if (!(got > want - 1e-6f && got < want + 1e-6f)) ++wrong;
}

int main() {
  check(plain, "plain");
  check(without_exceptions, "without_exceptions");
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) check(with_avx2, "with_avx2");
  if (__builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) check(with_avx512, "with_avx512");
#endif
  return wrong;
}
