// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdarg>
#include <cstdio>
#include <tfx/base/config.hpp>
#include <tfx/base/errors.hpp>

TFX_BEGIN

namespace detail {
/// A text as printf writes it.
struct printed {
  char* text;

  [[gnu::cold]] [[gnu::noinline]] printed(char const* format, std::va_list arguments) {
    std::va_list again;
    va_copy(again, arguments);
    auto const size = static_cast<std::size_t>(std::vsnprintf(nullptr, 0, format, again)) + 1;
    va_end(again);
    text = new char[size];
    std::vsnprintf(text, size, format, arguments);
  }
  printed(printed const&) = delete;
  ~printed() { delete[] text; }
};
}  // namespace detail

/// Throws an `Error` whose text is written as printf writes it. A call is small, and needs nothing of std::string, most
/// of which each program compiles anew since C++20.
template <class Error>
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] [[gnu::format(printf, 1, 2)]] void raise(char const* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  detail::printed const message(format, arguments);
  va_end(arguments);
  throw Error(message.text);
}

TFX_END
