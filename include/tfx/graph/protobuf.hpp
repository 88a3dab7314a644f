// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <bit>
#include <cstring>
#include <string>
#include <string_view>
#include <tfx/base/config.hpp>

TFX_BEGIN

/// Writes protocol buffers field by field: `message m; m.add(1, "name"); m.add(2, inner);`
class message {
 public:
  std::string const& bytes() const { return bytes_; }

  void add(int field, std::string_view text) {
    tag(field, 2);
    varint(text.size());
    bytes_.append(text);
  }
  void add(int field, message const& inner) { add(field, std::string_view(inner.bytes_)); }
  void add_number(int field, i64 value) {
    tag(field, 0);
    varint(static_cast<u64>(value));
  }
  void add_float(int field, float value) {
    tag(field, 5);
    fixed(std::bit_cast<std::uint32_t>(value));
  }
  void add_double(int field, double value) {
    tag(field, 1);
    fixed(std::bit_cast<u64>(value));
  }

 private:
  std::string bytes_;

  void tag(int field, int wire) { varint(static_cast<u64>(field) << 3 | static_cast<u64>(wire)); }
  void varint(u64 value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }
  template <class Word>
  void fixed(Word word) {
    for (std::size_t i = 0; i < sizeof(Word); ++i) bytes_ += static_cast<char>(word >> (8 * i));
  }
};

TFX_END
