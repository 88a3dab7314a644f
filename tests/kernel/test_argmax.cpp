// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cstdint>
#include <limits>
#include <tfx/kernel/argmax.hpp>
#include <vector>

using namespace tfx;

namespace {

template <class T>
i64 first_largest(std::vector<T> const& x) {
  i64 place = -1;
  kernel::best_along_axis<kernel::largest>(x.data(), &place, 1, i64(x.size()), 1);
  return place;
}

/// The place of the best of x[0], x[stride], … one by one: a number before NaN, the first of equals.
template <class T>
i64 naive(bool largest, T const* x, i64 n, i64 stride) {
  i64 best = 0;
  for (i64 i = 1; i < n; ++i) {
    T const a = x[i * stride], b = x[best * stride];
    if (largest ? a > b : a < b) best = i;
    if (a == a && b != b) best = i;
  }
  return best;
}

/// Few different values, so that many are equal; among floats some NaN and infinities, in rows of NaN alone too.
template <class T>
std::vector<T> values_of(std::size_t count, unsigned seed, bool nan_alone) {
  using limits = std::numeric_limits<T>;
  std::vector<T> out(count);
  for (T& x : out) {
    seed = seed * 1664525u + 1013904223u;
    unsigned const which = seed >> 24;
    x = T(int(which % 9) - (std::is_signed_v<T> ? 4 : 0));
    if (which > 250) x = which % 2 ? limits::max() : limits::lowest();
    if constexpr (limits::has_quiet_NaN) {
      if (which < 90 || nan_alone) x = limits::quiet_NaN();
      if (which > 253 && !nan_alone) x = which % 2 ? limits::infinity() : -limits::infinity();
    }
  }
  return out;
}

template <class T, class Index>
bool agrees(i64 outer, i64 n, i64 inner) {
  bool good = true;
  for (unsigned seed : {1u, 2u, 3u, 4u}) {
    auto const x = values_of<T>(std::size_t(outer * n * inner), seed, seed == 4);
    std::vector<Index> most(std::size_t(outer * inner) + 1, 9), least(most);
    kernel::best_along_axis<kernel::largest>(x.data(), most.data(), outer, n, inner);
    kernel::best_along_axis<kernel::smallest>(x.data(), least.data(), outer, n, inner);
    for (i64 o = 0; o < outer; ++o)
      for (i64 j = 0; j < inner; ++j) {
        T const* const from = x.data() + o * n * inner + j;
        good = good && most[std::size_t(o * inner + j)] == naive(true, from, n, inner) &&
               least[std::size_t(o * inner + j)] == naive(false, from, n, inner);
      }
    good = good && most.back() == 9 && least.back() == 9;
  }
  return good;
}
template <class... T>
void check_dtypes() {
  for (i64 n : {1, 2, 3, 7, 15, 16, 17, 31, 33, 63, 64, 65, 127, 300, 1025, 2500}) {
    CAPTURE(n);
    CHECK((agrees<T, std::int64_t>(3, n, 1) && ...));
    CHECK((agrees<T, std::int32_t>(2, n, 5) && ...));
    if (n <= 65) CHECK((agrees<T, std::int32_t>(2, n, 67) && ...));
  }
  CHECK((agrees<T, std::int64_t>(0, 3, 4) && ...));
  CHECK((agrees<T, std::int64_t>(2, 3, 0) && ...));
}

}  // namespace

TEST_CASE("argmax, argmin: agree with a plain loop, at odd sizes, with ties, NaN and infinities") {
  check_dtypes<float, double>();
  check_dtypes<std::int8_t, std::uint8_t, std::int16_t, std::uint16_t>();
  check_dtypes<std::int32_t, std::uint32_t, std::int64_t, std::uint64_t>();
}

TEST_CASE("argmax: the first of equals, wherever it stands") {
  bool good = true;
  for (std::size_t n : {1u, 2u, 10u, 63u, 64u, 65u, 200u, 1024u, 1025u, 3000u})
    for (std::size_t place = 0; place < n; place += 1 + n / 37) {
      std::vector<float> x(n, 1.f);
      x[place] = x[n - 1] = 2.f;
      good = good && first_largest(x) == i64(place);
    }
  CHECK(good);
  std::vector<int> const numbers = {3, -7, 9, 9, -7};
  std::int32_t place = 0;
  kernel::best_along_axis<kernel::smallest>(numbers.data(), &place, 1, 5, 1);
  CHECK(place == 1);
}

TEST_CASE("argmax: any number is better than NaN, of NaN alone the place is 0") {
  float const infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  for (std::size_t n : {5u, 300u}) {
    std::vector<float> x(n, nan);
    CHECK(first_largest(x) == 0);
    x[3] = -infinity;
    CHECK(first_largest(x) == 3);
    x[n - 1] = 3.f;
    CHECK(first_largest(x) == i64(n) - 1);
    x[2] = 3.f;
    CHECK(first_largest(x) == 2);
  }
}

TEST_CASE("argmax: along an axis between others") {
  std::vector<double> const x = {1, 5, 2, 4, 3, 9,  //
                                 7, 0, 7, 1, 8, 2};
  std::vector<std::int64_t> place(4);
  kernel::best_along_axis<kernel::largest>(x.data(), place.data(), 2, 3, 2);
  CHECK(place == std::vector<std::int64_t>{2, 2, 2, 2});
  kernel::best_along_axis<kernel::smallest>(x.data(), place.data(), 2, 3, 2);
  CHECK(place == std::vector<std::int64_t>{0, 1, 0, 0});
}
