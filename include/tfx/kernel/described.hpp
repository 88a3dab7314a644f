// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/op.hpp>
#include <tfx/kernel/operands.hpp>

TFX_BEGIN

namespace kernel {

/// The description of an op's own kernel as an op reads it: dtypes and shapes of inputs and outputs (extents are
/// numbers or symbols, see operands::extent) and the static attributes.
template <u64 Hash>
struct call {
  static constexpr auto raw = kernel_description(description_key<Hash>{});
  static constexpr int input_count = static_cast<int>(raw.word[1] & 0xffff);
  static constexpr int word_count = static_cast<int>(raw.word[1] >> 16 & 0xffff);
  static constexpr int listed_outputs = static_cast<int>(raw.word[1] >> 32);  // up to the last one that is needed

  struct operand {
    dtype type = dtype::none;
    dims shape{};
    int slot = 0;
  };
  struct parsed {
    operand operands[input_count + listed_outputs + 1];
    int first_word = 0;
    int slots = 0;
    int first_output = 0;  // that something needs
  };
  static constexpr parsed parse() {
    parsed result;
    int at = 2;
    for (int i = 0; i < input_count + listed_outputs; ++i) {
      operand& o = result.operands[i];
      o.type = static_cast<dtype>(raw.word[at] & 255);
      o.slot = result.slots;
      if (o.type != dtype::none) ++result.slots;
      int const rank = static_cast<int>(raw.word[at++] >> 8);
      for (int k = 0; k < rank; ++k) o.shape.push_back(raw.word[at++]);
    }
    result.first_word = at;
    result.first_output = input_count;
    while (result.operands[result.first_output].type == dtype::none) ++result.first_output;
    return result;
  }
  static constexpr parsed all = parse();

  template <int I>
  using in_type = type_of<all.operands[I].type>;
  /// Of output K, where something needs it.
  template <int K>
  using output_type = type_of<all.operands[input_count + K].type>;
  /// Of the first output that something needs, which is the only one of most ops.
  using out_type = type_of<all.operands[all.first_output].type>;
  static constexpr dims const& in_shape(int i) { return all.operands[i].shape; }
  /// Whether something needs output k: a kernel computes no other.
  static constexpr bool has_output(int k) {
    return k < listed_outputs && all.operands[input_count + k].type != dtype::none;
  }
  static constexpr dims const& out_shape(int k = 0) { return all.operands[input_count + k].shape; }
  static constexpr i64 word(int i) { return raw.word[all.first_word + i]; }
  static constexpr attribute_words attributes() { return {raw.word + all.first_word, word_count}; }

  operands o;

  template <int I>
  in_type<I> const* in() const {
    return o.at<in_type<I> const>(I);
  }
  out_type* out() const { return o.at<out_type>(input_count); }
  template <int K>
  output_type<K>* out() const {
    return o.at<output_type<K>>(all.operands[input_count + K].slot);
  }
  i64 extent(i64 described) const { return o.extent(described); }
  /// Number of elements of a shape of this call.
  i64 count(dims const& shape) const { return count(shape, 0, shape.rank); }
  i64 count(dims const& shape, int from, int to) const {
    i64 n = 1;
    for (int i = from; i < to; ++i) n *= extent(shape[i]);
    return n;
  }
};

/// The function of an op's own kernel: `Op::run(call)`.
template <class Op, u64 Hash>
struct described {
  static void run(void* const* buffers, std::uint16_t const* slots, i64 const* extents) {
    using call_type = call<Hash>;
    Op::run(call_type{{buffers, slots, slots + call_type::all.slots, extents}});
  }
};

}  // namespace kernel

TFX_END
