// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>
#include <tfx/keras/layers/activation.hpp>
#include <tfx/keras/layers/add.hpp>
#include <tfx/keras/layers/concatenate.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/dropout.hpp>
#include <tfx/keras/layers/embedding.hpp>
#include <tfx/keras/layers/lambda.hpp>
#include <tfx/keras/layers/masking.hpp>
#include <tfx/keras/metrics.hpp>
#include <tfx/keras/optimizers/sgd.hpp>
#include <tfx/keras/trainer.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using op_test::flat;
using op_test::same;
using op_test::tensor;

namespace {
constexpr auto batch = tf::dim<"batch">;
constexpr auto length = tf::dim<"time">;

template <class X>
constexpr bool has_none(X const& x) {
  return std::is_same_v<std::remove_cvref_t<decltype(keras::mask_of(x))>, keras::no_mask_t>;
}
/// The mask of a model's only loss, by hand: Σ mask · score / mean(mask) over all steps.
double masked_mean(std::vector<double> const& scores, std::vector<bool> const& counts) {
  double sum = 0, counted = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) sum += counts[i] ? scores[i] : 0, counted += counts[i];
  return sum / counted;
}
}  // namespace

TEST_CASE("masks: masking and embedding make them") {
  auto const x = keras::Input<"x">(tf::shape<length, 2>);
  auto const ids = keras::Input<"ids", std::int64_t>(tf::shape<length>);
  auto const y = layers::Masking()(x);
  auto const other = layers::Masking<"other">(-1.0)(x);
  auto const words = layers::Embedding<5, 2>(keras::mask_zero<true>)(ids);
  auto const plain = layers::Embedding<5, 2, "plain">()(ids);
  static_assert(keras::has_mask<decltype(y)> && !keras::has_mask<decltype(x)> && !keras::has_mask<decltype(plain)>);
  static_assert(has_none(x) && has_none(plain));
  auto const mask = keras::mask_of(y);
  static_assert(std::is_same_v<decltype(mask)::value_type, bool>);
  static_assert(std::is_same_v<decltype(mask)::shape_type, tf::shape_t<batch, length>>);
  tf::Session sess;
  auto const [value, steps, of_other, other_steps, of_words] =
      sess.run(tf::fetch(y, mask, other, keras::mask_of(other), keras::mask_of(words)),
               x = tensor<float, 3>({2, 2, 2}, {1, 0, 0, 0, -1, -1, 0, 3}), ids = {{1, 0}, {0, 4}});
  CHECK(same(value, {1, 0, 0, 0, -1, -1, 0, 3}));
  CHECK(same(steps, {1, 0, 1, 1}));
  CHECK(same(of_other, {1, 0, 0, 0, 0, 0, 0, 3}));
  CHECK(same(other_steps, {1, 1, 0, 1}));
  CHECK(same(of_words, {1, 0, 0, 1}));
}

TEST_CASE("masks: layers pass them on, join them or end them") {
  auto const x = keras::Input<"x">(tf::shape<3, 2>);
  auto const z = keras::Input<"z">(tf::shape<3, 2>);
  auto const a = layers::Masking<"a">()(x);
  auto const b = layers::Masking<"b">()(z);
  auto const far = layers::Dropout(0.5)(layers::Activation(keras::activation<"tanh">)(layers::Dense<4>()(a)));
  auto const sum = layers::add(a, b);
  auto const half = layers::Add<"half">()(x, b);
  auto const beside = layers::concatenate(a, b);
  auto const behind = layers::Concatenate<"behind">(tf::axis<1>)(a, z);
  CHECK(has_none(layers::Lambda([](auto each) { return tf::square(each); })(a)));
  CHECK(has_none(tf::square(a)));
  static_assert(std::is_same_v<decltype(keras::mask_of(behind))::shape_type, tf::shape_t<batch, 6>>);
  tf::Session sess;
  auto const got = sess.run(tf::fetch(keras::mask_of(far), keras::mask_of(sum), keras::mask_of(half),
                                      keras::mask_of(beside), keras::mask_of(behind)),
                            x = tensor<float, 3>({1, 3, 2}, {1, 0, 0, 0, 1, 1}),
                            z = tensor<float, 3>({1, 3, 2}, {0, 0, 2, 0, 1, 1}));
  CHECK(same(std::get<0>(got), {1, 0, 1}));
  CHECK(same(std::get<1>(got), {0, 0, 1}));
  CHECK(same(std::get<2>(got), {0, 1, 1}));
  CHECK(same(std::get<3>(got), {0, 0, 1}));
  CHECK(same(std::get<4>(got), {1, 0, 1, 1, 1, 1}));
}

TEST_CASE("masks: a masked layer has no more weights, and the loss counts steps that count") {
  auto const make = [] {
    auto const x = keras::Input<"x">(tf::shape<length, 2>);
    return keras::Model(x, layers::Dense<1>(keras::kernel_initializer = tf::ones_initializer())(layers::Masking()(x)));
  };
  auto model = make();
  static_assert(decltype(model)::parameter_count == 3);
  CHECK(std::tuple_size_v<decltype(model.get_weights())> == 2);
  CHECK(model.summary().find("masking") != std::string::npos);
  auto trainer = model.compile(keras::optimizers::SGD(0.01), keras::loss<"mse">, keras::metrics<"mae">);
  auto const xs = tensor<float, 3>({2, 3, 2}, {1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 5, 6});
  auto const ys = tensor<float, 3>({2, 3, 1}, {1, 7, 2, 8, 9, 3});
  std::vector<bool> const counts{true, false, true, false, false, true};
  auto const [loss, mae] = trainer.evaluate(xs, ys, {.verbose = 0});
  CHECK(loss == doctest::Approx(masked_mean({4, 49, 25, 64, 81, 64}, counts)));
  CHECK(mae == doctest::Approx(masked_mean({2, 7, 5, 8, 9, 8}, counts)));
  // What masked steps are to be changes nothing.
  auto const others = tensor<float, 3>({2, 3, 1}, {1, -70, 2, -80, -90, 3});
  auto again = make();
  auto second = again.compile(keras::optimizers::SGD(0.01), keras::loss<"mse">, keras::metrics<"mae">);
  trainer.train_on_batch(xs, ys);
  second.train_on_batch(xs, others);
  CHECK(same(std::get<0>(model.get_weights()), flat(std::get<0>(again.get_weights()))));
  CHECK(std::get<0>(model.get_weights())(0, 0) != 1.0f);
  // Rows that count differently: the steps' mean of each, times its weight.
  auto const [weighted, unused] =
      trainer.evaluate(xs, ys, {.verbose = 0}, keras::sample_weight = std::vector<float>{1, 0});
  static_cast<void>(unused);
  auto const predicted = model.predict(xs);
  double const e0 = predicted(0, 0, 0) - 1, e2 = predicted(0, 2, 0) - 2;
  CHECK(weighted == doctest::Approx((e0 * e0 + e2 * e2) / 0.5 / 3));
}
