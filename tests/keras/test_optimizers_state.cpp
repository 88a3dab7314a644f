// SPDX-License-Identifier: Apache-2.0
// covers: optimizer clipping
#include <io/folder.hpp>
#include <keras/optimizers_test.hpp>
#include <tfx/keras/optimizers/adadelta.hpp>
#include <tfx/keras/optimizers/adagrad.hpp>
#include <tfx/keras/optimizers/adam.hpp>
#include <tfx/keras/optimizers/adamax.hpp>
#include <tfx/keras/optimizers/nadam.hpp>
#include <tfx/keras/optimizers/rmsprop.hpp>
#include <tfx/keras/optimizers/sgd.hpp>
#include <tfx/train/gradient_descent.hpp>
#include <tfx/train/saver.hpp>
#include <train/optimizer_test.hpp>

namespace tf = tfx;
namespace optimizers = tfx::keras::optimizers;
using op_test::same;

namespace {
/// Two variables whose gradients are (3, 0) and 4: together of norm 5.
auto const w = tf::variable<"w">(tf::zeros(tf::shape<2>));
auto const b = tf::variable<"b">(tf::zeros(tf::shape<>));
auto const slope = tf::constant<"slope">({3.0f, 0.0f});
auto const four = tf::constant<"four">(4.0f);
auto const line = tf::reduce_sum(slope * w) + four * b;

template <class Optimizer>
void check_step(Optimizer const& optimizer, std::vector<double> const& of_w, double of_b) {
  auto const step = optimizer.minimize(line);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  sess.run(step);
  CHECK(same(sess.run(w), of_w, 1e-6));
  CHECK(sess.run(b) == doctest::Approx(of_b));
}
}  // namespace

TEST_CASE("optimizer: a step's variables have Keras' names") {
  using optimizers::amsgrad;
  auto const u = tf::variable<"u">(tf::ones(tf::shape<3>));
  auto const loss = tf::reduce_sum(tf::square(u));
  auto const list = [](auto const& step) {
    tf::Graph const graph(step);
    std::vector<std::string> names;
    for (auto const& node : graph.variables()) names.emplace_back(node.name);
    std::sort(names.begin(), names.end());
    return names;
  };
  using names = std::vector<std::string>;
  CHECK(list(optimizers::SGD().minimize(loss)) == names{"SGD/decay", "SGD/iterations", "SGD/lr", "u"});
  CHECK(list(optimizers::SGD(1, {.momentum = 0.5}).minimize(loss)) ==
        names{"SGD/decay", "SGD/iterations", "SGD/lr", "SGD/momentum", "u", "u/SGD/momentum"});
  CHECK(list(optimizers::RMSprop().minimize(loss)) ==
        names{"RMSprop/decay", "RMSprop/iterations", "RMSprop/lr", "RMSprop/rho", "u", "u/RMSprop/rms"});
  CHECK(list(optimizers::Adagrad().minimize(loss)) ==
        names{"Adagrad/decay", "Adagrad/iterations", "Adagrad/lr", "u", "u/Adagrad/accumulator"});
  CHECK(list(optimizers::Adadelta().minimize(loss)) == names{"Adadelta/decay", "Adadelta/iterations", "Adadelta/lr",
                                                             "u", "u/Adadelta/accum_grad", "u/Adadelta/accum_var"});
  CHECK(list(optimizers::Adam().minimize(loss)) ==
        names{"Adam/beta_1", "Adam/beta_2", "Adam/decay", "Adam/iterations", "Adam/lr", "u", "u/Adam/m", "u/Adam/v"});
  CHECK(list(optimizers::Adam<"critic">(0.1, amsgrad).minimize(loss)) ==
        names{"critic/beta_1", "critic/beta_2", "critic/decay", "critic/iterations", "critic/lr", "u", "u/critic/m",
              "u/critic/v", "u/critic/vhat"});
  CHECK(list(optimizers::Adamax().minimize(loss)) == names{"Adamax/beta_1", "Adamax/beta_2", "Adamax/decay",
                                                           "Adamax/iterations", "Adamax/lr", "u", "u/Adamax/m",
                                                           "u/Adamax/v"});
  CHECK(list(optimizers::Nadam().minimize(loss)) == names{"Nadam/beta_1", "Nadam/beta_2", "Nadam/iterations",
                                                          "Nadam/lr", "Nadam/m_schedule", "u", "u/Nadam/m",
                                                          "u/Nadam/v"});
}
TEST_CASE("optimizer: options that are written tell what is compiled") {
  using optimizers::clipping;
  using tf::keras::optimizers::adam_optimizer;
  using tf::keras::optimizers::sgd_optimizer;
  auto const is = []<class A, class B>(A const&, std::type_identity<B>) { return std::is_same_v<A, B>; };
  float const half = 0.5f;
  int const two = 2;
  CHECK(is(optimizers::SGD(half), std::type_identity<sgd_optimizer<"SGD", float, false, clipping::none>>{}));
  CHECK(is(optimizers::SGD(half, {}), std::type_identity<sgd_optimizer<"SGD", float, true, clipping::none>>{}));
  CHECK(is(optimizers::SGD(two, {.momentum = half, .decay = two}),
           std::type_identity<sgd_optimizer<"SGD", float, true, clipping::none>>{}));
  CHECK(is(optimizers::SGD(two, {.nesterov = true, .clipvalue = two}),
           std::type_identity<sgd_optimizer<"SGD", float, true, clipping::by_value>>{}));
  CHECK(is(optimizers::SGD(0.1, {.momentum = 0.9, .nesterov = true, .decay = 1e-4, .clipnorm = 1}),
           std::type_identity<sgd_optimizer<"SGD", float, true, clipping::by_norm>>{}));
  CHECK(is(optimizers::SGD<"a", double>(half, {.clipnorm = 1, .clipvalue = half}),
           std::type_identity<sgd_optimizer<"a", double, true, clipping::by_norm>>{}));
  CHECK(is(optimizers::Adam(half, {.clipnorm = half}, optimizers::amsgrad),
           std::type_identity<adam_optimizer<optimizers::adam_rule<true>, "Adam", float, clipping::by_norm>>{}));
  CHECK(is(optimizers::Adam(two, {.clipvalue = half}, optimizers::amsgrad),
           std::type_identity<adam_optimizer<optimizers::adam_rule<true>, "Adam", float, clipping::by_value>>{}));
}
TEST_CASE("optimizer: what no step could use is refused") {
  using tf::errors::InvalidArgumentError;
  double const nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH_AS(optimizers::SGD(-0.1), "Expected lr >= 0, received: -0.1", InvalidArgumentError);
  double const infinite = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH_AS(optimizers::SGD(infinite), "Expected lr to be finite, received: inf", InvalidArgumentError);
  CHECK_THROWS_WITH_AS(optimizers::Adam(0.1, {.decay = infinite}), "Expected decay to be finite, received: inf",
                       InvalidArgumentError);
  CHECK_THROWS_WITH_AS(optimizers::SGD(0.1, {.momentum = 1.5}), "`momentum` must be between [0, 1].",
                       InvalidArgumentError);
  CHECK_THROWS_AS(optimizers::SGD(0.1, {.momentum = -0.5}), InvalidArgumentError);
  CHECK_THROWS_AS(optimizers::SGD(nan), InvalidArgumentError);
  CHECK_THROWS_WITH_AS(optimizers::SGD(0.1, {.decay = -1}), "Expected decay >= 0, received: -1", InvalidArgumentError);
  CHECK_THROWS_WITH_AS(optimizers::Adagrad(0.1, {.clipnorm = -1}), "Expected clipnorm >= 0, received: -1",
                       InvalidArgumentError);
  CHECK_THROWS_WITH_AS(optimizers::RMSprop(0.1, {.clipvalue = -2}), "Expected clipvalue >= 0, received: -2",
                       InvalidArgumentError);
  CHECK_THROWS_WITH_AS(optimizers::RMSprop(0.1, {.rho = -2}), "Expected rho >= 0, received: -2", InvalidArgumentError);
  CHECK_THROWS_WITH_AS(optimizers::Adadelta(1, {.epsilon = nan}), "Expected epsilon >= 0, received: nan",
                       InvalidArgumentError);
  CHECK_THROWS_WITH_AS(optimizers::Adam(0.1, {.beta_1 = 1}), "`beta_1` must be between [0, 1), received: 1",
                       InvalidArgumentError);
  CHECK_THROWS_AS(optimizers::Adamax(0.1, {.beta_2 = -1}), InvalidArgumentError);
  CHECK_THROWS_AS(optimizers::Nadam(0.1, {.schedule_decay = -1}), InvalidArgumentError);
}
TEST_CASE("clipping: clipnorm scales all gradients together, clipvalue cuts each element, behind it") {
  check_step(optimizers::SGD(1), {-3, 0}, -4);
  check_step(optimizers::SGD(1, {.clipnorm = 10}), {-3, 0}, -4);
  check_step(optimizers::SGD(1, {.clipnorm = 5}), {-3, 0}, -4);
  check_step(optimizers::SGD(1, {.clipnorm = 1}), {-0.6, 0}, -0.8);
  check_step(optimizers::SGD(1, {.clipvalue = 3.5}), {-3, 0}, -3.5);
  check_step(optimizers::SGD(1, {.clipnorm = 2.5, .clipvalue = 1.75}), {-1.5, 0}, -1.75);
  check_step(optimizers::SGD(1, {.clipnorm = 0, .clipvalue = 0}), {-3, 0}, -4);  // Keras clips by positive numbers only
  check_step(optimizers::Adagrad(1, {.epsilon = 1, .clipnorm = 1}), {-0.6 / 1.6, 0}, -0.8 / 1.8);
  check_step(optimizers::RMSprop(1, {.rho = 0, .epsilon = 1, .clipvalue = 1}), {-0.5, 0}, -0.5);
}
TEST_CASE("clipping: of gradients that are given, of two dtypes, and of what is no number") {
  auto const v = tf::variable<"v">(tf::zeros<double>(tf::shape<2>));
  auto const loss = tf::reduce_sum(tf::cast<double>(slope * w)) + tf::reduce_sum(v) * 2.0;
  auto const optimizer = optimizers::SGD<"both", double>(1, {.clipnorm = 1});
  auto const step = optimizer.minimize(loss);  // of norm √(9 + 4 + 4)
  auto const given =
      optimizers::SGD<"given">(1, {.clipnorm = 1}).apply_gradients(std::tuple(slope, four), std::tuple(w, b));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step, given));
  sess.run(step);
  CHECK(same(sess.run(w), {-3 / std::sqrt(17.0), 0}, 1e-6));
  CHECK(same(sess.run(v), {-2 / std::sqrt(17.0), -2 / std::sqrt(17.0)}, 1e-6));
  sess.run(w.initializer());
  sess.run(given);
  CHECK(same(sess.run(w), {-0.6, 0}, 1e-6));
  CHECK(sess.run(b) == doctest::Approx(-0.8));

  auto const x = tf::placeholder<"x", float>(tf::shape<2>);
  auto const open = optimizers::SGD<"open">(1, {.clipnorm = 1}).minimize(tf::reduce_sum(x * w));
  sess.run(tf::global_variables_initializer(open));
  sess.run(open, x = {std::numeric_limits<float>::quiet_NaN(), 0.5f});
  CHECK(std::isnan(sess.run(w)(0)));
}
TEST_CASE("optimizer: the rate is a variable, which a program changes between two steps") {
  auto const optimizer = optimizers::SGD(0.5, {.decay = 1});
  auto const step = optimizer.minimize(line);
  auto const assigned = tf::placeholder<"assigned", float>(tf::shape<>);
  auto const assign = optimizer.lr().assign(assigned);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  auto const take = sess.make_callable(step);
  take();
  CHECK(sess.run(b) == doctest::Approx(-2));
  CHECK(sess.run(optimizer.learning_rate()) == 0.5f);
  sess.run(optimizer.lr().assign(0.25f));
  take();  // 4 · 0.25 / (1 + 1)
  CHECK(sess.run(b) == doctest::Approx(-2.5));
  sess.run(assign, assigned = 3.0f);
  take();
  CHECK(sess.run(b) == doctest::Approx(-6.5));
  sess.run(optimizer.iterations().assign(0));
  take();
  CHECK(sess.run(b) == doctest::Approx(-18.5));
  CHECK(sess.run(tf::fetch(optimizer.iterations(), optimizer.decay(), optimizer.lr())) ==
        std::tuple(std::int64_t{1}, 1.0f, 3.0f));
  sess.run(optimizer.momentum().assign(1.0f));
  sess.run(optimizer.lr().assign(0));
  take();  // by momentum alone
  CHECK(sess.run(b) == doctest::Approx(-30.5));
}
TEST_CASE("optimizer: two of one class in a session have names; a step of one has its own slots by name") {
  auto const first = optimizers::Adam<"generator">(0.5);
  auto const second = optimizers::Adam<"critic">(0.25);
  auto const of_w = first.minimize(tf::reduce_sum(slope * w));
  auto const of_b = second.minimize(four * b);
  auto const again = second.minimize<"again">(four * b, tf::var_list = b);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(of_w, of_b, again));
  for (int i = 0; i < 3; ++i) sess.run(of_w);
  sess.run(tf::fetch(of_w, of_b));
  CHECK(sess.run(first.iterations()) == 4);
  CHECK(sess.run(second.iterations()) == 1);
  CHECK(sess.run(tf::fetch(first.lr(), second.lr())) == std::tuple(0.5f, 0.25f));
  CHECK(same(sess.run(w), {-2, 0}, 1e-5));
  CHECK(sess.run(b) == doctest::Approx(-0.25));
  sess.run(again);
  CHECK(sess.run(second.iterations()) == 2);
  CHECK(tf::Graph(again).contains("b/again/m"));
  CHECK(tf::Graph(again).contains("critic/lr"));
}
TEST_CASE("optimizer: a checkpoint carries its state, and training goes on as if it had not stopped") {
  io_test::folder const dir;
  auto const train = [&](auto const& optimizer) {
    auto const step = optimizer.minimize(descent::loss<float>());
    auto const v = descent::variable<float>();
    tf::Session sess, other;
    tf::train::Saver saver(step);
    sess.run(tf::global_variables_initializer(step));
    for (int i = 0; i < 4; ++i) sess.run(step);
    sess.run(optimizer.lr().assign(0.125f));
    saver.save(sess, dir / "model");
    saver.restore(other, dir / "model");
    for (int i = 0; i < 4; ++i) {
      sess.run(step);
      other.run(step);
    }
    CHECK(sess.run(v) == other.run(v));
    CHECK(other.run(optimizer.iterations()) == 8);
    CHECK(other.run(optimizer.lr()) == 0.125f);
  };
  train(optimizers::SGD(0.01, {.momentum = 0.5, .decay = 0.1}));
  train(optimizers::Adam(0.01, {.decay = 0.1}, optimizers::amsgrad));
  train(optimizers::Nadam());
}
TEST_CASE("optimizer: constraints act on the new values") {
  auto const start = tf::variable<"start">(tf::constant({1.0f, 5.0f}));
  auto const loss = tf::reduce_sum(slope * start) + four * b;
  auto const highest = tf::placeholder<"highest", float>(tf::shape<>);
  auto const step = optimizers::constrain(optimizers::SGD(1, {.momentum = 0.5}).minimize(loss),
                                          std::pair(start, [](auto x) { return tf::maximum(x, 0.0f); }),
                                          std::pair(b, [&](auto x) { return tf::maximum(x, highest); }));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  sess.run(step, highest = -3.0f);
  CHECK(same(sess.run(start), {0, 5}));
  CHECK(sess.run(b) == -3.0f);
  sess.run(step, highest = -30.0f);  // the momentum is −4.5, −6
  CHECK(same(sess.run(start), {0, 5}));
  CHECK(sess.run(b) == -9.0f);
}
TEST_CASE("optimizer: what is read after a step is what the step left") {
  auto const step = tf::train::GradientDescentOptimizer(1.0f).minimize(line);
  auto const read = tf::with_dependencies(step, b);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  CHECK(sess.run(tf::fetch(b, read)) == std::tuple(0.0f, -4.0f));
  CHECK(sess.run(read * 2.0f) == -16.0f);
}
TEST_CASE("optimizer: global steps, variables that are chosen, and those that are not trained") {
  auto const frozen = tf::variable<"frozen">(tf::ones(tf::shape<>), tf::trainable<false>);
  auto const steps = tf::train::get_or_create_global_step();
  auto const optimizer = optimizers::SGD(1);
  auto const step = optimizer.minimize(line * frozen, tf::global_step = steps, tf::var_list = b);
  auto const all = optimizer.minimize<"all">(line * frozen);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step, all));
  sess.run(step);
  CHECK(same(sess.run(w), {0, 0}));
  CHECK(sess.run(b) == -4.0f);
  CHECK(sess.run(steps) == 1);
  sess.run(all);
  CHECK(same(sess.run(w), {-3, 0}));
  CHECK(sess.run(frozen) == 1.0f);
}
TEST_CASE("optimizer: of layers that are built by values, and of variables whose shapes a run finds") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2, 2>);
  auto const y = tf::build([](auto h) {
    for (int i = 0; i < 3; ++i) h = tf::matmul(h, tf::variable(tf::name_of("w", i), tf::fill({2, 2}, 0.5f)));
    return h;
  })(x);
  auto const step = optimizers::Adam(0.25, {.clipnorm = 1}).minimize(tf::reduce_sum(y));
  auto const begin = tf::placeholder<"begin", float>(tf::shape<tf::dyn>);
  auto const open = tf::variable<"open">(begin);
  auto const of_open = optimizers::Adam<"other">(0.5).minimize(tf::reduce_sum(open));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  sess.run(step, x = {{1, 1}, {1, 1}});
  CHECK(same(sess.run(tf::variable<"w0">(tf::zeros(tf::shape<2, 2>))), {0.25, 0.25, 0.25, 0.25}, 1e-4));
  for (std::size_t n : {3u, 0u, 100u}) {
    sess.run(tf::global_variables_initializer(of_open), begin = std::vector<float>(n, 1.0f));
    sess.run(of_open);
    CHECK(same(sess.run(open), std::vector<double>(n, 0.5), 1e-5));
  }
}
TEST_CASE("optimizer: TensorFlow.js' paths of the rules that are Keras' too") {
  auto const follow = [](auto const& optimizer, std::vector<std::vector<double>> const& path) {
    auto const step = optimizer.minimize(descent::loss<float>());
    auto const v = descent::variable<float>();
    tf::Session sess;
    sess.run(tf::global_variables_initializer(step));
    for (auto const& expected : path) {
      sess.run(step);
      CHECK(same(sess.run(v), expected, 1e-4));
    }
  };
  // shared/cases/layers/optimizer_paths.json, tfjs-core 4.22.0; its Adam adds epsilon after the correction, and its
  // RMSProp has a momentum and epsilon under the root, which Keras' has not.
  follow(optimizers::SGD(0.05), {{0.872500002, -1.30999994, 0.49000001},
                                 {0.765991092, -1.15830064, 0.478422016},
                                 {0.675845385, -1.03293157, 0.465762228},
                                 {0.598775387, -0.926821709, 0.452376425},
                                 {0.532359779, -0.835448027, 0.438527942},
                                 {0.474759817, -0.755742431, 0.424415737},
                                 {0.424543381, -0.68552649, 0.410192281},
                                 {0.380571604, -0.623195171, 0.395975381},
                                 {0.341923088, -0.567529202, 0.381856561},
                                 {0.307841927, -0.517577767, 0.367907017},
                                 {0.277700692, -0.472582519, 0.354182005},
                                 {0.250973672, -0.431926817, 0.34072423},
                                 {0.22721687, -0.395100474, 0.327566266},
                                 {0.206052899, -0.361675143, 0.314732671},
                                 {0.187159196, -0.331286401, 0.302241415}});
  follow(optimizers::Adam(0.05), {{0.950000346, -1.45000029, 0.450000346},
                                  {0.900122225, -1.40008974, 0.400828004},
                                  {0.85045296, -1.35032845, 0.353351891},
                                  {0.80108434, -1.30077624, 0.308719367},
                                  {0.752113581, -1.25149333, 0.268287539},
                                  {0.703643084, -1.20253944, 0.233399823},
                                  {0.655780494, -1.15397334, 0.205047563},
                                  {0.60863924, -1.10585308, 0.183592319},
                                  {0.562338173, -1.05823553, 0.168713838},
                                  {0.517000735, -1.01117611, 0.159566596},
                                  {0.472754329, -0.964728653, 0.154997975},
                                  {0.429728776, -0.918944895, 0.153718129},
                                  {0.38805446, -0.873874128, 0.154403374},
                                  {0.34786048, -0.82956326, 0.155763298},
                                  {0.30927211, -0.78605634, 0.156606123}});
}
