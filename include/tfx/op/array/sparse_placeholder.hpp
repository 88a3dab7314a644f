// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/op/array/placeholder.hpp>

TFX_BEGIN

namespace detail {
/// Of a value none: its dtype is one too.
template <class X>
struct value_type_of {
  using type = void;
};
template <typed_expression X>
struct value_type_of<X> {
  using type = typename X::value_type;
};
}  // namespace detail

/// A matrix of which only the elements that are not zero are there: their places, [n, 2] in int64 or int32, their
/// values, [n], and the shape that it would have in full.
template <class Indices, class Values, class Shape>
struct SparseTensor {
  static_assert(detail::note_symbols_of<Shape>());
  using value_type = typename detail::value_type_of<Values>::type;

  Indices indices;
  Values values;
  Shape dense_shape;

  constexpr SparseTensor(Indices const& i, Values const& v, Shape s) : indices(i), values(v), dense_shape(s) {
    static_assert(Shape::rank == 2, "tfx: a sparse tensor is a matrix");
  }
};

/// A sparse matrix that `run` is fed with, by its two tensors, `Name/indices` and `Name/values`; how many elements it
/// has is the dimension `Name/n`:
///
///     auto words = sparse_placeholder<"words", float>(shape<32, 1000000>);
///     sess.run(y, words.indices = places, words.values = weights);
///
/// What is fed does not tell the shape: where an extent of it is a named dimension, another tensor of the run has it.
template <name Name, element T, auto Rows, auto Columns>
constexpr auto sparse_placeholder(shape_t<Rows, Columns> s) {
  return SparseTensor(placeholder<Name / "indices", i64>(shape<dim<Name / "n">, 2>),
                      placeholder<Name / "values", T>(shape<dim<Name / "n">>), s);
}

// What ops share whose input 0 is the places of elements, [n, 2].
struct sparse_places {
  static constexpr op_kind kind = op_kind::kernel;

  /// How many elements there are, or a refusal.
  static constexpr void infer_places(inference& call) {
    if (call.types[0] != dtype::int64 && call.types[0] != dtype::int32)
      call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], dtype::int64);
    if (call.failed() || call.shapes[0].rank < 0) return;
    dims const two{2, {call.shapes[0].rank == 2 ? call.shapes[0][0] : dims::unknown, 2}};
    if (call.shapes[0].rank != 2) return call.refuse(refusal_kind::rank, call.shapes[0], two);
    call.agree(call.shapes[0][1], 2, call.shapes[0], two);
  }
};

TFX_END
