// SPDX-License-Identifier: Apache-2.0
// Reads handwritten digits by a convolutional network: two layers of convolutions with pools, two connected ones with
// dropout between. --help tells how to save, resume and log.
#include <algorithm>
#include <cstdio>
#include <optional>
#include <tfx/data/digits.hpp>
#include <tfx/data/progress.hpp>
#include <tfx/tfx.hpp>
#include <vector>
#include "options.hpp"
namespace tf = tfx;

// Weights of a layer, and a bias that lets its units begin alive.
template <tf::name Name, auto... Extents>
auto weights() {
  return tf::variable<Name / "w">(tf::truncated_normal(tf::shape<Extents...>, 0.0f, 0.1f));
}
template <tf::name Name, auto Units>
auto bias() {
  return tf::variable<Name / "b">(tf::fill(tf::shape<Units>, 0.1f));
}
template <tf::name Name, auto In, auto Out>
auto convolution(auto x) {
  auto h = tf::nn::conv2d(x, weights<Name, 5, 5, In, Out>(), tf::strides<1, 1>, tf::padding::SAME);
  return tf::nn::max_pool(tf::nn::relu(h + bias<Name, Out>()), tf::ksize<2, 2>, tf::strides<2, 2>, tf::padding::SAME);
}

int main(int argc, char** argv) try {
  options const o = read_options(argc, argv, {"mnist_cnn", 600});
  auto data = o.data.empty() ? tf::datasets::digits::draw() : tf::datasets::mnist::read_data_sets(o.data);

  constexpr auto batch = tf::dim<"batch">;
  auto images = tf::placeholder<"images", float>(tf::shape<batch, 784>);
  auto classes = tf::placeholder<"classes", tf::i64>(tf::shape<batch>);
  auto keep_prob = tf::placeholder<"keep_prob", float>(tf::shape<>);
  auto pictures = tf::reshape(images, tf::shape<batch, 28, 28, 1>);
  auto features = convolution<"conv2", 32, 64>(convolution<"conv1", 1, 32>(pictures));
  auto flat = tf::reshape(features, tf::shape<batch, 7 * 7 * 64>);
  auto hidden = tf::nn::relu(tf::matmul(flat, weights<"hidden", 7 * 7 * 64, 1024>()) + bias<"hidden", 1024>());
  auto dropped = tf::nn::dropout(hidden, keep_prob);
  auto logits = tf::matmul(dropped, weights<"output", 1024, 10>()) + bias<"output", 10>();

  auto loss =
      tf::reduce_mean(tf::nn::sparse_softmax_cross_entropy_with_logits(tf::labels = classes, tf::logits = logits));
  auto read = tf::argmax(logits, tf::axis<1>);
  auto accuracy = tf::reduce_mean(tf::cast<float>(tf::equal(read, classes)));
  auto steps = tf::train::get_or_create_global_step();
  auto train = tf::train::AdamOptimizer(1e-3f).minimize(loss, tf::global_step = steps);
  auto summary = tf::summary::merge(tf::summary::scalar<"loss">(loss), tf::summary::scalar<"accuracy">(accuracy));

  tf::Session sess;
  tf::train::Saver saver(train);
  sess.set_random_seed(0);
  if (o.restore.empty()) {
    sess.run(tf::global_variables_initializer(train));
  } else {
    saver.restore(sess, o.restore);
  }
  std::optional<tf::summary::FileWriter> log;
  if (!o.logs.empty()) log.emplace(o.logs, tf::Graph(train, summary));

  constexpr int batch_size = 50;
  auto step = sess.make_callable(tf::fetch(loss, accuracy, summary, train), images, classes, keep_prob);
  tf::i64 const done = sess.run(steps);
  data.train.skip(done * batch_size);
  tf::data::progress bar(o.steps, done);
  for (tf::i64 i = done + 1; i <= o.steps; ++i) {
    sess.set_random_seed(i);  // a step drops the same units, whether it is resumed or not
    auto [some_images, some_classes] = data.train.next_sparse_batch(batch_size);
    auto [error, right, event, trained] = step(some_images, some_classes, 0.5f);
    bar.update(i, error, right);
    if (log && i % 10 == 0) log->add_summary(event, i);
    if (!o.checkpoint.empty() && (i % 100 == 0 || i == o.steps)) saver.save(sess, o.checkpoint, i);
  }

  // The test images in parts, since the layers of all at once would fill a gigabyte.
  tf::i64 right = 0;
  std::vector<tf::data::picture> wrong;
  std::vector<decltype(data.test.next_sparse_batch(1))> parts;
  for (tf::i64 i = 0; i < data.test.size(); i += 500) {
    auto const& part =
        parts.emplace_back(data.test.next_sparse_batch(std::min<tf::i64>(500, data.test.size() - i), false));
    auto const answers = sess.run(read, images = part.images, keep_prob = 1.0f);
    for (std::size_t k = 0; k < answers.size(); ++k) {
      right += answers(k) == part.classes(k);
      if (answers(k) != part.classes(k) && wrong.size() < 2)
        wrong.push_back({&part.images(k, 0), tf::data::digit_caption(part.classes(k), answers(k))});
    }
  }
  tf::data::show_pictures(wrong);
  std::printf("test accuracy %.4f\n", static_cast<double>(right) / static_cast<double>(data.test.size()));
} catch (tf::errors::Error const& error) {
  std::fprintf(stderr, "mnist_cnn: %s\n", error.what());
  return 2;
}
