// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include "model.hpp"

float weighed_in_first(float value);
float weighed_in_second(float value);

namespace {
int failures = 0;
void expect(bool holds, char const* what) {
  if (holds) return;
  std::printf("%s\n", what);
  ++failures;
}
bool near(float a, float b) { return std::abs(a - b) <= 1e-6f * std::abs(b); }
void check(results const& r, int steps) {
  expect(r.weighed == 124.0f, "weigh(2) is not 124");
  expect(near(r.scaled, 124.0f - 0.5f * (248.0f + 30.0f * 124.0f * 124.0f)), "scaled");
  expect(r.shared == 11.0f, "shared");
  expect(r.low(0) == 1.5f && r.low(1) == 1.5f && r.high(1) == 20.0f, "numbers of variables");
  expect(r.steps == steps, "steps");
  expect(near(r.drawn(0), 0.2390374f), "the numbers of a seed");
}
}  // namespace

int main() {
  expect(weighed_in_first(1.0f) == 32.0f && weighed_in_second(1.0f) == 32.0f, "weigh(1) is not 32");
  for (bool first : {true, false}) {
    tf::Session sess;
    results const a = first ? in_first(sess, true) : in_second(sess, true);
    results const b = first ? in_second(sess, false) : in_first(sess, false);
    check(a, 11);
    check(b, 21);
    expect(a.weight == b.weight, "one variable has two values");
  }
  tf::Session one, two;
  one.set_random_seed(3);
  two.set_random_seed(3);
  expect(in_first(one, true).weight == in_second(two, true).weight, "one seed gives two initial values");
  return failures != 0;
}
