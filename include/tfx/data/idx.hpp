// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <tfx/base/config.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/base/vector.hpp>
#include <tfx/data/gzip.hpp>
#include <tfx/io/file.hpp>
#include <vector>

TFX_BEGIN
namespace data {

/// An array of bytes from an IDX file, the format of MNIST; the last dimension varies fastest.
template <class Bytes>
struct basic_idx {
  vector<i64> dims;
  Bytes data;
};
using idx = basic_idx<std::vector<std::uint8_t>>;

namespace detail {
inline std::uint32_t idx_extent(std::uint8_t const* p) {
  return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
}
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_idx_size(char const* name, std::uint8_t const* extents,
                                                                         unsigned rank, u64 size, u64 there) {
  char shape[11 * 255 + 1] = "";
  for (unsigned i = 0, at = 0; i < rank; ++i)
    at += static_cast<unsigned>(
        std::snprintf(shape + at, 12, "%s%u", i > 0 ? "," : "", unsigned{idx_extent(extents + 4 * i)}));
  raise<errors::DataLossError>("%s: %s: [%s] needs %llu bytes, and there are %llu", name,
                               there < size ? "is cut short" : "has bytes after the end", shape,
                               static_cast<unsigned long long>(size), static_cast<unsigned long long>(there));
}
}  // namespace detail

/// Reads IDX bytes; `name` is what an error calls them.
template <class Bytes = std::vector<std::uint8_t>>
basic_idx<Bytes> parse_idx(Bytes bytes, std::string const& name) {
  auto const refuse = [&](char const* what) { raise<errors::DataLossError>("%s: %s", name.c_str(), what); };
  if (bytes.size() < 4) refuse("the data end in the header");
  unsigned const type = bytes[2], rank = bytes[3];
  bool const known = type == 8 || type == 9 || (type >= 0xB && type <= 0xE);
  if (bytes[0] != 0 || bytes[1] != 0 || !known) refuse("is not an IDX file: it begins with a wrong magic number");
  if (type != 8) {
    static constexpr char types[][8] = {"int8", "", "int16", "int32", "float", "double"};
    raise<errors::UnimplementedError>("%s: holds %s values, but only bytes (uint8) are read", name.c_str(),
                                      types[type - 9]);
  }
  std::size_t const header = 4 + 4 * std::size_t{rank};
  if (bytes.size() < header) refuse("the data end in the header");
  basic_idx<Bytes> result{vector<i64>(static_cast<int>(rank)), {}};
  u64 size = 1;
  for (int i = 0; i < result.dims.size(); ++i) {
    u64 const extent = detail::idx_extent(bytes.data() + 4 + 4 * i);
    if (extent != 0 && size > (u64{1} << 62) / extent) refuse("the extents are too large");
    size *= extent;
    result.dims[i] = static_cast<i64>(extent);
  }
  u64 const there = bytes.size() - header;
  if (there != size) detail::refuse_idx_size(name.c_str(), bytes.data() + 4, rank, size, there);
  std::memmove(bytes.data(), bytes.data() + header, size);
  detail::resize(bytes, size);
  result.data = std::move(bytes);
  return result;
}

/// Reads an IDX file, plain or packed by gzip: its first bytes tell which, not its name.
template <class Bytes = std::vector<std::uint8_t>>
basic_idx<Bytes> read_idx(std::string const& path) {
  Bytes bytes = io::read_file<Bytes>(path);
  if (is_gzip(bytes)) bytes = gunzip<Bytes>(bytes, path);
  return parse_idx(std::move(bytes), path);
}

}  // namespace data
TFX_END
