// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cmath>
#include <cstdint>
#include <limits>
#include <tfx/keras/preprocessing/image_data_generator.hpp>
#include <type_traits>
#include <vector>

namespace image = tfx::keras::preprocessing::image;
namespace errors = tfx::errors;
using image::apply_transform;

namespace {

using pixels = std::vector<float>;

/// An image of one channel whose pixels are 0, 1, 2, …
xt::xtensor<float, 3> counted(std::size_t height, std::size_t width) {
  xt::xtensor<float, 3> x({height, width, 1});
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(i);
  return x;
}
template <class T, std::size_t Rank>
std::vector<T> flat(xt::xtensor<T, Rank> const& x) {
  return std::vector<T>(x.data(), x.data() + x.size());
}
pixels turned(image::transform_parameters const& p, char const* fill = "nearest", double cval = 0) {
  return flat(apply_transform(counted(3, 3), p, fill, cval));
}

}  // namespace

TEST_CASE("apply_transform: shifts by whole pixels copy them, and fill_mode tells what comes in") {
  CHECK(turned({}) == pixels{0, 1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(turned({.tx = 1}) == pixels{3, 4, 5, 6, 7, 8, 6, 7, 8});
  CHECK(turned({.tx = -1}, "constant", 9) == pixels{9, 9, 9, 0, 1, 2, 3, 4, 5});
  CHECK(turned({.ty = -1}) == pixels{0, 0, 1, 3, 3, 4, 6, 6, 7});
  CHECK(turned({.ty = -1}, "constant", 9) == pixels{9, 0, 1, 9, 3, 4, 9, 6, 7});
  CHECK(turned({.ty = -2}, "reflect") == pixels{1, 0, 0, 4, 3, 3, 7, 6, 6});
  CHECK(turned({.ty = 3}, "reflect") == pixels{2, 1, 0, 5, 4, 3, 8, 7, 6});
  CHECK(turned({.ty = 7}, "reflect") == pixels{1, 2, 2, 4, 5, 5, 7, 8, 8});
  // The last pixel falls on the first one of the next copy.
  CHECK(turned({.ty = -1}, "wrap") == pixels{1, 0, 1, 4, 3, 4, 7, 6, 7});
  CHECK(turned({.ty = 2}, "wrap") == pixels{2, 1, 0, 5, 4, 3, 8, 7, 6});
}

TEST_CASE("apply_transform: between pixels both count in proportion") {
  CHECK(turned({.ty = 0.5}) == pixels{0.5f, 1.5f, 2, 3.5f, 4.5f, 5, 6.5f, 7.5f, 8});
  CHECK(turned({.ty = 0.25}, "constant", -1) == pixels{0.25f, 1.25f, -1, 3.25f, 4.25f, -1, 6.25f, 7.25f, -1});
  CHECK(turned({.ty = 0.5}, "reflect") == pixels{0.5f, 1.5f, 2, 3.5f, 4.5f, 5, 6.5f, 7.5f, 8});
  CHECK(turned({.ty = -1.5}, "reflect") == pixels{0.5f, 0, 0.5f, 3.5f, 3, 3.5f, 6.5f, 6, 6.5f});
  CHECK(turned({.ty = 0.5}, "wrap") == pixels{0.5f, 1.5f, 0.5f, 3.5f, 4.5f, 3.5f, 6.5f, 7.5f, 6.5f});
  CHECK(turned({.tx = 0.5, .ty = 0.5}) == pixels{2, 3, 3.5f, 5, 6, 6.5f, 6.5f, 7.5f, 8});
}

TEST_CASE("apply_transform: turns about the point that Keras takes for the middle") {
  // Row and column (r, c) of the result are (4 - c, r) of the image.
  CHECK(turned({.theta = 90}) == pixels{6, 6, 6, 7, 7, 7, 8, 8, 8});
  CHECK(turned({.theta = 90}, "constant", -1) == pixels{-1, -1, 6, -1, -1, 7, -1, -1, 8});
  CHECK(turned({.theta = 90}, "reflect") == pixels{3, 6, 6, 4, 7, 7, 5, 8, 8});
  CHECK(turned({.theta = 90}, "wrap") == pixels{0, 3, 6, 1, 4, 7, 2, 5, 8});
  // Shifts that bring it back to the middle.
  CHECK(turned({.theta = 90, .ty = 2}, "constant", -1) == pixels{6, 3, 0, 7, 4, 1, 8, 5, 2});
  CHECK(turned({.theta = 180, .tx = 2, .ty = 2}, "constant", -1) == pixels{8, 7, 6, 5, 4, 3, 2, 1, 0});
  CHECK(turned({.theta = 360}, "constant", -1) == pixels{0, 1, 2, 3, 4, 5, 6, 7, 8});
  // Not square: the middle of [2, 4] is (1.5, 2.5), and (r, c) is (4 - c, 1 + r).
  CHECK(flat(apply_transform(counted(2, 4), {.theta = 90}, "constant", -1)) == pixels{-1, -1, -1, 5, -1, -1, -1, 6});
}

TEST_CASE("apply_transform: zooms and shears") {
  CHECK(turned({.zx = 0.5, .zy = 0.5}) == pixels{4, 4.5f, 5, 5.5f, 6, 6.5f, 7, 7.5f, 8});
  CHECK(turned({.zx = 2}) == pixels{0, 1, 2, 0, 1, 2, 6, 7, 8});
  CHECK(turned({.zx = 2}, "constant", 9) == pixels{9, 9, 9, 0, 1, 2, 6, 7, 8});
  CHECK(turned({.shear = 90}) == pixels{8, 5, 2, 8, 8, 5, 8, 8, 8});
  CHECK(turned({.zx = 0, .zy = 0}) == pixels(9, 8));
}

TEST_CASE("apply_transform: an image that rises evenly is read where the product of the matrices says") {
  constexpr std::size_t height = 17, width = 13;
  xt::xtensor<double, 3> x({height, width, 2});
  for (std::size_t r = 0; r < height; ++r)
    for (std::size_t c = 0; c < width; ++c) {
      x(r, c, 0) = 2.0 * static_cast<double>(r) - static_cast<double>(c);
      x(r, c, 1) = 5.0 + static_cast<double>(c);
    }
  image::transform_parameters const p{.theta = 23, .tx = 1.3, .ty = -0.7, .shear = 11, .zx = 0.9, .zy = 1.1};
  auto const y = apply_transform(x, p, "constant", 1e9);
  double const degree = std::acos(-1.0) / 180, s = std::sin(p.theta * degree), c = std::cos(p.theta * degree);
  int inside = 0;
  for (std::size_t r = 0; r < height; ++r)
    for (std::size_t k = 0; k < width; ++k) {
      double u = p.zx * (static_cast<double>(r) - 9), v = p.zy * (static_cast<double>(k) - 7);
      u -= std::sin(p.shear * degree) * v;
      v *= std::cos(p.shear * degree);
      u += p.tx;
      v += p.ty;
      double const row = c * u - s * v + 9, column = s * u + c * v + 7;
      if (row < 0 || row > height - 1 || column < 0 || column > width - 1) {
        CHECK(y(r, k, 0) == 1e9);
      } else {
        ++inside;
        CHECK(y(r, k, 0) == doctest::Approx(2 * row - column));
        CHECK(y(r, k, 1) == doctest::Approx(5 + column));
      }
    }
  CHECK(inside > 100);
}

TEST_CASE("apply_transform: flips, channel shifts and dtypes") {
  auto const wide = counted(2, 3);
  CHECK(flat(apply_transform(wide, {.flip_horizontal = true})) == pixels{2, 1, 0, 5, 4, 3});
  CHECK(flat(apply_transform(wide, {.flip_vertical = true})) == pixels{3, 4, 5, 0, 1, 2});
  CHECK(flat(apply_transform(counted(3, 2), {.flip_horizontal = true, .flip_vertical = true})) ==
        pixels{5, 4, 3, 2, 1, 0});
  CHECK(flat(apply_transform(wide, {.channel_shift_intensity = 2})) == pixels{2, 3, 4, 5, 5, 5});
  CHECK(flat(apply_transform(wide, {.channel_shift_intensity = -3.5})) == pixels{0, 0, 0, 0, 0.5f, 1.5f});
  // Channels stay together.
  xt::xtensor<std::uint8_t, 3> const colours{{{1, 2}, {3, 4}}};
  auto const flipped = apply_transform(colours, {.flip_horizontal = true});
  static_assert(std::is_same_v<decltype(flipped), xt::xtensor<float, 3> const>);
  CHECK(flat(flipped) == pixels{3, 4, 1, 2});
  CHECK(flat(apply_transform(colours, {.ty = 0.5})) == pixels{2, 3, 3, 4});
}

TEST_CASE("apply_transform: no pixels, one, and such as are no numbers") {
  for (auto const* fill : {"nearest", "constant", "reflect", "wrap"}) {
    CHECK(apply_transform(xt::xtensor<float, 3>({0, 3, 1}), {.theta = 30}, fill).size() == 0);
    CHECK(apply_transform(xt::xtensor<float, 3>({3, 3, 0}), {.tx = 1}, fill).size() == 0);
    xt::xtensor<float, 3> const one{{{5}}};
    CHECK(flat(apply_transform(one, {.theta = 30, .tx = 1.5, .zx = 3}, fill, 5)) == pixels{5});
    // Far away, and where sums overflow.
    for (double const far : {1e30, -1e30, 1e18, -1e18, 1e308})
      CHECK(apply_transform(counted(3, 3), {.theta = 45, .tx = far, .ty = far, .zx = far}, fill).size() == 9);
  }
  float const infinity = std::numeric_limits<float>::infinity();
  xt::xtensor<float, 3> const x{{{infinity}, {1}, {std::nanf("")}}};
  CHECK(apply_transform(x, {.ty = 1})(0, 0, 0) == 1);
  CHECK(std::isnan(apply_transform(x, {.ty = 1})(0, 1, 0)));
  CHECK(apply_transform(x, {.ty = -1})(0, 2, 0) == 1);
  CHECK_THROWS_WITH_AS(apply_transform(x, {.zx = std::nan("")}),
                       "apply_transform: `zx` should be finite. Received: nan", errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(apply_transform(x, {}, "mirror"),
                       "`fill_mode` should be \"nearest\", \"constant\", \"reflect\" or \"wrap\". Received: \"mirror\"",
                       errors::InvalidArgumentError);
}
