// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <tfx/data/prefetch.hpp>
#include <tfx/keras/preprocessing/image_data_generator.hpp>
#include <tuple>
#include <type_traits>
#include <vector>

namespace image = tfx::keras::preprocessing::image;
namespace errors = tfx::errors;
using image::apply_transform;
using image::ImageDataGenerator;
using tfx::i64;

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
/// n images of 4 by 3, whose pixels are 100 times their number and more, and their numbers as labels.
struct numbered {
  xt::xtensor<float, 4> x;
  std::vector<i64> y;

  explicit numbered(std::size_t n) : x({n, 4, 3, 1}) {
    for (std::size_t i = 0; i < n; ++i) {
      y.push_back(static_cast<i64>(i));
      for (std::size_t k = 0; k < 12; ++k) x.data()[i * 12 + k] = static_cast<float>(100 * i + k);
    }
  }
};
/// All that an epoch gives, one after another.
struct epoch {
  pixels images;
  std::vector<i64> labels;
  std::vector<std::size_t> sizes;
};
template <class Flow>
epoch walk(Flow&& flow) {
  epoch result;
  for (auto& [xs, ys] : flow) {
    result.images.insert(result.images.end(), xs.data(), xs.data() + xs.size());
    result.labels.insert(result.labels.end(), ys.begin(), ys.end());
    result.sizes.push_back(ys.size());
    CHECK(xs.shape() == std::array<std::size_t, 4>{ys.size(), 4, 3, 1});
  }
  return result;
}

}  // namespace

TEST_CASE("ImageDataGenerator: what is drawn lies in its range, and a seed tells which") {
  ImageDataGenerator generator({.rotation_range = 30,
                                .width_shift_range = 0.25,
                                .height_shift_range = 3,
                                .shear_range = 5,
                                .zoom_range = 0.2,
                                .channel_shift_range = 2,
                                .horizontal_flip = true});
  std::set<double> shifts;
  int flips = 0;
  double least = 0, most = 0, widest = 0;
  for (int seed = 0; seed < 400; ++seed) {
    auto const p = generator.get_random_transform(8, 20, seed);
    CHECK(p == generator.get_random_transform(8, 20, seed));
    least = std::min(least, p.theta);
    most = std::max(most, p.theta);
    widest = std::max(widest, std::abs(p.ty));
    shifts.insert(p.tx);
    flips += p.flip_horizontal;
    CHECK_FALSE(p.flip_vertical);
    CHECK(std::abs(p.shear) <= 5);
    CHECK(std::abs(p.channel_shift_intensity) <= 2);
    CHECK(p.zx >= 0.8);
    CHECK(p.zx <= 1.2);
    CHECK(p.zx != p.zy);
  }
  CHECK(least >= -30);
  CHECK(least < -28);
  CHECK(most <= 30);
  CHECK(most > 28);
  CHECK(widest <= 5);
  CHECK(widest > 4.5);
  CHECK(shifts == std::set<double>{-2, -1, 0, 1, 2});
  CHECK(flips > 150);
  CHECK(flips < 250);
  CHECK(generator.get_random_transform(8, 20) != generator.get_random_transform(8, 20));

  std::set<double> listed, parts;
  ImageDataGenerator lists({.width_shift_range = {1, 4}, .height_shift_range = {0.5}, .zoom_range = {2, 2}});
  for (int seed = 0; seed < 100; ++seed) {
    auto const p = lists.get_random_transform(8, 20, seed);
    listed.insert(p.ty);
    parts.insert(p.tx);
    CHECK(p.zx == 2);
  }
  CHECK(listed == std::set<double>{-4, -1, 1, 4});
  CHECK(parts == std::set<double>{-4, 4});
  CHECK(ImageDataGenerator().get_random_transform(8, 20, 3) == image::transform_parameters{});
}

TEST_CASE("ImageDataGenerator: random_transform is the transform that the seed draws") {
  ImageDataGenerator generator({.rotation_range = 30, .fill_mode = "constant", .cval = 7, .vertical_flip = true});
  auto const x = counted(5, 4);
  auto const p = generator.get_random_transform(5, 4, 11);
  CHECK(flat(generator.random_transform(x, 11)) == flat(apply_transform(x, p, "constant", 7)));
  CHECK(flat(generator.apply_transform(x, {.tx = 5})) == pixels(20, 7));
}

TEST_CASE("ImageDataGenerator: images are rescaled, centered and divided") {
  xt::xtensor<double, 3> const x{{{1}, {3}}};
  CHECK(flat(ImageDataGenerator({.rescale = 0.5}).standardize(x)) == std::vector<double>{0.5, 1.5});
  CHECK(flat(ImageDataGenerator({.samplewise_center = true}).standardize(x)) == std::vector<double>{-1, 1});
  auto const divided = ImageDataGenerator({.samplewise_std_normalization = true, .rescale = 2}).standardize(x);
  CHECK(divided(0, 0, 0) == doctest::Approx(-2 / (2 + 1e-7)).epsilon(1e-12));
  // An image of one colour is divided by a little more than 0.
  CHECK(flat(ImageDataGenerator({.samplewise_std_normalization = true}).standardize(xt::xtensor<float, 3>{{{3}}})) ==
        pixels{0});

  xt::xtensor<float, 4> const two{{{{1, 10}}}, {{{3, 30}}}};
  ImageDataGenerator generator({.featurewise_std_normalization = true});
  CHECK_THROWS_AS(generator.standardize(two), errors::FailedPreconditionError);
  CHECK_THROWS_AS(generator.flow(two), errors::FailedPreconditionError);
  generator.fit(two);
  CHECK(generator.mean() == std::vector<double>{2, 20});
  CHECK(generator.deviation() == std::vector<double>{1, 10});
  auto const features = flat(generator.standardize(two));
  for (std::size_t i = 0; i < 4; ++i) CHECK(features[i] == doctest::Approx(i < 2 ? -1 : 1));
  for (auto& [xs] : generator.flow(two, {.shuffle = false})) CHECK(flat(xs) == features);
  CHECK_THROWS_AS(generator.flow(xt::xtensor<float, 4>({1, 1, 1, 3})), errors::InvalidArgumentError);
  CHECK(generator.standardize(xt::xtensor<float, 4>({0, 1, 1, 2})).size() == 0);

  // Augmented: all shifts leave the edge's number.
  ImageDataGenerator moved({.featurewise_center = true, .width_shift_range = {1}});
  xt::xtensor<std::uint8_t, 4> const bytes{{{{2}, {4}}}};
  moved.fit(bytes, {.augment = true, .rounds = 64, .seed = 3});
  CHECK(moved.mean()[0] >= 2);
  CHECK(moved.mean()[0] <= 4);
  CHECK(moved.mean()[0] != 3);
  CHECK_THROWS_WITH_AS(moved.fit(bytes, {.rounds = 0}), "fit: `rounds` must be greater than zero. Received: 0",
                       errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(moved.fit(xt::xtensor<float, 4>({0, 2, 2, 1})), "fit: images of shape [0,2,2,1] have no mean",
                       errors::InvalidArgumentError);
}

TEST_CASE("flow: an epoch gives every image once with its label, and a smaller batch at the end") {
  numbered const set(7);
  auto plain = ImageDataGenerator().flow(set.x, set.y, {.batch_size = 3, .shuffle = false});
  CHECK(plain.len() == 3);
  for (int pass = 0; pass < 2; ++pass) {
    auto const [images, labels, sizes] = walk(plain);
    CHECK(images == flat(set.x));
    CHECK(labels == set.y);
    CHECK(sizes == std::vector<std::size_t>{3, 3, 1});
  }
  std::set<std::vector<i64>> orders;
  auto shuffled = ImageDataGenerator().flow(set.x, set.y, {.batch_size = 2, .seed = 1});
  for (int pass = 0; pass < 4; ++pass) {
    auto const [images, labels, sizes] = walk(shuffled);
    for (std::size_t i = 0; i < 7; ++i) CHECK(images[12 * i + 5] == static_cast<float>(100 * labels[i] + 5));
    CHECK(std::set<i64>(labels.begin(), labels.end()).size() == 7);
    orders.insert(labels);
  }
  CHECK(orders.size() > 2);
}

TEST_CASE("flow: the seed tells order and transforms, whatever the size of batches") {
  numbered const set(9);
  ImageDataGenerator const generator({.rotation_range = 40, .height_shift_range = 0.3, .horizontal_flip = true});
  auto one = generator.flow(set.x, set.y, {.batch_size = 4, .seed = 5});
  auto same = generator.flow(set.x, set.y, {.batch_size = 9, .seed = 5});
  auto other = generator.flow(set.x, set.y, {.batch_size = 9, .seed = 6});
  auto unseeded = generator.flow(set.x, set.y, {.batch_size = 9});
  pixels last;
  for (int pass = 0; pass < 3; ++pass) {
    auto const images = walk(one).images;
    CHECK(images == walk(same).images);
    CHECK(images != walk(other).images);
    CHECK(images != walk(unseeded).images);
    CHECK(images != last);
    last = images;
  }
  // A batch made on another thread is the same, and so is one after skip.
  auto ahead = generator.flow(set.x, set.y, {.batch_size = 4, .seed = 5});
  auto rest = generator.flow(set.x, set.y, {.batch_size = 4, .seed = 5});
  auto whole = generator.flow(set.x, set.y, {.batch_size = 4, .seed = 5});
  auto const first = walk(tfx::data::prefetch(ahead)).images;
  CHECK(first == walk(whole).images);
  rest.skip(4);
  auto const second = walk(whole).images;
  CHECK(walk(rest).images == pixels(second.begin() + 4 * 12, second.end()));
  CHECK(walk(rest).images == walk(whole).images);
}

TEST_CASE("flow: next and endless loops go on from epoch to epoch") {
  numbered const set(5);
  auto stepwise = ImageDataGenerator().flow(set.x, set.y, {.batch_size = 2, .seed = 1});
  auto endless = ImageDataGenerator().flow(set.x, set.y, {.batch_size = 2, .seed = 1, .endless = true});
  int batches = 0;
  for (auto& [xs, ys] : endless) {
    auto& [next_xs, next_ys] = stepwise.next();
    CHECK(flat(xs) == flat(next_xs));
    CHECK(ys.size() == (batches % 3 == 2 ? 1 : 2));
    if (++batches == 8) break;
  }
  CHECK(batches == 8);
}

TEST_CASE("flow: images alone, with weights, as bytes, as temporaries, as subsets, and none") {
  numbered const set(10);
  ImageDataGenerator const generator({.rescale = 2, .validation_split = 0.25});
  int batches = 0;
  for (auto& [xs] : generator.flow(set.x)) batches += xs.shape()[0] == 10;
  CHECK(batches == 1);
  std::vector<float> const weights(10, 0.5f);
  for (auto& [xs, ys, ws] : generator.flow(set.x, set.y, weights, {.batch_size = 10})) {
    CHECK(xs(3, 0, 0, 0) == static_cast<float>(200 * ys(3)));
    CHECK(ws(9) == 0.5f);
  }
  auto bytes = generator.flow(xt::xtensor<std::uint8_t, 4>{{{{1}}}, {{{2}}}}, std::vector<int>{1, 2});
  static_assert(std::is_same_v<decltype(bytes)::value_type, std::tuple<xt::xtensor<float, 4>, xt::xtensor<int, 1>>>);
  for (auto& [xs, ys] : bytes) CHECK(xs(1, 0, 0, 0) == static_cast<float>(2 * ys(1)));

  CHECK(walk(generator.flow(set.x, set.y, {.shuffle = false, .subset = "validation"})).labels ==
        std::vector<i64>{0, 1});
  auto const training = walk(generator.flow(set.x, set.y, {.seed = 2, .subset = "training"})).labels;
  CHECK(std::set<i64>(training.begin(), training.end()) == std::set<i64>{2, 3, 4, 5, 6, 7, 8, 9});

  numbered const nothing(0);
  for (bool const endless : {false, true}) {
    auto flow = generator.flow(nothing.x, nothing.y, {.endless = endless});
    CHECK(flow.len() == 0);
    CHECK(walk(flow).sizes.empty());
    CHECK_THROWS_AS(flow.next(), errors::OutOfRangeError);
  }
  // Images without pixels have labels all the same.
  for (auto& [xs, ys] : generator.flow(xt::xtensor<float, 4>({3, 0, 4, 1}), std::vector<int>{1, 2, 3}))
    CHECK(ys.size() == 3);
}

TEST_CASE("ImageDataGenerator: bad options are refused by name") {
  auto const refused = [](image::image_options const& o, char const* what) {
    CHECK_THROWS_WITH_AS(ImageDataGenerator{o}, what, errors::InvalidArgumentError);
  };
  double const nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  refused({.fill_mode = "edge"},
          "`fill_mode` should be \"nearest\", \"constant\", \"reflect\" or \"wrap\". Received: \"edge\"");
  refused({.rotation_range = nan}, "`rotation_range` should be finite. Received: nan");
  refused({.width_shift_range = infinity}, "`width_shift_range` should be finite and not negative. Received: inf");
  refused({.height_shift_range = -2}, "`height_shift_range` should be finite and not negative. Received: -2");
  refused({.height_shift_range = {1, infinity}},
          "`height_shift_range` should be finite and not negative. Received: inf");
  refused({.zoom_range = {1, nan}}, "`zoom_range` should be finite. Received: nan");
  refused({.rescale = infinity}, "`rescale` should be finite. Received: inf");
  refused({.validation_split = 1}, "`validation_split` must be strictly between 0 and 1. Received: 1");
  refused({.validation_split = nan}, "`validation_split` must be strictly between 0 and 1. Received: nan");

  numbered const set(3);
  ImageDataGenerator const generator;
  CHECK_THROWS_WITH_AS(generator.flow(set.x, set.y, {.batch_size = 0}),
                       "`batch_size` must be greater than zero. Received: 0.", errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(generator.flow(set.x, set.y, {.subset = "test"}),
                       "Invalid `subset` name: test; expected \"training\" or \"validation\".",
                       errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(generator.flow(set.x, std::vector<int>{1}),
                       "`x` (images tensor) and `y` (labels) should have the same length. Found: x.shape = [3,4,3,1], "
                       "y.shape = [1]",
                       errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(generator.flow(set.x, set.y, std::vector<float>()),
                       "`x` (images tensor) and `sample_weight` should have the same length. Found: x.shape = "
                       "[3,4,3,1], sample_weight.shape = [0]",
                       errors::InvalidArgumentError);
  CHECK_THROWS_AS(generator.flow(set.x, set.y).skip(-1), errors::InvalidArgumentError);
}
