// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <tfx/random/stream.hpp>
#include <vector>

namespace streams = tfx::random;
using tfx::i64;

// SPEC.md section 14: the known answer of Philox4x32-10.
static_assert(streams::philox({0, 0})(0) == streams::philox::block{{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}});

static_assert(streams::resolve({}, 1, 7) == streams::seeds{87654321, 1});
static_assert(streams::resolve(5, {}, 7) == streams::seeds{5, 7});
static_assert(streams::resolve(5, 6, 7) == streams::seeds{5, 6});
static_assert(streams::resolve(0, 0, 7) == streams::seeds{0, 2147483647});
static_assert(streams::resolve(2147483647, 2147483648, 7) == streams::seeds{0, 1});
static_assert(streams::resolve(-1, 3, 7) == streams::seeds{2147483646, 3});
static_assert(streams::resolve({}, {}, 7).is_unset());
static_assert(streams::blocks_used(3) == 768);

namespace {

constexpr auto seed_1 = streams::resolve({}, 1, 0);

template <class T>
auto drawn(void (*fill)(T*, i64, streams::seeds, i64), std::size_t n, streams::seeds s = seed_1, i64 block = 0) {
  std::vector<T> out(n);
  fill(out.data(), static_cast<i64>(n), s, block);
  return out;
}

template <class T>
void check_near(std::vector<T> const& got, std::vector<double> const& want, double tolerance = 1e-6) {
  REQUIRE(got.size() == want.size());
  for (std::size_t i = 0; i < got.size(); ++i) CHECK(std::abs(static_cast<double>(got[i]) - want[i]) <= tolerance);
}

struct moments {
  double mean = 0, variance = 0, largest = 0;
};

template <class T>
moments moments_of(std::vector<T> const& values) {
  moments m;
  for (T v : values) m.mean += static_cast<double>(v) / static_cast<double>(values.size());
  for (T v : values) {
    double const d = static_cast<double>(v) - m.mean;
    m.variance += d * d / static_cast<double>(values.size());
    m.largest = std::max(m.largest, std::abs(static_cast<double>(v)));
  }
  return m;
}

}  // namespace

TEST_CASE("random: uniform gives TensorFlow's numbers") {
  check_near(drawn<float>(streams::uniform, 8),
             {.2390374, .92039955, .05051243, .49574447, .8355223, .02647042, .08811307, .4566604}, 1e-7);
  check_near(drawn<float>(streams::uniform, 4, streams::resolve({}, 42, 0)), {.9522715, .6774077, .7953182, .7557818},
             1e-7);
}

TEST_CASE("random: normal gives TensorFlow's numbers") {
  check_near(drawn<float>(streams::normal, 6), {-.8113182, 1.4845988, .06532937, -2.4427042, .0992484, .5912243}, 3e-7);
}

TEST_CASE("random: a second run starts 256 blocks per output later") {
  check_near(drawn<float>(streams::uniform, 1, seed_1, streams::blocks_used(1)), {.22267115}, 1e-7);
}

TEST_CASE("random: a truncated normal draws again in the group's own blocks") {
  auto const whole = drawn<float>(streams::normal, 8);
  auto const second_group = drawn<float>(streams::normal, 4, seed_1, 256);
  auto const got = drawn<float>(streams::truncated_normal, 5);
  // -2.44 is left out, and the next block fills its place.
  check_near(got, {whole[0], whole[1], whole[2], whole[4], second_group[0]});

  auto const doubles = drawn<double>(streams::truncated_normal, 3);
  auto const first_block = drawn<double>(streams::normal, 2),
             block_128 = drawn<double>(streams::normal, 2, seed_1, 128);
  check_near(doubles, {first_block[0], first_block[1], block_128[0]}, 0);
}

TEST_CASE("random: any piece of a stream can be drawn alone") {
  auto const all = drawn<float>(streams::normal, 1000);
  for (std::size_t block : {1u, 17u, 64u, 100u}) {
    auto const piece = drawn<float>(streams::normal, 500, seed_1, static_cast<i64>(block));
    CHECK(piece == std::vector<float>(all.begin() + static_cast<i64>(4 * block),
                                      all.begin() + static_cast<i64>(4 * block + 500)));
  }
  auto const truncated = drawn<float>(streams::truncated_normal, 1003);
  auto const later = drawn<float>(streams::truncated_normal, 603, seed_1, 256 * 100);
  CHECK(later == std::vector<float>(truncated.begin() + 400, truncated.end()));
}

TEST_CASE("random: nothing is written past the end") {
  for (i64 n : {0, 1, 3, 255, 256, 257, 300}) {
    std::vector<float> out(static_cast<std::size_t>(n) + 1, 7.0f);
    streams::uniform(out.data(), n, seed_1);
    CHECK(out.back() == 7.0f);
    streams::truncated_normal(out.data(), n, seed_1);
    CHECK(out.back() == 7.0f);
  }
}

TEST_CASE("random: float normals are as accurate as the formula in double precision") {
  std::vector<std::uint32_t> words(40000);
  streams::bits(words.data(), 40000, seed_1);
  auto const got = drawn<float>(streams::normal, 40000);
  double worst = 0;
  for (std::size_t i = 0; i < 40000; i += 2) {
    auto const unit = [](std::uint32_t x) { return static_cast<double>(x & 0x7fffff) / 8388608.0; };
    double const r = std::sqrt(-2 * std::log(std::max(unit(words[i]), 1e-7)));
    double const angle = static_cast<double>(static_cast<float>(6.283185307179586 * unit(words[i + 1])));
    worst = std::max({worst, std::abs(static_cast<double>(got[i]) - r * std::sin(angle)),
                      std::abs(static_cast<double>(got[i + 1]) - r * std::cos(angle))});
  }
  CHECK(worst < 1e-6);
}

TEST_CASE("random: moments are those of the distributions") {
  auto const normal = moments_of(drawn<float>(streams::normal, 200000));
  CHECK(std::abs(normal.mean) < .01);
  CHECK(std::abs(normal.variance - 1) < .02);
  CHECK(normal.largest > 4);
  auto const normal_double = moments_of(drawn<double>(streams::normal, 200000));
  CHECK(std::abs(normal_double.mean) < .01);
  CHECK(std::abs(normal_double.variance - 1) < .02);
  // Variance of the normal distribution cut at ±2: .87962566².
  auto const truncated = moments_of(drawn<float>(streams::truncated_normal, 200000));
  CHECK(std::abs(truncated.mean) < .01);
  CHECK(std::abs(truncated.variance - .7737413) < .01);
  CHECK(truncated.largest < 2);
  auto const uniform = moments_of(drawn<double>(streams::uniform, 200000));
  CHECK(std::abs(uniform.mean - .5) < .005);
  CHECK(std::abs(uniform.variance - 1.0 / 12) < .002);
  CHECK(uniform.largest < 1);
}

TEST_CASE("random: whole numbers stay in their range") {
  std::vector<std::int32_t> small(1000);
  streams::uniform_int<std::int32_t>(small.data(), 1000, -3, 4, seed_1);
  std::vector<int> seen(7);
  for (auto v : small) {
    REQUIRE((v >= -3 && v < 4));
    ++seen[static_cast<std::size_t>(v + 3)];
  }
  for (int count : seen) CHECK(count > 100);
  std::uint32_t word;
  streams::bits(&word, 1, seed_1);
  CHECK(small[0] == static_cast<std::int32_t>(word % 7) - 3);

  constexpr i64 lowest = INT64_MIN, highest = INT64_MAX;
  std::vector<i64> large(1000);
  streams::uniform_int<i64>(large.data(), 1000, lowest, highest, seed_1);
  auto const negative = std::count_if(large.begin(), large.end(), [](i64 v) { return v < 0; });
  CHECK(negative > 400);
  CHECK(negative < 600);
  CHECK_THROWS_WITH_AS(streams::uniform_int<i64>(large.data(), 1, 3, 3, seed_1), "Need minval < maxval, got 3 >= 3",
                       tfx::errors::InvalidArgumentError);
}
