// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/graph/operands.hpp>
#include <tfx/graph/splat.hpp>
#include <tfx/kernel/copy_box.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/shape/axes.hpp>
#include <tuple>
#include <utility>

TFX_BEGIN

/// In the place of an index: the whole axis.
struct all_t {};
inline constexpr all_t all{};

// What indexing and its gradient share. Inputs: a tensor, then a whole number for each axis that is indexed.
struct indexing {
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{};
  struct attributes {
    i64 bits;    // of the axes that are indexed
    dims shape;  // of the result, where its input does not tell it
    constexpr explicit attributes(attribute_words w) : bits(w[0]), shape(w.list(1)) {}
    constexpr bool is_indexed(int axis) const { return (bits >> axis & 1) != 0; }
  };

  /// Where the indices of a call lie in a row-major array of `shape`; the other axes' extents and strides are listed.
  template <class Call>
  static i64 corner_of(Call const& call, dims const& shape, i64* extents, i64* strides) {
    i64 indices[Call::input_count + 1];
    read(call, indices, std::make_integer_sequence<int, Call::input_count - 1>{});
    constexpr attributes axes(Call::attributes());
    i64 corner = 0, stride = 1;
    int kept = 0, index = Call::input_count - 1;
    for (int i = 0; i < shape.rank; ++i)
      if (!axes.is_indexed(i)) ++kept;
    for (int i = shape.rank - 1; i >= 0; --i) {
      i64 const extent = call.extent(shape[i]);
      if (axes.is_indexed(i)) {
        i64 const given = indices[--index], at = given < 0 ? given + extent : given;
        if (at < 0 || at >= extent)
          raise<errors::InvalidArgumentError>("slice index %lld of dimension %d out of bounds.",
                                              static_cast<long long>(given), i);
        corner += at * stride;
      } else {
        extents[--kept] = extent;
        strides[kept] = stride;
      }
      stride *= extent;
    }
    return corner;
  }

 private:
  template <class Call, int... I>
  static void read(Call const& call, i64* indices, std::integer_sequence<int, I...>) {
    ((indices[I] = static_cast<i64>(*call.template in<I + 1>())), ...);
  }
};

/// Elements of x at indices along some axes, which are dropped; a negative index counts from the end. An index that no
/// element has is refused by the run. Gradient: dy in its place among zeros.
struct index_op : indexing {
  static constexpr auto name = "StridedSlice";
  static constexpr op_traits traits{.multilinear = true, .may_fail = true};
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    for (int i = 1; i < call.input_count(); ++i)
      if (!is_integer(call.types[i]) || call.shapes[i].rank != 0)
        return call.refuse_types(refusal_kind::dtype_mismatch, call.types[i], dtype::int64);
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    attributes const axes(call.attributes());
    if (axes.bits >> x.rank != 0) return call.refuse(refusal_kind::axis, x, {}, x.rank);
    for (int i = 0; i < x.rank; ++i)
      if (!axes.is_indexed(i)) call.shape.push_back(x[i]);
  }
  static constexpr void gradient(auto& call);

  template <class Call>
  static void run(Call const& call) {
    constexpr int rank = Call::out_shape().rank;
    i64 extents[rank + 1] = {}, from[rank + 1] = {}, to[rank + 1] = {};
    i64 const corner = corner_of(call, Call::in_shape(0), extents, from);
    kernel::row_major_strides(extents, rank, to);
    if (call.count(Call::out_shape()) > 0)
      kernel::copy_box(call.template in<0>() + corner, from, call.out(), to, extents, rank);
  }
};

/// dy where index_op took it from, zeros elsewhere.
struct index_gradient_op : indexing {
  static constexpr auto name = "StridedSliceGrad";
  static constexpr op_traits traits{.multilinear = true, .may_fail = true, .first_extent = 1};
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    call.shape = attributes(call.attributes()).shape;
  }
  static constexpr void gradient(auto& call);

  template <class Call>
  static void run(Call const& call) {
    constexpr int rank = Call::in_shape(0).rank;
    i64 extents[rank + 1] = {}, from[rank + 1] = {}, to[rank + 1] = {};
    i64 const corner = corner_of(call, Call::out_shape(), extents, to);
    kernel::row_major_strides(extents, rank, from);
    std::fill_n(call.out(), call.count(Call::out_shape()), typename Call::out_type{});
    if (call.count(Call::in_shape(0)) > 0)
      kernel::copy_box(call.template in<0>(), from, call.out() + corner, to, extents, rank);
  }
};

namespace detail {
/// The same indices into, or behind, another tensor.
template <class Op>
constexpr handle index_alike(auto const& call, handle x, dims const& extents) {
  vector<int> inputs;
  inputs.push_back(x.id);
  for (int i = 1; i < call.input_count(); ++i) inputs.push_back(call.x(i).id);
  vector<i64> words;
  words.push_back(indexing::attributes(call.attributes()).bits);
  words.append(extents.extent, extents.rank);
  return add_node<Op>(call.graph, inputs, words);
}
}  // namespace detail
constexpr void index_op::gradient(auto& call) {
  call.dx[0] = detail::index_alike<index_gradient_op>(call, call.dy, call.x(0).shape());
}
constexpr void index_gradient_op::gradient(auto& call) {
  call.dx[0] = detail::index_alike<index_op>(call, call.dy, {});
}

namespace detail {
template <class I>
inline constexpr bool is_whole_axis = std::is_same_v<I, all_t>;
template <class... I>
constexpr i64 indexed_axes() {
  i64 bits = 0;
  int axis = 0;
  ((bits |= i64{!is_whole_axis<I>} << axis++), ...);
  return bits;
}
// The index of one axis as an expression; none for a whole one.
template <class X, int Axis, i64 I>
constexpr auto index_input(index_t<I>) {
  static_assert(X::shape_type::value[Axis] < 0 || (I < X::shape_type::value[Axis] && I >= -X::shape_type::value[Axis]),
                "tfx: the index is out of range along its axis");
  return std::tuple{result_with<splat_op, "", words<I, static_cast<i64>(dtype::int64)>>{}};
}
template <class X, int Axis>
constexpr auto index_input(all_t) {
  return std::tuple{};
}
template <class X, int Axis, class I>
auto index_input(I const& index) {
  if constexpr (typed_expression<I>) {
    return std::tuple{index};
  } else {
    // Like an unnamed constant: what reads x[0] and x[1] tells them apart.
    anonymous_scalar<i64> number;
    number.literals[0] = make_literal(fitted<i64>(index));
    return std::tuple{distinguish<Axis + 1, true>(number)};
  }
}
template <class X, class... I, int... Axis>
auto index_by(X const& x, std::integer_sequence<int, Axis...>, I const&... indices) {
  constexpr bool fits = X::shape_type::rank < 0 || static_cast<int>(sizeof...(I)) <= X::shape_type::rank;
  static_assert(fits, "tfx: more indices than the tensor has axes");
  if constexpr (fits)
    return std::apply(
        [&](auto const&... inputs) {
          return apply<index_op, "", words<indexed_axes<I...>()>>(distinguish<max_rank + 1, true>(x), inputs...);
        },
        std::tuple_cat(index_input<X, Axis>(indices)...));
}
// The same of values, whose indices are known or values too.
template <class I>
constexpr auto index_value(I const& index) {
  if constexpr (is_whole_axis<I>) {
    return std::tuple{};
  } else if constexpr (std::is_integral_v<I>) {
    return std::tuple{splat_value({}, dtype::int64, static_cast<i64>(index))};
  } else {
    return std::tuple{index};
  }
}
// The type is dependent, so that nothing of it is made before it is used.
template <i64 I, class Number = i64>
constexpr auto index_value(index_t<I>) {
  return index_value(static_cast<Number>(I));
}
inline void the_index_is_out_of_range_along_its_axis() {}  // no constant expression: calling it is the error
template <class I>
constexpr void check_index(I const& index, i64 extent) {
  if constexpr (std::is_integral_v<I>)
    if (extent >= 0 && (static_cast<i64>(index) >= extent || static_cast<i64>(index) < -extent))
      the_index_is_out_of_range_along_its_axis();
}
template <i64 I, class Number = i64>
constexpr void check_index(index_t<I>, i64 extent) {
  check_index(static_cast<Number>(I), extent);
}
template <class Op, class X, class... I>
constexpr auto index_value_by(X const& x, I const&... indices) {
  dims const shape = x.shape();
  if (static_cast<int>(sizeof...(I)) <= shape.rank) {
    int axis = 0;
    (check_index(indices, shape[axis++]), ...);
  }
  i64 const axes[] = {indexed_axes<I...>()};
  return std::apply([&](auto const&... inputs) { return add_value(info<Op>, {}, axes, 1, x, inputs...); },
                    std::tuple_cat(index_value(indices)...));
}
}  // namespace detail

template <class I>
  requires detail::axis_index<I>
constexpr handle handle::operator[](I const& index) const {
  return detail::index_value_by<index_op>(*this, index);
}
template <class... I>
  requires(sizeof...(I) > 0 && (detail::axis_index<I> && ...))
constexpr handle handle::operator()(I const&... indices) const {
  return detail::index_value_by<index_op>(*this, indices...);
}
template <class I>
  requires detail::axis_index<I>
constexpr auto fragment::operator[](I const& index) const {
  return detail::index_value_by<index_op>(*this, index);
}
template <class... I>
  requires(sizeof...(I) > 0 && (detail::axis_index<I> && ...))
constexpr auto fragment::operator()(I const&... indices) const {
  return detail::index_value_by<index_op>(*this, indices...);
}

template <class T, class Shape, u64 Hash>
template <class I>
  requires detail::axis_index<I>
auto expr<T, Shape, Hash>::operator[](I const& index) const {
  return (*this)(index);
}
template <class T, class Shape, u64 Hash>
template <class... I>
  requires(sizeof...(I) > 0 && (detail::axis_index<I> && ...))
auto expr<T, Shape, Hash>::operator()(I const&... indices) const {
  return detail::index_by(*this, std::make_integer_sequence<int, sizeof...(I)>{}, indices...);
}

TFX_END
