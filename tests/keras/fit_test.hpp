// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <io/folder.hpp>
#include <support/captured.hpp>
#include <support/op_test.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/trainer.hpp>

/// A linear regression, as fit trains it and as plain loops do.
namespace fit_test {

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using numbers = std::vector<double>;
using tf::i64;

inline constexpr std::size_t rows = 23, columns = 3;
inline xt::xtensor<float, 2> inputs(std::size_t count = rows) {
  return op_test::tensor<float, 2>({count, columns}, op_test::spread(count * columns, -1, 1));
}
inline xt::xtensor<float, 1> targets(std::size_t count = rows) {
  return op_test::tensor<float, 1>({count}, op_test::spread(count, -2, 2, 7));
}
inline auto make_model() { return keras::Sequential(keras::Input(tf::shape<3>), layers::Dense<1>()); }

/// y = x · w + b, by gradient descent on Σ weight · (y − target)² / the number of weights that are not 0.
struct line {
  double w[columns], b;

  template <class Model>
  explicit line(Model const& model) : b(double(std::get<1>(model.get_weights())(0))) {
    for (std::size_t k = 0; k < columns; ++k) w[k] = double(std::get<0>(model.get_weights())(k, 0));
  }
  template <class X>
  double operator()(X const& x, std::size_t i) const {
    double y = b;
    for (std::size_t k = 0; k < columns; ++k) y += w[k] * double(x(i, k));
    return y;
  }
  /// The loss of some rows; a step on them where there is a rate.
  template <class X, class Y>
  double step(X const& x, Y const& y, std::vector<std::size_t> const& some, double rate, numbers const& weights = {}) {
    double loss = 0, counted = 0, db = 0, dw[columns] = {};
    for (std::size_t i : some) {
      double const weight = weights.empty() ? 1 : weights[i], error = (*this)(x, i) - double(y(i));
      loss += weight * error * error;
      counted += weight != 0 ? 1 : 0;
      db += 2 * weight * error;
      for (std::size_t k = 0; k < columns; ++k) dw[k] += 2 * weight * error * double(x(i, k));
    }
    for (std::size_t k = 0; k < columns; ++k) w[k] -= rate * dw[k] / counted;
    b -= rate * db / counted;
    return loss / counted;
  }
  /// An epoch on rows in an order, in batches; the mean of the losses.
  template <class X, class Y>
  double epoch(X const& x, Y const& y, std::vector<std::size_t> const& order, std::size_t batch, double rate,
               numbers const& weights = {}) {
    double sum = 0;
    for (std::size_t done = 0; done < order.size(); done += batch) {
      std::vector<std::size_t> some;
      for (std::size_t i = done; i < done + batch && i < order.size(); ++i) some.push_back(order[i]);
      sum += step(x, y, some, rate, weights) * double(some.size());
    }
    return sum / double(order.size());
  }
  template <class Model>
  bool is(Model const& model) const {
    line const other(model);
    bool same = op_test::near(other.b, b, 1e-5);
    for (std::size_t k = 0; k < columns; ++k) same = same && op_test::near(other.w[k], w[k], 1e-5);
    return same;
  }
};
inline std::vector<std::size_t> in_order(std::size_t begin, std::size_t end) {
  std::vector<std::size_t> all;
  for (std::size_t i = begin; i < end; ++i) all.push_back(i);
  return all;
}
inline bool same(numbers const& got, numbers const& expected, double tolerance = 1e-5) {
  return op_test::same(got, expected, tolerance);
}

}  // namespace fit_test
