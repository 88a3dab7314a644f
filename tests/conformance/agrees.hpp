// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <support/op_test.hpp>
#include <xtensor/xtensor.hpp>

// What the generated tests are written with.
namespace tf = tfx;
using op_test::infinity, op_test::not_a_number;

/// A value to feed, of a dtype and a shape; a plain number for rank 0.
template <class T, std::size_t... Extents>
auto value(std::initializer_list<double> numbers) {
  if constexpr (sizeof...(Extents) == 0) {
    return static_cast<T>(*numbers.begin());
  } else {
    auto tensor = xt::xtensor<T, sizeof...(Extents)>::from_shape({Extents...});
    auto to = tensor.begin();
    for (double number : numbers) *to++ = static_cast<T>(number);
    return tensor;
  }
}

/// Whether a fetched value has this dtype, this shape and these elements.
template <class T, class V>
bool agrees(V const& got, std::vector<std::size_t> const& shape, std::vector<double> const& expected,
            double tolerance) {
  if constexpr (requires { got.shape(); }) {
    static_assert(std::is_same_v<typename V::value_type, T>);
    if (!std::equal(got.shape().begin(), got.shape().end(), shape.begin(), shape.end())) {
      MESSAGE("the shape is not the one expected");
      return false;
    }
  } else {
    static_assert(std::is_same_v<V, T>);
    if (!shape.empty()) return false;
  }
  return op_test::same(got, expected, tolerance);
}
