// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>

TFX_BEGIN

/// Evenly spaced whole numbers, row by row. Loops count them where they need them; only a fetch, a view or a kernel
/// makes them take memory. Constant to derivatives.
struct range_op {
  static constexpr auto name = "Range";
  static constexpr op_kind kind = op_kind::sequence;
  static constexpr op_traits traits{.first_extent = 3};
  static constexpr auto gradient = constant_to_derivatives;
  struct attributes {
    i64 first, step;
    dtype type;
    attribute_words extents;
    constexpr explicit attributes(attribute_words w) : first(w[0]), step(w[1]), type(w.type(2)), extents(w.rest(3)) {}
  };
  static constexpr void infer(inference& call) {
    attributes const numbers(call.attributes());
    call.type = numbers.type;
    any_number(call, call.type);
    for (int i = 0; i < numbers.extents.count; ++i) call.shape.push_back(call.spelled(numbers.extents[i]));
  }
};

/// 0, 1, … in rows of `shape`.
constexpr handle range(struct graph* graph, dtype type, dims const& shape) {
  i64 attributes[3 + max_rank] = {0, 1, static_cast<i64>(type)};
  for (int i = 0; i < shape.rank; ++i) attributes[3 + i] = shape[i];
  return {graph, graph->add(info<range_op>, nullptr, 0, attributes, 3 + shape.rank)};
}

namespace detail {
template <i64 Start, i64 Limit, i64 Delta>
constexpr i64 range_count() {
  static_assert(Delta != 0, "range: the step is not zero");
  constexpr i64 span = Delta > 0 ? Limit - Start : Start - Limit, step = Delta > 0 ? Delta : -Delta;
  static_assert(span >= 0, "range: the step leads from the start to the limit");
  return (span + step - 1) / step;
}
template <class T, i64 Start, i64 Limit, i64 Delta>
using range_words = words<Start, Delta, static_cast<i64>(dtype_of<T>), range_count<Start, Limit, Delta>()>;
}  // namespace detail

/// Start, Start + Delta, … before Limit, as int32. Bounds are template arguments, since they make the shape:
/// `range<2, 10, 3>()` is [2, 5, 8].
template <i64 Start, i64 Limit, i64 Delta = 1>
constexpr result_with<range_op, "", detail::range_words<std::int32_t, Start, Limit, Delta>> range() {
  return {};
}
/// 0, 1, … before Limit.
template <i64 Limit>
constexpr result_with<range_op, "", detail::range_words<std::int32_t, 0, Limit, 1>> range() {
  return {};
}
/// The same in another dtype: `range<float, 0, 5>()`.
template <element T, i64 Start, i64 Limit, i64 Delta = 1>
constexpr result_with<range_op, "", detail::range_words<T, Start, Limit, Delta>> range() {
  return {};
}
namespace detail {
inline void a_range_goes_from_start_to_limit() {}  // no constant expression: calling it is the error
}  // namespace detail
/// Inside functions over handles, of bounds that may be computed: `range(x.shape()[1])`, `range<float>(2, n, 3)`.
template <element T = std::int32_t, class Op = range_op>
constexpr fragment range(i64 limit) {
  if (limit == dims::unknown) detail::a_range_goes_from_start_to_limit();
  i64 const words[] = {0, 1, static_cast<i64>(dtype_of<T>), limit};
  return detail::add_fragment(info<Op>, {}, words, 4, nullptr, 0);
}
template <element T = std::int32_t, class Op = range_op>
constexpr fragment range(i64 start, i64 limit, i64 delta = 1) {
  i64 const span = delta > 0 ? limit - start : start - limit, step = delta > 0 ? delta : -delta;
  if (delta == 0 || span < 0) detail::a_range_goes_from_start_to_limit();
  i64 const words[] = {start, delta, static_cast<i64>(dtype_of<T>), (span + step - 1) / step};
  return detail::add_fragment(info<Op>, {}, words, 4, nullptr, 0);
}

TFX_END
