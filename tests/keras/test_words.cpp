// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>
#include <tfx/keras/activations.hpp>
#include <tfx/keras/constraints.hpp>
#include <tfx/keras/initializers.hpp>
#include <tfx/keras/losses.hpp>
#include <tfx/keras/metrics.hpp>
#include <tfx/keras/regularizers.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace activations = tfx::keras::activations;
using op_test::same;
using op_test::unary;

namespace {
template <class Kind, tf::name... Word>
constexpr bool are_words = (keras::is_word<Kind, tf::named_as<Word>> && ...);
constexpr auto batch = tf::dim<"batch">;
}  // namespace

TEST_CASE("words: what each kind knows") {
  static_assert(are_words<keras::activation_kind, "linear", "relu", "relu6", "elu", "selu", "softplus", "softsign",
                          "tanh", "sigmoid", "hard_sigmoid", "exponential", "softmax">);
  static_assert(are_words<keras::loss_kind, "mean_squared_error", "mse", "MSE", "mean_absolute_error", "mae", "MAE",
                          "mean_absolute_percentage_error", "mape", "MAPE", "mean_squared_logarithmic_error", "msle",
                          "MSLE", "squared_hinge", "hinge", "categorical_hinge", "logcosh", "categorical_crossentropy",
                          "sparse_categorical_crossentropy", "binary_crossentropy", "bce", "BCE",
                          "kullback_leibler_divergence", "kld", "KLD", "poisson", "cosine_proximity", "cosine">);
  static_assert(are_words<keras::metric_kind, "accuracy", "acc", "crossentropy", "ce", "binary_accuracy",
                          "categorical_accuracy", "sparse_categorical_accuracy", "top_k_categorical_accuracy",
                          "sparse_top_k_categorical_accuracy", "mse", "cosine", "poisson", "bce">);
  static_assert(
      are_words<keras::initializer_kind, "zeros", "ones", "constant", "random_uniform", "uniform", "random_normal",
                "normal", "truncated_normal", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal",
                "lecun_uniform", "lecun_normal", "orthogonal", "identity", "variance_scaling">);
  static_assert(are_words<keras::regularizer_kind, "l1", "l2", "l1_l2">);
  static_assert(are_words<keras::constraint_kind, "max_norm", "non_neg", "unit_norm", "min_max_norm", "MaxNorm">);
  static_assert(!are_words<keras::activation_kind, "rleu"> && !are_words<keras::loss_kind, "accuracy">);
  static_assert(!are_words<keras::metric_kind, "l2"> && !are_words<keras::metric_kind, "">);
}
TEST_CASE("words: are values of empty types, and say how they were spelled") {
  auto const relu = keras::activation<"relu">;
  static_assert(std::is_empty_v<decltype(relu)> && decltype(relu)::name() == "relu");
  static_assert(std::is_empty_v<decltype(keras::loss<"MSE">)> && decltype(keras::loss<"MSE">)::name() == "MSE");
  static_assert(std::is_empty_v<decltype(keras::initializer<"he_normal">)>);
  static_assert(std::is_empty_v<decltype(keras::regularizer<"l2">)>);
  static_assert(std::is_empty_v<decltype(keras::constraint<"max_norm">)>);
  CHECK(decltype(keras::metric<"own">)::name() == "own");
}
TEST_CASE("activations: values and derivatives") {
  op_test::check_unary(
      -3, 3, unary{"linear", [](auto x) { return keras::activation<"linear">(x) * 1.0; }, [](double x) { return x; }},
      unary{"relu", keras::activation<"relu">, [](double x) { return std::max(x, 0.0); }},
      unary{"relu6", [](auto x) { return keras::activation<"relu6">(x * 3.0); },
            [](double x) { return std::min(std::max(3 * x, 0.0), 6.0); }},
      unary{"elu", keras::activation<"elu">, [](double x) { return x < 0 ? std::expm1(x) : x; }},
      unary{"elu with a number", [](auto x) { return activations::elu(x, 0.5); },
            [](double x) { return x < 0 ? 0.5 * std::expm1(x) : x; }},
      unary{"selu", keras::activation<"selu">,
            [](double x) { return 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * std::expm1(x) : x); }},
      unary{"softplus", keras::activation<"softplus">, [](double x) { return std::log1p(std::exp(x)); }},
      unary{"softsign", keras::activation<"softsign">, [](double x) { return x / (std::abs(x) + 1); }},
      unary{"tanh", keras::activation<"tanh">, [](double x) { return std::tanh(x); }});
  op_test::check_unary(
      -3, 3, unary{"sigmoid", keras::activation<"sigmoid">, [](double x) { return 1 / (1 + std::exp(-x)); }},
      unary{"hard_sigmoid", keras::activation<"hard_sigmoid">,
            [](double x) { return std::min(std::max(0.2 * x + 0.5, 0.0), 1.0); }},
      unary{"exponential", keras::activation<"exponential">, [](double x) { return std::exp(x); }},
      unary{"relu with numbers",
            [](auto x) { return activations::relu(x, {.alpha = 0.1, .max_value = 2, .threshold = 1}); },
            [](double x) { return x >= 2  ? 2
                                  : x > 1 ? x
                                          : 0.1 * (x - 1); }},
      unary{"relu with a slope", [](auto x) { return activations::relu(x, {.alpha = 0.25}); },
            [](double x) { return x > 0 ? x : 0.25 * x; }});
}
TEST_CASE("activations: at the edges") {
  double const inf = op_test::infinity;
  auto const x = tf::placeholder<"x", double>(tf::shape<tf::dyn>);
  tf::Session sess;
  auto const run = [&](auto const& f) { return sess.run(f, x = {-inf, -1e3, 1e3, inf}); };
  CHECK(same(run(activations::hard_sigmoid(x)), {0, 0, 1, 1}));
  CHECK(same(run(activations::selu(x)), {-1.7580993408473766, -1.7580993408473766, 1050.7009873554805, inf}, 1e-12));
  CHECK(same(run(activations::elu(x, 2)), {-2, -2, 1e3, inf}));
  CHECK(same(run(activations::relu(x, {.max_value = 5})), {0, 0, 5, 5}));
  CHECK(same(run(activations::relu(x, {})), {0, 0, 1e3, inf}));
}
TEST_CASE("activations: several calls with their own numbers, in functions over handles too") {
  auto const x = tf::placeholder<"x", float>(tf::shape<batch, 2>);
  auto const built = tf::build([](auto h) {
    return activations::relu(h, {.alpha = 0.5}) + activations::elu(h, 0.0) + keras::activation<"selu">(h * 0.0f);
  })(x);
  tf::Session sess;
  auto const [a, b, c, d] =
      sess.run(tf::fetch(activations::relu(x, {.alpha = 0.5}), activations::relu(x, {.alpha = 0.25}), built,
                         keras::activation<"softmax">(x)),
               x = {{-1, 1}});
  CHECK(same(a, {-0.5, 1}));
  CHECK(same(b, {-0.25, 1}));
  CHECK(same(c, {-0.5, 2}));
  CHECK(same(d, {1 / (1 + std::exp(2.0)), 1 / (1 + std::exp(-2.0))}));
}
TEST_CASE("initializers: words begin weights as Keras says") {
  auto const shape = tf::shape<60, 50>;
  auto const all = std::tuple(tf::get_variable<"z">(shape, keras::initializer<"zeros">),
                              tf::get_variable<"o">(shape, keras::initializer<"ones">),
                              tf::get_variable<"u">(shape, keras::initializer<"random_uniform">),
                              tf::get_variable<"n">(shape, keras::initializer<"normal">),
                              tf::get_variable<"t">(shape, keras::initializer<"truncated_normal">),
                              tf::get_variable<"g">(shape, keras::initializer<"glorot_uniform">),
                              tf::get_variable<"h">(shape, keras::initializer<"he_normal">),
                              tf::get_variable<"l", double>(shape, keras::initializer<"lecun_uniform">),
                              tf::get_variable<"v">(shape, keras::initializer<"variance_scaling">),
                              tf::get_variable<"q">(tf::shape<4, 3>, keras::initializer<"orthogonal">),
                              tf::get_variable<"i">(tf::shape<3, 3>, keras::initializer<"identity">),
                              tf::get_variable<"c">(tf::shape<2>, keras::initializer<"constant">));
  tf::Session sess;
  sess.run(std::apply([](auto const&... v) { return tf::global_variables_initializer(v...); }, all));
  auto const got = std::get<0>(sess.run(tf::fetch(all)));
  struct moments {
    double mean = 0, deviation = 0, most = 0;
  };
  auto const of = [](auto const& values) {
    moments m;
    for (double const v : op_test::flat(values))
      m.mean += v / 3000, m.deviation += v * v / 3000, m.most = std::max(m.most, std::abs(v));
    m.deviation = std::sqrt(m.deviation);
    return m;
  };
  auto const check = [&](auto const& values, double deviation, double most) {
    moments const m = of(values);
    CHECK(std::abs(m.mean) < deviation / 10);
    CHECK(m.deviation == doctest::Approx(deviation).epsilon(0.06));
    CHECK(m.most <= most);
  };
  CHECK(of(std::get<0>(got)).most == 0);
  CHECK(of(std::get<1>(got)).mean == doctest::Approx(1));
  check(std::get<2>(got), 0.05 / std::sqrt(3), 0.05);
  check(std::get<3>(got), 0.05, 1);
  check(std::get<4>(got), 0.05 * 0.8796, 0.1001);
  check(std::get<5>(got), std::sqrt(2.0 / 110), std::sqrt(6.0 / 110) * 1.0001);
  check(std::get<6>(got), std::sqrt(2.0 / 60), 1);
  check(std::get<7>(got), std::sqrt(1.0 / 60), std::sqrt(3.0 / 60));
  check(std::get<8>(got), std::sqrt(1.0 / 60), 1);
  auto const& q = std::get<9>(got);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t k = 0; k < 3; ++k) {
      double dot = 0;
      for (std::size_t r = 0; r < 4; ++r) dot += double(q(r, i)) * double(q(r, k));
      CHECK(std::abs(dot - (i == k)) < 1e-5);
    }
  CHECK(same(std::get<10>(got), {1, 0, 0, 0, 1, 0, 0, 0, 1}));
  CHECK(same(std::get<11>(got), {0, 0}));
}
TEST_CASE("initializers: inside functions over handles, and with Keras' own numbers") {
  auto const x = tf::placeholder<"x", float>(tf::shape<1>);
  auto const sum = tf::build([](auto h) {
    return h * tf::reduce_sum(tf::get_variable("w", {2, 3}, keras::initializer<"ones">)) +
           tf::reduce_sum(tf::get_variable("b", {4}, keras::initializers::Constant(0.5)));
  })(x);
  auto const r = tf::variable<"r">(keras::initializers::RandomUniform(1.0, 1.5)(tf::shape<8>));
  auto const n = tf::get_variable<"n">(tf::shape<8>, keras::initializers::RandomNormal(7.0, 0.0, tf::seed(3)));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(sum, r, n));
  auto const [a, b, c] = sess.run(tf::fetch(sum, r, n), x = {2});
  CHECK(same(a, {14}));
  for (double const v : op_test::flat(b)) CHECK((v >= 1 && v < 1.5));
  CHECK(same(c, std::vector<double>(8, 7)));
}
TEST_CASE("regularizers: words have scales of 0.01") {
  auto const w = tf::placeholder<"w", double>(tf::shape<tf::dyn>);
  tf::Session sess;
  auto const [a, b, c, d] =
      sess.run(tf::fetch(keras::regularizer<"l1">(w), keras::regularizer<"l2">(w), keras::regularizer<"l1_l2">(w),
                         keras::regularizers::l1_l2(1.0, 10.0)(w * 2.0)),
               w = {1, -2, 3});
  CHECK(a == doctest::Approx(0.06));
  CHECK(b == doctest::Approx(0.14));
  CHECK(c == doctest::Approx(0.2));
  CHECK(d == doctest::Approx(572));
  auto const built = tf::build([](auto x) { return keras::regularizer<"l2">(x); })(w);
  CHECK(sess.run(built, w = {10}) == doctest::Approx(1));
}
