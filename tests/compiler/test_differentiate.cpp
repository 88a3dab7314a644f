// SPDX-License-Identifier: Apache-2.0
#include <compiler/passes.hpp>
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::same;
using op_test::spread;
using op_test::tensor;

namespace {
constexpr auto n = tf::dim<"n">;

/// Shapes and products mixed: of [rows, 4], through reshape, transpose, matmul, broadcast and reductions.
auto const mixed = [](auto const& x) {
  auto const square = tf::matmul(tf::transpose(x), x);                           // [4, 4]
  auto const row = tf::reduce_mean(x, tf::axis<0>);                              // [4]
  auto const bent = tf::tanh(square + row) * tf::reshape(row, tf::shape<4, 1>);  // [4, 4]
  auto const scaled = tf::matmul(x, bent) / (1.0 + tf::square(tf::reduce_sum(x, tf::axis<1>, tf::keepdims)));
  return tf::exp(-scaled) + tf::reshape(tf::reshape(x, tf::shape<-1>), tf::shape<-1, 4>);
};
auto const broadcasting = [](auto const& x) {
  auto const column = tf::reduce_sum(x, tf::axis<1>, tf::keepdims);
  return tf::reduce_sum(tf::broadcast_to(tf::reshape(tf::sin(column), tf::shape<-1, 1, 1>), tf::shape<3, 2, 2>) *
                            tf::expand_dims(column * column, tf::axis<2>),
                        tf::axis<0>);
};
auto const residual = [](auto const& x) {
  auto const a = x + tf::tanh(tf::matmul(x, tf::matmul(x, x, tf::transpose_a)));
  auto const b = a + tf::sigmoid(a) * x;
  return b + a * x;
};
}  // namespace

TEST_CASE("differentiate: reshape, transpose, matmul and broadcasts, static extents") {
  op_test::check_gradient(tf::shape<3, 4>, std::array<std::size_t, 2>{3, 4}, spread(12, -1, 1), mixed, broadcasting,
                          residual);
}
TEST_CASE("differentiate: reshape, transpose, matmul and broadcasts, symbolic extents") {
  op_test::check_gradient(tf::shape<n, 4>, std::array<std::size_t, 2>{5, 4}, spread(20, -1, 1, 3), mixed, residual);
}
TEST_CASE("differentiate: gradients of a product of matrices, of every way to transpose") {
  auto const a = [](auto const& x) { return tf::matmul(x, x); };
  auto const b = [](auto const& x) { return tf::matmul(x, tf::sin(x), tf::transpose_b); };
  auto const c = [](auto const& x) { return tf::matmul(x, x * x, tf::transpose_a); };
  auto const d = [](auto const& x) { return tf::matmul(x, tf::exp(x), tf::transpose_a, tf::transpose_b); };
  op_test::check_gradient(tf::shape<3, 3>, std::array<std::size_t, 2>{3, 3}, spread(9, -1, 1, 5), a, b, c, d);
}

TEST_CASE("differentiate: third and fourth derivatives") {
  auto const x = tf::placeholder<"x", double>(tf::shape<>);
  auto const y = tf::sin(x) * tf::exp(x);
  auto const [d1] = tf::gradients(y, x);
  auto const [d2] = tf::gradients(d1, x);
  auto const [d3] = tf::gradients(d2, x);
  auto const d4 = tf::jvp(d3, x, tf::ones<double>(tf::shape<>));  // forward over reverse
  tf::Session sess;
  auto const [v1, v2, v3, v4] = sess.run(tf::fetch(d1, d2, d3, d4), x = 0.7);
  double const s = std::sin(0.7), c = std::cos(0.7), e = std::exp(0.7);
  CHECK(v1 == doctest::Approx(e * (s + c)).epsilon(1e-13));
  CHECK(v2 == doctest::Approx(2 * e * c).epsilon(1e-13));
  CHECK(v3 == doctest::Approx(2 * e * (c - s)).epsilon(1e-13));
  CHECK(v4 == doctest::Approx(-4 * e * s).epsilon(1e-13));
}
TEST_CASE("differentiate: Hessian times vector, reverse over reverse and forward over reverse") {
  auto const x = tf::placeholder<"x", double>(tf::shape<2>);
  auto const v = tf::placeholder<"v", double>(tf::shape<2>);
  auto const x0 = tf::slice(x, tf::index<0>, tf::shape<1>);
  auto const x1 = tf::slice(x, tf::index<1>, tf::shape<1>);
  auto const rosenbrock = tf::reduce_sum(100.0 * tf::square(x1 - tf::square(x0)) + tf::square(1.0 - x0));
  auto const [g] = tf::gradients(rosenbrock, x);
  auto const [hv] = tf::gradients(tf::reduce_sum(g * v), x);
  tf::Session sess;
  auto const [first, reverse, forward] = sess.run(tf::fetch(g, hv, tf::jvp(g, x, v)), x = {-1.2, 1.0}, v = {1, 2});
  CHECK(same(first, {-215.6, -88}, 1e-12));
  CHECK(same(reverse, {1330 + 2 * 480, 480 + 2 * 200}, 1e-12));
  CHECK(same(forward, {1330 + 2 * 480, 480 + 2 * 200}, 1e-12));
}
TEST_CASE("differentiate: several targets and several losses, by one sweep of each loss") {
  auto const a = tf::placeholder<"a", double>(tf::shape<2>);
  auto const b = tf::placeholder<"b", double>(tf::shape<2>);
  auto const product = a * b;
  auto const [da, db, dp] = tf::gradients(tf::square(product), a, b, product);  // product is between
  auto const [da_sum] = tf::gradients(tf::reduce_sum(a) + tf::reduce_mean(b), a);
  tf::Session sess;
  auto const [va, vb, vp, vs] = sess.run(tf::fetch(da, db, dp, da_sum), a = {1, 2}, b = {3, 4});
  CHECK(same(va, {18, 64}));
  CHECK(same(vb, {6, 32}));
  CHECK(same(vp, {6, 16}));
  CHECK(same(vs, {1, 1}));
}
TEST_CASE("differentiate: the sum of y's elements is what is derived") {
  auto const x = tf::placeholder<"x", double>(tf::shape<3>);
  auto const row = tf::placeholder<"row", double>(tf::shape<2, 3>);
  auto const [dx] = tf::gradients(x + row, x);
  tf::Session sess;
  CHECK(same(sess.run(dx, x = {1, 2, 3}, row = {{1, 2, 3}, {4, 5, 6}}), {2, 2, 2}));
}
TEST_CASE("differentiate: y itself has the gradient one") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n>);
  auto const [dx] = tf::gradients(x, x);
  tf::Session sess;
  CHECK(same(sess.run(dx, x = {5.0, 6.0}), {1, 1}));
}
TEST_CASE("differentiate: stop_gradient cuts one path, in reverse and forward") {
  auto const x = tf::placeholder<"x", double>(tf::shape<2>);
  auto const v = tf::placeholder<"v", double>(tf::shape<2>);
  auto const y = x * tf::stop_gradient(tf::square(x)) + tf::stop_gradient(x);
  auto const [dx] = tf::gradients(y, x);
  tf::Session sess;
  auto const [reverse, forward] = sess.run(tf::fetch(dx, tf::jvp(y, x, v)), x = {3, 4}, v = {1, 10});
  CHECK(same(reverse, {9, 16}));
  CHECK(same(forward, {9, 160}));
}
TEST_CASE("differentiate: a gradient of a gradient that a stop cuts is refused, a constant one is zero") {
  auto const x = tf::placeholder<"x", double>(tf::shape<2>);
  auto const v = tf::placeholder<"v", double>(tf::shape<2>);
  auto const cut = tf::gradients(tf::stop_gradient(x) * v, x);
  using refused = std::remove_const_t<std::tuple_element_t<0, decltype(cut)>>;
  static_assert(!tf::can_run<refused, decltype(x = {1.0, 2.0}), decltype(v = {1.0, 2.0})>);
  tf::Session sess;
  CHECK(same(sess.run(tf::jvp(v * v, x, v), x = {1, 2}, v = {3, 4}), {0, 0}));
}
TEST_CASE("differentiate: the gradient along a variable, and along a tensor that is fed in between") {
  auto const w = tf::variable<"w">(tf::constant({1.0, 2.0}));
  auto const middle = w * w;
  auto const [dw, dm] = tf::gradients(tf::exp(middle), w, middle);
  tf::Session sess;
  sess.run(w.initializer());
  auto const [vw, vm] = sess.run(tf::fetch(dw, dm));
  CHECK(same(vw, {2 * std::exp(1), 4 * std::exp(4)}, 1e-12));
  CHECK(same(vm, {std::exp(1), std::exp(4)}, 1e-12));
  CHECK(same(sess.run(dm, middle = {0, 1}), {1, std::exp(1)}, 1e-12));
}
TEST_CASE("differentiate: an empty batch has gradients of zeros for what it shares") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n, 3>);
  auto const w = tf::variable<"w">(tf::ones<double>(tf::shape<3, 2>));
  auto const [dx, dw] = tf::gradients(tf::reduce_sum(tf::tanh(tf::matmul(x, w))), x, w);
  tf::Session sess;
  sess.run(w.initializer());
  auto const [gx, gw] = sess.run(tf::fetch(dx, dw), x = xt::xtensor<double, 2>(std::array<std::size_t, 2>{0, 3}));
  CHECK(gx.size() == 0);
  CHECK(same(gw, {0, 0, 0, 0, 0, 0}));
}
TEST_CASE("differentiate: a chain of 100 layers, and its gradient along the first") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n, 4>);
  auto const w = tf::placeholder<"w", double>(tf::shape<4, 4>);
  auto const layers = [](auto self, auto const& y, auto const& by, auto left) {
    if constexpr (left() == 0) {
      return y;
    } else {
      return self(self, tf::tanh(tf::matmul(y, by)) + y, by, std::integral_constant<int, left() - 1>{});
    }
  };
  auto const y = tf::reduce_mean(layers(layers, x, w, std::integral_constant<int, 100>{}));
  auto const [dx] = tf::gradients(y, x);
  using p = passes<decltype(y), decltype(dx)>;
  static_assert(count<tf::matmul_op>(p::simple) == 200);
  auto const both = tf::fetch(y, dx);
  tf::Session sess;
  auto const at = spread(8, -1, 1), weights = spread(16, -0.05, 0.05, 9);
  auto const value = [&](std::vector<double> const& values) {
    return sess.run(both, x = tensor<double, 2>({2, 4}, values), w = tensor<double, 2>({4, 4}, weights));
  };
  auto const gradient = op_test::flat(std::get<1>(value(at)));
  for (std::size_t i = 0; i < at.size(); ++i) {
    auto up = at, down = at;
    up[i] += 1e-5;
    down[i] -= 1e-5;
    CHECK(op_test::near(gradient[i], (std::get<0>(value(up)) - std::get<0>(value(down))) / 2e-5, 1e-6));
  }
}
