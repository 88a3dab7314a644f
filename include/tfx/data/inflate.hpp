// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <tfx/base/config.hpp>
#include <tfx/base/raise.hpp>
#include <vector>

TFX_BEGIN
namespace data {

/// What `gunzip` and `inflate` refuse to exceed unless they are told: a small file can claim to be a huge one.
inline constexpr std::size_t default_max_size = std::size_t{1} << 30;

/// Bytes to be read. (The constraints of std::span cost every program that includes tfx more than all of this file.)
struct byte_view {
  std::uint8_t const* data = nullptr;
  std::size_t size = 0;

  byte_view() = default;
  byte_view(std::uint8_t const* first, std::size_t count) : data(first), size(count) {}
  template <class Allocator>
  byte_view(std::vector<std::uint8_t, Allocator> const& all)
      : data(all.data()), size(all.size()) {}  // NOLINT: as std::span does
  std::uint8_t operator[](std::size_t i) const { return data[i]; }
  byte_view subspan(std::size_t from) const { return {data + from, size - from}; }
  byte_view first(std::size_t count) const { return {data, count}; }
};

namespace detail {

inline u64 little_endian(std::uint8_t const* p, int count) {
  u64 value = 0;
  for (int i = 0; i < count; ++i) value |= u64{p[i]} << (8 * i);
  return value;
}

/// A canonical prefix code (RFC 1951, 3.2.2): short codes by one look-up, longer ones a bit at a time.
struct prefix_code {
  static constexpr int longest = 15, fast_bits = 11;
  std::uint16_t fast[1 << fast_bits];  // symbol << 4 | length, or 0 where the code is longer
  std::uint16_t count[longest + 1], symbols[288];

  /// False if the lengths give no code, or one with holes; a single code of one bit is allowed, as is none at all.
  [[gnu::noinline]] bool build(std::uint8_t const* lengths, int n) {
    std::memset(count, 0, sizeof count);
    for (int i = 0; i < n; ++i) ++count[lengths[i]];
    int const used = n - count[0];
    count[0] = 0;
    int free = 1;
    std::uint16_t offset[longest + 2] = {}, next[longest + 2] = {};
    for (int bits = 1; bits <= longest; ++bits) {
      free = 2 * free - count[bits];
      if (free < 0) return false;
      offset[bits + 1] = static_cast<std::uint16_t>(offset[bits] + count[bits]);
      next[bits + 1] = static_cast<std::uint16_t>((next[bits] + count[bits]) << 1);
    }
    if (free > 0 && !(used == 0 || (used == 1 && count[1] == 1))) return false;
    std::memset(fast, 0, sizeof fast);
    for (int i = 0; i < n; ++i) {
      int const length = lengths[i];
      if (length == 0) continue;
      symbols[offset[length]++] = static_cast<std::uint16_t>(i);
      unsigned const code = next[length]++;
      if (length > fast_bits) continue;
      unsigned reversed = 0;
      for (int b = 0; b < length; ++b) reversed |= (code >> b & 1u) << (length - 1 - b);
      for (unsigned k = reversed; k < 1u << fast_bits; k += 1u << length)
        fast[k] = static_cast<std::uint16_t>(i << 4 | length);
    }
    return true;
  }
};

/// Called from many places, and larger than it looks.
template <class Bytes>
[[gnu::noinline]] void resize(Bytes& v, std::size_t size) {
  v.resize(size);
}

/// One DEFLATE stream (RFC 1951). Every read and write is checked: the input is not to be trusted. What is not called
/// for each symbol stays out of line, so that it is compiled once.
template <class Bytes>
class inflater {
 public:
  inflater(byte_view in, std::size_t position, Bytes& out, std::size_t size, std::size_t max_size, char const* name)
      : in_(in), position_(position), out_(out), start_(size), size_(size), max_size_(max_size), name_(name) {}

  [[gnu::noinline]] void run() {
    for (bool last = false; !last;) {
      last = take(1) != 0;
      switch (take(2)) {
        case 0:
          stored();
          break;
        case 1:
          fixed_codes(), compressed();
          break;
        case 2:
          dynamic_codes(), compressed();
          break;
        default:
          refuse("a block is of no known type");
      }
    }
    // Whole bytes that were read ahead go back.
    position_ -= static_cast<std::size_t>(bits_ / 8);
  }
  std::size_t position() const { return position_; }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t longest_match = 258, slack = 8;
  static constexpr std::uint16_t length_base[29] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                                    31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
  static constexpr std::uint8_t length_extra[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                                    2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
  static constexpr std::uint16_t distance_base[30] = {1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                                      33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                                      1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
  static constexpr std::uint8_t distance_extra[30] = {0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                                      6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};

  byte_view in_;
  std::size_t position_;
  Bytes& out_;
  std::size_t start_, size_, max_size_;
  char const* name_;
  u64 buffer_ = 0;
  int bits_ = 0;
  prefix_code literals_, distances_;

  [[noreturn]] void refuse(char const* what) const { raise<errors::DataLossError>("%s: %s", name_, what); }
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void truncated() const {
    refuse("the data end in the middle of a block");
  }

  /// At least 56 bits, or all that are left; those beyond the end read as zero and are never counted.
  void refill() {
    if (in_.size - position_ >= 8) {
      buffer_ |= little_endian(in_.data + position_, 8) << bits_;
      int const whole = (63 - bits_) / 8;
      position_ += static_cast<std::size_t>(whole);
      bits_ += 8 * whole;
      // The bits above bits_ come again with the next refill, and or-ing the same ones is harmless.
    } else {
      buffer_ &= (u64{1} << bits_) - 1;
      for (; bits_ <= 48 && position_ < in_.size; bits_ += 8) buffer_ |= u64{in_[position_++]} << bits_;
    }
  }
  void drop(int count) {
    if (count > bits_) truncated();
    buffer_ >>= count;
    bits_ -= count;
  }
  unsigned peek(int count) const { return static_cast<unsigned>(buffer_ & ((u64{1} << count) - 1)); }
  unsigned take_ready(int count) {
    unsigned const value = peek(count);
    drop(count);
    return value;
  }
  [[gnu::noinline]] unsigned take(int count) {
    if (bits_ < count) refill();
    return take_ready(count);
  }
  /// The next symbol; the caller has refilled.
  int decode(prefix_code const& code) {
    unsigned const entry = code.fast[peek(prefix_code::fast_bits)];
    if (entry == 0) return decode_long(code);
    drop(static_cast<int>(entry & 15));
    return static_cast<int>(entry >> 4);
  }
  [[gnu::noinline]] int decode_long(prefix_code const& code) {
    int value = 0, first = 0, index = 0;
    for (int length = 1; length <= prefix_code::longest; ++length) {
      value |= static_cast<int>(buffer_ >> (length - 1) & 1);
      int const count = code.count[length];
      if (value - first < count) {
        drop(length);
        return code.symbols[index + value - first];
      }
      index += count;
      first = (first + count) << 1;
      value <<= 1;
    }
    if (bits_ < prefix_code::longest) truncated();
    refuse("a code stands for nothing");
  }

  void reserve(std::size_t more) {
    if (more > max_size_ - size_ || out_.size() - size_ < more + slack) grow(more);
  }
  [[gnu::noinline]] void grow(std::size_t more) {
    if (more > max_size_ - size_) refuse("unpacks to more than is allowed");
    resize(out_, std::max(size_ + more + slack, out_.size() + out_.size() / 2));
  }

  [[gnu::noinline]] void stored() {
    drop(bits_ % 8);
    unsigned const length = take(16), complement = take(16);
    if ((length ^ complement) != 0xFFFF) refuse("the length of a stored block does not match its complement");
    buffer_ = 0;
    position_ -= static_cast<std::size_t>(bits_ / 8);
    bits_ = 0;
    if (length > in_.size - position_) truncated();
    reserve(length);
    if (length > 0) std::memcpy(out_.data() + size_, in_.data + position_, length);
    position_ += length;
    size_ += length;
  }

  [[gnu::noinline]] void fixed_codes() {
    std::uint8_t lengths[288];
    std::memset(lengths, 8, 288);
    std::memset(lengths + 144, 9, 112);
    std::memset(lengths + 256, 7, 24);
    literals_.build(lengths, 288);
    std::memset(lengths, 5, 32);
    distances_.build(lengths, 32);
  }

  [[gnu::noinline]] void dynamic_codes() {
    static constexpr std::uint8_t order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    int const literals = static_cast<int>(take(5)) + 257, distances = static_cast<int>(take(5)) + 1;
    int const code_lengths = static_cast<int>(take(4)) + 4;
    if (literals > 286 || distances > 30) refuse("a block has too many codes");
    std::uint8_t lengths[286 + 30] = {}, ordered[19] = {};
    for (int i = 0; i < code_lengths; ++i) ordered[order[i]] = static_cast<std::uint8_t>(take(3));
    if (!literals_.build(ordered, 19)) refuse("the code lengths of a block make no code");
    for (int i = 0; i < literals + distances;) {
      refill();
      int const symbol = decode(literals_);
      if (symbol < 16) {
        lengths[i++] = static_cast<std::uint8_t>(symbol);
        continue;
      }
      if (symbol == 16 && i == 0) refuse("a block repeats a code length before the first");
      std::uint8_t const repeated = symbol == 16 ? lengths[i - 1] : std::uint8_t{0};
      int const times = static_cast<int>(symbol == 16 ? 3 + take(2) : symbol == 17 ? 3 + take(3) : 11 + take(7));
      if (times > literals + distances - i) refuse("a block has more code lengths than codes");
      std::memset(lengths + i, repeated, static_cast<std::size_t>(times));
      i += times;
    }
    if (lengths[256] == 0) refuse("a block has no code for its end");
    if (!literals_.build(lengths, literals) || !distances_.build(lengths + literals, distances))
      refuse("the code lengths of a block make no code");
  }

  [[gnu::noinline]] void compressed() {
    for (;;) {
      // One refill is enough for a whole match: 15 + 5 + 15 + 13 bits.
      refill();
      int symbol = decode(literals_);
      if (symbol < 256) {
        if (out_.size() - size_ <= slack || size_ == max_size_) reserve(1);
        out_[size_++] = static_cast<std::uint8_t>(symbol);
        continue;
      }
      if (symbol == 256) return;
      symbol -= 257;
      if (symbol >= 29) refuse("a match has a length that does not exist");
      std::size_t const length = length_base[symbol] + take_ready(length_extra[symbol]);
      int const code = decode(distances_);
      if (code >= 30) refuse("a match has a distance that does not exist");
      std::size_t const distance = distance_base[code] + take_ready(distance_extra[code]);
      if (distance > size_ - start_) refuse("a match reaches back before the beginning");
      copy(distance, length);
    }
  }

  void copy(std::size_t distance, std::size_t length) {
    reserve(length);
    std::uint8_t* to = out_.data() + size_;
    std::uint8_t const* from = to - distance;
    size_ += length;
    if (distance >= 8) {
      // Eight bytes at a time may write up to seven too many, into the slack.
      for (std::uint8_t* const end = to + length; to < end; to += 8, from += 8) std::memcpy(to, from, 8);
    } else if (distance == 1) {
      std::memset(to, *from, length);
    } else {
      for (; length > 0; --length) *to++ = *from++;
    }
  }
};

}  // namespace detail

/// Unpacks a bare DEFLATE stream, as a zip file holds it.
template <class Bytes = std::vector<std::uint8_t>>
Bytes inflate(byte_view bytes, std::string const& name, std::size_t max_size = default_max_size) {
  Bytes out;
  detail::inflater<Bytes> stream(bytes, 0, out, 0, max_size, name.c_str());
  stream.run();
  if (stream.position() != bytes.size) raise<errors::DataLossError>("%s: there are bytes after the end", name.c_str());
  detail::resize(out, stream.size());
  return out;
}

}  // namespace data
TFX_END
