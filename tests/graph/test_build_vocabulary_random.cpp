// SPDX-License-Identifier: Apache-2.0
// Random ops inside functions over handles: a name, and what it is given, is the identity of each one's stream.
#include <support/build_test.hpp>

namespace tf = tfx;
using op_test::flat;
using op_test::same;

namespace {
auto const x = tf::placeholder<"x", float>(tf::shape<64>);
auto const y = tf::placeholder<"y", float>(tf::shape<64>);
std::vector<float> const ones(64, 1.0f);

auto const drops = tf::build([](auto h) { return tf::nn::dropout(h, 0.5f, "drop"); });
}  // namespace

TEST_CASE("build: random ops of a seed draw what they draw elsewhere") {
  auto const [a, b, c, d, e, f, g, h] = tf::build([](auto h) {
    return std::tuple{
        tf::nn::dropout(h, 0.5f, "a", tf::seed(7)),
        tf::nn::dropout<"b">(h, 0.25f, tf::seed<8>),
        tf::random_normal_like<"c">(h, 1, 0.5, tf::seed(9)),
        tf::random_uniform_like(h, -1, 3, "d", tf::seed(10)),
        tf::random_normal({3}, 0, 0.1, "e", tf::seed(11)) + tf::reduce_sum(h) * 0.0f,
        tf::truncated_normal({3}, "f", tf::seed(12)) + tf::reduce_sum(h) * 0.0f,
        tf::cast<float>(tf::random_uniform<int>({30}, 2, 7, "g", tf::seed(13))) + tf::reduce_sum(h) * 0.0f,
        tf::random_shuffle<"h">(tf::range<float>(64), tf::seed(14)) + h};
  })(x);
  auto const typed =
      tf::fetch(tf::nn::dropout(x, 0.5f, tf::seed(7)), tf::nn::dropout(x, 0.25f, tf::seed(8)),
                tf::random_normal_like(x, 1, 0.5, tf::seed(9)), tf::random_uniform_like(x, -1, 3, tf::seed(10)),
                tf::random_normal(tf::shape<3>, 0, 0.1, tf::seed(11)), tf::truncated_normal(tf::shape<3>, tf::seed(12)),
                tf::cast<float>(tf::random_uniform<int>(tf::shape<30>, 2, 7, tf::seed(13))),
                tf::random_shuffle(tf::range<float, 0, 64>(), tf::seed(14)) + x);
  tf::Session sess;
  for (int run = 0; run < 2; ++run) {
    auto const [built, expected] = sess.run(tf::fetch(tf::fetch(a, b, c, d, e, f, g, h), typed), x = ones);
    build_test::check_all_equal(built, expected);
  }
}
TEST_CASE("build: two random ops of one name are one for one input, and differ for others") {
  auto const [one, same_one, other, named] = tf::build([](auto h, auto k) {
    return std::tuple{tf::nn::dropout(h, 0.5f, "d"), tf::nn::dropout(h, 0.5f, "d"), tf::nn::dropout(k, 0.5f, "d"),
                      tf::nn::dropout(h, 0.5f, "e")};
  })(x, y);
  tf::Session sess;
  auto const [a, b, c, d] = sess.run(tf::fetch(one, same_one, other, named), x = ones, y = ones);
  CHECK(flat(a) == flat(b));
  CHECK(flat(a) != flat(c));
  CHECK(flat(a) != flat(d));
  CHECK(flat(c) != flat(d));
}
TEST_CASE("build: a function that drops out may be applied twice in one run, to one input and to others") {
  auto const first = drops(x), second = drops(x);
  auto const third = drops(y);
  auto const [dx] = tf::gradients(first, x);
  tf::Session sess;
  auto const [a, b, c, d] = sess.run(tf::fetch(first, second, third, dx), x = ones, y = ones);
  CHECK(flat(a) == flat(b));
  CHECK(flat(a) != flat(c));
  CHECK(flat(a) == flat(d));
  CHECK(flat(sess.run(first, x = ones)) != flat(a));
}
TEST_CASE("build: a mask of a shape of its own") {
  auto const dropped = tf::build([](auto h) {
    auto const rows = tf::reshape(h, {8, 8});
    return tf::nn::dropout<"first">(rows, 0.5f, tf::shape<8, 1>) + tf::nn::dropout(rows, 0.5f, {8, 1}, "second");
  })(x);
  tf::Session sess;
  auto const value = sess.run(dropped, x = ones);
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t k = 1; k < 8; ++k) CHECK(value(i, k) == value(i, 0));
}
