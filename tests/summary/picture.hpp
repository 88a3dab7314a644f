// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <doctest/doctest.h>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <tfx/data/gzip.hpp>
#include <vector>

/// A PNG file, read by other code than what writes them: chunks, checksums, filters as RFC 2083 has them.
struct picture {
  std::size_t height = 0, width = 0, channels = 0;
  std::vector<std::uint8_t> bytes;
};

inline picture decode_png(std::string const& file) {
  auto const byte = [&](std::size_t i) { return static_cast<std::uint8_t>(file.at(i)); };
  auto const word = [&](std::size_t at) {
    return std::size_t{byte(at)} << 24 | std::size_t{byte(at + 1)} << 16 | std::size_t{byte(at + 2)} << 8 |
           byte(at + 3);
  };
  REQUIRE(file.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  picture p;
  std::vector<std::uint8_t> packed;
  std::string types;
  for (std::size_t at = 8; at < file.size();) {
    std::size_t const size = word(at), content = at + 8;
    std::string const type = file.substr(at + 4, 4);
    auto const* const bytes = reinterpret_cast<std::uint8_t const*>(file.data());
    REQUIRE(content + size + 4 <= file.size());
    CHECK(tfx::data::crc32({bytes + at + 4, size + 4}) == word(content + size));
    types += type;
    if (type == "IHDR") {
      p.width = word(content);
      p.height = word(content + 4);
      CHECK(byte(content + 8) == 8);
      p.channels = byte(content + 9) == 0 ? 1 : byte(content + 9) == 2 ? 3 : 4;
    }
    if (type == "IDAT") packed.insert(packed.end(), bytes + content, bytes + content + size);
    at = content + size + 4;
  }
  CHECK(types == "IHDRIDATIEND");
  // zlib's header and checksum stand around what deflate packed.
  REQUIRE(packed.size() > 6);
  CHECK((packed[0] * 256 + packed[1]) % 31 == 0);
  std::size_t const row = p.width * p.channels, size = p.height * (row + 1);
  std::vector<std::uint8_t> rows;
  tfx::data::detail::inflater stream({packed.data(), packed.size()}, 2, rows, 0, size, "a picture");
  stream.run();
  REQUIRE(stream.size() == size);
  unsigned long a = 1, b = 0;
  for (std::size_t i = 0; i < size; ++i) {
    a = (a + rows[i]) % 65521;
    b = (b + a) % 65521;
  }
  std::size_t const end = stream.position();
  REQUIRE(end + 4 == packed.size());
  CHECK((b << 16 | a) == (std::size_t{packed[end]} << 24 | std::size_t{packed[end + 1]} << 16 |
                          std::size_t{packed[end + 2]} << 8 | packed[end + 3]));
  p.bytes.resize(p.height * row);
  for (std::size_t y = 0; y < p.height; ++y) {
    int const filter = rows[y * (row + 1)];
    REQUIRE(filter <= 4);
    for (std::size_t k = 0; k < row; ++k) {
      bool const inside = k >= p.channels;
      int const left = inside ? p.bytes[y * row + k - p.channels] : 0, up = y > 0 ? p.bytes[(y - 1) * row + k] : 0,
                corner = inside && y > 0 ? p.bytes[(y - 1) * row + k - p.channels] : 0;
      int const guess = left + up - corner, dl = std::abs(guess - left), du = std::abs(guess - up),
                dc = std::abs(guess - corner);
      int const told[] = {0, left, up, (left + up) / 2, dl <= du && dl <= dc ? left : du <= dc ? up : corner};
      p.bytes[y * row + k] = static_cast<std::uint8_t>(rows[y * (row + 1) + 1 + k] + told[filter]);
    }
  }
  return p;
}
