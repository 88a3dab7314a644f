// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/io/cursor.hpp>

TFX_BEGIN
namespace io {
namespace detail {

/// A text as JSON spells it.
template <class Text = std::string>
Text json_text(std::string_view text) {
  Text out = "\"";
  for (char const c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", unsigned{static_cast<unsigned char>(c)});
      out += code;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

/// Goes through JSON from the front; what is not as it is asked for is refused by a DataLossError.
template <class Text>
class json_scanner {
 public:
  json_scanner(std::string_view text, char const* file) : text_(text), file_(file) {}

  /// Calls `member(name)` for each member of an object; that reads the value.
  template <class Member>
  void each_member(Member const& member) {
    expect('{');
    if (accept('}')) return;
    do {
      Text const name = text();
      expect(':');
      member(name);
    } while (accept(','));
    expect('}');
  }
  /// Calls `item()` for each element of a list; that reads it.
  template <class Item>
  void each_item(Item const& item) {
    expect('[');
    if (accept(']')) return;
    do item();
    while (accept(','));
    expect(']');
  }
  Text text() {
    expect('"');
    Text out;
    for (;;) {
      char const c = take();
      if (c == '"') return out;
      if (static_cast<unsigned char>(c) < 0x20) refuse();
      if (c == '\\') {
        put_escaped(out);
      } else {
        out += c;
      }
    }
  }
  /// A whole number that is not negative.
  u64 number() {
    space();
    if (!is_digit()) refuse();
    u64 value = 0;
    for (; is_digit(); ++at_)
      if (__builtin_mul_overflow(value, u64{10}, &value) ||
          __builtin_add_overflow(value, static_cast<u64>(text_[at_] - '0'), &value))
        refuse();
    return value;
  }
  /// Any value, up to a depth that no header needs.
  void skip(int depth = 0) {
    space();
    char const c = at_ < text_.size() ? text_[at_] : '\0';
    if (depth > 64) refuse();
    if (c == '{') {
      each_member([&](Text const&) { skip(depth + 1); });
    } else if (c == '[') {
      each_item([&] { skip(depth + 1); });
    } else if (c == '"') {
      text();
    } else {
      std::size_t const begin = at_;
      while (at_ < text_.size() && is_plain(text_[at_])) ++at_;
      if (at_ == begin) refuse();
    }
  }
  /// Nothing but spaces is left.
  void end() {
    space();
    if (at_ < text_.size()) refuse();
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  char const* file_;

  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse() const {
    raise<errors::DataLossError>("%s: the header is no JSON as it should be, at byte %llu", file_,
                                 static_cast<unsigned long long>(at_));
  }
  void space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }
  bool is_digit() const { return at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; }
  // Of a number, or of true, false and null.
  static bool is_plain(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == 'E' || c == '+' || c == '-' || c == '.';
  }
  char take() {
    if (at_ == text_.size()) refuse();
    return text_[at_++];
  }
  bool accept(char c) {
    space();
    bool const there = at_ < text_.size() && text_[at_] == c;
    if (there) ++at_;
    return there;
  }
  void expect(char c) {
    if (!accept(c)) refuse();
  }
  unsigned hex() {
    unsigned value = 0;
    for (int i = 0; i < 4; ++i) {
      char const c = take();
      if (c >= '0' && c <= '9') {
        value = 16 * value + static_cast<unsigned>(c - '0');
      } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
        value = 16 * value + static_cast<unsigned>((c | 0x20) - 'a' + 10);
      } else {
        refuse();
      }
    }
    return value;
  }
  // Two halves stand for a character beyond the first 65536.
  void put_escaped(Text& out) {
    char const c = take();
    std::string_view const from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
    if (std::size_t const i = from.find(c); i != std::string_view::npos) {
      out += to[i];
      return;
    }
    if (c != 'u') refuse();
    unsigned code = hex();
    if (code >= 0xdc00 && code < 0xe000) refuse();
    if (code >= 0xd800 && code < 0xdc00) {
      if (take() != '\\' || take() != 'u') refuse();
      unsigned const low = hex();
      if (low < 0xdc00 || low >= 0xe000) refuse();
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    put_utf8(out, code);
  }

 public:
  /// Appends a character by its number.
  static void put_utf8(Text& out, unsigned code) {
    if (code < 0x80) {
      out += static_cast<char>(code);
      return;
    }
    int const more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    out += static_cast<char>((0xf00u >> (more + 1) & 0xf0) | code >> (6 * more));
    for (int i = more - 1; i >= 0; --i) out += static_cast<char>(0x80 | (code >> (6 * i) & 0x3f));
  }
};

}  // namespace detail
}  // namespace io
TFX_END
