// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <doctest/doctest.h>
#include <filesystem>
#include <functional>
#include <string>
#include <tfx/io/file.hpp>
#include <tfx/io/tensors.hpp>
#include <vector>

namespace io_test {

/// An empty folder, which goes with the test.
struct folder {
  std::filesystem::path path;

  folder() {
    static int next = 0;
    path = std::filesystem::temp_directory_path() /
           ("tfx_io_" + std::to_string(::getpid()) + "_" + std::to_string(next++));
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  folder(folder const&) = delete;
  ~folder() { std::filesystem::remove_all(path); }
  std::string operator/(std::string const& name) const { return (path / name).string(); }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path), {}));
  }
};

inline std::string text_of(std::string const& path) {
  auto const bytes = tfx::io::read_file(path);
  return {bytes.begin(), bytes.end()};
}
inline void write(std::string const& path, std::string const& text) {
  tfx::io::write_file(path, text.data(), text.size());
}

/// What the refusal says.
template <class Error>
std::string message(std::function<void()> const& f) {
  try {
    f();
  } catch (Error const& e) {
    return e.what();
  }
  return "nothing was thrown";
}

template <class T>
tfx::io::tensor_source source(char const* name, std::vector<T> const& values, tfx::dims const& shape) {
  return {name, tfx::dtype_of<T>, shape, values.data()};
}
/// The values of a tensor in a file.
template <class T>
std::vector<T> values_of(tfx::io::tensor_reader& file, char const* name) {
  tfx::io::stored_tensor const* const t = file.find(name);
  REQUIRE(t != nullptr);
  REQUIRE(t->type == tfx::dtype_of<T>);
  std::vector<T> values(static_cast<std::size_t>(t->shape.count()));
  file.read(*t, values.data());
  return values;
}
inline std::string shape_of(tfx::io::tensor_reader const& file, char const* name) {
  tfx::io::stored_tensor const* const t = file.find(name);
  REQUIRE(t != nullptr);
  return tfx::detail::extents_text(t->shape.rank, t->shape.extent).text;
}

}  // namespace io_test
