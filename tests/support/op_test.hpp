// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <doctest/doctest.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <tfx/tfx.hpp>
#include <tuple>
#include <utility>
#include <vector>

/// One checker for every op. Each call of a `check_…` is one or two programs, so give it many ops at once.
namespace op_test {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Relative to the larger of 1 and what is expected; NaN equals NaN.
inline bool near(double got, double expected, double tolerance) {
  if (std::isnan(expected) || std::isnan(got)) return std::isnan(expected) && std::isnan(got);
  if (std::isinf(expected) || std::isinf(got)) return expected == got;
  return std::abs(got - expected) <= tolerance * std::max(1.0, std::abs(expected));
}
template <class T>
inline constexpr double tolerance_of = std::is_same_v<T, float> ? 2e-6 : 1e-12;

/// The elements of a fetched value, row by row.
template <class V>
std::vector<double> flat(V const& value) {
  std::vector<double> out;
  if constexpr (requires { value.begin(); }) {
    for (auto const& v : value) out.push_back(static_cast<double>(v));
  } else {
    out.push_back(static_cast<double>(value));
  }
  return out;
}
/// True where value and list agree; says what differs.
template <class V>
bool same(V const& got, std::vector<double> const& expected, double tolerance = 1e-6) {
  std::vector<double> const values = flat(got);
  if (values.size() != expected.size()) {
    MESSAGE(values.size() << " elements, expected " << expected.size());
    return false;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (near(values[i], expected[i], tolerance)) continue;
    MESSAGE("element " << i << " is " << values[i] << ", expected " << expected[i]);
    return false;
  }
  return true;
}

/// `count` numbers spread over [low, high] in no order, the same in every run.
inline std::vector<double> spread(std::size_t count, double low, double high, unsigned seed = 1) {
  std::vector<double> out;
  for (std::size_t i = 0; i < count; ++i) {
    seed = seed * 1664525u + 1013904223u;
    out.push_back(low + (high - low) * (double(seed >> 8) + 0.5) / double(1 << 24));
  }
  return out;
}

/// Numbers as a tensor of a rank that the compiler knows.
template <class T, std::size_t Rank>
xt::xtensor<T, Rank> tensor(std::array<std::size_t, Rank> shape, std::vector<double> const& values) {
  xt::xtensor<T, Rank> out(shape);
  for (std::size_t i = 0; i < out.size(); ++i) out.data()[i] = static_cast<T>(values[i]);
  return out;
}

/// An op of one input and the function that it must be.
template <class Build>
struct unary {
  char const* name;
  Build build;
  double (*reference)(double);
};
template <class Build>
unary(char const*, Build, double (*)(double)) -> unary<Build>;

inline double slope(double (*f)(double), double x) {
  double const h = 1e-5;
  return (f(x + h) - f(x - h)) / (2 * h);
}
inline double curvature(double (*f)(double), double x) {
  double const h = 1e-4;
  return (f(x + h) - 2 * f(x) + f(x - h)) / (h * h);
}

/// Values for dtype T and a shape of one dimension.
template <class T, class Shape, class... Case>
void check_values(Shape shape, std::vector<std::vector<double>> const& inputs, Case const&... cases) {
  auto const x = tfx::placeholder<"x", T>(shape);
  tfx::Session sess;
  for (std::vector<double> const& values : inputs) {
    auto const results = sess.run(tfx::fetch(cases.build(x)...), x = tensor<T, 1>({values.size()}, values));
    auto const check = [&](auto const& one, auto const& got) {
      CAPTURE(one.name);
      CAPTURE(values.size());
      for (std::size_t i = 0; i < values.size(); ++i) {
        CAPTURE(values[i]);
        CHECK(near(double(got(i)), one.reference(double(T(values[i]))), tolerance_of<T>));
      }
    };
    std::apply([&](auto const&... got) { (check(cases, got), ...); }, results);
  }
}

/// The gradient of each case over [low, high], in double, for a symbolic extent; the forward derivative of the sum of
/// all and its second derivative.
template <class... Case>
void check_derivatives(double low, double high, Case const&... cases) {
  auto const x = tfx::placeholder<"x", double>(tfx::shape<tfx::dim<"n">>);
  auto const v = tfx::placeholder<"v", double>(tfx::shape<tfx::dim<"n">>);
  auto const [dxdx] = tfx::gradients((std::get<0>(tfx::gradients(cases.build(x), x)) + ...), x);
  auto const all =
      tfx::fetch(tfx::jvp((cases.build(x) + ...), x, v), dxdx, std::get<0>(tfx::gradients(cases.build(x), x))...);
  tfx::Session sess;
  for (std::size_t n : {17u, 0u, 1u}) {
    std::vector<double> const at = spread(n, low, high), along = spread(n, -1, 1, 7);
    auto const results = sess.run(all, x = tensor<double, 1>({n}, at), v = tensor<double, 1>({n}, along));
    std::vector<double> first(n, 0.0), second(n, 0.0);
    auto const check = [&](auto const& one, auto const& dx) {
      CAPTURE(one.name);
      REQUIRE(dx.size() == n);
      for (std::size_t i = 0; i < n; ++i) {
        CAPTURE(at[i]);
        CHECK(near(dx(i), slope(one.reference, at[i]), 1e-6));
        first[i] += dx(i) * along[i];
        second[i] += curvature(one.reference, at[i]);
      }
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (check(cases, std::get<I + 2>(results)), ...);
    }(std::index_sequence_for<Case...>{});
    CHECK(same(std::get<0>(results), first, 1e-12));
    CHECK(same(std::get<1>(results), second, 1e-4));
  }
}

/// Values of float and double, of a static and of a symbolic extent, at odd sizes; then derivatives in double.
template <class... Case>
void check_unary(double low, double high, Case const&... cases) {
  std::vector<std::vector<double>> sizes;
  for (std::size_t n : {33u, 17u, 3u, 1u, 0u}) sizes.push_back(spread(n, low, high));
  check_values<float>(tfx::shape<tfx::dim<"n">>, sizes, cases...);
  check_values<double>(tfx::shape<19>, {spread(19, low, high)}, cases...);
  check_derivatives(low, high, cases...);
}

/// An op of two inputs and the function that it must be.
template <class Build>
struct binary {
  char const* name;
  Build build;
  double (*reference)(double, double);
};
template <class Build>
binary(char const*, Build, double (*)(double, double)) -> binary<Build>;

/// Values and both gradients where x and y of two dimensions broadcast (extents are equal or 1).
template <class ShapeX, class ShapeY, class... Case>
void check_binary(ShapeX shape_x, ShapeY shape_y, std::array<std::size_t, 2> nx, std::array<std::size_t, 2> ny,
                  double low, double high, Case const&... cases) {
  auto const x = tfx::placeholder<"x", double>(shape_x);
  auto const y = tfx::placeholder<"y", double>(shape_y);
  tfx::Session sess;
  auto const derived = [&](auto const& one) {
    auto const z = one.build(x, y);
    auto const [dx, dy] = tfx::gradients(z, x, y);
    return std::tuple{z, dx, dy};
  };
  auto const all = std::apply([](auto const&... e) { return tfx::fetch(e...); }, std::tuple_cat(derived(cases)...));
  std::vector<double> const vx = spread(nx[0] * nx[1], low, high), vy = spread(ny[0] * ny[1], low, high, 5);
  auto const results = sess.run(all, x = tensor<double, 2>(nx, vx), y = tensor<double, 2>(ny, vy));
  std::size_t const rows = nx[0] == 1 ? ny[0] : nx[0], columns = nx[1] == 1 ? ny[1] : nx[1];
  auto const check = [&](auto const& one, auto const& z, auto const& dx, auto const& dy) {
    CAPTURE(one.name);
    double const h = 1e-5;
    std::vector<double> ez, ex(vx.size(), 0.0), ey(vy.size(), 0.0);
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t k = 0; k < columns; ++k) {
        std::size_t const at_x = (nx[0] == 1 ? 0 : i) * nx[1] + (nx[1] == 1 ? 0 : k);
        std::size_t const at_y = (ny[0] == 1 ? 0 : i) * ny[1] + (ny[1] == 1 ? 0 : k);
        double const a = vx[at_x], b = vy[at_y];
        ez.push_back(one.reference(a, b));
        ex[at_x] += (one.reference(a + h, b) - one.reference(a - h, b)) / (2 * h);
        ey[at_y] += (one.reference(a, b + h) - one.reference(a, b - h)) / (2 * h);
      }
    }
    CHECK(same(z, ez, 1e-12));
    CHECK(same(dx, ex, 1e-6));
    CHECK(same(dy, ey, 1e-6));
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (check(cases, std::get<3 * I>(results), std::get<3 * I + 1>(results), std::get<3 * I + 2>(results)), ...);
  }(std::index_sequence_for<Case...>{});
}

/// Any functions of one tensor: the gradient of each against differences of its own values, with another weight for
/// each element of the result; the forward derivative, which must be dual to it; and the second derivative of their
/// sum.
template <class Shape, std::size_t Rank, class... Build>
void check_gradient(Shape shape, std::array<std::size_t, Rank> extents, std::vector<double> const& at,
                    Build const&... builds) {
  auto const x = tfx::placeholder<"x", double>(shape);
  auto const v = tfx::placeholder<"v", double>(shape);
  auto const gradient = [&](auto const& build) {
    return std::get<0>(tfx::gradients(build(x) * tfx::cos(build(v)), x));
  };
  auto const derived = [&](auto const& build) {
    auto const y = build(x);
    return std::tuple{y, tfx::cos(build(v)), gradient(build), tfx::jvp(y, x, v)};
  };
  auto const [second] = tfx::gradients((gradient(builds) + ...) * v, x);
  auto const all = std::apply([](auto const&... e) { return tfx::fetch(e...); },
                              std::tuple_cat(std::tuple{second}, derived(builds)...));
  tfx::Session sess;
  std::vector<double> const direction = spread(at.size(), 0.5, 1.5, 11);
  auto const run = [&](std::vector<double> const& values) {
    return sess.run(all, x = tensor<double>(extents, values), v = tensor<double>(extents, direction));
  };
  auto const here = run(at);
  double const h = 1e-5;
  std::vector<std::remove_const_t<decltype(here)>> above, below;  // one element moved, and last all along the direction
  for (std::size_t i = 0; i <= at.size(); ++i) {
    std::vector<double> up = at, down = at;
    for (std::size_t k = 0; k < at.size(); ++k) {
      double const step = i == at.size() ? h * direction[k] : i == k ? h : 0;
      up[k] += step;
      down[k] -= step;
    }
    above.push_back(run(up));
    below.push_back(run(down));
  }
  std::vector<double> along(at.size(), 0.0);
  auto const check = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    CAPTURE(I);
    std::vector<double> const weight = flat(std::get<4 * I + 2>(here)), dx = flat(std::get<4 * I + 3>(here)),
                              jvp = flat(std::get<4 * I + 4>(here));
    REQUIRE(dx.size() == at.size());
    double forward = 0, reverse = 0;
    for (std::size_t k = 0; k < weight.size(); ++k) forward += weight[k] * jvp[k];
    for (std::size_t i = 0; i < at.size(); ++i) {
      std::vector<double> const up = flat(std::get<4 * I + 1>(above[i])), down = flat(std::get<4 * I + 1>(below[i]));
      double difference = 0;
      for (std::size_t k = 0; k < up.size(); ++k) difference += weight[k] * (up[k] - down[k]) / (2 * h);
      CAPTURE(i);
      CHECK(near(dx[i], difference, 1e-6));
      reverse += dx[i] * direction[i];
    }
    CHECK(near(forward, reverse, 1e-9));
    std::vector<double> const up = flat(std::get<4 * I + 3>(above.back())),
                              down = flat(std::get<4 * I + 3>(below.back()));
    for (std::size_t i = 0; i < at.size(); ++i) along[i] += (up[i] - down[i]) / (2 * h);
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (check(std::integral_constant<std::size_t, I>{}), ...);
  }(std::index_sequence_for<Build...>{});
  CHECK(same(std::get<0>(here), along, 1e-5));
}

/// 1, 2, 3, … of `n` floats, and a matrix of them.
inline std::vector<float> counted(std::size_t n) {
  std::vector<float> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(static_cast<float>(i + 1));
  return out;
}
inline auto counted_matrix(std::size_t rows, std::size_t columns) {
  auto const values = counted(rows * columns);
  return tensor<float, 2>({rows, columns}, {values.begin(), values.end()});
}
/// What InvalidArgumentError says when `run` is refused; nothing where it is not.
template <class F>
std::string refusal(F run) {
  try {
    run();
  } catch (tfx::errors::InvalidArgumentError const& e) {
    return e.what();
  }
  return {};
}

}  // namespace op_test
