// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <tfx/base/config.hpp>
#include <tfx/base/raise.hpp>
#include <utility>
#include <vector>

TFX_BEGIN
namespace data {

/// What a plot may be told: how many characters it is wide and high, without its axes, and what stands above it.
struct plot_options {
  i64 width = 60, height = 12;
  std::string title = {};
};

/// y = slope x + intercept; none where one of them is NaN.
struct straight_line {
  double slope = std::numeric_limits<double>::quiet_NaN(), intercept = std::numeric_limits<double>::quiet_NaN();
};

namespace detail {

/// The least and the largest of some numbers, of which those that are not finite do not count.
struct plot_range {
  double low = std::numeric_limits<double>::infinity(), high = -low;

  void add(double v) {
    if (!std::isfinite(v)) return;
    low = std::min(low, v);
    high = std::max(high, v);
  }
  bool is_empty() const { return low > high; }
  /// Where a number of the range lies in it, from 0 to 1; all in the middle where they are the same. Halves, since the
  /// difference of two numbers may be infinite.
  double place(double v) const {
    double const part = (v / 2 - low / 2) / (high / 2 - low / 2);
    return part >= 0 && part <= 1 ? part : 0.5;
  }
  double at(double place) const { return low * (1 - place) + high * place; }
};

/// The characters of a plot between its axes.
class plot_area {
 public:
  [[gnu::noinline]] plot_area(char const* function, plot_options const& o) : width_(o.width), height_(o.height) {
    check(function, "width", width_);
    check(function, "height", height_);
    rows_.assign(static_cast<std::size_t>(height_), std::string(static_cast<std::size_t>(width_), ' '));
  }
  i64 width() const { return width_; }
  i64 column_of(double place) const { return std::lround(place * static_cast<double>(width_ - 1)); }
  i64 row_of(double place) const { return std::lround((1 - place) * static_cast<double>(height_ - 1)); }
  void put(i64 row, i64 column, char mark) {
    rows_[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] = mark;
  }

  /// With axes: the vertical one has its numbers at both ends and in the middle, the horizontal one at both ends.
  [[gnu::noinline]] std::string render(plot_range const& y, std::string const& left, std::string const& right,
                                       std::string const& title) const {
    std::vector<std::string> labels(rows_.size());
    auto const label = [&](i64 row) {
      double const place = 1 - static_cast<double>(row) / static_cast<double>(height_ - 1);
      labels[static_cast<std::size_t>(row)] = number(y.at(place));
    };
    if (y.low == y.high) {
      labels[static_cast<std::size_t>(row_of(0.5))] = number(y.low);
    } else if (!y.is_empty()) {
      label(0);
      label(height_ - 1);
      if (height_ % 2 == 1 && height_ > 4) label(height_ / 2);
    }
    std::size_t margin = 0;
    for (std::string const& text : labels) margin = std::max(margin, text.size());
    std::string out = title.empty() ? title : title + "\n";
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      std::string line = std::string(margin - labels[r].size(), ' ') + labels[r] + " |" + rows_[r];
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + "\n";
    }
    auto const width = static_cast<std::size_t>(width_);
    out += std::string(margin + 1, ' ') + "+" + std::string(width, '-') + "\n";
    if (!left.empty()) out += std::string(margin + 2, ' ') + left;
    if (!right.empty())
      out += std::string(std::max(width, left.size() + right.size() + 1) - left.size() - right.size(), ' ') + right;
    return left.empty() ? out : out + "\n";
  }
  static std::string number(double v) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", v == 0 ? 0.0 : v);  // no minus before a zero
    return text;
  }

 private:
  i64 width_, height_;
  std::vector<std::string> rows_;

  static void check(char const* function, char const* name, i64 value) {
    if (value < 2 || value > 1000)
      raise<errors::InvalidArgumentError>("%s: %s must be 2 to 1000. Received: %lld", function, name,
                                          static_cast<long long>(value));
  }
};

}  // namespace detail

/// A curve as text, such as the loss after each epoch: `render_plot({4, 2, 1, 1}, {.width = 8, .height = 4})` is
///
///     4 |*
///       | *
///       |  **
///     1 |    ****
///       +--------
///        1      4
///
/// Values are numbered from 1. Of more values than columns each column shows the range of its own; what is not finite
/// is left out.
[[gnu::noinline]] inline std::string render_plot(std::vector<double> const& values, plot_options const& o = {}) {
  detail::plot_area area("render_plot", o);
  detail::plot_range y;
  for (double const v : values) y.add(v);
  auto const n = static_cast<i64>(values.size());
  auto const at = [&](i64 i) { return values[static_cast<std::size_t>(i)]; };
  // The rows that each column shows, and the one that it ends at, so that the next one joins it.
  i64 last = -1;
  for (i64 c = 0; c < area.width() && !y.is_empty(); ++c) {
    detail::plot_range here;
    double end = std::numeric_limits<double>::quiet_NaN();
    if (n > area.width()) {
      for (i64 i = c * n / area.width(); i < (c + 1) * n / area.width(); ++i) {
        here.add(at(i));
        end = at(i);
      }
    } else if (n > 1 || c == 0) {
      // Between two values, in proportion.
      double const place = static_cast<double>(c * (n - 1)) / static_cast<double>(area.width() - 1);
      auto const i = static_cast<i64>(place);
      double const part = place - static_cast<double>(i);
      end = part == 0 ? at(i) : at(i) * (1 - part) + at(i + 1) * part;
      here.add(end);
    }
    if (here.is_empty()) {
      last = -1;
      continue;
    }
    i64 const top = area.row_of(y.place(here.high)), bottom = area.row_of(y.place(here.low));
    if (last >= 0) {
      for (i64 r = last + 1; r < top; ++r) area.put(r, c, '|');
      for (i64 r = bottom + 1; r < last; ++r) area.put(r, c, '|');
    }
    for (i64 r = top; r <= bottom; ++r) area.put(r, c, '*');
    last = std::isfinite(end) ? area.row_of(y.place(end)) : -1;
  }
  return area.render(y, n > 0 ? "1" : "", n > 1 ? std::to_string(n) : "", o.title);
}

/// Points as text, each an `o`, and a line through them in dots: `render_points(x, y, {.slope = 2, .intercept = 1})`.
/// The axes reach as far as the points; those that are not finite are left out.
[[gnu::noinline]] inline std::string render_points(std::vector<double> const& x, std::vector<double> const& y,
                                                   straight_line line = {}, plot_options const& o = {}) {
  if (x.size() != y.size())
    raise<errors::InvalidArgumentError>("render_points: x has %llu numbers and y has %llu",
                                        static_cast<unsigned long long>(x.size()),
                                        static_cast<unsigned long long>(y.size()));
  detail::plot_area area("render_points", o);
  detail::plot_range across, up;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i]) || !std::isfinite(y[i])) continue;
    across.add(x[i]);
    up.add(y[i]);
  }
  for (i64 c = 0; c < area.width() && !up.is_empty(); ++c) {
    double const v =
        line.slope * across.at(static_cast<double>(c) / static_cast<double>(area.width() - 1)) + line.intercept;
    if (v >= up.low && v <= up.high) area.put(area.row_of(up.place(v)), c, '.');
  }
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::isfinite(x[i]) && std::isfinite(y[i]))
      area.put(area.row_of(up.place(y[i])), area.column_of(across.place(x[i])), 'o');
  bool const is_single = across.low == across.high;
  return area.render(up, across.is_empty() ? "" : detail::plot_area::number(across.low),
                     across.is_empty() || is_single ? "" : detail::plot_area::number(across.high), o.title);
}

}  // namespace data
TFX_END
