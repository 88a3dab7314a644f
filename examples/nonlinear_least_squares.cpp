// SPDX-License-Identifier: Apache-2.0
// Fits curves to data by the method of Levenberg and Marquardt: each model is one expression, forward mode gives its
// Jacobian, column by column, and the steps are solutions of linear equations, all in double.
//
//   nonlinear_least_squares [DIR]
//
// DIR holds the nonlinear problems of NIST's Statistical Reference Datasets as .dat files; each is fitted from its
// second starting point and compared with the certified parameters. Without it, one of them that stands here.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tfx/op/linalg/matrix_diag.hpp>
#include <tfx/op/linalg/matrix_solve.hpp>
#include <tfx/tfx.hpp>
#include <vector>
namespace tf = tfx;

struct problem {
  std::vector<double> x, y, start, certified;
};

// The part of a .dat file that matters: lines "b1 = start 1, start 2, certified value, deviation", then, after the last
// line that begins with "Data:", pairs of y and x.
problem read_problem(std::istream& file) {
  problem p;
  std::vector<std::string> lines;
  std::size_t data = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.compare(0, 5, "Data:") == 0) data = lines.size() + 1;
    lines.push_back(line);
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::istringstream in(lines[i]);
    std::string name, equals;
    double first, second, third;
    if (i >= data) {
      if (in >> first >> second) {
        p.y.push_back(first);
        p.x.push_back(second);
      }
    } else if (in >> name >> equals >> first >> second >> third && name[0] == 'b' && equals == "=") {
      p.start.push_back(second);
      p.certified.push_back(third);
    }
  }
  return p;
}

constexpr auto points = tf::dim<"points">;
constexpr auto parameters = tf::dim<"parameters">;

double sum_of_squares(auto const& residuals) {
  double sum = 0;
  for (double r : residuals) sum += r * r;
  return sum;
}

/// The parameters that make `model(b, x)` nearest to y.
template <int P>
std::vector<double> fit(auto model, problem const& p) {
  auto b = tf::placeholder<"b", double>(tf::shape<P>);
  auto along = tf::placeholder<"along", double>(tf::shape<P>);
  auto x = tf::placeholder<"x", double>(tf::shape<points>);
  auto y = tf::placeholder<"y", double>(tf::shape<points>);
  auto value = model([&](auto i) { return b[i]; }, x);

  // The step d of (JᵀJ + λ D²) d = Jᵀr, where D² is the diagonal of JᵀJ: as D⁻¹ z, so that no column outweighs another.
  auto jacobian = tf::placeholder<"jacobian", double>(tf::shape<parameters, points>);
  auto residual = tf::placeholder<"residual", double>(tf::shape<points, 1>);
  auto damping = tf::placeholder<"damping", double>(tf::shape<>);
  auto columns = jacobian * tf::rsqrt(tf::reduce_sum(tf::square(jacobian), tf::axis<1>, tf::keepdims));
  auto normal = tf::matmul(columns, columns, tf::transpose_b);
  auto damped = normal + tf::matrix_diag(damping * tf::ones_like(tf::reduce_sum(normal, tf::axis<1>)));
  auto scaled = tf::matrix_solve(damped, tf::matmul(columns, residual));
  auto length = tf::sqrt(tf::reduce_sum(tf::square(jacobian), tf::axis<1>, tf::keepdims));

  tf::Session sess;
  auto residuals = sess.make_callable(y - value, b, x, y);
  auto slope = sess.make_callable(tf::jvp(value, b, along), b, x, along);
  auto step = sess.make_callable(scaled / length, jacobian, residual, damping);

  std::vector<double> at = p.start;
  auto r = residuals(at, p.x, p.y);
  double error = sum_of_squares(r), lambda = 1e-3;
  bool converged = false;
  for (int tries = 0; tries < 2000 && !converged && lambda < 1e15; ++tries) {
    xt::xtensor<double, 2> j(std::array<std::size_t, 2>{at.size(), p.x.size()});
    for (std::size_t i = 0; i < at.size(); ++i) {
      std::vector<double> unit(at.size(), 0.0);
      unit[i] = 1;
      auto const column = slope(at, p.x, unit);
      std::copy(column.begin(), column.end(), j.data() + i * p.x.size());
    }
    xt::xtensor<double, 2> right(std::array<std::size_t, 2>{p.x.size(), 1});
    std::copy(r.begin(), r.end(), right.data());
    auto const d = step(j, right, lambda);
    std::vector<double> moved = at;
    converged = true;
    for (std::size_t i = 0; i < at.size(); ++i) {
      moved[i] += d(i, 0);
      converged = converged && std::abs(d(i, 0)) <= 1e-12 * std::abs(moved[i]);
    }
    auto const next = residuals(moved, p.x, p.y);
    if (double const less = sum_of_squares(next); less <= error) {
      at = moved;
      r = next;
      error = less;
      lambda = std::max(lambda / 10, 1e-15);
    } else {
      lambda *= 10;
    }
  }
  return at;
}

// The models, by the names of their data. `b(tf::index<0>)` is the first parameter.
template <int I>
constexpr auto n = tf::index<I>;
auto decay = [](auto b, auto x) { return tf::exp(-b(n<0>) * x) / (b(n<1>) + b(n<2>) * x); };
auto growth = [](auto b, auto x) { return b(n<0>) * (1.0 - tf::exp(-b(n<1>) * x)); };
auto bell(auto x, auto height, auto middle, auto width) { return height * tf::exp(-tf::square((x - middle) / width)); }
auto two_bells = [](auto b, auto x) {
  return b(n<0>) * tf::exp(-b(n<1>) * x) + bell(x, b(n<2>), b(n<3>), b(n<4>)) + bell(x, b(n<5>), b(n<6>), b(n<7>));
};
auto magnetism = [](auto b, auto x) { return b(n<0>) * tf::pow(b(n<1>) + x, -1.0 / b(n<2>)); };
auto power = [](auto b, auto x) { return b(n<0>) * tf::pow(x, b(n<1>)); };
auto line = [](auto b, auto x) { return b(n<0>) / b(n<1>) * tf::exp(-0.5 * tf::square((x - b(n<2>)) / b(n<1>))); };
auto decays = [](auto b, auto x) {
  return b(n<0>) * tf::exp(-b(n<1>) * x) + b(n<2>) * tf::exp(-b(n<3>) * x) + b(n<4>) * tf::exp(-b(n<5>) * x);
};
auto quadratics = [](auto b, auto x) {
  return (b(n<0>) + (b(n<1>) + b(n<2>) * x) * x) / (1.0 + (b(n<3>) + b(n<4>) * x) * x);
};
auto cubics = [](auto b, auto x) {
  return (b(n<0>) + (b(n<1>) + (b(n<2>) + b(n<3>) * x) * x) * x) / (1.0 + (b(n<4>) + (b(n<5>) + b(n<6>) * x) * x) * x);
};
auto seasons = [](auto b, auto x) {
  auto const turn = 2 * 3.14159265358979323846 * x;
  auto const wave = [&](auto period, auto cosine, auto sine) {
    return cosine * tf::cos(turn / period) + sine * tf::sin(turn / period);
  };
  return b(n<0>) + wave(tf::constant<"year">(12.0), b(n<1>), b(n<2>)) + wave(b(n<3>), b(n<4>), b(n<5>)) +
         wave(b(n<6>), b(n<7>), b(n<8>));
};

/// How many digits of the parameter that is furthest off are right.
double digits(std::vector<double> const& found, std::vector<double> const& certified) {
  double fewest = 16;
  for (std::size_t i = 0; i < found.size(); ++i) {
    double const off = std::abs(found[i] - certified[i]) / std::abs(certified[i]);
    fewest = std::min(fewest, off > 0 ? -std::log10(off) : std::isnan(off) ? 0 : 16);
  }
  return fewest;
}
template <int P>
bool report(char const* name, auto model, problem const& p) {
  if (p.start.size() != P || p.x.empty()) throw std::runtime_error(std::string(name) + ": not the data of this model");
  std::vector<double> const found = fit<P>(model, p);
  double const right = digits(found, p.certified);
  std::printf("%-9s %3zu points, %d parameters: %4.1f digits  b1 = %.10g\n", name, p.x.size(), P, right, found[0]);
  return right >= 6;
}

int main(int argc, char** argv) try {
  if (argc > 2) throw std::runtime_error("usage: nonlinear_least_squares [DIR]");
  if (argc < 2) {
    // Biochemical oxygen demand by days: G. E. P. Box, W. G. Hunter and J. S. Hunter, Statistics for Experimenters,
    // 1978.
    problem const demand{
        {1, 2, 3, 5, 7, 10}, {109, 149, 149, 191, 213, 224}, {100, 0.75}, {213.80940889, 0.54723748542}};
    return report<2>("BoxBOD", growth, demand) ? 0 : 1;  // b1 = 213.8094089
  }
  bool all = true;
  auto const fit_file = [&]<int P>(std::integral_constant<int, P>, std::string const& name, auto model) {
    std::string const path = std::string(argv[1]) + "/" + name + ".dat";
    std::ifstream file(path);
    if (!file) throw std::runtime_error(path + ": cannot be read");
    all = report<P>(name.c_str(), model, read_problem(file)) && all;
  };
  fit_file(std::integral_constant<int, 3>{}, "Bennett5", magnetism);
  fit_file(std::integral_constant<int, 2>{}, "BoxBOD", growth);
  fit_file(std::integral_constant<int, 3>{}, "Chwirut1", decay);
  fit_file(std::integral_constant<int, 3>{}, "Chwirut2", decay);
  fit_file(std::integral_constant<int, 2>{}, "DanWood", power);
  fit_file(std::integral_constant<int, 3>{}, "Eckerle4", line);
  fit_file(std::integral_constant<int, 9>{}, "ENSO", seasons);
  fit_file(std::integral_constant<int, 8>{}, "Gauss1", two_bells);
  fit_file(std::integral_constant<int, 8>{}, "Gauss2", two_bells);
  fit_file(std::integral_constant<int, 8>{}, "Gauss3", two_bells);
  fit_file(std::integral_constant<int, 7>{}, "Hahn1", cubics);
  fit_file(std::integral_constant<int, 5>{}, "Kirby2", quadratics);
  fit_file(std::integral_constant<int, 6>{}, "Lanczos1", decays);
  return all ? 0 : 1;
} catch (std::exception const& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
