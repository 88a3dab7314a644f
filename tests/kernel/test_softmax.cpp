// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <tfx/kernel/softmax.hpp>
#include <vector>

using namespace tfx;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

template <class T>
std::vector<T> logits_of(i64 count) {
  std::vector<T> out(static_cast<std::size_t>(count));
  unsigned seed = 3;
  for (auto& x : out) {
    seed = seed * 1664525u + 1013904223u;
    x = T(int(seed >> 20) - 2048) / T(200);
  }
  return out;
}

template <class T>
bool near(T got, double expected) {
  return std::abs(double(got) - expected) <=
         8 * double(std::numeric_limits<T>::epsilon()) * std::max(1.0, std::abs(expected));
}

template <class T, i64 N>
bool agrees(i64 rows, i64 n) {
  auto const x = logits_of<T>(rows * n);
  std::vector<T> labels(x.size()), y(x.size() + 1, T(9)), log_y(y), gradient(y);
  std::vector<T> loss(static_cast<std::size_t>(rows));
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = T(i % 3) / T(4);
  kernel::softmax<T, N>(x.data(), y.data(), rows, n);
  kernel::log_softmax<T, N>(x.data(), log_y.data(), rows, n);
  kernel::softmax_cross_entropy<T, N>(x.data(), labels.data(), loss.data(), gradient.data(), rows, n);
  bool good = y.back() == 9 && log_y.back() == 9 && gradient.back() == 9;
  for (i64 i = 0; i < rows; ++i) {
    double sum = 0, expected = 0, weight = 0;
    for (i64 j = 0; j < n; ++j) sum += std::exp(double(x[std::size_t(i * n + j)]));
    for (i64 j = 0; j < n; ++j) {
      auto const at = std::size_t(i * n + j);
      double const l = double(x[at]) - std::log(sum);
      expected -= double(labels[at]) * l;
      weight += double(labels[at]);
      good = good && near(y[at], std::exp(l)) && near(log_y[at], l) &&
             near(gradient[at], std::exp(l) - double(labels[at]));
    }
    good = good && std::abs(double(loss[std::size_t(i)]) - expected) <= 1e-5 * (1 + weight);
  }
  std::vector<T> loss_alone(loss.size()), gradient_alone(gradient.size(), T(9));
  kernel::softmax_cross_entropy<T, N>(x.data(), labels.data(), loss_alone.data(), nullptr, rows, n);
  kernel::softmax_cross_entropy<T, N>(x.data(), labels.data(), nullptr, gradient_alone.data(), rows, n);
  return good && loss_alone == loss && gradient_alone == gradient;
}

/// Places stand for rows of labels with a one.
template <class T, i64 N, class Label>
bool places_agree(i64 rows, i64 n) {
  auto const x = logits_of<T>(rows * n);
  std::vector<T> labels(x.size(), T(0)), gradient(x.size() + 1, T(9)), expected(gradient), alone(gradient);
  std::vector<T> loss(static_cast<std::size_t>(rows)), expected_loss(loss), loss_alone(loss);
  std::vector<Label> places(loss.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    places[i] = static_cast<Label>(i64(i * 7 + 2) % n);
    labels[i * std::size_t(n) + std::size_t(places[i])] = T(1);
  }
  kernel::softmax_cross_entropy<T, N>(x.data(), labels.data(), expected_loss.data(), expected.data(), rows, n);
  kernel::sparse_softmax_cross_entropy<T, N>(x.data(), places.data(), loss.data(), gradient.data(), rows, n);
  kernel::sparse_softmax_cross_entropy<T, N>(x.data(), places.data(), loss_alone.data(), nullptr, rows, n);
  kernel::sparse_softmax_cross_entropy<T, N>(x.data(), places.data(), nullptr, alone.data(), rows, n);
  bool good = gradient == expected && alone == expected && loss_alone == loss;
  for (std::size_t i = 0; i < loss.size(); ++i) good = good && near(loss[i], double(expected_loss[i]));
  return good;
}

}  // namespace

TEST_CASE("softmax: rows of every length") {
  bool good = true;
  for (i64 n : {1, 2, 3, 7, 8, 9, 15, 16, 17, 33, 100}) good = good && agrees<float, kernel::dynamic>(3, n);
  CHECK(good);
  CHECK(agrees<float, 10>(5, 10));
  CHECK(agrees<float, 40>(5, 40));
  CHECK(agrees<double, 10>(5, 10));
  CHECK(agrees<float, 0>(2, 0));
  CHECK(agrees<float, 10>(0, 10));
}

TEST_CASE("softmax: a label's place is worth a row of labels") {
  bool good = true;
  for (i64 n : {1, 2, 7, 8, 15, 16, 17, 33, 100}) good = good && places_agree<float, kernel::dynamic, int>(4, n);
  CHECK(good);
  CHECK(places_agree<float, 10, i64>(5, 10));
  CHECK(places_agree<double, 10, int>(5, 10));
  CHECK(places_agree<double, 1, i64>(3, 1));
  CHECK(places_agree<double, kernel::dynamic, i64>(3, 21));
  CHECK(places_agree<float, 10, int>(0, 10));
}

TEST_CASE("softmax: large logits do not overflow, not-a-number stays in its row") {
  for (i64 n : {4, 40}) {
    auto const size = std::size_t(n);
    std::vector<float> x(6 * size, 0.f), y(x.size()), log_y(x.size()), labels(x.size(), 0.25f), slope(x), loss(6);
    x[0] = 1e30f;                                                 // row 0
    for (std::size_t j = 0; j < size; ++j) x[size + j] = -1e30f;  // row 1
    x[3 * size - 1] = not_a_number;                               // row 2, last
    for (std::size_t j = 0; j < size; ++j) x[3 * size + j] = -infinity;
    x[4 * size] = -infinity;
    x[5 * size] = infinity;
    kernel::softmax(x.data(), y.data(), 6, n);
    kernel::log_softmax(x.data(), log_y.data(), 6, n);
    kernel::softmax_cross_entropy<float>(x.data(), labels.data(), loss.data(), slope.data(), 6, n);
    CHECK(y[0] == 1.f);
    CHECK(y[1] == 0.f);
    CHECK(log_y[1] == -1e30f);
    CHECK(y[size] == doctest::Approx(1.0 / double(n)));
    CHECK(std::isnan(loss[2]));
    CHECK(std::isnan(loss[3]));
    CHECK(y[4 * size] == 0.f);
    CHECK(log_y[4 * size] == -infinity);
    CHECK(y[4 * size + 1] == doctest::Approx(1.0 / double(n - 1)));
    for (std::size_t j = 0; j < size; ++j) {
      CHECK(std::isnan(y[2 * size + j]));
      CHECK(std::isnan(y[3 * size + j]));
      CHECK(std::isnan(log_y[5 * size + j]));
      CHECK(slope[j] == y[j] - 0.25f);
      CHECK(slope[4 * size + j] == y[4 * size + j] - 0.25f);
      CHECK(std::isnan(slope[2 * size + j]));
      CHECK(std::isnan(slope[3 * size + j]));
      CHECK(std::isnan(slope[5 * size + j]));
    }
  }
}

TEST_CASE("softmax: works in place") {
  auto x = logits_of<float>(3 * 37), y = x;
  kernel::softmax(x.data(), y.data(), 3, 37);
  kernel::softmax(x.data(), x.data(), 3, 37);
  CHECK(x == y);
}
