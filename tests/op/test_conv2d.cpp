// SPDX-License-Identifier: Apache-2.0
#include <tfx/op/nn/conv2d.hpp>
#include "support/convolution.hpp"
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;
using convolution_test::sizes;
using tf::i64;

namespace {
constexpr auto n = tf::dim<"n">;
constexpr auto h = tf::dim<"h">;
constexpr auto w = tf::dim<"w">;

std::array<std::size_t, 4> four(i64 a, i64 b, i64 c, i64 d) {
  return {std::size_t(a), std::size_t(b), std::size_t(c), std::size_t(d)};
}
/// Windows of a convolution, whose attributes are the types that a program names.
template <class Strides, class Padding, class Dilations>
tf::window window_of(Strides, Padding, Dilations, i64 kh, i64 kw) {
  constexpr auto words = tf::window_words<tf::words, tf::ksize_t<1, 1>, Strides, Padding, Dilations>{};
  auto const list = []<i64... W>(tf::words<W...>) { return std::array<i64, sizeof...(W)>{W...}; }(words);
  tf::window out(tf::attribute_words{list.data(), int(list.size())});
  out.axis[0].size = kh;
  out.axis[1].size = kw;
  return out;
}

/// Values and both gradients of a convolution of shapes, which may be symbolic, against plain loops, for images of
/// several numbers and sizes.
template <class T, class Image, class Filter, class Strides, class Padding, class Dilations>
void check(Image image, Filter filter, Strides strides, Padding padding, Dilations dilations,
           std::vector<std::array<i64, 3>> const& extents) {
  constexpr tf::dims k = Filter::value;
  auto const x = tf::placeholder<"x", T>(image);
  auto const weights = tf::placeholder<"weights", T>(filter);
  auto const y = tf::nn::conv2d(x, weights, strides, padding, dilations);
  auto const dy = tf::placeholder<"dy", T>(typename decltype(y)::shape_type{});
  auto const [dx, dw] = tf::gradients(y * dy, x, weights);
  auto const all = tf::fetch(y, dx, dw);
  tf::window const along = window_of(strides, padding, dilations, k[0], k[1]);
  tf::Session sess;
  for (auto const& image_of : extents) {
    i64 const count = image_of[0], height = image_of[1], width = image_of[2];
    sizes const s{count, height, width, k[2], k[3], along[0], along[1]};
    CAPTURE(count);
    CAPTURE(height);
    CAPTURE(width);
    std::vector<double> const xv = spread(s.image(), -1, 1), wv = spread(s.filter(), -1, 1, 3),
                              gv = spread(s.result(), -1, 1, 7);
    auto const [value, back, back_filter] = sess.run(all, x = tensor<T, 4>(four(count, height, width, k[2]), xv),
                                                     weights = tensor<T, 4>(four(k[0], k[1], k[2], k[3]), wv),
                                                     dy = tensor<T, 4>(four(count, s.rows(), s.columns(), k[3]), gv));
    double const tolerance = 5 * tolerance_of<T>;
    CHECK(same(value, s.convolve(xv, wv), tolerance));
    CHECK(same(back, s.back(wv, gv), tolerance));
    CHECK(same(back_filter, s.filter_of(xv, gv), 4 * tolerance));
  }
}
}  // namespace

TEST_CASE("conv2d: values and gradients of odd sizes, strides, dilations and paddings") {
  using tf::dilations, tf::strides;
  namespace padding = tf::padding;
  auto const counts = [](i64 height, i64 width) {
    return std::vector<std::array<i64, 3>>{{3, height, width}, {0, height, width}, {1, height, width}};
  };
  check<float>(tf::shape<n, 7, 9, 3>, tf::shape<3, 3, 3, 5>, strides<1, 1>, padding::SAME, dilations<>, counts(7, 9));
  check<float>(tf::shape<n, 8, 15, 1>, tf::shape<5, 4, 1, 33>, strides<1, 1>, padding::SAME, dilations<>,
               counts(8, 15));
  check<float>(tf::shape<n, 9, 8, 5>, tf::shape<3, 2, 5, 16>, strides<2, 1>, padding::VALID, dilations<>, counts(9, 8));
  check<float>(tf::shape<n, 10, 11, 2>, tf::shape<3, 3, 2, 3>, strides<3, 3>, padding::SAME, dilations<>,
               counts(10, 11));
  check<float>(tf::shape<n, 7, 13, 5>, tf::shape<3, 3, 5, 3>, strides<1, 1>, padding::SAME, dilations<1, 3>,
               counts(7, 13));
  check<double>(tf::shape<n, 9, 12, 3>, tf::shape<2, 3, 3, 5>, strides<2, 3>, padding::VALID, dilations<3, 2>,
                counts(9, 12));
  check<float>(tf::shape<n, 5, 6, 3>, tf::shape<4, 3, 3, 1>, strides<2, 2>, padding::EXPLICIT<2, 0, 1, 3>, dilations<>,
               counts(5, 6));
  // Products of matrices, and a window that leaves pixels out.
  check<float>(tf::shape<n, 5, 7, 33>, tf::shape<1, 1, 33, 5>, strides<1, 1>, padding::SAME, dilations<>, counts(5, 7));
  check<float>(tf::shape<n, 6, 7, 4>, tf::shape<1, 2, 4, 35>, strides<2, 4>, padding::VALID, dilations<>, counts(6, 7));
}

TEST_CASE("conv2d: extents that only a run tells") {
  std::vector<std::array<i64, 3>> const images{{2, 7, 9}, {1, 5, 30}, {3, 2, 3}, {0, 4, 4}, {2, 8, 0}};
  check<float>(tf::shape<n, h, w, 3>, tf::shape<3, 3, 3, 5>, tf::strides<1, 1>, tf::padding::SAME, tf::dilations<>,
               images);
  check<double>(tf::shape<n, h, w, 2>, tf::shape<3, 3, 2, 3>, tf::strides<2, 3>, tf::padding::SAME, tf::dilations<2, 1>,
                images);
  check<float>(tf::shape<n, h, w, 2>, tf::shape<2, 3, 2, 17>, tf::strides<1, 2>, tf::padding::VALID, tf::dilations<>,
               {{2, 7, 9}, {1, 5, 30}, {3, 2, 3}, {2, 1, 2}});
}
