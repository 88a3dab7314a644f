// SPDX-License-Identifier: Apache-2.0
#include <support/allocations.hpp>
#include <support/op_test.hpp>

namespace tf = tfx;

TEST_CASE("allocations: they are counted") {
  CHECK(counted_in([] { std::vector<float> v(100); }) == 10);
}
TEST_CASE("allocations: none in a step that trains, nor in a scalar fetch, nor where programs take turns") {
  constexpr auto batch = tf::dim<"batch">;
  auto const x = tf::placeholder<"x", float>(tf::shape<batch, 64>);
  auto const y = tf::placeholder<"y", float>(tf::shape<batch, 10>);
  auto const w = tf::variable<"w">(tf::random_normal(tf::shape<64, 32>));
  auto const v = tf::variable<"v">(tf::random_normal(tf::shape<32, 10>));
  auto const logits = tf::matmul(tf::nn::relu(tf::matmul(x, w)), v);
  auto const loss = tf::reduce_mean(tf::nn::softmax_cross_entropy_with_logits(tf::labels = y, tf::logits = logits));
  auto const train = tf::train::GradientDescentOptimizer(0.1f).minimize(loss);
  auto const value = op_test::tensor<float, 2>({50, 64}, op_test::spread(50 * 64, -1, 1));
  auto const label = op_test::tensor<float, 2>({50, 10}, op_test::spread(50 * 10, 0, 1));
  auto const doubles = xt::xtensor<double, 2>(value);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  auto step = sess.make_callable(train, x, y);
  auto measure = sess.make_callable(loss, x, y);

  CHECK(counted_in([&] { sess.run(train, x = value, y = label); }) == 0);
  CHECK(counted_in([&] { step(value, label); }) == 0);
  CHECK(counted_in([&] { sess.run(loss, x = value, y = label); }) == 0);
  CHECK(counted_in([&] {
          step(value, label);
          measure(value, label);
        }) == 0);
  CHECK(counted_in([&] {
          sess.run(train, x = value, y = label);
          sess.run(loss, x = value, y = label);
        }) == 0);
  CHECK(counted_in([&] { sess.run(loss, x = doubles, y = label); }) == 0);  // converted in memory of the session
  CHECK(counted_in([&] { sess.run(logits, x = value); }) <= 10);            // the result is the caller's
}
TEST_CASE("allocations: none with numbers and constants that ride along, nor with a smaller batch") {
  auto const x = tf::placeholder<"x", double>(tf::shape<tf::dyn>);
  auto const c = tf::constant<"c">({1.0, 2.0, 3.0});
  auto const y = tf::reduce_sum(x) * 2.5 + tf::reduce_sum(c * 3);
  tf::Session sess;
  std::vector<double> const large(100, 1.0), small(10, 1.0);
  CHECK(counted_in([&] {
          sess.run(y, x = large);
          sess.run(y, x = small);
        }) == 0);
  auto f = sess.make_callable(y, x);
  CHECK(counted_in([&] { f(large); }) == 0);
}
TEST_CASE("allocations: none where a run finds extents, whatever they are") {
  constexpr auto n = tf::dim<"n">;
  auto const x = tf::placeholder<"x", double>(tf::shape<n>);
  auto const m = tf::placeholder<"m", bool>(tf::shape<n>);
  auto const w = tf::variable<"w">(tf::zeros<double>(tf::shape<>));
  auto const v = tf::variable<"v">(tf::boolean_mask(x, m));
  auto const some = tf::boolean_mask(x, m);
  auto const loss = tf::reduce_sum(tf::square(tf::concat(tf::axis<0>, some, std::get<0>(tf::unique(some))) - w));
  auto const step = tf::group(tf::train::GradientDescentOptimizer(0.1).minimize(loss), v.initializer());
  std::vector<double> const values = op_test::spread(100, -1, 1);
  bool masks[3][100] = {};
  for (int i = 0; i < 100; ++i) masks[1][i] = true, masks[2][i] = i % 3 == 0;
  tf::Session sess;
  sess.run(w.initializer());
  CHECK(counted_in([&] {
          for (auto const& mask : masks) sess.run(step, x = values, m = mask);
        }) == 0);
}
TEST_CASE("allocations: none in a loop, its gradient and a branch, whatever their lengths") {
  constexpr auto steps = tf::dim<"steps">;
  auto const x = tf::placeholder<"x", float>(tf::shape<steps, 8>);
  auto const w = tf::variable<"w">(tf::ones(tf::shape<8>));
  auto const last = tf::foldl(
      [&](auto h, auto s) {
        return tf::cond(tf::less(tf::reduce_sum(s), 0.0f), [&] { return h * w; }, [&] { return tf::tanh(h + s); });
      },
      x, w);
  auto const rounds = tf::while_loop([](auto n) { return tf::less(n, 100.0f); }, [](auto n) { return n * 2.0f; },
                                     tf::reduce_sum(tf::square(last)) + 1.0f);
  auto const train = tf::train::GradientDescentOptimizer(0.01f).minimize(tf::reduce_sum(last));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  auto const values = op_test::tensor<float, 2>({50, 8}, op_test::spread(400, -1, 1));
  CHECK(counted_in([&] { sess.run(tf::fetch(rounds, train), x = values); }) == 0);
}
TEST_CASE("allocations: of a summary only the text that a run gives back") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dyn, 8, 8, 3>);
  auto const all = tf::summary::merge(tf::summary::scalar<"a/scope/of/the/loss">(tf::reduce_sum(x)),
                                      tf::summary::histogram<"h">(x), tf::summary::image<"pictures">(x),
                                      tf::summary::text<"t">(tf::constant("a text of more than fifteen letters")));
  tf::Session sess;
  xt::xtensor<float, 4> const pictures = xt::ones<float>({3, 8, 8, 3});
  std::string text;
  CHECK(counted_in([&] { text = sess.run(all, x = pictures); }) <= 10);
}
TEST_CASE("allocations: none where strings move into strings that are there") {
  auto const p = tf::placeholder<"p", std::string>(tf::shape<tf::dyn>);
  auto const v = tf::variable<"v">(tf::zeros<std::string>(tf::shape<4>));
  auto const w = tf::where(tf::equal(p, v), v, p);
  auto const step = tf::group(v.assign(tf::slice(tf::concat(tf::axis<0>, w, p), tf::index<0>, tf::shape<4>)));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  std::vector<std::string> const texts(4, "a text of more than fifteen letters");
  CHECK(counted_in([&] { sess.run(step, p = texts); }) == 0);
  CHECK(sess.run(v)(3) == texts[3]);
}
TEST_CASE("allocations: a run for which memory is lacking throws, and leaves the session as it was") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dyn>);
  auto const rest = tf::exp(x) - tf::reduce_sum(x);
  auto const y = tf::reduce_sum(tf::concat(tf::axis<0>, rest, rest));
  std::vector<float> const few(10, 0.0f), many(100000, 0.0f);
  tf::Session sess;
  CHECK(sess.run(y, x = few) == 20.0f);
  most_bytes = 100000;
  CHECK_THROWS_WITH_AS(sess.run(y, x = many), doctest::Contains("OOM when allocating "),
                       tf::errors::ResourceExhaustedError);
  CHECK_THROWS_AS(sess.run(y, x = many), tf::errors::ResourceExhaustedError);
  CHECK(sess.run(y, x = few) == 20.0f);
  most_bytes = ~std::size_t{0};
  CHECK(sess.run(y, x = many) == 200000.0f);
}
