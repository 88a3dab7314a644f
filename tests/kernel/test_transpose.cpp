// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cstdint>
#include <tfx/kernel/transpose.hpp>
#include <vector>

using namespace tfx;

namespace {

struct rgb {
  std::uint8_t r = 0, g = 0, b = 0;
  bool operator==(rgb const&) const = default;
};

template <class T>
T element(i64 i) {
  if constexpr (std::is_same_v<T, rgb>) {
    return {std::uint8_t(i), std::uint8_t(i >> 8), 7};
  } else {
    return T(i);
  }
}

template <class T>
bool transposes(i64 rows, i64 cols) {
  std::vector<T> in(std::size_t(rows * cols)), out(in.size() + 1, element<T>(99));
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = element<T>(i64(i));
  kernel::transpose(in.data(), out.data(), rows, cols);
  bool good = out.back() == element<T>(99);
  for (i64 i = 0; i < rows; ++i)
    for (i64 j = 0; j < cols; ++j) good = good && out[std::size_t(j * rows + i)] == in[std::size_t(i * cols + j)];
  return good;
}

template <class T>
bool transposes_every_size() {
  bool good = true;
  for (i64 rows : {0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 33, 64, 65, 100})
    for (i64 cols : {0, 1, 2, 5, 8, 10, 16, 31, 48, 130}) good = good && transposes<T>(rows, cols);
  return good;
}

/// Permutes a tensor of these extents by `order` and compares with index arithmetic.
bool permutes(std::vector<i64> extents, std::vector<int> order) {
  int const rank = int(extents.size());
  std::vector<i64> strides(extents.size(), 1), out_extents, in_strides;
  i64 count = 1;
  for (std::size_t i = extents.size(); i-- > 0; count *= extents[i]) strides[i] = count;
  for (int axis : order) {
    out_extents.push_back(extents[std::size_t(axis)]);
    in_strides.push_back(strides[std::size_t(axis)]);
  }
  std::vector<float> in(std::size_t(count) + 1), out(std::size_t(count) + 1, -1.f);
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = float(i);
  kernel::permute(in.data(), out.data(), rank, out_extents.data(), in_strides.data());
  if (out.back() != -1.f) return false;
  for (i64 o = 0; o < count; ++o) {
    i64 rest = o, from = 0;
    for (std::size_t i = out_extents.size(); i-- > 0; rest /= out_extents[i])
      from += rest % out_extents[i] * in_strides[i];
    if (out[std::size_t(o)] != in[std::size_t(from)]) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("transpose: matrices of every size and element") {
  CHECK(transposes_every_size<float>());
  CHECK(transposes_every_size<double>());
  CHECK(transposes_every_size<std::int32_t>());
  CHECK(transposes_every_size<std::uint8_t>());
  CHECK(transposes_every_size<rgb>());
}

TEST_CASE("permute: any order of axes") {
  CHECK(permutes({}, {}));
  CHECK(permutes({7}, {0}));
  CHECK(permutes({3, 4}, {0, 1}));
  CHECK(permutes({33, 20}, {1, 0}));
  CHECK(permutes({5, 18, 17}, {0, 2, 1}));
  CHECK(permutes({5, 18, 17}, {2, 1, 0}));
  CHECK(permutes({5, 18, 17}, {1, 2, 0}));
  CHECK(permutes({5, 18, 17}, {1, 0, 2}));
  CHECK(permutes({2, 3, 4, 5}, {3, 1, 0, 2}));
  CHECK(permutes({2, 1, 4, 1, 5}, {4, 3, 0, 1, 2}));
  CHECK(permutes({2, 3, 2, 3, 2, 3, 2, 3}, {7, 0, 6, 1, 5, 2, 4, 3}));
  CHECK(permutes({3, 0, 2}, {2, 1, 0}));
}

TEST_CASE("permute: a stride of zero repeats") {
  float const in[3] = {1, 2, 3};
  float out[6] = {};
  i64 const by_rows[2] = {2, 3}, rows[2] = {0, 1}, by_columns[2] = {3, 2}, columns[2] = {1, 0};
  kernel::permute(in, out, 2, by_rows, rows);
  CHECK(std::vector<float>(out, out + 6) == std::vector<float>{1, 2, 3, 1, 2, 3});
  kernel::permute(in, out, 2, by_columns, columns);
  CHECK(std::vector<float>(out, out + 6) == std::vector<float>{1, 1, 2, 2, 3, 3});
}

TEST_CASE("permute: more than 16 axes are refused") {
  std::vector<i64> const extents(17, 1), strides(17, 1);
  float const in = 1;
  float out = 0;
  CHECK_THROWS_AS(kernel::permute(&in, &out, 17, extents.data(), strides.data()), errors::InvalidArgumentError);
}
