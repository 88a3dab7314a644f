// SPDX-License-Identifier: Apache-2.0
// covers: pool max_pool avg_pool
#include <tfx/op/nn/avg_pool.hpp>
#include <tfx/op/nn/max_pool.hpp>
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;
using tf::i64;

namespace {
constexpr auto n = tf::dim<"n">;
constexpr auto h = tf::dim<"h">;
constexpr auto w = tf::dim<"w">;

/// A window over volumes [n, d, h, w, c], one element at a time.
struct plain_pool {
  tf::window_axis axis[3];
  i64 size[5];  // of the volumes

  i64 places(int i) const { return axis[i].places(size[1 + i]); }
  std::size_t results() const {
    return static_cast<std::size_t>(size[0] * places(0) * places(1) * places(2) * size[4]);
  }
  std::size_t elements() const { return static_cast<std::size_t>(size[0] * size[1] * size[2] * size[3] * size[4]); }
  /// For each result f(where it is, where its window's elements are).
  template <class F>
  void each(F f) const {
    i64 result = 0;
    for (i64 image = 0; image < size[0]; ++image)
      for (i64 i = 0; i < places(0); ++i)
        for (i64 j = 0; j < places(1); ++j)
          for (i64 k = 0; k < places(2); ++k)
            for (i64 c = 0; c < size[4]; ++c, ++result) f(static_cast<std::size_t>(result), window(image, i, j, k, c));
  }
  std::vector<std::size_t> window(i64 image, i64 i, i64 j, i64 k, i64 c) const {
    std::vector<std::size_t> at;
    for (i64 a = 0; a < axis[0].size; ++a)
      for (i64 b = 0; b < axis[1].size; ++b)
        for (i64 t = 0; t < axis[2].size; ++t) {
          i64 const z = i * axis[0].stride - axis[0].before(size[1]) + a;
          i64 const y = j * axis[1].stride - axis[1].before(size[2]) + b;
          i64 const x = k * axis[2].stride - axis[2].before(size[3]) + t;
          if (z < 0 || z >= size[1] || y < 0 || y >= size[2] || x < 0 || x >= size[3]) continue;
          at.push_back(static_cast<std::size_t>((((image * size[1] + z) * size[2] + y) * size[3] + x) * size[4] + c));
        }
    return at;
  }
  static std::size_t first_largest(std::vector<std::size_t> const& at, std::vector<double> const& x) {
    std::size_t best = at[0];
    for (std::size_t const i : at)
      if (x[best] < x[i]) best = i;
    return best;
  }
  std::vector<double> largest(std::vector<double> const& x, double lowest) const {
    std::vector<double> y(results());
    each([&](std::size_t result, std::vector<std::size_t> const& at) {
      y[result] = lowest;
      for (std::size_t const i : at)
        if (y[result] < x[i]) y[result] = x[i];
    });
    return y;
  }
  std::vector<double> mean(std::vector<double> const& x) const {
    std::vector<double> y(results());
    each([&](std::size_t result, std::vector<std::size_t> const& at) {
      for (std::size_t const i : at) y[result] += x[i] / static_cast<double>(at.size());
    });
    return y;
  }
  std::vector<double> largest_gradient(std::vector<double> const& x, std::vector<double> const& dy) const {
    std::vector<double> dx(elements());
    each([&](std::size_t result, std::vector<std::size_t> const& at) { dx[first_largest(at, x)] += dy[result]; });
    return dx;
  }
  std::vector<double> mean_gradient(std::vector<double> const& dy) const {
    std::vector<double> dx(elements());
    each([&](std::size_t result, std::vector<std::size_t> const& at) {
      for (std::size_t const i : at) dx[i] += dy[result] / static_cast<double>(at.size());
    });
    return dx;
  }
};

/// Numbers with many ties, of which a window finds the first.
std::vector<double> tied(std::size_t count, double low = -4, double high = 4) {
  std::vector<double> out = spread(count, low, high);
  for (double& v : out) v = std::round(v);
  return out;
}
template <class T, i64... K, i64... S, tf::padding_kind Kind, i64... P>
plain_pool plain(tf::ksize_t<K...>, tf::strides_t<S...>, tf::padding_t<Kind, P...>, std::array<std::size_t, 4> size) {
  i64 const k[] = {K...}, s[] = {S...}, p[] = {P..., 0, 0, 0, 0};
  plain_pool out{
      {{}, {k[0], s[0], 1, Kind, p[0], p[1]}, {k[1], s[1], 1, Kind, p[2], p[3]}},
      {static_cast<i64>(size[0]), 1, static_cast<i64>(size[1]), static_cast<i64>(size[2]), static_cast<i64>(size[3])}};
  return out;
}

/// Values and gradients for images of these sizes.
template <class T, auto... D, class Size, class Strides, class Padding>
void check_images(tf::shape_t<D...> shape, Size size, Strides strides, Padding padding,
                  std::vector<std::array<std::size_t, 4>> const& images) {
  auto const x = tf::placeholder<"x", T>(shape);
  auto const largest = tf::nn::max_pool(x, size, strides, padding);
  auto const mean = tf::nn::avg_pool(x, size, strides, padding);
  auto const dy = tf::placeholder<"dy", T>(typename decltype(largest)::shape_type{});
  auto const [dx] = tf::gradients(largest * dy, x);
  auto const [dm] = tf::gradients(mean * dy, x);
  tf::Session sess;
  for (auto const& image : images) {
    CAPTURE(image[0]);
    CAPTURE(image[1]);
    CAPTURE(image[2]);
    CAPTURE(image[3]);
    plain_pool const pool = plain<T>(size, strides, padding, image);
    std::vector<double> const v = tied(pool.elements()), d = tied(pool.results(), -9, 9);
    auto const [y, m, gx, gm] = sess.run(tf::fetch(largest, mean, dx, dm), x = tensor<T, 4>(image, v),
                                         dy = tensor<T, 4>({image[0], static_cast<std::size_t>(pool.places(1)),
                                                            static_cast<std::size_t>(pool.places(2)), image[3]},
                                                           d));
    CHECK(same(y, pool.largest(v, std::numeric_limits<T>::lowest()), 0));
    CHECK(same(m, pool.mean(v), 1e-6));
    CHECK(same(gx, pool.largest_gradient(v, d), 1e-6));
    CHECK(same(gm, pool.mean_gradient(d), 1e-6));
  }
}
template <class T>
void check_integers() {
  auto const x = tf::placeholder<"x", T>(tf::shape<n, h, 5, 3>);
  auto const largest = tf::nn::max_pool(x, tf::ksize<2, 2>, tf::strides<2, 1>, tf::padding::SAME);
  tf::Session sess;
  for (std::size_t const height : {1u, 4u}) {
    plain_pool const pool = plain<T>(tf::ksize<2, 2>, tf::strides<2, 1>, tf::padding::SAME, {2, height, 5, 3});
    double const low = std::numeric_limits<T>::lowest();
    std::vector<double> v = tied(pool.elements(), low, std::numeric_limits<T>::max());
    for (std::size_t i = 0; i < 12; ++i) v[i] = low;
    CHECK(same(sess.run(largest, x = tensor<T, 4>({2, height, 5, 3}, v)), pool.largest(v, low), 0));
  }
}

auto const overlapping = [](auto const& x) {
  return tf::square(tf::nn::max_pool(x, tf::ksize<2, 3>, tf::strides<1, 2>, tf::padding::SAME));
};
auto const of_means = [](auto const& x) {
  return tf::exp(tf::nn::avg_pool(tf::sin(x), tf::ksize<3, 2>, tf::strides<2, 1>, tf::padding::EXPLICIT<1, 2, 0, 1>));
};
}  // namespace

TEST_CASE("pools: against plain loops, of one to 33 channels") {
  check_images<float>(tf::shape<n, h, w, 32>, tf::ksize<2, 2>, tf::strides<2, 2>, tf::padding::SAME,
                      {{2, 6, 8, 32}, {1, 7, 5, 32}, {1, 1, 1, 32}, {0, 4, 4, 32}, {3, 0, 4, 32}});
  check_images<float>(tf::shape<n, h, w, 1>, tf::ksize<2, 2>, tf::strides<2, 2>, tf::padding::VALID,
                      {{2, 6, 8, 1}, {1, 7, 2501, 1}, {1, 2, 2, 1}, {0, 4, 4, 1}});
  check_images<float>(tf::shape<n, h, w, 33>, tf::ksize<3, 2>, tf::strides<2, 1>, tf::padding::EXPLICIT<1, 2, 0, 1>,
                      {{2, 5, 4, 33}, {1, 1, 1, 33}, {1, 4, 3, 33}});
  check_images<double>(tf::shape<n, h, w, 3>, tf::ksize<3, 5>, tf::strides<1, 2>, tf::padding::SAME,
                       {{2, 5, 7, 3}, {1, 1, 2, 3}, {1, 2, 700, 3}});
  check_images<double>(tf::shape<tf::dyn, h, w, tf::dyn>, tf::ksize<1, 2>, tf::strides<2, 3>, tf::padding::VALID,
                       {{2, 5, 7, 11}, {1, 4, 2, 1}, {1, 3, 5, 0}});
  check_images<float>(tf::shape<2, 5, 5, 3>, tf::ksize<2, 2>, tf::strides<3, 3>, tf::padding::SAME, {{2, 5, 5, 3}});
}

TEST_CASE("max_pool: of integers") {
  check_integers<std::int32_t>();
  check_integers<std::int8_t>();
  check_integers<std::uint8_t>();
}

TEST_CASE("pools: of volumes") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2, 5, 4, 6, 2>);
  auto const largest = tf::nn::max_pool3d(x, tf::ksize<2, 3, 2>, tf::strides<2, 1, 2>, tf::padding::SAME);
  auto const mean = tf::nn::avg_pool3d(x, tf::ksize<2, 3, 2>, tf::strides<2, 1, 2>, tf::padding::SAME);
  static_assert(decltype(mean)::shape_type::value == tf::dims{5, {2, 3, 4, 3, 2}});
  tf::window_axis const same_axis{2, 2, 1, tf::padding_kind::same};
  plain_pool const pool{{same_axis, {3, 1, 1, tf::padding_kind::same}, same_axis}, {2, 5, 4, 6, 2}};
  std::vector<double> const v = tied(pool.elements());
  auto const [dx] = tf::gradients(largest, x);
  auto const [dm] = tf::gradients(mean, x);
  tf::Session sess;
  auto const [y, m, gx, gm] = sess.run(tf::fetch(largest, mean, dx, dm), x = tensor<float, 5>({2, 5, 4, 6, 2}, v));
  std::vector<double> const ones(pool.results(), 1.0);
  CHECK(same(y, pool.largest(v, -1e30), 0));
  CHECK(same(m, pool.mean(v)));
  CHECK(same(gx, pool.largest_gradient(v, ones)));
  CHECK(same(gm, pool.mean_gradient(ones)));
}

TEST_CASE("max_pool: NaN and infinities as in TensorFlow") {
  double const lowest = std::numeric_limits<float>::lowest();
  auto const x = tf::placeholder<"x", float>(tf::shape<1, 4, 4, 1>);
  auto const y = tf::nn::max_pool(x, tf::ksize<2, 2>, tf::strides<1, 1>, tf::padding::VALID);
  auto const dy = tf::placeholder<"dy", float>(tf::shape<1, 3, 3, 1>);
  auto const [dx] = tf::gradients(y * dy, x);
  tf::Session sess;
  // The first of a window takes the gradient where all are NaN: tensorflow/python/kernel_tests/pooling_ops_test.py.
  auto const [of_nan, gradient_of_nan] =
      sess.run(tf::fetch(y, dx), x = tensor<float, 4>({1, 4, 4, 1}, std::vector<double>(16, not_a_number)),
               dy = tensor<float, 4>({1, 3, 3, 1}, {11, 12, 13, 15, 16, 17, 19, 20, 21}));
  CHECK(same(of_nan, std::vector<double>(9, lowest), 0));
  CHECK(same(gradient_of_nan, {11, 12, 13, 0, 15, 16, 17, 0, 19, 20, 21, 0, 0, 0, 0, 0}, 0));
  // No number is smaller than NaN, and none replaces one that comes first.
  auto const [some, gradient_of_some] =
      sess.run(tf::fetch(y, dx),
               x = tensor<float, 4>({1, 4, 4, 1}, {1, not_a_number, -infinity, -infinity, 0, 2, -infinity, -infinity, 3,
                                                   infinity, 4, not_a_number, 5, 6, not_a_number, 7}),
               dy = tensor<float, 4>({1, 3, 3, 1}, {1, 2, 4, 8, 16, 32, 64, 128, 256}));
  CHECK(same(some, {2, 2, lowest, infinity, infinity, 4, infinity, infinity, 7}, 0));
  CHECK(same(gradient_of_some, {0, 2, 4, 0, 0, 1, 0, 0, 0, 8 + 16 + 64 + 128, 32, 0, 0, 0, 0, 256}, 0));
}

TEST_CASE("pools: derivatives of any order, static and symbolic") {
  std::vector<double> const at = spread(24, -1, 1);
  check_gradient(tf::shape<1, 3, 4, 2>, std::array<std::size_t, 4>{1, 3, 4, 2}, at, overlapping, of_means);
  check_gradient(tf::shape<n, h, 4, 2>, std::array<std::size_t, 4>{1, 3, 4, 2}, at, overlapping, of_means);
}

TEST_CASE("pools: a late shape, handles, flops") {
  auto const u = tf::placeholder<"u", float>();
  auto const pooled = tf::nn::max_pool(u, tf::ksize<2, 2>, tf::strides<2, 2>, tf::padding::SAME);
  tf::Session sess;
  CHECK(same(sess.run(pooled, u = tensor<float, 4>({1, 2, 3, 1}, {1, 5, 2, 4, 3, 6})), {5, 6}));
  auto const twice = tf::build([](auto x) {
    for (int i = 0; i < 2; ++i) x = tf::nn::avg_pool(x, tf::ksize<2, 2>, tf::strides<2, 2>, tf::padding::VALID);
    return x;
  });
  constexpr auto image = tf::placeholder<"x", float>(tf::shape<1, 4, 4, 1>);
  CHECK(same(sess.run(twice(image), image = tensor<float, 4>({1, 4, 4, 1}, spread(16, 1, 1))), {1}));
  static_assert(tf::plan(tf::nn::max_pool(image, tf::ksize<2, 2>, tf::strides<2, 2>, tf::padding::SAME)).flops() == 16);
}
