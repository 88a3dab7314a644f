// SPDX-License-Identifier: Apache-2.0
// Parts of graphs that are built by values: the same nodes, names, gradients and refusals as those of expressions.
#include <sstream>
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::same;

namespace {
constexpr auto batch = tf::dim<"batch">;

/// Forty layers of a 2 by 2 kernel.
auto const tower = tf::build([](auto h) {
  for (int i = 0; i < 40; ++i)
    h = tf::matmul(h, tf::variable(tf::name_of("layer", i, "/kernel"), tf::fill({2, 2}, 0.5f)));
  return h;
});
auto const add_and_multiply = tf::build([](auto a, auto b) { return std::tuple{a + b, a * b}; });
}  // namespace

TEST_CASE("build: fill of a dtype that is told, and of a number's own") {
  auto const f = tf::build([](auto x) { return x + tf::fill<double>({2}, 0.5) + tf::fill({2}, 0.25); });
  auto const x = tf::placeholder<"x", double>(tf::shape<2>);
  tf::Session sess;
  CHECK(same(sess.run(f(x), x = {1, 2}), {1.75, 2.75}));
}

TEST_CASE("build: a loop of layers is one expression, with names, gradients and variables") {
  auto const in = tf::placeholder<"in", float>(tf::shape<batch, 2>);
  auto const out = tower(in);
  static_assert(std::is_same_v<decltype(out)::shape_type, std::remove_const_t<decltype(tf::shape<batch, 2>)>>);
  auto const step = tf::train::GradientDescentOptimizer(0.125f).minimize(tf::reduce_sum(out));
  tf::Graph const graph(step);
  CHECK(graph.variables().size() == 40);
  CHECK(graph.contains("layer0/kernel"));
  CHECK(graph.contains("layer39/kernel"));
  CHECK(graph.contains(out));

  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  CHECK(same(sess.run(out, in = {{1, 3}, {2, 2}}), {2, 2, 2, 2}));
  sess.run(step, in = {{1, 3}});
  // A variable is known by its name, wherever it is written.
  auto const kernel = tf::variable<"layer0/kernel">(tf::fill(tf::shape<2, 2>, 0.5f));
  CHECK(same(sess.run(kernel), {0.375, 0.375, 0.125, 0.125}));
}
TEST_CASE("build: what it makes equals what expressions make") {
  auto const x = tf::placeholder<"x", double>(tf::shape<batch, 3>);
  auto const built = tf::build([](auto h) {
    auto const w = tf::variable("w", tf::ones<double>({3, 2}));
    return tf::nn::softmax(tf::tanh(tf::matmul(h, w)) * 2.0 + tf::ones<double>({2}));
  })(x);
  auto const w = tf::variable<"w">(tf::ones<double>(tf::shape<3, 2>));
  auto const typed = tf::nn::softmax(tf::tanh(tf::matmul(x, w)) * 2.0 + tf::ones<double>(tf::shape<2>));
  auto const [db] = tf::gradients(tf::reduce_sum(tf::square(built)), x);
  auto const [dt] = tf::gradients(tf::reduce_sum(tf::square(typed)), x);
  auto const along = tf::jvp(built, x, tf::ones_like(x));
  auto const [second] = tf::gradients(tf::reduce_sum(tf::square(db)), x);
  auto const [second_typed] = tf::gradients(tf::reduce_sum(tf::square(dt)), x);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(built));
  auto const values = op_test::tensor<double, 2>({2, 3}, {1, -2, 3, 0.5, 0.25, -1});
  auto const [a, b, c, d, e, f, g] = sess.run(tf::fetch(built, typed, db, dt, along, second, second_typed), x = values);
  CHECK(same(a, op_test::flat(b)));
  CHECK(same(c, op_test::flat(d), 1e-15));
  CHECK(same(f, op_test::flat(g), 1e-15));
  CHECK(e.size() == 4);
}
TEST_CASE("build: several results and arguments, numbers that ride in them, functions inside functions") {
  auto const a = tf::placeholder<"a", float>(tf::shape<2>);
  auto const [sum, product] = add_and_multiply(a * 3.0f, a + 1.0f);
  tf::Session sess;
  auto const [s, p] = sess.run(tf::fetch(sum, product), a = {1, 2});
  CHECK(same(s, {5, 9}));
  CHECK(same(p, {6, 18}));
  // Unnamed constants are told apart by their places.
  auto const two = tf::constant(2.0f), five = tf::constant(5.0f);
  auto const [both, times] = add_and_multiply(two, five);
  CHECK(sess.run(both) == 7);
  CHECK(sess.run(times - both) == 3);
  auto const outer = tf::build([](auto x) {
    auto const [up, down] = add_and_multiply(x, x);
    return up - down;
  });
  CHECK(same(sess.run(outer(a), a = {1, 4}), {1, -8}));
}
TEST_CASE("build: several results as fetch gives them, inside functions and bodies of loops too") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2>);
  auto const with_sum = tf::build([](auto h) { return tf::fetch(h, tf::reduce_sum(h)); });
  auto const [same_as_x, sum] = with_sum(x);
  static_assert(decltype(same_as_x)::shape == tf::shape<2> && decltype(sum)::shape == tf::shape<>);
  tf::Session sess;
  auto const [a, b] = sess.run(tf::fetch(same_as_x, sum), x = {1, 4});
  CHECK(same(a, {1, 4}));
  CHECK(b == 5);
  auto const outer = tf::build([](auto h) {
    auto const inner = tf::build([](auto y) { return tf::fetch(y + y, tf::reduce_sum(y)); });
    auto const [twice, total] = inner(h);
    auto const [doubled, sums] = tf::while_loop(
        tf::maximum_iterations<3>, [](auto d, auto s) { return tf::reduce_sum(d) + s < 100.0f; },
        [](auto d, auto s) {
          auto const [more, was] = tf::build([](auto y) { return tf::fetch(y + y, tf::reduce_sum(y)); })(d);
          return tf::fetch(more, s + was);
        },
        twice, total);
    return tf::fetch(std::tuple{doubled, sums}, total);
  });
  auto const [doubled, sums, total] = outer(x);
  auto const [d, s, t] = sess.run(tf::fetch(doubled, sums, total), x = {1, 4});
  CHECK(same(d, {16, 64}));  // 2, 4 and 8 times 5 are added, three times
  CHECK(s == 75);
  CHECK(t == 5);
}
TEST_CASE("build: a function may mention expressions, and combine variables before it meets an argument") {
  auto const x = tf::placeholder<"x", float>(tf::shape<3>);
  auto const y = tf::build([](auto h) {
    auto const w = tf::variable("w", tf::ones({3}));
    auto const decay = tf::reduce_sum(tf::square(w)) * 0.5f;  // of variables alone
    auto const typed = tf::variable<"typed">(tf::ones(tf::shape<3>));
    return h * w + decay + typed;
  })(x);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(y));
  CHECK(tf::Graph(y).variables().size() == 2);
  CHECK(same(sess.run(y, x = {1, 2, 3}), {3.5, 4.5, 5.5}));
  auto const [dw] = tf::gradients(y, tf::variable<"w">(tf::ones(tf::shape<3>)));
  CHECK(same(sess.run(dw, x = {1, 2, 3}), {4, 5, 6}));
}
TEST_CASE("build: functions of one content are several and compute once; results can be fed") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2>);
  auto const first = tf::build([](auto h) { return tf::exp(h); })(x);
  auto const second = tf::build([](auto h) { return tf::exp(h); })(x);
  tf::Session sess;
  CHECK(same(sess.run(first - second, x = {1, 2}), {0, 0}));
  CHECK(same(sess.run(first + second, first = {1, 2}, x = {0, 0}), {2, 3}));
  std::ostringstream text;
  text << first;
  CHECK(text.str() == "Tensor(\"Exp:0\", shape=(2,), dtype=float)");
  CHECK(tf::to_string(tf::Graph(tf::reduce_sum(first)).view()) ==
        "x = Placeholder() float [2]\nExp = Exp(x) float [2]\nSum = Sum(Exp) float []\n");
}
TEST_CASE("build: derivatives go behind a result that is fed, and along a variable that it gives back") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2>);
  auto const y = tf::build([](auto h) { return h * h; })(x);
  auto const [dx] = tf::gradients(tf::reduce_sum(tf::square(y)), x);
  tf::Session sess;
  CHECK(same(sess.run(dx, y = {10, 20}, x = {1, 2}), {40, 160}));
  auto const [scaled, w] = tf::build([](auto h) {
    auto const weight = tf::variable("w", tf::fill({2}, 3.0f));
    return std::tuple{h * weight, weight};
  })(x);
  sess.run(tf::variables_initializer(w));
  auto const [dw] = tf::gradients(tf::reduce_sum(tf::square(scaled)), w);
  CHECK(same(sess.run(dw, x = {1, 2}), {6, 24}));
}
TEST_CASE("build: extents of the arguments, static and not, are values in it") {
  auto const flat = tf::build([](auto h) { return tf::reshape(h, {h.shape()[0], -1}); });
  auto const x = tf::placeholder<"x", float>(tf::shape<batch, 2, 3>);
  auto const y = flat(x);
  static_assert(decltype(y)::shape_type::value[1] == 6);
  tf::Session sess;
  xt::xtensor<float, 3> values({4, 2, 3});
  values.fill(1);
  auto const result = sess.run(y, x = values);
  CHECK(result.shape()[0] == 4);
  CHECK(result.shape()[1] == 6);
}
TEST_CASE("build: initial values are those of get_variable") {
  // One name, shape and initializer: one variable, and the compiler sees that both are the same.
  auto const x = tf::placeholder<"x", float>(tf::shape<1>);
  auto const y = tf::build([](auto h) {
    return std::tuple{h + tf::get_variable("glorot", {4, 3}),
                      h + tf::get_variable("he", {2, 2, 3, 5}, tf::he_normal_initializer()),
                      h + tf::get_variable("seeded", {7}, tf::random_uniform_initializer(-1.0, 3.0, tf::seed<7>)),
                      h + tf::get_variable("normal", {6}, tf::truncated_normal_initializer(5.0, 0.5)),
                      h + tf::get_variable("ones", {2}, tf::ones_initializer()),
                      h + tf::get_variable("tenth", {2}, tf::constant_initializer(0.1)),
                      tf::cast<float>(tf::get_variable<std::int32_t>("count", {})) + h};
  })(x);
  auto const& [a, b, c, d, e, f, g] = y;
  auto const glorot = tf::get_variable<"glorot">(tf::shape<4, 3>);
  auto const he = tf::get_variable<"he">(tf::shape<2, 2, 3, 5>, tf::he_normal_initializer());
  tf::Session sess;
  sess.set_random_seed(3);
  sess.run(tf::global_variables_initializer(a, b, c, d, e, f, g));
  auto const [built, typed, built_he, typed_he] = sess.run(tf::fetch(a, glorot, b, he), x = {0});
  CHECK(same(built, op_test::flat(typed)));
  CHECK(same(built_he, op_test::flat(typed_he)));
  tf::Session other;
  other.set_random_seed(3);
  other.run(tf::global_variables_initializer(glorot, he));
  CHECK(same(other.run(glorot), op_test::flat(typed)));
  CHECK(same(other.run(he), op_test::flat(typed_he)));
  auto const seeded = tf::variable<"seeded">(tf::zeros(tf::shape<7>));
  auto const direct = tf::random_uniform(tf::shape<7>, -1.0f, 3.0f, tf::seed<7>);
  CHECK(same(sess.run(seeded), op_test::flat(other.run(direct)), 1e-6));
  float const mean = sess.run(tf::reduce_mean(d), x = {0});
  CHECK((mean > 4 && mean < 6));
  CHECK(same(sess.run(e, x = {0}), {1, 1}));
  CHECK(same(sess.run(f, x = {0}), {0.1f, 0.1f}));
  CHECK(same(sess.run(g, x = {2}), {2}));
}
TEST_CASE("build: many more nodes than guessed at") {
  auto const x = tf::placeholder<"x", float>(tf::shape<1>);
  auto const y = tf::build([](auto h) {
    for (int i = 0; i < 2500; ++i) h = i % 2 == 0 ? tf::negative(h) : h + 1.0f;
    return h;
  })(x);
  tf::Session sess;
  CHECK(same(sess.run(y, x = {5}), {5}));
}
TEST_CASE("build: ten thousand nodes within the default limits of every compiler") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2, 3>);
  auto const y = tf::build([](auto h) {
    for (int i = 0; i < 5000; ++i) h = tf::sin(h) + h;
    return h;
  })(x);
  static_assert(decltype(y)::shape == tf::shape<2, 3>);
  static_assert(std::is_same_v<decltype(y)::value_type, float>);
}
TEST_CASE("build: a sum of many variables before it meets an argument, shared between two results") {
  auto const x = tf::placeholder<"x", float>(tf::shape<1>);
  auto const [once, twice] = tf::build([](auto h) {
    auto sum = tf::variable("w", tf::zeros({1})) * 1.0f;
    for (int i = 0; i < 700; ++i) sum = sum + tf::variable(tf::name_of("w", i % 3), tf::ones({1}));
    return std::tuple{h + sum, h + sum + sum};
  })(x);
  static_assert(decltype(once)::shape == tf::shape<1> && decltype(twice)::shape == tf::shape<1>);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(twice));
  auto const [a, b] = sess.run(tf::fetch(once, twice), x = {1});
  CHECK(same(a, {701}));
  CHECK(same(b, {1401}));
}
TEST_CASE("names and extents as values") {
  static_assert(std::string_view(tf::name_of("layer", 7, "/w")) == "layer7/w");
  static_assert(std::string_view(tf::name_of(-120, 'x', std::string_view("y"))) == "-120xy");
  static_assert(std::string_view(tf::name_of(std::numeric_limits<std::int64_t>::min())) == "-9223372036854775808");
  static_assert(tf::extents({2, 3}).value == tf::dims{2, {2, 3}});
  static_assert(tf::extents({}).value.rank == 0);
}
