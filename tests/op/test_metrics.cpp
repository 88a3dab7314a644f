// SPDX-License-Identifier: Apache-2.0
// covers: accuracy auc confusion mean mean_absolute_error mean_squared_error precision recall
// covers: root_mean_squared_error streaming
#include <support/op_test.hpp>
#include <tfx/op/metrics/accuracy.hpp>
#include <tfx/op/metrics/auc.hpp>
#include <tfx/op/metrics/mean.hpp>
#include <tfx/op/metrics/mean_absolute_error.hpp>
#include <tfx/op/metrics/precision.hpp>
#include <tfx/op/metrics/recall.hpp>
#include <tfx/op/metrics/root_mean_squared_error.hpp>

namespace tf = tfx;
namespace metrics = tfx::metrics;
using doctest::Approx;
using op_test::refusal;

TEST_CASE("metrics: accuracy over batches, in local variables that have an initializer of their own") {
  auto const x = tf::placeholder<"x", std::int64_t>(tf::shape<tf::dim<"batch">>);
  auto const w = tf::variable<"w">(tf::zeros<int>(tf::shape<>));
  auto const classes = x + tf::cast<std::int64_t>(w);
  auto const y = tf::placeholder<"y", int>(tf::shape<tf::dim<"batch">>);
  auto const [value, update_op] = metrics::accuracy(y, classes);
  auto const [weighed, update_weighed] = metrics::accuracy<"second">(y, classes, tf::cast<float>(y));
  tf::Graph const graph(update_op);
  CHECK(graph.contains("accuracy/total"));
  CHECK(graph.contains("accuracy/count"));
  CHECK(tf::Graph(weighed).contains("second/total"));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(update_op));
  CHECK_THROWS_AS(sess.run(value), tf::errors::FailedPreconditionError);
  auto const begin = tf::local_variables_initializer(update_op, update_weighed);
  sess.run(begin);
  CHECK(sess.run(value) == 0);
  CHECK(sess.run(update_op, x = {1, 2, 3}, y = {1, 0, 3}) == Approx(2 / 3.0));
  CHECK(sess.run(update_op, x = {1, 2, 3, 4, 5}, y = {0, 0, 0, 0, 0}) == Approx(0.25));
  CHECK(sess.run(update_op, x = std::vector<std::int64_t>{}, y = std::vector<int>{}) == Approx(0.25));
  CHECK(sess.run(value) == Approx(0.25));
  CHECK(sess.run(tf::local_variable<"accuracy/count">(tf::zeros(tf::shape<>))) == 8);
  CHECK(sess.run(update_weighed, x = {1, 2, 3}, y = {1, 0, 3}) == 1);
  CHECK(sess.run(update_weighed, x = {1, 2, 3}, y = {2, 1, 1}) == Approx(0.5));
  sess.run(w.assign(5));
  sess.run(begin);
  CHECK(sess.run(value) == 0);
  CHECK(sess.run(w) == 5);
}
TEST_CASE("metrics: means, errors, precision and recall") {
  auto const x = tf::placeholder<"x", double>(tf::shape<2, 2>);
  auto const y = tf::placeholder<"y", double>(tf::shape<2, 2>);
  auto const w = tf::placeholder<"w", float>(tf::shape<2, 1>);
  auto const all = std::tuple(metrics::mean(x), metrics::mean<"loss">(x, w), metrics::mean_absolute_error(y, x),
                              metrics::root_mean_squared_error(y, x, w), metrics::precision(y, x),
                              metrics::precision<"weighed">(y, x, w), metrics::recall(y, x));
  auto const updates = std::apply([](auto const&... each) { return tf::fetch(each.second...); }, all);
  auto const values = std::apply([](auto const&... each) { return tf::fetch(each.first...); }, all);
  tf::Graph const graph(std::get<4>(all).second, std::get<6>(all).second, std::get<3>(all).second);
  for (auto const name :
       {"precision/true_positives/count", "precision/false_positives/count", "recall/true_positives/count",
        "recall/false_negatives/count", "root_mean_squared_error/total"})
    CHECK(graph.contains(name));
  tf::Session sess;
  std::apply([&](auto const&... each) { sess.run(tf::local_variables_initializer(each.second...)); }, all);
  auto const check = [](auto const& got, std::vector<double> const& expected) {
    std::vector<double> list;
    std::apply([&](auto const&... each) { (list.push_back(double(each)), ...); }, got);
    CHECK(op_test::same(list, expected));
  };
  check(sess.run(updates, x = {{1, 0}, {3, 0}}, y = {{1, 1}, {0, 0}}, w = {{2}, {0.5f}}),
        {1, 3.5 / 5, 1, std::sqrt((2 + 4.5) / 5), 0.5, 2 / 2.5, 0.5});
  check(sess.run(updates, x = {{1, 1}, {0, 0}}, y = {{1, 1}, {1, 1}}, w = {{1}, {0}}),
        {6 / 8.0, 5.5 / 7, 6 / 8.0, std::sqrt(6.5 / 7), 0.75, 4 / 4.5, 0.5});
  check(sess.run(values), {6 / 8.0, 5.5 / 7, 6 / 8.0, std::sqrt(6.5 / 7), 0.75, 4 / 4.5, 0.5});
}
TEST_CASE("metrics: the area under a curve") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dyn>);
  auto const y = tf::placeholder<"y", bool>(tf::shape<tf::dyn>);
  auto const w = tf::placeholder<"w", float>(tf::shape<tf::dyn>);
  auto const area = metrics::auc(y, x);
  auto const update_op = area.second;
  auto const [coarse, update_coarse] = metrics::auc<"coarse">(y, x, w, metrics::num_thresholds<3>);
  CHECK(tf::Graph(update_op).contains("auc/false_negatives"));
  tf::Session sess;
  sess.run(tf::local_variables_initializer(update_op, update_coarse));
  CHECK(sess.run(update_op, x = {0, 0.5f, 0.3f, 0.9f}, y = {false, false, true, true}) == Approx(0.75).epsilon(1e-4));
  CHECK(sess.run(update_op, x = {1, 0, 0.7f}, y = {true, false, true}) == Approx(22 / 24.0).epsilon(1e-4));
  CHECK(sess.run(area.first) == Approx(22 / 24.0).epsilon(1e-4));
  CHECK(sess.run(tf::local_variable<"auc/true_positives">(tf::zeros(tf::shape<200>)))(0) == 4);
  // At 0 all are positive, at ½ the last two, at 1 none.
  CHECK(sess.run(update_coarse, x = {0.25f, 0.1f, 0.75f, 1}, y = {false, true, false, true}, w = {1, 2, 3, 4}) ==
        Approx(11 / 24.0).epsilon(1e-4));
  CHECK(refusal([&] { sess.run(update_op, x = std::vector<float>{1, 2}, y = op_test::tensor<bool, 1>({1}, {1})); }) !=
        "");
}
