// SPDX-License-Identifier: Apache-2.0
// Facts of flatten and simplify: what a graph is before and after. Most are known when this file compiles.
#include <compiler/passes.hpp>
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::same;

namespace {
constexpr auto n = tf::dim<"n">;
auto const x = tf::placeholder<"x", float>(tf::shape<n, 3>);
auto const y = tf::placeholder<"y", float>(tf::shape<n, 3>);
auto const w = tf::placeholder<"w", float>(tf::shape<3, 3>);

template <auto... D>
constexpr tf::dims extents = tf::shape_t<D...>::value;
}  // namespace

TEST_CASE("flatten: what is written twice is one node") {
  auto const e = (x + y) * (x + y);
  using p = passes<decltype(e)>;
  static_assert(count<tf::add_op>(p::source) == 1 && sizes(p::source).nodes == 4);
}
TEST_CASE("flatten: a diamond of 30 floors stays 30 floors") {
  auto const floor = [](auto self, auto const& e, auto left) {
    if constexpr (left() == 0) {
      return e;
    } else {
      return self(self, e * e + e, std::integral_constant<int, left() - 1>{});
    }
  };
  auto const e = floor(floor, x, std::integral_constant<int, 30>{});
  using p = passes<decltype(e)>;
  static_assert(sizes(p::source).nodes == 61);
}
TEST_CASE("flatten: a fed tensor cuts what is behind it") {
  auto const middle = tf::exp(x);
  auto const e = tf::tanh(middle);
  using request = tf::request_of<std::remove_const_t<decltype(e)>, decltype(middle = xt::xtensor<float, 2>())>;
  using graph = tf::analysis<request::hash>::graph;
  static_assert(count<tf::exp_op>(graph::value) == 0 && count<tf::tanh_op>(graph::value) == 1);
}
TEST_CASE("flatten: names of dimensions are one symbol, and dyn extents that meet become one") {
  auto const named = x + y;
  static_assert(sizes(passes<decltype(named)>::source).symbols == 1);
  auto const a = tf::placeholder<"a", float>(tf::shape<tf::dyn>);
  auto const b = tf::placeholder<"b", float>(tf::shape<tf::dyn>);
  auto const sum = a + b;
  using p = passes<decltype(sum)>;
  static_assert(sizes(p::source).symbols == 2 && sizes(p::source).checks == 0);
  static_assert(p::plan.feeds[0].shape[0] == p::plan.feeds[1].shape[0]);
}
TEST_CASE("flatten: what the compiler can prove of extents leaves no check") {
  auto const a = tf::placeholder<"a", float>(tf::shape<tf::dyn, 4>);
  auto const b = tf::placeholder<"b", float>(tf::shape<tf::dyn, 4>);
  auto const loss = tf::reduce_sum(tf::square(tf::concat(tf::axis<0>, a, b, a) * tf::concat(tf::axis<0>, a, b, a))) +
                    tf::reduce_sum(tf::square(tf::pad(a, tf::paddings<1, 2, 0, 0>))) +
                    tf::reduce_sum(tf::square(tf::tile(b, tf::multiples<3, 2>))) +
                    tf::reduce_sum(tf::reshape(tf::reshape(a, tf::shape<-1>), tf::shape<-1, 4>) * a);
  auto const [da, db] = tf::gradients(loss, a, b);
  using p = passes<decltype(da), decltype(db)>;
  static_assert(sizes(p::simple).checks == 0 && p::count.checks == 0);
}
TEST_CASE("flatten: assign_add of one variable begins where the last one ended") {
  auto const v = tf::variable<"v">(tf::zeros(tf::shape<>));
  auto const k = tf::placeholder<"k", float>(tf::shape<>);
  auto const both = tf::group(v.assign_add(k), v.assign_sub(k));
  using p = passes<decltype(both)>;
  static_assert(count<tf::assign_op>(p::source) == 2 && count<tf::variable_op>(p::source) == 1);
  static_assert(count<tf::add_op>(p::source) == 1 && count<tf::subtract_op>(p::source) == 1);
}

TEST_CASE("simplify: what no fetch needs is gone") {
  auto const [dx] = tf::gradients(tf::matmul(x, w), x);  // neither the product nor the other gradient
  using p = passes<decltype(dx)>;
  static_assert(count<tf::matmul_op>(p::expanded) >= 2 && count<tf::matmul_op>(p::simple) == 1);
}
TEST_CASE("simplify: forward and backward share what is equal") {
  auto const e = tf::exp(x);
  auto const [dx] = tf::gradients(e, x);
  using p = passes<decltype(e), decltype(dx)>;
  static_assert(count<tf::exp_op>(p::simple) == 1 && sizes(p::simple).nodes == 2);  // d exp = exp, and 1 · exp is exp
}
TEST_CASE("simplify: products with one, and what is constant") {
  auto const a = x * tf::ones(tf::shape<3>);
  static_assert(sizes(passes<decltype(a)>::simple).nodes == 1);
  auto const b = tf::ones(tf::shape<2>) + tf::ones(tf::shape<2>) * tf::ones(tf::shape<2>);
  using folded = passes<decltype(b)>;
  static_assert(sizes(folded::simple).nodes == 1 && count<tf::splat_op>(folded::simple) == 1);
  static_assert(tf::from_splat_bits<double>(word<tf::splat_op>(folded::simple, 0)) == 2.0);
}
TEST_CASE("simplify: a product that broadcasts stays, and so does what would change IEEE results") {
  auto const a = tf::placeholder<"a", float>(tf::shape<1, 3>);
  auto const grown = a * tf::ones(tf::shape<2, 3>);
  static_assert(sizes(passes<decltype(grown)>::simple).nodes > 1);
  auto const zero = x * tf::zeros(tf::shape<3>);  // NaN · 0 is NaN
  static_assert(count<tf::multiply_op>(passes<decltype(zero)>::simple) == 1);
  auto const sum = x + tf::zeros(tf::shape<3>);  // -0 + 0 is 0
  static_assert(count<tf::add_op>(passes<decltype(sum)>::simple) == 1);
  auto const quotient = x / x;  // NaN where x is 0
  static_assert(count<tf::divide_op>(passes<decltype(quotient)>::simple) == 1);
  tf::Session sess;
  auto const [g, z] = sess.run(tf::fetch(grown, zero), a = {{1, 2, 3}}, x = {{INFINITY, -1.0f, 0.0f}});
  CHECK(same(g, {1, 2, 3, 1, 2, 3}));
  CHECK(same(z, {op_test::not_a_number, 0, 0}));
}
TEST_CASE("simplify: a transposed operand of a product is read as it is stored") {
  auto const e = tf::matmul(tf::transpose(x), tf::matmul(y, w, tf::transpose_b));
  using p = passes<decltype(e)>;
  static_assert(count<tf::transpose_op>(p::source) == 1 && count<tf::transpose_op>(p::simple) == 0);
  static_assert(word<tf::matmul_op>(p::simple, 1) == 1);
  auto const f = tf::matmul(tf::transpose(w), w, tf::transpose_a);  // twice transposed
  using q = passes<decltype(f)>;
  static_assert(count<tf::transpose_op>(q::simple) == 0);
  static_assert(word<tf::matmul_op>(q::simple, 0) == 0);
  auto const [dw] = tf::gradients(tf::matmul(w, tf::transpose(x)), w);
  static_assert(count<tf::transpose_op>(passes<decltype(dw)>::simple) == 0);
}
TEST_CASE("simplify: transpositions that undo each other vanish, others become one") {
  auto const a = tf::placeholder<"a", float>(tf::shape<2, 3, 4>);
  auto const same_again = tf::transpose(tf::transpose(a, tf::axes<1, 2, 0>), tf::axes<2, 0, 1>);
  static_assert(sizes(passes<decltype(same_again)>::simple).nodes == 1);
  auto const once = tf::transpose(tf::transpose(a, tf::axes<1, 2, 0>), tf::axes<1, 2, 0>);
  using p = passes<decltype(once)>;
  static_assert(count<tf::transpose_op>(p::simple) == 1);
  static_assert(only<tf::transpose_op>(p::simple).shape == extents<4, 2, 3>);
}
TEST_CASE("simplify: a random op is drawn once for each mention, never merged with another") {
  auto const a = tf::random_uniform(tf::shape<4>);
  auto const b = tf::random_uniform(tf::shape<4>);
  tf::Session sess;
  auto const [one, again, other] = sess.run(tf::fetch(a, a * 1, b));
  CHECK(one == again);
  CHECK(one != other);
}
TEST_CASE("simplify: an assigned variable is copied only where someone needs the old value later") {
  auto const v = tf::variable<"v">(tf::zeros(tf::shape<3>));
  auto const step = v.assign(v * 2);
  static_assert(count<tf::snapshot_op>(passes<decltype(step)>::simple) == 0);
  auto const early = tf::reduce_sum(v * 3);
  using p = passes<decltype(step), decltype(early)>;
  static_assert(count<tf::snapshot_op>(p::simple) == 0);
  auto const late = step + v;
  static_assert(count<tf::snapshot_op>(passes<decltype(late)>::simple) == 1);
}
