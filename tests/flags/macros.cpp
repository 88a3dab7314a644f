// SPDX-License-Identifier: Apache-2.0
// The macros of windows.h, Arduino.h and X.h, defined before tfx.
#include <cstdio>
#define small char
#define hyper long long
#define near
#define far
#define interface struct
#define pascal
#define cdecl
#define IN
#define OUT
#define OPTIONAL
#define ERROR 0
#define DELETE (0x00010000L)
#define TRUE 1
#define FALSE 0
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define abs(x) ((x) > 0 ? (x) : -(x))
#define round(x) ((x) >= 0 ? (long)((x) + 0.5) : (long)((x) - 0.5))
#define radians(deg) ((deg) * DEG_TO_RAD)
#define degrees(rad) ((rad) * RAD_TO_DEG)
#define constrain(x, low, high) ((x) < (low) ? (low) : (x))
#define sq(x) ((x) * (x))
#define bit(b) (1UL << (b))
#define word(...) makeWord(__VA_ARGS__)
#define byte unsigned char
#define F(text) (text)
#define PI 3.1415926535897932384626433832795
#define TWO_PI 6.283185307179586476925286766559
#define EULER 2.718281828459045235360287471352
#define HIGH 0x1
#define LOW 0x0
#define CHANGE 1
#define DEFAULT 1
#define B0 0
#define B1 1
#define I _Complex_I
#define complex _Complex
#define None 0L
#define Bool int
#define True 1
#define False 0
#define Status int
#define Success 0
#define Always 2
#define Size 4
#define index(s, c) strchr((s), (c))
#define major(dev) gnu_dev_major(dev)
#define minor(dev) gnu_dev_minor(dev)
#define check(assertion)
#define verify(assertion)
#include <tfx/tfx.hpp>
#if !defined(small) || !defined(min) || !defined(abs) || !defined(F) || !defined(None) || min(1, 2) != 1
#error "the program's macros are gone"
#endif

int main() {
  auto x = tfx::placeholder<"x", float>(tfx::shape<2>);
  auto w = tfx::variable<"w">(tfx::fill(tfx::shape<2>, 2.0f));
  auto loss = tfx::reduce_sum(tfx::square(tfx::maximum(tfx::exp(x), w) - w));
  auto train = tfx::train::GradientDescentOptimizer(0.1f).minimize(loss);
  tfx::Session session;
  session.run(tfx::global_variables_initializer(train));
  session.run(train, x = {0.0f, 1.0f});
  auto const after = session.run(w);
  std::printf("%g %g\n", static_cast<double>(after(0)), static_cast<double>(after(1)));
  return after(0) == 2.0f && after(1) > 2.0f ? 0 : 1;
}
