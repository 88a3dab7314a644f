// SPDX-License-Identifier: Apache-2.0
// Shapes whose every dimension has a name, up to the highest rank.
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::near;

namespace {
constexpr auto all8 = tf::shape<tf::dim<"a">, tf::dim<"b">, tf::dim<"c">, tf::dim<"d">, tf::dim<"e">, tf::dim<"f">,
                                tf::dim<"g">, tf::dim<"h">>;
constexpr auto all5 = tf::shape<tf::dim<"a">, tf::dim<"b">, tf::dim<"c">, tf::dim<"d">, tf::dim<"e">>;

template <std::size_t Rank>
xt::xtensor<float, Rank> values(std::array<std::size_t, Rank> const& shape) {
  xt::xtensor<float, Rank> out(shape);
  for (std::size_t i = 0; i < out.size(); ++i) out.data()[i] = static_cast<float>(i % 13) - 6;
  return out;
}
auto const x5 = tf::placeholder<"x5", float>(all5);
auto const x8 = tf::placeholder<"x8", float>(all8);
auto const v5 = values<5>({2, 3, 1, 4, 2});
auto const v8 = values<8>({2, 3, 1, 2, 2, 1, 2, 3});
}  // namespace

TEST_CASE("named dims: five are one loop, its sums and its gradients") {
  auto const w = tf::placeholder<"w", float>(tf::shape<tf::dim<"e">>);
  auto const loss = tf::reduce_sum(tf::square(x5 * w + 3.0f));
  auto const [dx, dw] = tf::gradients(loss, x5, w);
  tf::Session sess;
  auto const [l, gx, gw] = sess.run(tf::fetch(loss, dx, dw), x5 = v5, w = {1.0f, 2.0f});
  double expected = 0, by[2] = {};
  for (std::size_t i = 0; i < v5.size(); ++i) {
    double const v = double{v5.data()[i]}, k = i % 2 == 0 ? 1 : 2, y = v * k + 3;
    expected += y * y;
    by[i % 2] += 2 * y * v;
    CHECK(near(gx.data()[i], 2 * y * k, 1e-4));
  }
  CHECK(near(l, expected, 1e-2));
  CHECK((near(gw(0), by[0], 1e-2) && near(gw(1), by[1], 1e-2)));
  CHECK(sess.run(tf::reduce_sum(x5, tf::axes<1, 3>), x5 = v5).shape() == std::array<std::size_t, 3>{2, 1, 2});
}
TEST_CASE("named dims: five are transposed and reshaped, and back") {
  tf::Session sess;
  CHECK(sess.run(tf::transpose(x5), x5 = v5)(1, 3, 0, 2, 1) == v5(1, 2, 0, 3, 1));
  CHECK(sess.run(tf::transpose(x5, tf::axes<0, 2, 1, 4, 3>), x5 = v5)(1, 0, 2, 1, 3) == v5(1, 2, 0, 3, 1));
  auto const back = tf::reshape(tf::reshape(x5, tf::shape<-1>) * 3.0f, all5);
  auto const [dx] = tf::gradients(tf::reduce_sum(tf::square(back)), x5);
  auto const [y, g] = sess.run(tf::fetch(back, dx), x5 = v5);
  CHECK((y(1, 2, 0, 3, 1) == 3 * v5(1, 2, 0, 3, 1) && g(1, 2, 0, 3, 1) == 18 * v5(1, 2, 0, 3, 1)));
}
TEST_CASE("named dims: eight are as good as five") {
  auto const turned = tf::transpose(x8);
  auto const padded = tf::pad(x8, tf::paddings<1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1>);
  auto const joined = tf::concat(tf::axis<3>, x8, x8);
  auto const flat = tf::reshape(x8, tf::shape<-1>);
  auto const loss = tf::reduce_sum(tf::square(turned)) + tf::reduce_sum(tf::square(padded)) +
                    tf::reduce_sum(tf::square(joined)) + tf::reduce_sum(tf::square(flat));
  auto const [dx] = tf::gradients(loss, x8);
  tf::Session sess;
  auto const [t, p, j, g] = sess.run(tf::fetch(turned, padded, joined, dx), x8 = v8);
  CHECK(t(2, 1, 0, 1, 1, 0, 2, 1) == v8(1, 2, 0, 1, 1, 0, 1, 2));
  CHECK((p(2, 2, 0, 1, 1, 0, 1, 2) == v8(1, 2, 0, 1, 1, 0, 1, 2) && p(0, 2, 0, 1, 1, 0, 1, 2) == 0));
  CHECK(j(1, 2, 0, 3, 1, 0, 1, 2) == v8(1, 2, 0, 1, 1, 0, 1, 2));
  for (std::size_t i = 0; i < v8.size(); ++i) CHECK(g.data()[i] == 10 * v8.data()[i]);
}
TEST_CASE("named dims: the copies of eight are summed in the gradient of tile") {
  auto const tiled = tf::tile(x8, tf::multiples<1, 2, 1, 1, 3, 1, 1, 2>);
  auto const [dx] = tf::gradients(tf::reduce_sum(tf::square(tiled)), x8);
  tf::Session sess;
  auto const [t, g] = sess.run(tf::fetch(tiled, dx), x8 = v8);
  CHECK(t(1, 4, 0, 1, 5, 0, 1, 4) == v8(1, 1, 0, 1, 1, 0, 1, 1));
  for (std::size_t i = 0; i < v8.size(); ++i) CHECK(g.data()[i] == 24 * v8.data()[i]);
}
