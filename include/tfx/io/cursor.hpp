// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <string>
#include <string_view>
#include <tfx/base/raise.hpp>

TFX_BEGIN
namespace io {

// What follows here and in the other headers of files is templates of the type of text: a program that does not use it
// does not compile it.

/// Bytes of a file, read from the front. The file is not to be trusted: whatever reaches beyond the end is refused by a
/// DataLossError that names it.
class cursor {
 public:
  cursor(std::string_view bytes, char const* file) : at_(bytes.data()), left_(bytes.size()), file_(file) {}

  bool done() const { return left_ == 0; }
  std::size_t left() const { return left_; }
  char const* file() const { return file_; }

  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse(char const* what) const {
    raise<errors::DataLossError>("%s: %s", file_, what);
  }
  [[gnu::noinline]] std::string_view take(u64 size) {
    if (size > left_) refuse("the data end too early");
    std::string_view const taken(at_, static_cast<std::size_t>(size));
    at_ += taken.size();
    left_ -= taken.size();
    return taken;
  }
  /// A number of that many bytes, the lowest first.
  [[gnu::noinline]] u64 fixed(int bytes) {
    std::string_view const taken = take(static_cast<u64>(bytes));
    u64 value = 0;
    for (int i = 0; i < bytes; ++i) value |= u64{byte(taken, i)} << (8 * i);
    return value;
  }
  /// A number in groups of seven bits, the lowest first; the last one has no high bit.
  [[gnu::noinline]] u64 varint() {
    u64 value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      unsigned const b = byte(take(1), 0);
      if (shift == 63 && b > 1) break;
      value |= u64{b & 0x7f} << shift;
      if (b < 0x80) return value;
    }
    refuse("a number has more than 64 bits");
  }

 private:
  char const* at_;
  std::size_t left_;
  char const* file_;

  static unsigned char byte(std::string_view text, int i) {
    return static_cast<unsigned char>(text[static_cast<std::size_t>(i)]);
  }
};

/// Appends what cursor::varint reads.
template <class Text>
[[gnu::noinline]] void put_varint(Text& to, u64 value) {
  for (; value >= 0x80; value >>= 7) to += static_cast<char>(value | 0x80);
  to += static_cast<char>(value);
}
/// Appends what cursor::fixed reads.
template <class Text>
[[gnu::noinline]] void put_fixed(Text& to, u64 value, int bytes) {
  for (int i = 0; i < bytes; ++i) to += static_cast<char>(value >> (8 * i));
}

}  // namespace io
TFX_END
