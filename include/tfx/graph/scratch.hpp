// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/inference.hpp>

TFX_BEGIN

/// What an op's `scratch` sees: its inputs and attributes. It asks for memory of its own, which holds nothing when a
/// step begins and is free for others when it ends: `call.add(dtype::float32, {2, {rows, columns}})`. How many pieces
/// it asks for depends on the attributes and on what the compiler knows of the shapes only.
struct scratch_request {
  static constexpr int most = 4, most_terms = 3;
  /// Elements of one dtype, one after another: as many as the shapes have together.
  struct piece {
    dtype type = dtype::none;
    dims terms[most_terms]{};
    int count = 0;
  };

  operand const* inputs;
  attribute_words words;
  bool has_epilogue = false;  // a loop takes the results, which have no memory of their own
  piece pieces[most]{};
  int count = 0;

  constexpr dims const& shape(int input) const { return *inputs[input].shape; }
  constexpr dtype type(int input) const { return inputs[input].type; }
  constexpr attribute_words attributes() const { return words; }

  template <class... More>
  constexpr void add(dtype type, dims const& shape, More const&... more) {
    static_assert(sizeof...(More) < most_terms, "scratch: a piece is the sum of three shapes at most");
    if (count == most || bytes_of(type) == 0 || type == dtype::string) too_many_pieces_or_no_numbers();
    pieces[count++] = {type, {shape, more...}, 1 + static_cast<int>(sizeof...(More))};
  }

 private:
  static void too_many_pieces_or_no_numbers() {}  // no constant expression: calling it is the error
};

TFX_END
