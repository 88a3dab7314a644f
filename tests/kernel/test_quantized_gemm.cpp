// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <memory>
#include <tfx/kernel/quantized_gemm.hpp>
#include <vector>

using namespace tfx;

namespace {

/// Numbers of the whole range of T; both ends of it are among them.
template <class T>
std::vector<T> numbers(i64 count, unsigned seed) {
  std::vector<T> out(static_cast<std::size_t>(count));
  for (auto& x : out) {
    seed = seed * 1664525u + 1013904223u;
    x = static_cast<T>(seed >> 24);
    if (seed >> 29 & 1u) x = seed >> 30 & 1u ? std::numeric_limits<T>::max() : std::numeric_limits<T>::min();
  }
  return out;
}

/// Against a loop in 64 bits, of which the low 32 count; nothing is read or written around the matrices, and other rows
/// stay as they are.
template <class A, class B, bool TA, bool TB>
bool agrees(i64 m, i64 n, i64 k, i64 zero_a, i64 zero_b, i64 begin, i64 end) {
  auto const a = numbers<A>(m * k, 1);
  auto const b = numbers<B>(k * n, 2);
  // Of exactly that size, for the sanitizer.
  std::unique_ptr<A[]> const own_a(new A[a.size()]);
  std::unique_ptr<B[]> const own_b(new B[b.size()]);
  std::copy(a.begin(), a.end(), own_a.get());
  std::copy(b.begin(), b.end(), own_b.get());
  constexpr std::int32_t untouched = 77;
  constexpr std::size_t guard = 70;
  std::vector<std::int32_t> c(static_cast<std::size_t>(m * n) + 2 * guard, untouched), expected = c;
  kernel::quantized_gemm<TA, TB>(own_a.get(), own_b.get(), c.data() + guard, begin, end, m, n, k,
                                 static_cast<std::uint32_t>(zero_a), static_cast<std::uint32_t>(zero_b));
  for (i64 i = begin; i < end; ++i)
    for (i64 j = 0; j < n; ++j) {
      u64 sum = 0;
      for (i64 p = 0; p < k; ++p) {
        i64 const x = a[static_cast<std::size_t>(TA ? p * m + i : i * k + p)] - zero_a;
        i64 const y = b[static_cast<std::size_t>(TB ? j * k + p : p * n + j)] - zero_b;
        sum += static_cast<u64>(x) * static_cast<u64>(y);
      }
      expected[guard + static_cast<std::size_t>(i * n + j)] =
          static_cast<std::int32_t>(static_cast<std::uint32_t>(sum));
    }
  if (c != expected)
    MESSAGE("wrong: m ", m, " n ", n, " k ", k, " transposed ", TA, TB, " zeros ", zero_a, " ", zero_b);
  return c == expected;
}
template <class A, class B, bool TA, bool TB>
bool all_sizes() {
  constexpr i64 sizes[] = {0, 1, 2, 3, 4, 5, 11, 12, 13, 16, 17, 31, 32, 33, 65, 130, 257, 300};
  bool good = true;
  for (i64 m : sizes)
    for (i64 n : sizes)
      for (i64 k : sizes)
        if (m * n * k <= 40000) good = good && agrees<A, B, TA, TB>(m, n, k, 128, -3, 0, m);
  return good;
}
template <class A, class B>
bool all_orders() {
  return all_sizes<A, B, false, false>() && all_sizes<A, B, true, false>() && all_sizes<A, B, false, true>() &&
         all_sizes<A, B, true, true>();
}
}  // namespace

TEST_CASE("quantized_gemm: every order, size and sign against a loop") {
  CHECK(all_orders<std::uint8_t, std::uint8_t>());
  CHECK(all_orders<std::int8_t, std::int8_t>());
  CHECK(all_sizes<std::uint8_t, std::int8_t, false, false>());
  CHECK(all_sizes<std::int8_t, std::uint8_t, true, true>());
}

TEST_CASE("quantized_gemm: sums are exact where they are largest, and wrap beyond 32 bits") {
  i64 const zeros[] = {0, 255, -128, 70000, -255000, i64{1} << 31};
  for (i64 zero_a : zeros)
    for (i64 zero_b : zeros) {
      CHECK(agrees<std::uint8_t, std::uint8_t, false, false>(13, 33, 700, zero_a, zero_b, 0, 13));
      CHECK(agrees<std::int8_t, std::int8_t, true, true>(13, 33, 700, zero_a, zero_b, 0, 13));
    }
  i64 const depth = 40000;
  std::vector<std::uint8_t> const ones(static_cast<std::size_t>(depth), 255);
  std::int32_t sum = 0;
  kernel::quantized_gemm<false, false>(ones.data(), ones.data(), &sum, 0, 1, 1, 1, depth, 0, 0);
  CHECK(static_cast<std::uint32_t>(sum) == 255u * 255u * static_cast<std::uint32_t>(depth));
  std::vector<std::int8_t> const least(static_cast<std::size_t>(depth), -128);
  kernel::quantized_gemm<false, false>(least.data(), least.data(), &sum, 0, 1, 1, 1, depth, 0, 0);
  CHECK(sum == 128 * 128 * depth);
}

TEST_CASE("quantized_gemm: some rows alone") {
  for (i64 begin : {0, 1, 12, 40})
    for (i64 end : {0, 13, 41}) {
      if (end < begin) continue;
      CHECK(agrees<std::uint8_t, std::int8_t, false, false>(41, 35, 300, 5, 7, begin, end));
      CHECK(agrees<std::uint8_t, std::int8_t, true, true>(41, 35, 300, 5, 7, begin, end));
    }
}
