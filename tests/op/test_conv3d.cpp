// SPDX-License-Identifier: Apache-2.0
// covers: conv3d conv3d_transpose tiled_convolution
#include <tfx/op/nn/conv3d.hpp>
#include <tfx/op/nn/conv3d_transpose.hpp>
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;
using tf::i64;

namespace {
constexpr auto n = tf::dim<"n">;
constexpr auto d = tf::dim<"d">;
constexpr auto h = tf::dim<"h">;
constexpr auto w = tf::dim<"w">;
using numbers = std::vector<double>;

std::array<std::size_t, 5> five(i64 a, i64 b, i64 c, i64 e, i64 f) {
  return {std::size_t(a), std::size_t(b), std::size_t(c), std::size_t(e), std::size_t(f)};
}
/// A convolution of volumes as plain loops over what it is defined by.
struct plain {
  i64 count, size[3], channels, filters;
  tf::window along;

  i64 places(int i) const { return along[i].places(size[i]); }
  std::size_t volume() const { return std::size_t(count * size[0] * size[1] * size[2] * channels); }
  std::size_t filter() const { return std::size_t(along[0].size * along[1].size * along[2].size * channels * filters); }
  std::size_t result() const { return std::size_t(count * places(0) * places(1) * places(2) * filters); }
  /// use(place in the volume, in the filter, in the result) for each product.
  template <class F>
  void for_products(F use) const {
    for (i64 i = 0; i < count; ++i)
      for (i64 o = 0; o < places(0) * places(1) * places(2); ++o)
        for (i64 k = 0; k < along[0].size * along[1].size * along[2].size; ++k) {
          i64 const place[] = {o / (places(1) * places(2)), o / places(2) % places(1), o % places(2)};
          i64 const tap[] = {k / (along[1].size * along[2].size), k / along[2].size % along[1].size, k % along[2].size};
          i64 at[3];
          bool inside = true;
          for (int a = 0; a < 3; ++a) {
            at[a] = place[a] * along[a].stride - along[a].before(size[a]) + tap[a] * along[a].dilation;
            inside = inside && at[a] >= 0 && at[a] < size[a];
          }
          if (!inside) continue;
          i64 const pixel = ((i * size[0] + at[0]) * size[1] + at[1]) * size[2] + at[2];
          for (i64 c = 0; c < channels; ++c)
            for (i64 f = 0; f < filters; ++f)
              use(std::size_t(pixel * channels + c), std::size_t((k * channels + c) * filters + f),
                  std::size_t((i * places(0) * places(1) * places(2) + o) * filters + f));
        }
  }
};

template <class T, class Volume, class Filter, class Strides, class Padding, class Dilations>
void check(Volume volume, Filter filter, Strides strides, Padding padding, Dilations dilations,
           std::vector<std::array<i64, 4>> const& extents) {
  constexpr tf::dims k = Filter::value;
  auto const x = tf::placeholder<"x", T>(volume);
  auto const weights = tf::placeholder<"weights", T>(filter);
  auto const y = tf::nn::conv3d(x, weights, strides, padding, dilations);
  auto const dy = tf::placeholder<"dy", T>(typename decltype(y)::shape_type{});
  auto const [dx, dw] = tf::gradients(y * dy, x, weights);
  constexpr auto words = tf::window_words<tf::words, tf::ksize_t<1, 1, 1>, Strides, Padding, Dilations>{};
  auto const list = []<i64... W>(tf::words<W...>) { return std::array<i64, sizeof...(W)>{W...}; }(words);
  tf::window along(tf::attribute_words{list.data(), int(list.size())});
  for (int i = 0; i < 3; ++i) along.axis[i].size = k[i];
  tf::Session sess;
  for (auto const& e : extents) {
    CAPTURE(e[0]);
    CAPTURE(e[1]);
    CAPTURE(e[2]);
    CAPTURE(e[3]);
    plain const p{e[0], {e[1], e[2], e[3]}, k[3], k[4], along};
    numbers const xv = spread(p.volume(), -1, 1), wv = spread(p.filter(), -1, 1, 3), gv = spread(p.result(), -1, 1, 7);
    numbers value(p.result(), 0.0), back(p.volume(), 0.0), of_filter(p.filter(), 0.0);
    p.for_products([&](std::size_t i, std::size_t f, std::size_t o) {
      value[o] += xv[i] * wv[f];
      back[i] += gv[o] * wv[f];
      of_filter[f] += gv[o] * xv[i];
    });
    auto const got = sess.run(tf::fetch(y, dx, dw), x = tensor<T, 5>(five(e[0], e[1], e[2], e[3], k[3]), xv),
                              weights = tensor<T, 5>(five(k[0], k[1], k[2], k[3], k[4]), wv),
                              dy = tensor<T, 5>(five(e[0], p.places(0), p.places(1), p.places(2), k[4]), gv));
    double const tolerance = 5 * tolerance_of<T>;
    CHECK(same(std::get<0>(got), value, tolerance));
    CHECK(same(std::get<1>(got), back, tolerance));
    CHECK(same(std::get<2>(got), of_filter, 4 * tolerance));
  }
}
}  // namespace

TEST_CASE("conv3d: values and gradients of odd sizes, strides, dilations and paddings") {
  using tf::dilations, tf::strides;
  namespace padding = tf::padding;
  auto const counts = [](i64 depth, i64 height, i64 width) {
    return std::vector<std::array<i64, 4>>{{3, depth, height, width}, {0, depth, height, width}};
  };
  check<float>(tf::shape<n, 5, 7, 9, 3>, tf::shape<3, 3, 3, 3, 5>, strides<1, 1, 1>, padding::SAME, dilations<>,
               counts(5, 7, 9));
  check<float>(tf::shape<n, 4, 6, 5, 2>, tf::shape<2, 3, 2, 2, 17>, strides<2, 1, 2>, padding::VALID, dilations<>,
               counts(4, 6, 5));
  check<double>(tf::shape<n, 6, 5, 8, 3>, tf::shape<2, 2, 3, 3, 4>, strides<1, 2, 1>, padding::SAME, dilations<3, 1, 2>,
                counts(6, 5, 8));
  check<float>(tf::shape<n, 3, 4, 5, 2>, tf::shape<2, 2, 3, 2, 3>, strides<2, 2, 2>,
               padding::EXPLICIT<1, 0, 0, 2, 1, 1>, dilations<>, counts(3, 4, 5));
  check<float>(tf::shape<n, 2, 3, 4, 9>, tf::shape<1, 1, 1, 9, 5>, strides<1, 1, 1>, padding::SAME, dilations<>,
               counts(2, 3, 4));
  check<float>(tf::shape<n, 5, 2, 3, 4>, tf::shape<3, 1, 1, 4, 5>, strides<1, 1, 1>, padding::SAME, dilations<>,
               counts(5, 2, 3));
}

TEST_CASE("conv3d: extents that only a run tells") {
  check<double>(tf::shape<n, d, h, w, 2>, tf::shape<2, 3, 3, 2, 3>, tf::strides<1, 2, 3>, tf::padding::SAME,
                tf::dilations<1, 2, 1>, {{2, 5, 7, 9}, {1, 3, 5, 30}, {3, 1, 2, 3}, {0, 4, 4, 4}, {2, 3, 8, 0}});
  check<float>(tf::shape<n, d, h, w, 2>, tf::shape<2, 2, 3, 2, 17>, tf::strides<1, 1, 2>, tf::padding::VALID,
               tf::dilations<>, {{2, 4, 7, 9}, {1, 2, 2, 3}});
}

TEST_CASE("conv3d: derivatives of any order, and in what follows it") {
  auto const filter = tf::constant(counted_matrix(12, 2));
  auto const weights = tf::sin(tf::cast<double>(tf::reshape(filter, tf::shape<2, 1, 3, 2, 2>)));
  auto const convolved = [&](auto const& x) {
    return tf::nn::conv3d(x, weights, tf::strides<1, 1, 2>, tf::padding::SAME);
  };
  auto const square = [](auto const& x) {  // a filter that moves too
    auto const k =
        tf::reshape(tf::slice(x, tf::index<0, 0, 0, 0, 0>, tf::shape<1, 1, 1, 2, 2>), tf::shape<1, 1, 1, 2, 2>);
    return tf::tanh(tf::nn::conv3d(x, k, tf::strides<1, 1, 1>, tf::padding::VALID));
  };
  check_gradient(tf::shape<1, 2, 2, 3, 2>, std::array<std::size_t, 5>{1, 2, 2, 3, 2}, spread(24, -1, 1), convolved,
                 square);
}

TEST_CASE("conv3d_transpose: the gradient of conv3d, of a shape that follows or is told") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n, 2, h, 3, 2>);
  auto const filter = tf::placeholder<"filter", double>(tf::shape<2, 3, 2, 4, 2>);
  auto const y =
      tf::nn::conv3d_transpose(x, filter, tf::shape<-1, -1, -1, -1, -1>, tf::strides<2, 1, 2>, tf::padding::VALID);
  auto const same_size =
      tf::nn::conv3d_transpose(x, filter, tf::shape<-1, 3, -1, 6, 4>, tf::strides<2, 1, 2>, tf::padding::SAME);
  static_assert(decltype(same_size)::shape_type::value[3] == 6);
  auto const image = tf::placeholder<"image", double>(tf::shape<n, 4, h, 6, 4>);
  auto const [dimage] =
      tf::gradients(tf::nn::conv3d(image, filter, tf::strides<2, 1, 2>, tf::padding::SAME) * x, image);
  auto const narrow =
      tf::nn::conv3d_transpose(x, filter, tf::shape<-1, 4, -1, 6, 4>, tf::strides<2, 1, 2>, tf::padding::SAME);
  tf::Session sess;
  auto const [value, told, gradient, other] =
      sess.run(tf::fetch(y, same_size, dimage, narrow), x = tensor<double, 5>({1, 2, 3, 3, 2}, spread(36, -1, 1)),
               filter = tensor<double, 5>({2, 3, 2, 4, 2}, spread(96, -1, 1, 3)),
               image = tensor<double, 5>({1, 4, 3, 6, 4}, numbers(288)));
  CHECK(value.shape()[1] == 4);
  CHECK(value.shape()[2] == 5);
  CHECK(value.shape()[3] == 6);
  CHECK(same(other, flat(gradient), 1e-12));
  CHECK(told.shape()[1] == 3);
}
