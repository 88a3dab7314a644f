// SPDX-License-Identifier: Apache-2.0
#include <support/slopes.hpp>
#include <tfx/keras/layers/elu.hpp>
#include <tfx/keras/layers/leaky_relu.hpp>
#include <tfx/keras/layers/prelu.hpp>
#include <tfx/keras/layers/relu.hpp>
#include <tfx/keras/layers/softmax.hpp>
#include <tfx/keras/layers/thresholded_relu.hpp>
#include <tfx/keras/model.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using op_test::check_gradient;
using op_test::check_slopes;
using op_test::in_use;
using op_test::infinity;
using op_test::layer_name;
using op_test::not_a_number;
using op_test::refusal;
using op_test::same;
using op_test::spread;
using op_test::tensor;

namespace {
constexpr auto batch = tf::dim<"batch">;

template <class T>
void check_values(std::vector<double> const& values) {
  auto const x = keras::Input<"x", T>(tf::shape<1>);
  auto const all = tf::fetch(
      layers::LeakyReLU()(x), layers::LeakyReLU<"steep">(2.0)(x), layers::ELU()(x), layers::ELU<"half">(0.5)(x),
      layers::ThresholdedReLU()(x), layers::ThresholdedReLU<"low">(-1.0)(x), layers::ReLU()(x),
      layers::ReLU<"all">(keras::max_value = 2.0, keras::negative_slope = 0.1, keras::threshold = 0.5)(x));
  double (*const references[])(double) = {
      [](double v) { return v > 0 ? v : 0.3 * v; },
      [](double v) { return v > 0 ? v : 2 * v; },
      [](double v) { return v > 0 ? v : std::expm1(v); },
      [](double v) { return v > 0 ? v : 0.5 * std::expm1(v); },
      [](double v) { return v * (v > 1 ? 1.0 : 0.0); },
      [](double v) { return v * (v > -1 ? 1.0 : 0.0); },
      [](double v) { return std::isnan(v) ? v : std::max(v, 0.0); },
      [](double v) {
        return std::isnan(v) ? v : v >= 2 ? 2 : v > 0.5 ? v : 0.1 * (v - 0.5);
      },
  };
  tf::Session sess;
  auto const results = sess.run(all, x = tensor<T, 2>({values.size(), 1}, values));
  auto const check = [&](std::size_t which, auto const& got) {
    CAPTURE(which);
    std::vector<double> expected;
    for (double const v : values) expected.push_back(references[which](double(T(v))));
    CHECK(same(got, expected, std::is_same_v<T, float> ? 1e-6 : 1e-12));
  };
  std::apply(
      [&](auto const&... got) {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
          (check(I, got), ...);
        }(std::index_sequence_for<decltype(got)...>{});
      },
      results);
}
}  // namespace

TEST_CASE("advanced activations: values") {
  std::vector<double> values = spread(33, -3, 3);
  for (double const special : {0.0, 1.0, 2.0, infinity, not_a_number}) values.push_back(special);
  check_values<float>(values);
  values.push_back(-infinity);
  values.pop_back();
  check_values<double>(values);
}

TEST_CASE("advanced activations: derivatives") {
  check_gradient(
      tf::shape<batch, 4>, std::array<std::size_t, 2>{3, 4}, spread(12, -3, 3),
      [](auto x) { return layers::LeakyReLU()(x); }, [](auto x) { return layers::ELU(0.5)(x); },
      [](auto x) { return layers::ThresholdedReLU()(x); },
      [](auto x) {
        return layers::ReLU(keras::max_value = 2.0, keras::negative_slope = 0.1, keras::threshold = 0.5)(x);
      },
      [](auto x) { return layers::Softmax()(x); });
}

TEST_CASE("softmax layer: along any axis") {
  auto const x = keras::Input<"x", double>(tf::shape<2, 2>);
  tf::Session sess;
  auto const [last, first] = sess.run(tf::fetch(layers::Softmax()(x), layers::Softmax<"rows">(tf::axis<1>)(x)),
                                      x = tensor<double, 3>({1, 2, 2}, {0, std::log(3.0), 0, 0}));
  CHECK(same(last, {0.25, 0.75, 0.5, 0.5}));
  CHECK(same(first, {0.5, 0.75, 0.5, 0.25}));
}

TEST_CASE("prelu: alpha is a weight of a row's shape, or shared") {
  auto const x = keras::Input<"x", double>(tf::shape<2, 3>);
  auto const own = layers::PReLU()(x);
  auto const shared = layers::PReLU<"shared">(keras::shared_axes<1>)(x);
  CHECK(layer_name(own) == "p_re_lu");
  auto const alpha = tf::get_variable<"p_re_lu/alpha", double>(tf::shape<2, 3>, tf::zeros_initializer());
  auto const one = tf::get_variable<"shared/alpha", double>(tf::shape<1, 3>, tf::zeros_initializer());
  tf::Session sess;
  auto const at = tensor<double, 3>({2, 2, 3}, spread(12, -2, 2));
  auto const slope = tensor<double, 2>({2, 3}, spread(6, 0.1, 0.9, 5));
  auto const few = tensor<double, 2>({1, 3}, {0.1, 0.5, 2});
  auto const [a, b] = sess.run(tf::fetch(own, shared), x = at, alpha = slope, one = few);
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t k = 0; k < 2; ++k)
      for (std::size_t c = 0; c < 3; ++c) {
        double const v = at(i, k, c);
        CHECK(op_test::near(a(i, k, c), v > 0 ? v : slope(k, c) * v, 1e-12));
        CHECK(op_test::near(b(i, k, c), v > 0 ? v : few(0, c) * v, 1e-12));
      }
  check_slopes(sess, in_use, own, std::tuple(x, alpha), at, slope);
  check_slopes(sess, in_use, shared, std::tuple(x, one), at, few);

  auto const open = keras::Input<"open">(tf::shape<tf::dim<"time">, 4>);
  auto const model = keras::Model(
      open, layers::PReLU(keras::shared_axes<1>, keras::alpha_initializer = tf::constant_initializer(0.25))(open));
  static_assert(decltype(model)::parameter_count == 4);
  CHECK(same(model.predict(tensor<float, 3>({1, 1, 4}, {-4, 4, -8, 8})), {-1, 4, -2, 8}));
}

TEST_CASE("relu layer: refuses a negative largest value or slope") {
  auto const x = keras::Input(tf::shape<1>);
  CHECK(refusal([&] { layers::ReLU(keras::max_value = -1.0)(x); }).find("max_value") != std::string::npos);
  CHECK(refusal([&] { layers::ReLU(keras::negative_slope = -1.0)(x); }).find("negative_slope") != std::string::npos);
}
