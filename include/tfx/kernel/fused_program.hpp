// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/dtype.hpp>
#include <tfx/shape/dims.hpp>

TFX_BEGIN

namespace kernel {

/// A loop over a space of extents in which every element of several results is computed from inputs that vary along
/// some of the axes: chains of elementwise ops, broadcasts, casts and selects, and reductions of them.
struct fused_program {
  static constexpr int most_inputs = 24, most_steps = 20, most_outputs = most_steps;

  struct axis {
    i64 coefficient;  // the extent is this, times the symbols
    int symbols[max_rank];
    int symbol_count;
  };
  struct value {
    dtype type;
    unsigned varies;  // inputs: the axes along which it has more than one element
    i64 bits;         // immediates: the number
  };
  /// Where an input's elements are: in a column of rows of `stride` elements, in the memory of input `base`.
  struct source {
    int stride, column, base;
  };
  struct step {
    u64 op;
    dtype type;
    int arguments[4];
    int count;
  };
  struct output {
    dtype type;
    unsigned varies;  // the axes along which it has more than one element
    int from;         // the value that is stored or reduced
    int place;        // it begins at this element of its memory
    u64 reduction;    // its op, 0 for a plain store
  };

  int rank, inputs, immediates, steps, outputs, symbols;
  axis axes[max_rank];
  value values[most_inputs + 2 * most_steps];  // inputs, immediates, then what the steps give
  source sources[most_inputs];
  step program[most_steps];
  output out[most_outputs];

  constexpr bool is_static(int axis) const { return axes[axis].symbol_count == 0; }
  constexpr bool reduces(int output) const { return out[output].reduction != 0; }
  constexpr bool keeps(int output, int axis) const { return out[output].varies >> axis & 1u; }
  /// The outermost axis from which on a reduction folds every axis: there its lanes start, and there they are folded.
  constexpr int fold_axis(int output) const {
    int axis = rank;
    while (axis > 0 && !keeps(output, axis - 1)) --axis;
    return axis;
  }
  constexpr bool keeps_lanes(int output) const { return reduces(output) && fold_axis(output) < rank; }
  /// The outermost axis that a reduction folds.
  constexpr int top_axis(int output) const {
    int axis = 0;
    while (axis < rank && keeps(output, axis)) ++axis;
    return axis;
  }
  /// All folded axes are the innermost ones, so that one pass over them gives the final value.
  constexpr bool folds_at_once(int output) const {
    return keeps_lanes(output) && top_axis(output) == fold_axis(output);
  }
  /// How many elements there are along the axes of `bits`, from axis `begin` to before `end`; -1 where a run tells.
  constexpr i64 static_count(unsigned bits, int begin, int end) const {
    i64 count = 1;
    for (int a = begin; a < end; ++a) {
      if (!(bits >> a & 1u)) continue;
      if (!is_static(a)) return -1;
      count *= axes[a].coefficient;
    }
    return count;
  }
};

/// The words of a fused kernel's description; `decode_fused` is the way back.
constexpr fused_program decode_fused(i64 const* words) {
  fused_program p{};
  int at = 1;
  i64 const counts = words[at++];
  auto const byte = [](i64 word, int i) { return static_cast<int>(word >> (8 * i) & 255); };
  p.rank = byte(counts, 0);
  p.inputs = byte(counts, 1);
  p.immediates = byte(counts, 2);
  p.steps = byte(counts, 3);
  p.outputs = byte(counts, 4);
  p.symbols = byte(counts, 5);
  for (int i = 0; i < p.rank; ++i) {
    p.axes[i].coefficient = words[at++];
    // A byte for each symbol of the axis.
    for (u64 packed = static_cast<u64>(words[at++]); packed != 0; packed >>= 8)
      p.axes[i].symbols[p.axes[i].symbol_count++] = static_cast<int>(packed & 255) - 1;
  }
  for (int i = 0; i < p.inputs; ++i, ++at) {
    p.values[i] = {static_cast<dtype>(byte(words[at], 0)), static_cast<unsigned>(byte(words[at], 1)), 0};
    p.sources[i] = {byte(words[at], 2), byte(words[at], 3), byte(words[at], 4)};
  }
  for (int i = 0; i < p.immediates; ++i, at += 2)
    p.values[p.inputs + i] = {static_cast<dtype>(words[at]), 0, words[at + 1]};
  for (int i = 0; i < p.steps; ++i, at += 2) {
    fused_program::step& s = p.program[i];
    s.op = static_cast<u64>(words[at]);
    s.type = static_cast<dtype>(byte(words[at + 1], 0));
    s.count = byte(words[at + 1], 1);
    for (int k = 0; k < s.count; ++k) s.arguments[k] = byte(words[at + 1], 2 + k);
    p.values[p.inputs + p.immediates + i].type = s.type;
  }
  for (int i = 0; i < p.outputs; ++i, at += 2)
    p.out[i] = {static_cast<dtype>(byte(words[at], 0)), static_cast<unsigned>(byte(words[at], 1)), byte(words[at], 2),
                byte(words[at], 3), static_cast<u64>(words[at + 1])};
  return p;
}

}  // namespace kernel

TFX_END
