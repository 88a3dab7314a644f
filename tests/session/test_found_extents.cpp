// SPDX-License-Identifier: Apache-2.0
// Extents that kernels find while a run goes on: what depends on them, and what of it is refused.
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::counted, op_test::refusal, op_test::same, op_test::spread, op_test::tensor;
using tf::errors::InvalidArgumentError;

namespace {
constexpr auto n = tf::dim<"n">;
constexpr auto k = tf::dim<"k">;
constexpr auto rows = tf::dim<"rows">;

auto const x = tf::placeholder<"x", float>(tf::shape<n>);
auto const m = tf::placeholder<"m", bool>(tf::shape<n>);
auto const y = tf::placeholder<"y", float>(tf::shape<k>);
auto const some = tf::boolean_mask(x, m);

/// n flags, of which the first `count` are set, or the last.
std::vector<bool> flags(std::size_t size, std::size_t count, bool last = false) {
  std::vector<bool> out(size);
  for (std::size_t i = 0; i < count; ++i) out[last ? size - 1 - i : i] = true;
  return out;
}
}  // namespace

TEST_CASE("found extents: memory is planned at the bound") {
  // Each buffer is of whole registers for each n.
  constexpr auto z =
      tf::boolean_mask(tf::placeholder<"p", double>(tf::shape<n, 8>), tf::placeholder<"q", bool>(tf::shape<n>));
  constexpr auto p = tf::plan(z);
  static_assert(p.arena_bytes(n = 1000) == 1000 * (8 * 8 + 64) && p.arena_bytes(n = 0) == 0);
  // Half of them, rounded up.
  constexpr auto pairs = tf::plan(tf::exp(tf::reshape(z, tf::shape<-1, 16>)));
  static_assert(pairs.arena_bytes(n = 1001) == 1001 * (8 * 8 + 64) + 501 * 128);
  // A bound that the compiler knows is a number.
  constexpr auto s = tf::plan(tf::where(tf::placeholder<"r", bool>(tf::shape<10, 10>)));
  static_assert(s.arena_bytes() == 10 * 10 * 2 * 8);
  CHECK(p.arena_bytes(n = 10) == 1280);
}

TEST_CASE("found extents: they change from run to run, in one session and in callables") {
  auto const all = tf::fetch(some, tf::reduce_sum(some), tf::reduce_mean(some), tf::reduce_max(some), tf::size(some),
                             tf::shape_of<std::int64_t>(some), tf::zeros_like(some) + 2.0f);
  tf::Session sess;
  auto f = sess.make_callable(all, x, m);
  for (std::size_t size : {5u, 0u, 100u, 1u, 5u})
    for (std::size_t count : {std::size_t{0}, size / 2, size}) {
      CAPTURE(size);
      CAPTURE(count);
      auto const [values, sum, mean, most, how_many, shape, twos] = f(counted(size), flags(size, count));
      std::vector<float> const first = counted(count);
      CHECK(same(values, {first.begin(), first.end()}));
      double const total = double(count) * double(count + 1) / 2;
      CHECK(sum == float(total));
      CHECK(op_test::near(mean, count > 0 ? total / double(count) : op_test::not_a_number, 1e-6));
      CHECK(most == (count > 0 ? float(count) : -std::numeric_limits<float>::infinity()));
      CHECK((how_many == int(count) && shape(0) == std::int64_t(count)));
      CHECK(same(twos, std::vector<double>(count, 2.0)));
    }
}

TEST_CASE("found extents: what needs no element of a tensor but its shape") {
  auto const b = tf::placeholder<"b", bool>(tf::shape<tf::dyn>);
  auto const where = tf::where(b);
  tf::Session sess;
  CHECK(sess.run(tf::size(where), b = flags(7, 3)) == 3);
  CHECK(same(sess.run(tf::shape_of(where), b = flags(7, 3)), {3, 1}));
  CHECK(same(sess.run(tf::ones_like(where), b = flags(7, 3)), {1, 1, 1}));
  CHECK(sess.run(tf::reduce_sum(tf::ones_like(where)), b = flags(7, 3)) == 3);
  CHECK(sess.run(tf::fetch(tf::size(some), tf::size(tf::concat(tf::axis<0>, some, some))), x = counted(4),
                 m = flags(4, 3)) == std::tuple{3, 6});
  // A random number for each.
  auto const dropped = tf::nn::dropout(some, 0.5f);
  for (std::size_t count : {0u, 2u, 64u})
    CHECK(sess.run(dropped, x = counted(64), m = flags(64, count)).size() == count);
}

TEST_CASE("found extents: computed from one another and from others, in chains") {
  auto const other = tf::boolean_mask(x, tf::logical_not(m));
  auto const again = tf::boolean_mask(some, some > 2.0f);
  auto const twice = tf::boolean_mask(again, tf::not_equal(again, 4.0f));
  auto const joined = tf::concat(tf::axis<0>, some, other, y, again);
  auto const column = tf::expand_dims(some, tf::axis<1>);
  auto const row = tf::expand_dims(other, tf::axis<0>);
  auto const table = tf::matmul(column, row);                                 // [found, found]
  auto const inner = tf::matmul(tf::expand_dims(some, tf::axis<0>), column);  // over a found extent
  auto const tiled = tf::reshape(tf::tile(some, tf::multiples<3>), tf::shape<-1, 3>);
  auto const tail = tf::slice(some, tf::index<1>, tf::shape<-1>);
  auto const all = tf::fetch(again, twice, joined * 2.0f, table, tf::reduce_sum(table, tf::axis<0>), inner,
                             tf::reduce_sum(tiled, tf::axis<1>), tail, tf::cumsum(some) + some);
  tf::Session sess;
  auto const [g, t, j, o, s, i, r, l, c] = sess.run(all, x = counted(6), m = flags(6, 4), y = {7, 8, 9});
  CHECK((same(g, {3, 4}) && same(t, {3})));
  CHECK(same(j, {2, 4, 6, 8, 10, 12, 14, 16, 18, 6, 8}));
  CHECK((same(o, {5, 6, 10, 12, 15, 18, 20, 24}) && o.shape()[0] == 4));
  CHECK((same(s, {50, 60}) && same(i, {30}) && same(r, {6, 7, 8, 9}) && same(l, {2, 3, 4})));
  CHECK(same(c, {2, 5, 9, 14}));
  CHECK(refusal([&] { sess.run(tail, x = counted(6), m = flags(6, 0)); }) == "Expected begin in [0, 0], but got 1");
  CHECK(refusal([&] { sess.run(tf::reshape(some, tf::shape<-1, 2>), x = counted(6), m = flags(6, 3)); }) ==
        "Input to reshape is a tensor with 3 values, but the requested shape requires a multiple of 2");
}

TEST_CASE("found extents: those that must agree are compared when they are known, and nothing has changed") {
  auto const l = tf::placeholder<"l", bool>(tf::shape<n>);
  auto const other = tf::boolean_mask(x, l);
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<3>));
  auto const steps = tf::variable<"steps">(tf::constant(0));
  auto const more = tf::group(w.assign_add(1), steps.assign_add(tf::size(some)));
  tf::Session sess;
  sess.run(tf::variables_initializer(w, steps));
  auto const run = [&](auto const& what, std::size_t a, std::size_t b) {
    auto const both = tf::fetch(more, what);
    return std::get<1>(sess.run(both, x = counted(6), m = flags(6, a), l = flags(6, b, true)));
  };
  CHECK(same(run(some + other, 2, 2), {6, 8}));
  CHECK(same(run(std::get<0>(tf::gradients(some * other, x)), 2, 2), {5, 6, 0, 0, 1, 2}));
  CHECK(run(some + other, 0, 0).size() == 0);
  CHECK(refusal([&] { run(some + other, 2, 3); }).starts_with("Incompatible shapes: [2] vs. [3]"));
  CHECK(refusal([&] { run(tf::exp(some) * other, 0, 3); }).starts_with("Incompatible shapes: [0] vs. [3]"));
  CHECK(refusal([&] { run(tf::zeros_like(some) + other, 6, 5); }).starts_with("Incompatible shapes: [6] vs. [5]"));
  // Of what the compiler knows.
  CHECK(same(run(some + w, 3, 0), {4, 5, 6}));
  CHECK(refusal([&] { run(w + some, 4, 0); }).starts_with("Incompatible shapes: [3] vs. [4]"));
  CHECK(same(run(tf::reshape(tf::concat(tf::axis<0>, some, other), tf::shape<2, 2>), 3, 1), {1, 2, 3, 6}));
  CHECK(refusal([&] { run(tf::reshape(tf::concat(tf::axis<0>, some, other), tf::shape<2, 2>), 3, 2); }) ==
        "Input to reshape is a tensor with 5 values, but the requested shape has 4");
  CHECK(same(run(tf::slice(some, tf::index<1>, tf::shape<2>), 3, 0), {2, 3}));
  CHECK(refusal([&] { run(tf::slice(some, tf::index<1>, tf::shape<2>), 2, 0); }) ==
        "Expected size[0] in [0, 1], but got 2");
  CHECK(refusal([&] { run(w.assign(some), 2, 0); })
            .starts_with("Assign requires shapes of both tensors to match. lhs "
                         "shape= [3] rhs shape= [2]"));
  auto const [value, count] = sess.run(tf::fetch(w, steps));
  CHECK((same(value, {6, 6, 6}) && count == 2 + 2 + 0 + 3 + 3 + 3));
}

TEST_CASE("found extents: compared with what is fed, and names that they tell") {
  auto const r = tf::placeholder<"r", float>(tf::shape<rows>);
  auto const pairs = tf::reshape(some, tf::shape<rows, 2>);
  auto const sums = tf::reduce_sum(pairs, tf::axis<1>) + tf::ones(tf::shape<rows>);
  tf::Session sess;
  CHECK(same(sess.run(some * y, x = counted(5), m = flags(5, 2, true), y = {1, 10}), {4, 50}));
  CHECK(refusal([&] {
          sess.run(some * y, x = counted(5), m = flags(5, 2), y = {1, 10, 100});
        }).starts_with("Incompatible shapes: [2] vs. [3]"));
  CHECK(refusal([&] {
          sess.run(some * y, x = counted(2), m = flags(2, 2), y = counted(100000));
        }).starts_with("Incompatible shapes: [2] vs. [100000]"));
  for (std::size_t count : {0u, 2u, 6u, 2u}) {
    auto const [s, o] =
        sess.run(tf::fetch(sums, tf::ones(tf::shape<rows>) * 3.0f), x = counted(7), m = flags(7, count));
    CHECK((s.size() == count / 2 && o.size() == count / 2));
    for (std::size_t i = 0; i < s.size(); ++i) CHECK(s(i) == float(4 * i + 4));
  }
  CHECK_THROWS_AS(sess.run(sums, x = counted(7), m = flags(7, 3)), InvalidArgumentError);
  CHECK(same(sess.run(sums + r, x = counted(4), m = flags(4, 4), r = {1, 2}), {5, 10}));
  CHECK(refusal([&] { sess.run(sums + r, x = counted(4), m = flags(4, 4), r = {1, 2, 3}); }) ==
        "Input to reshape is a tensor with 4 values, but the requested shape has 6");
}

TEST_CASE("found extents: a variable is initialised to what a run finds, and keeps its shape") {
  auto const v = tf::variable<"v">(tf::boolean_mask(x, m));
  auto const names = tf::placeholder<"names", std::string>(tf::shape<tf::dyn>);
  auto const texts = tf::variable<"texts">(tf::boolean_mask(names, tf::not_equal(names, "a")));
  auto const total = tf::variable<"total">(tf::constant(0.0f));
  tf::Session sess;
  // What has no value yet takes any shape.
  CHECK(same(sess.run(v.assign(some), x = counted(4), m = flags(4, 2)), {1, 2}));
  sess.run(tf::variables_initializer(total, v, texts), x = counted(3), m = flags(3, 2, true),
           names = {"a", "b", "a text that is longer than fifteen letters"});
  for (std::size_t count : {3u, 0u, 1u, 50u, 2u}) {
    sess.run(v.initializer(), x = counted(60), m = flags(60, count));
    CHECK(sess.run(v).size() == count);
    CHECK(same(sess.run(tf::shape_of(v)), {double(count)}));
  }
  auto const [s, t] = sess.run(tf::fetch(v, texts));
  CHECK((same(s, {1, 2}) && t.size() == 2 && t(0) == "b" && t(1).size() > 15));
  // Another count is another shape.
  auto const add = tf::group(total.assign_add(1.0f), v.assign_add(some));
  sess.run(add, x = counted(5), m = flags(5, 2, true));
  CHECK(same(sess.run(v), {5, 7}));
  CHECK_THROWS_AS(sess.run(add, x = counted(5), m = flags(5, 3)), InvalidArgumentError);
  auto const put = tf::group(total.assign_add(1.0f), v.assign(some));
  CHECK(refusal([&] {
          sess.run(put, x = counted(5), m = flags(5, 1));
        }).starts_with("Assign requires shapes of both tensors to match. lhs shape= [2] rhs shape= [1]"));
  CHECK((same(sess.run(v), {5, 7}) && sess.run(total) == 1.0f));
  sess.run(put, x = counted(5), m = flags(5, 2));
  CHECK((same(sess.run(v), {1, 2}) && sess.run(total) == 2.0f));
  // So it is where the run reads what the variable was before, in whatever order.
  auto const anew = tf::fetch(v.initializer(), total.assign_add(tf::reduce_sum(v)));
  CHECK(std::get<1>(sess.run(anew, x = counted(5), m = flags(5, 2, true))) == 5.0f);
  CHECK_THROWS_AS(sess.run(anew, x = counted(5), m = flags(5, 3)), InvalidArgumentError);
  CHECK((same(sess.run(v), {4, 5}) && sess.run(total) == 5.0f));
  auto const twice = tf::fetch(v.assign(some), v.assign(tf::ones(tf::shape<2>)));
  CHECK(same(std::get<1>(sess.run(twice, x = counted(3), m = flags(3, 2))), {1, 1}));
  CHECK_THROWS_AS(sess.run(twice, x = counted(1), m = flags(1, 1)), InvalidArgumentError);
}

TEST_CASE("found extents: what was written before a kernel finds that shapes differ is put back") {
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<4>));
  auto const flag = tf::placeholder<"flag", float>(tf::shape<>);
  // What is found depends on what the assignment leaves.
  auto const left = w.assign(w + flag);
  auto const positive = tf::boolean_mask(left, left > 0.0f);
  tf::Session sess;
  sess.run(w.initializer());
  CHECK(refusal([&] {
          sess.run(positive + y, flag = 1.0f, y = counted(3));
        }).starts_with("Incompatible shapes: [4] vs. [3]"));
  CHECK(same(sess.run(w), {0, 0, 0, 0}));
  CHECK(same(sess.run(positive + y, flag = 1.0f, y = counted(4)), {2, 3, 4, 5}));
  CHECK(refusal([&] {
          sess.run(positive + y, flag = -1.0f, y = counted(4));
        }).starts_with("Incompatible shapes: [0] vs. [4]"));
  CHECK(same(sess.run(w), {1, 1, 1, 1}));
}

TEST_CASE("found extents: results go into memory of the user's, where that fits") {
  auto const w = tf::variable<"w">(tf::constant(0));
  tf::Session sess;
  sess.run(w.initializer());
  float out[3] = {};
  std::vector<float> longer(4, -1.0f);
  sess.run(tf::into(some, out), x = counted(5), m = flags(5, 3, true));
  CHECK((out[0] == 3 && out[2] == 5));
  auto const both = tf::fetch(tf::into(some, out), w.assign_add(1));
  CHECK(refusal([&] { sess.run(both, x = counted(5), m = flags(5, 2)); }) ==
        "Cannot fetch value of shape [2] into memory of shape [3]");
  CHECK((sess.run(w) == 0 && out[0] == 3));
  sess.run(tf::fetch(both, tf::into(tf::concat(tf::axis<0>, some, tf::constant({9.0f})), longer)), x = counted(5),
           m = flags(5, 3));
  CHECK((sess.run(w) == 1 && out[0] == 1 && longer[3] == 9));
}

TEST_CASE("found extents: a step of training on what a mask leaves") {
  auto const in = tf::placeholder<"in", double>(tf::shape<n, 3>);
  auto const labels = tf::placeholder<"labels", double>(tf::shape<n>);
  auto const w = tf::variable<"w">(tf::zeros<double>(tf::shape<3, 1>));
  auto const v = tf::variable<"v">(tf::zeros<double>(tf::shape<3, 1>));
  auto const error = [&](auto const& rows, auto const& of, auto const& weights) {
    return tf::square(tf::squeeze(tf::matmul(rows, weights), tf::axis<1>) - of);
  };
  auto const loss = tf::reduce_mean(error(tf::boolean_mask(in, m), tf::boolean_mask(labels, m), w));
  auto const weight = tf::cast<double>(m);
  auto const same_loss = tf::reduce_sum(error(in, labels, v) * weight) / tf::reduce_sum(weight);
  auto const train =
      tf::group(tf::train::AdamOptimizer(0.1).minimize(loss), tf::train::AdamOptimizer(0.1).minimize<"o">(same_loss));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  for (std::size_t rows : {8u, 3u, 50u, 8u})
    for (std::size_t count : {std::size_t{1}, rows / 2, rows}) {
      auto const values = tensor<double, 2>({rows, 3}, spread(rows * 3, -1, 1, unsigned(count)));
      auto const [a, b, after, of_v] = sess.run(
          tf::fetch(loss, same_loss, std::get<0>(tf::gradients(loss, w)), std::get<0>(tf::gradients(same_loss, v))),
          in = values, labels = spread(rows, -1, 1), m = flags(rows, count, true));
      CHECK(op_test::near(a, b, 1e-12));
      CHECK(same(after, op_test::flat(of_v), 1e-12));
      sess.run(train, in = values, labels = spread(rows, -1, 1), m = flags(rows, count, true));
    }
  CHECK(same(sess.run(w), op_test::flat(sess.run(v)), 1e-9));
}

TEST_CASE("found extents: layers of found rows are found rows of layers") {
  auto const in = tf::placeholder<"in", float>(tf::shape<n, 24>);
  auto const w = tf::variable<"weights">(tf::random_normal(tf::shape<24, 64>, tf::seed(1)));
  auto const filter = tf::variable<"filter">(tf::random_normal(tf::shape<3, 3, 2, 4>, tf::seed(2)));
  auto const layers = [&](auto const& rows) {
    auto const hidden = tf::nn::relu(tf::matmul(rows, w) + 0.5f);
    auto const images = tf::reshape(rows, tf::shape<-1, 3, 4, 2>);
    auto const seen = tf::nn::conv2d(images, filter, tf::strides<1, 1>, tf::padding::SAME);
    auto const most = std::get<0>(tf::nn::top_k(hidden, tf::k<3>));
    auto const turned = tf::transpose(tf::transpose(hidden));
    auto const coded = tf::one_hot(tf::argmax(hidden, tf::axis<1>), tf::depth<64>);
    return tf::concat(
        tf::axis<1>, tf::nn::softmax(hidden),
        tf::squeeze(tf::nn::max_pool(seen, tf::ksize<3, 4>, tf::strides<1, 1>, tf::padding::VALID), tf::axes<1, 2>),
        most, turned, coded, tf::cumsum(hidden, tf::axis<1>), tf::pad(rows, tf::paddings<0, 0, 1, 2>));
  };
  auto const before = layers(tf::boolean_mask(in, m));
  auto const after = tf::boolean_mask(layers(in), m);
  tf::Session sess;
  sess.run(tf::variables_initializer(w, filter));
  for (std::size_t size : {1u, 7u, 130u, 0u})
    for (std::size_t count : {size, size / 3, std::size_t{0}}) {
      auto const [a, b] =
          sess.run(tf::fetch(before, after), in = tensor<float, 2>({size, 24}, spread(size * 24, -1, 1)),
                   m = flags(size, count, true));
      CHECK(a.shape()[0] == count);
      CHECK(same(a, op_test::flat(b), 1e-5));
    }
}

TEST_CASE("found extents: an optimizer's variables take the shape that a variable is found to have") {
  auto const v = tf::variable<"v">(tf::boolean_mask(x, x > 2.0f));
  auto const train = tf::train::MomentumOptimizer(0.25f, 0.5f).minimize(tf::reduce_sum(tf::square(v - 1.0f)));
  auto const c = tf::constant<"c">(tensor<float, 1>({5}, {1, -1, 2, -2, 3}));  // of a shape that only the run knows
  auto const u = tf::variable<"u">(tf::boolean_mask(c, c > 0.0f));
  tf::Session sess;
  for (std::size_t size : {4u, 2u, 60u}) {
    sess.run(tf::global_variables_initializer(train, u), x = counted(size));
    sess.run(train);
    sess.run(train);
    auto const got = sess.run(v);
    REQUIRE(got.size() == size - 2);
    for (std::size_t i = 0; i < got.size(); ++i) CHECK(op_test::near(got(i), 1, 1e-6));
    CHECK(same(sess.run(u), {1, 2, 3}));
  }
}

TEST_CASE("found extents: fed in the place of what would find them, and in functions over handles") {
  tf::Session sess;
  CHECK(same(sess.run(some * 2.0f, some = {1, 2, 3}), {2, 4, 6}));
  auto const [dx] = tf::gradients(tf::square(some), x);
  CHECK(same(sess.run(dx, x = counted(3), m = flags(3, 2, true), some = {10, 20}), {0, 20, 40}));
  CHECK_THROWS_AS(sess.run(dx, x = counted(3), m = flags(3, 1), some = {10, 20}), InvalidArgumentError);
  auto const filter = tf::build([](auto v) {
    for (int i = 1; i < 4; ++i) v = tf::boolean_mask(v, tf::not_equal(v, 2.0 * i));
    return std::tuple{v, tf::reduce_sum(v), tf::where(v > 2.0)};
  });
  auto const [kept, sum, where] = filter(x);
  auto const [a, b, c] = sess.run(tf::fetch(kept, sum, where), x = counted(7));
  CHECK((same(a, {1, 3, 5, 7}) && b == 16 && same(c, {1, 2, 3})));
}
