// SPDX-License-Identifier: Apache-2.0
// No step of a run waits for itself, whatever a graph looks like: its loops are grouped so that none is behind another
// that is behind it.
#include <compiler/passes.hpp>
#include <random>
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::same, op_test::spread, op_test::tensor;

namespace {
/// What a random graph may contain.
struct contents {
  bool symbols = false;      // extents that a run tells
  bool outputs = false;      // ops of several outputs
  bool found = false;        // extents that kernels find
  bool assignments = false;  // several to one variable
  bool wide = false;         // matrices whose products have epilogues
};

/// A graph of random ops, as passes see it after differentiation.
class random_graph {
 public:
  tf::module out;

  random_graph(unsigned seed, int nodes, contents const& may) : random_(seed), may_(may) {
    tf::i64 const n = may.symbols ? out.symbols.anonymous()
                      : may.wide  ? 32
                                  : 5,
                  k = may.symbols ? out.symbols.anonymous()
                      : may.wide  ? 32
                                  : 7,
                  columns = may.wide ? 32 : 4;
    tf::dims const shapes[] = {{2, {n, columns}}, {2, {n, 1}}, {1, {columns}}, {2, {n, k}}, {2, {k, columns}}};
    values_.push_back(leaf(shapes[0]));
    for (int i = below(3); i >= 0; --i) values_.push_back(leaf(shapes[below(5)]));
    while (out.size() < nodes) grow();
    std::vector<bool> read(static_cast<std::size_t>(out.size()));
    for (int const x : out.edges) read[static_cast<std::size_t>(x)] = true;
    for (int const x : values_)
      if (!read[static_cast<std::size_t>(x)] || below(8) == 0) out.fetches.push_back(x);
  }

 private:
  std::mt19937 random_;
  contents may_;
  std::vector<int> values_, variables_;
  tf::u64 identities_ = 0;

  int below(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  /// Recent values more often than others.
  int any() {
    int const count = static_cast<int>(values_.size()), recent = count < 6 ? count : 6;
    return values_[static_cast<std::size_t>(below(2) ? count - 1 - below(recent) : below(count))];
  }
  tf::dims shape(int id) const { return out.nodes[id].shape; }
  int own(tf::op_info const& op, tf::dims const& shape, std::vector<int> const& inputs = {}) {
    tf::node n;
    n.op = &op;
    n.type = tf::dtype::float32;
    n.shape = shape;
    n.identity = ++identities_;
    return out.insert(n, inputs.data(), static_cast<int>(inputs.size()), nullptr, 0);
  }
  int leaf(tf::dims const& shape) {
    int const id = own(tf::info<tf::placeholder_op>, shape);
    out.feeds.push_back(id);
    return id;
  }
  int add(tf::op_info const& op, std::vector<int> const& inputs, std::vector<tf::i64> const& words = {}) {
    return out.add(op, inputs.data(), static_cast<int>(inputs.size()), words.data(), static_cast<int>(words.size()));
  }
  /// Shapes that elementwise ops take; found extents may turn out to be equal to any other.
  bool broadcast(tf::dims const& a, tf::dims const& b) const {
    bool agree = true;
    for (int i = 1; i <= a.rank && i <= b.rank; ++i) {
      tf::i64 const p = a[a.rank - i], q = b[b.rank - i];
      agree = agree && (p == q || p == 1 || q == 1 || (may_.found && p < 0 && q < 0));
    }
    return agree;
  }

  void grow() {
    int const x = any(), y = any(), choice = below(16);
    tf::dims const of_x = shape(x), of_y = shape(y);
    int const rank = of_x.rank;
    if (choice < 4) {
      values_.push_back(add(choice < 2 ? tf::info<tf::exp_op> : tf::info<tf::square_op>, {x}));
    } else if (choice < 10 && broadcast(of_x, of_y)) {
      values_.push_back(add(choice < 7 ? tf::info<tf::add_op> : tf::info<tf::multiply_op>, {x, y}));
    } else if (choice < 12 && rank > 0) {
      values_.push_back(add(tf::info<tf::reduce_sum_op>, {x}, {1, below(rank)}));
    } else if (choice == 12 && rank == 2) {
      if (of_y.rank == 2 && of_y[0] == of_x[1]) values_.push_back(add(tf::info<tf::matmul_op>, {x, y}, {0, 0}));
      values_.push_back(add(tf::info<tf::transpose_op>, {x}, {0, 1}));
    } else if (choice == 13 && may_.outputs && rank > 0 && of_x[rank - 1] == 4) {
      int const both = of_y == of_x ? add(tf::info<tf::concat_op>, {x, y}, {rank - 1}) : x;
      tf::i64 const half = shape(both)[rank - 1] / 2;
      int const parts = add(tf::info<tf::split_v_op>, {both}, {rank - 1, half, half});
      for (int k = 0; k < 2; ++k) values_.push_back(add(tf::info<tf::output_op>, {parts}, {k}));
    } else if (choice == 14 && rank == 2 && may_.found) {
      values_.push_back(own(tf::info<tf::where_indices_op>, {2, {out.symbols.found(of_x[0]), of_x[1]}}, {x}));
    } else if (choice == 14 && rank == 2) {
      values_.push_back(add(tf::info<tf::reshape_op>, {x}, {of_x[0], 1, of_x[1]}));
    } else if (choice == 15 && may_.assignments && !(may_.found && rank > 0 && of_x[0] < 0)) {
      if (variables_.empty() || below(2)) variables_.push_back(own(tf::info<tf::variable_op>, of_x));
      int const v = variables_[static_cast<std::size_t>(below(static_cast<int>(variables_.size())))];
      values_.push_back(v);
      if (!(shape(v) == of_y)) return;
      int const assigned = own(tf::info<tf::assign_op>, of_y, {y});
      out.nodes[assigned].identity = out.nodes[v].identity;
      values_.push_back(assigned);
    }
  }
};

bool is_ordered(tf::module_view const& m, bool fuse_assignments) {
  tf::step_list const list = tf::fuse(m, fuse_assignments);
  auto const view = tf::detail::with_columns(
      list.columns(), [](auto const&... column) { return tf::step_view{{column.items...}, {column.count...}}; });
  return tf::schedule(m, view).acyclic;
}
/// How many of some graphs have steps that wait for themselves.
int cycles(contents const& may) {
  int found = 0;
  for (int i = 0; i < 4000; ++i) {
    random_graph const g(static_cast<unsigned>(i), 6 + i % 80, may);
    REQUIRE(g.out.error.kind == tf::refusal_kind::none);
    tf::module const simple = tf::simplify(tf::module_view(g.out));
    tf::module_view const m(simple);
    found += !is_ordered(m, true) && !(may.assignments && is_ordered(m, false));
  }
  return found;
}

/// Loops of several levels that read two outputs of one op.
constexpr auto read_both(auto x) {
  auto const [left, right] = tf::split(x, tf::parts<2>, tf::axis<1>);
  auto const a = tf::exp(left);
  auto const sum = tf::reduce_sum(a, tf::axis<0>, tf::keepdims);
  return tf::fetch(tf::square(sum) + right, a * right);
}
template <class Shape>
void check_outputs(Shape shape) {
  auto const x = tf::placeholder<"x", double>(shape);
  tf::Session sess;
  auto const [c, d] = sess.run(read_both(x), x = {{0, 1, 5, 6}, {2, 3, 7, 8}});
  double const s = 1 + std::exp(2), t = std::exp(1) + std::exp(3);
  CHECK(same(c, {s * s + 5, t * t + 6, s * s + 7, t * t + 8}, 1e-12));
  CHECK(same(d, {5, 6 * std::exp(1), 7 * std::exp(2), 8 * std::exp(3)}, 1e-12));
}
}  // namespace

TEST_CASE("cycles: none in random graphs") {
  CHECK(cycles({}) == 0);
  CHECK(cycles({.symbols = true, .outputs = true}) == 0);
  CHECK(cycles({.symbols = true, .outputs = true, .found = true}) == 0);
  CHECK(cycles({.outputs = true, .assignments = true}) == 0);
  CHECK(cycles({.assignments = true, .wide = true}) == 0);
  CHECK(cycles({.symbols = true, .outputs = true, .found = true, .assignments = true}) == 0);
}
TEST_CASE("cycles: outputs of one op are read on several levels") {
  check_outputs(tf::shape<2, 4>);
  check_outputs(tf::shape<tf::dim<"n">, 4>);
}
TEST_CASE("cycles: derivatives of norms beside those of parts") {
  auto const normalized = [](auto x) {
    auto const a = tf::nn::l2_normalize(x, tf::axis<1>);
    auto const b = tf::nn::l2_normalize(tf::exp(x), tf::axis<1>);
    return tf::matmul(tf::transpose(a, tf::axes<0, 2, 1>), b);
  };
  auto const joined = [](auto x) { return tf::concat(tf::axis<1>, x, tf::square(x)); };
  op_test::check_gradient(tf::shape<tf::dim<"n">, 2, 3>, std::array<std::size_t, 3>{2, 2, 3}, spread(12, 0.2, 1),
                          normalized, joined);
}
TEST_CASE("cycles: values go to and fro between extents that only a run finds equal") {
  auto const x = tf::placeholder<"x", double>(tf::shape<tf::dim<"n">>);
  auto const high = tf::boolean_mask(x, x > 2.0);
  auto const low = tf::boolean_mask(-x, x < 0.0);
  auto const e = tf::exp(high);
  auto const there = e + low;
  auto const back = there * e;
  tf::Session sess;
  xt::xtensor<double, 1> const values{1, 3, -1, 4, -2};
  double const a = std::exp(3), b = std::exp(4);
  CHECK(same(sess.run(back, x = values), {(a + 1) * a, (b + 2) * b}, 1e-12));
}
TEST_CASE("cycles: an extent is found in what a loop of equal extents has made") {
  auto const x = tf::placeholder<"x", double>(tf::shape<tf::dim<"n">>);
  auto const e = tf::exp(x);
  auto const all = tf::boolean_mask(e, e > 0.0);
  auto const doubled = e * (tf::zeros_like(all) + 2.0);
  tf::Session sess;
  auto const [d, sum] = sess.run(tf::fetch(doubled, tf::reduce_sum(all)), x = xt::xtensor<double, 1>{0, 1, -2});
  CHECK(same(d, {2, 2 * std::exp(1), 2 * std::exp(-2)}, 1e-12));
  CHECK(op_test::near(sum, 1 + std::exp(1) + std::exp(-2), 1e-12));
}
TEST_CASE("cycles: assignments of what a variable was, one behind another") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2>);
  auto const v = tf::variable<"v">(tf::constant({5.0f, 6.0f}));
  tf::Session sess;
  sess.run(v.initializer());
  auto const first = v.assign(x);
  auto const again = v.assign(v);
  auto const [a, b] = sess.run(tf::fetch(first, again), x = {1, 2});
  CHECK(same(a, {1, 2}));
  CHECK(same(b, {5, 6}));
  CHECK(same(sess.run(v), {5, 6}));
}
TEST_CASE("cycles: what a variable was is kept for ops that others stand for") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2, 2>);
  auto const v = tf::variable<"v">(tf::ones(tf::shape<2, 2>));
  tf::Session sess;
  sess.run(v.initializer());
  auto const same_order = tf::transpose(v, tf::axes<0, 1>);
  auto const [now, before] = sess.run(tf::fetch(v.assign(x), same_order), x = {{1, 2}, {3, 4}});
  CHECK(same(now, {1, 2, 3, 4}));
  CHECK(same(before, {1, 1, 1, 1}));
  sess.run(v.assign({{1, 0}, {2, 0}}));
  CHECK(same(sess.run(tf::matmul(v.assign(x), tf::transpose(v)), x = {{1, 2}, {3, 4}}), {1, 2, 3, 6}));
}
TEST_CASE("cycles: a product of what a variable was, times what it becomes") {
  auto const x = tf::placeholder<"x", float>(tf::shape<16, 16>);
  auto const v = tf::variable<"v">(tf::ones(tf::shape<16, 16>));
  tf::Session sess;
  sess.run(v.initializer());
  auto const product = tf::matmul(v, x) * v.assign(x);
  CHECK(same(sess.run(product, x = xt::xtensor<float, 2>({16, 16}, 2.0f)), std::vector<double>(256, 64)));
  CHECK(same(sess.run(v), std::vector<double>(256, 2)));
}
