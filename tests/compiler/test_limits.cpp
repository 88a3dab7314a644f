// SPDX-License-Identifier: Apache-2.0
// A graph of more than four thousand nodes within the default limits of every compiler.
#include <compiler/passes.hpp>
#include <support/op_test.hpp>

namespace tf = tfx;

namespace {
auto const tower = tf::build([](auto h) {
  for (int i = 0; i < 500; ++i)
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

// A step of an optimizer in parts of a few nodes.
auto const net = tf::build([](auto h) {
  for (int i = 0; i < 4; ++i)
    h = tf::tanh(tf::matmul(h, tf::variable(tf::name_of("net", i), tf::fill({3, 3}, 0.5f)))) + h * h;
  return h;
});
auto const features = tf::placeholder<"features", float>(tf::shape<2, 3>);
auto const net_step = tf::train::GradientDescentOptimizer(0.1f).minimize(tf::reduce_mean(net(features)));
using whole = passes<std::remove_const_t<decltype(net_step)>>;
constexpr auto& request =
    *lookup(tf::key<tf::detail::placeholders_of<std::remove_const_t<decltype(net_step)>::hash>::run>{});

constexpr tf::lengths_of<tf::flattening_columns> flat_room{999, 99, 999, 9, 99, 99, 9, 9, 99, 99, 99, 99, 99, 99, 9, 9};
constexpr tf::lengths_of<tf::rewriting_columns> graph_room{999, 999, 999, 9, 999, 999, 9, 9};
constexpr tf::module_counts module_room{999, 999, 999, 9, 9, 9, 9, 9, 0, 0};
template <int Part>
constexpr auto flat_part = tf::freeze<flat_room>(tf::flatten_further(request, flat_part<Part - 1>, 2));
template <>
constexpr auto flat_part<0> = tf::freeze<flat_room>(tf::flatten_first(request, 2));
constexpr auto flat_in_parts = tf::freeze<module_room>(tf::flatten_last(flat_part<20>));
template <int Part>
constexpr auto full_part = tf::freeze<graph_room>(tf::differentiate_further(whole::source, full_part<Part - 1>, 5));
template <>
constexpr auto full_part<0> = tf::freeze<graph_room>(tf::differentiate_first(whole::source, 30));
constexpr auto full_in_parts = tf::freeze<module_room>(tf::differentiate_last(whole::source, full_part<20>));
template <int Part>
constexpr auto simple_part =
    tf::freeze<graph_room>(tf::simplify_further(whole::expanded, simple_part<Part - 1>, 10 * Part + 10));
template <>
constexpr auto simple_part<0> = tf::freeze<graph_room>(tf::simplify_first(whole::expanded, 10));
constexpr auto simple_in_parts = tf::freeze<module_room>(tf::simplify_last(whole::expanded, simple_part<20>));

static_assert(!flat_part<0>.facts.finished && !flat_part<5>.facts.finished && flat_part<20>.facts.finished);
static_assert(!full_part<0>.facts.finished && !full_part<2>.facts.finished && full_part<20>.facts.finished);
static_assert(!simple_part<5>.facts.finished && simple_part<20>.facts.finished);

bool are_alike(tf::module_view const& a, tf::module_view const& b) {
  bool alike = a.size() == b.size() && a.count.edges == b.count.edges && a.count.fetches == b.count.fetches;
  for (int id = 0; alike && id < a.size(); ++id)
    alike = a.nodes[id].op == b.nodes[id].op && a.nodes[id].shape == b.nodes[id].shape &&
            a.nodes[id].identity == b.nodes[id].identity && a.nodes[id].first_input == b.nodes[id].first_input;
  for (int i = 0; alike && i < a.count.edges; ++i) alike = a.edges[i] == b.edges[i];
  return alike;
}
}  // namespace

TEST_CASE("limits: graphs that are made in parts are those that are made at once") {
  CHECK(are_alike(flat_in_parts, whole::source));
  CHECK(are_alike(full_in_parts, whole::expanded));
  CHECK(are_alike(simple_in_parts, whole::simple));
}
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
TEST_CASE("limits: five hundred layers, differentiated and updated") {
  auto const step = tf::train::GradientDescentOptimizer(0.5f).minimize(tf::reduce_mean(tower(x)));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  sess.run(step, x = {{1}, {3}});
  CHECK(sess.run(tf::variable<"w7">(tf::fill(tf::shape<1, 1>, 1.0f)))(0, 0) == 0);
}
