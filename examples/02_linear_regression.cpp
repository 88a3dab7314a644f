// SPDX-License-Identifier: Apache-2.0
// Linear regression: finds the line through noisy points. --help tells how to save, resume and log.
#include <cstdio>
#include <optional>
#include <tfx/data/csv.hpp>
#include <tfx/data/progress.hpp>
#include <tfx/tfx.hpp>
#include <xtensor/xrandom.hpp>
#include "options.hpp"
namespace tf = tfx;

int main(int argc, char** argv) try {
  options const o = read_options(
      argc, argv,
      {"linear_regression", 200, "FILE      a CSV file: a line of names, then x,y; without it, points around 3 x - 1"});
  xt::xtensor<float, 1> xs = xt::linspace<float>(-1, 1, 500);
  xt::xtensor<float, 1> ys = 3.0f * xs - 1.0f + 0.1f * xt::random::randn<float>({500});
  if (!o.data.empty()) {
    auto const table = tf::data::read_csv(o.data);
    xs = table.column<float>(0);
    ys = table.column<float>(1);
  }

  constexpr auto points = tf::dim<"points">;
  auto x = tf::placeholder<"x", float>(tf::shape<points>);
  auto y = tf::placeholder<"y", float>(tf::shape<points>);
  auto slope = tf::variable<"slope">(tf::constant(0.0f));
  auto offset = tf::variable<"offset">(tf::constant(0.0f));
  auto loss = tf::reduce_mean(tf::square(slope * x + offset - y));
  auto steps = tf::train::get_or_create_global_step();
  auto train = tf::train::AdamOptimizer(0.1f).minimize(loss, tf::global_step = steps);
  auto summary = tf::summary::merge(tf::summary::scalar<"loss">(loss), tf::summary::scalar<"slope_now">(slope));

  tf::Session sess;
  tf::train::Saver saver(train);
  if (o.restore.empty()) {
    sess.run(tf::global_variables_initializer(train));
  } else {
    saver.restore(sess, o.restore);
  }
  std::optional<tf::summary::FileWriter> log;
  if (!o.logs.empty()) log.emplace(o.logs, tf::Graph(train, summary));

  auto step = sess.make_callable(tf::fetch(loss, summary, train), x, y);
  tf::i64 const done = sess.run(steps);
  tf::data::progress bar(o.steps, done);
  for (tf::i64 i = done + 1; i <= o.steps; ++i) {
    auto [error, event, trained] = step(xs, ys);  // the loss is that before the update
    bar.update(i, error);
    if (log) log->add_summary(event, i);
    if (!o.checkpoint.empty() && (i % 100 == 0 || i == o.steps)) saver.save(sess, o.checkpoint, i);
  }
  std::printf("y = %.2f x %+.2f\n", sess.run(slope), sess.run(offset));  // y = 3.00 x -1.00
} catch (tf::errors::Error const& error) {
  std::fprintf(stderr, "linear_regression: %s\n", error.what());
  return 2;
}
