// SPDX-License-Identifier: Apache-2.0
// covers: softmax log_softmax softmax_cross_entropy_with_logits sparse_softmax_cross_entropy_with_logits one_hot argmax
// covers: argmin
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

TEST_CASE("sparse_softmax_cross_entropy_with_logits: a label out of range is refused") {
  auto const y = tf::placeholder<"y", int>(tf::shape<2>);
  auto const z =
      tf::nn::sparse_softmax_cross_entropy_with_logits(tf::labels = y, tf::logits = tf::zeros(tf::shape<2, 3>));
  tf::Session sess;
  CHECK(same(sess.run(z, y = {0, 2}), {std::log(3.0), std::log(3.0)}));
  CHECK_THROWS_WITH_AS((void)sess.run(z, y = {0, 3}),
                       "Received a label value of 3 which is outside the valid range of [0, 3).  Label values: 0 3",
                       tf::errors::InvalidArgumentError);
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
