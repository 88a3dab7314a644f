// SPDX-License-Identifier: Apache-2.0
// covers: random_like
#include <tfx/op/random/random_like.hpp>
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto n = tf::dim<"n">;
using numbers = std::vector<double>;
}  // namespace

TEST_CASE("random_normal_like, random_uniform_like: what the op of that shape draws") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dyn, 3>);
  auto const late = tf::placeholder<"late", double>();
  auto const named = tf::placeholder<"named", float>(tf::shape<n, 3>);
  auto const all = tf::fetch(tf::random_normal_like(x, tf::seed(7)), tf::random_normal(tf::shape<n, 3>, tf::seed(7)),
                             tf::random_uniform_like(x, -2, 3, tf::seed(8)),
                             tf::random_uniform(tf::shape<n, 3>, -2.0f, 3.0f, tf::seed(8)),
                             tf::random_normal_like(late, 1.0, 0.5, tf::seed(9)), tf::reduce_sum(named));
  tf::Session sess;
  for (std::size_t const rows : {2u, 5u, 0u}) {
    auto const fed = tensor<float, 2>({rows, 3}, numbers(rows * 3));
    auto const got = sess.run(all, x = fed, named = fed, late = tensor<double, 1>({2000}, numbers(2000)));
    CHECK(same(std::get<0>(got), flat(std::get<1>(got))));
    CHECK(same(std::get<2>(got), flat(std::get<3>(got))));
    double sum = 0, squares = 0;
    for (double const v : flat(std::get<4>(got))) {
      sum += v / 2000;
      squares += (v - 1) * (v - 1) / 2000;
    }
    CHECK(near(sum, 1, 0.05));
    CHECK(near(squares, 0.25, 0.05));
  }
}

TEST_CASE("random_normal_like: noise on what is trained, which takes the gradient through") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n, 2>);
  auto const y = x + tf::random_normal_like(x * 2.0, 0, 0.1);
  auto const [dx] = tf::gradients(tf::square(y), x);
  tf::Session sess;
  auto const [value, gradient] = sess.run(tf::fetch(y, dx), x = tensor<double, 2>({2, 2}, {1, 2, 3, 4}));
  numbers twice = flat(value);
  for (double& v : twice) v *= 2;
  CHECK(same(gradient, twice, 1e-12));  // one draw in a run
  CHECK(flat(value) != numbers{1, 2, 3, 4});
}

TEST_CASE("random ops: of handles, under names") {
  auto const noisy = tf::build([](auto x) {
    for (int i = 0; i < 2; ++i) {
      x = x + 0.5 * tf::random_normal_like(x, tf::name_of("layer", i, "/noise"));
      x = tf::nn::dropout(x, 0.5, tf::name_of("layer", i, "/dropout"));
    }
    return x + tf::random_uniform_like(x, "more") + tf::random_normal<double>({1, 2}, "row") +
           tf::random_uniform<double>({x.shape()[0], 2}, "rows");
  });
  auto const x = tf::placeholder<"x", double>(tf::shape<n, 2>);
  auto const y = noisy(x);
  auto const [dx] = tf::gradients(y, x);
  tf::Session sess;
  auto const fed = tensor<double, 2>({3, 2}, {1, 2, 3, 4, 5, 6});
  auto const [first, gradient] = sess.run(tf::fetch(y, dx), x = fed);
  for (double const d : flat(gradient)) CHECK((d == 0 || d == 4));
  CHECK(flat(sess.run(y, x = fed)) != flat(first));
}

TEST_CASE("nn::dropout: of a batch that only a run knows") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dyn, 4>);
  auto const y = tf::nn::dropout(x, 0.5f);
  auto const in_build = tf::build([](auto h) { return tf::nn::dropout(h, 0.5, "drop"); })(x);
  auto const [dx] = tf::gradients(y, x);
  tf::Session sess;
  for (std::size_t const rows : {1u, 7u, 0u}) {
    auto const [value, other, gradient] =
        sess.run(tf::fetch(y, in_build, dx), x = tensor<float, 2>({rows, 4}, numbers(rows * 4, 1.0)));
    CHECK(same(gradient, flat(value)));
    for (double const v : flat(other)) CHECK((v == 0 || v == 2));
  }
}
