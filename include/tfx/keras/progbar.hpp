// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cmath>
#include <tfx/data/progress.hpp>
#include <tfx/keras/callback.hpp>

TFX_BEGIN
namespace keras {

/// `3s 52us/step`: all of the time, and a step's in the largest unit of which it has one.
[[gnu::noinline]] inline std::string time_text(double seconds, i64 steps) {
  double const each = steps > 0 ? seconds / static_cast<double>(steps) : 0;
  char text[64];
  if (each >= 1 || each <= 0) {
    std::snprintf(text, sizeof text, "%.0fs %.0fs/step", seconds, each);
  } else if (each >= 1e-3) {
    std::snprintf(text, sizeof text, "%.0fs %.0fms/step", seconds, each * 1e3);
  } else {
    std::snprintf(text, sizeof text, "%.0fs %.0fus/step", seconds, each * 1e6);
  }
  return text;
}
/// ` - loss: 0.2500 - accuracy: 0.9130`; what is near 0 as a power of ten.
[[gnu::noinline]] inline std::string logs_text(logs const& values) {
  std::string text;
  for (log_entry const& l : values) {
    char number[64];
    std::snprintf(number, sizeof number, std::abs(l.value) > 1e-3 ? "%.4f" : "%.4e", l.value);
    text += " - " + std::string(l.name) + ": " + number;
  }
  return text;
}
/// Keras' line (Progbar of python/keras/utils/generic_utils.py): ` 320/2000 [===>....] - ETA: 12s - loss: 0.2500`, and
/// once all is done `2000/2000 [======] - 3s 52us/step - loss: 0.2500`. Where the total is not known, 0, there is no
/// bar: `     12/Unknown - 3s 52us/step - loss: 0.2500`.
[[gnu::noinline]] inline std::string render_progbar(i64 done, i64 total, double seconds, logs const& values) {
  constexpr i64 width = 30;
  std::string const count = std::to_string(done), all = total > 0 ? std::to_string(total) : "Unknown";
  std::string line(all.size() > count.size() ? all.size() - count.size() : 0, ' ');
  line += count + "/" + all;
  if (total > 0) {
    i64 const filled = width * std::min(done, total) / total;
    line += " [";
    if (filled > 0) line.append(static_cast<std::size_t>(filled - 1), '=') += done < total ? '>' : '=';
    line.append(static_cast<std::size_t>(width - filled), '.') += ']';
  }
  if (done < total) {
    double const left = done > 0 ? seconds / static_cast<double>(done) * static_cast<double>(total - done) : 0;
    line += " - ETA: " + data::duration(left);
  } else {
    line += " - " + time_text(seconds, done);
  }
  return line + logs_text(values);
}

/// The bar of one epoch: a terminal shows one line that is drawn again, anything else the last one only.
class progbar {
 public:
  explicit progbar(i64 total, std::FILE* stream = stdout)
      : total_(total), stream_(stream), terminal_(data::is_terminal(stream)), start_(clock::now()) {}

  double seconds() const { return std::chrono::duration<double>(clock::now() - start_).count(); }
  /// Whether it is time to draw again.
  bool is_due() const { return terminal_ && clock::now() - drawn_ >= std::chrono::milliseconds(50); }
  void update(i64 done, logs const& values) {
    drawn_ = clock::now();
    draw(render_progbar(done, total_, seconds(), values), false);
  }
  /// The last line, of all or of what was done before training ended.
  void finish(i64 done, logs const& values) { draw(render_progbar(done, total_, seconds(), values), true); }

 private:
  using clock = std::chrono::steady_clock;
  i64 total_;
  std::FILE* stream_;
  bool terminal_;
  std::size_t length_ = 0;
  clock::time_point start_, drawn_{};

  void draw(std::string line, bool last) {
    if (terminal_) {
      std::size_t const length = line.size();
      if (length < length_) line.append(length_ - length, ' ');  // over what is left of a longer line
      length_ = length;
      line = "\r" + line;
    }
    if (last) line += "\n";
    std::fwrite(line.data(), 1, line.size(), stream_);
    std::fflush(stream_);
  }
};

}  // namespace keras
TFX_END
