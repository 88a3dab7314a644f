// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/op/array/sparse_placeholder.hpp>
#include <tfx/op/math/add.hpp>

TFX_BEGIN

namespace detail {
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_element(i64 i, i64 row, i64 column, char const* why) {
  raise<errors::InvalidArgumentError>("indices[%lld] = [%lld,%lld] is %s", static_cast<long long>(i),
                                      static_cast<long long>(row), static_cast<long long>(column), why);
}
/// Places must lie within [rows, columns] and go up in row-major order.
template <class Index>
void check_places(Index const* places, i64 n, i64 rows, i64 columns) {
  i64 before = -1;
  for (i64 i = 0; i < n; ++i) {
    i64 const row = places[2 * i], column = places[2 * i + 1];
    if (row < 0 || row >= rows || column < 0 || column >= columns) {
      char text[80];
      std::snprintf(text, sizeof text, "out of bounds: need 0 <= index < [%lld,%lld]", static_cast<long long>(rows),
                    static_cast<long long>(columns));
      refuse_element(i, row, column, text);
    }
    i64 const place = row * columns + column;
    if (place <= before) refuse_element(i, row, column, place == before ? "repeated" : "out of order");
    before = place;
  }
}
}  // namespace detail

/// The elements of a matrix at places, which are in order. Inputs: places, matrix.
struct take_places_op : sparse_places {
  static constexpr auto name = "TakePlaces";
  static constexpr op_traits traits{.multilinear = true, .may_fail = true};
  static constexpr void infer(inference& call) {
    infer_places(call);
    call.type = call.types[1];
    if (call.failed() || call.defer()) return;
    if (call.shapes[1].rank != 2) return call.refuse(refusal_kind::rank, call.shapes[0], call.shapes[1]);
    call.shape = {1, {call.shapes[0][0]}};
  }
  static constexpr void gradient(auto& call);
  template <class Call>
  static void run(Call const& call) {
    constexpr dims x = Call::in_shape(1);
    i64 const n = call.extent(Call::in_shape(0)[0]), columns = call.extent(x[1]);
    auto const* const places = call.template in<0>();
    detail::check_places(places, n, call.extent(x[0]), columns);
    for (i64 i = 0; i < n; ++i) call.out()[i] = call.template in<1>()[places[2 * i] * columns + places[2 * i + 1]];
  }
};
/// Values in their places, zeros elsewhere. Inputs: places, values. Words: 0, the extents. Gradient: dy at the places.
struct sparse_to_dense_op : sparse_places {
  static constexpr auto name = "SparseToDense";
  static constexpr op_traits traits{.multilinear = true, .may_fail = true, .first_extent = 1};
  static constexpr void infer(inference& call) {
    infer_places(call);
    call.type = call.types[1];
    number_or_bool(call, call.type);
    if (call.failed() || call.defer()) return;
    if (call.shapes[1].rank != 1) return call.refuse(refusal_kind::rank, call.shapes[0], call.shapes[1]);
    call.agree(call.shapes[0][0], call.shapes[1][0], call.shapes[0], call.shapes[1]);
    attribute_words const extents = call.attributes().rest(1);
    if (!call.failed()) call.shape = {2, {call.spelled(extents[0]), call.spelled(extents[1])}};
  }
  static constexpr void gradient(auto& call) { call.dx[1] = add_node<take_places_op>(nullptr, 0, call.x(0), call.dy); }
  template <class Call>
  static void run(Call const& call) {
    constexpr dims out = Call::out_shape();
    i64 const n = call.extent(Call::in_shape(1)[0]), rows = call.extent(out[0]), columns = call.extent(out[1]);
    auto const* const places = call.template in<0>();
    detail::check_places(places, n, rows, columns);
    std::fill_n(call.out(), rows * columns, typename Call::out_type{});
    for (i64 i = 0; i < n; ++i) call.out()[places[2 * i] * columns + places[2 * i + 1]] = call.template in<1>()[i];
  }
};
constexpr void take_places_op::gradient(auto& call) {
  dims const x = call.x(1).shape();
  i64 const words[] = {0, x[0], x[1]};
  call.dx[1] = add_node<sparse_to_dense_op>(words, 3, call.x(0), call.dy);
}

/// A sparse matrix in full, zeros between its values. Places go up in row-major order, none twice; others, and those
/// outside the shape, are refused by the run with InvalidArgumentError, for the gradient too.
template <name Name = "", class I, class V, auto... D>
constexpr auto sparse_to_dense(SparseTensor<I, V, shape_t<D...>> const& x)
    -> result_with<sparse_to_dense_op, Name, words<0, detail::extent_of<D>()...>, I, V> {
  return apply<sparse_to_dense_op, Name, words<0, detail::extent_of<D>()...>>(x.indices, x.values);
}

TFX_END
