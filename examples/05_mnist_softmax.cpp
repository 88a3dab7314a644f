// SPDX-License-Identifier: Apache-2.0
// Reads handwritten digits by softmax regression, 784-10. --help tells how to save, resume and log.
#include <cstdio>
#include <optional>
#include <tfx/data/digits.hpp>
#include <tfx/data/progress.hpp>
#include <tfx/tfx.hpp>
#include "options.hpp"
namespace tf = tfx;

int main(int argc, char** argv) try {
  options const o = read_options(argc, argv, {"mnist_softmax", 3000});
  auto data = o.data.empty() ? tf::datasets::digits::draw() : tf::datasets::mnist::read_data_sets(o.data);

  constexpr auto batch = tf::dim<"batch">;
  auto images = tf::placeholder<"images", float>(tf::shape<batch, 784>);
  auto classes = tf::placeholder<"classes", tf::i64>(tf::shape<batch>);
  auto w = tf::variable<"w">(tf::zeros(tf::shape<784, 10>));
  auto b = tf::variable<"b">(tf::zeros(tf::shape<10>));
  auto logits = tf::matmul(images, w) + b;
  auto loss =
      tf::reduce_mean(tf::nn::sparse_softmax_cross_entropy_with_logits(tf::labels = classes, tf::logits = logits));
  auto accuracy = tf::reduce_mean(tf::cast<float>(tf::equal(tf::argmax(logits, tf::axis<1>), classes)));
  auto steps = tf::train::get_or_create_global_step();
  auto train = tf::train::GradientDescentOptimizer(0.3f).minimize(loss, tf::global_step = steps);
  auto summary = tf::summary::merge(tf::summary::scalar<"loss">(loss), tf::summary::scalar<"accuracy">(accuracy));

  tf::Session sess;
  tf::train::Saver saver(train);
  if (o.restore.empty()) {
    sess.run(tf::global_variables_initializer(train));
  } else {
    saver.restore(sess, o.restore);
  }
  std::optional<tf::summary::FileWriter> log;
  if (!o.logs.empty()) log.emplace(o.logs, tf::Graph(train, summary));

  constexpr int batch_size = 100;
  auto step = sess.make_callable(tf::fetch(loss, accuracy, summary, train), images, classes);
  tf::i64 const done = sess.run(steps);
  data.train.skip(done * batch_size);
  tf::data::progress bar(o.steps, done);
  for (tf::i64 i = done + 1; i <= o.steps; ++i) {
    auto [some_images, some_classes] = data.train.next_sparse_batch(batch_size);
    auto [error, right, event, trained] = step(some_images, some_classes);
    bar.update(i, error, right);
    if (log && i % 10 == 0) log->add_summary(event, i);
    if (!o.checkpoint.empty() && (i % 100 == 0 || i == o.steps)) saver.save(sess, o.checkpoint, i);
  }
  std::printf("test accuracy %.4f\n", sess.run(accuracy, images = data.test.images, classes = data.test.classes));
} catch (tf::errors::Error const& error) {
  std::fprintf(stderr, "mnist_softmax: %s\n", error.what());
  return 2;
}
