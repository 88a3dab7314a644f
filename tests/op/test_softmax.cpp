// SPDX-License-Identifier: Apache-2.0
// covers: softmax log_softmax softmax_cross_entropy_with_logits sparse_softmax_cross_entropy_with_logits one_hot argmax
// covers: argmin
#include <compiler/passes.hpp>
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto n = tf::dim<"n">;
auto const classes = tf::constant<"classes", std::int64_t>({2, 0});
auto const labels = tf::constant<"y", double>({{.2, .3, .5}, {1., 0., 0.}});

auto const soft = [](auto const& x) { return tf::nn::softmax(x); };
auto const log_soft = [](auto const& x) { return tf::nn::log_softmax(x); };
auto const columns = [](auto const& x) { return tf::nn::softmax(x, tf::axis<0>); };
auto const loss = [](auto const& x) {
  return tf::nn::softmax_cross_entropy_with_logits_v2(tf::labels = labels, tf::logits = x);
};
auto const sparse = [](auto const& x) {
  return tf::nn::sparse_softmax_cross_entropy_with_logits(tf::labels = classes, tf::logits = x);
};
// Of the loss's own gradient: the other output's derivatives.
auto const slope_of = [](auto const& build) {
  return [build](auto const& x) { return std::get<0>(tf::gradients(build(x), x)); };
};
auto const of_labels = [](auto const& x) {
  return tf::nn::softmax_cross_entropy_with_logits_v2(tf::logits = tf::sin(x), tf::labels = tf::nn::softmax(x));
};
}  // namespace

TEST_CASE("softmax: large logits, any axis") {
  tf::Session sess;
  auto const x = tf::constant<float>({{0, 0}, {1000, 0}});
  auto const [rows, down, logs] =
      sess.run(tf::fetch(tf::nn::softmax(x), tf::nn::softmax(x, tf::axis<0>), tf::nn::log_softmax(x)));
  CHECK(same(rows, {.5, .5, 1, 0}));
  CHECK(same(down, {0, .5, 1, .5}));
  CHECK(same(logs, {-.6931472, -.6931472, 0, -1000}));
}

TEST_CASE("softmax, log_softmax: gradients, static and symbolic") {
  std::vector<double> const at = spread(6, -2, 2);
  check_gradient(tf::shape<2, 3>, std::array<std::size_t, 2>{2, 3}, at, soft, columns);
  check_gradient(tf::shape<n, 3>, std::array<std::size_t, 2>{2, 3}, at, soft, log_soft);
}

TEST_CASE("softmax_cross_entropy_with_logits: values and gradients") {
  std::vector<double> const at = spread(6, -2, 2);
  check_gradient(tf::shape<2, 3>, std::array<std::size_t, 2>{2, 3}, at, loss, sparse);
  check_gradient(tf::shape<tf::dyn, 3>, std::array<std::size_t, 2>{2, 3}, at, loss, sparse, of_labels);

  check_gradient(tf::shape<tf::dyn, 3>, std::array<std::size_t, 2>{2, 3}, at, slope_of(loss), slope_of(sparse),
                 slope_of(of_labels));

  // The gradient is softmax(logits) - labels, and v1 takes labels for constants.
  auto const x = tf::placeholder<"x", double>(tf::shape<n, 3>);
  auto const y = tf::placeholder<"labels", double>(tf::shape<n, 3>);
  auto const v1 = tf::nn::softmax_cross_entropy_with_logits(tf::labels = y * x, tf::logits = x);
  auto const [dx] = tf::gradients(v1, x);
  auto const v2 = tf::nn::softmax_cross_entropy_with_logits_v2(tf::labels = y, tf::logits = x);
  auto const [dy] = tf::gradients(v2, y);
  tf::Session sess;
  auto const [got, expected, along_labels, logs, value] =
      sess.run(tf::fetch(dx, tf::nn::softmax(x) - x * y, dy, tf::nn::log_softmax(x), v2),
               x = tensor<double, 2>({2, 3}, at), y = tensor<double, 2>({2, 3}, spread(6, 0, 1, 3)));
  CHECK(same(got, flat(expected), 1e-12));
  for (std::size_t i = 0; i < 6; ++i) CHECK(near(along_labels.data()[i], -logs.data()[i], 1e-12));
  CHECK(value.size() == 2);
}

TEST_CASE("softmax_cross_entropy_with_logits: second derivatives for labels that do not sum to 1") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n, 3>);
  auto const y = tf::placeholder<"y", double>(tf::shape<n, 3>);
  auto const v = tf::placeholder<"v", double>(tf::shape<n, 3>);
  auto const g = tf::placeholder<"g", double>(tf::shape<n>);
  auto const rows = tf::nn::softmax_cross_entropy_with_logits_v2(tf::labels = y, tf::logits = x);
  auto const [dx] = tf::gradients(rows * g, x);
  auto const [dxx, dxy, dxg] = tf::gradients(dx * v, x, y, g);
  // TensorFlow's: (v - sum of v * softmax) * softmax, times the weight of the row.
  auto const p = tf::nn::softmax(x);
  auto const weight = tf::expand_dims(g, tf::axis<1>);
  auto const expected = weight * (v - tf::reduce_sum(v * p, tf::axis<1>, tf::keepdims)) * p;
  tf::Session sess;
  auto const [xx, xy, of_weight, of_x, of_y, forward, forward_y, product] =
      sess.run(tf::fetch(dxx, dxy, dxg, expected, -weight * v, tf::jvp(dx, x, v), tf::jvp(dx, y, v),
                         tf::reduce_sum((p - y) * v, tf::axis<1>)),
               x = tensor<double, 2>({2, 3}, spread(6, -2, 2)), y = tensor<double, 2>({2, 3}, spread(6, 0, 2, 3)),
               v = tensor<double, 2>({2, 3}, spread(6, -1, 1, 5)), g = {2.0, -3.0});
  CHECK(same(xx, flat(of_x), 1e-12));
  CHECK(same(forward, flat(of_x), 1e-12));
  CHECK(same(xy, flat(of_y), 1e-12));
  CHECK(same(forward_y, flat(of_y), 1e-12));
  CHECK(same(of_weight, flat(product), 1e-12));
}

TEST_CASE("softmax_cross_entropy_with_logits: one node gives loss and gradient, each where something needs it") {
  auto const x = tf::placeholder<"x", float>(tf::shape<100, 16>);
  auto const y = tf::placeholder<"y", float>(tf::shape<100, 16>);
  auto const c = tf::placeholder<"c", std::int32_t>(tf::shape<100>);
  auto const dense = tf::nn::softmax_cross_entropy_with_logits<"entropy">(tf::labels = y, tf::logits = x);
  auto const places = tf::nn::sparse_softmax_cross_entropy_with_logits(tf::labels = c, tf::logits = x);
  auto const dx = std::get<0>(tf::gradients(dense, x));
  auto const dx_places = std::get<0>(tf::gradients(places, x));
  constexpr std::size_t of_loss = 448, of_gradient = 6400;
  static_assert(tf::plan(dense).arena_bytes() == of_loss && tf::plan(dx).arena_bytes() == of_gradient);
  static_assert(tf::plan(dense, dx).arena_bytes() == of_loss + of_gradient);
  static_assert(tf::plan(places).arena_bytes() == of_loss && tf::plan(dx_places).arena_bytes() == of_gradient);
  using both = passes<decltype(dense), decltype(dx)>;
  using both_places = passes<decltype(places), decltype(dx_places)>;
  static_assert(both::count.steps == 1 && both_places::count.steps == 1);
  tf::Session sess;
  auto const values = tensor<float, 2>({100, 16}, spread(1600, -3, 3));
  std::vector<std::int32_t> classes;
  xt::xtensor<float, 2> rows({100, 16}, 0.0f);
  for (std::size_t i = 0; i < 100; ++i) {
    classes.push_back(static_cast<std::int32_t>(i * 5 % 16));
    rows(i, i * 5 % 16) = 1;
  }
  auto const [l, d] = sess.run(tf::fetch(dense, dx), x = values, y = rows);
  auto const [k, e, p] = sess.run(tf::fetch(places, dx_places, tf::nn::softmax(x)), x = values, c = classes);
  CHECK(same(l, flat(k)));
  CHECK(same(d, flat(e), 0));
  CHECK(same(d, flat(xt::xtensor<float, 2>(p - rows)), 0));
  CHECK(same(sess.run(dense, x = values, y = rows), flat(l), 0));
  CHECK(same(sess.run(dx_places, x = values, c = classes), flat(e), 0));
  CHECK(tf::Graph(dense).to_string() ==
        "x = Placeholder() float [100,16]\n"
        "y = Placeholder() float [100,16]\n"
        "StopGradient = StopGradient(y) float [100,16]\n"
        "entropy = SoftmaxCrossEntropyWithLogits(x, StopGradient) float [100], float [100,16]\n");
}

TEST_CASE("softmax_cross_entropy_with_logits: rows that are none or empty, a loss that is fed") {
  auto const k = tf::dim<"k">;
  auto const x = tf::placeholder<"x", float>(tf::shape<n, k>);
  auto const y = tf::placeholder<"y", float>(tf::shape<n, k>);
  auto const c = tf::placeholder<"c", std::int64_t>(tf::shape<n>);
  auto const dense = tf::nn::softmax_cross_entropy_with_logits(tf::labels = y, tf::logits = x);
  auto const places = tf::nn::sparse_softmax_cross_entropy_with_logits(tf::labels = c, tf::logits = x);
  auto const all =
      tf::fetch(dense, std::get<0>(tf::gradients(dense, x)), places, std::get<0>(tf::gradients(places, x)));
  tf::Session sess;
  auto const run = [&](std::size_t count, std::size_t width) {
    return sess.run(all, x = tensor<float, 2>({count, width}, spread(count * width, -1, 1)),
                    y = tensor<float, 2>({count, width}, std::vector<double>(count * width, 1)),
                    c = std::vector<std::int64_t>(count));
  };
  auto const [l, d, s, e] = run(0, 3);
  CHECK((l.size() == 0 && d.size() == 0 && s.size() == 0 && e.size() == 0));
  auto const [l1, d1, s1, e1] = run(2, 1);
  CHECK((same(l1, {0, 0}) && same(d1, {0, 0}) && same(s1, {0, 0}) && same(e1, {0, 0})));
  CHECK_THROWS_AS(run(2, 0), tf::errors::InvalidArgumentError);  // no class, so every label is a wrong one
  xt::xtensor<float, 2> const empty({2, 0});
  auto const [l0, d0] = sess.run(tf::fetch(dense, std::get<0>(tf::gradients(dense, x))), x = empty, y = empty);
  CHECK((same(l0, {0, 0}) && d0.size() == 0));

  auto const [dx] = tf::gradients(tf::square(dense), x);
  CHECK(same(sess.run(dx, x = {{0, 0}}, y = {{0, 1}}, dense = {3.0f}), {3, -3}));
}

TEST_CASE("softmax_cross_entropy_with_logits: in a function over handles") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n, 3>);
  auto const y = tf::placeholder<"y", double>(tf::shape<n, 3>);
  auto const c = tf::placeholder<"c", std::int32_t>(tf::shape<n>);
  auto const dense = tf::build(
      [](auto z, auto l) { return tf::nn::softmax_cross_entropy_with_logits(tf::labels = l, tf::logits = z * 2.0); });
  auto const places = tf::build([](auto z, auto l) {
    return tf::nn::sparse_softmax_cross_entropy_with_logits(tf::labels = l, tf::logits = z * 2.0);
  });
  auto const [dx] = tf::gradients(dense(x, y), x);
  auto const [dx_places] = tf::gradients(places(x, c), x);
  tf::Session sess;
  auto const [l, k, d, e, p] =
      sess.run(tf::fetch(dense(x, y), places(x, c), dx, dx_places, 2.0 * (tf::nn::softmax(2.0 * x) - y)),
               x = tensor<double, 2>({2, 3}, spread(6, -2, 2)), y = {{0.0, 0.0, 1.0}, {1.0, 0.0, 0.0}}, c = {2, 0});
  CHECK(same(l, flat(k), 1e-12));
  CHECK(same(d, flat(p), 1e-12));
  CHECK(same(e, flat(p), 1e-12));
}

TEST_CASE("sparse_softmax_cross_entropy_with_logits: a label out of range is refused") {
  auto const y = tf::placeholder<"y", int>(tf::shape<2>);
  auto const x = tf::placeholder<"x", float>(tf::shape<2, 3>);
  auto const z = tf::nn::sparse_softmax_cross_entropy_with_logits(tf::labels = y, tf::logits = x);
  auto const [dx] = tf::gradients(z, x);
  tf::Session sess;
  xt::xtensor<float, 2> const zeros = xt::zeros<float>({2, 3});
  CHECK(same(sess.run(z, x = zeros, y = {0, 2}), {std::log(3.0), std::log(3.0)}));
  auto const words = "Received a label value of 3 which is outside the valid range of [0, 3).  Label values: 0 3";
  CHECK_THROWS_WITH_AS((void)sess.run(z, x = zeros, y = {0, 3}), words, tf::errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS((void)sess.run(dx, x = zeros, y = {0, 3}), words, tf::errors::InvalidArgumentError);
}

TEST_CASE("one_hot: along any axis, nothing out of range") {
  tf::Session sess;
  auto const i = tf::constant({2, -1, 0});
  auto const [rows, columns_first] =
      sess.run(tf::fetch(tf::one_hot(i, tf::depth<3>), tf::one_hot<int>(i, tf::depth<3>, tf::axis<0>)));
  CHECK(same(rows, {0, 0, 1, 0, 0, 0, 1, 0, 0}));
  CHECK(same(columns_first, {0, 0, 1, 0, 0, 0, 1, 0, 0}));
  static_assert(std::is_same_v<decltype(tf::one_hot<int>(i, tf::depth<3>))::value_type, int>);
}

TEST_CASE("argmax, argmin: the first of equals, any axis, int64 or int32") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 3>);
  auto const last = tf::argmax(x, tf::axis<-1>);
  static_assert(std::is_same_v<decltype(last)::value_type, std::int64_t>);
  static_assert(std::is_same_v<decltype(tf::argmin<std::int32_t>(x))::value_type, std::int32_t>);
  tf::Session sess;
  auto const [a, b, c, d] =
      sess.run(tf::fetch(last, tf::argmax(x), tf::argmin(x, tf::axis<1>), tf::argmin<std::int32_t>(x)),
               x = tensor<float, 2>({2, 3}, {1, 5, 5, 9, 2, 2}));
  CHECK(same(a, {1, 0}));
  CHECK(same(b, {1, 0, 0}));
  CHECK(same(c, {0, 1}));
  CHECK(same(d, {0, 1, 1}));
}

TEST_CASE("argmax, argmin: an axis without elements is refused, before anything is written") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, tf::dim<"k">>);
  auto const steps = tf::variable<"steps">(tf::constant(0));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(steps));
  auto const fed = [](std::size_t rows, std::size_t width) { return xt::xtensor<float, 2>({rows, width}); };
  auto const step = tf::fetch(tf::assign_add(steps, 1), tf::argmax(x, tf::axis<-1>));
  CHECK_THROWS_WITH_AS(sess.run(tf::argmax(x), x = fed(0, 3)), "Reduction axis 0 is empty in shape [0,3]",
                       tf::errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(sess.run(tf::argmin<int>(x, tf::axis<1>), x = fed(0, 0)),
                       "Reduction axis 1 is empty in shape [0,0]", tf::errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(sess.run(step, x = fed(2, 0)), "Reduction axis -1 is empty in shape [2,0]",
                       tf::errors::InvalidArgumentError);
  CHECK(sess.run(steps) == 0);
  auto const [along, down] = sess.run(tf::fetch(tf::argmax(x, tf::axis<1>), tf::argmin(x)), x = fed(2, 3));
  CHECK(along.size() == 2);
  CHECK(down.size() == 3);
  CHECK(sess.run(tf::argmax(x, tf::axis<1>), x = fed(0, 3)).size() == 0);
  CHECK(sess.run(tf::argmax(x), x = fed(3, 0)).size() == 0);
}

TEST_CASE("argmax, argmin: NaN is never the place of a number") {
  float const nan = float(op_test::not_a_number);
  auto const x = tf::placeholder<"x", float>(tf::shape<3, n>);
  tf::Session sess;
  auto const [a, b, c] = sess.run(tf::fetch(tf::argmax(x, tf::axis<1>), tf::argmin(x, tf::axis<1>), tf::argmax(x)),
                                  x = {{nan, 2, 2, nan}, {nan, nan, nan, nan}, {1, nan, -1, 5}});
  CHECK(same(a, {1, 0, 3}));
  CHECK(same(b, {1, 0, 2}));
  CHECK(same(c, {2, 0, 0, 2}));
}
