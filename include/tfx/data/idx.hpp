// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <tfx/base/config.hpp>
#include <tfx/base/errors.hpp>
#include <tfx/data/gzip.hpp>
#include <vector>

TFX_BEGIN
namespace data {

/// The whole of a file; NotFoundError if there is none, FailedPreconditionError if it cannot be read.
inline std::vector<std::uint8_t> read_file(std::string const& path) {
  struct file {
    std::FILE* handle;
    ~file() {
      if (handle) std::fclose(handle);
    }
  } const in{std::fopen(path.c_str(), "rb")};
  auto const refuse = [&] {
    std::string const text = path + "; " + std::strerror(errno);
    if (errno == ENOENT || errno == ENOTDIR) throw errors::NotFoundError(text);
    throw errors::FailedPreconditionError(text);
  };
  if (!in.handle) refuse();
  std::vector<std::uint8_t> bytes;
  for (std::size_t size = 0, room = 1 << 16;; room = bytes.size()) {
    bytes.resize(size + room);
    std::size_t const got = std::fread(bytes.data() + size, 1, room, in.handle);
    size += got;
    if (got == room) continue;
    if (std::ferror(in.handle)) refuse();
    bytes.resize(size);
    return bytes;
  }
}

/// An array of bytes from an IDX file, the format of MNIST; the last dimension varies fastest.
struct idx {
  std::vector<i64> dims;
  std::vector<std::uint8_t> data;
};

/// Reads IDX bytes; `name` is what an error calls them.
inline idx parse_idx(std::vector<std::uint8_t> bytes, std::string const& name) {
  auto const refuse = [&](std::string const& what) { throw errors::DataLossError(name + ": " + what); };
  if (bytes.size() < 4) refuse("the data end in the header");
  unsigned const type = bytes[2], rank = bytes[3];
  bool const known = type == 8 || type == 9 || (type >= 0xB && type <= 0xE);
  if (bytes[0] != 0 || bytes[1] != 0 || !known) refuse("is not an IDX file: it begins with a wrong magic number");
  if (type != 8) {
    char const* const types[] = {"int8", "", "int16", "int32", "float", "double"};
    throw errors::UnimplementedError(name + ": holds " + types[type - 9] + " values, but only bytes (uint8) are read");
  }
  std::size_t const header = 4 + 4 * std::size_t{rank};
  if (bytes.size() < header) refuse("the data end in the header");
  idx result;
  u64 size = 1;
  std::string shape;
  for (std::size_t i = 4; i < header; i += 4) {
    u64 const extent = u64{bytes[i]} << 24 | u64{bytes[i + 1]} << 16 | u64{bytes[i + 2]} << 8 | bytes[i + 3];
    if (extent != 0 && size > (u64{1} << 62) / extent) refuse("the extents are too large");
    size *= extent;
    result.dims.push_back(static_cast<i64>(extent));
    shape += (shape.empty() ? "" : ",") + std::to_string(extent);
  }
  u64 const there = bytes.size() - header;
  if (there != size)
    refuse((there < size ? "is cut short: [" : "has bytes after the end: [") + shape + "] needs " +
           std::to_string(size) + " bytes, and there are " + std::to_string(there));
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(header));
  result.data = std::move(bytes);
  return result;
}

/// Reads an IDX file, plain or packed by gzip: its first bytes tell which, not its name.
inline idx read_idx(std::string const& path) {
  auto bytes = read_file(path);
  if (is_gzip(bytes)) bytes = gunzip(bytes, path);
  return parse_idx(std::move(bytes), path);
}

}  // namespace data
TFX_END
