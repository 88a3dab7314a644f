// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <support/op_test.hpp>
#include <tfx/op/array/unique.hpp>

namespace tf = tfx;
using op_test::same, op_test::spread;

namespace {
/// Compares with a map of what was met.
template <class T>
void check_unique(std::vector<T> const& values) {
  auto const x = tf::placeholder<"x", T>(tf::shape<tf::dim<"n">>);
  auto const [y, index, count] = tf::unique_with_counts(x);
  auto const [z, long_index] = tf::unique<std::int64_t>(x);
  tf::Session sess;
  std::map<T, double> met;
  std::vector<T> first;
  std::vector<double> at, often;
  for (T const& v : values) {
    if (met.emplace(v, static_cast<double>(first.size())).second) {
      first.push_back(v);
      often.push_back(0);
    }
    at.push_back(met[v]);
    ++often[static_cast<std::size_t>(met[v])];
  }
  auto const [got, places, counts, again, wide] = sess.run(tf::fetch(y, index, count, z, long_index), x = values);
  REQUIRE(got.size() == first.size());
  REQUIRE(again.size() == first.size());
  for (std::size_t i = 0; i < first.size(); ++i) CHECK((got(i) == first[i] && again(i) == first[i]));
  CHECK((same(places, at) && same(wide, at) && same(counts, often)));
}
template <class T>
std::vector<T> drawn(std::size_t n, double low, double high) {
  std::vector<T> out;
  for (double const v : spread(n, low, high, 5)) out.push_back(static_cast<T>(v));
  return out;
}

[[maybe_unused]] auto const v = tf::placeholder<"v", std::int64_t>(tf::shape<5>);
static_assert(std::tuple_size_v<decltype(tf::unique(v))> == 2);
static_assert(std::tuple_element_t<0, decltype(tf::unique(v))>::shape == tf::shape<tf::dyn>);
static_assert(std::tuple_element_t<1, decltype(tf::unique(v))>::shape == tf::shape<5>);
static_assert(std::is_same_v<std::tuple_element_t<1, decltype(tf::unique(v))>::value_type, int>);
}  // namespace

TEST_CASE("unique: values in the order in which they are first met, of numbers and strings") {
  for (std::size_t n : {0u, 1u, 2u, 17u, 1000u}) {
    check_unique<std::int8_t>(drawn<std::int8_t>(n, -100, 100));
    check_unique<std::int32_t>(drawn<std::int32_t>(n, -5, 5));
    check_unique<std::int64_t>(drawn<std::int64_t>(n, -1e12, 1e12));
    check_unique<float>(drawn<float>(n, -3, 3));
    std::vector<double> rounded = spread(n, -20, 20);
    for (double& d : rounded) d = std::round(d) / 8;
    check_unique<double>(rounded);
    std::vector<std::string> texts;
    for (int const i : drawn<int>(n, 0, 30))
      texts.push_back("a text that is longer than fifteen letters " + std::to_string(i));
    check_unique<std::string>(texts);
    check_unique<double>(std::vector<double>(n, 0.5));
  }
}
TEST_CASE("unique: numbers that differ by much or little, zeros, NaN, infinities, bool and complex numbers") {
  std::vector<std::int64_t> powers;
  for (int i = 0; i < 63; ++i)
    for (int k = 0; k < 2; ++k) powers.push_back(std::int64_t{1} << i);
  check_unique<std::int64_t>(powers);
  std::vector<double> scales;
  for (int i = -300; i < 300; ++i) scales.push_back(std::pow(2.0, i));
  check_unique<double>(scales);

  auto const x = tf::placeholder<"x", double>(tf::shape<tf::dyn>);
  auto const b = tf::placeholder<"b", bool>(tf::shape<4>);
  auto const [y, index] = tf::unique(x);
  auto const [z, of_z] = tf::unique(tf::complex(x, tf::ones_like(x)));
  auto const [c, of_c] = tf::unique(b);
  double const nan = op_test::not_a_number, inf = op_test::infinity;
  tf::Session sess;
  auto const [values, places, zs, z_places, bits, bit_places] =
      sess.run(tf::fetch(y, index, z, of_z, c, of_c), x = {0.0, -0.0, nan, inf, nan, -inf, inf, 0.0},
               b = {true, true, false, true});
  CHECK(same(values, {0, nan, inf, nan, -inf}));
  CHECK(same(places, {0, 0, 1, 2, 3, 4, 2, 0}));
  CHECK((same(z_places, {0, 0, 1, 2, 3, 4, 2, 0}) && zs.size() == 5));
  CHECK((same(bits, {1, 0}) && same(bit_places, {0, 0, 1, 0})));
  // Many of them take no longer than many others.
  CHECK(sess.run(y, x = std::vector<double>(300000, nan)).size() == 300000);
}
TEST_CASE("unique: derivatives of the values go to where each is first met; sums over equal values") {
  auto const x = tf::placeholder<"x", double>(tf::shape<tf::dyn>);
  auto const [y, index] = tf::unique(x);
  auto const [dx] = tf::gradients(y * y, x);
  auto const sums = tf::build([](auto v) {
    auto const [values, at, count] = tf::unique_with_counts(v);
    return values * tf::cast<double>(count);
  });
  tf::Session sess;
  auto const [d, s, t] = sess.run(tf::fetch(dx, sums(x), tf::jvp(y, x, x)), x = {2, 3, 2, 2, 5});
  CHECK((same(d, {4, 6, 0, 0, 10}) && same(s, {6, 3, 5}) && same(t, {2, 3, 5})));
  op_test::check_gradient(tf::shape<4>, std::array<std::size_t, 1>{4}, {0.5, 1, 2, 0.25}, [](auto v) {
    return std::get<0>(tf::unique(v)) * tf::reduce_sum(std::get<0>(tf::unique(v * v)));
  });
}
