// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/dtype.hpp>
#include <tfx/base/hash.hpp>
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
    unsigned varies;  // inputs and sequences: the axes along which it has more than one element
    i64 bits;         // immediates: the number
  };
  /// Where an input's elements are: in the memory of input `base`, every `stride`-th one from `offset` on.
  struct source {
    int stride, offset, base;
  };
  /// A row of whole numbers that no memory holds: at element i of it first + i · step, as the value's dtype.
  struct sequence {
    i64 first, step;
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

  int rank, inputs, sequences, immediates, steps, outputs;
  axis axes[max_rank];
  value values[most_inputs + most_steps];  // inputs, sequences, immediates: most_inputs in all; what the steps give
  source sources[most_inputs];
  sequence counted[most_inputs];
  step program[most_steps];
  output out[most_outputs];

  // Places of values.
  constexpr int first_immediate() const { return inputs + sequences; }
  constexpr int first_step() const { return inputs + sequences + immediates; }
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

/// Whether threads can share a loop: along the outermost axis, but for a short row, whose length the compiler should
/// know, and but for reductions.
constexpr bool is_divisible(fused_program const& p) {
  for (int i = 0; i < p.outputs; ++i)
    if (p.reduces(i)) return false;
  return p.rank > 1 || (p.rank == 1 && (!p.is_static(0) || p.axes[0].coefficient > 4096));
}

// A program as the words that name its kernel, written and read here alone: the hash of all loops, the counts, then
// each part as below. Small numbers share words, since every word is a template argument.
namespace fused_word {
// Where each stands, in bits.
struct counts {
  static constexpr int rank = 0, inputs = 8, sequences = 16, immediates = 24, steps = 32, outputs = 40;
};
struct input {
  static constexpr int type = 0, varies = 8, stride = 16, offset = 24, base = 32;
};
struct sequence {
  static constexpr int type = 0, varies = 8;
};
struct step {
  static constexpr int type = 0, count = 8, arguments = 16;  // a byte for each argument
};
struct output {
  static constexpr int type = 0, varies = 8, from = 16, place = 24;
};
constexpr int get(i64 word, int at) { return static_cast<int>(word >> at & 255); }

// Each takes a byte, and so does each symbol of an axis, which is a product of at most all extents of the space.
inline constexpr int most = 255;
static_assert(max_rank <= 8, "tfx: bits of axes take a byte, the symbols of an axis a word");
static_assert(fused_program::most_inputs + fused_program::most_steps <= most, "tfx: a value's place takes a byte");
static_assert(fused_program::most_outputs <= most, "tfx: a place in an output takes a byte");
}  // namespace fused_word

inline constexpr u64 fused_hash = hash_of("fused");

/// Writes a program's description, part by part, in the order of the functions. What is counted it counts itself;
/// quantized dtypes become those that they are held as.
class fused_words {
 public:
  static constexpr int most = 2 + 2 * max_rank + 3 * fused_program::most_inputs + 2 * fused_program::most_steps +
                              2 * fused_program::most_outputs;
  i64 word[most];
  int count = 2;

  /// Begins an axis, of one element.
  constexpr void begin_axis() {
    ++rank_;
    word[count] = 1;
    word[count + 1] = 0;
    count += 2;
  }
  /// Multiplies the axis that was begun last.
  constexpr void extend_axis(i64 coefficient) { word[count - 2] *= coefficient; }
  constexpr void extend_axis_by_symbol(int symbol) { word[count - 1] = word[count - 1] << 8 | (symbol + 1); }

  constexpr void add_input(dtype type, unsigned varies, fused_program::source const& from) {
    using at = fused_word::input;
    ++inputs_;
    word[count++] = static_cast<i64>(held_as(type)) << at::type | static_cast<i64>(varies) << at::varies |
                    static_cast<i64>(from.stride) << at::stride | static_cast<i64>(from.offset) << at::offset |
                    static_cast<i64>(from.base) << at::base;
  }
  constexpr void add_sequence(dtype type, unsigned varies, fused_program::sequence const& numbers) {
    using at = fused_word::sequence;
    ++sequences_;
    word[count++] = static_cast<i64>(held_as(type)) << at::type | static_cast<i64>(varies) << at::varies;
    word[count++] = numbers.first;
    word[count++] = numbers.step;
  }
  constexpr void add_immediate(dtype type, i64 bits) {
    ++immediates_;
    word[count++] = static_cast<i64>(held_as(type));
    word[count++] = bits;
  }
  constexpr void add_step(u64 op, dtype type) {
    ++steps_;
    word[count++] = static_cast<i64>(op);
    word[count++] = static_cast<i64>(held_as(type)) << fused_word::step::type;
  }
  /// Argument `i` of the step that was added last.
  constexpr void set_argument(int i, int place) {
    using at = fused_word::step;
    word[count - 1] += (i64{1} << at::count) | static_cast<i64>(place) << (at::arguments + 8 * i);
  }
  constexpr void add_output(fused_program::output const& out) {
    using at = fused_word::output;
    ++outputs_;
    word[count++] = static_cast<i64>(held_as(out.type)) << at::type | static_cast<i64>(out.varies) << at::varies |
                    static_cast<i64>(out.from) << at::from | static_cast<i64>(out.place) << at::place;
    word[count++] = static_cast<i64>(out.reduction);
  }
  constexpr void finish() {
    using at = fused_word::counts;
    word[0] = static_cast<i64>(fused_hash);
    word[1] = static_cast<i64>(rank_) << at::rank | static_cast<i64>(inputs_) << at::inputs |
              static_cast<i64>(sequences_) << at::sequences | static_cast<i64>(immediates_) << at::immediates |
              static_cast<i64>(steps_) << at::steps | static_cast<i64>(outputs_) << at::outputs;
  }

  /// How many axes were begun.
  constexpr int rank() const { return rank_; }

 private:
  int rank_ = 0, inputs_ = 0, sequences_ = 0, immediates_ = 0, steps_ = 0, outputs_ = 0;
};

/// How many operands in memory an epilogue has: its first input comes in registers.
constexpr int count_epilogue_operands(i64 const* words) {
  using fused_word::get;
  return get(words[1], fused_word::counts::inputs) - 1 + get(words[1], fused_word::counts::outputs);
}
/// The dtype of that first input.
constexpr dtype epilogue_type(i64 const* words) {
  using fused_word::get;
  int const first = 2 + 2 * get(words[1], fused_word::counts::rank);
  return static_cast<dtype>(get(words[first], fused_word::input::type));
}
constexpr fused_program::axis decode_axis(i64 const* words, int i) {
  fused_program::axis axis{words[2 + 2 * i], {}, 0};
  for (u64 packed = static_cast<u64>(words[3 + 2 * i]); packed != 0; packed >>= 8)
    axis.symbols[axis.symbol_count++] = static_cast<int>(packed & 255) - 1;
  return axis;
}
/// The program that the words describe.
constexpr fused_program decode_fused(i64 const* words) {
  using fused_word::get;
  fused_program p{};
  i64 const counts = words[1];
  p.rank = get(counts, fused_word::counts::rank);
  p.inputs = get(counts, fused_word::counts::inputs);
  p.sequences = get(counts, fused_word::counts::sequences);
  p.immediates = get(counts, fused_word::counts::immediates);
  p.steps = get(counts, fused_word::counts::steps);
  p.outputs = get(counts, fused_word::counts::outputs);
  int at = 2;
  for (int i = 0; i < p.rank; ++i, at += 2) p.axes[i] = decode_axis(words, i);
  for (int i = 0; i < p.inputs; ++i) {
    using in = fused_word::input;
    i64 const word = words[at++];
    p.values[i] = {static_cast<dtype>(get(word, in::type)), static_cast<unsigned>(get(word, in::varies)), 0};
    p.sources[i] = {get(word, in::stride), get(word, in::offset), get(word, in::base)};
  }
  for (int i = 0; i < p.sequences; ++i, at += 3) {
    using in = fused_word::sequence;
    p.values[p.inputs + i] = {static_cast<dtype>(get(words[at], in::type)),
                              static_cast<unsigned>(get(words[at], in::varies)), 0};
    p.counted[i] = {words[at + 1], words[at + 2]};
  }
  for (int i = 0; i < p.immediates; ++i, at += 2)
    p.values[p.first_immediate() + i] = {static_cast<dtype>(words[at]), 0, words[at + 1]};
  for (int i = 0; i < p.steps; ++i) {
    using in = fused_word::step;
    fused_program::step& s = p.program[i];
    s.op = static_cast<u64>(words[at++]);
    i64 const word = words[at++];
    s.type = static_cast<dtype>(get(word, in::type));
    s.count = get(word, in::count);
    for (int k = 0; k < s.count; ++k) s.arguments[k] = get(word, in::arguments + 8 * k);
    p.values[p.first_step() + i].type = s.type;
  }
  for (int i = 0; i < p.outputs; ++i) {
    using in = fused_word::output;
    i64 const word = words[at++];
    p.out[i] = {static_cast<dtype>(get(word, in::type)), static_cast<unsigned>(get(word, in::varies)),
                get(word, in::from), get(word, in::place), static_cast<u64>(words[at++])};
  }
  return p;
}

}  // namespace kernel

TFX_END
