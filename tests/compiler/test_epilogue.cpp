// SPDX-License-Identifier: Apache-2.0
// Loops over the elements of a product run in its kernel.
#include <cmath>
#include <support/op_test.hpp>
#include <vector>
#include "passes.hpp"

namespace tf = tfx;

namespace {
template <class T>
xt::xtensor<T, 2> wave(std::size_t rows, std::size_t columns, double step) {
  xt::xtensor<T, 2> x({rows, columns});
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<T>(std::sin(step * static_cast<double>(i)));
  return x;
}
template <class... X>
constexpr int steps = passes<X...>::count.steps;
/// max |a - b|.
double distance(auto const& a, auto const& b) {
  double most = a.size() == b.size() ? 0 : 1e300;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
    most = std::max(most, std::abs(double(a.data()[i]) - double(b.data()[i])));
  return most;
}
}  // namespace

TEST_CASE_TEMPLATE("epilogue: bias, activation and residual of products of many sizes", T, float, double) {
  auto const a = tf::placeholder<"a", T>(tf::shape<tf::dyn, tf::dyn>);
  auto const b = tf::placeholder<"b", T>(tf::shape<tf::dyn, tf::dyn>);
  auto const bias = tf::placeholder<"bias", T>(tf::shape<tf::dyn>);
  auto const column = tf::placeholder<"column", T>(tf::shape<tf::dyn, 1>);
  auto const product = tf::matmul(a, b);
  auto const y = tf::nn::relu(product + bias) * column + product;
  static_assert(steps<decltype(y)> == 1);
  tf::Session sess;
  for (std::size_t m : {1u, 2u, 13u, 40u})
    for (std::size_t n : {1u, 15u, 16u, 33u, 70u})
      for (std::size_t k : {0u, 1u, 17u, 300u, 700u}) {
        auto const va = wave<T>(m, k, .37), vb = wave<T>(k, n, .21), vc = wave<T>(m, 1, 1.3);
        xt::xtensor<T, 1> vbias = xt::ones<T>({n}) * T(0.25);
        auto const p = sess.run(product, a = va, b = vb);
        auto const got = sess.run(y, a = va, b = vb, bias = vbias, column = vc);
        xt::xtensor<T, 2> expected({m, n});
        for (std::size_t i = 0; i < m; ++i)
          for (std::size_t j = 0; j < n; ++j) expected(i, j) = std::max(p(i, j) + vbias(j), T(0)) * vc(i, 0) + p(i, j);
        CHECK(distance(got, expected) <=
              1e-4 * (1 + std::sqrt(double(k))) * double(std::numeric_limits<T>::epsilon()) * 1e4);
      }
}

TEST_CASE("epilogue: several results are stored, those that are read elsewhere among them") {
  auto const x = tf::placeholder<"x", float>(tf::shape<20, 30>);
  auto const w = tf::placeholder<"w", float>(tf::shape<30, 40>);
  auto const h = tf::tanh(tf::matmul(x, w));
  auto const positive = tf::greater(h, 0.5f);
  auto const wide = tf::cast<double>(h) * 2.0;
  static_assert(steps<decltype(h), decltype(positive), decltype(wide)> == 1);
  auto const total = tf::reduce_sum(h);
  static_assert(steps<decltype(total)> == 2);  // a reduction has its own loop
  tf::Session sess;
  auto const vx = wave<float>(20, 30, .3), vw = wave<float>(30, 40, .7);
  auto const product = sess.run(tf::matmul(x, w), x = vx, w = vw);
  auto const [vh, vpositive, vwide, sum] = sess.run(tf::fetch(h, positive, wide, total), x = vx, w = vw);
  double expected = 0;
  for (std::size_t i = 0; i < product.size(); ++i) {
    float const value = std::tanh(product.data()[i]);
    expected += double(value);
    CHECK(std::abs(vh.data()[i] - value) < 1e-6f);
    CHECK(vpositive.data()[i] == (vh.data()[i] > 0.5f));
    CHECK(vwide.data()[i] == 2.0 * double(vh.data()[i]));
  }
  CHECK(std::abs(double(sum) - expected) < 1e-3);
}
TEST_CASE("epilogue: a product that something else needs is stored, and so is one of few columns") {
  auto const x = tf::placeholder<"x", float>(tf::shape<20, 30>);
  auto const w = tf::placeholder<"w", float>(tf::shape<30, 40>);
  auto const product = tf::matmul(x, w);
  auto const y = tf::nn::relu(product);
  static_assert(steps<decltype(y)> == 1 && steps<decltype(y), decltype(product)> == 2);
  static_assert(steps<decltype(tf::matmul(y, tf::matmul(product, y, tf::transpose_a)))> == 4);
  auto const narrow = tf::placeholder<"narrow", float>(tf::shape<30, 10>);
  static_assert(steps<decltype(tf::nn::relu(tf::matmul(x, narrow)))> == 2);
  auto const whole = tf::placeholder<"whole", int>(tf::shape<20, 20>);
  static_assert(steps<decltype(tf::matmul(whole, whole) + whole)> == 2);
}
TEST_CASE("epilogue: of two products one takes the loop, the other is stored") {
  auto const x = tf::placeholder<"x", double>(tf::shape<20, 20>);
  auto const y = tf::placeholder<"y", double>(tf::shape<20, 20>);
  auto const both = tf::matmul(x, y) - tf::matmul(y, x);
  static_assert(steps<decltype(both)> == 2);
  tf::Session sess;
  auto const vx = wave<double>(20, 20, .3), vy = wave<double>(20, 20, .7);
  auto const [a, b] = sess.run(tf::fetch(tf::matmul(x, y), tf::matmul(y, x)), x = vx, y = vy);
  CHECK(distance(sess.run(both, x = vx, y = vy), xt::xtensor<double, 2>(a - b)) < 1e-12);
}
TEST_CASE_TEMPLATE("epilogue: the optimizer's update is made where the gradient is", Depth,
                   std::integral_constant<int, 8>, std::integral_constant<int, 300>) {
  constexpr int k = Depth::value;
  auto const x = tf::placeholder<"x", float>(tf::shape<k, 20>);
  auto const w = tf::variable<"w">(tf::fill(tf::shape<20, 32>, 0.5f));
  auto const loss = tf::reduce_sum(tf::square(tf::matmul(x, w)));
  auto const [dw] = tf::gradients(loss, w);
  auto const train = tf::train::GradientDescentOptimizer(0.01f).minimize(loss);
  tf::Session sess;
  auto const vx = wave<float>(k, 20, .3);
  sess.run(tf::global_variables_initializer(train));
  auto const slope = sess.run(dw, x = vx);
  sess.run(train, x = vx);
  auto const after = sess.run(w);
  for (std::size_t i = 0; i < after.size(); ++i)
    CHECK(std::abs(after.data()[i] - (0.5f - 0.01f * slope.data()[i])) <= 1e-6f * (1 + std::abs(slope.data()[i])));
  // The product, its slope, and the update in the epilogue of the gradient; a deep one adds up its parts in scratch.
  static_assert(steps<decltype(train)> == 2);
  constexpr std::size_t product = k * 32 * 4, sums = k > 256 ? 20 * 32 * 4 : 0;
  static_assert(decltype(tf::plan(train))::arena_bytes() == product + sums);
}
TEST_CASE("epilogue: a variable that the product reads is not overwritten by it") {
  auto const w = tf::variable<"w">(tf::placeholder<"first", double>(tf::shape<20, 20>));
  auto const first = tf::placeholder<"first", double>(tf::shape<20, 20>);
  auto const squared = w.assign(tf::matmul(w, w) * 0.5 + w);
  tf::Session sess;
  auto const start = wave<double>(20, 20, .3);
  sess.run(tf::global_variables_initializer(squared), first = start);
  auto const product = sess.run(tf::matmul(w, w));
  sess.run(squared);
  CHECK(distance(sess.run(w), xt::xtensor<double, 2>(product * 0.5 + start)) < 1e-12);
}
TEST_CASE("epilogue: a loop that reads what a variable becomes waits for it, the product does not") {
  auto const w = tf::variable<"w">(tf::fill(tf::shape<20, 20>, 1.0));
  auto const x = tf::placeholder<"x", double>(tf::shape<20, 20>);
  auto const doubled = w.assign(w * 2.0);
  auto const y = tf::nn::relu(tf::matmul(x, w)) + tf::reduce_sum(doubled);
  auto const z = tf::nn::relu(tf::matmul(x, w)) + doubled;
  tf::Session sess;
  sess.run(tf::global_variables_initializer(y));
  xt::xtensor<double, 2> const ones = xt::ones<double>({20, 20});
  CHECK(sess.run(y, x = ones)(3, 4) == 20 + 800);
  CHECK(sess.run(z, x = ones)(3, 4) == 40 + 4);
  CHECK(sess.run(w)(0, 0) == 4);
}
TEST_CASE_TEMPLATE("epilogue: products of few elements, each side of a static size", T, float, double) {
  auto const check = []<int M, int N, int K>(std::integral_constant<int, M>, std::integral_constant<int, N>,
                                             std::integral_constant<int, K>) {
    auto const a = tf::placeholder<"a", T>(tf::shape<M, K>);
    auto const b = tf::placeholder<"b", T>(tf::shape<N, K>);
    auto const bias = tf::placeholder<"bias", T>(tf::shape<N>);
    auto const product = tf::matmul(a, b, tf::transpose_b);
    auto const y = tf::where(tf::greater(product, bias), product, bias);
    static_assert(steps<decltype(y)> == 1);
    tf::Session sess;
    auto const va = wave<T>(M, K, .37), vb = wave<T>(N, K, .21);
    xt::xtensor<T, 1> vbias = xt::ones<T>({N}) * T(0.25);
    auto const p = sess.run(product, a = va, b = vb);
    auto const got = sess.run(y, a = va, b = vb, bias = vbias);
    for (std::size_t i = 0; i < p.size(); ++i)
      CHECK(std::abs(double(got.data()[i] - (p.data()[i] > T(0.25) ? p.data()[i] : T(0.25)))) < 1e-6);
  };
  using std::integral_constant;
  check(integral_constant<int, 2>{}, integral_constant<int, 16>{}, integral_constant<int, 3>{});
  check(integral_constant<int, 16>{}, integral_constant<int, 16>{}, integral_constant<int, 16>{});
  check(integral_constant<int, 3>{}, integral_constant<int, 17>{}, integral_constant<int, 2>{});
}
