// SPDX-License-Identifier: Apache-2.0
// covers: depthwise_conv2d convolution
#include <tfx/op/nn/depthwise_conv2d.hpp>
#include "support/convolution.hpp"
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;
using convolution_test::sizes;
using tf::i64;

namespace {
constexpr auto n = tf::dim<"n">;
constexpr auto w = tf::dim<"w">;

/// The same as a convolution whose filter [kh, kw, c, c m] is 0 where the channels differ.
struct depthwise : sizes {
  i64 m;

  std::vector<double> wide(std::vector<double> const& filter) const {
    std::vector<double> out(this->filter(), 0.0);
    for (std::size_t i = 0; i < filter.size(); ++i) out[place(i)] = filter[i];
    return out;
  }
  std::vector<double> narrow(std::vector<double> const& filter) const {
    std::vector<double> out(this->filter() / std::size_t(c));
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = filter[place(i)];
    return out;
  }
  /// Of number i of [kh, kw, c, m].
  std::size_t place(std::size_t i) const {
    std::size_t const tap = i / std::size_t(f), within = i % std::size_t(f);
    return (tap * std::size_t(c) + within / std::size_t(m)) * std::size_t(f) + within;
  }
};

template <class T, class Image, class Filter, class Strides, class Padding, class Dilations>
void check(Image image, Filter filter, Strides strides, Padding padding, Dilations dilations, tf::window_axis y_axis,
           tf::window_axis x_axis, std::vector<std::array<i64, 3>> const& extents) {
  constexpr tf::dims k = Filter::value;
  auto const x = tf::placeholder<"x", T>(image);
  auto const weights = tf::placeholder<"weights", T>(filter);
  auto const y = tf::nn::depthwise_conv2d(x, weights, strides, padding, dilations);
  auto const dy = tf::placeholder<"dy", T>(typename decltype(y)::shape_type{});
  auto const [dx, dw] = tf::gradients(y * dy, x, weights);
  auto const all = tf::fetch(y, dx, dw);
  tf::Session sess;
  for (auto const& image_of : extents) {
    i64 const count = image_of[0], height = image_of[1], width = image_of[2];
    depthwise const s{{count, height, width, k[2], k[2] * k[3], y_axis, x_axis}, k[3]};
    CAPTURE(count);
    CAPTURE(width);
    std::vector<double> const xv = spread(s.image(), -1, 1), wv = spread(s.filter() / std::size_t(s.c), -1, 1, 3),
                              gv = spread(s.result(), -1, 1, 7);
    auto const four = [](i64 a, i64 b, i64 c, i64 d) {
      return std::array<std::size_t, 4>{std::size_t(a), std::size_t(b), std::size_t(c), std::size_t(d)};
    };
    auto const [value, back, back_filter] = sess.run(all, x = tensor<T, 4>(four(count, height, width, k[2]), xv),
                                                     weights = tensor<T, 4>(four(k[0], k[1], k[2], k[3]), wv),
                                                     dy = tensor<T, 4>(four(count, s.rows(), s.columns(), s.f), gv));
    double const tolerance = 5 * tolerance_of<T>;
    CHECK(same(value, s.convolve(xv, s.wide(wv)), tolerance));
    CHECK(same(back, s.back(s.wide(wv), gv), tolerance));
    CHECK(same(back_filter, s.narrow(s.filter_of(xv, gv)), 4 * tolerance));
  }
}

auto const of_image = [](auto const& x) {
  auto const weights = tf::reshape(tf::sin(tf::range<double, 0, 24>()), tf::shape<3, 2, 2, 2>);
  return tf::square(tf::nn::depthwise_conv2d(x, weights, tf::strides<2, 1>, tf::padding::SAME));
};
auto const of_filter = [](auto const& weights) {
  auto const x = tf::reshape(tf::cos(tf::range<double, 0, 40>()), tf::shape<1, 5, 4, 2>);
  return tf::square(tf::nn::depthwise_conv2d(x, weights, tf::strides<1, 2>, tf::padding::EXPLICIT<1, 0, 0, 1>));
};
}  // namespace

TEST_CASE("depthwise_conv2d: values and gradients of odd sizes, strides, dilations and paddings") {
  using tf::window_axis, tf::padding_kind;
  auto const counts = [](i64 height, i64 width) {
    return std::vector<std::array<i64, 3>>{{3, height, width}, {0, height, width}, {1, height, width}};
  };
  auto const same_axis = [](i64 size, i64 stride, i64 dilation) {
    return window_axis{size, stride, dilation, padding_kind::same};
  };
  check<float>(tf::shape<n, 7, 9, 33>, tf::shape<3, 3, 33, 1>, tf::strides<1, 1>, tf::padding::SAME, tf::dilations<>,
               same_axis(3, 1, 1), same_axis(3, 1, 1), counts(7, 9));
  check<float>(tf::shape<n, 7, 9, 3>, tf::shape<3, 2, 3, 5>, tf::strides<2, 2>, tf::padding::SAME, tf::dilations<>,
               same_axis(3, 2, 1), same_axis(2, 2, 1), counts(7, 9));
  check<double>(tf::shape<n, 9, 11, 5>, tf::shape<2, 3, 5, 1>, tf::strides<1, 1>, tf::padding::VALID,
                tf::dilations<3, 2>, window_axis{2, 1, 3}, window_axis{3, 1, 2}, counts(9, 11));
  check<float>(tf::shape<n, 6, 5, 1>, tf::shape<3, 3, 1, 2>, tf::strides<3, 2>, tf::padding::EXPLICIT<2, 0, 1, 3>,
               tf::dilations<>, window_axis{3, 3, 1, padding_kind::told, 2, 0},
               window_axis{3, 2, 1, padding_kind::told, 1, 3}, counts(6, 5));
  check<double>(tf::shape<n, 4, w, 2>, tf::shape<3, 4, 2, 3>, tf::strides<1, 3>, tf::padding::SAME, tf::dilations<>,
                same_axis(3, 1, 1), same_axis(4, 3, 1), {{2, 4, 9}, {1, 4, 1}, {3, 4, 20}, {1, 4, 0}});
}

TEST_CASE("depthwise_conv2d: derivatives agree with finite differences, of static and of symbolic shapes") {
  using extents = std::array<std::size_t, 4>;
  check_gradient(tf::shape<1, 5, 4, 2>, extents{1, 5, 4, 2}, spread(40, -1, 1), of_image);
  check_gradient(tf::shape<n, w, 4, 2>, extents{2, 3, 4, 2}, spread(48, -1, 1), of_image);
  check_gradient(tf::shape<3, 2, 2, 2>, extents{3, 2, 2, 2}, spread(24, -1, 1), of_filter);
}
