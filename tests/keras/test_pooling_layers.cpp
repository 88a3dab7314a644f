// SPDX-License-Identifier: Apache-2.0
// covers: keras/layers/max_pooling keras/layers/average_pooling keras/layers/global_max_pooling
// covers: keras/layers/global_average_pooling keras/layers/pooling_layer
#include <support/layer_test.hpp>
#include <tfx/keras/layers/average_pooling.hpp>
#include <tfx/keras/layers/global_average_pooling.hpp>
#include <tfx/keras/layers/global_max_pooling.hpp>
#include <tfx/keras/layers/masking.hpp>
#include <tfx/keras/layers/max_pooling.hpp>
#include <tfx/keras/model.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using layer_test::check_layer, layer_test::extents, layer_test::numbers, layer_test::some;
using op_test::same;

namespace {
/// The largest and the mean of each window of volumes [n, d, h, w, c], as loops.
struct pooled {
  numbers largest, mean;

  pooled(auto const& x, std::array<tf::i64, 5> shape, std::array<tf::window_axis, 3> along) {
    auto const [n, d, h, w, c] = shape;
    tf::i64 const extent[] = {d, h, w};
    tf::i64 places[3], before[3];
    for (int i = 0; i < 3; ++i) {
      places[i] = along[i].places(extent[i]);
      before[i] = along[i].before(extent[i]);
    }
    for (tf::i64 i = 0; i < n; ++i)
      for (tf::i64 z = 0; z < places[0]; ++z)
        for (tf::i64 y = 0; y < places[1]; ++y)
          for (tf::i64 v = 0; v < places[2]; ++v)
            for (tf::i64 channel = 0; channel < c; ++channel) {
              double best = -op_test::infinity, sum = 0;
              int count = 0;
              for (tf::i64 a = 0; a < along[0].size; ++a)
                for (tf::i64 b = 0; b < along[1].size; ++b)
                  for (tf::i64 e = 0; e < along[2].size; ++e) {
                    tf::i64 const pz = z * along[0].stride - before[0] + a, py = y * along[1].stride - before[1] + b,
                                  px = v * along[2].stride - before[2] + e;
                    if (pz < 0 || pz >= d || py < 0 || py >= h || px < 0 || px >= w) continue;
                    double const value = x.data()[(((i * d + pz) * h + py) * w + px) * c + channel];
                    best = std::max(best, value);
                    sum += value;
                    ++count;
                  }
              largest.push_back(best);
              mean.push_back(sum / count);
            }
  }
};
template <class Y>
constexpr tf::dims shape_of_value = std::remove_cvref_t<Y>::shape_type::value;
constexpr auto same_padding = tf::padding_kind::same;
}  // namespace

TEST_CASE("MaxPooling2D and AveragePooling2D: values and gradients") {
  auto const x = keras::Input<"x", double>(tf::shape<5, 4, 2>);
  auto const xs = some<double, 4>({2, 5, 4, 2}, 1);
  pooled const plain(xs, {2, 1, 5, 4, 2}, {{{1, 1, 1}, {2, 2, 1}, {2, 2, 1}}});
  pooled const padded(xs, {2, 1, 5, 4, 2}, {{{1, 1, 1}, {3, 2, 1, same_padding}, {2, 1, 1, same_padding}}});
  auto const fed = std::tuple(x);
  auto const values = std::tuple(xs);
  auto const largest = check_layer(layers::MaxPooling2D<2>()(x), fed, values);
  CHECK(extents(largest) == numbers{2, 2, 2, 2});
  CHECK(same(largest, plain.largest, 1e-12));
  CHECK(same(check_layer(layers::AveragePooling2D<2>()(x), fed, values), plain.mean, 1e-12));
  CHECK(same(check_layer(layers::MaxPooling2D<3, 2>(keras::strides<2, 1>, keras::padding<"same">)(x), fed, values),
             padded.largest, 1e-12));
  CHECK(same(check_layer(layers::AveragePooling2D<3, 2>(keras::strides<2, 1>, keras::padding<"same">)(x), fed, values),
             padded.mean, 1e-12));
}

TEST_CASE("pools of sequences and volumes: values and gradients, of extents that a run brings too") {
  auto const steps = keras::Input<"steps", double>(tf::shape<tf::dim<"time">, 3>);
  for (std::size_t n : {7u, 2u}) {
    auto const xs = some<double, 3>({2, n, 3}, 1);
    pooled const windows(xs, {2, 1, 1, static_cast<tf::i64>(n), 3}, {{{1, 1, 1}, {1, 1, 1}, {3, 2, 1, same_padding}}});
    auto const fed = std::tuple(steps);
    auto const values = std::tuple(xs);
    CHECK(same(check_layer(layers::MaxPooling1D<3>(keras::strides<2>, keras::padding<"same">)(steps), fed, values),
               windows.largest, 1e-12));
    CHECK(same(check_layer(layers::AveragePooling1D<3>(keras::strides<2>, keras::padding<"same">)(steps), fed, values),
               windows.mean, 1e-12));
  }
  auto const volume = keras::Input<"volume", double>(tf::shape<3, 4, 5, 2>);
  auto const xs = some<double, 5>({1, 3, 4, 5, 2}, 2);
  pooled const boxes(xs, {1, 3, 4, 5, 2}, {{{1, 1, 1}, {2, 2, 1}, {3, 3, 1}}});
  CHECK(same(check_layer(layers::MaxPooling3D<1, 2, 3>()(volume), std::tuple(volume), std::tuple(xs)), boxes.largest,
             1e-12));
  CHECK(same(check_layer(layers::AveragePooling3D<1, 2, 3>()(volume), std::tuple(volume), std::tuple(xs)), boxes.mean,
             1e-12));
}

TEST_CASE("global pools: values and gradients") {
  auto const x = keras::Input<"x", double>(tf::shape<tf::dim<"h">, 3, 2>);
  auto const xs = some<double, 4>({2, 4, 3, 2}, 1);
  pooled const all(xs, {2, 1, 4, 3, 2}, {{{1, 1, 1}, {4, 1, 1}, {3, 1, 1}}});
  auto const largest = check_layer(layers::GlobalMaxPooling2D()(x), std::tuple(x), std::tuple(xs));
  CHECK(extents(largest) == numbers{2, 2});
  CHECK(same(largest, all.largest, 1e-12));
  CHECK(same(check_layer(layers::GlobalAveragePooling2D()(x), std::tuple(x), std::tuple(xs)), all.mean, 1e-12));

  auto const steps = keras::Input<"steps", double>(tf::shape<4, 2>);
  auto const volume = keras::Input<"volume", double>(tf::shape<2, 3, 4, 2>);
  auto const short_x = some<double, 3>({1, 4, 2}, 2);
  auto const deep_x = some<double, 5>({1, 2, 3, 4, 2}, 3);
  pooled const of_steps(short_x, {1, 1, 1, 4, 2}, {{{1, 1, 1}, {1, 1, 1}, {4, 1, 1}}});
  pooled const of_volume(deep_x, {1, 2, 3, 4, 2}, {{{2, 1, 1}, {3, 1, 1}, {4, 1, 1}}});
  tf::Session sess;
  auto const [max1, mean1, max3, mean3] =
      sess.run(tf::fetch(layers::GlobalMaxPooling1D()(steps), layers::GlobalAveragePooling1D()(steps),
                         layers::GlobalMaxPooling3D()(volume),
                         layers::GlobalAveragePooling3D(keras::data_format<"channels_last">)(volume)),
               steps = short_x, volume = deep_x);
  CHECK(same(max1, of_steps.largest, 1e-12));
  CHECK(same(mean1, of_steps.mean, 1e-12));
  CHECK(same(max3, of_volume.largest, 1e-12));
  CHECK(same(mean3, of_volume.mean, 1e-12));
}

TEST_CASE("GlobalAveragePooling1D: the mean of the steps that a mask counts") {
  auto const steps = keras::Input<"steps", double>(tf::shape<tf::dim<"time">, 2>);
  auto const y = layers::GlobalAveragePooling1D()(layers::Masking(-1.0)(steps));
  static_assert(!keras::has_mask<decltype(y)>);
  auto const [dx] = tf::gradients(y, steps);
  xt::xtensor<double, 3> const xs{{{1, 2}, {-1, -1}, {4, -1}}, {{-1, -1}, {-1, -1}, {3, 5}}};
  tf::Session sess;
  auto const [mean, slope] = sess.run(tf::fetch(y, dx), steps = xs);
  CHECK(same(mean, {2.5, 0.5, 3, 5}, 1e-12));
  CHECK(same(slope, {0.5, 0.5, 0, 0, 0.5, 0.5, 0, 0, 0, 0, 1, 1}, 1e-12));
}

TEST_CASE("pools: shapes and names in a model") {
  constexpr auto image = keras::Input(tf::shape<9, 8, 3>);
  constexpr tf::i64 batch = keras::batch.extent;
  static_assert(shape_of_value<decltype(layers::MaxPooling2D()(image))> == tf::dims{4, {batch, 4, 4, 3}});
  static_assert(shape_of_value<decltype(layers::MaxPooling2D<2>(keras::padding<"same">)(image))> ==
                tf::dims{4, {batch, 5, 4, 3}});
  static_assert(shape_of_value<decltype(layers::AveragePooling2D<3>(keras::strides<1>)(image))> ==
                tf::dims{4, {batch, 7, 6, 3}});
  auto const model =
      keras::Sequential(keras::Input(tf::shape<9, 8, 3>), layers::MaxPooling2D<2>(), layers::MaxPooling2D<"pool">(),
                        layers::AveragePooling2D<1, 2, "mean">(), layers::GlobalAveragePooling2D<"all">());
  static_assert(decltype(model)::parameter_count == 0);
  std::string const text = model.summary();
  for (char const* word : {"max_pooling2d ", "pool ", "mean ", "all ", "(None, 2, 1, 3)", "(None, 3)"})
    CHECK(text.find(word) != std::string::npos);
  CHECK(extents(model.predict(some<float, 4>({5, 9, 8, 3}, 1))) == numbers{5, 3});
  CHECK(extents(model.predict(some<float, 4>({0, 9, 8, 3}, 1))) == numbers{0, 3});
}
