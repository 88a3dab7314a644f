// SPDX-License-Identifier: Apache-2.0
#include <io/folder.hpp>
#include <support/op_test.hpp>
#include <tfx/data/batches.hpp>
#include <tfx/data/digits.hpp>
#include <tfx/data/prefetch.hpp>
#include <tfx/train/saver.hpp>

// Training that is stopped after any step and resumed in another session ends with the bits of training that was not
// stopped: weights, what the optimizer keeps, averages and counts, as the bytes of a file of them all. The number of a
// step tells its batch, through `skip`, and what its random ops draw, through `set_random_seed`.

namespace tf = tfx;
using io_test::folder;
using io_test::text_of;
using tf::i64;

namespace {

constexpr auto batch = tf::dim<"batch">;
constexpr auto x = tf::placeholder<"x", float>(tf::shape<batch, 784>);
constexpr auto classes = tf::placeholder<"classes", i64>(tf::shape<batch>);

/// A network with a dropout of a name, one without, and noise that is seeded, in random initial weights.
template <tf::name Prefix>
auto loss_of() {
  auto const w1 = tf::get_variable<Prefix / "w1">(tf::shape<784, 6>, tf::glorot_uniform_initializer());
  auto const w2 = tf::variable<Prefix / "w2">(tf::truncated_normal(tf::shape<6, 10>, 0.0f, 0.1f));
  auto const b2 = tf::variable<Prefix / "b2">(tf::zeros(tf::shape<10>));
  auto const hidden = tf::nn::dropout<"named">(tf::nn::relu(tf::matmul(tf::nn::dropout(x, 0.9f), w1)), 0.5f);
  auto const noise = tf::random_normal(tf::shape<10>, 0.0f, 0.1f, tf::seed(7));
  auto const logits = tf::matmul(hidden, w2) + b2 + noise;
  return tf::reduce_mean(tf::nn::sparse_softmax_cross_entropy_with_logits(tf::labels = classes, tf::logits = logits));
}

/// The bytes of a file with all variables after `end` steps, saved and restored in a new session after `stop` of them.
template <class Train, class Next>
std::string trained(Train const& train, Next make_next, i64 stop, i64 end) {
  folder const dir;
  tf::train::Saver saver(train);
  auto const count = tf::train::get_or_create_global_step();
  auto const run_until = [&](tf::Session& sess, i64 last) {
    i64 const begun = sess.run(count);
    auto next = make_next(begun);
    auto const step = sess.make_callable(train, x, classes);
    for (i64 i = begun; i < last; ++i) {
      sess.set_random_seed(i);
      auto const [xs, ys] = next();
      step(xs, ys);
    }
  };
  tf::Session first;
  first.set_random_seed(1);
  first.run(tf::global_variables_initializer(train));
  run_until(first, stop < 0 ? end : stop);
  if (stop < 0) return text_of(saver.save(first, dir / "end.npz"));

  std::string const path = saver.save(first, dir / "model", count);
  first.close();
  tf::Session second;
  saver.restore(second, tf::train::latest_checkpoint(dir.path.string()));
  CHECK(second.run(count) == stop);
  run_until(second, end);
  return text_of(saver.save(second, dir / "end.npz"));
}
constexpr i64 never = -1;

tf::datasets::dataset digits() { return tf::datasets::digits::draw({.train = 33, .validation = 0, .test = 0}).train; }

}  // namespace

TEST_CASE("resume: after any step, Adam with dropout ends with the same bits; batches go on across epochs") {
  auto const train = tf::train::AdamOptimizer(0.01f).minimize(loss_of<"adam">(),
                                                              tf::global_step = tf::train::get_or_create_global_step());
  auto const next = [](i64 steps_done) {
    auto data = digits();
    data.skip(steps_done * 5);
    return [data = std::move(data)]() mutable { return data.next_sparse_batch(5); };
  };
  std::string const unbroken = trained(train, next, never, 17);
  CHECK(trained(train, next, never, 17) == unbroken);
  CHECK(trained(train, next, never, 16) != unbroken);
  for (i64 stop = 0; stop <= 17; ++stop) {
    CAPTURE(stop);
    CHECK(trained(train, next, stop, 17) == unbroken);
  }
}

TEST_CASE("resume: after any step, momentum with a rate that decays and averages; passes of a Dataset, prefetched") {
  auto const steps = tf::train::get_or_create_global_step();
  auto const rate = tf::train::exponential_decay(0.1f, steps, 5, 0.5f);
  auto const loss = loss_of<"momentum">();
  auto const update =
      tf::train::MomentumOptimizer(rate, 0.9f, tf::train::use_nesterov).minimize(loss, tf::global_step = steps);
  tf::train::ExponentialMovingAverage const averages(0.9f);
  auto const train = averages.apply_after(update, tf::variable<"momentum/b2">(tf::zeros(tf::shape<10>)));
  auto const data = digits();
  auto const next = [&](i64 steps_done) {
    auto set = std::make_unique<tf::data::batches<decltype(data.images) const&, decltype(data.classes) const&>>(
        tf::data::Dataset::from_tensor_slices(data.images, data.classes).shuffle(3).batch(5));
    set->skip(steps_done);
    set->restart();
    return [set = std::move(set)] {
      auto taken = typename std::remove_reference_t<decltype(*set)>::value_type();
      while (!set->next(taken)) set->restart();
      return taken;
    };
  };
  std::string const unbroken = trained(train, next, never, 17);
  for (i64 stop = 0; stop <= 17; ++stop) {
    CAPTURE(stop);
    CHECK(trained(train, next, stop, 17) == unbroken);
  }
}

TEST_CASE("resume: what a step draws hangs on its number alone") {
  auto const noise = tf::random_uniform(tf::shape<3>);
  auto const other = tf::random_uniform<"other">(tf::shape<3>);
  tf::Session sess;
  std::vector<xt::xtensor<float, 1>> drawn;
  for (i64 step = 0; step < 4; ++step) {
    sess.set_random_seed(step);
    drawn.push_back(sess.run(noise));
    if (step % 2 == 1) sess.run(tf::fetch(other, noise));  // what else the step draws
  }
  for (std::size_t i = 0; i < drawn.size(); ++i)
    for (std::size_t k = 0; k < i; ++k) CHECK_FALSE(drawn[i] == drawn[k]);
  tf::Session resumed;
  resumed.set_random_seed(3);
  CHECK(resumed.run(noise) == drawn[3]);
  resumed.set_random_seed(1);
  CHECK(resumed.run(noise) == drawn[1]);
}
