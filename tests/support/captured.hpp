// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <unistd.h>
#include <cstdio>
#include <string>

/// What is written to a stream of the process while this lives.
class captured {
 public:
  explicit captured(std::FILE* stream = stdout) : stream_(stream), file_(std::tmpfile()) {
    std::fflush(stream_);
    before_ = ::dup(::fileno(stream_));
    ::dup2(::fileno(file_), ::fileno(stream_));
  }
  captured(captured const&) = delete;
  captured& operator=(captured const&) = delete;
  ~captured() {
    restore();
    std::fclose(file_);
  }
  /// All of it; what is written later goes where it went before.
  std::string text() {
    restore();
    std::rewind(file_);
    std::string all;
    for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) all += static_cast<char>(c);
    return all;
  }

 private:
  std::FILE *stream_, *file_;
  int before_;

  void restore() {
    if (before_ < 0) return;
    std::fflush(stream_);
    ::dup2(before_, ::fileno(stream_));
    ::close(before_);
    before_ = -1;
  }
};

/// A text with `T` in the place of each time: `3s`, `52us/step`.
inline std::string without_times(std::string const& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    std::size_t unit = end;
    if (end > i && unit < text.size() && (text[unit] == 'u' || text[unit] == 'm')) ++unit;
    bool const is_time =
        end > i && unit < text.size() && text[unit] == 's' &&
        (unit + 1 == text.size() || text[unit + 1] == '/' || text[unit + 1] == ' ' || text[unit + 1] == '\n');
    if (is_time) {
      out += 'T';
      i = unit + 1;
    } else if (end > i) {
      out += text.substr(i, end - i);
      i = end;
    } else {
      out += text[i++];
    }
  }
  return out;
}
