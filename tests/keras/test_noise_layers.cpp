// SPDX-License-Identifier: Apache-2.0
#include <support/slopes.hpp>
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/alpha_dropout.hpp>
#include <tfx/keras/layers/dropout.hpp>
#include <tfx/keras/layers/gaussian_dropout.hpp>
#include <tfx/keras/layers/gaussian_noise.hpp>
#include <tfx/keras/layers/spatial_dropout.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using op_test::flat;
using op_test::layer_name;
using op_test::near;
using op_test::refusal;
using op_test::same;
using op_test::spread;
using op_test::tensor;

namespace {
constexpr auto batch = tf::dim<"batch">;
}  // namespace

TEST_CASE("noise layers: Keras' formulas of the same random numbers, and nothing in use") {
  auto const x = keras::Input<"x", double>(tf::shape<3>);
  auto const normal = tf::random_normal<double>(tf::shape<batch, 3>, tf::seed(7));
  auto const uniform = tf::random_uniform<double>(tf::shape<batch, 3>, tf::seed(7));
  auto const column = tf::random_uniform<double>(tf::shape<batch, 1>, tf::seed(7));
  auto const noise = layers::GaussianNoise(0.5, tf::seed(7))(x);
  auto const gaussian = layers::GaussianDropout(0.2, tf::seed(7))(x);
  auto const alpha = layers::AlphaDropout(0.25, tf::seed(7))(x);
  auto const together = layers::AlphaDropout<"together">(0.25, tf::seed(7), keras::noise_shape<-1, 1>)(x);
  auto const dropped = layers::Dropout(0.25, tf::seed(7))(x);
  CHECK(layer_name(noise) == "gaussian_noise");
  CHECK(layer_name(gaussian) == "gaussian_dropout");
  CHECK(layer_name(alpha) == "alpha_dropout");
  tf::Session sess;
  auto const at = tensor<double, 2>({5, 3}, spread(15, -2, 2));
  auto const got =
      sess.run(tf::fetch(keras::in_training(noise), keras::in_training(gaussian), keras::in_training(alpha),
                         keras::in_training(dropped), keras::in_training(together), normal, uniform, column),
               x = at);
  std::vector<double> added, times, with_alpha, kept, in_rows;
  double const least = -1.7580993408473766, rate = 0.25;
  double const a = std::pow((1 - rate) * (1 + rate * least * least), -0.5), b = -a * least * rate;
  for (std::size_t i = 0; i < 15; ++i) {
    double const v = at.data()[i], n = std::get<5>(got).data()[i], u = std::get<6>(got).data()[i];
    added.push_back(v + 0.5 * n);
    times.push_back(v * (1 + std::sqrt(0.2 / 0.8) * n));
    with_alpha.push_back(a * (u >= rate ? v : least) + b);
    kept.push_back(std::floor(0.75 + u) * v / 0.75);
    in_rows.push_back(a * (std::get<7>(got).data()[i / 3] >= rate ? v : least) + b);
  }
  CHECK(same(std::get<0>(got), added, 1e-12));
  CHECK(same(std::get<1>(got), times, 1e-12));
  CHECK(same(std::get<2>(got), with_alpha, 1e-12));
  CHECK(same(std::get<3>(got), kept, 1e-12));
  CHECK(same(std::get<4>(got), in_rows, 1e-12));
  auto const used = sess.run(tf::fetch(noise, gaussian, alpha, dropped), x = at);
  std::apply([&](auto const&... each) { (CHECK(same(each, flat(at))), ...); }, used);
}

TEST_CASE("noise layers: derivatives of a run see its noise") {
  auto const x = keras::Input<"x", double>(tf::shape<4>);
  auto const gaussian = keras::in_training(layers::GaussianDropout(0.2)(x));
  auto const noise = keras::in_training(layers::GaussianNoise(0.2)(x));
  auto const alpha = keras::in_training(layers::AlphaDropout(0.5)(x));
  auto const dropped = keras::in_training(layers::Dropout(0.5)(x));
  auto const slope = [&](auto const& y) { return std::get<0>(tf::gradients(y, x)); };
  tf::Session sess;
  auto const at = tensor<double, 2>({3, 4}, spread(12, 1, 2));
  auto const got = sess.run(
      tf::fetch(gaussian, slope(gaussian), slope(noise), alpha, slope(alpha), dropped, slope(dropped)), x = at);
  double const least = -1.7580993408473766, a = 1 / std::sqrt(0.5 * (1 + 0.5 * least * least));
  double const b = -a * least * 0.5;
  for (std::size_t i = 0; i < 12; ++i) {
    double const v = at.data()[i];
    CHECK(near(std::get<1>(got).data()[i], std::get<0>(got).data()[i] / v, 1e-9));
    CHECK(std::get<2>(got).data()[i] == 1);
    bool const is_dropped = near(std::get<3>(got).data()[i], a * least + b, 1e-9);
    CHECK(near(std::get<4>(got).data()[i], is_dropped ? 0 : a, 1e-9));
    CHECK(near(std::get<6>(got).data()[i], std::get<5>(got).data()[i] / v, 1e-9));
  }
}

TEST_CASE("noise layers: each call of a layer draws its own numbers") {
  auto const x = keras::Input<"x", double>(tf::shape<64>);
  auto const y = keras::Input<"y", double>(tf::shape<64>);
  auto const shared = layers::GaussianNoise<"shared">(1.0);
  auto const dropout = layers::Dropout<"drop">(0.5);
  tf::Session sess;
  xt::xtensor<double, 2> const ones = xt::ones<double>({1, 64});
  auto const [a, b, c, d] = sess.run(tf::fetch(keras::in_training(shared(x)), keras::in_training(shared(y)),
                                               keras::in_training(dropout(x)), keras::in_training(dropout(y))),
                                     x = ones, y = ones);
  CHECK_FALSE(same(a, flat(b)));
  CHECK_FALSE(same(c, flat(d)));
  auto const again = sess.run(keras::in_training(shared(x)), x = ones);
  CHECK_FALSE(same(a, flat(again)));
}

TEST_CASE("noise layers: beside what only a run knows the extents of") {
  auto const x = keras::Input<"x", double>(tf::shape<tf::dyn, 2>);
  auto const steps = layers::AlphaDropout(0.5, keras::noise_shape<-1, -1, 1>)(x);
  tf::Session sess;
  auto const ones = xt::xtensor<double, 3>(xt::ones<double>({1, 40, 2}));
  auto const [noise, times, alpha, kept] = sess.run(
      tf::fetch(keras::in_training(layers::GaussianNoise(1.0)(x)), keras::in_training(layers::GaussianDropout(0.5)(x)),
                keras::in_training(steps), keras::in_training(layers::Dropout(0.5, keras::noise_shape<-1, 1, -1>)(x))),
      x = ones);
  CHECK_FALSE(same(noise, flat(times)));
  std::size_t dropped = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    CHECK(alpha(0, i, 0) == alpha(0, i, 1));
    CHECK(kept(0, i, 0) == kept(0, 0, 0));
    dropped += alpha(0, i, 0) < 0;
  }
  CHECK(dropped > 5);
  CHECK(dropped < 35);
}

TEST_CASE("dropout: what stands together is dropped together") {
  auto const x = keras::Input<"x">(tf::shape<5, 8>);
  auto const image = keras::Input<"image">(tf::shape<3, 4, 8>);
  auto const volume = keras::Input<"volume">(tf::shape<2, 2, 2, 8>);
  auto const one = layers::SpatialDropout1D(0.5)(x);
  auto const two = layers::SpatialDropout2D(0.5)(image);
  auto const three = layers::SpatialDropout3D(0.5)(volume);
  auto const steps = layers::Dropout(0.5, keras::noise_shape<-1, 5, 1>)(x);
  CHECK(layer_name(one) == "spatial_dropout1d");
  tf::Session sess;
  auto const [a, b, c, d] = sess.run(
      tf::fetch(keras::in_training(one), keras::in_training(two), keras::in_training(three), keras::in_training(steps)),
      x = xt::xtensor<float, 3>(xt::ones<float>({4, 5, 8})),
      image = xt::xtensor<float, 4>(xt::ones<float>({4, 3, 4, 8})),
      volume = xt::xtensor<float, 5>(xt::ones<float>({4, 2, 2, 2, 8})));
  auto const check_maps = [](auto const& y) {
    std::size_t const channels = 8, inner = y.size() / 4 / channels;
    std::size_t dropped = 0;
    for (std::size_t row = 0; row < 4; ++row)
      for (std::size_t k = 0; k < channels; ++k) {
        float const first = y.data()[row * inner * channels + k];
        bool const is_valid = first == 0 || first == 2;
        CHECK(is_valid);
        dropped += first == 0;
        for (std::size_t i = 0; i < inner; ++i) CHECK(y.data()[(row * inner + i) * channels + k] == first);
      }
    CHECK(dropped > 4);
    CHECK(dropped < 28);
  };
  check_maps(a);
  check_maps(b);
  check_maps(c);
  for (std::size_t i = 0; i < d.size(); ++i) CHECK(d.data()[i] == d.data()[i / 8 * 8]);
}

TEST_CASE("noise layers: rates and deviations out of range are refused, a rate of 0 changes nothing") {
  CHECK(refusal([] { layers::Dropout(1.0); }).find("rate") != std::string::npos);
  CHECK(refusal([] { layers::Dropout(-0.1); }).find("-0.1") != std::string::npos);
  CHECK(refusal([] { layers::SpatialDropout2D(1.5); }).find("1.5") != std::string::npos);
  CHECK(refusal([] { layers::GaussianDropout(op_test::not_a_number); }).find("rate") != std::string::npos);
  CHECK(refusal([] { layers::AlphaDropout(2); }).find("rate") != std::string::npos);
  CHECK(refusal([] { layers::GaussianNoise(-1); }).find("stddev") != std::string::npos);
  auto const x = keras::Input<"x", double>(tf::shape<3>);
  tf::Session sess;
  auto const got = sess.run(
      tf::fetch(keras::in_training(layers::Dropout(0)(x)), keras::in_training(layers::GaussianDropout(0)(x)),
                keras::in_training(layers::AlphaDropout(0)(x)), keras::in_training(layers::GaussianNoise(0)(x))),
      x = {{1, -2, 3}});
  std::apply([](auto const&... each) { (CHECK(same(each, {1, -2, 3}, 1e-12)), ...); }, got);
}
