// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <tfx/keras/progbar.hpp>
#include <tfx/tfx.hpp>

// Keras' progress bar, as TensorFlow 1.12 draws it.

namespace keras = tfx::keras;

namespace {
std::vector<keras::log_entry> const values{{"loss", 0.25}, {"acc", 5e-4}};
std::string line(tfx::i64 done, tfx::i64 total, double seconds) {
  return keras::render_progbar(done, total, seconds, keras::logs(values));
}
}  // namespace

TEST_CASE("progbar: Keras' text") {
  CHECK(line(320, 2000, 2) == " 320/2000 [===>..........................] - ETA: 10s - loss: 0.2500 - acc: 5.0000e-04");
  CHECK(line(2000, 2000, 3) ==
        "2000/2000 [==============================] - 3s 2ms/step - loss: 0.2500 - acc: 5.0000e-04");
  CHECK(keras::render_progbar(0, 7, 0, {}) == "0/7 [..............................] - ETA: 0s");
  CHECK(keras::render_progbar(6, 7, 600, {}) == "6/7 [========================>.....] - ETA: 1:40");
  CHECK(keras::render_progbar(1, 100, 100, {}) == "  1/100 [..............................] - ETA: 2:45:00");
  CHECK(keras::render_progbar(12, 0, 0.0006, {}) == "     12/Unknown - 0s 50us/step");
}
TEST_CASE("progbar: a step's time in the largest unit of which it has one") {
  CHECK(keras::time_text(3, 2) == "3s 2s/step");
  CHECK(keras::time_text(3, 3000) == "3s 1ms/step");
  CHECK(keras::time_text(0.3, 3000) == "0s 100us/step");
  CHECK(keras::time_text(0.3, 0) == "0s 0s/step");
}
TEST_CASE("progbar: what is small or not finite") {
  std::vector<keras::log_entry> const odd{
      {"a", 0}, {"b", -0.5}, {"c", 1e-3}, {"d", std::numeric_limits<double>::infinity()}, {"e", 123456.0}};
  CHECK(keras::logs_text(keras::logs(odd)) ==
        " - a: 0.0000e+00 - b: -0.5000 - c: 1.0000e-03 - d: inf - e: 123456.0000");
}
