// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>
#include <tfx/base/config.hpp>
#include <vector>
#if defined(_WIN32)
#include <io.h>
#else
#include <unistd.h>
#endif

TFX_BEGIN
namespace data {

/// Whether the stream is a terminal, where a line can be drawn again and colours show.
inline bool is_terminal(std::FILE* stream) {
#if defined(_WIN32)
  return _isatty(_fileno(stream)) != 0;
#else
  return isatty(fileno(stream)) != 0;
#endif
}

/// Seconds as people write them: `7s`, `2:05`, `1:02:05`.
inline std::string duration(double seconds) {
  auto const whole = static_cast<i64>(std::max(seconds, 0.0));
  auto const two = [](i64 v) { return (v < 10 ? ":0" : ":") + std::to_string(v); };
  if (whole < 60) return std::to_string(whole) + "s";
  if (whole < 3600) return std::to_string(whole / 60) + two(whole % 60);
  return std::to_string(whole / 3600) + two(whole / 60 % 60) + two(whole % 60);
}

/// One line on a training loop: `render_progress(60, 200, .25, .913, 3)` is
/// ` 60/200 [=====>..............] loss 0.2500 accuracy 0.9130 3s, 7s left`; a value that is NaN is left out. `begun`
/// steps were done before the time began.
inline std::string render_progress(i64 step, i64 total, double loss, double accuracy, double elapsed, i64 begun = 0) {
  constexpr i64 width = 20;  // so that the line stays within 80 columns
  total = std::max<i64>(total, 1);
  step = std::clamp<i64>(step, 0, total);
  std::string const count = std::to_string(step), all = std::to_string(total);
  i64 const done = width * step / total;
  std::string line(all.size() - count.size(), ' ');
  line += count + "/" + all + " [";
  if (step == total)
    line.append(width, '=');
  else
    line.append(static_cast<std::size_t>(std::max<i64>(done - 1, 0)), '=')
        .append(done > 0 ? ">" : "")
        .append(static_cast<std::size_t>(width - done), '.');
  line += "]";
  auto const value = [&](char const* label, double v) {
    if (std::isnan(v)) return;
    char text[64];
    std::snprintf(text, sizeof text, std::abs(v) > 1e-3 && std::abs(v) < 1e6 ? " %s %.4f" : " %s %.4g", label, v);
    line += text;
  };
  value("loss", loss);
  value("accuracy", accuracy);
  line += " " + duration(elapsed);
  if (step > begun && step < total)
    line += ", " +
            duration(std::ceil(elapsed * static_cast<double>(total - step) / static_cast<double>(step - begun))) +
            " left";
  return line;
}

/// A progress bar for a training loop: `progress bar(steps);` and in the loop `bar.update(step, loss, accuracy);` with
/// the number of steps done. A terminal shows one line that is drawn again, anything else a line now and then. A loop
/// that goes on after `begun` steps says so: `progress bar(steps, begun);`.
class progress {
 public:
  explicit progress(i64 total, std::FILE* stream = stderr) : progress(total, 0, stream) {}
  progress(i64 total, i64 begun, std::FILE* stream = stderr)
      : total_(total), begun_(begun), stream_(stream), terminal_(is_terminal(stream)), start_(clock::now()) {}
  progress(progress const&) = delete;
  progress& operator=(progress const&) = delete;
  ~progress() {
    // A loop that was left early keeps what it last showed.
    if (terminal_ && open_) std::fputc('\n', stream_);
  }

  void update(i64 step, double loss = std::nan(""), double accuracy = std::nan("")) {
    auto const now = clock::now();
    bool const last = step >= total_;
    if (finished_ || (!last && open_ && now - shown_ < interval())) return;
    shown_ = now;
    std::string line =
        render_progress(step, total_, loss, accuracy, std::chrono::duration<double>(now - start_).count(), begun_);
    if (terminal_) {
      // Blanks cover what is left of a longer line before.
      std::size_t const length = line.size();
      if (length < length_) line.append(length_ - length, ' ');
      length_ = length;
      line = "\r" + line;
    }
    if (last || !terminal_) line += "\n";
    std::fwrite(line.data(), 1, line.size(), stream_);
    std::fflush(stream_);
    finished_ = last;
    open_ = !last;
  }

 private:
  using clock = std::chrono::steady_clock;
  i64 total_, begun_;
  std::FILE* stream_;
  bool terminal_, open_ = false, finished_ = false;
  std::size_t length_ = 0;
  clock::time_point start_, shown_;

  std::chrono::milliseconds interval() const { return std::chrono::milliseconds(terminal_ ? 50 : 5000); }
};

/// An image to show: its rows of pixels from 0 to 1, and what stands below it.
struct picture {
  float const* pixels;
  std::string caption;
  int height = 28, width = 28;
};

/// Images side by side as text, each above its caption: with colours two pixels to a character (half blocks in the 24
/// greys of a 256-colour terminal), without them one of " .:-=+*#%@" for every two pixels.
template <class Pictures = std::vector<picture>>
std::string render_pictures(Pictures const& pictures, bool colours) {
  auto const level = [](picture const& p, int row, int column, int levels) {
    float const v = row < p.height ? p.pixels[row * p.width + column] : 0.0f;
    return v > 0 ? std::min(static_cast<int>(std::min(v, 1.0f) * static_cast<float>(levels)), levels - 1) : 0;
  };
  std::string out;
  int height = 0;
  for (picture const& p : pictures) height = std::max(height, p.height);
  for (int row = 0; row < height; row += 2) {
    for (picture const& p : pictures) {
      if (&p != &pictures.front()) out += "  ";
      for (int column = 0; column < p.width; ++column) {
        if (colours) {
          out += "\x1b[38;5;" + std::to_string(232 + level(p, row, column, 24)) + ";48;5;" +
                 std::to_string(232 + level(p, row + 1, column, 24)) + "m\xe2\x96\x80";
        } else {
          out += " .:-=+*#%@"[(level(p, row, column, 10) + level(p, row + 1, column, 10) + 1) / 2];
        }
      }
      if (colours) out += "\x1b[0m";
    }
    out += "\n";
  }
  for (picture const& p : pictures) {
    if (&p != &pictures.front()) out += "  ";
    std::string caption = p.caption.substr(0, static_cast<std::size_t>(p.width));
    caption.resize(static_cast<std::size_t>(p.width), ' ');
    out += caption;
  }
  return out + "\n";
}

/// `7` for a digit read rightly, `7, read as 1` for one that is not.
inline std::string digit_caption(i64 label, i64 predicted) {
  return std::to_string(label) + (predicted == label ? "" : ", read as " + std::to_string(predicted));
}

/// Prints one 28 by 28 image with what it is and what a model took it for.
template <class Pictures = std::vector<picture>>
void show_digit(float const* pixels, i64 label, i64 predicted, std::FILE* stream = stdout) {
  std::string const text = render_pictures<Pictures>({{pixels, digit_caption(label, predicted)}}, is_terminal(stream));
  std::fwrite(text.data(), 1, text.size(), stream);
}

/// Prints images side by side.
template <class Pictures = std::vector<picture>>
void show_pictures(Pictures const& pictures, std::FILE* stream = stdout) {
  std::string const text = render_pictures(pictures, is_terminal(stream));
  std::fwrite(text.data(), 1, text.size(), stream);
}

}  // namespace data
TFX_END
