// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/data/gzip.hpp>
#include <tfx/inspect/protobuf.hpp>
#include <tfx/summary/deflate.hpp>

TFX_BEGIN
namespace summary {

namespace detail {
inline void append_big_endian(std::string& out, std::uint32_t word) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(word >> shift & 0xff);
}
inline void put_big_endian(char* to, std::uint32_t word) {
  for (int i = 0; i < 4; ++i) to[i] = static_cast<char>(word >> (24 - 8 * i) & 0xff);
}
inline std::uint32_t adler32(std::uint8_t const* bytes, std::size_t size) {
  std::uint32_t a = 1, b = 0;
  while (size > 0) {
    std::size_t n = size < 5552 ? size : 5552;  // so many leave b within 32 bits
    for (size -= n; n > 0; --n) b += a += *bytes++;
    a %= 65521;
    b %= 65521;
  }
  return b << 16 | a;
}
/// What a pixel is told by: the byte left of it, the one above it, or the one of both and their corner that is closest
/// to left + above − corner (RFC 2083, 6.6).
constexpr int paeth(int left, int above, int corner) {
  int const p = left + above - corner;
  int const to_left = p < left ? left - p : p - left, to_above = p < above ? above - p : p - above,
            to_corner = p < corner ? corner - p : p - corner;
  return to_left <= to_above && to_left <= to_corner ? left : to_above <= to_corner ? above : corner;
}

/// Rows of bytes as PNG filters them, each behind the number of its filter: the one of the smallest differences.
class png_rows {
 public:
  /// `out` has room for `rows` times `row + 1`.
  png_rows(std::uint8_t const* pixels, std::size_t rows, std::size_t row, std::size_t channels, std::uint8_t* out)
      : channels_(channels) {
    for (std::size_t i = 0; i < rows; ++i, out += row + 1) {
      std::uint8_t const *const x = pixels + i * row, *const above = i > 0 ? x - row : nullptr;
      std::size_t least = ~std::size_t{0};
      int best = 0;
      for (int filter = 0; filter < 5; ++filter) {
        std::size_t total = 0;
        for (std::size_t k = 0; k < row; ++k) {
          int const difference = static_cast<signed char>(filtered(filter, x, above, k));
          total += static_cast<std::size_t>(difference < 0 ? -difference : difference);
        }
        if (total < least) {
          least = total;
          best = filter;
        }
      }
      out[0] = static_cast<std::uint8_t>(best);
      for (std::size_t k = 0; k < row; ++k) out[1 + k] = filtered(best, x, above, k);
    }
  }

 private:
  std::size_t channels_;

  std::uint8_t filtered(int filter, std::uint8_t const* x, std::uint8_t const* above, std::size_t k) const {
    int const left = k >= channels_ ? x[k - channels_] : 0, up = above ? above[k] : 0,
              corner = above && k >= channels_ ? above[k - channels_] : 0;
    int const told = filter == 0   ? 0
                     : filter == 1 ? left
                     : filter == 2 ? up
                     : filter == 3 ? (left + up) / 2
                                   : paeth(left, up, corner);
    return static_cast<std::uint8_t>(x[k] - told);
  }
};
}  // namespace detail

/// Appends a picture of height · width pixels of 1 (grey), 3 (RGB) or 4 (RGBA) channels of a byte each, as a PNG file.
/// `scratch` has room for height · (width · channels + 1) bytes.
inline void append_png(std::string& out, std::uint8_t const* pixels, std::uint32_t height, std::uint32_t width,
                       int channels, std::uint8_t* scratch) {
  auto const chunk = [&](char const(&type)[5], auto const& content) {
    std::size_t const begin = out.size();
    out.append(4, '\0');  // the length, which is known afterwards
    out.append(type, 4);
    content();
    detail::put_big_endian(out.data() + begin, static_cast<std::uint32_t>(out.size() - begin - 8));
    auto const* const bytes = reinterpret_cast<std::uint8_t const*>(out.data()) + begin + 4;
    detail::append_big_endian(out, data::crc32({bytes, out.size() - begin - 4}));
  };
  out.append("\x89PNG\r\n\x1a\n", 8);
  chunk("IHDR", [&] {
    detail::append_big_endian(out, width);
    detail::append_big_endian(out, height);
    out += '\x08';                                                    // bits
    out += channels == 1 ? '\x00' : channels == 3 ? '\x02' : '\x06';  // what they are
    out.append(3, '\0');                                              // packed by zlib; filters; in one pass
  });
  std::size_t const row = std::size_t{width} * static_cast<std::size_t>(channels), size = height * (row + 1);
  detail::png_rows(pixels, height, row, static_cast<std::size_t>(channels), scratch);
  chunk("IDAT", [&] {
    out += "\x78\x01";  // zlib, of a window of 32 KB
    deflater(out).pack(scratch, size);
    detail::append_big_endian(out, detail::adler32(scratch, size));
  });
  chunk("IEND", [] {});
}

}  // namespace summary
TFX_END
