// SPDX-License-Identifier: Apache-2.0
// Loops over the elements of a convolution, or of many products, run in their kernel: the places are rows of channels.
#include <support/op_test.hpp>
#include <tfx/op/nn/conv2d.hpp>
#include "passes.hpp"

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto n = tf::dim<"n">;
template <class... X>
constexpr int steps = passes<X...>::count.steps;
auto image(std::size_t count) { return tensor<float, 4>({count, 6, 7, 3}, spread(count * 126, -1, 1)); }
}  // namespace

TEST_CASE("epilogue: bias, activation, residual and a mask of pixels of a convolution") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 6, 7, 3>);
  auto const w = tf::placeholder<"w", float>(tf::shape<3, 3, 3, 20>);
  auto const bias = tf::placeholder<"bias", float>(tf::shape<20>);
  auto const mask = tf::placeholder<"mask", float>(tf::shape<n, 6, 7, 1>);
  auto const rows = tf::placeholder<"rows", float>(tf::shape<6, 1, 1>);
  auto const product = tf::nn::conv2d(x, w, tf::strides<1, 1>, tf::padding::SAME);
  auto const y = tf::nn::relu(product + bias) * mask + product;
  auto const pointwise = tf::nn::conv2d(x, tf::slice(w, tf::index<1, 1, 0, 0>, tf::shape<1, 1, 3, 20>),
                                        tf::strides<1, 1>, tf::padding::SAME) +
                         bias;
  static_assert(steps<decltype(y)> == 1 && steps<decltype(pointwise)> == 2);
  // What differs along some axes of an image only is no row of a matrix; nor is what few channels make.
  static_assert(steps<decltype(product * rows)> == 2);
  auto const narrow = tf::placeholder<"narrow", float>(tf::shape<3, 3, 3, 8>);
  static_assert(steps<decltype(tf::nn::relu(tf::nn::conv2d(x, narrow, tf::strides<1, 1>, tf::padding::SAME)))> == 2);
  tf::Session sess;
  auto const vw = tensor<float, 4>({3, 3, 3, 20}, spread(540, -1, 1, 3));
  auto const vbias = tensor<float, 1>({20}, spread(20, -1, 1, 5));
  for (std::size_t count : {2u, 1u, 0u}) {
    auto const vm = tensor<float, 4>({count, 6, 7, 1}, spread(count * 42, -1, 1, 7));
    auto const p = sess.run(product, x = image(count), w = vw);
    auto const [got, one] = sess.run(tf::fetch(y, pointwise), x = image(count), w = vw, bias = vbias, mask = vm);
    std::vector<double> expected;
    for (std::size_t i = 0; i < p.size(); ++i) {
      float const b = vbias.data()[i % 20], m = vm.data()[i / 20];
      expected.push_back(std::max(p.data()[i] + b, 0.f) * m + p.data()[i]);
    }
    CHECK(same(got, expected, 1e-5));
    CHECK(one.size() == got.size());
  }
}

TEST_CASE(
    "epilogue: the optimizer's update is made where the gradient of a filter is, and a mask where an image's is") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 6, 7, 3>);
  auto const first = tf::variable<"first">(tf::fill(tf::shape<3, 3, 3, 16>, 0.125f));
  auto const second = tf::variable<"second">(tf::fill(tf::shape<2, 2, 16, 17>, 0.0625f));
  auto const h = tf::nn::relu(tf::nn::conv2d(x, first, tf::strides<1, 1>, tf::padding::SAME));
  auto const y = tf::nn::relu(tf::nn::conv2d(h, second, tf::strides<2, 2>, tf::padding::VALID));
  auto const loss = tf::reduce_sum(tf::square(y));
  auto const [slope1, slope2] = tf::gradients(loss, first, second);
  auto const train = tf::train::GradientDescentOptimizer(0.01f).minimize(loss);
  // Two convolutions, the slope of the loss, the gradients of the second image and of both filters.
  static_assert(steps<decltype(train)> <= 6);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  auto const [d1, d2] = sess.run(tf::fetch(slope1, slope2), x = image(5));
  sess.run(train, x = image(5));
  auto const [f, s] = sess.run(tf::fetch(first, second));
  for (std::size_t i = 0; i < f.size(); ++i) CHECK(near(f.data()[i], 0.125 - 0.01 * double(d1.data()[i]), 1e-5));
  for (std::size_t i = 0; i < s.size(); ++i) CHECK(near(s.data()[i], 0.0625 - 0.01 * double(d2.data()[i]), 1e-5));
}

TEST_CASE("epilogue: many products have one, deep ones keep their parts in scratch") {
  auto const a = tf::placeholder<"a", double>(tf::shape<3, n, 200>);
  auto const b = tf::placeholder<"b", double>(tf::shape<3, 200, 18>);
  auto const bias = tf::placeholder<"bias", double>(tf::shape<18>);
  auto const product = tf::matmul(a, b);
  auto const y = tf::tanh(product + bias);
  static_assert(steps<decltype(y)> == 1 && steps<decltype(product), decltype(y)> == 2);
  tf::Session sess;
  auto const va = tensor<double, 3>({3, 5, 200}, spread(3000, -1, 1)),
             vb = tensor<double, 3>({3, 200, 18}, spread(10800, -1, 1, 3));
  auto const vbias = tensor<double, 1>({18}, spread(18, -1, 1, 5));
  auto const p = sess.run(product, a = va, b = vb);
  auto const got = sess.run(y, a = va, b = vb, bias = vbias);
  for (std::size_t i = 0; i < p.size(); ++i)
    CHECK(near(got.data()[i], std::tanh(p.data()[i] + vbias.data()[i % 18]), 1e-12));
}
