// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <limits>
#include <tfx/kernel/linear_recurrence.hpp>
#include <vector>

using namespace tfx;

namespace {

/// Small whole numbers, of which sums and products are exact.
template <class T>
std::vector<T> values_of(i64 count, unsigned seed) {
  std::vector<T> out(static_cast<std::size_t>(count));
  for (T& x : out) {
    seed = seed * 1664525u + 1013904223u;
    x = T(int(seed >> 30) - 1);
  }
  return out;
}

template <bool Adds, class T>
bool agrees(i64 outer, i64 n, i64 inner, bool reverse) {
  auto const a = values_of<T>(outer * n * inner, 1), b = values_of<T>(outer * n * inner, 2);
  std::vector<T> z(a.size() + 1, T(9));
  kernel::linear_recurrence<Adds>(a.data(), Adds ? b.data() : nullptr, z.data(), outer, n, inner, reverse);
  bool good = z.back() == 9;
  for (i64 o = 0; o < outer; ++o)
    for (i64 j = 0; j < inner; ++j) {
      T expected = Adds ? T(0) : T(1);
      for (i64 i = 0; i < n; ++i) {
        auto const at = static_cast<std::size_t>((o * n + (reverse ? n - 1 - i : i)) * inner + j);
        good = good && z[at] == expected;
        expected = a[at] * expected + (Adds ? b[at] : T(0));
      }
    }
  return good;
}

}  // namespace

TEST_CASE("linear_recurrence: agrees with a plain loop, along rows and columns, in both directions") {
  for (i64 outer : {0, 1, 3, 8, 19})
    for (i64 n : {0, 1, 2, 3, 10})
      for (i64 inner : {0, 1, 2, 7, 16, 35})
        for (bool reverse : {false, true}) {
          CAPTURE(outer);
          CAPTURE(n);
          CAPTURE(inner);
          CHECK(agrees<false, float>(outer, n, inner, reverse));
          CHECK(agrees<true, float>(outer, n, inner, reverse));
          CHECK(agrees<true, double>(outer, n, inner, reverse));
        }
}

TEST_CASE("linear_recurrence: the first factor is multiplied by nothing") {
  float const infinity = std::numeric_limits<float>::infinity();
  std::vector<float> const a = {infinity, 2, infinity}, b = {3, 4, 5};
  std::vector<float> z(3);
  kernel::linear_recurrence<true>(a.data(), b.data(), z.data(), 1, 3, 1, false);
  CHECK(z == std::vector<float>{0, 3, 10});
  kernel::linear_recurrence<true>(a.data(), b.data(), z.data(), 1, 3, 1, true);
  CHECK(z == std::vector<float>{14, 5, 0});
}
