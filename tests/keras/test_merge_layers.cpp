// SPDX-License-Identifier: Apache-2.0
#include <support/slopes.hpp>
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/add.hpp>
#include <tfx/keras/layers/average.hpp>
#include <tfx/keras/layers/concatenate.hpp>
#include <tfx/keras/layers/dot.hpp>
#include <tfx/keras/layers/maximum.hpp>
#include <tfx/keras/layers/minimum.hpp>
#include <tfx/keras/layers/multiply.hpp>
#include <tfx/keras/layers/subtract.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using op_test::check_gradient;
using op_test::layer_name;
using op_test::same;
using op_test::spread;
using op_test::tensor;

namespace {
constexpr auto batch = tf::dim<"batch">;
constexpr auto length = tf::dim<"time">;
}  // namespace

TEST_CASE("merge layers: values of two and of three inputs") {
  auto const a = keras::Input<"a", double>(tf::shape<2>);
  auto const b = keras::Input<"b", double>(tf::shape<2>);
  auto const c = keras::Input<"c", double>(tf::shape<2>);
  auto const sum = layers::add(a, b, c);
  static_assert(std::is_same_v<decltype(sum)::shape_type, tf::shape_t<batch, 2>>);
  CHECK(layer_name(sum) == "add");
  CHECK(layer_name(layers::multiply<"gate">(a, b)) == "gate");
  tf::Session sess;
  auto const [add, subtract, multiply, average, maximum, minimum, two, joined] =
      sess.run(tf::fetch(sum, layers::subtract(a, b), layers::multiply(a, b, c), layers::average(a, b, c),
                         layers::maximum(a, b, c), layers::minimum(a, b, c), layers::Maximum<"two">()(b, c),
                         layers::concatenate(a, b, c)),
               a = {{1, -2}, {3, 4}}, b = {{5, 6}, {-7, 8}}, c = {{9, -10}, {11, 12}});
  CHECK(same(add, {15, -6, 7, 24}));
  CHECK(same(subtract, {-4, -8, 10, -4}));
  CHECK(same(multiply, {45, 120, -231, 384}));
  CHECK(same(average, {5, -2, 7.0 / 3, 8}));
  CHECK(same(maximum, {9, 6, 11, 12}));
  CHECK(same(minimum, {1, -10, -7, 4}));
  CHECK(same(two, {9, 6, 11, 12}));
  CHECK(same(joined, {1, -2, 5, 6, 9, -10, 3, 4, -7, 8, 11, 12}));
}

TEST_CASE("merge layers: broadcast along rows' axes and behind the batch") {
  auto const sequence = keras::Input<"sequence", double>(tf::shape<length, 2>);
  auto const vector = keras::Input<"vector", double>(tf::shape<2>);
  auto const column = keras::Input<"column", double>(tf::shape<length, 1>);
  auto const sum = layers::add(sequence, vector);
  auto const scaled = layers::multiply(column, sequence);
  static_assert(std::is_same_v<decltype(sum)::shape_type, tf::shape_t<batch, length, 2>>);
  static_assert(std::is_same_v<decltype(scaled)::shape_type, tf::shape_t<batch, length, 2>>);
  tf::Session sess;
  auto const [s, m] =
      sess.run(tf::fetch(sum, scaled), sequence = tensor<double, 3>({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}),
               vector = {{10, 20}, {30, 40}}, column = tensor<double, 3>({2, 2, 1}, {1, 2, 3, 4}));
  CHECK(same(s, {11, 22, 13, 24, 35, 46, 37, 48}));
  CHECK(same(m, {1, 2, 6, 8, 15, 18, 28, 32}));
}

TEST_CASE("dot: along an axis of each, cosines, more axes") {
  auto const u = keras::Input<"u", double>(tf::shape<3>);
  auto const v = keras::Input<"v", double>(tf::shape<3>);
  auto const p = keras::Input<"p", double>(tf::shape<2, 3>);
  auto const q = keras::Input<"q", double>(tf::shape<3, 4>);
  auto const r = keras::Input<"r", double>(tf::shape<2, 2, 3>);
  auto const uv = layers::dot<1>(u, v);
  auto const cosine = layers::Dot<1>(keras::normalize)(u, v);
  auto const pq = layers::dot<2, 1>(p, q);
  auto const pv = layers::dot<2, 1>(p, v);
  auto const vq = layers::dot<1, 1>(v, q);
  auto const last = layers::dot<-1, -2>(p, q);
  auto const rq = layers::dot<3, 1>(r, q);
  static_assert(std::is_same_v<decltype(uv)::shape_type, tf::shape_t<batch, 1>>);
  static_assert(std::is_same_v<decltype(pq)::shape_type, tf::shape_t<batch, 2, 4>>);
  static_assert(std::is_same_v<decltype(pv)::shape_type, tf::shape_t<batch, 2>>);
  static_assert(std::is_same_v<decltype(rq)::shape_type, tf::shape_t<batch, 2, 2, 4>>);
  auto const x = tensor<double, 2>({2, 3}, spread(6, -1, 1)), y = tensor<double, 2>({2, 3}, spread(6, -1, 1, 5));
  auto const a = tensor<double, 3>({2, 2, 3}, spread(12, -1, 1, 7)),
             b = tensor<double, 3>({2, 3, 4}, spread(24, -1, 1, 9));
  auto const c = tensor<double, 4>({2, 2, 2, 3}, spread(24, -1, 1, 11));
  tf::Session sess;
  auto const got = sess.run(tf::fetch(uv, cosine, pq, pv, vq, last, rq), u = x, v = y, p = a, q = b, r = c);
  std::vector<double> dots, cosines, of_pq, of_pv, of_vq, of_rq;
  for (std::size_t n = 0; n < 2; ++n) {
    double xy = 0, xx = 0, yy = 0;
    for (std::size_t k = 0; k < 3; ++k) xy += x(n, k) * y(n, k), xx += x(n, k) * x(n, k), yy += y(n, k) * y(n, k);
    dots.push_back(xy);
    cosines.push_back(xy / std::sqrt(xx * yy));
    for (std::size_t i = 0; i < 2; ++i) {
      double sum = 0;
      for (std::size_t k = 0; k < 3; ++k) sum += a(n, i, k) * y(n, k);
      of_pv.push_back(sum);
      for (std::size_t j = 0; j < 4; ++j) {
        double product = 0;
        for (std::size_t k = 0; k < 3; ++k) product += a(n, i, k) * b(n, k, j);
        of_pq.push_back(product);
      }
      for (std::size_t l = 0; l < 2; ++l)
        for (std::size_t j = 0; j < 4; ++j) {
          double product = 0;
          for (std::size_t k = 0; k < 3; ++k) product += c(n, i, l, k) * b(n, k, j);
          of_rq.push_back(product);
        }
    }
    for (std::size_t j = 0; j < 4; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < 3; ++k) sum += y(n, k) * b(n, k, j);
      of_vq.push_back(sum);
    }
  }
  CHECK(same(std::get<0>(got), dots, 1e-12));
  CHECK(same(std::get<1>(got), cosines, 1e-12));
  CHECK(same(std::get<2>(got), of_pq, 1e-12));
  CHECK(same(std::get<3>(got), of_pv, 1e-12));
  CHECK(same(std::get<4>(got), of_vq, 1e-12));
  CHECK(same(std::get<5>(got), of_pq, 1e-12));
  CHECK(same(std::get<6>(got), of_rq, 1e-12));
}

TEST_CASE("dot: extents that only a run tells") {
  auto const p = keras::Input<"p", double>(tf::shape<length, 2>);
  auto const q = keras::Input<"q", double>(tf::shape<tf::dim<"other">, 2>);
  auto const pq = layers::dot<2>(p, q);
  static_assert(std::is_same_v<decltype(pq)::shape_type, tf::shape_t<batch, length, tf::dim<"other">>>);
  tf::Session sess;
  CHECK(same(sess.run(pq, p = tensor<double, 3>({1, 1, 2}, {1, 2}), q = tensor<double, 3>({1, 2, 2}, {3, 4, 5, 6})),
             {11, 17}));
}

TEST_CASE("merge layers: derivatives") {
  check_gradient(
      tf::shape<batch, 2, 3>, std::array<std::size_t, 3>{2, 2, 3}, spread(12, 0.2, 1),
      [](auto x) { return layers::add(x, tf::square(x)); }, [](auto x) { return layers::subtract(tf::square(x), x); },
      [](auto x) { return layers::average(x, tf::square(x), x); },
      [](auto x) { return layers::multiply(x, tf::exp(x)); });
  check_gradient(
      tf::shape<batch, 2, 3>, std::array<std::size_t, 3>{2, 2, 3}, spread(12, 0.2, 1),
      [](auto x) { return layers::maximum(x, 1.0 - x); }, [](auto x) { return layers::minimum(x, 1.0 - x); },
      [](auto x) { return layers::concatenate(tf::axis<1>, x, tf::square(x)); });
  check_gradient(
      tf::shape<batch, 2, 3>, std::array<std::size_t, 3>{2, 2, 3}, spread(12, 0.2, 1),
      [](auto x) { return layers::dot<2>(x, tf::exp(x)); },
      [](auto x) { return layers::dot<1>(x, tf::exp(x), keras::normalize); });
}
