// SPDX-License-Identifier: Apache-2.0
// Numbers that ride in expressions: what makes two of them one, who frees them, and what tells two places apart.
#include <doctest/doctest.h>
#include <limits>
#include <string>
#include <tfx/graph/literal.hpp>
#include <tfx/graph/site.hpp>
#include <vector>

namespace tf = tfx;
using tf::i64;
using tf::literal;
using tf::literal_array;
using tf::make_literal;
using tf::u64;
using tf::detail::literal_source;

namespace {

// site
// -----------------------------------------------------------------------------------------------------------------

template <u64 Context, class Site = decltype([] {})>
constexpr int here() {
  return tf::site_index<Context, Site>;
}
using first_place = decltype([] {});
using second_place = decltype([] {});

/// Places of one context are numbered apart, a place keeps its number, and a context knows nothing of another.
static_assert(tf::site_index<1, first_place> == 0 && tf::site_index<1, second_place> == 1);
static_assert(tf::site_index<1, first_place> == 0 && tf::site_index<2, second_place> == 0);
static_assert(tf::site_index<2, first_place> == 1);
constexpr int places[] = {here<3>(), here<3>(), here<3>(), here<4>(), here<3>()};
static_assert(places[0] == 0 && places[1] == 1 && places[2] == 2 && places[3] == 0 && places[4] == 3);
template <class Site = decltype([] {})>
constexpr int twice(int) {
  return here<5, Site>() * 10 + here<5, Site>();
}
constexpr int helped[] = {twice(0), twice(1)};
static_assert(helped[0] == 0 && helped[1] == 11);

// literals
// -------------------------------------------------------------------------------------------------------------

int freed = 0;  // arrays of `array_of`

/// An array of integers as a constant is one: equal to those of the same shape and elements.
literal array_of(tf::dims const& shape, std::vector<int> const& elements) {
  literal result;
  result.type = tf::dtype::int32;
  result.array = new literal_array{
      shape,
      [](void const* a, void const* b, i64 count) { return std::memcmp(a, b, sizeof(int) * std::size_t(count)) == 0; },
      [](void* data) {
        ++freed;
        delete[] static_cast<int*>(data);
      }};
  int* const data = new int[elements.size()];
  for (std::size_t i = 0; i < elements.size(); ++i) data[i] = elements[i];
  result.array->data = data;
  return result;
}
/// The one user that `make_literal` counts goes.
void drop(literal& value) { tf::detail::drop_literals(&value, 1); }

/// An expression that holds these literals; it counts as a user of each beside the caller.
template <int Count>
tf::own_literals<Count> holding(literal const (&values)[Count]) {
  tf::own_literals<Count> out;
  literal_source const source{values, nullptr, Count};
  out.fill(&source, 1, Count);
  return out;
}
tf::shared_literals sharing(std::vector<literal> const& values) {
  std::vector<int> places;  // told, or the values would have to be a block's
  for (std::size_t i = 0; i < values.size(); ++i) places.push_back(int(i));
  tf::shared_literals out;
  literal_source const source{values.data(), places.data(), int(values.size())};
  out.fill(&source, 1, int(values.size()));
  return out;
}

template <class T>
void check_scalars(std::vector<T> const& values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t k = 0; k < values.size(); ++k) {
      literal a = make_literal(values[i]), b = make_literal(values[k]);
      CHECK((a == b) == (i == k));  // by bits: NaN is itself, and no zero is the other
      CHECK(a.type == tf::dtype_of<T>);
      CHECK((a.array == nullptr) == (sizeof(T) <= 8));
      drop(a), drop(b);
    }
}
/// The number that a message about a scalar names.
template <class T>
std::string number(T value) {
  return tf::detail::number_text(tf::detail::number_of(make_literal(value))).text;
}

/// What f is refused with.
template <class F>
std::string refusal(F f) {
  try {
    f();
  } catch (tf::errors::InvalidArgumentError const& e) {
    return e.what();
  }
  return {};
}

}  // namespace

TEST_CASE("literal: scalars are one where their bits are") {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  check_scalars<float>({0, -0.0f, 1, nan, -nan, std::numeric_limits<float>::denorm_min()});
  check_scalars<double>({0, -0.0, 1, double(nan)});
  check_scalars<i64>({0, 1, -1, std::numeric_limits<i64>::min()});
  check_scalars<std::int8_t>({0, 1, -1});
  check_scalars<bool>({false, true});
  check_scalars<std::complex<float>>({{0, 0}, {0, 1}, {1, 0}, {0, -0.0f}});
  check_scalars<std::complex<double>>({{0, 0}, {0, 1}, {1, 0}, {0, -0.0}});  // too long for the bits: an array
}
TEST_CASE("literal: a message names the number that was written, of every dtype") {
  CHECK(number(1.5f) == "1.5");
  CHECK(number(-2.25) == "-2.25");
  CHECK(number(std::int8_t(-128)) == "-128");
  CHECK(number(std::uint8_t(255)) == "255");
  CHECK(number(std::int16_t(-300)) == "-300");
  CHECK(number(std::uint16_t(65535)) == "65535");
  CHECK(number(std::numeric_limits<std::int32_t>::min()) == "-2147483648");
  CHECK(number(~std::uint32_t(0)) == "4294967295");
  CHECK(number(std::numeric_limits<i64>::min()) == "-9223372036854775808");
  CHECK(number(~u64(0)) == "18446744073709551615");
  CHECK(number(true) == "1");
}
TEST_CASE("literal: arrays are one where shape and elements are, and are freed once by whoever leaves last") {
  freed = 0;
  {
    literal values[] = {array_of({1, {2}}, {1, 2}),    array_of({1, {2}}, {1, 2}), array_of({1, {2}}, {1, 3}),
                        array_of({2, {1, 2}}, {1, 2}), array_of({1, {0}}, {}),     make_literal(7)};
    for (literal const& a : values)
      for (literal const& b : values) {
        bool const alike = &a < values + 2 && &b < values + 2;
        CHECK((a == b) == (&a == &b || alike));
      }
    auto const users = [&] { return values[0].array->users; };
    auto one = holding(values);
    CHECK(users() == 2);
    {
      auto const two = one;
      tf::own_literals<6> three;
      three = two;
      CHECK(users() == 4);
      three = *&three;
      CHECK(users() == 4);
      three = tf::own_literals<6>();
      CHECK(users() == 3);
    }
    CHECK(users() == 2);
    for (literal& v : values) drop(v);
    CHECK(freed == 0);
    CHECK(one.literals[2].array->users == 1);
  }
  CHECK(freed == 5);
}
TEST_CASE("literal: expressions of many literals share a block, and merge where none has them all") {
  freed = 0;
  {
    std::vector<literal> values;
    for (int i = 0; i < 10; ++i) values.push_back(array_of({1, {1}}, {i}));
    auto const users = [&](int i) { return values[std::size_t(i)].array->users; };
    tf::shared_literals a = sharing(values);
    CHECK(users(3) == 2);
    tf::shared_literals b = a, c;
    c = b;
    c = *&c;
    CHECK(b.literals == a.literals);
    CHECK(c.literals == a.literals);
    CHECK(users(3) == 2);  // the block is what holds it
    CHECK(tf::detail::literal_block::of(a.literals)->users == 3);
    b = tf::shared_literals();
    CHECK(tf::detail::literal_block::of(a.literals)->users == 2);

    // An input that has all of them, and another with some of those: the block of the first is the result's.
    int const some[] = {4, -1, 6};
    literal const part[] = {values[4], make_literal(1), values[6]};
    literal_source const sources[] = {{part, some, 3}, {a.literals, nullptr, 10}};
    tf::shared_literals same;
    same.fill(sources, 2, 10);
    CHECK(same.literals == a.literals);

    // Two that share a part: each literal once, where the maps say.
    int const low[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, high[] = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    tf::shared_literals const shifted = sharing(
        {values[2], values[3], values[4], values[5], values[6], values[7], values[8], values[9], values[0], values[1]});
    literal_source const two[] = {{a.literals, low, 10}, {shifted.literals, high, 10}};
    tf::shared_literals all;
    all.fill(two, 2, 12);
    for (int i = 0; i < 12; ++i) CHECK(all.literals[i] == values[std::size_t(i % 10)]);
    CHECK(users(5) == 4);  // this list, two blocks that were there, the new one

    literal const* found[12] = {};
    tf::detail::find_literals(found, two[0]);
    tf::detail::find_literals(found, two[1]);
    for (int i = 0; i < 12; ++i) CHECK((found[i] && *found[i] == values[std::size_t(i % 10)]));
    for (literal& v : values) drop(v);
    CHECK(freed == 0);
  }
  CHECK(freed == 10);
}
TEST_CASE("literal: two values in one place are refused by a run, with both numbers, whichever came first") {
  auto const merged = [](literal const& a, literal const& b) {
    literal_source const sources[] = {{&a, nullptr, 1}, {&b, nullptr, 1}};
    tf::own_literals<1> out;
    out.fill(sources, 2, 1);
    return out;
  };
  auto const run = [](tf::own_literals<1> const& e) {
    literal const* into[1] = {};
    tf::detail::find_literals(into, {e.literals, nullptr, 1});
  };
  std::string const rest =
      "reach one graph through the same place in the source\n"
      "help: give each a name, tf::constant<\"half\">(0.5f), or feed a placeholder";
  literal const two = make_literal(2), three = make_literal(3);
  CHECK_FALSE(merged(two, two).literals[0].refused);
  CHECK(refusal([&] { run(merged(two, two)); }).empty());
  CHECK(refusal([&] { run(merged(two, three)); }) == "two different numbers, 2 and 3, " + rest);
  CHECK(refusal([&] { run(merged(three, two)); }) == "two different numbers, 3 and 2, " + rest);
  // Nothing later makes it good again.
  auto const bad = merged(two, three);
  CHECK(refusal([&] { run(merged(bad.literals[0], two)); }) == "two different numbers, 2 and 3, " + rest);
  CHECK(refusal([&] { run(merged(two, bad.literals[0])); }) == "two different numbers, 2 and 3, " + rest);

  freed = 0;
  literal a = array_of({1, {1}}, {1}), b = array_of({1, {1}}, {2});
  {
    auto const arrays = merged(a, b);
    auto const copy = arrays;
    CHECK(refusal([&] { run(copy); }) == "two different values " + rest);
    drop(a), drop(b);
    CHECK(freed == 0);
  }
  CHECK(freed == 2);

  // Two that only meet in a run.
  literal const* into[1] = {};
  tf::detail::find_literals(into, {&two, nullptr, 1});
  CHECK(refusal([&] { tf::detail::find_literals(into, {&three, nullptr, 1}); }) ==
        "two different numbers, 2 and 3, " + rest);
}
TEST_CASE("literal: a token is one call, unless it is told to be like all others") {
  literal a = tf::detail::make_token(), b = tf::detail::make_token();
  literal alike = tf::detail::make_token(true), as_well = tf::detail::make_token(true);
  CHECK(a == a);
  CHECK_FALSE(a == b);
  CHECK(alike == as_well);
  CHECK(refusal([&] { tf::detail::refuse_literals(a, b); }).find("two calls of one place in the source") == 0);
  for (literal* token : {&a, &b, &alike, &as_well}) drop(*token);
}
