// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <support/op_test.hpp>
#include <tfx/keras/activations.hpp>
#include <tfx/keras/losses.hpp>
#include <tfx/keras/optimizers/adamax.hpp>
#include <tfx/train/cosine_decay_restarts.hpp>
#include <tfx/train/exponential_decay.hpp>
#include <tfx/train/inverse_time_decay.hpp>
#include <tfx/train/linear_cosine_decay.hpp>
#include <tfx/train/natural_exp_decay.hpp>
#include <tfx/train/piecewise_constant.hpp>
#include <tfx/train/polynomial_decay.hpp>
#include <xtensor/xtensor.hpp>

// What the generated tests are written with.
namespace tf = tfx;
using op_test::infinity, op_test::not_a_number;

template <class T>
inline constexpr bool is_complex = false;
template <class T>
inline constexpr bool is_complex<std::complex<T>> = true;

/// The next number of a list; a complex one is two of them.
template <class T>
T next(double const*& from) {
  if constexpr (is_complex<T>) {
    auto const real = static_cast<typename T::value_type>(*from++);
    return {real, static_cast<typename T::value_type>(*from++)};
  } else {
    return static_cast<T>(*from++);
  }
}
template <class T, std::size_t Rank>
[[gnu::noinline]] xt::xtensor<T, Rank> tensor_of(std::array<std::size_t, Rank> const& shape, double const* from) {
  auto tensor = xt::xtensor<T, Rank>::from_shape(shape);
  for (auto& to : tensor) to = next<T>(from);
  return tensor;
}
/// A value to feed, of a dtype and a shape; a plain number for rank 0.
template <class T, std::size_t... Extents>
auto value(std::initializer_list<double> numbers) {
  double const* from = numbers.begin();
  if constexpr (sizeof...(Extents) == 0) {
    return next<T>(from);
  } else {
    return tensor_of<T, sizeof...(Extents)>({Extents...}, from);
  }
}

/// Whether a fetched value has this dtype, this shape and these elements. Out of line, and of lists: there are
/// thousands of calls to compile.
template <class T, class V>
[[gnu::noinline]] bool agrees(V const& got, std::initializer_list<std::size_t> shape,
                              std::initializer_list<double> expected, double tolerance) {
  if constexpr (requires { got.shape(); }) {
    static_assert(std::is_same_v<typename V::value_type, T>);
    if (!std::equal(got.shape().begin(), got.shape().end(), shape.begin(), shape.end())) {
      MESSAGE("the shape is not the one expected");
      return false;
    }
  } else {
    static_assert(std::is_same_v<V, T>);
    if (shape.size() > 0) return false;
  }
  if constexpr (is_complex<T>) {
    std::vector<double> parts;
    for (T const& number : got) parts.insert(parts.end(), {number.real(), number.imag()});
    return op_test::same(parts, expected, tolerance);
  } else {
    return op_test::same(got, expected, tolerance);
  }
}

/// x less its mean over some axes, by its deviation; with a scale and an offset, and that mean and 1 by the deviation.
template <class X, class Axes>
auto standardised(X const& x, Axes over) {
  auto const [mean, variance] = tf::nn::moments(x, over, tf::keepdims);
  return tf::nn::batch_normalization(x, mean, variance, nullptr, nullptr, 1e-9);
}
template <class X, class Scale, class Offset, class Axes>
auto layer_norm(X const& x, Scale const& scale, Offset const& offset, Axes over, double epsilon) {
  auto const [mean, variance] = tf::nn::moments(x, over, tf::keepdims);
  return std::tuple{tf::nn::batch_normalization(x, mean, variance, offset, scale, epsilon), mean,
                    tf::rsqrt(variance + epsilon)};
}

/// A variable that an optimizer changes along one gradient in every step, and its slots after the last: in double as
/// closely as the case asks for, in float as rounding lets Adam's 1 − βᵗ be.
template <class T, tf::name... Slots, class Optimizer>
void train_as(Optimizer const& optimizer, std::initializer_list<double> start, std::initializer_list<double> gradient,
              std::vector<std::vector<double>> const& expected, std::vector<std::vector<double>> const& slots,
              double tolerance) {
  auto const initial = tf::placeholder<"initial", T>(tf::shape<2>);
  auto const slope = tf::placeholder<"slope", T>(tf::shape<2>);
  auto const v = tf::variable<"v">(initial);
  auto const step = optimizer.minimize(tf::reduce_sum(v * slope));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step), initial = value<T, 2>(start));
  for (std::vector<double> const& after : expected) {
    sess.run(step, slope = value<T, 2>(gradient));
    CHECK(op_test::same(sess.run(v), after, tolerance));
  }
  [[maybe_unused]] auto slot = slots.begin();
  (CHECK(op_test::same(sess.run(tf::variable<Slots>(tf::zeros<T>(tf::shape<2>))), *slot++, tolerance)), ...);
}
template <tf::name... Slots, class Optimizer>
void train_along(Optimizer const& optimizer, std::initializer_list<double> start,
                 std::initializer_list<double> gradient, std::vector<std::vector<double>> const& expected,
                 std::vector<std::vector<double>> const& slots, double tolerance) {
  train_as<double, Slots...>(optimizer, start, gradient, expected, slots, tolerance);
  train_as<float, Slots...>(optimizer, start, gradient, expected, slots, 5e-6);
}
/// A variable that an optimizer takes down ½ vᵀ A v + 0.1 Σ v⁴. TensorFlow.js begins all that it keeps at 0.
template <class Optimizer>
void train_down(Optimizer const& optimizer, std::vector<std::vector<double>> const& a,
                std::initializer_list<double> start, std::vector<std::vector<double>> const& expected,
                std::vector<double> const& losses, double tolerance) {
  auto const initial = tf::placeholder<"initial", float>(tf::shape<3>);
  auto const matrix = tf::placeholder<"matrix", float>(tf::shape<3, 3>);
  auto const v = tf::variable<"v">(initial);
  auto const column = tf::expand_dims(v, tf::axis<1>);
  auto const loss =
      tf::reduce_sum(column * tf::matmul(matrix, column)) * 0.5f + tf::reduce_sum(tf::square(tf::square(v))) * 0.1f;
  auto const step = optimizer.minimize(loss);
  auto const mean_square = tf::variable<"v/RMSProp">(tf::ones(tf::shape<3>));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step), initial = value<float, 3>(start));
  sess.run(mean_square.assign(0.0f));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(op_test::near(sess.run(loss, matrix = a), losses[i], tolerance));
    sess.run(step, matrix = a);
    CHECK(op_test::same(sess.run(v), expected[i], tolerance));
  }
}
