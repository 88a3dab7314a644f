// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/wait.h>
#include <cstdint>
#include <fstream>
#include <io/folder.hpp>
#include <random>
#include <tfx/io/checkpoint_state.hpp>
#include <tfx/io/tensor_file.hpp>

namespace io = tfx::io;
namespace errors = tfx::errors;
using io_test::folder;
using io_test::source;
using io_test::text_of;
using io_test::values_of;
using strings = std::vector<std::string>;

namespace {
/// Without waiting for the disk.
void put(std::string const& path, std::string const& text) {
  std::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
}

/// Some tensors, and whether a file holds just them.
struct model {
  std::vector<float> w = std::vector<float>(40), b = {1, 2, 3};
  std::vector<std::int64_t> step = {12345};
  strings texts = {"one", "", std::string(200, 't')};
  bool with_texts;

  explicit model(bool texts_too) : with_texts(texts_too) {
    for (std::size_t i = 0; i < w.size(); ++i) w[i] = float(i) / 3;
  }
  void write(std::string const& path) const {
    io::tensor_source all[] = {source("dense/kernel", w, {2, {10, 4}}), source("dense/bias", b, {1, {3}}),
                               source("global_step", step, {}), source("texts", texts, {1, {3}})};
    io::write_tensors(path, all, with_texts ? 4 : 3);
  }
  bool is_in(io::tensor_reader& file) const {
    return file.tensors().size() == (with_texts ? 4 : 3) && values_of<float>(file, "dense/kernel") == w &&
           values_of<float>(file, "dense/bias") == b && values_of<std::int64_t>(file, "global_step") == step &&
           (!with_texts || values_of<std::string>(file, "texts") == texts);
  }
};
/// One of: some bits the other way round, the end cut off, bytes overwritten.
std::string damaged(std::string text, std::mt19937& random) {
  auto const below = [&](std::size_t n) { return std::size_t{random() % n}; };
  switch (random() % 4) {
    case 0:
      text.resize(below(text.size()));
      break;
    case 1:
      for (std::size_t at = below(text.size()), n = 1 + below(8); n > 0 && at < text.size(); ++at, --n)
        text[at] = static_cast<char>(random());
      break;
    default:
      for (std::size_t n = 1 + below(3); n > 0; --n) {
        char& c = text[below(text.size())];
        c = static_cast<char>(c ^ (1 << below(8)));
      }
  }
  return text;
}
/// Reads everything there is; what cannot be is refused.
void read_all(io::tensor_reader& file) {
  for (io::stored_tensor const& t : file.tensors()) {
    tfx::i64 count = 0;
    if (!io::detail::count_elements(t.shape, count) || count > 100000) count = 0;
    strings texts(static_cast<std::size_t>(count));
    std::vector<char> room(static_cast<std::size_t>(count) * 16 + 1);
    if (count > 0) file.read(t, t.type == tfx::dtype::string ? static_cast<void*>(texts.data()) : room.data());
  }
}
}  // namespace

TEST_CASE("damage: a damaged checkpoint is refused by its name, or read as it was") {
  folder const dir;
  std::mt19937 random(7);
  int refused = 0, read = 0;
  for (char const* const ending : {"", ".npz"}) {
    std::string const path = dir / "model.ckpt" + ending;
    bool const is_bundle = *ending == '\0';
    model const m(is_bundle);
    m.write(path);
    for (std::string const& file :
         is_bundle ? strings{path + ".index", path + ".data-00000-of-00001"} : strings{path}) {
      std::string const whole = text_of(file);
      for (int i = 0; i < (is_bundle ? 3000 : 4000); ++i) {
        put(file, damaged(whole, random));
        try {
          bool const same = m.is_in(*io::open_tensors(path));
          if (!same) MESSAGE(file << ", case " << i);
          REQUIRE(same);
          ++read;
        } catch (errors::DataLossError const& e) {
          bool const named = std::string(e.what()).find(file) == 0;
          if (!named) MESSAGE(e.what());
          REQUIRE(named);
          ++refused;
        } catch (errors::UnimplementedError const&) {
          ++refused;  // what says that it is a zip file beyond 4 GiB
        }
      }
      put(file, whole);
    }
  }
  CHECK(refused > 9000);
  CHECK(read > 0);
}
TEST_CASE("damage: whatever a file says whose checksums are right, or that has none, it is no more than refused") {
  folder const dir;
  std::mt19937 random(8);
  model const m(true), plain(false);
  std::string const path = dir / "m";
  m.write(path);
  std::string const index = text_of(path + ".index");
  auto const reads = [&](std::string const& what) {
    try {
      read_all(*io::open_tensors(what));
      return true;
    } catch (errors::Error const&) {
      return false;
    }
  };
  // The first block, which is most of the index: its length stands in the index block.
  std::string const trailer = index.substr(index.size() - 48);
  io::cursor footer(trailer, "");
  std::size_t const block = static_cast<std::size_t>(footer.varint()) - 5;
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string content = index.substr(0, block);
    for (int n = 1 + int(random() % 2); n > 0; --n) {
      char& c = content[random() % content.size()];
      c = random() % 2 ? static_cast<char>(c ^ (1 << random() % 8)) : static_cast<char>(random());
    }
    std::string file = content + '\0';
    io::put_fixed(file, io::mask_crc(io::crc32c(file.data(), file.size())), 4);
    put(path + ".index", file + index.substr(block + 5));
    if (!reads(path)) ++refused;
  }
  CHECK(refused > 1000);
  std::string const flat = dir / "m.safetensors";
  plain.write(flat);
  std::string const whole = text_of(flat);
  for (int i = 0; i < 3000; ++i) {
    put(flat, damaged(whole, random));
    if (!reads(flat)) ++refused;
  }
  CHECK(refused > 2000);
  for (int i = 0; i < 2000; ++i) {
    std::string packed(1 + random() % 60, '\0');
    for (char& c : packed) c = static_cast<char>(random());
    std::size_t size = 0;
    try {
      size = io::unpack_snappy(packed, "x").size();
    } catch (errors::DataLossError const&) {
    }
    CHECK(size <= 64 * packed.size());
  }
}

TEST_CASE("damage: killed at any time while it writes, a process leaves a whole checkpoint") {
  folder const dir;
  std::mt19937 random(9);
  std::vector<std::int64_t> const sizes = {1, 1000, 30000};
  char const* const names[] = {"a", "b", "c"};
  auto const write = [&](std::string const& path, std::int64_t value) {
    std::vector<std::vector<std::int64_t>> values;
    std::vector<io::tensor_source> all;
    for (std::int64_t const n : sizes) values.emplace_back(static_cast<std::size_t>(n), value);
    for (std::size_t i = 0; i < 3; ++i) all.push_back(source(names[i], values[i], {1, {sizes[i]}}));
    io::write_tensors(path, all.data(), 3);
  };
  // The one value that all have.
  auto const read = [&](std::string const& path) {
    auto const file = io::open_tensors(path);
    std::int64_t const value = values_of<std::int64_t>(*file, "a")[0];
    for (std::size_t i = 1; i < 3; ++i)
      REQUIRE((values_of<std::int64_t>(*file, names[i]) ==
               std::vector<std::int64_t>(static_cast<std::size_t>(sizes[i]), value)));
    return value;
  };
  int kills = 0;
  std::int64_t written = 0;
  for (char const* const name : {"model.ckpt", "model.npz", "model.safetensors", "steps"}) {
    bool const steps = name == std::string("steps");  // each checkpoint has a name of its own
    std::string const here = dir.path.string(), path = dir / name;
    auto const save = [&](std::int64_t value) {
      std::string const own = steps ? path + "-" + std::to_string(value) : path;
      write(own, value);
      io::write_checkpoint_state(here, {own.substr(here.size() + 1)});
      if (steps) io::remove_tensors(path + "-" + std::to_string(value - 2));
    };
    std::int64_t last = 1;
    save(1);
    for (int i = 0; i < 60; ++i, ++kills) {
      ::pid_t const child = ::fork();
      if (child == 0) {
        for (std::int64_t value = last + 1;; ++value) save(value);
      }
      ::usleep(500 + static_cast<unsigned>(random() % 12000));
      ::kill(child, SIGKILL);
      int status = 0;
      ::waitpid(child, &status, 0);
      REQUIRE(WIFSIGNALED(status));
      std::int64_t const value = read(dir / io::read_checkpoint_state(here).model_checkpoint_path);
      REQUIRE(value >= last);
      written += value - last;
      last = value;
    }
    // What the killed ones left is cleared away by the next.
    save(last + 1);
    CHECK(read(dir / io::read_checkpoint_state(here).model_checkpoint_path) == last + 1);
    if (!steps) {
      CHECK(!io::exists(path + ".index.tmp"));
      CHECK(!io::exists(path + ".data-00000-of-00002"));
      CHECK(!io::exists(path + ".tmp"));
    }
  }
  CHECK(kills >= 200);
  CHECK(written > 0);
}
