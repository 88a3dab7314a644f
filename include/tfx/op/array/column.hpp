// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/reshape.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/reduce_sum.hpp>

TFX_BEGIN

/// One column of x, whose memory is taken as rows of a few elements; it has an element for each row. Made by passes
/// only, after differentiation, and for loops only.
struct column_op {
  static constexpr auto name = "Column";
  static constexpr op_kind kind = op_kind::view;
  static constexpr op_traits traits{.strided = true, .first_extent = 2};
  struct attributes {
    i64 columns, index;
    dims shape;
    constexpr explicit attributes(attribute_words w) : columns(w[0]), index(w[1]), shape(w.list(2)) {}
  };
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    call.shape = attributes(call.attributes()).shape;
  }
};
constexpr handle column(handle x, i64 count, i64 index, dims shape) {
  if (count == 1) return reshape(x, shape);
  i64 attributes[2 + max_rank] = {count, index};
  for (int i = 0; i < shape.rank; ++i) attributes[2 + i] = shape[i];
  return add_node(info<column_op>, attributes, 2 + shape.rank, x);
}

/// The sum of each input as one vector. Made by passes only, after differentiation.
struct column_sums_op : reduce_sum_op {
  static constexpr auto name = "ColumnSums";
  static constexpr op_traits traits{.multilinear = true, .counts_flops = true};
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    call.shape.push_back(call.input_count());
  }
  static constexpr double flops(dims const* inputs, dims const& result, attribute_words) {
    return static_cast<double>(inputs[0].count()) * static_cast<double>(result.count());
  }
};

/// op(A) op(B) of `shape` where the result is a vector and the matrix has rows of so few elements that a loop reads
/// them column by column: then the product is part of the loops around it. Otherwise nothing.
constexpr handle multiply_columns(handle a, handle b, bool ta, bool tb, dims const& shape) {
  constexpr i64 most_columns = 4, fewest_rows = 16;
  if (shape.rank != 2 || !is_floating(a.type()) || (shape[0] != 1 && shape[1] != 1)) return {};
  bool const left = shape[1] == 1;
  handle const matrix = left ? a : b, vector = left ? b : a;
  i64 const length = shape[left ? 0 : 1];
  i64 const ka = a.shape()[ta ? 0 : 1], kb = b.shape()[tb ? 1 : 0], depth = ka >= 0 ? ka : kb;
  bool const inner = length != 1 && (left ? !ta : tb);  // rows run along the depth
  i64 const columns = inner ? depth : length, rows = inner ? length : depth;
  if (columns < 1 || columns > most_columns || (rows >= 0 && rows < fewest_rows)) return {};
  if (inner) {
    dims const one{2, {1, 1}};
    handle sum;
    for (i64 j = 0; j < columns; ++j) {
      handle const product = column(matrix, columns, j, shape) * column(vector, columns, j, one);
      sum = sum ? sum + product : product;
    }
    return sum;
  }
  int products[most_columns] = {};
  for (i64 j = 0; j < columns; ++j) products[j] = (column(matrix, columns, j, vector.shape()) * vector).id;
  i64 const keep = 0;
  int const sums = a.graph->add(info<column_sums_op>, products, static_cast<int>(columns), &keep, 1);
  return reshape(handle(a.graph, sums), shape);
}

TFX_END
