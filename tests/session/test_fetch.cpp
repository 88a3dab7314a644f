// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <span>
#include <string>
#include <support/op_test.hpp>
#include <tuple>
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xview.hpp>

namespace tf = tfx;
using op_test::same;
using tf::errors::InvalidArgumentError;

namespace {
constexpr auto n = tf::dim<"n">;
auto const x = tf::placeholder<"x", float>(tf::shape<n>);
auto const m = tf::placeholder<"m", float>(tf::shape<n, 2>);
auto const w = tf::variable<"w">(tf::ones(tf::shape<>));

std::vector<float> const two{1, 2}, three{1, 2, 3};
xt::xtensor<float, 2> const square{{1, 2}, {3, 4}};

struct statistics {
  decltype(tf::reduce_sum(x)) sum;
  decltype(x * x) squares;
};
}  // namespace

TEST_CASE("fetch: lists nest, and what comes back has their structure") {
  tf::Session sess;
  auto const values = sess.run(tf::fetch(tf::reduce_sum(x), tf::fetch(x + x, tf::fetch(tf::reduce_max(x)))), x = three);
  using inner = std::tuple<xt::xtensor<float, 1>, std::tuple<float>>;
  static_assert(std::is_same_v<decltype(values), std::tuple<float, inner> const>);
  CHECK(std::get<0>(values) == 6);
  CHECK(same(std::get<0>(std::get<1>(values)), {2, 4, 6}));
  CHECK(std::get<1>(std::get<1>(values)) == std::tuple{3.0f});
  CHECK(sess.run(tf::fetch(tf::fetch(tf::reduce_sum(x))), x = two) == std::tuple<std::tuple<float>>{{3.0f}});
}
TEST_CASE("fetch: a tuple, a pair and an array come back as such, an operation in them as tfx::none") {
  tf::Session sess;
  sess.run(w.initializer());
  auto const values = sess.run(
      std::tuple{w, std::pair{w + w, tf::assign_add(w, w)}, std::array{-w, -w}, tf::group(tf::assign_add(w, w))});
  using expected = std::tuple<float, std::pair<float, float>, std::array<float, 2>, tf::none>;
  static_assert(std::is_same_v<decltype(values), expected const>);
  CHECK(std::get<1>(values) == std::pair{2.0f, 2.0f});
  CHECK(std::get<2>(values) == std::array{-1.0f, -1.0f});
}
TEST_CASE("fetch: a plain struct gives a tuple of its members' values") {
  tf::Session sess;
  auto const [sum, squares] = sess.run(statistics{tf::reduce_sum(x), x * x}, x = two);
  CHECK(sum == 3);
  CHECK(same(squares, {1, 4}));
}
TEST_CASE("fetch: numbers that ride in nested fetches keep their places") {
  tf::Session sess;
  auto const [a, rest] =
      sess.run(tf::fetch(tf::reduce_sum(x) * 2.0f, std::pair{tf::reduce_sum(x) * 3.0f, x + 10.0f}), x = two);
  CHECK(a == 6);
  CHECK(rest.first == 9);
  CHECK(same(rest.second, {11, 12}));
}

TEST_CASE("into: a span, vector, array, pointer and variable take what is computed") {
  tf::Session sess;
  std::array<float, 3> array{};
  std::vector<float> vector(4);
  float raw[2][2] = {}, number = 0;
  sess.run(tf::into(x + x, std::span<float>(array)), x = three);
  CHECK(array == std::array<float, 3>{2, 4, 6});
  sess.run(tf::fetch(tf::into(m + m, vector), tf::into(-m, raw), tf::into(tf::reduce_sum(m), number)), m = square);
  CHECK(vector == std::vector<float>{2, 4, 6, 8});
  CHECK(raw[1][0] == -3);
  CHECK(number == 10);
  sess.run(tf::into(x, array.data() + 1, 2), x = two);
  CHECK(array == std::array<float, 3>{2, 1, 2});
}
TEST_CASE("into: memory that does not fit is refused before variables or other memory change") {
  auto const w = tf::variable<"w">(1.0f);
  auto const step = w.assign_add(1.0f);
  auto const s = tf::placeholder<"s", float>(tf::shape<2>);
  tf::Session sess;
  sess.run(w.initializer());
  std::vector<float> one_number(1);
  float small[1] = {3}, large[2] = {7, 7};
  xt::xtensor<float, 2> square_of_one({1, 1});
  CHECK_THROWS_AS(sess.run(tf::fetch(step, tf::into(x, small)), x = two), tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(tf::fetch(step, tf::into(s, one_number)), s = two), tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(tf::fetch(step, tf::into(m, square_of_one)), m = square), tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(tf::fetch(tf::into(x, large), tf::into(x * 2.0f, small)), x = two),
                  tf::errors::InvalidArgumentError);
  CHECK(sess.run(w) == 1);
  CHECK(large[0] == 7);
  sess.run(tf::fetch(step, tf::into(x, large)), x = two);
  CHECK(sess.run(w) == 2);
  CHECK(large[1] == 2);
}
TEST_CASE("into: xtensor containers, views and adaptors of any layout take a tensor of their shape") {
  tf::Session sess;
  xt::xtensor<float, 2> tensor({2, 2}), large = xt::zeros<float>({3, 4});
  xt::xarray<float> array = xt::zeros<float>({2, 2});
  xt::xtensor<float, 2, xt::layout_type::column_major> columns({2, 2});
  std::vector<float> memory(4);
  sess.run(tf::fetch(tf::into(m, tensor), tf::into(m, array), tf::into(m, columns)), m = square);
  CHECK(same(tensor, {1, 2, 3, 4}));
  CHECK(same(array, {1, 2, 3, 4}));
  CHECK((columns(0, 1) == 2 && columns(1, 0) == 3));
  sess.run(tf::into(m, xt::view(large, xt::range(1, 3), xt::range(1, 4, 2))), m = square);
  CHECK(same(large, {0, 0, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4}));
  sess.run(tf::into(m, xt::adapt(memory.data(), 4, xt::no_ownership(), std::array<std::size_t, 2>{2, 2})), m = square);
  CHECK(memory == std::vector<float>{1, 2, 3, 4});
  sess.run(tf::into(x, xt::row(large, 0)), x = std::vector<float>{5, 6, 7, 8});
  CHECK((large(0, 3) == 8 && large(1, 1) == 1));
}
TEST_CASE("into: nothing is resized; another extent is refused with both") {
  tf::Session sess;
  std::vector<float> vector(3);
  xt::xtensor<float, 2> tensor({1, 4});
  CHECK_THROWS_WITH_AS(sess.run(tf::into(x, vector), x = two),
                       "Cannot fetch value of shape [2] into memory of shape [3]", InvalidArgumentError);
  CHECK_THROWS_WITH_AS(sess.run(tf::into(m, tensor), m = square),
                       "Cannot fetch value of shape [2,2] into memory of shape [1,4]", InvalidArgumentError);
  xt::xarray<float> array = xt::zeros<float>({1});
  CHECK_THROWS_AS(sess.run(tf::into(tf::reduce_sum(x), array), x = two), InvalidArgumentError);
}
TEST_CASE("into: arrays of arrays take a tensor of their shape") {
  auto const rows = tf::placeholder<"rows", float>(tf::shape<tf::dyn, 3>);
  auto const six = tf::placeholder<"six", float>(tf::shape<2, 3>);
  xt::xtensor<float, 2> const numbers{{1, 2, 3}, {4, 5, 6}};
  tf::Session sess;
  std::array<std::array<float, 3>, 2> nested{};
  std::vector<std::array<float, 3>> list(2);
  float raw[2][3] = {};
  sess.run(tf::fetch(tf::into(six, nested), tf::into(-six, std::span(list)), tf::into(six + six, raw)), six = numbers);
  CHECK(nested == std::array<std::array<float, 3>, 2>{{{1, 2, 3}, {4, 5, 6}}});
  CHECK(list == std::vector<std::array<float, 3>>{{-1, -2, -3}, {-4, -5, -6}});
  CHECK((raw[0][2] == 6 && raw[1][0] == 8));
  sess.run(tf::fetch(tf::into(rows * 3, nested), tf::into(rows, list)), rows = numbers);
  CHECK((nested[1][2] == 18 && list[1][2] == 6));
  // Rows of nothing have no elements from which to count them.
  std::array<std::array<float, 0>, 2> none{};
  auto const nothing = tf::placeholder<"nothing", float>(tf::shape<tf::dyn, tf::dyn>);
  xt::xtensor<float, 2> const no_columns({2, 0}), no_rows({0, 0});
  sess.run(tf::into(nothing, none), nothing = no_columns);
  CHECK_THROWS_AS(sess.run(tf::into(nothing, none), nothing = no_rows), tf::errors::InvalidArgumentError);
  std::array<std::array<std::array<float, 1>, 3>, 2> deep{};
  sess.run(tf::into(tf::expand_dims(six, tf::axis<2>), deep), six = numbers);
  CHECK(deep[1][0][0] == 4);
  list.resize(3);
  std::array<std::array<float, 3>, 3> larger{};
  CHECK_THROWS_WITH_AS(sess.run(tf::into(rows, list), rows = numbers),
                       "Cannot fetch value of shape [2,3] into memory of shape [3,3]", InvalidArgumentError);
  CHECK_THROWS_WITH_AS(sess.run(tf::into(rows, larger), rows = numbers),
                       "Cannot fetch value of shape [2,3] into memory of shape [3,3]", InvalidArgumentError);
  // What the compiler knows not to fit.
  auto const accepts = [](auto const& tensor, auto& memory) { return requires { sizeof(tf::into(tensor, memory)); }; };
  std::array<float, 6> row{};
  std::array<float, 5> shorter{};
  std::array<std::array<float, 2>, 3> turned{};
  std::array<std::array<double, 3>, 2> doubles{};
  std::array<std::array<float, 3>, 2> const constant{};
  xt::xtensor<float, 1> line;
  xt::xtensor_fixed<float, xt::xshape<3, 2>> fixed;
  CHECK((accepts(six, row) && accepts(six, list) && accepts(six, nested)));
  CHECK(!(accepts(six, shorter) || accepts(six, turned) || accepts(rows, turned) || accepts(six, deep)));
  CHECK(!(accepts(six, doubles) || accepts(six, constant) || accepts(rows, line) || accepts(six, fixed)));
}
TEST_CASE("into: bool and strings, and beside values that come back") {
  auto const s = tf::placeholder<"s", std::string>(tf::shape<2>);
  tf::Session sess;
  bool flags[2] = {};
  std::array<std::string, 2> words;
  auto const [none, sum, rest] =
      sess.run(tf::fetch(tf::into(x > 1.5f, flags), tf::reduce_sum(x), std::pair{tf::into(s, words), x}), x = two,
               s = {"one", "another, too long for a short string"});
  static_assert(std::is_same_v<decltype(none), tf::none const>);
  CHECK((!flags[0] && flags[1]));
  CHECK(sum == 3);
  CHECK(words[1] == "another, too long for a short string");
  CHECK(same(rest.second, {1, 2}));
}
TEST_CASE("into: may write where the run was fed from") {
  tf::Session sess;
  std::vector<float> values{1, 2, 3};
  auto const [none, before] = sess.run(tf::fetch(tf::into(x + x, values), x), x = values);
  CHECK(same(before, {1, 2, 3}));
  CHECK(values == std::vector<float>{2, 4, 6});
}
