// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <tfx/base/config.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/data/dataset.hpp>
#include <tfx/random/stream.hpp>
#include <vector>

TFX_BEGIN
namespace datasets::digits {

struct options {
  i64 train = 20000;
  i64 validation = 2000;
  i64 test = 4000;
  i64 seed = 1;
};

namespace detail {

inline constexpr int side = 28, pixels = side * side;

struct point {
  int x, y;
};

/// A line of the pen: through its points in straight pieces, or in a curve.
struct stroke {
  bool curved;
  int count;
  point at[9];
};

/// One way to write a digit, on paper of 100 by 100 with y downwards.
struct glyph {
  int digit, count;
  stroke strokes[3];
};

inline constexpr bool curve = true, line = false;
inline constexpr glyph glyphs[] = {
    {0, 1, {{curve, 9, {{52, 10}, {29, 24}, {22, 54}, {32, 82}, {50, 90}, {71, 78}, {78, 48}, {70, 20}, {48, 10}}}}},
    {0, 1, {{curve, 8, {{60, 14}, {42, 12}, {31, 36}, {30, 66}, {44, 89}, {62, 78}, {69, 48}, {56, 10}}}}},
    {1, 1, {{line, 2, {{51, 10}, {50, 90}}}}},
    {1, 1, {{line, 3, {{35, 28}, {53, 10}, {52, 90}}}}},
    {1, 2, {{line, 3, {{36, 26}, {52, 10}, {51, 89}}}, {line, 2, {{34, 89}, {69, 89}}}}},
    {2, 2, {{curve, 6, {{26, 30}, {38, 12}, {62, 12}, {71, 32}, {56, 58}, {25, 88}}}, {line, 2, {{25, 88}, {78, 87}}}}},
    {2, 1, {{curve, 9, {{27, 26}, {48, 10}, {69, 24}, {60, 52}, {38, 80}, {22, 84}, {28, 70}, {48, 80}, {79, 88}}}}},
    {3,
     2,
     {{curve, 5, {{26, 20}, {48, 10}, {70, 22}, {64, 40}, {44, 47}}},
      {curve, 5, {{44, 47}, {70, 54}, {74, 74}, {52, 90}, {23, 80}}}}},
    {3, 2, {{line, 3, {{25, 12}, {72, 12}, {45, 42}}}, {curve, 5, {{45, 42}, {70, 50}, {75, 72}, {55, 90}, {24, 82}}}}},
    {4, 2, {{line, 3, {{36, 10}, {24, 56}, {79, 55}}}, {line, 2, {{64, 28}, {60, 90}}}}},
    {4, 1, {{line, 4, {{61, 90}, {63, 10}, {21, 62}, {80, 61}}}}},
    {5, 2, {{line, 3, {{72, 12}, {34, 13}, {30, 45}}}, {curve, 5, {{30, 45}, {56, 40}, {75, 60}, {60, 87}, {24, 83}}}}},
    {5, 1, {{curve, 8, {{73, 13}, {40, 13}, {31, 38}, {56, 46}, {73, 62}, {66, 84}, {44, 90}, {23, 81}}}}},
    {6, 1, {{curve, 9, {{66, 11}, {40, 32}, {26, 62}, {34, 86}, {56, 90}, {73, 74}, {62, 55}, {42, 56}, {27, 70}}}}},
    {6, 1, {{curve, 8, {{52, 10}, {33, 42}, {26, 72}, {46, 90}, {70, 82}, {70, 60}, {48, 54}, {28, 72}}}}},
    {7, 1, {{line, 3, {{22, 14}, {76, 13}, {43, 90}}}}},
    {7, 2, {{line, 3, {{23, 13}, {76, 14}, {42, 90}}}, {line, 2, {{33, 53}, {72, 50}}}}},
    {7, 2, {{curve, 3, {{22, 24}, {32, 13}, {76, 14}}}, {curve, 3, {{76, 14}, {54, 50}, {46, 90}}}}},
    {8, 1, {{curve, 9, {{69, 22}, {48, 10}, {31, 24}, {46, 45}, {72, 70}, {50, 90}, {27, 72}, {50, 47}, {70, 20}}}}},
    {8,
     2,
     {{curve, 6, {{50, 10}, {32, 27}, {49, 46}, {68, 30}, {56, 12}, {44, 11}}},
      {curve, 6, {{49, 46}, {26, 68}, {48, 90}, {73, 72}, {58, 48}, {44, 47}}}}},
    {9, 2, {{curve, 6, {{70, 26}, {50, 10}, {28, 28}, {40, 50}, {62, 44}, {71, 24}}}, {line, 2, {{71, 22}, {66, 90}}}}},
    {9, 1, {{curve, 9, {{68, 26}, {48, 10}, {28, 28}, {42, 50}, {64, 42}, {71, 20}, {72, 54}, {58, 86}, {32, 85}}}}},
};

/// Whole numbers from the words of a stream.
struct dice {
  std::uint32_t const* next;

  int between(int low, int high) {
    auto const range = static_cast<u64>(high - low + 1);
    return low + static_cast<int>(range * *next++ >> 32);
  }
  /// The same on average, but more often near the middle.
  int around_zero(int most) { return (between(-most, most) + between(-most, most)) / 2; }
};

/// The hand that writes one digit: where a point of the paper falls on the image, in 64ths of a pixel. Like all of the
/// drawing it computes in whole numbers, so that the same seed is the same data whatever a compiler makes of it.
class hand {
 public:
  explicit hand(dice& d)
      : slant_(d.around_zero(480)),
        width_(d.between(720, 1200)),
        height_(d.between(820, 1180)),
        shift_x_(d.around_zero(3 * 64 + 24)),
        shift_y_(d.around_zero(3 * 64 + 24)) {
    // cos and sin from the tangent of half the angle, at most about 19 degrees.
    i64 const t = d.around_zero(175), one = 1024 * 1024;
    cosine_ = static_cast<int>((one - t * t) * 4096 / (one + t * t));
    sine_ = static_cast<int>(2 * t * 1024 * 4096 / (one + t * t));
  }

  point place(point p, dice& d) const {
    constexpr int jitter = 7 * 256;
    int const x = (p.x - 50) * 256 + d.around_zero(jitter), y = (p.y - 50) * 256 + d.around_zero(jitter);
    int const wide = (x - y * slant_ / 1024) * width_ / 16384, high = y * height_ / 16384;
    return {(cosine_ * wide - sine_ * high) / 4096 + side * 32 + shift_x_,
            (sine_ * wide + cosine_ * high) / 4096 + side * 32 + shift_y_};
  }

 private:
  int slant_, width_, height_, shift_x_, shift_y_, cosine_, sine_;
};

/// For each pixel the square of its distance to the nearest stroke, as far as it matters.
class paper {
 public:
  static constexpr int reach = 4 * 64;

  paper() { std::fill_n(square_, pixels, reach * reach); }

  void draw(stroke const& s, hand const& h, dice& d) {
    point at[9];
    for (int i = 0; i < s.count; ++i) at[i] = h.place(s.at[i], d);
    for (int i = 0; i + 1 < s.count; ++i) {
      if (!s.curved) {
        segment(at[i], at[i + 1]);
        continue;
      }
      // Catmull–Rom: a cubic through the points that takes its slopes from their neighbours.
      constexpr int pieces = 4;
      point const a = at[std::max(i - 1, 0)], b = at[i], c = at[i + 1], e = at[std::min(i + 2, s.count - 1)];
      point from = b;
      for (int t = 1; t <= pieces; ++t) {
        auto const cubic = [t](int p, int q, int r, int w) {
          int const n = pieces;
          return (2 * q * n * n * n + (r - p) * t * n * n + (2 * p - 5 * q + 4 * r - w) * t * t * n +
                  (3 * q - p - 3 * r + w) * t * t * t) /
                 (2 * n * n * n);
        };
        point const to{cubic(a.x, b.x, c.x, e.x), cubic(a.y, b.y, c.y, e.y)};
        segment(from, to);
        from = to;
      }
    }
  }

  /// The distance of a pixel in 64ths of one.
  int distance(int pixel) const {
    int const square = square_[pixel];
    auto root = static_cast<int>(std::sqrt(static_cast<float>(square)));
    // Under -ffast-math the root of a square can come out below it.
    root += (root + 1) * (root + 1) <= square;
    return root - (root * root > square);
  }

 private:
  int square_[pixels];

  void segment(point a, point b) {
    int const dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
    auto const first = [](int p, int q) { return std::max((std::min(p, q) - reach) / 64, 0); };
    auto const last = [](int p, int q) { return std::min((std::max(p, q) + reach) / 64, side - 1); };
    for (int row = first(a.y, b.y); row <= last(a.y, b.y); ++row)
      for (int column = first(a.x, b.x); column <= last(a.x, b.x); ++column) {
        int const x = column * 64 + 32 - a.x, y = row * 64 + 32 - a.y;
        int const along = x * dx + y * dy;
        int square;
        if (along <= 0) {
          square = x * x + y * y;
        } else if (along >= length) {
          square = (x - dx) * (x - dx) + (y - dy) * (y - dy);
        } else {
          i64 const across = x * dy - y * dx;
          square = static_cast<int>(across * across / length);
        }
        int& nearest = square_[row * side + column];
        nearest = std::min(nearest, square);
      }
  }
};

/// Each image has this many words of the stream to itself: the hand's choices, and at the end a byte of noise a pixel.
inline constexpr int words_each = 320;

inline void draw_image(int digit, std::uint32_t const* words, std::uint8_t* out) {
  dice d{words};
  int first = 0, count = 0;
  for (glyph const& g : glyphs) {
    first += g.digit < digit;
    count += g.digit == digit;
  }
  glyph const& g = glyphs[first + d.between(0, count - 1)];
  hand const h(d);
  int const thickness = d.between(40, 104), softness = d.between(56, 120), ink = d.between(170, 255);
  int const noise = d.between(0, 24);
  paper sheet;
  for (int i = 0; i < g.count; ++i) sheet.draw(g.strokes[i], h, d);
  std::uint32_t const* const grain = words + words_each - pixels / 4;
  for (int i = 0; i < pixels; ++i) {
    int const covered = std::clamp(thickness + softness / 2 - sheet.distance(i), 0, softness);
    int const random = static_cast<int>(grain[i / 4] >> (8 * (i % 4)) & 255) - 128;
    out[i] = static_cast<std::uint8_t>(std::clamp(covered * ink / softness + random * noise / 128, 0, 255));
  }
}

template <class Set>
Set draw_part(i64 size, i64 seed, u64 part) {
  if (size < 0) raise<errors::InvalidArgumentError>("draw: cannot draw %lld images", static_cast<long long>(size));
  constexpr i64 together = 100;
  std::vector<std::uint8_t> images(static_cast<std::size_t>(size * pixels)), numbers(static_cast<std::size_t>(size));
  std::vector<std::uint32_t> words(static_cast<std::size_t>(together * words_each));
  for (i64 i = 0; i < size; ++i) {
    if (i % together == 0)
      random::bits(words.data(), together * words_each, {static_cast<u64>(seed), 100 + part}, i * words_each / 4);
    numbers[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(i % Set::class_count);
    draw_image(static_cast<int>(i % Set::class_count), words.data() + i % together * words_each,
               images.data() + i * pixels);
  }
  return {images.data(), numbers.data(), size, pixels, {static_cast<u64>(seed), part}};
}

}  // namespace detail

/// Draws digits as people write them, 28 by 28 pixels, as many of each class: a stand-in for MNIST that needs no files.
/// The same seed gives the same images everywhere.
template <class Splits = splits>
Splits draw(options const& o = {}) {
  using set = decltype(Splits::train);
  return {detail::draw_part<set>(o.train, o.seed, 1), detail::draw_part<set>(o.validation, o.seed, 2),
          detail::draw_part<set>(o.test, o.seed, 3)};
}

}  // namespace datasets::digits
TFX_END
