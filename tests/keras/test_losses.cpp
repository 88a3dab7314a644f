// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>
#include <tfx/keras/activations.hpp>
#include <tfx/keras/losses.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace losses = tfx::keras::losses;
using op_test::refusal;
using op_test::same;
using op_test::spread;
using op_test::tensor;

namespace {
constexpr auto batch = tf::dim<"batch">;
constexpr auto width = tf::dim<"width">;
using row = std::vector<double>;

// Each loss of one row, as Keras writes it.
template <class F>
double mean(row const& y, row const& x, F f) {
  double sum = 0;
  for (std::size_t i = 0; i < y.size(); ++i) sum += f(y[i], x[i]);
  return sum / double(y.size());
}
double clip(double x) { return std::min(std::max(x, 1e-7), 1 - 1e-7); }
double mse(row const& y, row const& x) {
  return mean(y, x, [](double a, double b) { return (b - a) * (b - a); });
}
double mae(row const& y, row const& x) {
  return mean(y, x, [](double a, double b) { return std::abs(b - a); });
}
double mape(row const& y, row const& x) {
  return 100 * mean(y, x, [](double a, double b) { return std::abs(a - b) / std::max(std::abs(a), 1e-7); });
}
double msle(row const& y, row const& x) {
  return mean(y, x, [](double a, double b) {
    double const e = std::log(std::max(b, 1e-7) + 1) - std::log(std::max(a, 1e-7) + 1);
    return e * e;
  });
}
double squared_hinge(row const& y, row const& x) {
  return mean(y, x, [](double a, double b) { return std::pow(std::max(1 - a * b, 0.0), 2); });
}
double hinge(row const& y, row const& x) {
  return mean(y, x, [](double a, double b) { return std::max(1 - a * b, 0.0); });
}
double categorical_hinge(row const& y, row const& x) {
  double right = 0, wrong = -op_test::infinity;
  for (std::size_t i = 0; i < y.size(); ++i) {
    right += y[i] * x[i];
    wrong = std::max(wrong, (1 - y[i]) * x[i]);
  }
  return std::max(0.0, wrong - right + 1);
}
double logcosh(row const& y, row const& x) {
  return mean(y, x, [](double a, double b) { return std::log(std::cosh(b - a)); });
}
double poisson(row const& y, row const& x) {
  return mean(y, x, [](double a, double b) { return b - a * std::log(b + 1e-7); });
}
double kld(row const& y, row const& x) {
  return double(y.size()) * mean(y, x, [](double a, double b) {
           a = std::min(std::max(a, 1e-7), 1.0), b = std::min(std::max(b, 1e-7), 1.0);
           return a * std::log(a / b);
         });
}
double cosine(row const& y, row const& x) {
  double yy = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < y.size(); ++i) yy += y[i] * y[i], xx += x[i] * x[i], xy += y[i] * x[i];
  return -xy / std::sqrt(std::max(yy, 1e-12)) / std::sqrt(std::max(xx, 1e-12));
}
double categorical(row const& y, row const& x) {
  double sum = 0, loss = 0;
  for (double v : x) sum += v;
  for (std::size_t i = 0; i < y.size(); ++i) loss -= y[i] * std::log(clip(x[i] / sum));
  return loss;
}
double binary(row const& y, row const& x) {
  return mean(y, x, [](double a, double b) { return -a * std::log(clip(b)) - (1 - a) * std::log(1 - clip(b)); });
}
double sparse(std::size_t y, row const& x) {
  double sum = 0;
  for (double v : x) sum += clip(v);
  return -std::log(clip(x[y]) / sum);
}

using reference = double (*)(row const&, row const&);
constexpr reference references[] = {mse,     mae,     mape, msle,   squared_hinge, hinge, categorical_hinge,
                                    logcosh, poisson, kld,  cosine, categorical,   binary};
constexpr auto all_of(auto y, auto x) {
  return tf::fetch(keras::loss<"mse">(y, x), keras::loss<"mae">(y, x), keras::loss<"mape">(y, x),
                   keras::loss<"msle">(y, x), keras::loss<"squared_hinge">(y, x), keras::loss<"hinge">(y, x),
                   keras::loss<"categorical_hinge">(y, x), keras::loss<"logcosh">(y, x), keras::loss<"poisson">(y, x),
                   keras::loss<"kld">(y, x), keras::loss<"cosine">(y, x), keras::loss<"categorical_crossentropy">(y, x),
                   keras::loss<"binary_crossentropy">(y, x));
}
template <class T, class Shape>
void check_all(Shape shape, std::vector<std::array<std::size_t, 2>> sizes) {
  auto const y = tf::placeholder<"y", T>(shape);
  auto const x = tf::placeholder<"x", T>(shape);
  auto const all = all_of(y, x);
  tf::Session sess;
  for (auto const& size : sizes) {
    std::size_t const rows = size[0], columns = size[1];
    CAPTURE(rows);
    CAPTURE(columns);
    row const labels = spread(rows * columns, 0.0, 1.0), outputs = spread(rows * columns, 0.01, 0.99, 9);
    auto const got =
        sess.run(all, y = tensor<T, 2>({rows, columns}, labels), x = tensor<T, 2>({rows, columns}, outputs));
    auto const check = [&](std::size_t which, auto const& values) {
      CAPTURE(which);
      row each;
      for (std::size_t i = 0; i < rows; ++i) {
        row a, b;
        for (std::size_t k = i * columns; k < (i + 1) * columns; ++k)
          a.push_back(double(T(labels[k]))), b.push_back(double(T(outputs[k])));
        each.push_back(references[which](a, b));
      }
      CHECK(same(values, each, std::is_same_v<T, float> ? 1e-4 : 1e-9));
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (check(I, std::get<I>(got)), ...);
    }(std::make_index_sequence<std::size(references)>{});
  }
}
}  // namespace

TEST_CASE("losses: Keras' formulas for each sample, of float and double, of numbers and of symbols") {
  check_all<float>(tf::shape<batch, width>, {{5, 3}, {1, 17}, {0, 4}, {33, 1}});
  check_all<double>(tf::shape<4, 7>, {{4, 7}});
}
TEST_CASE("losses: of numbers at the edges") {
  auto const y = tf::placeholder<"y", double>(tf::shape<tf::dyn, 2>);
  auto const x = tf::placeholder<"x", double>(tf::shape<tf::dyn, 2>);
  tf::Session sess;
  double const nan = op_test::not_a_number, far = 1e3;
  auto const run = [&](auto const& loss, row const& a, row const& b) {
    return sess.run(loss(y, x), y = tensor<double, 2>({a.size() / 2, 2}, a),
                    x = tensor<double, 2>({b.size() / 2, 2}, b));
  };
  // The percentage of nothing is of 1e-7; log(cosh) of large errors does not overflow; rows of nothing are no
  // direction.
  CHECK(same(run(losses::mean_absolute_percentage_error, {0, 1}, {1, 1}), {100 / 1e-7 / 2}));
  CHECK(same(run(losses::logcosh, {0, 0}, {far, -far}), {far - std::log(2.0)}));
  CHECK(same(run(losses::cosine_proximity, {0, 0, 3, 4}, {1, 1, 6, 8}), {0, -1}));
  CHECK(same(run(losses::mean_squared_logarithmic_error, {-3, 0}, {-5, 0}), {0}));
  // Probabilities of 0 and 1 are 1e-7 from there.
  CHECK(same(run(losses::binary_crossentropy, {1, 0}, {0, 1}), {-std::log(1e-7)}, 1e-9));
  CHECK(same(run(losses::categorical_crossentropy, {1, 0, 0, 0}, {0, 2, 0, 0}), {-std::log(1e-7), nan}));
  CHECK(same(run(losses::kullback_leibler_divergence, {1, 0}, {0, 1}), {-std::log(1e-7) + 1e-7 * std::log(1e-7)}));
  for (double const at : op_test::flat(run(losses::binary_crossentropy, {1, 0, 1, 0}, {nan, 0.5, 0.5, nan})))
    CHECK(std::isnan(at));
  CHECK(std::isnan(op_test::flat(run(losses::mean_squared_error, {1, 0}, {nan, 0}))[0]));
  CHECK(std::isnan(op_test::flat(run(losses::categorical_hinge, {1, 0}, {nan, 0}))[0]));
}
TEST_CASE("losses: sparse categorical crossentropy of classes") {
  auto const y = tf::placeholder<"y", std::int64_t>(tf::shape<batch>);
  auto const column = tf::placeholder<"column", int>(tf::shape<batch, 1>);
  auto const open = tf::placeholder<"open", float>(tf::shape<batch, tf::dyn>);
  auto const x = tf::placeholder<"x", double>(tf::shape<batch, width>);
  auto const loss = keras::loss<"sparse_categorical_crossentropy">;
  auto const all = tf::fetch(loss(y, x), loss(column, x), loss(open, x));
  tf::Session sess;
  auto const run = [&](std::vector<std::int64_t> const& classes) {
    return sess.run(all, y = classes, column = {{1}, {0}}, open = {{1.0f}, {0.0f}},
                    x = {{0.25, 0.5, 1.5}, {0.0, 1.0, 0.0}});
  };
  auto const got = run({1, 0});
  std::vector<double> const expected{sparse(1, {0.25, 0.5, 1.5}), sparse(0, {0, 1, 0})};
  CHECK(same(std::get<0>(got), expected, 1e-12));
  CHECK(same(std::get<1>(got), expected, 1e-12));
  CHECK(same(std::get<2>(got), expected, 1e-12));
  CHECK(refusal([&] { run({3, 0}); }).find("outside the valid range of [0, 3)") != std::string::npos);
  CHECK(refusal([&] { run({0, -1}); }).find("label value of -1") != std::string::npos);
  CHECK(refusal([&] { run({0, 1, 2}); }) != "");
  // Each time step of each sample has a class.
  auto const steps = tf::placeholder<"steps", std::int64_t>(tf::shape<1, 2>);
  auto const z = tf::placeholder<"z", double>(tf::shape<1, 2, 3>);
  CHECK(same(sess.run(loss(steps, z), steps = {{1, 0}}, z = {{{0.25, 0.5, 1.5}, {0.0, 1.0, 0.0}}}), expected, 1e-12));
}
TEST_CASE("losses: labels of whole numbers and bool, and of every rank") {
  auto const y = tf::placeholder<"y", int>(tf::shape<2, 2>);
  auto const b = tf::placeholder<"b", bool>(tf::shape<2, 2>);
  auto const x = tf::placeholder<"x", float>(tf::shape<2, 2>);
  tf::Session sess;
  auto const [first, second] =
      sess.run(tf::fetch(keras::loss<"mae">(y, x), keras::loss<"binary_crossentropy">(b, x)), y = {{1, 0}, {1, 1}},
               b = {{true, false}, {true, true}}, x = {{0.5f, 0.5f}, {1, 0.5f}});
  CHECK(same(first, {0.5, 0.25}));
  CHECK(same(second, {std::log(2), std::log(2) / 2}, 1e-6));
  auto const v = tf::placeholder<"v", float>(tf::shape<batch>);
  CHECK(sess.run(keras::loss<"mse">(v, v * 2.0f), v = {1, 2, 3}) == doctest::Approx(14.0 / 3));
  auto const t = tf::placeholder<"t", float>(tf::shape<1, 2, 2>);
  auto const of_steps = sess.run(keras::loss<"mse">(t, t * 2.0f), t = {{{1, 2}, {3, 4}}});
  static_assert(std::is_same_v<decltype(keras::loss<"mse">(t, t))::shape_type, tf::shape_t<1, 2>>);
  CHECK(same(of_steps, {2.5, 12.5}));
}
TEST_CASE("losses: extents that a run finds must agree") {
  auto const y = tf::placeholder<"y", float>(tf::shape<tf::dyn, tf::dyn>);
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dyn, tf::dyn>);
  auto const late = tf::placeholder<"late", float>();
  tf::Session sess;
  auto const run = [&](auto const& loss) {
    sess.run(loss, y = tensor<float, 2>({1, 2}, {1, 2}), x = tensor<float, 2>({1, 3}, {1, 2, 3}));
  };
  CHECK(refusal([&] { run(keras::loss<"mse">(y, x)); }) != "");
  CHECK(refusal([&] { run(keras::loss<"categorical_crossentropy">(y, tf::nn::softmax(x))); }) != "");
  CHECK(same(sess.run(keras::loss<"mse">(late, x), late = tensor<float, 2>({1, 2}, {1, 2}), x = {{2, 4}}), {2.5}));
}
TEST_CASE("losses: what labels each wants") {
  constexpr tf::dims output{2, {-1, 10}};
  using sparse_loss = std::remove_const_t<decltype(keras::loss<"sparse_categorical_crossentropy">)>;
  using mse_loss = std::remove_const_t<decltype(keras::loss<"mse">)>;
  static_assert(keras::labels_of<mse_loss>(output) == output);
  static_assert(keras::labels_of<sparse_loss>(output) == tf::dims{1, {-1}});
  static_assert(keras::labels_type<mse_loss>(tf::dtype::float64) == tf::dtype::float64);
  static_assert(keras::labels_type<sparse_loss>(tf::dtype::float32) == tf::dtype::int64);
  auto const own = [](auto y, auto x) { return tf::reduce_mean(y * x, tf::axis<-1>); };
  static_assert(keras::labels_of<decltype(own)>(output) == output);
  CHECK(keras::labels_type<decltype(own)>(tf::dtype::float32) == tf::dtype::float32);
}
TEST_CASE("losses: gradients, forward and of second order") {
  auto const y = tf::constant<"y">({{0.25, 0.625, 0.125}, {0.5, 0.125, 0.375}});
  auto const classes = tf::constant<"classes">({2, 0});
  auto const at = spread(6, 0.1, 0.9);
  op_test::check_gradient(
      tf::shape<tf::dyn, 3>, std::array<std::size_t, 2>{2, 3}, at,
      [&](auto x) { return losses::mean_squared_error(y, x); },
      [&](auto x) { return losses::mean_absolute_error(y, x); },
      [&](auto x) { return losses::mean_absolute_percentage_error(y, x); },
      [&](auto x) { return losses::mean_squared_logarithmic_error(y, x); },
      [&](auto x) { return losses::logcosh(y, x); }, [&](auto x) { return losses::poisson(y, x); },
      [&](auto x) { return losses::cosine_proximity(y, x); });
  op_test::check_gradient(
      tf::shape<2, 3>, std::array<std::size_t, 2>{2, 3}, at, [&](auto x) { return losses::hinge(y, x); },
      [&](auto x) { return losses::squared_hinge(y, x); }, [&](auto x) { return losses::categorical_hinge(y, x); },
      [&](auto x) { return losses::categorical_crossentropy(y, x); },
      [&](auto x) { return losses::binary_crossentropy(y, x); },
      [&](auto x) { return losses::sparse_categorical_crossentropy(classes, x); },
      [&](auto x) { return losses::kullback_leibler_divergence(y, x); });
  op_test::check_gradient(
      tf::shape<tf::dyn, 3>, std::array<std::size_t, 2>{2, 3}, at,
      [&](auto z) { return losses::categorical_crossentropy(y, tf::nn::softmax(z)); },
      [&](auto z) { return losses::binary_crossentropy(y, tf::sigmoid(z)); },
      [&](auto z) { return losses::sparse_categorical_crossentropy(classes, tf::nn::softmax(z)); });
}
