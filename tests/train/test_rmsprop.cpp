// SPDX-License-Identifier: Apache-2.0
// covers: rmsprop adadelta
#include <support/op_test.hpp>
#include <tfx/train/adadelta.hpp>
#include <tfx/train/rmsprop.hpp>
#include <train/optimizer_test.hpp>

namespace tf = tfx;

TEST_CASE("rmsprop: TensorFlow's trajectories, plain and centered") {
  auto const v = tf::variable<"v">(tf::constant({1.0, 2.0}));
  auto const w = tf::variable<"w">(tf::constant({1.0f, 2.0f}));
  auto const u = tf::variable<"u">(tf::constant({1.0, 2.0}));
  auto const c = tf::constant<"c">({0.1, 0.2});
  auto const plain = tf::train::RMSPropOptimizer(0.5, 0.9, 0.0, 0.001).minimize(tf::reduce_sum(v * c));
  auto const small = tf::train::RMSPropOptimizer(0.5, 0.9, 0.0, 0.001, tf::train::centered)
                         .minimize(tf::reduce_sum(w * tf::cast<float>(c)));
  auto const moved =
      tf::train::RMSPropOptimizer(0.5, 0.95, 0.9, 1e-5, tf::train::centered).minimize(tf::reduce_sum(u * c));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(plain, small, moved));
  check(sess, tf::variable<"v/RMSProp">(tf::ones<double>(tf::shape<2>)), {1, 1});
  sess.run(tf::fetch(plain, small, moved));
  check(sess, v, {0.9473538356071673, 1.8948823337544727}, 1e-14);
  check(sess, w, {0.9473509170626967, 1.8948590956274627});
  check(sess, u, {0.9487141721076779, 1.897505147354426}, 1e-14);
  for (int i = 0; i < 3; ++i) sess.run(tf::fetch(plain, small, moved));
  check(sess, v, {0.7719645841147005, 1.5460832230206398}, 1e-13);
  check(sess, w, {0.7718649024285543, 1.5452985709958105});
  check(sess, u, {0.5231925678394697, 1.0478077421265277}, 1e-13);
  check(sess, tf::variable<"v/RMSProp">(tf::ones<double>(tf::shape<2>)), {0.6595390000000001, 0.6698560000000001},
        1e-14);
  check(sess, tf::variable<"v/RMSProp_1">(tf::zeros<double>(tf::shape<2>)), {0.06152062969263727, 0.12209147648744169},
        1e-13);
  check(sess, tf::variable<"u/RMSProp">(tf::ones<double>(tf::shape<2>)), {0.8163611874999996, 0.8219259999999998},
        1e-14);
  check(sess, tf::variable<"u/RMSProp_1">(tf::zeros<double>(tf::shape<2>)), {0.018549375000000014, 0.03709875000000003},
        1e-14);
  check(sess, tf::variable<"u/RMSProp_2">(tf::zeros<double>(tf::shape<2>)), {0.18391202654728597, 0.3671308265181898},
        1e-13);
}
TEST_CASE("rmsprop: its defaults; a variable whose shape a run finds out; numbers and expressions") {
  auto const rate = tf::placeholder<"rate", float>(tf::shape<>);
  auto const start = tf::placeholder<"start", float>(tf::shape<tf::dyn>);
  auto const u = tf::variable<"u">(start);
  auto const b = tf::variable<"b">(tf::zeros<double>(tf::shape<3>));
  auto const loss = tf::cast<double>(tf::reduce_sum(u)) + tf::reduce_sum(b);
  auto const step = tf::train::RMSPropOptimizer(rate).minimize(loss);
  auto const named =
      tf::train::RMSPropOptimizer(rate, 0.5f, 0.5f, 1e-10f, tf::train::centered).minimize<"second">(loss);
  tf::Graph const graph(named);
  CHECK(graph.contains("u/second"));
  CHECK(graph.contains("b/second_2"));
  tf::Session sess;
  for (std::size_t n : {3u, 0u, 1000u}) {
    sess.run(tf::global_variables_initializer(step, named), start = std::vector<float>(n, 1.0f));
    sess.run(step, rate = 0.5f);  // the mean square of ones stays 1
    check(sess, u, std::vector<double>(n, 0.5));
    check(sess, b, std::vector<double>(3, -0.5), 1e-9);
    sess.run(named, rate = 1.0f);  // 1 - 0.5² under the root
    check(sess, b, std::vector<double>(3, -0.5 - 1 / std::sqrt(0.75)), 1e-9);
  }
  auto const w = tf::variable<"w">(tf::ones(tf::shape<1000>));
  auto const cost = tf::reduce_sum(tf::square(w)) * 0.5f;
  auto const one = tf::train::RMSPropOptimizer(0.5f).minimize(cost);
  auto const other =
      tf::train::RMSPropOptimizer(rate, 0.5f, 0.5f, 1e-10f, tf::train::centered).minimize(tf::reduce_sum(w) * 0.5f);
  static_assert(count_loops<decltype(one)>().over_tensors == 1);
  static_assert(count_loops<decltype(other)>().over_tensors == 1);
}
TEST_CASE("adadelta: TensorFlow's trajectories") {
  auto const v = tf::variable<"v">(tf::constant({1.0, 2.0}));
  auto const w = tf::variable<"w">(tf::constant({1.0f, 2.0f}));
  auto const u = tf::variable<"u">(tf::constant(1.0));
  auto const large = tf::train::AdadeltaOptimizer(1.0).minimize(tf::reduce_sum(v) * 0.2);
  auto const half = tf::train::AdadeltaOptimizer(0.5f, 0.95f, 1e-8f).minimize(tf::reduce_sum(w) * 0.01f);
  auto const tenth = tf::train::AdadeltaOptimizer(0.1).minimize(u * 0.1);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(large, half, tenth));
  sess.run(tf::fetch(large, half, tenth));
  check(sess, v, {0.9995527875225299, 1.9995527875225299}, 1e-14);
  check(sess, w, {0.9997766164741956, 1.9997766164741957});
  CHECK(sess.run(u) == doctest::Approx(0.99995528).epsilon(1e-8));
  for (int i = 0; i < 3; ++i) sess.run(tf::fetch(large, half, tenth));
  check(sess, v, {0.9981834098053471, 1.998183409805347}, 1e-13);
  check(sess, w, {0.9990926219515381, 1.9990926219515381});
  check(sess, tf::variable<"v/Adadelta">(tf::zeros<double>(tf::shape<2>)), {0.00741975, 0.00741975}, 1e-14);
  check(sess, tf::variable<"v/Adadelta_1">(tf::zeros<double>(tf::shape<2>)),
        {3.830654685885105e-08, 3.830654685885105e-08}, 1e-14);
}
TEST_CASE("adadelta: one loop for each variable, of any dtype and shape; parameters may be expressions") {
  auto const rate = tf::placeholder<"rate", float>(tf::shape<>);
  auto const w = tf::variable<"w">(tf::ones(tf::shape<1000>));
  auto const one = tf::train::AdadeltaOptimizer().minimize(tf::reduce_sum(tf::square(w)) * 0.5f);
  static_assert(count_loops<decltype(one)>().over_tensors == 1);
  auto const start = tf::placeholder<"start", float>(tf::shape<tf::dyn>);
  auto const u = tf::variable<"u">(start);
  auto const b = tf::variable<"b">(tf::zeros<double>(tf::shape<3>));
  auto const loss = tf::cast<double>(tf::reduce_sum(u)) + tf::reduce_sum(b);
  auto const step = tf::train::AdadeltaOptimizer(rate, 0.75f, 3.0f).minimize(loss);
  auto const named = tf::train::AdadeltaOptimizer(1.0, 0.0, 1.0).minimize<"second">(loss);
  tf::Session sess;
  for (std::size_t n : {3u, 0u, 1000u}) {
    sess.run(tf::global_variables_initializer(step, named), start = std::vector<float>(n, 1.0f));
    sess.run(step, rate = 0.5f);
    double const moved = std::sqrt(3 / 3.25);
    check(sess, u, std::vector<double>(n, 1 - 0.5 * moved));
    check(sess, tf::variable<"b/Adadelta_1">(tf::zeros<double>(tf::shape<3>)), std::vector<double>(3, 0.25 * 3 / 3.25),
          1e-14);
    sess.run(named);
    check(sess, b, std::vector<double>(3, -0.5 * moved - std::sqrt(0.5)), 1e-14);
    check(sess, tf::variable<"b/second">(tf::zeros<double>(tf::shape<3>)), {1, 1, 1}, 1e-14);
  }
}
