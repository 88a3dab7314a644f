// SPDX-License-Identifier: Apache-2.0
// Facts of fuse, schedule and plan: how many loops and kernels a run is, in which order, in how much memory.
#include <compiler/passes.hpp>
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::same;

namespace {
constexpr auto batch = tf::dim<"batch">;
auto const x = tf::placeholder<"x", float>(tf::shape<100, 64>);
auto const row = tf::placeholder<"row", float>(tf::shape<64>);

template <class... X>
constexpr int steps = passes<X...>::count.steps;
}  // namespace

TEST_CASE("fuse: a chain with a broadcast row and a sum is one loop, and stores nothing else") {
  auto const e = tf::reduce_sum(tf::exp(-tf::square(x - row)) + row);
  using p = passes<decltype(e)>;
  static_assert(p::count.steps == 1 && p::steps.kernels[0].op == 0);
  static_assert(tf::plan(e).arena_bytes() <= 64);
}
TEST_CASE("fuse: results and sums of one space are one loop") {
  auto const a = tf::exp(x), b = tf::exp(x);
  auto const c = a + row;
  auto const rows = tf::reduce_sum(c, tf::axis<1>);
  auto const columns = tf::reduce_mean(c * c, tf::axis<0>);
  static_assert(passes<decltype(a), decltype(b), decltype(c), decltype(rows)>::count.steps == 1);
  using p = passes<decltype(rows), decltype(columns)>;
  static_assert(p::count.steps <= 2);  // the second may scale the sum to the mean
}
TEST_CASE("fuse: what needs a finished sum is a second loop") {
  auto const centred = x - tf::reduce_sum(x, tf::axis<1>, tf::keepdims);
  static_assert(steps<decltype(centred)> == 2);
  tf::Session sess;
  auto const result = sess.run(centred, x = xt::xtensor<float, 2>(xt::ones<float>({100, 64})));
  CHECK((result(0, 0) == -63 && result(99, 63) == -63));
}
TEST_CASE("fuse: a loop waits for what its last op needs, unless something else needs it before") {
  auto const most = tf::reduce_max(row);
  auto const scaled = tf::exp(x) * most;
  using p = passes<decltype(scaled)>;
  static_assert(p::count.steps == 2 && tf::plan(scaled).arena_bytes() < 2 * 100 * 64 * 4);
  // The maximum of the exponentials is needed before the quotient, the exponentials are not.
  auto const e = tf::exp(x);
  auto const quotient = tf::square(x) * (e / tf::reduce_max(e));
  static_assert(steps<decltype(quotient)> == 2);
  tf::Session sess;
  auto const values = op_test::tensor<float, 2>({100, 64}, op_test::spread(6400, -1, 1));
  auto const rows = op_test::tensor<float, 1>({64}, op_test::spread(64, 0, 3));
  auto const [a, b] = sess.run(tf::fetch(scaled, quotient), x = values, row = rows);
  double const top = *std::max_element(rows.begin(), rows.end());
  double const largest = std::exp(double(*std::max_element(values.begin(), values.end())));
  std::vector<double> scaled_by_hand, quotient_by_hand;
  for (double const v : op_test::flat(values)) {
    scaled_by_hand.push_back(std::exp(v) * top);
    quotient_by_hand.push_back(v * v * (std::exp(v) / largest));
  }
  CHECK(same(a, scaled_by_hand));
  CHECK(same(b, quotient_by_hand));
}
TEST_CASE("fuse: a product of a vector and a matrix of few columns is part of the loop around it") {
  auto const points = tf::placeholder<"points", float>(tf::shape<batch, 3>);
  auto const y = tf::placeholder<"y", float>(tf::shape<batch>);
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<1, 3>));
  auto const loss = tf::reduce_sum(tf::square(y - tf::matmul(w, tf::transpose(points))));
  auto const [dw] = tf::gradients(loss, w);
  static_assert(steps<decltype(loss), decltype(dw)> == 1);
  auto const few = tf::placeholder<"few", float>(tf::shape<4, 3>);
  using p = passes<decltype(tf::matmul(w, tf::transpose(few)))>;
  static_assert(p::count.steps == 1 && p::steps.kernels[0].op != 0);
}
TEST_CASE("fuse: an elementwise gradient is computed where the value is") {
  auto const loss = tf::reduce_sum(tf::square(tf::tanh(x) - row));
  auto const [dx] = tf::gradients(loss, x);
  static_assert(steps<decltype(loss), decltype(dx)> == 1);
}
TEST_CASE("fuse: the loop that makes a new value writes the variable") {
  auto const v = tf::variable<"v">(tf::zeros(tf::shape<100, 64>));
  auto const step = v.assign(v * 0.5f + x);
  using p = passes<decltype(step)>;
  static_assert(p::count.steps == 1 && p::count.variables == 1);
  auto const wait = v.assign(v - tf::reduce_mean(v));
  static_assert(steps<decltype(wait)> >= 2);
  tf::Session sess;
  sess.run(v.assign(x), x = xt::xtensor<float, 2>(xt::ones<float>({100, 64})));
  CHECK(sess.run(tf::reduce_sum(wait)) == 0);
}
TEST_CASE("fuse: a chain of 100 elementwise ops is a few loops") {
  auto const chain = [](auto self, auto const& e, auto left) {
    if constexpr (left() == 0) {
      return e;
    } else {
      return self(self, tf::sqrt(e) + row, std::integral_constant<int, left() - 1>{});
    }
  };
  auto const e = chain(chain, x, std::integral_constant<int, 50>{});
  static_assert(steps<decltype(e)> <= 8);
}
TEST_CASE("fuse: what reads 60 tensors and gives 31 is as many loops as their kernels can hold") {
  constexpr int levels = 30;
  auto const table = tf::placeholder<"table", float>(tf::shape<2 * levels + 2, 5>);
  auto const at = [&]<int I>(std::integral_constant<int, I>) {
    return tf::slice(table, tf::index<I, 0>, tf::shape<1, 5>);
  };
  auto const choose = [&](auto self, auto const& e, auto left) {
    using first = std::integral_constant<int, 2 * left()>;
    using second = std::integral_constant<int, 2 * left() + 1>;
    if constexpr (left() == 0) {
      return std::tuple(e);
    } else {
      auto const chosen = tf::where(tf::greater(at(first{}), e), at(second{}), e);
      return std::tuple_cat(std::tuple(e), self(self, chosen, std::integral_constant<int, left() - 1>{}));
    }
  };
  auto const all = choose(choose, at(std::integral_constant<int, 0>{}), std::integral_constant<int, levels>{});
  xt::xtensor<float, 2> data = xt::xtensor<float, 2>::from_shape({2 * levels + 2, 5});
  for (std::size_t i = 0; i < data.size(); ++i) data.data()[i] = static_cast<float>(i * 37 % 101);
  tf::Session sess;
  auto const results = std::apply([&](auto const&... e) { return sess.run(tf::fetch(e...), table = data); }, all);
  std::vector<double> expected(data.data(), data.data() + 5);
  int level = levels;
  std::apply(
      [&](auto const&... result) {
        auto const check = [&](auto const& r) {
          CHECK(same(r, expected));
          for (std::size_t k = 0, row = 2 * static_cast<std::size_t>(level); k < 5; ++k)
            if (double{data(row, k)} > expected[k]) expected[k] = double{data(row + 1, k)};
          --level;
        };
        (check(result), ...);
      },
      results);
}
TEST_CASE("fuse: equal kernels are compiled once") {
  auto const a = tf::placeholder<"a", float>(tf::shape<32, 32>);
  auto const e = tf::matmul(tf::matmul(tf::matmul(a, a), a), a);
  static_assert(passes<decltype(e)>::count.steps == 3 && passes<decltype(e)>::steps.count.kernels == 1);
}

TEST_CASE("schedule: an assignment comes after all who read the old value") {
  auto const v = tf::variable<"v">(tf::constant({{1.0f, 2.0f}, {3.0f, 4.0f}}));
  auto const step = v.assign(v * 10);
  auto const product = tf::matmul(v, v);
  using p = passes<decltype(step), decltype(product)>;
  static_assert(p::count.steps == 2);
  static_assert(p::steps.kernels[p::plan.steps[0].kernel].op != 0 && p::steps.kernels[p::plan.steps[1].kernel].op == 0);
}
TEST_CASE("schedule: variables that trade their values wait for copies, every assignment is there") {
  auto const a = tf::variable<"a">(tf::zeros(tf::shape<8>));
  auto const b = tf::variable<"b">(tf::zeros(tf::shape<8>));
  auto const trade = tf::group(a.assign(b), b.assign(a));
  static_assert(count<tf::snapshot_op>(passes<decltype(trade)>::simple) == 2);
  static_assert(steps<decltype(trade)> == 4);
}

TEST_CASE("plan: memory is used again as soon as nobody reads it") {
  auto const chain = [](auto self, auto const& e, auto const& by, auto left) {
    if constexpr (left() == 0) {
      return e;
    } else {
      return self(self, tf::matmul(e, by), by, std::integral_constant<int, left() - 1>{});
    }
  };
  auto const a = tf::placeholder<"a", float>(tf::shape<64, 64>);
  auto const e = chain(chain, a, a, std::integral_constant<int, 20>{});
  static_assert(tf::plan(e).arena_bytes() <= 2 * 64 * 64 * sizeof(float));
}
TEST_CASE("plan: what is fetched keeps its memory to the end") {
  auto const a = tf::placeholder<"a", float>(tf::shape<2, 2>);
  auto const b = tf::matmul(a, a);
  auto const c = tf::matmul(b, b);
  auto const d = tf::matmul(c, c);
  tf::Session sess;
  auto const [vb, vc, vd] = sess.run(tf::fetch(b, c, d), a = {{1, 1}, {0, 1}});
  CHECK(same(vb, {1, 2, 0, 1}));
  CHECK(same(vc, {1, 4, 0, 1}));
  CHECK(same(vd, {1, 8, 0, 1}));
}
TEST_CASE("plan: views share the memory of what they show") {
  auto const flat = tf::reshape(tf::matmul(tf::transpose(x), x), tf::shape<64 * 64>);
  static_assert(tf::plan(flat).arena_bytes() == 64 * 64 * sizeof(float));
}
TEST_CASE("plan: bytes of a batch are told before anything runs") {
  auto const images = tf::placeholder<"images", float>(tf::shape<batch, 784>);
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<784, 10>));
  auto const loss = tf::reduce_mean(tf::square(tf::matmul(images, w)));
  auto const train = tf::train::GradientDescentOptimizer(0.1f).minimize(loss);
  constexpr auto p = tf::plan(train);
  static_assert(p.variable_bytes() == 784 * 10 * sizeof(float));
  static_assert(p.gradient_bytes() == 784 * 10 * sizeof(float));
  static_assert(p.arena_bytes(batch = 1000) - p.arena_bytes(batch = 500) <= 500 * (2 * 10 + 1) * 64);
  static_assert(p.arena_bytes(batch = 1000) > p.arena_bytes(batch = 500));
  static_assert(p.flops(batch = 100) >= 2.0 * 2 * 100 * 784 * 10);
}
TEST_CASE("plan: extents without a name are told in order, all at once, or by what is fed") {
  auto const a = tf::placeholder<"a", float>(tf::shape<tf::dyn, 20>);
  auto const b = tf::placeholder<"b", float>(tf::shape<tf::dyn, tf::dyn>);
  auto const y = tf::placeholder<"y", float>(tf::shape<tf::dyn>);
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<20, 10>));
  auto const product = tf::matmul(a, w);
  constexpr auto p = tf::plan(product);
  static_assert(p.arena_bytes(1000) == 1000 * 64 && p.arena_bytes(tf::dyn = 10) == 10 * 64);
  static_assert(p.arena_bytes(tf::with_shape(a, tf::shape<100, 20>)) == 100 * 64);
  static_assert(p.flops(1000) == 2.0 * 1000 * 20 * 10 && p.variable_bytes() == 800);
  // What an op makes equal is one extent.
  auto const loss = tf::reduce_mean(tf::square(tf::reduce_sum(a, tf::axis<1>) - y));
  static_assert(tf::plan(loss).flops(1000) > 1000 * 20);
  constexpr auto two = tf::plan(tf::matmul(b, b), tf::matmul(product, tf::transpose(product)));
  static_assert(two.arena_bytes(4, 7) ==
                two.arena_bytes(tf::with_shape(b, tf::shape<4, 4>), tf::with_shape(a, tf::shape<7, 20>)));
  // Derived from what is told.
  auto const rest = tf::slice(a, tf::index<1, 0>, tf::shape<-1, -1>);
  auto const t = tf::tile(tf::concat(tf::axis<0>, a, rest), tf::multiples<3, 1>);
  static_assert(tf::plan(t).flops(10) == 20 * (9 + 19 + 57));
  auto const s = tf::placeholder<"s", std::string>(tf::shape<tf::dyn>);
  static_assert(tf::plan(tf::concat(tf::axis<0>, s, s)).arena_bytes(5) == 10 * sizeof(std::string));
  CHECK_THROWS_AS((void)p.arena_bytes(), tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS((void)p.arena_bytes(1, 2), tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS((void)p.arena_bytes(tf::with_shape(a, tf::shape<1, 2>)), tf::errors::InvalidArgumentError);
}
TEST_CASE("plan: strings have memory of their own, which nothing else uses") {
  auto const s = tf::placeholder<"s", std::string>(tf::shape<4>);
  auto const once = tf::tile(s, tf::multiples<2>);
  auto const twice = tf::tile(once, tf::multiples<2>);
  using p = passes<decltype(tf::tile(twice, tf::multiples<2>))>;
  static_assert(p::count.texts == 3 && p::count.has_texts && p::plan.arenas[0].bytes == 0);
  static_assert(!passes<decltype(tf::exp(x))>::count.has_texts);
}
TEST_CASE("plan: a variable that is only assigned is written and not read") {
  auto const v = tf::variable<"v">(tf::zeros(tf::shape<64>));
  auto const set = v.assign(row);
  using p = passes<decltype(set)>;
  static_assert(p::plan.variables[0].written && !p::plan.variables[0].read);
  static_assert(tf::plan(set).arena_bytes() == 0);
}
TEST_CASE("limits: eight extents that a run tells are one axis, each where it stands") {
  using namespace tf;
  auto const wide =
      placeholder<"wide", float>(shape<dim<"a">, dim<"b">, dim<"c">, dim<"d">, dim<"e">, dim<"f">, dim<"g">, dim<"h">>);
  auto const all = wide * 3.0f;
  auto const rows = tf::reduce_sum(all, tf::axis<7>);
  static_assert(steps<decltype(rows), decltype(all)> == 1);
  tf::Session sess;
  xt::xtensor<float, 8> value(std::array<std::size_t, 8>{1, 2, 1, 3, 1, 2, 1, 5}, 1.0f);
  auto const [sums, product] = sess.run(tf::fetch(rows, all), wide = value);
  CHECK(same(sums, std::vector<double>(12, 15)));
  CHECK(same(product, std::vector<double>(60, 3)));
}
TEST_CASE("limits: arrays of nodes, as many as a pass asks for") {
  auto const sum = [](int arrays) {
    tf::node_arrays all(3);
    int* first = all.next();
    first[3] = 1;
    for (int i = 1; i < arrays; ++i) {
      int* const next = all.next();
      next[3] = first[3] + 1;
      first = next;
    }
    return first[3];
  };
  static_assert(sum(12) == 12 && sum(40) == 40);
  CHECK(sum(1000) == 1000);
}
TEST_CASE("limits: a plan of more buffers or symbols than slots can name is refused") {
  tf::lengths_of<tf::plan_columns> counts{};
  CHECK(tf::fits_slots(counts));
  counts.buffers = counts.symbols = 65536;
  CHECK(tf::fits_slots(counts));
  ++counts.buffers;
  CHECK(!tf::fits_slots(counts));
  counts.buffers = 0;
  ++counts.symbols;
  CHECK(!tf::fits_slots(counts));
}
TEST_CASE("limits: a fold of more inputs, a view of more columns than a loop has are refused") {
  tf::module m;
  tf::i64 const first[] = {0, static_cast<tf::i64>(tf::dtype::float32), 100};
  int const x = m.add(tf::info<tf::splat_op>, nullptr, 0, first, 3);
  std::vector<int> const inputs(21, x);
  tf::i64 const keep = 0;
  auto const fold = [&](int count) {
    tf::module own = m;
    own.fetches.push_back(own.add(tf::info<tf::column_sums_op>, inputs.data(), count, &keep, 1));
    auto const view = tf::module_view(own);
    return tf::fuse(view, true).steps.size();
  };
  CHECK(fold(20) == 1);
  CHECK_THROWS_AS(fold(21), tf::errors::UnimplementedError);
  auto const column = [&](tf::i64 columns) {
    tf::module own = m;
    tf::i64 const words[] = {columns, 0, 1};
    int const part = own.add(tf::info<tf::column_op>, &x, 1, words, 3);
    own.fetches.push_back(own.add(tf::info<tf::exp_op>, &part, 1, nullptr, 0));
    return tf::fuse(tf::module_view(own), true).steps.size();
  };
  CHECK(column(255) == 2);
  CHECK_THROWS_AS(column(256), tf::errors::UnimplementedError);
}
