// SPDX-License-Identifier: Apache-2.0
// covers: adam adamax nadam
#include <keras/optimizers_test.hpp>
#include <tfx/keras/optimizers/adam.hpp>
#include <tfx/keras/optimizers/adamax.hpp>
#include <tfx/keras/optimizers/nadam.hpp>
#include <train/optimizer_test.hpp>

namespace tf = tfx;
namespace optimizers = tfx::keras::optimizers;
using descent::check_path;

namespace {
struct means {
  double m = 0, v = 0, largest = 0, schedule = 1;
};
double decayed(double lr, double decay, int t) { return lr / (1 + decay * (t - 1)); }
}  // namespace

TEST_CASE_TEMPLATE("adam: Keras' trajectories", T, float, double) {
  auto const rule = [](double lr, double beta_1, double beta_2, double epsilon, double decay, bool amsgrad) {
    return [=](means& s, double& w, double g, int t) {
      double const rate = decayed(lr, decay, t) * std::sqrt(1 - std::pow(beta_2, t)) / (1 - std::pow(beta_1, t));
      s.m = beta_1 * s.m + (1 - beta_1) * g;
      s.v = beta_2 * s.v + (1 - beta_2) * g * g;
      s.largest = std::max(s.largest, s.v);
      w -= rate * s.m / (std::sqrt(amsgrad ? s.largest : s.v) + epsilon);
    };
  };
  using optimizers::amsgrad;
  check_path<T, means>(optimizers::Adam<"Adam", T>(), rule(0.001, 0.9, 0.999, 1e-7, 0, false));
  check_path<T, means>(optimizers::Adam<"Adam", T>(0.3, {.beta_1 = 0.8, .beta_2 = 0.7, .epsilon = 0.01, .decay = 0.1}),
                       rule(0.3, 0.8, 0.7, 0.01, 0.1, false));
  check_path<T, means>(optimizers::Adam<"Adam", T>(0.1, amsgrad), rule(0.1, 0.9, 0.999, 1e-7, 0, true));
  check_path<T, means>(optimizers::Adam<"Adam", T>(0.3, {.beta_2 = 0.6, .decay = 0.05}, amsgrad),
                       rule(0.3, 0.9, 0.6, 1e-7, 0.05, true));
}
TEST_CASE_TEMPLATE("adamax: Keras' trajectories", T, float, double) {
  auto const rule = [](double lr, double beta_1, double beta_2, double epsilon, double decay) {
    return [=](means& s, double& w, double g, int t) {
      s.m = beta_1 * s.m + (1 - beta_1) * g;
      s.v = std::max(beta_2 * s.v, std::abs(g));
      w -= decayed(lr, decay, t) / (1 - std::pow(beta_1, t)) * s.m / (s.v + epsilon);
    };
  };
  check_path<T, means>(optimizers::Adamax<"Adamax", T>(), rule(0.002, 0.9, 0.999, 1e-7, 0));
  check_path<T, means>(
      optimizers::Adamax<"Adamax", T>(0.3, {.beta_1 = 0.8, .beta_2 = 0.7, .epsilon = 0.01, .decay = 0.1}),
      rule(0.3, 0.8, 0.7, 0.01, 0.1));
}
TEST_CASE_TEMPLATE("nadam: Keras' trajectories", T, float, double) {
  auto const rule = [](double lr, double beta_1, double beta_2, double epsilon, double schedule_decay) {
    return [=](means& s, double& w, double g, int t) {
      double const now = beta_1 * (1 - 0.5 * std::pow(0.96, t * schedule_decay));
      double const next = beta_1 * (1 - 0.5 * std::pow(0.96, (t + 1) * schedule_decay));
      s.schedule *= now;
      s.m = beta_1 * s.m + (1 - beta_1) * g;
      s.v = beta_2 * s.v + (1 - beta_2) * g * g;
      double const mean = (1 - now) * g / (1 - s.schedule) + next * s.m / (1 - s.schedule * next);
      w -= lr * mean / (std::sqrt(s.v / (1 - std::pow(beta_2, t))) + epsilon);
    };
  };
  check_path<T, means>(optimizers::Nadam<"Nadam", T>(), rule(0.002, 0.9, 0.999, 1e-7, 0.004));
  check_path<T, means>(
      optimizers::Nadam<"Nadam", T>(0.1, {.beta_1 = 0.8, .beta_2 = 0.7, .epsilon = 0.01, .schedule_decay = 0.3}),
      rule(0.1, 0.8, 0.7, 0.01, 0.3));
}
TEST_CASE("adam, adamax, nadam: all of a variable's step is one loop") {
  auto const w = tf::variable<"w">(tf::ones(tf::shape<1000>));
  auto const u = tf::variable<"u">(tf::ones(tf::shape<300>));
  auto const loss = tf::reduce_sum(tf::square(w)) * 0.5f + tf::reduce_sum(tf::square(u));
  auto const adam = optimizers::Adam().minimize(loss);
  auto const amsgrad = optimizers::Adam(0.1, optimizers::amsgrad).minimize(loss);
  auto const adamax = optimizers::Adamax().minimize(loss);
  auto const nadam = optimizers::Nadam().minimize(loss);
  static_assert(count_loops<decltype(adam)>().over_tensors == 2);
  static_assert(count_loops<decltype(adam)>().over_scalars <= 6);
  static_assert(count_loops<decltype(amsgrad)>().over_tensors == 2);
  static_assert(count_loops<decltype(adamax)>().over_tensors == 2);
  static_assert(count_loops<decltype(nadam)>().over_tensors == 2);
}
