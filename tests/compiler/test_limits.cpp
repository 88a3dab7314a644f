// SPDX-License-Identifier: Apache-2.0
// A graph of more than three thousand nodes within the default limits of every compiler.
#include <compiler/passes.hpp>
#include <support/op_test.hpp>

namespace tf = tfx;

namespace {
auto const tower = tf::build([](auto h) {
  for (int i = 0; i < 400; ++i)
    h = tf::nn::relu(tf::matmul(h, tf::variable(tf::name_of("w", i), tf::fill({1, 1}, 1.0f))));
  return h;
});
auto const x = tf::placeholder<"x", float>(tf::shape<2, 1>);

using small = passes<decltype(tf::tanh(tf::matmul(x, tf::transpose(x))) + tf::exp(tf::reduce_sum(x)))>::pipeline;
constexpr tf::step_counts room{100, 100, 1000, 100, 100};
constexpr tf::lengths_of<tf::counting_columns> partial_room{200, 10, 2};
constexpr auto half_grouped = tf::freeze<partial_room>(tf::group_first(small::graph::value, true, 3));
constexpr auto grouped =
    tf::freeze<partial_room>(tf::group_further(small::graph::value, true, half_grouped, small::graph::count.nodes));
constexpr auto group = tf::freeze<tf::lengths_of<tf::group_columns>{100, 100, 100, 100, 100}>(
    tf::group_last(small::graph::value, true, grouped));
template <int First, int Last>
constexpr auto part = tf::freeze<room>(tf::fuse_part(small::graph::value, group, group.facts.any_texts, First, Last));
constexpr auto at_once = tf::freeze<room>(tf::fuse(small::graph::value, true));
constexpr auto in_parts = tf::freeze<room>(tf::join({part<0, 2>.view(), part<2, 4>.view(), part<4, 100>.view()}));
}  // namespace

TEST_CASE("limits: steps that are found in parts are those that are found at once") {
  auto const joined = in_parts.view(), whole = at_once.view();
  CHECK(joined.count.kernels == whole.count.kernels);
  CHECK(joined.count.words == whole.count.words);
  REQUIRE(joined.count.steps == whole.count.steps);
  REQUIRE(joined.count.operands == whole.count.operands);
  for (int i = 0; i < whole.count.steps; ++i) {
    CHECK(joined.kernels[joined.steps[i].kernel].hash == whole.kernels[whole.steps[i].kernel].hash);
    CHECK(joined.steps[i].first_operand == whole.steps[i].first_operand);
  }
  for (int i = 0; i < whole.count.operands; ++i) CHECK(joined.operands[i] == whole.operands[i]);
}
TEST_CASE("limits: four hundred layers, differentiated and updated") {
  auto const step = tf::train::GradientDescentOptimizer(0.5f).minimize(tf::reduce_mean(tower(x)));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  sess.run(step, x = {{1}, {3}});
  CHECK(sess.run(tf::variable<"w7">(tf::fill(tf::shape<1, 1>, 1.0f)))(0, 0) == 0);
}
