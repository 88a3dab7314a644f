// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/base/raise.hpp>
#include <tfx/data/tensor_of.hpp>

TFX_BEGIN
namespace keras::utils {

namespace detail {
/// How many columns n labels need: as many as asked for, or one more than the largest label.
[[gnu::noinline]] inline i64 count_classes(i64 const* labels, i64 n, i64 num_classes) {
  if (num_classes < 0)
    raise<errors::InvalidArgumentError>("to_categorical: num_classes must not be negative. Received: %lld",
                                        static_cast<long long>(num_classes));
  i64 const wanted = num_classes;
  if (wanted == 0 && n == 0)
    raise<errors::InvalidArgumentError>("to_categorical: without labels, num_classes must be given");
  i64 const largest = n > 0 ? *std::max_element(labels, labels + n) : -1;
  i64 const smallest = n > 0 ? *std::min_element(labels, labels + n) : 0;
  constexpr i64 most = i64{1} << 40;
  if (smallest < 0)
    raise<errors::InvalidArgumentError>("to_categorical: label %lld is negative", static_cast<long long>(smallest));
  if (wanted > 0 && largest >= wanted)
    raise<errors::InvalidArgumentError>("to_categorical: label %lld is too large for a num_classes of %lld",
                                        static_cast<long long>(largest), static_cast<long long>(wanted));
  i64 const last = wanted > 0 ? wanted - 1 : largest;
  if (last >= most / std::max<i64>(n, 1))
    raise<errors::InvalidArgumentError>("to_categorical: %lld labels of up to %lld need too many columns",
                                        static_cast<long long>(n), static_cast<long long>(last));
  return last + 1;
}
}  // namespace detail

/// One-hot rows of class numbers, [...] to [..., num_classes]: `to_categorical({0, 2}, 3)` is {{1, 0, 0}, {0, 0, 1}}.
/// Without `num_classes` there are as many as the largest label needs. Numbers of any dtype that are whole will do.
/// Where Keras takes a label below 0 for one from the end, and cuts 1.5 to 1, this refuses; and [n, 1] gives
/// [n, 1, num_classes], since the type tells the rank and not that the extent is 1.
template <class T = float, data::detail::array_of_rank V>
row_major_tensor<T, data::detail::rank_of<V> + 1> to_categorical(V const& labels, i64 num_classes = 0) {
  auto const numbers = data::detail::tensor_of<i64>(labels);
  i64 const n = static_cast<i64>(numbers.size());
  i64 const classes = detail::count_classes(numbers.data(), n, num_classes);
  std::array<std::size_t, data::detail::rank_of<V> + 1> shape{};
  std::copy(numbers.shape().begin(), numbers.shape().end(), shape.begin());
  shape.back() = static_cast<std::size_t>(classes);
  row_major_tensor<T, data::detail::rank_of<V> + 1> result(shape, T(0));
  for (i64 i = 0; i < n; ++i) result.data()[i * classes + numbers.data()[i]] = T(1);
  return result;
}
/// The same of a braced list.
template <class T = float, std::size_t N>
row_major_tensor<T, 2> to_categorical(i64 const (&labels)[N], i64 num_classes = 0) {
  return to_categorical<T, i64[N]>(labels, num_classes);
}

}  // namespace keras::utils
TFX_END
