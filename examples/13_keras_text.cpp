// SPDX-License-Identifier: Apache-2.0
// A character LSTM learns to write from the text that the program carries, and then goes on by itself.
#include <cstdio>
#include <random>
#include <string>
#include <tfx/data/plot.hpp>
#include <tfx/keras.hpp>
#include <tfx/tfx.hpp>
#include "keras_options.hpp"
#include "text.hpp"
namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

namespace {
constexpr int length = 40, characters = 64;
/// A character's number, among 64: letters, and what stands between them.
int number_of(char c) {
  if (c >= 'a' && c <= 'z') return c - 'a';
  if (c >= 'A' && c <= 'Z') return c - 'A';
  std::string const others = " .,;:'\"!?-()\n";
  std::size_t const at = others.find(c);
  return 26 + static_cast<int>(at == std::string::npos ? 0 : at);
}
char character_of(int number) { return number < 26 ? static_cast<char>('a' + number) : " .,;:'\"!?-()\n"[number - 26]; }
}  // namespace

int main(int argc, char** argv) {
  keras_options const o = read_keras_options(argc, argv, {4, {}, "/tmp/tfx_logs/keras_text"});
  std::string const text = clockmaker_text;
  std::size_t const count = (text.size() - length) / 3;
  xt::xtensor<std::int64_t, 2> x({count, length});
  xt::xtensor<std::int64_t, 1> y(std::array<std::size_t, 1>{count});
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t t = 0; t < length; ++t) x(i, t) = number_of(text[3 * i + t]);
    y(i) = number_of(text[3 * i + length]);
  }

  auto model = keras::Sequential<"writer">(keras::Input<"text", std::int64_t>(tf::shape<length>),
                                           layers::Embedding<characters, 32>(), layers::LSTM<96>(),
                                           layers::Dense<characters>(keras::activation<"softmax">));
  std::puts(model.summary().c_str());
  auto trainer = model.compile(keras::optimizers::Adam(0.005), keras::loss<"sparse_categorical_crossentropy">);
  auto history = trainer.fit(x, y, {.epochs = o.epochs, .batch_size = 64}, keras::callbacks::TensorBoard(o.logs));
  std::puts(tf::data::render_plot(history["loss"], {.height = 8, .title = "loss"}).c_str());

  std::mt19937 gen(1);
  std::string written = text.substr(0, length);
  for (int i = 0; i < 200; ++i) {
    xt::xtensor<std::int64_t, 2> last({1, length});
    for (std::size_t t = 0; t < length; ++t) last(0, t) = number_of(written[written.size() - length + t]);
    auto const p = model.predict(last);
    std::discrete_distribution<int> draw(p.begin(), p.end());
    written += character_of(std::min(draw(gen), 38));
  }
  std::printf("%s|%s\n", written.substr(0, length).c_str(), written.substr(length).c_str());
}
