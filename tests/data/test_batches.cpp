// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <array>
#include <atomic>
#include <chrono>
#include <set>
#include <stdexcept>
#include <string>
#include <tfx/data/batches.hpp>
#include <tfx/data/prefetch.hpp>
#include <thread>
#include <vector>
#include <xtensor/xview.hpp>

namespace data = tfx::data;
namespace errors = tfx::errors;
using tfx::i64;

namespace {

/// n rows of two numbers, 10 i and 10 i + 1.
xt::xtensor<float, 2> rows(std::size_t n) {
  xt::xtensor<float, 2> x({n, 2});
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < 2; ++k) x(i, k) = static_cast<float>(10 * i + k);
  return x;
}
std::vector<i64> numbers(std::size_t n) {
  std::vector<i64> y(n);
  for (std::size_t i = 0; i < n; ++i) y[i] = static_cast<i64>(i);
  return y;
}
/// The rows' numbers in the order of a pass, and the sizes of its batches.
struct pass {
  std::vector<i64> order;
  std::vector<std::size_t> sizes;
};
template <class Set>
pass walk(Set&& set) {
  pass result;
  for (auto& [xs, ys] : set) {
    result.sizes.push_back(ys.size());
    for (std::size_t i = 0; i < ys.size(); ++i) {
      result.order.push_back(ys(i));
      CHECK(xs(i, 1) == static_cast<float>(10 * ys(i) + 1));
    }
  }
  return result;
}

}  // namespace

TEST_CASE("batches: a pass gives all rows in order, and a smaller batch at the end") {
  auto const x = rows(7);
  auto const y = numbers(7);
  auto set = data::Dataset::from_tensor_slices(x, y).batch(3);
  CHECK(set.size() == 3);
  for (int epoch = 0; epoch < 2; ++epoch) {
    auto const [order, sizes] = walk(set);
    CHECK(order == y);
    CHECK(sizes == std::vector<std::size_t>{3, 3, 1});
  }
  // Batches that are as large as all, and larger.
  CHECK(walk(data::Dataset::from_tensor_slices(x, y).batch(7)).sizes == std::vector<std::size_t>{7});
  CHECK(walk(data::Dataset::from_tensor_slices(x, y).batch(100)).sizes == std::vector<std::size_t>{7});
}

TEST_CASE("batches: shuffled, each pass has every row once in another order, and a seed tells which") {
  auto const x = rows(50);
  auto const y = numbers(50);
  auto set = data::Dataset::from_tensor_slices(x, y).shuffle(7).batch(8);
  std::set<std::vector<i64>> orders;
  std::vector<i64> first;
  for (int epoch = 0; epoch < 4; ++epoch) {
    auto const order = walk(set).order;
    CHECK(std::set<i64>(order.begin(), order.end()).size() == 50);
    if (epoch == 0) first = order;
    orders.insert(order);
  }
  CHECK(orders.size() == 4);
  CHECK(walk(data::Dataset::from_tensor_slices(x, y).shuffle(7).batch(13)).order == first);
  CHECK(walk(data::Dataset::from_tensor_slices(x, y).shuffle(8).batch(8)).order != first);
}

TEST_CASE("batches: a pass that is left starts anew") {
  auto const y = numbers(5);
  auto set = data::Dataset::from_tensor_slices(y).batch(2);
  for (auto& [ys] : set) {
    CHECK(ys(0) == 0);
    break;
  }
  i64 sum = 0;
  for (auto& [ys] : set)
    for (i64 v : ys) sum += v;
  CHECK(sum == 10);
}

TEST_CASE("batches: after skip come the batches that would have come") {
  auto const x = rows(7);
  auto const y = numbers(7);
  auto const make = [&] { return data::Dataset::from_tensor_slices(x, y).shuffle(5).batch(3); };
  std::vector<std::vector<i64>> all;  // the batches of four passes
  auto whole = make();
  for (int epoch = 0; epoch < 4; ++epoch)
    for (auto& [xs, ys] : whole) all.emplace_back(ys.begin(), ys.end());
  REQUIRE(all.size() == 12);
  auto const check = [&](auto&& set, std::size_t at) {
    for (std::size_t epoch = at / 3; epoch < 4; ++epoch)
      for (auto& [xs, ys] : set) CHECK(std::vector<i64>(ys.begin(), ys.end()) == all[at++]);
    CHECK(at == 12);
  };
  for (std::size_t at = 0; at <= 12; ++at) {
    auto set = make();
    set.skip(static_cast<i64>(at));
    check(set, at);
    auto parts = make();
    parts.skip(static_cast<i64>(at / 2));
    parts.skip(static_cast<i64>(at - at / 2));
    check(parts, at);
    auto ahead = data::prefetch(make());
    ahead.skip(static_cast<i64>(at));
    check(ahead, at);
  }
  // A pass that was begun is over.
  auto begun = make();
  begun.begin();
  begun.skip(1);
  check(begun, 4);
  auto none = data::Dataset::from_tensor_slices(rows(0)).batch(2);
  none.skip(5);
  for (auto& batch : none) CHECK(std::get<0>(batch).size() == 1);  // there is none
  CHECK_THROWS_AS(none.skip(-1), errors::InvalidArgumentError);
}

TEST_CASE("batches: arrays of any dtype and rank, views, lists of lists; temporaries are kept") {
  auto const x = rows(6);
  auto set =
      data::Dataset::from_tensor_slices(
          xt::xtensor<double, 3>({6, 2, 2}, 0.5), std::vector<std::string>{"a", "b", "c", "d", "e", "f"},
          std::vector<bool>{true, false, true, false, true, false}, xt::view(x, xt::all(), 1),
          std::vector<std::vector<int>>{{0, 1, 2}, {3, 4, 5}, {6, 7, 8}, {9, 10, 11}, {12, 13, 14}, {15, 16, 17}},
          std::array<std::array<float, 2>, 6>{{{0, 1}, {2, 3}, {4, 5}, {6, 7}, {8, 9}, {10, 11}}})
          .batch(4);
  int batch = 0;
  for (auto& [cubes, names, flags, seconds, lists, pairs] : set) {
    std::size_t const n = batch == 0 ? 4 : 2, first = batch == 0 ? 0 : 4;
    CHECK(cubes.shape() == std::array<std::size_t, 3>{n, 2, 2});
    CHECK(names(1) == (batch == 0 ? "b" : "f"));
    CHECK(flags(0));
    CHECK(!flags(1));
    CHECK(seconds(1) == static_cast<float>(10 * (first + 1) + 1));
    CHECK(lists(1, 2) == static_cast<int>(3 * (first + 1) + 2));
    CHECK(pairs(1, 1) == static_cast<float>(2 * (first + 1) + 1));
    ++batch;
  }
  CHECK(batch == 2);
}

TEST_CASE("batches: no rows are no batches; rows of nothing are counted") {
  xt::xtensor<float, 2> const none({0, 3}), narrow({5, 0});
  auto empty = data::Dataset::from_tensor_slices(none).shuffle().batch(2);
  CHECK(empty.size() == 0);
  for (auto& [xs] : empty) FAIL(xs.size());
  std::size_t count = 0;
  for (auto& [xs] : data::Dataset::from_tensor_slices(narrow).batch(2)) count += xs.shape(0);
  CHECK(count == 5);
}

TEST_CASE("batches: arrays that do not belong together, ragged lists and batches of nothing are refused") {
  auto const x = rows(5);
  auto const y = numbers(4);
  CHECK_THROWS_WITH_AS(data::Dataset::from_tensor_slices(x, y),
                       "from_tensor_slices: Dimensions 5 and 4 are not compatible", errors::InvalidArgumentError);
  CHECK_THROWS_AS(data::Dataset::from_tensor_slices(std::vector<std::vector<int>>{{1, 2}, {3}}),
                  errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(data::Dataset::from_tensor_slices(x).batch(0),
                       "batch_size must be greater than zero. Received: 0.", errors::InvalidArgumentError);
}

TEST_CASE("prefetch: the batches are those of the set, pass after pass") {
  auto const x = rows(23);
  auto const y = numbers(23);
  auto plain = data::Dataset::from_tensor_slices(x, y).shuffle(3).batch(5);
  auto ahead = data::prefetch(data::Dataset::from_tensor_slices(x, y).shuffle(3).batch(5));
  CHECK(ahead.size() == 5);
  for (int epoch = 0; epoch < 3; ++epoch) {
    auto const expected = walk(plain), given = walk(ahead);
    CHECK(given.order == expected.order);
    CHECK(given.sizes == expected.sizes);
  }
  // A pass that is left, and a set that has a name.
  auto again = data::prefetch(plain);
  for (auto& [xs, ys] : again) {
    CHECK(ys.size() == 5);
    break;
  }
  CHECK(walk(again).order.size() == 23);
  std::vector<float> const none;
  for (auto& [xs] : data::prefetch(data::Dataset::from_tensor_slices(none).batch(2))) FAIL(xs.size());
}

TEST_CASE("prefetch: a function's values come in order, each made while the one before is used") {
  std::atomic<int> made{0};
  {
    auto next = data::prefetch([&made, i = 0]() mutable {
      ++made;
      return std::vector<int>(3, i++);
    });
    for (int i = 0; i < 100; ++i) CHECK(next() == std::vector<int>(3, i));
    while (made.load() < 101) std::this_thread::yield();  // the next one is made though nobody has asked for it
  }
  CHECK(made.load() == 101);
  // Ended before anything was taken.
  for (int i = 0; i < 50; ++i) data::prefetch([] { return 1; });
}

TEST_CASE("prefetch: what making a value throws comes out where it is taken, each time") {
  auto next = data::prefetch([i = 0]() mutable {
    if (i == 2) throw errors::DataLossError("the third is damaged");
    return i++;
  });
  CHECK(next() == 0);
  CHECK(next() == 1);
  for (int again = 0; again < 2; ++again) CHECK_THROWS_WITH_AS(next(), "the third is damaged", errors::DataLossError);
  // Thrown while nobody takes anything.
  {
    auto unused = data::prefetch([]() -> int { throw std::runtime_error("nobody looks"); });
  }
}
