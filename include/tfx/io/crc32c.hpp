// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <tfx/base/config.hpp>

TFX_BEGIN
namespace io {

#if defined(__SSE4_2__) && defined(__x86_64__)
/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), which guards TensorFlow's event files and checkpoints;
/// `crc32c(b, m, crc32c(a, n))` is that of a and b in a row. Here by the processor's own instruction.
[[gnu::noinline]] inline std::uint32_t crc32c(void const* data, std::size_t size, std::uint32_t before = 0) {
  auto const* p = static_cast<unsigned char const*>(data);
  unsigned long long c = before ^ 0xFFFFFFFFu;
  for (; size >= 8; size -= 8, p += 8) {
    unsigned long long word = 0;
    std::memcpy(&word, p, 8);
    c = __builtin_ia32_crc32di(c, word);
  }
  auto last = static_cast<std::uint32_t>(c);
  for (; size > 0; --size, ++p) last = __builtin_ia32_crc32qi(last, *p);
  return last ^ 0xFFFFFFFFu;
}
#else
namespace detail {
/// Tables of CRC-32C for eight bytes at a time.
struct crc32c_tables {
  std::uint32_t of[8][256];

  crc32c_tables() {
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t c = i;
      for (int k = 0; k < 8; ++k) c = (c >> 1) ^ (c & 1 ? 0x82F63B78u : 0u);
      of[0][i] = c;
    }
    for (int k = 1; k < 8; ++k)
      for (int i = 0; i < 256; ++i) of[k][i] = (of[k - 1][i] >> 8) ^ of[0][of[k - 1][i] & 255];
  }
};
}  // namespace detail

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), which guards TensorFlow's event files and checkpoints;
/// `crc32c(b, m, crc32c(a, n))` is that of a and b in a row.
[[gnu::noinline]] inline std::uint32_t crc32c(void const* data, std::size_t size, std::uint32_t before = 0) {
  static detail::crc32c_tables const tables;
  auto const& t = tables.of;
  auto const* p = static_cast<unsigned char const*>(data);
  u64 c = before ^ 0xFFFFFFFFu;
  for (; size >= 8; size -= 8, p += 8) {
    for (int i = 0; i < 8; ++i) c ^= u64{p[i]} << (8 * i);
    c = t[7][c & 255] ^ t[6][c >> 8 & 255] ^ t[5][c >> 16 & 255] ^ t[4][c >> 24 & 255] ^ t[3][c >> 32 & 255] ^
        t[2][c >> 40 & 255] ^ t[1][c >> 48 & 255] ^ t[0][c >> 56];
  }
  for (; size > 0; --size, ++p) c = (c >> 8) ^ t[0][(c ^ *p) & 255];
  return static_cast<std::uint32_t>(c) ^ 0xFFFFFFFFu;
}
#endif

/// How files hold a CRC-32C: one of bytes that hold one themselves would be weak.
constexpr std::uint32_t mask_crc(std::uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xa282ead8u; }
constexpr std::uint32_t unmask_crc(std::uint32_t masked) {
  std::uint32_t const turned = masked - 0xa282ead8u;
  return (turned >> 17) | (turned << 15);
}

}  // namespace io
TFX_END
