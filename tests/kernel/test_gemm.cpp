// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cmath>
#include <limits>
#include <memory>
#include <tfx/kernel/gemm.hpp>
#include <vector>

using namespace tfx;
using kernel::dynamic;

namespace {

/// Small integers: their sums are exact, whatever the order.
template <class T>
std::vector<T> numbers(i64 count, unsigned seed) {
  std::vector<T> out(static_cast<std::size_t>(count));
  for (auto& x : out) {
    seed = seed * 1664525u + 1013904223u;
    x = T(int(seed >> 24) % 9 - 4);
  }
  return out;
}

template <class T>
std::vector<T> naive(std::vector<T> const& a, std::vector<T> const& b, i64 m, i64 n, i64 k, bool ta, bool tb) {
  std::vector<T> c(static_cast<std::size_t>(m * n));
  for (i64 i = 0; i < m; ++i)
    for (i64 j = 0; j < n; ++j) {
      double sum = 0;
      for (i64 p = 0; p < k; ++p)
        sum += double(a[std::size_t(ta ? p * m + i : i * k + p)]) * double(b[std::size_t(tb ? j * k + p : p * n + j)]);
      c[std::size_t(i * n + j)] = T(sum);
    }
  return c;
}

/// Whether the product is right and nothing is written around it.
template <class T, i64 M, i64 N, i64 K, bool TA, bool TB>
bool agrees(i64 m, i64 n, i64 k) {
  auto const a = numbers<T>(m * k, 1), b = numbers<T>(k * n, 2);
  constexpr std::size_t guard = 70;
  std::vector<T> c(std::size_t(m * n) + 2 * guard, T(77));
  kernel::gemm<T, M, N, K, TA, TB>(a.data(), b.data(), c.data() + guard, m, n, k);
  auto expected = naive(a, b, m, n, k, TA, TB);
  expected.insert(expected.begin(), guard, T(77));
  expected.insert(expected.end(), guard, T(77));
  if (c != expected) MESSAGE("wrong: m ", m, " n ", n, " k ", k, " transposed ", TA, TB, " static ", M, " ", N, " ", K);
  return c == expected;
}

template <class T, bool TA, bool TB>
bool all_dynamic() {
  constexpr i64 sizes[] = {0, 1, 2, 3, 5, 7, 8, 13, 14, 15, 16, 17, 28, 31, 33, 100};
  bool good = true;
  for (i64 m : sizes)
    for (i64 n : sizes)
      for (i64 k : sizes)
        if (m * n * k <= 60000) good = good && agrees<T, dynamic, dynamic, dynamic, TA, TB>(m, n, k);
  return good;
}

/// One extent dynamic, two static, with all transposes.
template <class T, i64 M, i64 N, i64 K>
bool transposed_all_ways(i64 m, i64 n, i64 k) {
  return agrees<T, M, N, K, false, false>(m, n, k) && agrees<T, M, N, K, false, true>(m, n, k) &&
         agrees<T, M, N, K, true, false>(m, n, k) && agrees<T, M, N, K, true, true>(m, n, k);
}

template <class T, i64 N, i64 K, bool TA, bool TB>
bool any_batch() {
  bool good = true;
  for (i64 m : {0, 1, 2, 5, 13, 27, 64, 101}) good = good && agrees<T, dynamic, N, K, TA, TB>(m, N, K);
  return good;
}

template <class T, i64 M, i64 N, bool TA, bool TB>
bool any_depth() {
  bool good = true;
  for (i64 k : {0, 1, 5, 16, 37, 300, 2001}) good = good && agrees<T, M, N, dynamic, TA, TB>(M, N, k);
  return good;
}

/// Adds one to each result.
struct plus_one {
  template <class T, int L>
  void operator()(T* c, simd::pack<T, L> const& value, int n) const {
    (value + simd::pack<T, L>(T(1))).store(c, n);
  }
};

template <i64 M, i64 N, i64 K, bool TA = false, bool TB = false>
bool epilogue_runs_once(i64 m, i64 n, i64 k) {
  auto const a = numbers<float>(m * k, 1), b = numbers<float>(k * n, 2);
  std::vector<float> c(std::size_t(m * n));
  kernel::gemm<float, M, N, K, TA, TB>(a.data(), b.data(), c.data(), m, n, k, plus_one{});
  auto expected = naive(a, b, m, n, k, TA, TB);
  for (auto& x : expected) x += 1;
  return c == expected;
}

/// Whether a product of floats that all are alike, or random, is right to 1e-6, with an epilogue that negates.
template <i64 M, i64 N, i64 K, bool TA, bool TB>
bool is_precise(i64 m, i64 n, i64 k) {
  bool good = true;
  for (bool const alike : {true, false}) {
    std::vector<float> a(std::size_t(m * k), 0.1f), b(std::size_t(k * n), 1.0f), c(std::size_t(m * n));
    unsigned seed = 5;
    for (auto* const x : {&a, &b})
      for (float& value : *x) {
        seed = seed * 1664525u + 1013904223u;
        if (!alike) value = float(seed >> 8) * 0x1p-24f + 0.01f;
      }
    kernel::gemm<float, M, N, K, TA, TB>(a.data(), b.data(), c.data(), m, n, k,
                                         [](float* at, auto const& value, int count) { (-value).store(at, count); });
    for (i64 i = 0; i < m; ++i)
      for (i64 j = 0; j < n; ++j) {
        double sum = 0;
        for (i64 p = 0; p < k; ++p)
          sum +=
              double(a[std::size_t(TA ? p * m + i : i * k + p)]) * double(b[std::size_t(TB ? j * k + p : p * n + j)]);
        good = good && std::abs(double(c[std::size_t(i * n + j)]) + sum) <= 1e-6 * sum;
      }
  }
  if (!good) MESSAGE("imprecise: m ", m, " n ", n, " k ", k, " transposed ", TA, TB);
  return good;
}
template <i64 M, i64 N>
bool is_precise_transposed(i64 m, i64 n, i64 k) {
  return is_precise<M, N, dynamic, false, false>(m, n, k) && is_precise<M, N, dynamic, true, false>(m, n, k) &&
         is_precise<M, N, dynamic, false, true>(m, n, k) && is_precise<M, N, dynamic, true, true>(m, n, k);
}

}  // namespace

TEST_CASE("gemm: every combination of run-time extents") {
  CHECK(all_dynamic<float, false, false>());
  CHECK(all_dynamic<float, false, true>());
  CHECK(all_dynamic<float, true, false>());
  CHECK(all_dynamic<float, true, true>());
  CHECK(all_dynamic<double, false, false>());
  CHECK(all_dynamic<double, true, true>());
}

TEST_CASE("gemm: integers of other types") {
  CHECK(all_dynamic<int, false, true>());
  CHECK(all_dynamic<std::int64_t, true, false>());
  CHECK(agrees<std::int8_t, dynamic, 3, 2, false, false>(5, 3, 2));
  int const a[2] = {std::numeric_limits<int>::max(), 1}, b[2] = {2, 0};
  int c = 0;
  kernel::gemm<int, 1, 1, 2, false, false>(a, b, &c, 1, 1, 2);
  CHECK(c == -2);  // wraps around
}

TEST_CASE("gemm: a batch of any size times a static matrix") {
  CHECK(any_batch<float, 10, 784, false, false>());
  CHECK(any_batch<float, 10, 70, false, true>());
  CHECK(any_batch<double, 10, 100, false, false>());
  CHECK(any_batch<float, 70, 30, false, false>());
  CHECK(any_batch<float, 50, 10, false, true>());
  CHECK(any_batch<float, 512, 600, false, false>());
  CHECK(any_batch<double, 33, 300, false, true>());
  CHECK(any_batch<float, 1, 3, false, false>());
  CHECK(any_batch<float, 1, 100, false, false>());
  CHECK(any_batch<float, 5, 0, false, false>());
}

TEST_CASE("gemm: gradients of a static matrix over a batch of any size") {
  CHECK(any_depth<float, 784, 10, true, false>());
  CHECK(any_depth<double, 50, 10, true, false>());
  CHECK(any_depth<float, 70, 100, true, false>());
  CHECK(any_depth<float, 3, 1, true, false>());
  CHECK(any_depth<double, 7, 1, true, false>());
  CHECK(any_depth<float, 1, 1, true, false>());
  CHECK(any_depth<float, 1, 2, false, false>());
  CHECK(any_depth<float, 1, 4, false, false>());
  CHECK(any_depth<float, 1, 33, false, false>());
  CHECK(any_depth<float, 1, 300, false, false>());
}

TEST_CASE("gemm: rows and columns") {
  CHECK(transposed_all_ways<float, 1, dynamic, 3>(1, 2000, 3));
  CHECK(transposed_all_ways<double, 1, dynamic, 5>(1, 203, 5));
  CHECK(transposed_all_ways<float, dynamic, 1, 8>(37, 1, 8));
  CHECK(transposed_all_ways<float, 1, dynamic, dynamic>(1, 141, 77));
  CHECK(transposed_all_ways<float, 1, 17, 100>(1, 17, 100));
}

TEST_CASE("gemm: small static products") {
  CHECK(transposed_all_ways<float, 2, 2, 2>(2, 2, 2));
  CHECK(transposed_all_ways<float, 3, 3, 3>(3, 3, 3));
  CHECK(transposed_all_ways<double, 5, 7, 4>(5, 7, 4));
  CHECK(transposed_all_ways<float, 1, 1, 1>(1, 1, 1));
  CHECK(agrees<float, 16, 16, 16, false, false>(16, 16, 16));
  CHECK(agrees<float, 15, 13, 14, true, false>(15, 13, 14));
  CHECK(agrees<float, 3, 2, 0, false, false>(3, 2, 0));
}

TEST_CASE("gemm: infinities and NaN reach the results that they belong to, and no others") {
  constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  auto const check = [&]<i64 N, i64 K, bool TB>(std::integral_constant<i64, N>, std::integral_constant<i64, K>,
                                                std::bool_constant<TB>) {
    i64 const m = 5;
    std::vector<float> a(std::size_t(m * K), 1.f), b(std::size_t(K * N), 1.f), c(std::size_t(m * N));
    a[std::size_t(1 * K)] = inf;
    a[std::size_t(2 * K + K - 1)] = nan;
    b[std::size_t(TB ? K - 1 : (K - 1) * N)] = -inf;  // column 0
    kernel::gemm<float, dynamic, N, K, false, TB>(a.data(), b.data(), c.data(), m, N, K);
    CHECK(c[0] == -inf);
    CHECK(c[std::size_t(N)] != c[std::size_t(N)]);  // inf - inf
    for (i64 j = 1; j < N; ++j) {
      CHECK(c[std::size_t(j)] == float(K));
      CHECK(c[std::size_t(N + j)] == inf);
      CHECK(c[std::size_t(2 * N + j)] != c[std::size_t(2 * N + j)]);
      CHECK(c[std::size_t(4 * N + j)] == float(K));
    }
  };
  check(std::integral_constant<i64, 10>{}, std::integral_constant<i64, 70>{}, std::false_type{});
  check(std::integral_constant<i64, 20>{}, std::integral_constant<i64, 20>{}, std::true_type{});
}

TEST_CASE("gemm: an epilogue sees each result once") {
  CHECK(epilogue_runs_once<dynamic, 10, 784>(101, 10, 784));
  CHECK(epilogue_runs_once<784, 10, dynamic, true>(784, 10, 33));
  CHECK(epilogue_runs_once<dynamic, dynamic, dynamic, false, true>(29, 45, 600));
  CHECK(epilogue_runs_once<dynamic, 33, 17>(29, 33, 17));
  CHECK(epilogue_runs_once<1, dynamic, 3, false, true>(1, 45, 3));
  CHECK(epilogue_runs_once<1, 3, dynamic>(1, 3, 45));
  CHECK(epilogue_runs_once<1, dynamic, dynamic, false, true>(1, 45, 33));
  CHECK(epilogue_runs_once<4, 4, 4>(4, 4, 4));
}

TEST_CASE("gemm: long sums of floats") {
  for (i64 k : {4097, 5003, 1'000'003}) {
    CHECK(is_precise_transposed<2, 2>(2, 2, k));
    CHECK(is_precise_transposed<1, 3>(1, 3, k));
    CHECK(is_precise_transposed<1, dynamic>(1, 9, k));
    CHECK(is_precise_transposed<3, 10>(3, 10, k));
    CHECK(is_precise_transposed<dynamic, dynamic>(2, 3, k));
  }
  for (i64 k : {4159, 100'001}) {
    CHECK(is_precise_transposed<10, 3>(10, 3, k));
    CHECK(is_precise_transposed<20, 10>(20, 10, k));
    CHECK(is_precise_transposed<7, 33>(7, 33, k));
    CHECK(is_precise_transposed<dynamic, dynamic>(7, 33, k));
  }
  // The rows of many blocks, of which some go together.
  CHECK(is_precise_transposed<dynamic, dynamic>(297, 5, 20'011));
  CHECK(is_precise_transposed<297, 35>(297, 35, 4161));
  CHECK(is_precise<20, 10, 5003, true, false>(20, 10, 5003));
  CHECK(is_precise<20, 35, 5003, false, true>(20, 35, 5003));
  std::vector<float> const ones(40'000'000, 1.0f);
  float c[4];
  kernel::gemm<float, 2, 2, dynamic, true, false>(ones.data(), ones.data(), c, 2, 2, 20'000'000);
  for (float const sum : c) CHECK(sum == 2e7f);
}

TEST_CASE("gemm: infinities and NaN pass through long sums") {
  constexpr i64 k = 10'000;
  std::vector<float> a(2 * k, 1.0f), b(2 * k, 1.0f);
  float c[4];
  a[100] = std::numeric_limits<float>::infinity();
  a[std::size_t(k) + 5000] = std::numeric_limits<float>::quiet_NaN();
  auto const check = [&] {
    CHECK(c[0] == std::numeric_limits<float>::infinity());
    CHECK(c[1] == std::numeric_limits<float>::infinity());
    CHECK(std::isnan(c[2]));
    CHECK(std::isnan(c[3]));
  };
  kernel::gemm<float, 2, 2, dynamic, false, false>(a.data(), b.data(), c, 2, 2, k);
  check();
  kernel::gemm<float, dynamic, dynamic, dynamic, false, true>(a.data(), b.data(), c, 2, 2, k);
  check();
  std::fill(a.begin(), a.end(), 3e38f);
  kernel::gemm<float, 2, 2, dynamic, false, false>(a.data(), b.data(), c, 2, 2, k);
  CHECK(c[3] == std::numeric_limits<float>::infinity());
}
