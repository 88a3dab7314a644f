// SPDX-License-Identifier: Apache-2.0
#include <estimator/models.hpp>

using namespace estimator_test;
namespace inputs = tf::estimator::inputs;

namespace {
/// The first numbers of the batches' rows, a batch to a list.
template <class Input>
std::vector<std::vector<int>> batches_of(Input const& input, int most, i64 begun = 0) {
  auto source = input.open(begun);
  typename decltype(source)::value_type batch;
  std::vector<std::vector<int>> all;
  while (static_cast<int>(all.size()) < most && source.next(batch)) {
    all.emplace_back();
    for (int const v : std::get<0>(batch)) all.back().push_back(v);
  }
  return all;
}
using lists = std::vector<std::vector<int>>;
}  // namespace

TEST_CASE("numpy_input_fn: rows in their order, the last batch what is left, as often as epochs say") {
  std::vector<int> const x{0, 1, 2, 3, 4};
  std::vector<float> const y{0, 1, 2, 3, 4};
  CHECK(batches_of(inputs::numpy_input_fn(x, y, {.batch_size = 2}), 100) == lists{{0, 1}, {2, 3}, {4}});
  CHECK(batches_of(inputs::numpy_input_fn(x, {.batch_size = 3, .num_epochs = 2}), 100) ==
        lists{{0, 1, 2}, {3, 4}, {0, 1, 2}, {3, 4}});
  CHECK(batches_of(inputs::numpy_input_fn(x, y), 100) == lists{{0, 1, 2, 3, 4}});
  CHECK(batches_of(inputs::numpy_input_fn(x, y, {.batch_size = 4, .num_epochs = 0}), 5) ==
        lists{{0, 1, 2, 3}, {4}, {0, 1, 2, 3}, {4}, {0, 1, 2, 3}});
}

TEST_CASE("numpy_input_fn: a shuffled pass has every row once, another pass another order, the same seed the same") {
  std::vector<int> x(50);
  for (int i = 0; i < 50; ++i) x[static_cast<std::size_t>(i)] = i;
  auto const input = inputs::numpy_input_fn(x, {.batch_size = 50, .num_epochs = 2, .shuffle = true});
  lists const all = batches_of(input, 100);
  REQUIRE(all.size() == 2);
  CHECK(all[0] != x);
  CHECK(all[0] != all[1]);
  for (auto each : all) {
    std::sort(each.begin(), each.end());
    CHECK(each == x);
  }
  CHECK(batches_of(input, 100) == all);
  auto const other = inputs::numpy_input_fn(x, {.batch_size = 50, .num_epochs = 2, .shuffle = true, .seed = 2});
  CHECK(batches_of(other, 100) != all);
}

TEST_CASE("numpy_input_fn: an endless input goes on where the steps before stopped") {
  std::vector<int> x(7);
  for (int i = 0; i < 7; ++i) x[static_cast<std::size_t>(i)] = i;
  for (bool const shuffle : {false, true}) {
    auto const input = inputs::numpy_input_fn(x, {.batch_size = 3, .num_epochs = 0, .shuffle = shuffle});
    lists const all = batches_of(input, 20);
    for (int begun = 0; begun < 15; ++begun)
      CHECK(batches_of(input, 5, begun) == lists(all.begin() + begun, all.begin() + begun + 5));
  }
  // One that ends begins a pass, in an order of its own where rows are shuffled.
  auto const ordered = inputs::numpy_input_fn(x, {.batch_size = 3});
  CHECK(batches_of(ordered, 100, 4) == lists{{0, 1, 2}, {3, 4, 5}, {6}});
  auto const shuffled = inputs::numpy_input_fn(x, {.batch_size = 7, .num_epochs = 1, .shuffle = true});
  CHECK(batches_of(shuffled, 100, 1) != batches_of(shuffled, 100));
}

TEST_CASE("numpy_input_fn: what has a name is referred to, a temporary is kept, several features are a tuple") {
  std::vector<int> x{1, 2, 3};
  auto const refers = inputs::numpy_input_fn(x, {.batch_size = 2});
  auto const keeps = inputs::numpy_input_fn(std::vector<int>{1, 2, 3}, {.batch_size = 2});
  x[0] = 7;
  CHECK(batches_of(refers, 9) == lists{{7, 2}, {3}});
  CHECK(batches_of(keeps, 9) == lists{{1, 2}, {3}});

  std::vector<float> const other{5, 6, 7};
  auto const several = inputs::numpy_input_fn(std::tie(x, other), std::vector<i64>{1, 0, 1}, {.batch_size = 2});
  auto source = several.open(0);
  decltype(source)::value_type batch;
  REQUIRE((source.next(batch) && source.next(batch)));
  CHECK(std::get<0>(batch)(0) == 3);
  CHECK(std::get<1>(batch)(0) == 7);
  CHECK(std::get<2>(batch)(0) == 1);
}

TEST_CASE("numpy_input_fn: what it refuses") {
  using Error = tf::errors::InvalidArgumentError;
  std::vector<float> const x{1, 2, 3}, short_of{1, 2}, none;
  CHECK(message<Error>([&] { inputs::numpy_input_fn(x, short_of, {}); }) ==
        "Length of tensors in x and y is mismatched. All elements in x and y must have the same length: 3 rows in x, 2 "
        "in y");
  CHECK(message<Error>([&] { inputs::numpy_input_fn(std::tie(x, short_of), x, {}); }).find("2 in x[1]") !=
        std::string::npos);
  CHECK(message<Error>([&] { inputs::numpy_input_fn(none, none, {}); }) == "numpy_input_fn: x has no rows");
  CHECK(message<Error>([&] { inputs::numpy_input_fn(x, {.batch_size = 0}); }) ==
        "numpy_input_fn: batch_size must be greater than zero. Received: 0.");
  CHECK(message<Error>([&] { inputs::numpy_input_fn(x, {.num_epochs = -1}); }).find("Received: -1.") !=
        std::string::npos);
  // Arrays that a program changed are looked at again.
  std::vector<float> changed{1, 2, 3};
  auto const input = inputs::numpy_input_fn(changed, x, {});
  changed.pop_back();
  CHECK(message<Error>([&] { input.open(0); }).find("2 rows in x, 3 in y") != std::string::npos);
}
