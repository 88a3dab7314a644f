// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <doctest/doctest.h>
#include <cmath>
#include <filesystem>
#include <io/folder.hpp>
#include <string>
#include <tfx/estimator.hpp>
#include <tfx/tfx.hpp>
#include <utility>
#include <vector>

// Data and model functions that the tests of estimators share.
namespace estimator_test {

namespace tf = tfx;
using io_test::folder;
using io_test::message;
using io_test::text_of;
using tf::i64;

/// Rows of two numbers, and 3 a − 2 b + 1 of each.
struct plane {
  xt::xtensor<float, 2> xs;
  xt::xtensor<float, 1> ys;

  explicit plane(std::size_t rows) : xs({rows, 2}), ys(std::array<std::size_t, 1>{rows}) {
    unsigned s = 5;
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < 2; ++j) {
        s = s * 1664525u + 1013904223u;
        xs(i, j) = static_cast<float>(s >> 8) / static_cast<float>(1 << 23) - 1.0f;
      }
      ys(i) = 3 * xs(i, 0) - 2 * xs(i, 1) + 1;
    }
  }
};

/// A plane, by gradient descent at a rate that a program tells.
inline auto plane_model(float rate) {
  return [rate](auto features, auto labels, auto mode) {
    auto const w = tf::get_variable<"w">(tf::shape<2, 1>, tf::zeros_initializer());
    auto const b = tf::get_variable<"b">(tf::shape<>, tf::zeros_initializer());
    auto const y = tf::squeeze(tf::matmul(features, w), tf::axis<1>) + b;
    if constexpr (mode == tf::estimator::ModeKeys::PREDICT) {
      return tf::estimator::predictions(y);
    } else {
      auto const loss = tf::reduce_mean(tf::square(y - labels));
      auto const difference = tf::abs(y - labels);
      return tf::estimator::EstimatorSpec(loss, tf::train::GradientDescentOptimizer(rate),
                                          tf::estimator::metric<"mean_absolute_error">(labels, y),
                                          tf::estimator::metric<"error">(tf::metrics::mean<"error">(difference)));
    }
  };
}

/// The names and numbers of all event files of a folder, in the order of their steps.
struct logged {
  std::string tag;
  i64 step;
  float value;
};
inline std::vector<logged> events_of(std::string const& dir) {
  std::vector<std::string> files;
  for (auto const& entry : std::filesystem::directory_iterator(dir))
    if (entry.path().filename().string().rfind("events.out.tfevents.", 0) == 0) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  std::vector<logged> all;
  for (std::string const& file : files)
    for (auto const& event : tf::train::summary_iterator(file))
      for (auto const& value : event.summary.value) all.push_back({value.tag, event.step, value.simple_value});
  return all;
}
inline std::vector<i64> steps_of(std::vector<logged> const& events, std::string const& tag) {
  std::vector<i64> steps;
  for (logged const& each : events)
    if (each.tag == tag) steps.push_back(each.step);
  return steps;
}
/// The numbers of the checkpoints in a folder.
inline std::vector<i64> checkpoints_in(std::string const& dir) {
  std::vector<i64> steps;
  for (auto const& entry : std::filesystem::directory_iterator(dir)) {
    std::string const name = entry.path().filename().string();
    if (name.rfind("model.ckpt-", 0) == 0 && entry.path().extension() == ".index")
      steps.push_back(std::stoll(name.substr(11)));
  }
  std::sort(steps.begin(), steps.end());
  return steps;
}

}  // namespace estimator_test
