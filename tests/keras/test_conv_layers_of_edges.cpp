// SPDX-License-Identifier: Apache-2.0
// covers: keras/layers/cropping keras/layers/zero_padding keras/layers/up_sampling
#include <support/layer_test.hpp>
#include <tfx/keras/layers/cropping.hpp>
#include <tfx/keras/layers/up_sampling.hpp>
#include <tfx/keras/layers/zero_padding.hpp>
#include <tfx/keras/model.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using layer_test::check_layer, layer_test::extents, layer_test::numbers, layer_test::some;
using op_test::same;

namespace {
/// Images [n, h, w, c] whose element (y, x) is that of `from(y, x)`, 0 where that is outside.
numbers moved(auto const& image, tf::i64 h, tf::i64 w, auto from) {
  auto const& s = image.shape();
  auto const rows = static_cast<tf::i64>(s[1]), columns = static_cast<tf::i64>(s[2]);
  numbers out;
  for (std::size_t i = 0; i < s[0]; ++i)
    for (tf::i64 y = 0; y < h; ++y)
      for (tf::i64 x = 0; x < w; ++x)
        for (std::size_t c = 0; c < s[3]; ++c) {
          auto const [a, b] = from(y, x);
          bool const inside = a >= 0 && a < rows && b >= 0 && b < columns;
          out.push_back(inside ? image(i, a, b, c) : 0.0);
        }
  return out;
}
auto shift(tf::i64 by_y, tf::i64 by_x) {
  return [=](tf::i64 y, tf::i64 x) { return std::pair(y + by_y, x + by_x); };
}
template <class Y>
constexpr tf::dims shape_of_value = std::remove_cvref_t<Y>::shape_type::value;
}  // namespace

TEST_CASE("Cropping2D and ZeroPadding2D: values and gradients") {
  auto const x = keras::Input<"x", double>(tf::shape<5, 6, 2>);
  auto const xs = some<double, 4>({2, 5, 6, 2}, 1);
  auto const fed = std::tuple(x);
  auto const values = std::tuple(xs);
  auto const cropped = check_layer(layers::Cropping2D<1, 0, 2, 1>()(x), fed, values);
  CHECK(extents(cropped) == numbers{2, 4, 3, 2});
  CHECK(same(cropped, moved(xs, 4, 3, shift(1, 2)), 1e-12));
  auto const padded = check_layer(layers::ZeroPadding2D<1, 0, 2, 1>()(x), fed, values);
  CHECK(extents(padded) == numbers{2, 6, 9, 2});
  CHECK(same(padded, moved(xs, 6, 9, shift(-1, -2)), 1e-12));
  tf::Session sess;
  auto const [less, more, nothing, all] =
      sess.run(tf::fetch(layers::Cropping2D<1, 2>()(x), layers::ZeroPadding2D<1, 2>()(x), layers::Cropping2D()(x),
                         layers::Cropping2D<5, 0, 0, 0>()(x)),
               x = xs);
  CHECK(same(less, moved(xs, 3, 2, shift(1, 2)), 1e-12));
  CHECK(same(more, moved(xs, 7, 10, shift(-1, -2)), 1e-12));
  CHECK(same(nothing, op_test::flat(xs), 1e-12));
  CHECK(extents(all) == numbers{2, 0, 6, 2});
}

TEST_CASE("Cropping2D, ZeroPadding2D, UpSampling2D: height and width that a run brings") {
  auto const x = keras::Input<"x", double>(tf::shape<tf::dim<"h">, tf::dim<"w">, 1>);
  auto const cropped = layers::Cropping2D<1, 1, 0, 2>()(x);
  auto const padded = layers::ZeroPadding2D<1>()(x);
  auto const enlarged = layers::UpSampling2D<2, 1>()(x);
  tf::Session sess;
  for (std::size_t n : {3u, 5u}) {
    auto const xs = some<double, 4>({2, n, n + 1, 1}, 1);
    auto const values = std::tuple(xs);
    auto const h = static_cast<tf::i64>(n), w = h + 1;
    CHECK(same(check_layer(cropped, std::tuple(x), values), moved(xs, h - 2, w - 2, shift(1, 0)), 1e-12));
    CHECK(same(check_layer(padded, std::tuple(x), values), moved(xs, h + 2, w + 2, shift(-1, -1)), 1e-12));
    CHECK(same(check_layer(enlarged, std::tuple(x), values),
               moved(xs, 2 * h, w, [](tf::i64 y, tf::i64 v) { return std::pair(y / 2, v); }), 1e-12));
  }
  CHECK(extents(sess.run(cropped, x = some<double, 4>({1, 2, 2, 1}, 1))) == numbers{1, 0, 0, 1});
  CHECK(op_test::refusal([&] { sess.run(cropped, x = some<double, 4>({1, 1, 2, 1}, 1)); }) != "");
  CHECK(op_test::refusal([&] { sess.run(cropped, x = some<double, 4>({1, 2, 1, 1}, 1)); }) != "");
}

TEST_CASE("UpSampling2D: values and gradients, nearest and bilinear") {
  auto const x = keras::Input<"x", double>(tf::shape<2, 3, 2>);
  auto const xs = some<double, 4>({2, 2, 3, 2}, 1);
  auto const nearest = check_layer(layers::UpSampling2D<2, 3>()(x), std::tuple(x), std::tuple(xs));
  CHECK(extents(nearest) == numbers{2, 4, 9, 2});
  CHECK(same(nearest, moved(xs, 4, 9, [](tf::i64 y, tf::i64 v) { return std::pair(y / 2, v / 3); }), 1e-12));
  auto const bilinear =
      check_layer(layers::UpSampling2D<2, 3>(keras::interpolation<"bilinear">)(x), std::tuple(x), std::tuple(xs));
  numbers expected;
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t y = 0; y < 4; ++y)
      for (std::size_t v = 0; v < 9; ++v)
        for (std::size_t c = 0; c < 2; ++c) {
          double const fy = double(y % 2) / 2, fx = double(v % 3) / 3;
          std::size_t const y0 = y / 2, x0 = v / 3, y1 = std::min<std::size_t>(y0 + 1, 1),
                            x1 = std::min<std::size_t>(x0 + 1, 2);
          expected.push_back((1 - fy) * ((1 - fx) * xs(i, y0, x0, c) + fx * xs(i, y0, x1, c)) +
                             fy * ((1 - fx) * xs(i, y1, x0, c) + fx * xs(i, y1, x1, c)));
        }
  CHECK(same(bilinear, expected, 1e-12));
}

TEST_CASE("sequences and volumes: cropped, padded, enlarged") {
  auto const steps = keras::Input<"steps", double>(tf::shape<4, 1>);
  auto const time = keras::Input<"time", double>(tf::shape<tf::dim<"t">, 1>);
  auto const volume = keras::Input<"volume", double>(tf::shape<3, 3, 3, 1>);
  auto const ones = layers::ZeroPadding3D<0, 1, 1, 0, 0, 2>()(volume);
  tf::Session sess;
  xt::xtensor<double, 3> const xs{{{1}, {2}, {3}, {4}}};
  auto const deep = op_test::tensor<double, 5>({1, 3, 3, 3, 1}, op_test::flat(xt::arange<double>(27)));
  auto const [both, last, behind, twice, turned, core, box, big] = sess.run(
      tf::fetch(layers::Cropping1D()(steps), layers::Cropping1D<0, 3>()(steps), layers::ZeroPadding1D<2, 1>()(steps),
                layers::UpSampling1D()(steps), layers::Cropping1D<1, 2>()(time), layers::Cropping3D()(volume), ones,
                layers::UpSampling3D<2, 1, 3>()(volume)),
      steps = xs, time = xs, volume = deep);
  CHECK(same(both, {2, 3}));
  CHECK(same(last, {1}));
  CHECK(same(behind, {0, 0, 1, 2, 3, 4, 0}));
  CHECK(same(twice, {1, 1, 2, 2, 3, 3, 4, 4}));
  CHECK(same(turned, {2}));
  CHECK(same(core, {13}));
  CHECK(extents(box) == numbers{1, 4, 4, 5, 1});
  CHECK(box(0, 0, 1, 0, 0) == 0.0);
  CHECK(box(0, 0, 1, 1, 0) == 1.0);
  CHECK(box(0, 0, 1, 3, 0) == 0.0);
  CHECK(box(0, 2, 3, 2, 0) == 26.0);
  CHECK(box(0, 3, 3, 2, 0) == 0.0);
  CHECK(extents(big) == numbers{1, 6, 3, 9, 1});
  CHECK(big(0, 5, 2, 8, 0) == 26.0);
  CHECK(big(0, 1, 2, 2, 0) == 6.0);
}

TEST_CASE("cropped, padded, enlarged: names and shapes in a model") {
  auto const model = keras::Sequential(keras::Input(tf::shape<4, 4, 1>), layers::ZeroPadding2D(),
                                       layers::UpSampling2D<2>(), layers::Cropping2D<2, 1, "cut">());
  std::string const text = model.summary();
  for (char const* word :
       {"zero_padding2d ", "up_sampling2d ", "cut ", "(None, 6, 6, 1)", "(None, 12, 12, 1)", "(None, 8, 10, 1)"})
    CHECK(text.find(word) != std::string::npos);
  static_assert(shape_of_value<std::tuple_element_t<0, decltype(model)::output_types>> ==
                tf::dims{4, {keras::batch.extent, 8, 10, 1}});
}
