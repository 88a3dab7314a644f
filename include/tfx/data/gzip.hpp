// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <tfx/base/config.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/data/inflate.hpp>
#include <vector>

TFX_BEGIN
namespace data {

namespace detail {

/// The tables of CRC-32 (reflected 0xEDB88320) for eight bytes at a time.
struct crc_tables {
  std::uint32_t of[8][256];

  crc_tables() {
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t c = i;
      for (int k = 0; k < 8; ++k) c = (c >> 1) ^ (c & 1 ? 0xEDB88320u : 0u);
      of[0][i] = c;
    }
    for (int k = 1; k < 8; ++k)
      for (int i = 0; i < 256; ++i) of[k][i] = (of[k - 1][i] >> 8) ^ of[0][of[k - 1][i] & 255];
  }
};

}  // namespace detail

/// CRC-32 as gzip, zip and PNG use it; `crc32(b, crc32(a))` is that of a and b in a row.
[[gnu::noinline]] inline std::uint32_t crc32(byte_view bytes, std::uint32_t before = 0) {
  static detail::crc_tables const tables;
  auto const& t = tables.of;
  std::uint8_t const* p = bytes.data;
  std::size_t n = bytes.size;
  u64 c = before ^ 0xFFFFFFFFu;
  for (; n >= 8; n -= 8, p += 8) {
    u64 const w = c ^ detail::little_endian(p, 8);
    c = t[7][w & 255] ^ t[6][w >> 8 & 255] ^ t[5][w >> 16 & 255] ^ t[4][w >> 24 & 255] ^ t[3][w >> 32 & 255] ^
        t[2][w >> 40 & 255] ^ t[1][w >> 48 & 255] ^ t[0][w >> 56];
  }
  for (; n > 0; --n, ++p) c = (c >> 8) ^ t[0][(c ^ *p) & 255];
  return static_cast<std::uint32_t>(c) ^ 0xFFFFFFFFu;
}

/// Whether the bytes begin as a gzip file does.
inline bool is_gzip(byte_view bytes) { return bytes.size >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b; }

/// Unpacks a gzip file (RFC 1952), of one member or several; zeros after a member fill a block and say nothing. `name`
/// is what an error calls it.
template <class Bytes = std::vector<std::uint8_t>>
Bytes gunzip(byte_view bytes, std::string const& name, std::size_t max_size = default_max_size) {
  auto const refuse = [&](char const* what) { raise<errors::DataLossError>("%s: %s", name.c_str(), what); };
  auto const need = [&](std::size_t position, std::size_t count, char const* where) {
    if (count > bytes.size - position) raise<errors::DataLossError>("%s: the data end in the %s", name.c_str(), where);
  };
  Bytes out;
  std::size_t position = 0, size = 0;
  do {
    std::size_t const start = position;
    if (start > 0 && !is_gzip(bytes.subspan(start))) refuse("there are bytes after the end");
    if (bytes.size >= 2 && !is_gzip(bytes)) refuse("is not a gzip file");
    need(start, 10, "header");
    unsigned const flags = bytes[start + 3];
    if (bytes[start + 2] != 8) refuse("is packed by a method other than deflate");
    if (flags & 0xE0) refuse("the header has flags that are not defined");
    position += 10;
    if (flags & 4) {
      need(position, 2, "header");
      std::size_t const extra = 2 + detail::little_endian(bytes.data + position, 2);
      need(position, extra, "header");
      position += extra;
    }
    // The file's name and a comment, each ending in a zero byte.
    for (unsigned flag : {8u, 16u})
      if (flags & flag) {
        while (need(position, 1, "header"), bytes[position++] != 0) {
        }
      }
    if (flags & 2) {
      need(position, 2, "header");
      if ((crc32(bytes.subspan(start).first(position - start)) & 0xFFFF) !=
          detail::little_endian(bytes.data + position, 2))
        refuse("the checksum of the header does not match");
      position += 2;
    }
    if (size == 0 && bytes.size - position > 8) {
      // The size stands in the last four bytes; deflate never packs more than about 1032 to 1, so more is a lie.
      u64 const claimed = detail::little_endian(bytes.data + bytes.size - 4, 4);
      detail::resize(out, std::min<std::size_t>(std::min<u64>(claimed, max_size), 1032 * bytes.size) + 512);
    }
    detail::inflater<Bytes> stream(bytes, position, out, size, max_size, name.c_str());
    stream.run();
    position = stream.position();
    need(position, 8, "checksum");
    byte_view const member(out.data() + size, stream.size() - size);
    if (crc32(member) != detail::little_endian(bytes.data + position, 4))
      refuse("the checksum does not match the data");
    if ((member.size & 0xFFFFFFFFu) != detail::little_endian(bytes.data + position + 4, 4))
      refuse("the size does not match the data");
    position += 8;
    size = stream.size();
    while (position < bytes.size && bytes[position] == 0) ++position;
  } while (position < bytes.size);
  detail::resize(out, size);
  return out;
}

}  // namespace data
TFX_END
