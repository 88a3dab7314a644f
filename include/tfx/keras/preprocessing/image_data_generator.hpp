// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/data/tensor_of.hpp>
#include <tfx/keras/preprocessing/image_augmentation.hpp>
#include <tfx/keras/preprocessing/image_flow.hpp>
#include <vector>

TFX_BEGIN
namespace keras::preprocessing::image {

/// What `ImageDataGenerator::fit` may be told.
struct fit_options {
  /// Whether mean and deviation are those of images changed at random, `rounds` times as many.
  bool augment = false;
  i64 rounds = 1;
  random::maybe_seed seed = {};
};

/// An image [height, width, channels] changed as `p` tells: turned, then shifted, sheared and zoomed about a common
/// point, each pixel read between those of the image in proportion (order 1), then channel shift and flips.
/// `fill` says what lies outside: "nearest", "constant" (the number `cval`), "reflect" or "wrap". Floating dtypes stay,
/// whole numbers become float.
template <data::detail::array_of_rank Image>
auto apply_transform(Image const& image, transform_parameters const& p, std::string const& fill = "nearest",
                     double cval = 0) {
  static_assert(data::detail::rank_of<Image> == 3, "tfx: apply_transform takes one image [height, width, channels]");
  using T = data::detail::floating_of<data::detail::element_of<Image>>;
  detail::check_transform(p);
  auto const mode = detail::fill_mode_of(fill);
  auto result = data::detail::tensor_of<T>(image);
  std::vector<T> spare;
  auto const extent = [&](std::size_t k) { return static_cast<i64>(result.shape()[k]); };
  detail::transform_image(result.data(), extent(0), extent(1), extent(2), p, mode, cval, spare);
  return result;
}

/// Images changed at random as they are given out, so that a network never sees the same one twice:
///
///     keras::preprocessing::image::ImageDataGenerator generator(
///         {.rotation_range = 10, .width_shift_range = 0.1, .height_shift_range = 0.1, .horizontal_flip = true});
///     auto flow = generator.flow(train.images, train.labels, {.batch_size = 64, .seed = 1});
///     for (auto& [xs, ys] : flow) sess.run(step, x = xs, y = ys);
///
/// The transform is that of Keras 2.2 on SciPy. Options out of range, and a `fill_mode` that is no such word, are
/// refused by the option's name. Random numbers are tfx's, not NumPy's.
class ImageDataGenerator {
 public:
  explicit ImageDataGenerator(image_options options = {})
      : how_(std::move(options)), transforms_(detail::stream_of({}, 2)) {}

  /// Finds what `featurewise_center` and `featurewise_std_normalization` need, from images [n, height, width,
  /// channels], before `flow`. As in Keras they are taken as they are, without `rescale`.
  template <data::detail::array_of_rank Images>
  void fit(Images const& x, fit_options const& o = {}) {
    static_assert(data::detail::rank_of<Images> == 4, "tfx: fit takes images [n, height, width, channels]");
    using T = data::detail::floating_of<data::detail::element_of<Images>>;
    if (o.rounds < 1)
      raise<errors::InvalidArgumentError>("fit: `rounds` must be greater than zero. Received: %lld",
                                          static_cast<long long>(o.rounds));
    auto const images = data::detail::tensor_of<T>(x);
    i64 extent[4];
    for (std::size_t k = 0; k < 4; ++k) extent[k] = static_cast<i64>(images.shape()[k]);
    if (images.size() == 0)
      raise<errors::InvalidArgumentError>("fit: images of shape %s have no mean",
                                          tfx::detail::extents_text(4, extent).text);
    i64 const pixels = extent[1] * extent[2], size = pixels * extent[3];
    if (!o.augment) return how_.learn(images.data(), extent[0] * pixels, extent[3]);
    auto const seeds = detail::stream_of(o.seed, 3);
    std::vector<T> changed, spare;
    changed.reserve(static_cast<std::size_t>(o.rounds) * images.size());
    for (i64 i = 0; i < o.rounds * extent[0]; ++i) {
      T const* const image = images.data() + i % extent[0] * size;
      changed.insert(changed.end(), image, image + size);
      detail::transform_image(changed.data() + i * size, extent[1], extent[2], extent[3],
                              how_.draw(extent[1], extent[2], seeds, i), how_.fill, how_.options.cval, spare);
    }
    how_.learn(changed.data(), o.rounds * extent[0] * pixels, extent[3]);
  }
  /// Of each channel; empty before `fit`.
  std::vector<double> const& mean() const { return how_.mean; }
  std::vector<double> const& deviation() const { return how_.deviation; }

  /// A transform drawn for images of this size; a seed tells which, without one each is another.
  transform_parameters get_random_transform(i64 height, i64 width, random::maybe_seed seed = {}) {
    if (seed.is_set) return how_.draw(height, width, detail::stream_of(seed, 2), 0);
    return how_.draw(height, width, transforms_, drawn_++);
  }
  /// One image changed as told, with the generator's `fill_mode` and `cval`.
  template <data::detail::array_of_rank Image>
  auto apply_transform(Image const& image, transform_parameters const& p) const {
    return image::apply_transform(image, p, how_.options.fill_mode, how_.options.cval);
  }
  /// One image [height, width, channels] changed at random.
  template <data::detail::array_of_rank Image>
  auto random_transform(Image const& image, random::maybe_seed seed = {}) {
    static_assert(data::detail::rank_of<Image> == 3, "tfx: random_transform takes one image [height, width, channels]");
    auto const shape = data::detail::extents_of(image);
    return apply_transform(image, get_random_transform(static_cast<i64>(shape[0]), static_cast<i64>(shape[1]), seed));
  }
  /// One image, or images, rescaled, centered and divided as the options say, and not otherwise changed.
  template <data::detail::array_of_rank Images>
  auto standardize(Images const& x) const {
    constexpr std::size_t rank = data::detail::rank_of<Images>;
    static_assert(rank == 3 || rank == 4, "tfx: standardize takes [height, width, channels], or n of these");
    using T = data::detail::floating_of<data::detail::element_of<Images>>;
    auto result = data::detail::tensor_of<T>(x);
    auto const& shape = result.shape();
    auto const pixels = static_cast<i64>(shape[rank - 3] * shape[rank - 2]),
               channels = static_cast<i64>(shape[rank - 1]);
    how_.check_fitted(channels);
    if (result.size() == 0) return result;
    for (std::size_t i = 0; i < result.size(); i += static_cast<std::size_t>(pixels * channels))
      how_.standardize(result.data() + i, pixels, channels);
    return result;
  }

  /// Batches of `x`, [n, height, width, channels], changed at random and then standardized: `for (auto& [xs] : flow)`.
  /// An array that has a name is referred to and must stay; a temporary is kept. What is fit afterwards does not
  /// matter.
  template <class X>
    requires data::detail::array_of_rank<std::remove_cvref_t<X>>
  image_flow<X> flow(X&& x, flow_options const& o = {}) const {
    return image_flow<X>(how_, o, static_cast<X&&>(x));
  }
  /// The same with labels, which stay as they are: `for (auto& [xs, ys] : flow)`.
  template <class X, class Y>
    requires data::detail::array_of_rank<std::remove_cvref_t<Y>>
  image_flow<X, Y> flow(X&& x, Y&& y, flow_options const& o = {}) const {
    return image_flow<X, Y>(how_, o, static_cast<X&&>(x), static_cast<Y&&>(y));
  }
  /// The same with weights, too: `for (auto& [xs, ys, weights] : flow)`.
  template <class X, class Y, class Weight>
    requires data::detail::array_of_rank<std::remove_cvref_t<Weight>>
  image_flow<X, Y, Weight> flow(X&& x, Y&& y, Weight&& sample_weight, flow_options const& o = {}) const {
    return image_flow<X, Y, Weight>(how_, o, static_cast<X&&>(x), static_cast<Y&&>(y),
                                    static_cast<Weight&&>(sample_weight));
  }

 private:
  detail::augmentation how_;
  random::seeds transforms_;
  i64 drawn_ = 0;
};

}  // namespace keras::preprocessing::image
TFX_END
