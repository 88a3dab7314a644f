// SPDX-License-Identifier: Apache-2.0
// What an op must have (docs/op.md), and what derivatives make of an op that has no rule.
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::same;

namespace {
/// x². The op of docs/op.md.
struct power_two_op : tf::transcendental<1> {
  static constexpr auto name = "PowerTwo";
  static constexpr auto value(auto x) { return x * x; }
  static constexpr auto gradient(auto dy, auto, auto x) { return 2.0 * dy * x; }
};
/// x², whose rule is misspelt.
struct misspelt_op : tf::transcendental<1> {
  static constexpr auto name = "Misspelt";
  static constexpr auto value(auto x) { return x * x; }
  static constexpr auto gradeint(auto dy, auto, auto x) { return 2.0 * dy * x; }
};
/// The next whole number, a constant to derivatives.
struct next_op : tf::transcendental<1> {
  static constexpr auto name = "Next";
  static constexpr auto gradient = tf::constant_to_derivatives;
  static constexpr auto value(auto x) { return tf::simd::floor(x) + tf::simd::fill<decltype(x)>(1); }
};
/// x in another order, by a kernel of its own and attributes with names.
struct turn_op {
  static constexpr auto name = "Turn";
  static constexpr tf::op_kind kind = tf::op_kind::kernel;
  static constexpr tf::op_traits traits{.multilinear = true, .simplifies = true};
  struct attributes {
    tf::i64 axis, by;
    constexpr explicit attributes(tf::attribute_words w) : axis(w[0]), by(w[1]) {}
  };
  static constexpr void infer(tf::inference& call) {
    call.type = call.types[0];
    if (call.defer() || call.axis_of(call.shapes[0], attributes(call.attributes()).axis) == tf::no_axis) return;
    call.shape = call.shapes[0];
  }
  static constexpr void gradient(tf::gradient_call& call) {
    attributes const turn(call.attributes());
    tf::i64 const back[] = {turn.axis, -turn.by};
    call.dx[0] = tf::add_node(tf::info<turn_op>, back, 2, call.dy);
  }
  static constexpr void simplify(tf::simplification& call) {
    if (attributes(call.attributes()).by == 0) call.keep(0);
  }
  template <class Call>
  static void run(Call const& call) {
    constexpr tf::dims x = Call::in_shape(0);
    constexpr attributes turn(Call::attributes());
    constexpr int axis = tf::place_of_axis(turn.axis, x.rank);
    tf::i64 const outer = call.count(x, 0, axis), n = call.extent(x[axis]), inner = call.count(x, axis + 1, x.rank);
    for (tf::i64 i = 0; i < outer; ++i)
      for (tf::i64 k = 0; k < n; ++k) {
        tf::i64 const from = ((k - turn.by) % n + n) % n;
        for (tf::i64 j = 0; j < inner; ++j)
          call.out()[(i * n + k) * inner + j] = call.template in<0>()[(i * n + from) * inner + j];
      }
  }
};
template <int Axis, tf::i64 By, class X>
constexpr tf::result_with<turn_op, "", tf::words<Axis, By>, X> turn(X const& x) {
  return tf::apply<turn_op, "", tf::words<Axis, By>>(x);
}

struct no_name_op : tf::transcendental<1> {
  static constexpr auto value(auto x) { return x; }
};
struct no_value_op : tf::transcendental<1> {
  static constexpr auto name = "NoValue";
  static constexpr auto valeu(auto x) { return x; }
};
struct no_rule_op : tf::elementwise<1> {
  static constexpr auto name = "NoRule";
  static constexpr auto value(auto x) { return x; }
};
struct no_kernel_op : turn_op {
  static constexpr auto name = "NoKernel";
  static void run() {}
};
struct no_simplify_op : tf::transcendental<1> {
  static constexpr auto name = "NoSimplify";
  static constexpr tf::op_traits traits{.simplifies = true};
  static constexpr auto value(auto x) { return x; }
};
struct untold_simplify_op : tf::transcendental<1> {
  static constexpr auto name = "UntoldSimplify";
  static constexpr auto value(auto x) { return x; }
  static constexpr void simplify(tf::simplification&) {}
};
struct no_traits_op {
  static constexpr auto name = "NoTraits";
  static constexpr tf::op_kind kind = tf::op_kind::view;
  static constexpr void infer(tf::inference&) {}
};
struct no_fold_op : tf::reduction {
  static constexpr auto name = "NoFold";
  static constexpr void infer(tf::inference& call) { infer_shape(call); }
};

static_assert(tf::op<power_two_op> && tf::op<misspelt_op> && tf::op<next_op> && tf::op<turn_op>);
static_assert(tf::op<tf::matmul_op> && tf::op<tf::reduce_sum_op> && tf::op<tf::cast_op> && tf::op<tf::variable_op>);
static_assert(!tf::op<int> && !tf::op<no_name_op> && !tf::op<no_value_op> && !tf::op<no_rule_op>);
static_assert(!tf::op<no_kernel_op> && !tf::op<no_simplify_op> && !tf::op<untold_simplify_op>);
static_assert(!tf::op<no_traits_op> && !tf::op<no_fold_op>);
static_assert(tf::info<no_value_op>.lacks == tf::op_member::value &&
              tf::info<no_rule_op>.lacks == tf::op_member::infer);
static_assert(tf::info<power_two_op>.has_gradient && tf::info<power_two_op>.has_tangent);
static_assert(!tf::info<misspelt_op>.has_gradient && tf::info<next_op>.is_constant);

static_assert(tf::place_of_axis(0, 2) == 0 && tf::place_of_axis(-1, 2) == 1 && tf::place_of_axis(-2, 2) == 0);
static_assert(tf::place_of_axis(2, 2) == tf::no_axis && tf::place_of_axis(-3, 2) == tf::no_axis);
static_assert(tf::place_of_axis(0, 0) == tf::no_axis && tf::place_of_axis(-1, 0) == tf::no_axis);

auto misspelt(auto const& x) { return tf::apply<misspelt_op>(x); }
}  // namespace

TEST_CASE("contract: an op of a test has a value, and derivatives in both directions") {
  auto const x = tf::placeholder<"x", double>(tf::shape<3>);
  auto const y = tf::apply<power_two_op>(x) + 2.0 * x;
  auto const [dx] = tf::gradients(y, x);
  tf::Session sess;
  auto const [value, reverse, forward] = sess.run(tf::fetch(y, dx, tf::jvp(y, x, x)), x = {1, 2, 3});
  CHECK(same(value, {3, 8, 15}));
  CHECK(same(reverse, {4, 6, 8}));
  CHECK(same(forward, {4, 12, 24}));
}
TEST_CASE("contract: rule, gradient, simplification and kernel read one struct of attributes") {
  auto const x = tf::placeholder<"x", double>(tf::shape<2, 3>);
  auto const turned = turn<-1, 1>(x);
  auto const weight = tf::constant({{1.0, 2.0, 3.0}, {4.0, 5.0, 6.0}});
  auto const [dx] = tf::gradients(turned * weight, x);
  tf::Session sess;
  auto const [value, reverse, forward, kept] =
      sess.run(tf::fetch(turned, dx, tf::jvp(turned, x, weight), turn<0, 0>(x)), x = {{1, 2, 3}, {4, 5, 6}});
  CHECK(same(value, {3, 1, 2, 6, 4, 5}));
  CHECK(same(reverse, {2, 3, 1, 5, 6, 4}));
  CHECK(same(forward, {3, 1, 2, 6, 4, 5}));
  CHECK(same(kept, {1, 2, 3, 4, 5, 6}));
}
TEST_CASE("contract: what is constant to derivatives passes none, beside a path that does") {
  auto const x = tf::placeholder<"x", double>(tf::shape<2>);
  auto const y = x * tf::apply<next_op>(x) + tf::floor(x) + tf::cast<double>(tf::cast<int>(x));
  auto const [dx] = tf::gradients(y, x);
  tf::Session sess;
  auto const [reverse, forward] =
      sess.run(tf::fetch(dx, tf::jvp(y, x, tf::ones<double>(tf::shape<2>))), x = {1.5, 2.5});
  CHECK(same(reverse, {2, 3}));
  CHECK(same(forward, {2, 3}));
}
TEST_CASE("contract: an op without a rule does no harm where no derivative comes through it") {
  auto const x = tf::placeholder<"x", double>(tf::shape<2>);
  auto const other = tf::placeholder<"other", double>(tf::shape<2>);
  auto const v = tf::ones<double>(tf::shape<2>);
  auto const stopped = tf::stop_gradient(misspelt(x)) * x;
  auto const whole = tf::cast<double>(tf::cast<int>(misspelt(x))) * x;
  auto const elsewhere = misspelt(other) * x;
  auto const unused = tf::with_dependencies(misspelt(x), x * x);
  auto const y = stopped + whole + elsewhere;
  auto const [dx] = tf::gradients(y, x);
  auto const [du] = tf::gradients(unused, x);
  auto const [dm] = tf::gradients(tf::square(misspelt(x)), misspelt(x));  // it ends at the op
  tf::Session sess;
  auto const [reverse, forward, ru, fu, rm] =
      sess.run(tf::fetch(dx, tf::jvp(y, x, v), du, tf::jvp(unused, x, v), dm), x = {2, 3}, other = {1, 2});
  CHECK(same(reverse, {4 + 4 + 1, 9 + 9 + 4}));
  CHECK(same(forward, {4 + 4 + 1, 9 + 9 + 4}));
  CHECK(same(ru, {4, 6}));
  CHECK(same(fu, {4, 6}));
  CHECK(same(rm, {8, 18}));
}
TEST_CASE("contract: an op without a rule is refused, and named, where a derivative would come through it") {
  auto const x = tf::placeholder<"x", double>(tf::shape<2>);
  using slope = decltype(tf::gradients(misspelt(x) + x, x));
  using moved = decltype(tf::jvp(misspelt(x) + x, x, x));
  static_assert(std::is_same_v<slope, tf::has_no_gradient_rule<misspelt_op>>);
  static_assert(std::is_same_v<moved, tf::has_no_gradient_rule<misspelt_op>>);
  auto const v = tf::variable<"v">(tf::zeros<double>(tf::shape<2>));
  using step = decltype(tf::train::GradientDescentOptimizer(0.5).minimize(tf::reduce_sum(misspelt(v) * v)));
  static_assert(std::is_same_v<step, tf::has_no_gradient_rule<misspelt_op>>);
}
TEST_CASE("contract: derivatives pass identity and with_dependencies, and stop at an assignment") {
  auto const v = tf::variable<"v">(tf::constant({1.0, 2.0}));
  auto const counter = tf::variable<"counter">(tf::zeros<double>(tf::shape<>));
  auto const after = tf::with_dependencies(tf::assign_add(counter, 1.0), tf::identity(v * v));
  auto const [dv] = tf::gradients(after * tf::assign(v, v * 3.0), v);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(dv));
  auto const [value, derivative] = sess.run(tf::fetch(after, dv));
  CHECK(same(value, {1, 4}));
  CHECK(same(derivative, {6, 24}));
  CHECK(sess.run(counter) == 1);
}
