// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>
#include <tfx/op/array/where_indices.hpp>

namespace tf = tfx;
using op_test::same, op_test::spread;

namespace {
/// The coordinates of what is not 0, one after another, by dividing places.
template <class T, std::size_t Rank>
std::vector<double> coordinates(xt::xtensor<T, Rank> const& x) {
  std::vector<double> out;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x.data()[i] == T{}) continue;
    std::size_t rest = i, at[Rank];
    for (std::size_t k = Rank; k-- > 0; rest /= x.shape()[k]) at[k] = rest % x.shape()[k];
    for (std::size_t const place : at) out.push_back(static_cast<double>(place));
  }
  return out;
}
template <std::size_t Rank>
xt::xtensor<bool, Rank> mask(std::array<std::size_t, Rank> shape, double share, unsigned seed = 1) {
  xt::xtensor<bool, Rank> out(shape);
  std::vector<double> const drawn = spread(out.size(), 0, 1, seed);
  for (std::size_t i = 0; i < out.size(); ++i) out.data()[i] = drawn[i] < share;
  return out;
}

auto const row = tf::placeholder<"row", bool>(tf::shape<tf::dyn>);
static_assert(decltype(tf::where(row))::shape == tf::shape<tf::dyn, 1>);
static_assert(std::is_same_v<decltype(tf::where(row))::value_type, std::int64_t>);
static_assert(decltype(tf::where<"here">(row))::name() == "here:0" && decltype(tf::where(row))::op_type() == "Where");
}  // namespace

TEST_CASE("where of a condition: coordinates in row-major order, of any rank, some, all and none true") {
  auto const box = tf::placeholder<"box", bool>(tf::shape<tf::dyn, 3, tf::dyn>);
  auto const all = tf::placeholder<"all", bool>(tf::shape<2, 1, 3, 1, 2, 1, 1, 2>);
  tf::Session sess;
  for (std::size_t n : {0u, 1u, 2u, 17u, 64u, 1001u})
    for (double share : {0.0, 0.3, 1.0}) {
      CAPTURE(n);
      auto const m = mask<1>({n}, share);
      auto const got = sess.run(tf::where(row), row = m);
      CHECK((got.shape()[0] == coordinates(m).size() && got.shape()[1] == 1));
      CHECK(same(got, coordinates(m)));
      auto const b = mask<3>({n, 3, 5}, share, 3);
      CHECK(same(sess.run(tf::where(box), box = b), coordinates(b)));
    }
  CHECK(sess.run(tf::where(box), box = mask<3>({4, 3, 0}, 1)).size() == 0);
  auto const eight = mask<8>({2, 1, 3, 1, 2, 1, 1, 2}, 0.5);
  CHECK(same(sess.run(tf::where(all), all = eight), coordinates(eight)));
}

TEST_CASE("where of a condition: numbers are true where they are not 0; computed conditions") {
  auto const x = tf::placeholder<"x", double>(tf::shape<tf::dim<"n">, 2>);
  auto const i = tf::placeholder<"i", std::int8_t>(tf::shape<tf::dim<"n">>);
  auto const z = tf::complex(x, tf::zeros_like(x));
  tf::Session sess;
  xt::xtensor<double, 2> const v{{0.0, op_test::not_a_number}, {-0.0, -1}, {0.5, 0}};
  auto const [a, b, c, d] =
      sess.run(tf::fetch(tf::where(x), tf::where(i), tf::where(x < 0.0), tf::where(z)), x = v, i = {0, -128, 3});
  CHECK(same(a, {0, 1, 1, 1, 2, 0}));
  CHECK(same(b, {1, 2}));
  CHECK(same(c, {1, 1}));
  CHECK(same(d, {0, 1, 1, 1, 2, 0}));
}

TEST_CASE("where of a condition: what is computed from the coordinates, also inside a function over handles") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dyn>);
  auto const places = tf::squeeze(tf::where(x > 0.0f), tf::axis<1>);
  auto const built = tf::build([](auto v) { return tf::gather(v, tf::squeeze(tf::where(v > 0.0f), tf::axis<1>)); });
  tf::Session sess;
  auto const [y, z, dx] =
      sess.run(tf::fetch(tf::gather(x, places), built(x), std::get<0>(tf::gradients(built(x), x))), x = {-1, 2, 0, 3});
  CHECK((same(y, {2, 3}) && same(z, {2, 3}) && same(dx, {0, 1, 0, 1})));
}
