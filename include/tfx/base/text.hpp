// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <tfx/base/config.hpp>

TFX_BEGIN

/// The pieces of a message, joined. Messages are made on the way to an exception: compiled for size, out of line.
[[gnu::cold]] [[gnu::noinline]] inline std::string join(std::initializer_list<std::string_view> pieces) {
  std::string text;
  for (std::string_view piece : pieces) text.append(piece.data(), piece.size());
  return text;
}

/// A whole number as text, without an allocation.
class decimal {
 public:
  [[gnu::cold]] [[gnu::noinline]] explicit decimal(i64 value) {
    u64 rest = value < 0 ? 0 - static_cast<u64>(value) : static_cast<u64>(value);
    do {
      digits_[--begin_] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    if (value < 0) digits_[--begin_] = '-';
  }
  operator std::string_view() const { return {digits_ + begin_, sizeof digits_ - begin_}; }

 private:
  char digits_[24];
  std::size_t begin_ = sizeof digits_;
};

TFX_END
