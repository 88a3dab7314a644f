// SPDX-License-Identifier: Apache-2.0
// covers: batch_dot space_to_depth
#include <tfx/op/array/space_to_depth.hpp>
#include <tfx/op/math/batch_dot.hpp>
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto n = tf::dim<"n">;
constexpr auto h = tf::dim<"h">;
constexpr auto w = tf::dim<"w">;
using numbers = std::vector<double>;
}  // namespace

TEST_CASE("batch_dot: vectors and matrices, along any axes") {
  auto const a = tf::placeholder<"a", double>(tf::shape<n, 3>);
  auto const x = tf::placeholder<"x", double>(tf::shape<n, h, 3>);
  auto const y = tf::placeholder<"y", double>(tf::shape<n, 3, 2>);
  auto const vectors = tf::batch_dot(a, a, tf::axis<1>);
  auto const right = tf::batch_dot(a, x, tf::axes<1, 2>);
  auto const left = tf::batch_dot(x, a, tf::axes<-1, -1>);
  auto const both = tf::batch_dot(x, y, tf::axes<2, 1>);
  auto const turned = tf::batch_dot(y, x, tf::axes<1, 2>);
  static_assert(decltype(vectors)::shape_type::value[1] == 1);
  static_assert(decltype(both)::shape_type::value[2] == 2);
  tf::Session sess;
  for (std::size_t const rows : {4u, 1u, 0u}) {
    numbers const av = spread(6, -1, 1), xv = spread(6 * rows, -1, 1, 3), yv = spread(12, -1, 1, 5);
    auto const got = sess.run(tf::fetch(vectors, right, left, both, turned), a = tensor<double, 2>({2, 3}, av),
                              x = tensor<double, 3>({2, rows, 3}, xv), y = tensor<double, 3>({2, 3, 2}, yv));
    numbers squares, of_rows, product, other;
    for (std::size_t b = 0; b < 2; ++b) {
      auto const sum = [](auto term) { return term(std::size_t(0)) + term(std::size_t(1)) + term(std::size_t(2)); };
      squares.push_back(sum([&](std::size_t k) { return av[b * 3 + k] * av[b * 3 + k]; }));
      auto const meet = [&](std::size_t i, std::size_t j) {
        return sum([&](std::size_t k) { return xv[(b * rows + i) * 3 + k] * yv[(b * 3 + k) * 2 + j]; });
      };
      for (std::size_t i = 0; i < rows; ++i) {
        of_rows.push_back(sum([&](std::size_t k) { return av[b * 3 + k] * xv[(b * rows + i) * 3 + k]; }));
        for (std::size_t j = 0; j < 2; ++j) product.push_back(meet(i, j));
      }
      for (std::size_t j = 0; j < 2; ++j)
        for (std::size_t i = 0; i < rows; ++i) other.push_back(meet(i, j));
    }
    CHECK(same(std::get<0>(got), squares, 1e-12));
    CHECK(same(std::get<1>(got), of_rows, 1e-12));
    CHECK(same(std::get<2>(got), of_rows, 1e-12));
    CHECK(same(std::get<3>(got), product, 1e-12));
    CHECK(same(std::get<4>(got), other, 1e-12));
  }
}

TEST_CASE("batch_dot: more axes, the others of x and then those of y") {
  auto const x = tf::placeholder<"x", std::int32_t>(tf::shape<n, 2, h, 3>);
  auto const y = tf::placeholder<"y", std::int32_t>(tf::shape<n, h, 2>);
  auto const z = tf::batch_dot(x, y, tf::axes<2, 1>);
  tf::Session sess;
  auto const got = sess.run(z, x = tensor<std::int32_t, 4>({1, 2, 2, 3}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}),
                            y = tensor<std::int32_t, 3>({1, 2, 2}, {1, 2, 3, 4}));
  CHECK(got.shape()[3] == 2);
  // Σ over h of x[i, h, j] y[h, k]
  CHECK(same(got, {9, 12, 13, 18, 17, 24, 33, 48, 37, 54, 41, 60}));
}

TEST_CASE("batch_dot, space_to_depth, depth_to_space: derivatives") {
  auto const other = tf::sin(tf::cast<double>(tf::reshape(tf::range<12>(), tf::shape<2, 3, 2>)));
  auto const derived = [&](auto shape) {
    check_gradient(
        shape, std::array<std::size_t, 3>{2, 3, 2}, spread(12, -1, 1),
        [](auto const& x) { return tf::batch_dot(x, x, tf::axis<1>); },
        [&](auto const& x) { return tf::batch_dot(tf::sin(x), other, tf::axes<2, 2>); },
        [](auto const& x) { return tf::batch_dot(tf::reduce_sum(x, tf::axis<2>), tf::square(x), tf::axis<1>); },
        [](auto const& x) {
          auto const rows = tf::reduce_sum(x, tf::axis<2>);
          return tf::batch_dot(rows, tf::exp(rows), tf::axis<1>);
        });
  };
  derived(tf::shape<2, 3, 2>);
  derived(tf::shape<2, h, 2>);
  check_gradient(
      tf::shape<n, h, w, 4>, std::array<std::size_t, 4>{1, 2, 4, 4}, spread(32, -1, 1),
      [](auto const& x) { return tf::space_to_depth(x * x, tf::block_size<2>); },
      tf::build([](auto x) { return tf::depth_to_space(tf::sin(x), tf::block_size<2>); }));
}

TEST_CASE("space_to_depth, depth_to_space: TensorFlow's order") {
  auto const x = tf::placeholder<"x", std::int32_t>(tf::shape<1, h, w, 1>);
  auto const deep = tf::space_to_depth(x, tf::block_size<2>);
  tf::Session sess;
  numbers v;
  for (int i = 1; i <= 16; ++i) v.push_back(i);
  auto const [blocks, back] = sess.run(tf::fetch(deep, tf::depth_to_space(deep, tf::block_size<2>)),
                                       x = tensor<std::int32_t, 4>({1, 4, 4, 1}, v));
  CHECK(same(blocks, {1, 2, 5, 6, 3, 4, 7, 8, 9, 10, 13, 14, 11, 12, 15, 16}));
  CHECK(same(back, v));
  CHECK(refusal([&] { sess.run(deep, x = tensor<std::int32_t, 4>({1, 3, 2, 1}, numbers(6))); }) ==
        "Dimension size must be evenly divisible by 2 but is 3");
}
