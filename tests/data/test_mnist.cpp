// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <tfx/data/fashion_mnist.hpp>
#include <vector>

namespace mnist = tfx::datasets::mnist;
namespace errors = tfx::errors;
using tfx::i64;

namespace {

using bytes = std::vector<std::uint8_t>;

/// A folder of its own for each test, gone afterwards.
struct folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("tfx_mnist_" + std::to_string(next++));
  static inline long next = std::chrono::steady_clock::now().time_since_epoch().count();
  folder() { std::filesystem::create_directories(path); }
  ~folder() { std::filesystem::remove_all(path); }
  std::string file(std::string const& name) const { return (path / name).string(); }
  void write(std::string const& name, bytes const& content) const {
    std::ofstream(file(name), std::ios::binary)
        .write(reinterpret_cast<char const*>(content.data()), static_cast<std::streamsize>(content.size()));
  }
};

bytes idx(std::vector<std::uint8_t> const& dims, bytes const& data, std::uint8_t type = 8) {
  bytes out{0, 0, type, static_cast<std::uint8_t>(dims.size())};
  for (auto d : dims) out.insert(out.end(), {0, 0, 0, d});
  out.insert(out.end(), data.begin(), data.end());
  return out;
}

/// gzip with one stored block: enough for a file below 64 KiB.
bytes packed(bytes const& plain) {
  auto const low = [](std::size_t v, int byte) { return static_cast<std::uint8_t>(v >> (8 * byte)); };
  std::size_t const n = plain.size(), crc = tfx::data::crc32(plain);
  bytes out{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, low(n, 0), low(n, 1), low(~n, 0), low(~n, 1)};
  out.insert(out.end(), plain.begin(), plain.end());
  for (std::size_t word : {crc, n})
    for (int i = 0; i < 4; ++i) out.push_back(low(word, i));
  return out;
}

/// n images whose every pixel is the image's number.
bytes images(std::uint8_t n) {
  bytes pixels;
  for (std::uint8_t i = 0; i < n; ++i) pixels.insert(pixels.end(), 784, i);
  return idx({n, 28, 28}, pixels);
}

bytes labels(std::uint8_t n) {
  bytes numbers;
  for (std::uint8_t i = 0; i < n; ++i) numbers.push_back(i % 10);
  return idx({n}, numbers);
}

struct small_mnist : folder {
  small_mnist() {
    write("train-images-idx3-ubyte.gz", packed(images(25)));
    write("train-labels-idx1-ubyte", labels(25));
    write("t10k-images-idx3-ubyte", images(10));
    write("t10k-labels-idx1-ubyte.gz", packed(labels(10)));
  }
  auto read(i64 validation_size = 5) const {
    return mnist::read_data_sets(path.string(), {.validation_size = validation_size});
  }
  std::string refusal() const {
    try {
      read();
    } catch (errors::DataLossError const& e) {
      return e.what();
    }
    return "nothing was refused";
  }
};

std::vector<i64> numbers(tfx::datasets::batch const& b) {
  std::vector<i64> out;
  for (std::size_t i = 0; i < b.images.shape(0); ++i) out.push_back(std::lround(b.images(i, 0) * 255));
  return out;
}

}  // namespace

TEST_CASE("idx: an array comes with its extents, plain or packed") {
  folder const f;
  f.write("a", idx({2, 3}, {1, 2, 3, 4, 5, 6}));
  f.write("b", packed(idx({2, 3}, {1, 2, 3, 4, 5, 6})));
  for (auto name : {"a", "b"}) {
    auto const array = tfx::data::read_idx(f.file(name));
    CHECK(std::vector<i64>(array.dims.begin(), array.dims.end()) == std::vector<i64>{2, 3});
    CHECK(array.data == bytes{1, 2, 3, 4, 5, 6});
  }
}

TEST_CASE("idx: a file that is absent or no file is refused in the system's words") {
  folder const f;
  CHECK_THROWS_WITH_AS(tfx::data::read_idx(f.file("none")), (f.file("none") + "; No such file or directory").c_str(),
                       errors::NotFoundError);
  CHECK_THROWS_AS(tfx::data::read_idx(f.path.string()), errors::FailedPreconditionError);
}

TEST_CASE("idx: damage is refused, and the error says which") {
  auto const refused = [](bytes const& b, char const* what) {
    CHECK_THROWS_WITH_AS(tfx::data::parse_idx(b, "x"), what, errors::DataLossError);
  };
  bytes const whole = idx({2, 3}, {1, 2, 3, 4, 5, 6});
  for (std::size_t n = 0; n < whole.size(); ++n)
    CHECK_THROWS_AS(tfx::data::parse_idx(bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)), "x"),
                    errors::DataLossError);
  refused({}, "x: the data end in the header");
  refused({0, 0, 8, 2, 0, 0, 0, 1}, "x: the data end in the header");
  refused({'h', 'e', 'l', 'l', 'o'}, "x: is not an IDX file: it begins with a wrong magic number");
  refused(idx({2, 3}, {1, 2, 3}), "x: is cut short: [2,3] needs 6 bytes, and there are 3");
  refused(idx({3}, {1, 2, 3, 4}), "x: has bytes after the end: [3] needs 3 bytes, and there are 4");
  bytes huge{0, 0, 8, 3};
  huge.insert(huge.end(), 12, 0xFF);
  refused(huge, "x: the extents are too large");
  CHECK_THROWS_WITH_AS(tfx::data::parse_idx(idx({1}, {0, 0, 0, 0}, 0x0D), "x"),
                       "x: holds float values, but only bytes (uint8) are read", errors::UnimplementedError);
}

TEST_CASE("mnist: the first training images are kept for validation") {
  small_mnist const f;
  auto const sets = f.read();
  CHECK(sets.train.size() == 20);
  CHECK(sets.validation.size() == 5);
  CHECK(sets.test.size() == 10);
  CHECK(sets.validation.images(3, 783) == doctest::Approx(3.0 / 255));
  CHECK(sets.train.images(0, 0) == doctest::Approx(5.0 / 255));
  CHECK(sets.test.images.shape() == std::array<std::size_t, 2>{10, 784});
}

TEST_CASE("mnist: names with a dot, as some tools unpack them, are found too") {
  folder const f;
  f.write("train-images.idx3-ubyte", images(25));
  f.write("train-labels.idx1-ubyte.gz", packed(labels(25)));
  bytes padded = packed(images(10));
  padded.resize(padded.size() + 700);
  f.write("t10k-images.idx3-ubyte.gz", padded);
  f.write("t10k-labels.idx1-ubyte", labels(10));
  // Folders of the usual names may lie beside them.
  std::filesystem::create_directories(f.file("train-images-idx3-ubyte"));
  std::filesystem::create_directories(f.file("t10k-labels-idx1-ubyte"));
  auto const sets = mnist::read_data_sets(f.path.string(), {.validation_size = 5});
  CHECK(sets.train.size() == 20);
  CHECK(sets.test.size() == 10);
  CHECK(sets.train.images(0, 0) == doctest::Approx(5.0 / 255));
  f.write("t10k-labels-idx1-ubyte.gz", packed(labels(9)));
  CHECK_THROWS_WITH_AS(mnist::read_data_sets(f.path.string()),
                       (f.file("t10k-labels-idx1-ubyte.gz") + ": holds 9 labels for the 10 images of " +
                        f.file("t10k-images.idx3-ubyte.gz"))
                           .c_str(),
                       errors::DataLossError);
}

TEST_CASE("mnist: labels come as one-hot rows and as numbers") {
  small_mnist const f;
  auto const sets = f.read();
  CHECK(sets.train.labels.shape() == std::array<std::size_t, 2>{20, 10});
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(sets.train.classes(i) == static_cast<i64>((i + 5) % 10));
    for (std::size_t k = 0; k < 10; ++k) CHECK(sets.train.labels(i, k) == ((i + 5) % 10 == k ? 1.0f : 0.0f));
  }
}

TEST_CASE("mnist: pixels and labels come in double as in float") {
  small_mnist const f;
  auto const narrow = mnist::read_data_sets(f.path.string(), {.validation_size = 5});
  auto wide = mnist::read_data_sets<double>(f.path.string(), {.validation_size = 5});
  CHECK(xt::allclose(wide.train.images, narrow.train.images));
  CHECK(wide.train.labels == xt::cast<double>(narrow.train.labels));
  CHECK(wide.train.images(0, 0) == 5 * (1.0 / 255));
  static_assert(std::is_same_v<decltype(wide.train.next_batch(3).images), xt::xtensor<double, 2>>);
}

TEST_CASE("mnist: grey values come as bytes, and images as squares") {
  small_mnist const f;
  auto bytes_of = mnist::read_data_sets<std::uint8_t>(f.path.string(), {.validation_size = 5});
  CHECK(bytes_of.train.images(3, 9) == 8);
  CHECK(bytes_of.train.labels(0, 5) == 1);
  auto squares = mnist::read_data_sets<float, 4>(f.path.string(), {.validation_size = 5, .reshape = false});
  CHECK(squares.test.images.shape() == std::array<std::size_t, 4>{10, 28, 28, 1});
  auto const batch = squares.test.next_batch(3, false);
  CHECK(batch.images.shape() == std::array<std::size_t, 4>{3, 28, 28, 1});
  CHECK(batch.images(2, 27, 27, 0) == doctest::Approx(2.0 / 255));
  CHECK_THROWS_AS(mnist::read_data_sets(f.path.string(), {.reshape = false}), errors::UnimplementedError);
}

TEST_CASE("fashion_mnist: the same files and reader, and names for the classes") {
  small_mnist const f;
  auto sets = tfx::datasets::fashion_mnist::read_data_sets(f.path.string(), {.one_hot = true, .validation_size = 5});
  CHECK(sets.train.num_examples() == 20);
  CHECK(tfx::datasets::fashion_mnist::class_names[sets.test.classes(9)] == std::string("Ankle boot"));
}

TEST_CASE("mnist: each epoch gives every image once, in another order") {
  small_mnist const f;
  auto sets = f.read(0);
  std::set<std::vector<i64>> orders;
  for (int epoch = 0; epoch < 3; ++epoch) {
    auto const order = numbers(sets.train.next_batch(25));
    CHECK(std::set<i64>(order.begin(), order.end()).size() == 25);
    orders.insert(order);
  }
  CHECK(orders.size() == 3);
  auto again = f.read(0);
  CHECK(orders.count(numbers(again.train.next_batch(25))) == 1);
}

TEST_CASE("mnist: a batch goes on across the end of an epoch") {
  small_mnist const f;
  auto sets = f.read();
  std::multiset<i64> seen;
  for (int i = 0; i < 5; ++i) {
    auto [xs, ys] = sets.train.next_batch(8);
    CHECK(xs.shape(0) == 8);
    CHECK(ys.shape() == std::array<std::size_t, 2>{8, 10});
    for (std::size_t k = 0; k < 8; ++k) {
      auto const number = std::lround(xs(k, 0) * 255);
      CHECK(ys(k, static_cast<std::size_t>(number % 10)) == 1.0f);
      seen.insert(number);
    }
    CHECK(sets.train.epochs_completed() == (i < 2 ? 0 : 1));
  }
  for (i64 number = 5; number < 25; ++number) CHECK(seen.count(number) == 2);
  // More than an epoch at once spans several.
  CHECK(sets.test.next_batch(25).images.shape(0) == 25);
}

TEST_CASE("mnist: after skip come the batches that would have come") {
  small_mnist const f;
  for (bool const shuffle : {true, false}) {
    for (int const skipped : {0, 1, 3, 8}) {
      auto whole = f.read(), rest = f.read();
      for (int i = 0; i < skipped; ++i) whole.train.next_batch(7, shuffle);
      rest.train.skip(skipped * 7, shuffle);
      for (int i = 0; i < 5; ++i)
        CHECK(numbers(rest.train.next_batch(7, shuffle)) == numbers(whole.train.next_batch(7, shuffle)));
      CHECK(rest.train.epochs_completed() == whole.train.epochs_completed());
    }
  }
  auto sets = f.read();
  CHECK_THROWS_AS(sets.train.skip(-1), tfx::errors::InvalidArgumentError);
}

TEST_CASE("mnist: without shuffling the order is that of the file") {
  small_mnist const f;
  auto sets = f.read();
  CHECK(numbers(sets.train.next_batch(4, false)) == std::vector<i64>{5, 6, 7, 8});
  auto const next = sets.train.next_sparse_batch(3, false);
  CHECK(next.classes(0) == 9);
  CHECK(next.classes(2) == 1);
}

TEST_CASE("mnist: files that do not belong together are refused by name") {
  small_mnist const f;
  f.write("t10k-labels-idx1-ubyte", labels(9));
  CHECK(f.refusal() ==
        f.file("t10k-labels-idx1-ubyte") + ": holds 9 labels for the 10 images of " + f.file("t10k-images-idx3-ubyte"));
  f.write("t10k-labels-idx1-ubyte", idx({10}, {0, 1, 2, 3, 10, 5, 6, 7, 8, 9}));
  CHECK(f.refusal() == f.file("t10k-labels-idx1-ubyte") + ": label 4 is 10, but must be 0 to 9");
  f.write("t10k-labels-idx1-ubyte", images(1));
  CHECK(f.refusal() == f.file("t10k-labels-idx1-ubyte") + ": must hold labels, [n], but is [1,28,28]");
  f.write("t10k-images-idx3-ubyte", idx({1, 2, 2}, {1, 2, 3, 4}));
  CHECK(f.refusal() ==
        f.file("t10k-images-idx3-ubyte") + ": must hold images of 28 by 28 pixels, [n,28,28], but is [1,2,2]");
  std::filesystem::remove(f.file("t10k-images-idx3-ubyte"));
  CHECK_THROWS_WITH_AS(f.read(), (f.file("t10k-images-idx3-ubyte.gz") + "; No such file or directory").c_str(),
                       errors::NotFoundError);
}

TEST_CASE("mnist: a validation size beyond the training images is refused") {
  small_mnist const f;
  CHECK_THROWS_WITH_AS(f.read(26), "Validation size should be between 0 and 25. Received: 26.",
                       errors::InvalidArgumentError);
  CHECK_THROWS_AS(f.read().train.next_batch(-1), errors::InvalidArgumentError);
  CHECK_THROWS_AS(f.read(25).train.next_batch(1), errors::InvalidArgumentError);
}

// The real files, where they are: in TFX_MNIST_DIR, or beside the repository.
TEST_CASE("mnist: the real files have their known numbers") {
  char const* const named = std::getenv("TFX_MNIST_DIR");
  std::string const path = named ? named : "../shared/data/mnist";
  if (!std::filesystem::exists(path + "/train-images-idx3-ubyte.gz")) return;
  auto const sets = mnist::read_data_sets(path, {.one_hot = true});
  CHECK(sets.train.size() == 55000);
  CHECK(sets.validation.size() == 5000);
  CHECK(sets.test.size() == 10000);
  CHECK(sets.validation.classes(0) == 5);
  CHECK(sets.test.classes(0) == 7);
  // The mean grey value of the 60000 training images is known to be .1307.
  double sum = 0;
  for (auto const* part : {&sets.train, &sets.validation})
    for (std::size_t i = 0; i < part->images.size(); ++i) sum += static_cast<double>(part->images.data()[i]);
  CHECK(sum / (60000.0 * 784) == doctest::Approx(.1307).epsilon(.0005));
}
