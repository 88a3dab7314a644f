// SPDX-License-Identifier: Apache-2.0
// covers: sgd rmsprop adagrad adadelta
#include <keras/optimizers_test.hpp>
#include <tfx/keras/optimizers/adadelta.hpp>
#include <tfx/keras/optimizers/adagrad.hpp>
#include <tfx/keras/optimizers/rmsprop.hpp>
#include <tfx/keras/optimizers/sgd.hpp>

namespace tf = tfx;
namespace optimizers = tfx::keras::optimizers;
using descent::check_path;

namespace {
struct nothing {};
struct one {
  double a = 0;
};
struct two {
  double a = 0, d = 0;
};
double decayed(double lr, double decay, int t) { return lr / (1 + decay * (t - 1)); }
}  // namespace

TEST_CASE_TEMPLATE("sgd: Keras' trajectories", T, float, double) {
  check_path<T, nothing>(optimizers::SGD<"SGD", T>(0.05), [](auto&, double& w, double g, int) { w -= 0.05 * g; });
  check_path<T, nothing>(optimizers::SGD<"SGD", T>(), [](auto&, double& w, double g, int) { w -= 0.01 * g; });
  check_path<T, one>(optimizers::SGD<"SGD", T>(0.05, {.momentum = 0.9, .decay = 0.1}),
                     [](one& s, double& w, double g, int t) {
                       s.a = 0.9 * s.a - decayed(0.05, 0.1, t) * g;
                       w += s.a;
                     });
  check_path<T, one>(optimizers::SGD<"SGD", T>(0.05, {.momentum = 0.8, .nesterov = true, .decay = 0.2}),
                     [](one& s, double& w, double g, int t) {
                       double const rate = decayed(0.05, 0.2, t);
                       s.a = 0.8 * s.a - rate * g;
                       w += 0.8 * s.a - rate * g;
                     });
  check_path<T, nothing>(optimizers::SGD<"SGD", T>(0.05, {.nesterov = true}),
                         [](auto&, double& w, double g, int) { w -= 0.05 * g; });
}
TEST_CASE_TEMPLATE("rmsprop: Keras' trajectories", T, float, double) {
  auto const rule = [](double lr, double rho, double epsilon, double decay) {
    return [=](one& s, double& w, double g, int t) {
      s.a = rho * s.a + (1 - rho) * g * g;
      w -= decayed(lr, decay, t) * g / (std::sqrt(s.a) + epsilon);
    };
  };
  check_path<T, one>(optimizers::RMSprop<"RMSprop", T>(), rule(0.001, 0.9, 1e-7, 0));
  check_path<T, one>(optimizers::RMSprop<"RMSprop", T>(0.05, {.rho = 0.8, .epsilon = 0.01, .decay = 0.1}),
                     rule(0.05, 0.8, 0.01, 0.1));
}
TEST_CASE_TEMPLATE("adagrad: Keras' trajectories", T, float, double) {
  auto const rule = [](double lr, double epsilon, double decay) {
    return [=](one& s, double& w, double g, int t) {
      s.a += g * g;
      w -= decayed(lr, decay, t) * g / (std::sqrt(s.a) + epsilon);
    };
  };
  check_path<T, one>(optimizers::Adagrad<"Adagrad", T>(), rule(0.01, 1e-7, 0));
  check_path<T, one>(optimizers::Adagrad<"Adagrad", T>(0.2, {.epsilon = 0.1, .decay = 0.1}), rule(0.2, 0.1, 0.1));
}
TEST_CASE_TEMPLATE("adadelta: Keras' trajectories", T, float, double) {
  auto const rule = [](double lr, double rho, double epsilon, double decay) {
    return [=](two& s, double& w, double g, int t) {
      s.a = rho * s.a + (1 - rho) * g * g;
      double const u = g * std::sqrt(s.d + epsilon) / std::sqrt(s.a + epsilon);
      w -= decayed(lr, decay, t) * u;
      s.d = rho * s.d + (1 - rho) * u * u;
    };
  };
  check_path<T, two>(optimizers::Adadelta<"Adadelta", T>(), rule(1, 0.95, 1e-7, 0));
  check_path<T, two>(optimizers::Adadelta<"Adadelta", T>(0.5, {.rho = 0.9, .epsilon = 0.01, .decay = 0.1}),
                     rule(0.5, 0.9, 0.01, 0.1));
}
