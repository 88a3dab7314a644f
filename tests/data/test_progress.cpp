// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cmath>
#include <cstdio>
#include <string>
#include <tfx/data/progress.hpp>
#include <vector>

namespace data = tfx::data;

namespace {

std::string written(std::FILE* f) {
  std::string out;
  std::rewind(f);
  for (int c = std::fgetc(f); c != EOF; c = std::fgetc(f)) out += static_cast<char>(c);
  std::fclose(f);
  return out;
}

}  // namespace

TEST_CASE("progress: a line has bar, steps, loss, accuracy and times") {
  CHECK(data::render_progress(60, 200, .25, .913, 3) ==
        " 60/200 [=====>..............] loss 0.2500 accuracy 0.9130 3s, 7s left");
  // A resumed loop's time is that of its own steps.
  CHECK(data::render_progress(160, 200, .25, .913, 3, 100) ==
        "160/200 [===============>....] loss 0.2500 accuracy 0.9130 3s, 2s left");
  CHECK(data::render_progress(100, 200, .25, NAN, 3, 100) == "100/200 [=========>..........] loss 0.2500 3s");
  CHECK(data::render_progress(0, 10, 2.5, NAN, 0) == " 0/10 [....................] loss 2.5000 0s");
  CHECK(data::render_progress(10, 10, 1e-5, 1, 65) == "10/10 [====================] loss 1e-05 accuracy 1.0000 1:05");
  CHECK(data::render_progress(1, 0, NAN, NAN, 3725) == "1/1 [====================] 1:02:05");
}

TEST_CASE("progress: a file gets few lines, and the last one") {
  std::FILE* const f = std::tmpfile();
  REQUIRE(f);
  data::progress bar(1000, f);
  for (int step = 1; step <= 1000; ++step) bar.update(step, 0.5);
  std::string const text = written(f);
  CHECK(text.find("   1/1000 [") == 0);
  CHECK(text.find("1000/1000 [====================] loss 0.5000") != std::string::npos);
  CHECK(text.find('\r') == std::string::npos);
  CHECK(text.back() == '\n');
  CHECK(text.size() < 300);
}

TEST_CASE("progress: pictures stand side by side above their captions") {
  std::vector<float> const a{0, 1, 0, 1}, b{.5f, .5f, .5f, .5f, 1, 1};
  CHECK(data::render_pictures({{a.data(), "one", 2, 2}, {b.data(), "b", 3, 2}}, false) ==
        " @  ++\n"
        "    ++\n"
        "on  b \n");
  CHECK(data::render_pictures({{a.data(), "x", 2, 2}}, true) ==
        "\x1b[38;5;232;48;5;232m\xe2\x96\x80\x1b[38;5;255;48;5;255m\xe2\x96\x80\x1b[0m\nx \n");
  CHECK(data::digit_caption(7, 7) == "7");
  CHECK(data::digit_caption(7, 1) == "7, read as 1");
}

TEST_CASE("progress: values outside 0 to 1 are drawn as the nearest") {
  std::vector<float> const odd{-1, 2, NAN, 1e30f};
  CHECK(data::render_pictures({{odd.data(), "", 1, 4}}, false) == " + +\n    \n");
}
