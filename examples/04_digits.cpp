// SPDX-License-Identifier: Apache-2.0
// Learns to read handwritten digits: softmax regression first, then a network with a hidden layer.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <tfx/data.hpp>
#include <tfx/tfx.hpp>
#include <vector>
namespace tf = tfx;

constexpr char const* usage =
    "usage: 04_digits [--data DIR] [--steps N]\n"
    "  --data DIR  the folder of MNIST's four IDX files, plain or .gz; without it, digits that are drawn here\n"
    "  --steps N   how many steps of 100 images each model is trained for (3000)\n";

struct options {
  std::string data;
  int steps = 3000;
  bool help = false;
};

options read_options(int argc, char** argv) {
  options o;
  for (int i = 1; i < argc; ++i) {
    std::string const option = argv[i];
    auto const value = [&]() -> char const* {
      if (i + 1 == argc) throw tf::errors::InvalidArgumentError(option + " needs a value; see --help");
      return argv[++i];
    };
    if (option == "--data") {
      o.data = value();
      if (o.data.empty()) throw tf::errors::InvalidArgumentError("--data needs the name of a folder; see --help");
    } else if (option == "--steps") {
      char* end = nullptr;
      std::string const text = value();
      long const steps = std::strtol(text.c_str(), &end, 10);
      if (text.empty() || *end != '\0' || steps < 1 || steps > 1000000)
        throw tf::errors::InvalidArgumentError("--steps must be from 1 to 1000000, not '" + text + "'");
      o.steps = static_cast<int>(steps);
    } else if (option == "--help" || option == "-h") {
      o.help = true;
    } else {
      throw tf::errors::InvalidArgumentError("unknown option '" + option + "'; see --help");
    }
  }
  return o;
}

constexpr auto batch = tf::dim<"batch">;
constexpr auto images = tf::placeholder<"images", float>(tf::shape<batch, 784>);
constexpr auto classes = tf::placeholder<"classes", tf::i64>(tf::shape<batch>);

auto softmax_regression() {
  auto w = tf::variable<"softmax/w">(tf::zeros(tf::shape<784, 10>));
  auto b = tf::variable<"softmax/b">(tf::zeros(tf::shape<10>));
  return tf::matmul(images, w) + b;
}

auto network() {
  auto w1 = tf::get_variable<"hidden/w">(tf::shape<784, 128>, tf::glorot_uniform_initializer(tf::seed(1)));
  auto b1 = tf::variable<"hidden/b">(tf::zeros(tf::shape<128>));
  auto w2 = tf::get_variable<"output/w">(tf::shape<128, 10>, tf::glorot_uniform_initializer(tf::seed(2)));
  auto b2 = tf::variable<"output/b">(tf::zeros(tf::shape<10>));
  return tf::matmul(tf::nn::relu(tf::matmul(images, w1) + b1), w2) + b2;
}

/// Trains the model that computes `logits` and gives back what it reads in the test images.
template <class Logits>
xt::xtensor<tf::i64, 1> train(char const* name, Logits logits, tf::datasets::splits& data, int steps) {
  auto loss =
      tf::reduce_mean(tf::nn::sparse_softmax_cross_entropy_with_logits(tf::labels = classes, tf::logits = logits));
  auto step = tf::train::GradientDescentOptimizer(0.3f).minimize(loss);
  auto read = tf::argmax(logits, tf::axis<1>);
  auto accuracy = tf::reduce_mean(tf::cast<float>(tf::equal(read, classes)));

  std::printf("%s\n", name);
  std::fflush(stdout);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  auto train_step = sess.make_callable(tf::fetch(loss, accuracy, step), images, classes);
  tf::data::progress bar(steps);
  for (int i = 1; i <= steps; ++i) {
    auto [some_images, some_classes] = data.train.next_sparse_batch(100);
    auto [loss_now, accuracy_now, done] = train_step(some_images, some_classes);
    bar.update(i, loss_now, accuracy_now);
  }
  auto [test_accuracy, answers] =
      sess.run(tf::fetch(accuracy, read), images = data.test.images, classes = data.test.classes);
  std::printf("test accuracy %.4f\n\n", test_accuracy);
  return answers;
}

/// Draws the first digits that were read wrongly, without their margins, so that three fit in a terminal.
void show_mistakes(tf::datasets::dataset const& test, xt::xtensor<tf::i64, 1> const& answers) {
  constexpr int side = 24, margin = 2, most = 3;
  std::vector<std::vector<float>> cut;
  std::vector<tf::data::picture> pictures;
  for (std::size_t i = 0; i < answers.size() && cut.size() < most; ++i) {
    if (answers(i) == test.classes(i)) continue;
    std::vector<float>& pixels = cut.emplace_back();
    for (int k = 0; k < side * side; ++k)
      pixels.push_back(test.images(i, (k / side + margin) * 28 + k % side + margin));
    pictures.push_back({pixels.data(), tf::data::digit_caption(test.classes(i), answers(i)), side, side});
  }
  if (pictures.empty()) return;
  std::puts("some of what the network reads wrongly:");
  tf::data::show_pictures(pictures);
}

int main(int argc, char** argv) {
  try {
    options const o = read_options(argc, argv);
    if (o.help) return std::fputs(usage, stdout), 0;
    auto data = o.data.empty() ? tf::datasets::digits::draw() : tf::datasets::mnist::read_data_sets(o.data);
    std::printf("%s: %lld digits to train with, %lld to test\n\n", o.data.empty() ? "drawn here" : o.data.c_str(),
                static_cast<long long>(data.train.size()), static_cast<long long>(data.test.size()));
    train("softmax regression, 784-10", softmax_regression(), data, o.steps);
    auto const answers = train("network, 784-128-10", network(), data, o.steps);
    show_mistakes(data.test, answers);
  } catch (tf::errors::Error const& error) {
    std::fprintf(stderr, "04_digits: %s\n", error.what());
    return 2;
  }
}
