// SPDX-License-Identifier: Apache-2.0
// covers: reverse reverse_sequence sequence_mask upsample
#include <tfx/op/array/reverse.hpp>
#include <tfx/op/array/reverse_sequence.hpp>
#include <tfx/op/array/sequence_mask.hpp>
#include <tfx/op/array/upsample.hpp>
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto n = tf::dim<"n">;
constexpr auto steps = tf::dim<"steps">;
using numbers = std::vector<double>;

/// For each place of an array of three axes where it is read.
template <class F>
numbers read_at(std::array<std::size_t, 3> to, std::array<std::size_t, 3> from, numbers const& x, F at) {
  numbers out;
  for (std::size_t i = 0; i < to[0]; ++i)
    for (std::size_t j = 0; j < to[1]; ++j)
      for (std::size_t k = 0; k < to[2]; ++k) {
        std::array<std::size_t, 3> const p = at(std::array<std::size_t, 3>{i, j, k});
        out.push_back(x[(p[0] * from[1] + p[1]) * from[2] + p[2]]);
      }
  return out;
}
}  // namespace

TEST_CASE("reverse: along any axes, of odd sizes and none") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, steps, tf::dyn>);
  auto const all = tf::fetch(tf::reverse(x, tf::axis<0>), tf::reverse(x, tf::axis<-1>), tf::reverse(x, tf::axes<0, 1>),
                             tf::reverse(x, tf::axes<2, 0>), tf::reverse(x, tf::axes<0, 1, 2>));
  tf::Session sess;
  for (auto const& e : {std::array<std::size_t, 3>{2, 3, 5}, {1, 7, 1}, {3, 0, 2}, {4, 2, 33}}) {
    numbers const v = spread(e[0] * e[1] * e[2], -1, 1);
    auto const got = sess.run(all, x = tensor<float, 3>(e, v));
    auto const turned = [&](bool a, bool b, bool c) {
      return read_at(e, e, v, [&](auto p) {
        return std::array<std::size_t, 3>{a ? e[0] - 1 - p[0] : p[0], b ? e[1] - 1 - p[1] : p[1],
                                          c ? e[2] - 1 - p[2] : p[2]};
      });
    };
    CHECK(same(std::get<0>(got), turned(true, false, false)));
    CHECK(same(std::get<1>(got), turned(false, false, true)));
    CHECK(same(std::get<2>(got), turned(true, true, false)));
    CHECK(same(std::get<3>(got), turned(true, false, true)));
    CHECK(same(std::get<4>(got), turned(true, true, true)));
  }
  auto const words = tf::constant<"words">({"a", "b", "c"});
  CHECK(sess.run(tf::reverse(words, tf::axis<0>))(0) == "c");
  CHECK(same(sess.run(tf::reverse(tf::range<4>(), tf::axis<0>)), {3, 2, 1, 0}));
}

TEST_CASE("reverse_sequence: whichever axis comes first") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, steps, 2>);
  auto const lengths = tf::placeholder<"lengths", std::int32_t>(tf::shape<tf::dyn>);
  auto const rows = tf::reverse_sequence(x, lengths, tf::axis<1>);
  auto const columns = tf::reverse_sequence(x, lengths, tf::axis<0>, tf::axis<1>);
  tf::Session sess;
  std::array<std::size_t, 3> const e{3, 4, 2};
  numbers const v = spread(24, -1, 1);
  std::array<std::size_t, 4> const row{0, 3, 4}, column{1, 0, 3, 2};
  auto const turn = [](std::size_t at, std::size_t length) { return at < length ? length - 1 - at : at; };
  CHECK(same(sess.run(rows, x = tensor<float, 3>(e, v), lengths = {0, 3, 4}),
             read_at(e, e, v, [&](auto p) { return std::array<std::size_t, 3>{p[0], turn(p[1], row[p[0]]), p[2]}; })));
  CHECK(same(sess.run(columns, x = tensor<float, 3>(e, v), lengths = {1, 0, 3, 2}), read_at(e, e, v, [&](auto p) {
               return std::array<std::size_t, 3>{turn(p[0], column[p[1]]), p[1], p[2]};
             })));
  CHECK(sess.run(rows, x = tensor<float, 3>({0, 4, 2}, {}), lengths = xt::xtensor<std::int32_t, 1>::from_shape({0}))
            .size() == 0);
  auto const run = [&](int length) {
    return refusal([&] { sess.run(rows, x = tensor<float, 3>({1, 4, 2}, numbers(8)), lengths = {length}); });
  };
  CHECK(run(5).find("seq_lens(0) > input.dims(1)") != std::string::npos);
  CHECK(run(-1).find("seq_lens(0) < 0") != std::string::npos);
  CHECK(refusal([&] { sess.run(rows, x = tensor<float, 3>({1, 4, 2}, numbers(8)), lengths = {1, 2}); }) != "");
}

TEST_CASE("sequence_mask: of numbers and of a dimension") {
  auto const lengths = tf::placeholder<"lengths", std::int64_t>(tf::shape<n, 2>);
  auto const x = tf::placeholder<"x", float>(tf::shape<n, steps>);
  tf::Session sess;
  auto const fed = tensor<std::int64_t, 2>({2, 2}, {0, 1, 3, 9});
  auto const [three, as_long_as_x] =
      sess.run(tf::fetch(tf::sequence_mask(lengths, tf::maxlen<3>),
                         tf::sequence_mask<float>(lengths, tf::maxlen<steps>) + tf::reduce_sum(x)),
               lengths = fed, x = tensor<float, 2>({2, 2}, {0, 0, 0, 0}));
  CHECK(same(three, {0, 0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1}));
  CHECK(same(as_long_as_x, {0, 0, 1, 0, 1, 1, 1, 1}));
  auto const masked = tf::build(
      [](auto l, auto sequences) { return tf::where(tf::sequence_mask(l, sequences.shape()[1]), sequences, 0.0); });
  auto const l = tf::placeholder<"l", std::int32_t>(tf::shape<n>);
  CHECK(same(sess.run(masked(l, x), l = {1, 2}, x = tensor<float, 2>({2, 3}, {1, 2, 3, 4, 5, 6})), {1, 0, 0, 4, 5, 0}));
}

TEST_CASE("upsample: boxes of equal elements") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, steps, 3>);
  auto const all = tf::fetch(tf::upsample(x, tf::factors<1, 2, 1>), tf::upsample(x, tf::factors<3, 1, 2>),
                             tf::upsample(x, tf::factors<1, 1, 1>));
  tf::Session sess;
  for (auto const& e : {std::array<std::size_t, 3>{2, 3, 3}, {1, 7, 3}, {3, 0, 3}}) {
    numbers const v = spread(e[0] * e[1] * e[2], -1, 1);
    auto const got = sess.run(all, x = tensor<float, 3>(e, v));
    auto const larger = [&](std::size_t a, std::size_t b, std::size_t c) {
      return read_at({e[0] * a, e[1] * b, e[2] * c}, e, v,
                     [&](auto p) { return std::array<std::size_t, 3>{p[0] / a, p[1] / b, p[2] / c}; });
    };
    CHECK(same(std::get<0>(got), larger(1, 2, 1)));
    CHECK(same(std::get<1>(got), larger(3, 1, 2)));
    CHECK(same(std::get<2>(got), v));
  }
  auto const scalar = tf::placeholder<"scalar", float>(tf::shape<>);
  CHECK(sess.run(tf::upsample(scalar, tf::factors<>), scalar = 2.0f) == 2.0f);
}

TEST_CASE("reverse, reverse_sequence, upsample: derivatives") {
  auto const lengths = tf::constant<"lengths">({1, 3});
  auto const derived = [&](auto shape) {
    check_gradient(
        shape, std::array<std::size_t, 3>{2, 3, 2}, spread(12, -1, 1),
        [](auto const& x) { return tf::reverse(tf::square(x), tf::axes<0, 2>); },
        [&](auto const& x) { return tf::reverse_sequence(tf::sin(x), lengths, tf::axis<1>); },
        [](auto const& x) { return tf::upsample(x * x, tf::factors<1, 2, 3>); },
        tf::build([](auto x) { return tf::upsample(tf::reverse(tf::exp(x), tf::axis<1>), {2, 1, 2}); }));
  };
  derived(tf::shape<2, 3, 2>);
  derived(tf::shape<2, steps, tf::dyn>);
}
