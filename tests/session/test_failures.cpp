// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::same;
using op_test::tensor;
using tf::errors::FailedPreconditionError;
using tf::errors::InvalidArgumentError;

namespace {
constexpr auto batch = tf::dim<"batch">;

auto const x = tf::placeholder<"x", float>(tf::shape<batch, 2>);
auto const labels = tf::placeholder<"labels", int>(tf::shape<batch>);
auto const a = tf::placeholder<"a", int>(tf::shape<4>);
auto const limit = tf::placeholder<"limit", int>(tf::shape<>);

auto const rows = tensor<float, 2>({3, 2}, {1, 2, 3, 4, 5, 6});
std::vector<int> const good{0, 2, 1}, bad{0, 1, 3};
}  // namespace

TEST_CASE("failure: a bad label changes no variable, whatever else the run does") {
  auto const W = tf::variable<"W">(tf::zeros(tf::shape<2, 3>));
  auto const steps = tf::variable<"steps">(tf::constant(0));
  auto const mean = tf::variable<"mean">(tf::zeros(tf::shape<2>));
  auto const logits = tf::matmul(x, W);
  auto const loss =
      tf::reduce_mean(tf::nn::sparse_softmax_cross_entropy_with_logits(tf::labels = labels, tf::logits = logits));
  auto const train = tf::train::GradientDescentOptimizer(0.5f).minimize(loss);
  auto const all = tf::group(mean.assign(tf::reduce_mean(x, tf::axis<0>)), train, steps.assign_add(1));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(all));
  for (int i = 0; i < 2; ++i) {
    CHECK_THROWS_WITH_AS(sess.run(all, x = rows, labels = bad),
                         "Received a label value of 3 which is outside the valid range of [0, 3).  Label values: 0 1 3",
                         InvalidArgumentError);
    CHECK_THROWS_AS(sess.run(train, x = rows, labels = bad), InvalidArgumentError);
    CHECK_THROWS_AS(sess.run(tf::fetch(all, loss), x = rows, labels = bad), InvalidArgumentError);
    auto const [w, s, m] = sess.run(tf::fetch(W, steps, mean));
    CHECK(same(w, {0, 0, 0, 0, 0, 0}));
    CHECK(s == 0);
    CHECK(same(m, {0, 0}));
  }
  sess.run(all, x = rows, labels = good);
  CHECK(sess.run(steps) == 1);
  CHECK(same(sess.run(mean), {3, 4}));
}
TEST_CASE("failure: the gradient refuses a label that the value refuses") {
  auto const z = tf::placeholder<"z", float>(tf::shape<batch, 3>);
  auto const entropy = tf::nn::sparse_softmax_cross_entropy_with_logits(tf::labels = labels, tf::logits = z);
  auto const values = tensor<float, 2>({3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  auto const [dz] = tf::gradients(entropy, z);
  tf::Session sess;
  CHECK_THROWS_AS(sess.run(entropy, z = values, labels = bad), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(dz, z = values, labels = bad), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(tf::jvp(entropy, z, z), z = values, labels = bad), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(dz, z = values, labels = std::vector<int>{-1, 0, 0}), InvalidArgumentError);
  CHECK(sess.run(dz, z = values, labels = good).size() == 9);
}
TEST_CASE("failure: an integer divided by zero writes nothing, fused or not") {
  auto const w = tf::variable<"w">(tf::constant({8, 6, 4, 2}));
  auto const v = tf::variable<"v">(tf::constant({1, 1, 1, 1}));
  tf::Session sess;
  sess.run(tf::variables_initializer(w, v));
  int const zero[] = {1, 1, 0, 1}, two[] = {2, 2, 2, 2};
  auto const quotient = tf::floordiv(w, a);
  auto const both = tf::group(v.assign_add(w + 1), w.assign_add(quotient), v.assign_sub(a));
  CHECK_THROWS_AS(sess.run(w.assign_add(quotient), a = zero), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(w.assign(tf::mod(w, a) + 1), a = zero), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(both, a = zero), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(tf::fetch(v.assign_add(1), quotient), a = zero), InvalidArgumentError);
  CHECK(same(sess.run(w), {8, 6, 4, 2}));
  CHECK(same(sess.run(v), {1, 1, 1, 1}));
  sess.run(both, a = two);
  CHECK(same(sess.run(w), {12, 9, 6, 3}));
  CHECK(same(sess.run(v), {8, 6, 4, 2}));
}
TEST_CASE("failure: what was written before the check that fails is put back") {
  auto const w = tf::variable<"w">(tf::constant({8, 6, 4, 2}));
  auto const total = tf::variable<"total">(tf::constant(0));
  tf::Session sess;
  sess.run(tf::variables_initializer(w, total));
  int const one[] = {1, 1, 1, 1}, two[] = {2, 2, 2, 2};
  // The divisor is what the assignment leaves.
  auto const counted = total.assign_add(1);
  auto const chain = tf::with_dependencies(tf::group(w.assign_sub(a), counted), tf::floordiv(a, w));
  CHECK(same(sess.run(chain, a = one), {0, 0, 0, 1}));
  CHECK(same(sess.run(w), {7, 5, 3, 1}));
  CHECK_THROWS_AS(sess.run(chain, a = one), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(tf::floordiv(a, w.assign_sub(a)), a = one), InvalidArgumentError);
  CHECK(same(sess.run(w), {7, 5, 3, 1}));
  CHECK(sess.run(total) == 1);
  CHECK(same(sess.run(chain, a = two), {0, 0, 2, -2}));
  CHECK(sess.run(total) == 2);
}
TEST_CASE("failure: an initializer that fails makes no variable, nor does it change one") {
  auto const w = tf::variable<"w">(tf::constant({1, 2, 3, 4}));
  auto const v = tf::variable<"v">(tf::floordiv(tf::constant<"ten">({10, 10, 10, 10}), a));
  auto const open =
      tf::variable<"open">(tf::floordiv(tf::tile(tf::reshape(limit, tf::shape<-1>), tf::multiples<3>), limit));
  tf::Session sess;
  int const zero[] = {1, 1, 0, 1}, one[] = {1, 1, 1, 1};
  auto const both = tf::variables_initializer(w, v);
  CHECK_THROWS_AS(sess.run(both, a = zero), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(w), FailedPreconditionError);
  CHECK_THROWS_AS(sess.run(v), FailedPreconditionError);
  sess.run(both, a = one);
  sess.run(w.assign_add(1));
  CHECK_THROWS_AS(sess.run(both, a = zero), InvalidArgumentError);
  CHECK(same(sess.run(w), {2, 3, 4, 5}));
  CHECK(same(sess.run(v), {10, 10, 10, 10}));
  CHECK_THROWS_AS(sess.run(open.initializer(), limit = 0), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(open), FailedPreconditionError);
  sess.run(open.initializer(), limit = 2);
  CHECK(same(sess.run(open), {1, 1, 1}));
}
TEST_CASE("failure: a random stream stands where it stood") {
  auto const noise = tf::random_normal<"noise">(tf::shape<4>);
  auto const whole = tf::cast<int>(noise * 0.0f) + a;
  auto const quotient = tf::floordiv(a, whole);
  int const zero[] = {0, 0, 0, 0}, one[] = {1, 1, 1, 1};
  tf::Session undisturbed, sess;
  undisturbed.set_random_seed(1);
  sess.set_random_seed(1);
  for (int i = 0; i < 2; ++i) {
    CHECK_THROWS_AS(sess.run(tf::fetch(quotient, noise), a = zero), InvalidArgumentError);
    auto const [q, drawn] = sess.run(tf::fetch(quotient, noise), a = one);
    auto const [r, expected] = undisturbed.run(tf::fetch(quotient, noise), a = one);
    CHECK(same(q, op_test::flat(r)));
    CHECK(same(drawn, op_test::flat(expected)));
  }
}
TEST_CASE("failure: where a sum or a drawn value is refused, no other step of the run was done") {
  auto const w = tf::variable<"w">(tf::constant({1, 2, 3, 4}));
  auto const v = tf::variable<"v">(tf::zeros<int>(tf::shape<4>));
  int const zero[] = {1, 1, 0, 1};
  tf::Session sess;
  sess.run(tf::variables_initializer(w, v));
  auto const drawn = tf::group(w.assign_add(1), v.assign(tf::random_uniform<int>(tf::shape<4>, 5, 5)));
  auto const summed = tf::group(w.assign_add(1), v.assign(w + tf::reduce_sum(tf::floordiv(a, a))));
  auto const crossed = tf::group(w.assign(v + tf::floordiv(w, a)), v.assign(w));
  auto const later =
      tf::with_dependencies(tf::group(w.assign_add(1), v.assign_add(1)), w.assign(tf::floordiv(w, v - 1)));
  CHECK_THROWS_AS(sess.run(drawn), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(summed, a = zero), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(crossed, a = zero), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(later), InvalidArgumentError);
  CHECK(same(sess.run(w), {1, 2, 3, 4}));
  CHECK(same(sess.run(v), {0, 0, 0, 0}));
}
TEST_CASE("failure: a variable that was initialised anew with another size has its old value and size") {
  auto const values = tf::placeholder<"values", int>(tf::shape<tf::dyn>);
  auto const open = tf::variable<"open">(values);
  auto const anew = tf::with_dependencies(open.initializer(), tf::floordiv(values, open));
  auto const less = tf::with_dependencies(open.assign_sub(values), tf::floordiv(values, open));
  tf::Session sess;
  sess.run(open.initializer(), values = std::vector<int>{4, 2});
  CHECK_THROWS_AS(sess.run(anew, values = std::vector<int>{4, 1, 0}), InvalidArgumentError);
  CHECK(same(sess.run(open), {4, 2}));
  CHECK_THROWS_AS(sess.run(less, values = std::vector<int>{4, 1}), InvalidArgumentError);
  CHECK(same(sess.run(open), {4, 2}));
  CHECK(same(sess.run(anew, values = std::vector<int>{4, 1, 7}), {1, 1, 1}));
  CHECK(same(sess.run(open), {4, 1, 7}));
}
