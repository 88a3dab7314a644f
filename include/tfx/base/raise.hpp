// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <tfx/base/config.hpp>
#include <tfx/base/errors.hpp>

#if !defined(__cpp_exceptions) && defined(__ELF__)
namespace tfx::errors {
/// Where exceptions are off, a program may define this function, once: an error calls it instead of printing itself.
/// After it the program is aborted, unless it ended otherwise.
[[gnu::weak]] void handler(char const* name, char const* text);
}  // namespace tfx::errors
#endif

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

#if !defined(__cpp_exceptions)
[[noreturn]] [[gnu::cold]] inline void fail(char const* name, char const* text) {
#if defined(__ELF__)
  if (errors::handler != nullptr) {
    errors::handler(name, text);
    std::abort();
  }
#endif
  std::fprintf(stderr, "tfx::errors::%s: %s\n", name, text);
  std::abort();
}
#endif
}  // namespace detail

/// Throws an `Error` whose text is written as printf writes it. A call is small, and needs nothing of std::string, most
/// of which each program compiles anew since C++20. Where exceptions are off, the error is printed and the program
/// aborted.
template <class Error>
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] [[gnu::format(printf, 1, 2)]] void raise(char const* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  detail::printed const message(format, arguments);
  va_end(arguments);
#if defined(__cpp_exceptions)
  throw Error(message.text);
#else
  detail::fail(Error::name, message.text);
#endif
}

namespace detail {
/// Calls f; what it throws, for another thread to throw again. Nothing where exceptions are off.
template <class F>
std::exception_ptr thrown_by(F&& f) {
#if defined(__cpp_exceptions)
  try {
    f();
  } catch (...) {
    return std::current_exception();
  }
#else
  f();
#endif
  return {};
}
}  // namespace detail

TFX_END
