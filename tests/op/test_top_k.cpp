// SPDX-License-Identifier: Apache-2.0
#include <numeric>
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto n = tf::dim<"n">;

std::vector<int> sorted_places(double const* row, int length) {
  std::vector<int> places(static_cast<std::size_t>(length));
  std::iota(places.begin(), places.end(), 0);
  std::sort(places.begin(), places.end(), [row](int a, int b) {
    if (std::isnan(row[a]) != std::isnan(row[b])) return std::isnan(row[b]);
    return row[a] > row[b] || (!(row[a] < row[b]) && a < b);
  });
  return places;
}
template <class T, int K, class Shape>
void check_rows(Shape shape, int height, int width, std::vector<double> values) {
  CAPTURE(K);
  CAPTURE(width);
  for (double& v : values) v = static_cast<double>(static_cast<T>(v));
  auto const x = tf::placeholder<"x", T>(shape);
  auto const [best, where] = tf::nn::top_k(x, tf::k<K>);
  auto const size = [](int i) { return static_cast<std::size_t>(i); };
  auto const fed = tensor<T, 2>({size(height), size(width)}, values);
  tf::Session sess;
  auto const [b, w] = sess.run(tf::fetch(best, where), x = fed);
  std::vector<double> expected, places;
  for (int i = 0; i < height; ++i) {
    double const* const row = values.data() + i * width;
    std::vector<int> const order = sorted_places(row, width);
    for (int j = 0; j < K; ++j) {
      expected.push_back(row[order[size(j)]]);
      places.push_back(order[size(j)]);
    }
  }
  CHECK(same(b, expected, 0));
  CHECK(same(w, places, 0));
  CHECK(same(sess.run(best, x = fed), expected, 0));
  CHECK(same(sess.run(where, x = fed), places, 0));
}

auto const two = [](auto const& x) {
  auto const [values, places] = tf::nn::top_k(x, tf::k<2>);
  return tf::square(values);
};
auto const ordered = [](auto const& x) {
  auto const [values, places] = tf::nn::top_k(tf::sin(x), tf::k<6>);
  auto const [a, b, c] = tf::split(values, tf::parts<3>, tf::axis<1>);
  return a * b * tf::cast<double>(std::get<0>(tf::split(places, tf::parts<3>, tf::axis<1>)) + 1);
};
auto const most = [](auto const& x) { return tf::exp(std::get<0>(tf::nn::top_k(x, tf::k<1>))); };
}  // namespace

TEST_CASE("top_k: against a sort of each row") {
  check_rows<float, 3>(tf::shape<7, 33>, 7, 33, spread(7 * 33, -1, 1));
  check_rows<double, 17>(tf::shape<n, 17>, 3, 17, spread(3 * 17, -1, 1));
  check_rows<float, 1>(tf::shape<tf::dyn, tf::dyn>, 5, 29, spread(5 * 29, -1, 1));
  check_rows<std::int32_t, 5>(tf::shape<4, 31>, 4, 31, spread(4 * 31, 0, 6));
  check_rows<std::uint8_t, 9>(tf::shape<3, n>, 3, 40, spread(3 * 40, 0, 250));
  check_rows<std::int64_t, 2>(tf::shape<3, 2>, 3, 2, {1, 2, 2, 2, 5, -5});
  check_rows<float, 0>(tf::shape<2, 3>, 2, 3, {1, 2, 3, 4, 5, 6});
  check_rows<float, 2>(tf::shape<n, 3>, 0, 3, {});
}

TEST_CASE("top_k: NaN comes last, the lower place first among equals") {
  double const nan = not_a_number;
  check_rows<double, 3>(tf::shape<3, 4>, 3, 4, {nan, 1, 2, nan, 1, nan, -infinity, 1, nan, nan, nan, nan});
  check_rows<float, 4>(tf::shape<2, 4>, 2, 4, {nan, -infinity, infinity, nan, 0, -0.0, 0, nan});
  check_rows<float, 1>(tf::shape<2, 3>, 2, 3, {nan, -1, -1, nan, nan, nan});
}

TEST_CASE("top_k: more than a row has are refused when that is known") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2, n>);
  auto const both = tf::nn::top_k(x, tf::k<3>);
  auto const best = std::get<0>(both);
  auto const where = std::get<1>(both);
  static_assert(decltype(where)::shape_type::value == tf::dims{2, {2, 3}});
  tf::Session sess;
  CHECK(same(sess.run(best, x = counted_matrix(2, 3)), {3, 2, 1, 6, 5, 4}));
  CHECK(refusal([&] { sess.run(best, x = counted_matrix(2, 2)); }) != "");
  auto const v = tf::constant({3.0f, 5.0f, 4.0f});
  CHECK(same(sess.run(std::get<1>(tf::nn::top_k(v, tf::k<2>))), {1, 2}));
}

TEST_CASE("top_k: gradients, static and symbolic") {
  std::vector<double> const at = spread(12, -1, 1);
  check_gradient(tf::shape<2, 6>, std::array<std::size_t, 2>{2, 6}, at, two, ordered, most);
  check_gradient(tf::shape<n, 6>, std::array<std::size_t, 2>{2, 6}, at, two, ordered);
}

TEST_CASE("top_k: the gradient follows the places that are fed; it drops those that no row has") {
  auto const x = tf::placeholder<"x", double>(tf::shape<1, 4>);
  auto const [best, where] = tf::nn::top_k(x, tf::k<2>);
  auto const [dx] = tf::gradients(best, x);
  tf::Session sess;
  CHECK(same(sess.run(dx, x = {{4, 3, 2, 1}}), {1, 1, 0, 0}));
  CHECK(same(sess.run(dx, x = {{4, 3, 2, 1}}, where = {{3, 3}}), {0, 0, 0, 2}));
  CHECK(same(sess.run(dx, x = {{4, 3, 2, 1}}, where = {{-1, 4}}), {0, 0, 0, 0}));
}
