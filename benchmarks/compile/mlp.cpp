// SPDX-License-Identifier: Apache-2.0
// LAYERS layers of 64 relu units: forward, backward and update.
#include <cstdio>
#include <tfx/tfx.hpp>
#include <xtensor/xtensor.hpp>
namespace tf = tfx;
#ifndef LAYERS
#define LAYERS 10
#endif

/// "layer07".
template <int I>
constexpr auto layer_name() {
  tf::name<8> result("layer00");
  result.text[5] = '0' + I / 10 % 10;
  result.text[6] = '0' + I % 10;
  return result;
}

template <tf::name Name, int Inputs, int Units, class X>
auto dense(X x) {
  auto w = tf::get_variable<Name / "w">(tf::shape<Inputs, Units>);
  auto b = tf::get_variable<Name / "b">(tf::shape<Units>, tf::zeros_initializer());
  return tf::matmul(x, w) + b;
}

/// Layers First, First + 1, …: in halves, so that templates nest less deeply than there are layers.
template <int First, int Count, class X>
auto hidden(X x) {
  if constexpr (Count == 0) {
    return x;
  } else if constexpr (Count == 1) {
    constexpr int inputs = First == 0 ? 784 : 64;
    return tf::nn::relu(dense<layer_name<First>(), inputs, 64>(x));
  } else {
    return hidden<First + Count / 2, Count - Count / 2>(hidden<First, Count / 2>(x));
  }
}

int main() {
  constexpr auto batch = tf::dim<"batch">;
  auto x = tf::placeholder<"x", float>(tf::shape<batch, 784>);
  auto y_true = tf::placeholder<"y_true", float>(tf::shape<batch, 10>);
  auto logits = dense<"output", 64, 10>(hidden<0, LAYERS>(x));
  auto loss = tf::reduce_mean(tf::nn::softmax_cross_entropy_with_logits(tf::labels = y_true, tf::logits = logits));
  auto train = tf::train::GradientDescentOptimizer(0.01f).minimize(loss);

  xt::xtensor<float, 2> images({100, 784}), labels({100, 10});
  images.fill(0.5f);
  labels.fill(0.1f);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  for (int i = 0; i < 100; ++i) sess.run(train, x = images, y_true = labels);
  std::printf("loss %.4f\n", sess.run(loss, x = images, y_true = labels));
}
