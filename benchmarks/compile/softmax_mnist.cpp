// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main(int argc, char** argv) {
  if (argc < 2) return std::puts("usage: softmax_mnist DIR"), 2;
  auto mnist = tf::datasets::mnist::read_data_sets(argv[1], {.one_hot = true});

  constexpr auto batch = tf::dim<"batch">;
  auto x = tf::placeholder<"x", float>(tf::shape<batch, 784>);
  auto y_true = tf::placeholder<"y_true", float>(tf::shape<batch, 10>);
  auto W = tf::variable<"W">(tf::zeros(tf::shape<784, 10>));
  auto b = tf::variable<"b">(tf::zeros(tf::shape<10>));
  auto logits = tf::matmul(x, W) + b;
  auto cross_entropy =
      tf::reduce_mean(tf::nn::softmax_cross_entropy_with_logits(tf::labels = y_true, tf::logits = logits));
  auto train_step = tf::train::GradientDescentOptimizer(0.5f).minimize(cross_entropy);
  auto correct = tf::equal(tf::argmax(logits, tf::axis<1>), tf::argmax(y_true, tf::axis<1>));
  auto accuracy = tf::reduce_mean(tf::cast<float>(correct));

  tf::Session sess;
  sess.run(tf::global_variables_initializer(train_step));
  for (int i = 0; i < 1000; ++i) {
    auto [batch_xs, batch_ys] = mnist.train.next_batch(100);
    sess.run(train_step, x = batch_xs, y_true = batch_ys);
  }
  std::printf("accuracy %.4f\n", sess.run(accuracy, x = mnist.test.images, y_true = mnist.test.labels));
}
