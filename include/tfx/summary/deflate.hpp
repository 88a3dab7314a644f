// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <tfx/base/config.hpp>

TFX_BEGIN
namespace summary {

/// Packs bytes by deflate (RFC 1951), in one block of fixed codes. A repetition is found where the last three bytes of
/// that hash began it: fast, small, and enough for pictures.
class deflater {
 public:
  explicit deflater(std::string& out) : out_(out) {}

  void pack(std::uint8_t const* bytes, std::size_t size) {
    std::int64_t last[table_size];  // where three bytes of a hash stood last
    std::memset(last, 0xff, sizeof last);
    put(1, 1);  // the last block
    put(1, 2);  // of fixed codes
    for (std::size_t at = 0; at < size;) {
      std::size_t length = 0, distance = 0;
      if (at + shortest <= size) {
        std::int64_t& before = last[hash_of(bytes + at)];
        if (before >= 0) {
          distance = at - static_cast<std::size_t>(before);
          if (distance <= window) length = common_length(bytes + before, bytes + at, bytes + size);
        }
        before = static_cast<std::int64_t>(at);
      }
      if (length < shortest) {
        put_symbol(bytes[at++]);
        continue;
      }
      put_match(static_cast<unsigned>(length), static_cast<unsigned>(distance));
      at += length;
    }
    put_symbol(256);
    if (bit_count_ > 0) put(0, 8 - bit_count_);
  }

 private:
  static constexpr std::size_t table_size = 4096, window = 32768, shortest = 3, longest = 258;
  std::string& out_;
  std::uint32_t bits_ = 0;
  unsigned bit_count_ = 0;

  static std::size_t hash_of(std::uint8_t const* b) {
    std::uint32_t const three = b[0] | static_cast<std::uint32_t>(b[1]) << 8 | static_cast<std::uint32_t>(b[2]) << 16;
    return three * 2654435761u >> 20;
  }
  static std::size_t common_length(std::uint8_t const* a, std::uint8_t const* b, std::uint8_t const* end) {
    std::size_t n = 0;
    while (n < longest && b + n < end && a[n] == b[n]) ++n;
    return n;
  }
  void put(unsigned value, unsigned count) {
    bits_ |= value << bit_count_;
    for (bit_count_ += count; bit_count_ >= 8; bit_count_ -= 8, bits_ >>= 8) out_ += static_cast<char>(bits_ & 0xff);
  }
  // Codes go in from their highest bit on.
  void put_code(unsigned code, unsigned count) {
    unsigned reversed = 0;
    for (unsigned i = 0; i < count; ++i) reversed |= (code >> i & 1) << (count - 1 - i);
    put(reversed, count);
  }
  void put_symbol(unsigned symbol) {
    if (symbol < 144) {
      put_code(0x30 + symbol, 8);
    } else if (symbol < 256) {
      put_code(0x190 + symbol - 144, 9);
    } else if (symbol < 280) {
      put_code(symbol - 256, 7);
    } else {
      put_code(0xC0 + symbol - 280, 8);
    }
  }
  // From 8 (lengths) or 4 (distances) on, each group of 4 or 2 symbols has one more bit that tells the rest.
  void put_match(unsigned length, unsigned distance) {
    unsigned const l = length - static_cast<unsigned>(shortest), d = distance - 1;
    if (length == longest) {
      put_symbol(285);
    } else {
      unsigned const more = l < 8 ? 0 : static_cast<unsigned>(std::bit_width(l)) - 3;
      put_symbol(257 + 4 * more + (l >> more));
      put(l & ((1u << more) - 1), more);
    }
    unsigned const more = d < 4 ? 0 : static_cast<unsigned>(std::bit_width(d)) - 2;
    put_code(2 * more + (d >> more), 5);
    put(d & ((1u << more) - 1), more);
  }
};

}  // namespace summary
TFX_END
