// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/dtype.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/base/vector.hpp>
#include <tfx/shape/dims.hpp>

TFX_BEGIN

namespace kernel {

/// How many inputs, static attributes and listed outputs (up to the last one that is needed) a call of an op's own
/// kernel has.
struct call_counts {
  int inputs, words, outputs;
};

// A call as the words that name its kernel, written and read here alone: the op, the counts, dtype, rank and extents of
// each input and output (extents are numbers or symbols, see context::extent), the attributes. Dtypes are those that
// quantized numbers are held as.
namespace call_word {
inline constexpr int inputs = 0, words = 21, outputs = 42, most = (1 << 21) - 1;  // the counts share a word
inline constexpr int type = 0, rank = 8;                                          // so do these of an operand
}  // namespace call_word

/// Writes a call's description, part by part, in the order of the functions.
class call_words : public vector<i64> {
 public:
  constexpr void begin(u64 op, call_counts const& c) {
    // The counts are not negative: together they are too large where one of them is.
    if ((c.inputs | c.words | c.outputs) > call_word::most)
      raise<errors::UnimplementedError>("an op has at most %d inputs, outputs and attributes", call_word::most);
    clear();
    push_back(static_cast<i64>(op));
    push_back(static_cast<i64>(c.inputs) << call_word::inputs | static_cast<i64>(c.words) << call_word::words |
              static_cast<i64>(c.outputs) << call_word::outputs);
  }
  /// An input, or an output that something needs; its extents follow, then the next one.
  constexpr void begin_operand(dtype type, int rank) {
    push_back(static_cast<i64>(held_as(type)) << call_word::type | static_cast<i64>(rank) << call_word::rank);
  }
  constexpr void add_extent(i64 extent) { push_back(extent); }
  /// In the place of an output that nothing needs.
  constexpr void add_absence() { begin_operand(dtype::none, 0); }
  constexpr void add_attribute(i64 word) { push_back(word); }
};

constexpr call_counts decode_counts(i64 const* words) {
  auto const get = [&](int at) { return static_cast<int>(words[1] >> at & call_word::most); };
  return {get(call_word::inputs), get(call_word::words), get(call_word::outputs)};
}
/// An input or output of a call.
struct call_operand {
  dtype type = dtype::none;
  dims shape{};
  int slot = 0;
};
/// The call that the words describe, of as many operands as `decode_counts` tells.
template <int Operands>
struct call_description {
  call_operand operands[Operands + 1];
  int first_word = 0;  // of the attributes
  int slots = 0;
  int first_output = 0;  // that something needs

  constexpr explicit call_description(i64 const* words) : first_output(decode_counts(words).inputs) {
    int at = 2;
    for (int i = 0; i < Operands; ++i) {
      call_operand& o = operands[i];
      o.type = static_cast<dtype>(words[at] >> call_word::type & 255);
      o.slot = slots;
      if (o.type != dtype::none) ++slots;
      int const rank = static_cast<int>(words[at++] >> call_word::rank);
      for (int k = 0; k < rank; ++k) o.shape.push_back(words[at++]);
    }
    first_word = at;
    while (first_output < Operands && operands[first_output].type == dtype::none) ++first_output;
  }
};

}  // namespace kernel

TFX_END
