// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>
#include <tfx/op/array/boolean_mask.hpp>

namespace tf = tfx;
using op_test::refusal, op_test::same, op_test::spread, op_test::tensor;

namespace {
constexpr auto n = tf::dim<"n">;

/// x [outer, |mask|, inner] where the mask is true.
std::vector<double> masked(std::vector<double> const& x, std::vector<bool> const& mask, std::size_t outer,
                           std::size_t inner) {
  std::vector<double> out;
  for (std::size_t o = 0; o < outer; ++o)
    for (std::size_t i = 0; i < mask.size(); ++i)
      for (std::size_t k = 0; mask[i] && k < inner; ++k) out.push_back(x[(o * mask.size() + i) * inner + k]);
  return out;
}
std::vector<bool> drawn(std::size_t count, double share) {
  std::vector<bool> out;
  for (double const d : spread(count, 0, 1, 9)) out.push_back(d < share);
  return out;
}
template <std::size_t Rank>
xt::xtensor<bool, Rank> as_mask(std::array<std::size_t, Rank> shape, std::vector<bool> const& mask) {
  xt::xtensor<bool, Rank> out(shape);
  for (std::size_t i = 0; i < mask.size(); ++i) out.data()[i] = mask[i];
  return out;
}

auto const x = tf::placeholder<"x", double>(tf::shape<n, 3, 2>);
auto const m = tf::placeholder<"m", bool>(tf::shape<n>);
static_assert(decltype(tf::boolean_mask(x, m))::shape == tf::shape<tf::dyn, 3, 2>);
}  // namespace

TEST_CASE("boolean_mask: masks of one axis and of several, at any axis, some, all and none true") {
  auto const m2 = tf::placeholder<"m2", bool>(tf::shape<n, 3>);
  auto const m3 = tf::placeholder<"m3", bool>(tf::shape<tf::dyn, 3, 2>);
  auto const inner = tf::placeholder<"inner", bool>(tf::shape<3, 2>);
  auto const last = tf::placeholder<"last", bool>(tf::shape<2>);
  auto const all = tf::fetch(tf::boolean_mask(x, m), tf::boolean_mask(x, m2), tf::boolean_mask(x, m3),
                             tf::boolean_mask(x, inner, tf::axis<1>), tf::boolean_mask(x, inner, tf::axis<-2>),
                             tf::boolean_mask(x, last, tf::axis<2>), tf::boolean_mask(x, last, tf::axis<-1>));
  tf::Session sess;
  for (std::size_t rows : {0u, 1u, 2u, 7u, 65u})
    for (double share : {0.0, 0.4, 1.0}) {
      CAPTURE(rows);
      std::vector<double> const v = spread(rows * 6, -1, 1);
      std::vector<bool> const a = drawn(rows, share), b = drawn(rows * 3, share), c = drawn(rows * 6, share),
                              d = drawn(6, share), e = drawn(2, share);
      auto const [y1, y2, y3, y4, y5, y6, y7] = sess.run(
          all, x = tensor<double, 3>({rows, 3, 2}, v), m = as_mask<1>({rows}, a), m2 = as_mask<2>({rows, 3}, b),
          m3 = as_mask<3>({rows, 3, 2}, c), inner = as_mask<2>({3, 2}, d), last = as_mask<1>({2}, e));
      CHECK(same(y1, masked(v, a, 1, 6)));
      CHECK(same(y2, masked(v, b, 1, 2)));
      CHECK(same(y3, masked(v, c, 1, 1)));
      CHECK((same(y4, masked(v, d, rows, 1)) && same(y5, masked(v, d, rows, 1)) && y4.dimension() == 2));
      CHECK((same(y6, masked(v, e, rows * 3, 1)) && same(y7, masked(v, e, rows * 3, 1)) && y6.shape()[1] == 3));
    }
}

TEST_CASE("boolean_mask: of integers, bool, complex numbers and strings; of what has no shape until it is fed") {
  auto const mask = tf::constant<"mask">({true, false, true});
  auto const late = tf::placeholder<"late", float>();
  auto const late_mask = tf::placeholder<"late_mask", bool>();
  tf::Session sess;
  auto const [ints, bits, texts, z] = sess.run(
      tf::fetch(tf::boolean_mask(tf::constant<std::int8_t>({5, 6, 7}), mask), tf::boolean_mask(mask, mask),
                tf::boolean_mask(tf::constant({"a", "b", "a text that is longer than fifteen letters"}), mask),
                tf::boolean_mask(tf::complex(tf::constant({1.0, 2.0, 3.0}), tf::constant({4.0, 5.0, 6.0})), mask)));
  CHECK((same(ints, {5, 7}) && same(bits, {1, 1})));
  CHECK((texts.size() == 2 && texts(0) == "a" && texts(1).size() > 15));
  CHECK((z.size() == 2 && z(1) == std::complex<double>(3, 6)));
  CHECK(same(sess.run(tf::boolean_mask(late, late_mask), late = xt::xtensor<float, 2>{{1, 2}, {3, 4}},
                      late_mask = xt::xtensor<bool, 2>{{true, false}, {false, true}}),
             {1, 4}));
}

TEST_CASE("boolean_mask: a mask of other extents is refused") {
  auto const open = tf::placeholder<"open", bool>(tf::shape<tf::dyn, tf::dyn>);
  auto const y = tf::boolean_mask(x, open);
  auto const made = tf::boolean_mask(x, tf::tile(open, tf::multiples<2, 1>));
  tf::Session sess;
  auto const v = tensor<double, 3>({4, 3, 2}, spread(24, -1, 1));
  CHECK(refusal([&] {
          sess.run(y, x = v, open = as_mask<2>({4, 2}, drawn(8, 1)));
        }).starts_with("Cannot feed value of shape [4,2] for Tensor 'open:0'"));
  CHECK_THROWS_AS(sess.run(y, x = v, open = as_mask<2>({3, 3}, drawn(9, 0))), tf::errors::InvalidArgumentError);
  CHECK(refusal([&] {
          sess.run(made, x = v, open = as_mask<2>({3, 3}, drawn(9, 0)));
        }).starts_with("Shapes [4,3] and [6,3] are incompatible"));
  CHECK(same(sess.run(y, x = v, open = as_mask<2>({4, 3}, drawn(12, 1))), spread(24, -1, 1)));
  CHECK(same(sess.run(made, x = v, open = as_mask<2>({2, 3}, drawn(6, 1))), spread(24, -1, 1)));
}

TEST_CASE("boolean_mask: derivatives go to where values were taken from; second order, static and symbolic") {
  auto const build = [](auto v) {
    auto const rows = tf::boolean_mask(v, tf::constant<"rows">({true, false, true}));
    auto const points = tf::boolean_mask(v, tf::constant<"points">({{true, false}, {true, true}, {false, false}}));
    auto const far = tf::boolean_mask(v, v > 0.75);  // where it stands depends on the value
    auto const mid = tf::boolean_mask(far, far < 0.93);
    return tf::reduce_sum(tf::square(rows), tf::axis<1>) * tf::reduce_mean(tf::sin(points)) *
           tf::reduce_sum(far * far) * tf::reduce_mean(mid);
  };
  std::vector<double> const at{0.5, 0.9, 0.6, 0.8, 0.7, 0.95};
  op_test::check_gradient(tf::shape<3, 2>, std::array<std::size_t, 2>{3, 2}, at, build);
  op_test::check_gradient(tf::shape<tf::dyn, 2>, std::array<std::size_t, 2>{3, 2}, at, build);
}
TEST_CASE("boolean_mask: derivatives of nothing and of everything") {
  auto const y = tf::boolean_mask(x, m);
  auto const [dx] = tf::gradients(tf::square(y), x);
  auto const fetched = tf::fetch(dx, tf::jvp(y, x, x));
  tf::Session sess;
  for (std::size_t rows : {0u, 3u}) {
    std::vector<double> const v = spread(rows * 6, -1, 1);
    std::vector<double> twice = v;
    for (double& d : twice) d *= 2;
    auto const in = tensor<double, 3>({rows, 3, 2}, v);
    auto const [none, still] = sess.run(fetched, x = in, m = std::vector<bool>(rows, false));
    CHECK((same(none, std::vector<double>(rows * 6, 0.0)) && still.size() == 0));
    auto const [all, moved] = sess.run(fetched, x = in, m = std::vector<bool>(rows, true));
    CHECK((same(all, twice) && same(moved, v)));
  }
}
