// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <bit>
#include <cstring>
#include <string>
#include <string_view>
#include <tfx/base/config.hpp>

TFX_BEGIN

/// Writes protocol buffers field by field: `message_writer m; m.add(1, "name"); m.add(2, inner);`
class message_writer {
 public:
  message_writer() = default;
  /// Writes over a text that is not needed any more, in its memory.
  explicit message_writer(std::string&& over) : bytes_(static_cast<std::string&&>(over)) { bytes_.clear(); }

  std::string const& bytes() const { return bytes_; }
  std::string take() { return static_cast<std::string&&>(bytes_); }

  void add(int field, std::string_view text) {
    tag(field, 2);
    varint(text.size());
    bytes_.append(text);
  }
  void add(int field, message_writer const& inner) { add(field, std::string_view(inner.bytes_)); }
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
  /// A message inside, or packed numbers, without a string of its own: what is added until `end(begin(field))`.
  std::size_t begin(int field) {
    tag(field, 2);
    return bytes_.size();
  }
  void end(std::size_t begun) {
    char length[10];
    std::size_t count = 0;
    u64 rest = bytes_.size() - begun;
    for (; rest >= 0x80; rest >>= 7) length[count++] = static_cast<char>(rest | 0x80);
    length[count++] = static_cast<char>(rest);
    bytes_.insert(begun, length, count);
  }
  /// One of packed numbers.
  void add_packed(double value) { fixed(std::bit_cast<u64>(value)); }
  /// Bytes as they are: of a field that is a message inside, or of a message's fields.
  void append(std::string_view bytes) { bytes_.append(bytes); }
  /// What `write(std::string&)` appends.
  template <class Write>
    requires requires(Write const& write, std::string& bytes) { write(bytes); }
  void append(Write const& write) {
    write(bytes_);
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
