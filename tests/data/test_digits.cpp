// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <tfx/data/digits.hpp>
#include <tfx/data/gzip.hpp>
#include <vector>

namespace digits = tfx::datasets::digits;
using tfx::i64;

namespace {

std::vector<std::uint8_t> grey(tfx::datasets::dataset const& part) {
  std::vector<std::uint8_t> out(part.images.size());
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<std::uint8_t>(std::lround(part.images.data()[i] * 255.0f));
  return out;
}

auto const drawn = digits::draw({.train = 2000, .validation = 100, .test = 500, .seed = 3});

}  // namespace

TEST_CASE("digits: the same seed is the same data on every compiler") {
  CHECK(tfx::data::crc32(grey(drawn.train)) == 0x1DB2532C);
  auto const again = digits::draw({.train = 2000, .validation = 0, .test = 500, .seed = 3});
  CHECK(grey(again.test) == grey(drawn.test));
  // A larger set begins with the smaller one.
  auto const fewer = digits::draw({.train = 150, .validation = 0, .test = 0, .seed = 3});
  CHECK(std::equal(fewer.train.images.begin(), fewer.train.images.end(), drawn.train.images.begin()));
}

TEST_CASE("digits: another seed is other data") {
  auto const other = digits::draw({.train = 2000, .validation = 0, .test = 0, .seed = 4});
  CHECK(grey(other.train) != grey(drawn.train));
}

TEST_CASE("digits: there are as many of each class") {
  std::array<int, 10> count{};
  for (auto c : drawn.train.classes) ++count[static_cast<std::size_t>(c)];
  for (int n : count) CHECK(n == 200);
  CHECK(drawn.train.labels.shape() == std::array<std::size_t, 2>{2000, 10});
  CHECK(drawn.validation.size() == 100);
  CHECK(drawn.test.size() == 500);
}

TEST_CASE("digits: all images are different") {
  std::set<std::string> seen;
  for (auto const* part : {&drawn.train, &drawn.validation, &drawn.test}) {
    auto const pixels = grey(*part);
    for (auto at = pixels.begin(); at != pixels.end(); at += 784) seen.emplace(at, at + 784);
  }
  CHECK(seen.size() == 2600);
}

TEST_CASE("digits: every image is ink on paper, within the square") {
  for (std::size_t i = 0; i < 2000; ++i) {
    float const* const image = drawn.train.images.data() + i * 784;
    auto const [low, high] = std::minmax_element(image, image + 784);
    REQUIRE(*low >= 0);
    REQUIRE(*high <= 1);
    auto const inked = std::count_if(image, image + 784, [](float v) { return v > .3f; });
    REQUIRE(inked > 20);
    REQUIRE(inked < 350);
  }
}

TEST_CASE("digits: batches come as from mnist") {
  auto sets = digits::draw({.train = 100, .validation = 0, .test = 0});
  auto [xs, ys] = sets.train.next_batch(30);
  CHECK(xs.shape() == std::array<std::size_t, 2>{30, 784});
  CHECK(ys.shape() == std::array<std::size_t, 2>{30, 10});
  CHECK_THROWS_AS(digits::draw({.train = -1}), tfx::errors::InvalidArgumentError);
}
