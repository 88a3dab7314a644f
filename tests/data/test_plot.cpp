// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <tfx/data/plot.hpp>
#include <vector>

namespace data = tfx::data;
namespace errors = tfx::errors;

namespace {

double const infinity = std::numeric_limits<double>::infinity();

/// A text's lines, each of which ends.
std::vector<std::string> lines(std::string const& text) {
  std::vector<std::string> result(1);
  for (char const c : text) {
    if (c == '\n')
      result.emplace_back();
    else
      result.back() += c;
  }
  CHECK(result.back().empty());
  result.pop_back();
  return result;
}

}  // namespace

TEST_CASE("plot: a curve goes through its values, numbered from 1") {
  CHECK(data::render_plot({4, 2, 1, 1}, {.width = 8, .height = 4}) ==
        "4 |*\n"
        "  | *\n"
        "  |  **\n"
        "1 |    ****\n"
        "  +--------\n"
        "   1      4\n");
  CHECK(data::render_plot({1, 2, 3}, {.width = 3, .height = 3, .title = "loss"}) ==
        "loss\n"
        "3 |  *\n"
        "  | *\n"
        "1 |*\n"
        "  +---\n"
        "   1 3\n");
  // Where it is steep it stays in one piece.
  CHECK(data::render_plot({0, 10, 0}, {.width = 3, .height = 5}) ==
        "10 | *\n"
        "   | ||\n"
        " 5 | ||\n"
        "   | ||\n"
        " 0 |* *\n"
        "   +---\n"
        "    1 3\n");
}

TEST_CASE("plot: of more values than columns each column shows the range of its own") {
  std::string const text = data::render_plot({0, 4, 1, 3, 2, 2, 0, 0}, {.width = 4, .height = 5});
  CHECK(text ==
        "4 |*\n"
        "  |**\n"
        "2 |***\n"
        "  |** |\n"
        "0 |*  *\n"
        "  +----\n"
        "   1  8\n");
  std::vector<double> falling;
  for (int i = 0; i < 1000; ++i) falling.push_back(std::exp(-i / 200.0));
  auto const rows = lines(data::render_plot(falling));
  CHECK(rows.size() == 14);
  CHECK(std::count(rows[0].begin(), rows[0].end(), '*') > 0);
  CHECK(rows[13].substr(rows[13].size() - 4) == "1000");
  for (auto const& row : rows) CHECK(row.size() <= 60 + rows[12].find('+') + 1);
}

TEST_CASE("plot: nothing, one value, equal values, and such as are no numbers") {
  CHECK(data::render_plot({}, {.width = 4, .height = 2}) == " |\n |\n +----\n");
  CHECK(data::render_plot({5}, {.width = 4, .height = 3}) == "  |\n5 |*\n  |\n  +----\n   1\n");
  CHECK(data::render_plot({-0.0, 0}, {.width = 4, .height = 3}) == "  |\n0 |****\n  |\n  +----\n   1  2\n");
  CHECK(data::render_plot({NAN, infinity}, {.width = 2, .height = 2}) == " |\n |\n +--\n  1 2\n");
  CHECK(data::render_plot({NAN, 1, NAN, 3, infinity}, {.width = 5, .height = 3}) ==
        "3 |   *\n"
        "  |\n"
        "1 | *\n"
        "  +-----\n"
        "   1   5\n");
  CHECK(data::render_plot({NAN, NAN, 1, 3, NAN, infinity}, {.width = 3, .height = 3}) ==
        "3 | *\n"
        "  | *\n"
        "1 | *\n"
        "  +---\n"
        "   1 6\n");
  // The largest and the smallest numbers that there are.
  double const largest = std::numeric_limits<double>::max(), smallest = std::numeric_limits<double>::denorm_min();
  CHECK(lines(data::render_plot({-largest, largest, 0})).size() == 14);
  CHECK(lines(data::render_plot({0, smallest})).size() == 14);
}

TEST_CASE("plot: points and the line through them") {
  CHECK(data::render_points({0, 1, 2, 3, 4}, {1, 3, 5, 7.5, 9}, {.slope = 2, .intercept = 1},
                            {.width = 20, .height = 9, .title = "fit"}) ==
        "fit\n"
        "9 |                  .o\n"
        "  |                ..\n"
        "  |              o.\n"
        "  |           ...\n"
        "5 |         .o\n"
        "  |      ...\n"
        "  |    .o\n"
        "  |  ..\n"
        "1 |o.\n"
        "  +--------------------\n"
        "   0                  4\n");
  CHECK(data::render_points({0, 1}, {0, 1}, {}, {.width = 2, .height = 2}) == "1 | o\n0 |o\n  +--\n   0 1\n");
  CHECK(data::render_points({0.5, NAN, 2}, {3, 1, infinity}, {}, {.width = 3, .height = 3}) ==
        "  |\n3 | o\n  |\n  +---\n   0.5\n");
  CHECK(data::render_points({}, {}, {}, {.width = 2, .height = 2}) == " |\n |\n +--\n");
  // A line beside the points is not seen.
  CHECK(data::render_points({0, 1}, {0, 1}, {.slope = 0, .intercept = 5}, {.width = 2, .height = 2}) ==
        data::render_points({0, 1}, {0, 1}, {}, {.width = 2, .height = 2}));
}

TEST_CASE("plot: what cannot be drawn is refused by name") {
  CHECK_THROWS_WITH_AS(data::render_plot({1}, {.width = 1}), "render_plot: width must be 2 to 1000. Received: 1",
                       errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(data::render_plot({1}, {.height = -3}), "render_plot: height must be 2 to 1000. Received: -3",
                       errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(data::render_points({1}, {1}, {}, {.width = 1001}),
                       "render_points: width must be 2 to 1000. Received: 1001", errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(data::render_points({1, 2}, {1}), "render_points: x has 2 numbers and y has 1",
                       errors::InvalidArgumentError);
}
