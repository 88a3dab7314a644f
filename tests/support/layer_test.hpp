// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <support/op_test.hpp>
#include <tfx/keras/input.hpp>

/// Keras' layers against plain loops and differences.
namespace layer_test {

using numbers = std::vector<double>;

/// The value of a layer's result `y` for its input and its weights, and the gradients of Σ sin(y + 0.3) for each of
/// them against differences, in double. What is fed are pairs of an expression and a tensor.
template <class Y, class... X, class... T>
auto check_layer(Y const& y, std::tuple<X...> const& fed, std::tuple<T...> const& values) {
  auto const loss = tfx::reduce_sum(tfx::sin(y + 0.3));
  auto const all = std::apply(
      [&](auto const&... x) {
        auto const gradients = tfx::gradients(loss, x...);
        return std::apply([&](auto const&... g) { return tfx::fetch(loss, y, g...); }, gradients);
      },
      fed);
  tfx::Session sess;
  auto const run = [&](std::tuple<T...> const& at) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return sess.run(all, (std::get<I>(fed) = std::get<I>(at))...);
    }(std::index_sequence_for<X...>{});
  };
  auto const here = run(values);
  double const h = 1e-5;
  auto const check = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    auto const gradient = op_test::flat(std::get<I + 2>(here));
    std::tuple<T...> moved = values;
    auto& x = std::get<I>(moved);
    REQUIRE(gradient.size() == x.size());
    CAPTURE(I);
    for (std::size_t i = 0; i < x.size(); ++i) {
      double const at = x.data()[i];
      x.data()[i] = at + h;
      double const up = std::get<0>(run(moved));
      x.data()[i] = at - h;
      double const down = std::get<0>(run(moved));
      x.data()[i] = at;
      CAPTURE(i);
      CHECK(op_test::near(gradient[i], (up - down) / (2 * h), 1e-6));
    }
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (check(std::integral_constant<std::size_t, I>{}), ...);
  }(std::index_sequence_for<X...>{});
  return std::get<1>(here);
}

/// A weight of a layer as its initializer makes it, by its name: `kernel<"conv2d/kernel", double>(shape<3, 3, 1, 2>)`.
template <tfx::name Name, class T, auto... D>
auto kernel(tfx::shape_t<D...> s) {
  return tfx::get_variable<Name, T>(s, tfx::glorot_uniform_initializer());
}
template <tfx::name Name, class T, auto... D>
auto bias(tfx::shape_t<D...> s) {
  return tfx::get_variable<Name, T>(s, tfx::zeros_initializer());
}
/// Numbers of a shape, spread over [−1, 1].
template <class T, std::size_t Rank>
xt::xtensor<T, Rank> some(std::array<std::size_t, Rank> shape, unsigned seed) {
  std::size_t count = 1;
  for (std::size_t extent : shape) count *= extent;
  return op_test::tensor<T, Rank>(shape, op_test::spread(count, -1, 1, seed));
}
template <class V>
numbers extents(V const& value) {
  return numbers(value.shape().begin(), value.shape().end());
}

}  // namespace layer_test
