// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <tfx/data/gzip.hpp>
#include <tfx/keras/datasets/digits.hpp>
#include <tfx/keras/datasets/fashion_mnist.hpp>
#include <tfx/keras/datasets/mnist.hpp>
#include <type_traits>
#include <vector>

namespace keras = tfx::keras;
namespace errors = tfx::errors;
using tfx::i64;

namespace {

using bytes = std::vector<std::uint8_t>;
using shape4 = std::array<std::size_t, 4>;

bytes idx(std::vector<std::uint8_t> const& dims, bytes const& data) {
  bytes out{0, 0, 8, static_cast<std::uint8_t>(dims.size())};
  for (auto d : dims) out.insert(out.end(), {0, 0, 0, d});
  out.insert(out.end(), data.begin(), data.end());
  return out;
}
/// gzip with one stored block.
bytes packed(bytes const& plain) {
  auto const low = [](std::size_t v, int byte) { return static_cast<std::uint8_t>(v >> (8 * byte)); };
  std::size_t const n = plain.size(), crc = tfx::data::crc32(plain);
  bytes out{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, low(n, 0), low(n, 1), low(~n, 0), low(~n, 1)};
  out.insert(out.end(), plain.begin(), plain.end());
  for (std::size_t word : {crc, n})
    for (int i = 0; i < 4; ++i) out.push_back(low(word, i));
  return out;
}

/// A folder with a data set of n images to train with, whose pixels are their numbers, and none to test.
struct small_set {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("tfx_keras_mnist_" + std::to_string(next++));
  static inline long next = std::chrono::steady_clock::now().time_since_epoch().count();

  explicit small_set(std::uint8_t n) {
    std::filesystem::create_directories(path);
    bytes pixels, numbers;
    for (std::uint8_t i = 0; i < n; ++i) {
      pixels.insert(pixels.end(), 784, i);
      numbers.push_back(i % 10);
    }
    write("train-images-idx3-ubyte.gz", packed(idx({n, 28, 28}, pixels)));
    write("train-labels-idx1-ubyte", idx({n}, numbers));
    write("t10k-images-idx3-ubyte", idx({0, 28, 28}, {}));
    write("t10k-labels-idx1-ubyte.gz", packed(idx({0}, {})));
  }
  ~small_set() { std::filesystem::remove_all(path); }
  std::string file(std::string const& name) const { return (path / name).string(); }
  void write(std::string const& name, bytes const& content) const {
    std::ofstream(file(name), std::ios::binary)
        .write(reinterpret_cast<char const*>(content.data()), static_cast<std::streamsize>(content.size()));
  }
};

}  // namespace

TEST_CASE("keras datasets: mnist's images are squares in [0, 1] with labels of 64 bits") {
  small_set const files(13);
  auto [train, test] = keras::datasets::mnist::load_data(files.path.string());
  static_assert(std::is_same_v<decltype(train.images), xt::xtensor<float, 4>>);
  static_assert(std::is_same_v<decltype(train.labels), xt::xtensor<i64, 1>>);
  CHECK(train.images.shape() == shape4{13, 28, 28, 1});
  CHECK(train.size() == 13);
  for (std::size_t i = 0; i < 13; ++i) {
    CHECK(train.images(i, 27, 27, 0) == doctest::Approx(static_cast<double>(i) / 255));
    CHECK(train.labels(i) == static_cast<i64>(i % 10));
  }
  CHECK(test.images.shape() == shape4{0, 28, 28, 1});
  CHECK(test.size() == 0);
}

TEST_CASE("keras datasets: fashion_mnist reads the same files") {
  small_set const files(3);
  auto const sets = keras::datasets::fashion_mnist::load_data(files.path.string());
  CHECK(sets.train.labels(2) == 2);
  CHECK(keras::datasets::fashion_mnist::class_names[9] == std::string("Ankle boot"));
}

TEST_CASE("keras datasets: files that are absent or damaged are refused by name") {
  small_set const files(3);
  files.write("t10k-images-idx3-ubyte", {0, 0, 8});
  CHECK_THROWS_WITH_AS(keras::datasets::mnist::load_data(files.path.string()),
                       (files.file("t10k-images-idx3-ubyte") + ": the data end in the header").c_str(),
                       errors::DataLossError);
  files.write("t10k-images-idx3-ubyte", idx({1, 2, 2}, {1, 2, 3, 4}));
  CHECK_THROWS_AS(keras::datasets::mnist::load_data(files.path.string()), errors::DataLossError);
  CHECK_THROWS_WITH_AS(keras::datasets::fashion_mnist::load_data(files.file("none")),
                       (files.file("none/train-images-idx3-ubyte.gz") + "; No such file or directory").c_str(),
                       errors::NotFoundError);
}

TEST_CASE("keras datasets: digits are those that the program draws") {
  auto [train, test] = keras::datasets::digits::load_data(30, 20, 5);
  auto const drawn = tfx::datasets::digits::draw({.train = 30, .validation = 0, .test = 20, .seed = 5});
  CHECK(train.images.shape() == shape4{30, 28, 28, 1});
  CHECK(test.images.shape() == shape4{20, 28, 28, 1});
  CHECK(std::equal(train.images.begin(), train.images.end(), drawn.train.images.begin()));
  CHECK(std::equal(test.images.begin(), test.images.end(), drawn.test.images.begin()));
  for (std::size_t i = 0; i < 20; ++i) CHECK(test.labels(i) == static_cast<i64>(i % 10));
  CHECK(keras::datasets::digits::load_data(0, 0).train.size() == 0);
  CHECK_THROWS_WITH_AS(keras::datasets::digits::load_data(-1, 0), "draw: cannot draw -1 images",
                       errors::InvalidArgumentError);
}

// The real files, where they are: in TFX_MNIST_DIR, or beside the repository.
TEST_CASE("keras datasets: all 60000 and 10000 of the real images come") {
  char const* const named = std::getenv("TFX_MNIST_DIR");
  std::string const path = named ? named : "../shared/data/mnist";
  if (!std::filesystem::exists(path + "/train-images-idx3-ubyte.gz")) return;
  auto [train, test] = keras::datasets::mnist::load_data(path);
  CHECK(train.size() == 60000);
  CHECK(test.size() == 10000);
  CHECK(train.labels(0) == 5);
  CHECK(test.labels(0) == 7);
  double sum = 0;
  for (float const v : train.images) sum += static_cast<double>(v);
  CHECK(sum / (60000.0 * 784) == doctest::Approx(.1307).epsilon(.0005));
}
