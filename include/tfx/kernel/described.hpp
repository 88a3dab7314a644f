// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/op.hpp>
#include <tfx/kernel/call_description.hpp>
#include <tfx/kernel/context.hpp>
#include <tfx/kernel/fused_program.hpp>

TFX_BEGIN

namespace kernel {

/// The description of an op's own kernel as an op reads it: dtypes and shapes of inputs and outputs and the static
/// attributes.
template <u64 Hash>
struct call {
  static constexpr auto raw = kernel_description(description_key<Hash>{});
  using op = op_of<static_cast<u64>(raw.word[0])>;
  static constexpr call_counts counts = decode_counts(raw.word);
  static constexpr int input_count = counts.inputs, word_count = counts.words, listed_outputs = counts.outputs;
  static constexpr call_description<input_count + listed_outputs> all{raw.word};

  template <int I>
  using in_type = type_of<all.operands[I].type>;
  /// Of output K, where something needs it.
  template <int K>
  using output_type = type_of<all.operands[input_count + K].type>;
  static constexpr dims const& in_shape(int i) { return all.operands[i].shape; }
  /// Whether something needs output k: a kernel computes no other.
  static constexpr bool has_output(int k) {
    return k < listed_outputs && all.operands[input_count + k].type != dtype::none;
  }
  static constexpr dims const& out_shape(int k = 0) { return all.operands[input_count + k].shape; }
  static constexpr i64 word(int i) { return raw.word[all.first_word + i]; }
  static constexpr attribute_words attributes() { return {raw.word + all.first_word, word_count}; }

  /// Whether the words of a loop over its results follow those of the call.
  static constexpr int end_word = all.first_word + word_count;
  static constexpr bool has_epilogue = op::traits.has_epilogue && static_cast<int>(std::size(raw.word)) > end_word;
  static constexpr int epilogue_operands() {
    if constexpr (has_epilogue) return count_epilogue_operands(raw.word + end_word);
    return 0;
  }
  static constexpr dtype result_type() {
    if constexpr (has_epilogue) return epilogue_type(raw.word + end_word);
    return all.operands[all.first_output].type;
  }
  /// Of the first output that something needs, which is the only one of most ops.
  using out_type = type_of<result_type()>;

  static constexpr scratch_request ask_scratch() {
    operand inputs[input_count + 1]{};
    for (int i = 0; i < input_count; ++i) inputs[i] = {&all.operands[i].shape, all.operands[i].type};
    scratch_request request{inputs, attributes(), has_epilogue};
    if constexpr (op::traits.has_scratch) op::scratch(request);
    request.inputs = nullptr;
    return request;
  }
  static constexpr int scratch_slot = all.slots + (op::traits.next_state >= 0 ? 1 : 0) + epilogue_operands();
  static constexpr int own_slots() {
    if constexpr (op::kind == op_kind::region) return op::template own_slots<call>();
    return op::traits.has_scratch ? ask_scratch().count : 0;
  }
  static constexpr int operand_count = scratch_slot + own_slots();

  context const& of;

  template <int I>
  in_type<I> const* in() const {
    return of.at<in_type<I> const>(I);
  }
  out_type* out() const { return of.at<out_type>(input_count); }
  template <int K>
  output_type<K>* out() const {
    return of.at<output_type<K>>(all.operands[input_count + K].slot);
  }
  /// Where the next value of its state goes, in the same memory as the state that it reads: an object of type T.
  template <class T>
  T* next_state() const {
    static_assert(op::traits.next_state >= 0);
    return of.at<T>(all.slots);
  }
  /// The I-th piece of memory that the op asked for.
  template <int I = 0>
  auto* scratch() const {
    static constexpr dtype type = ask_scratch().pieces[I].type;
    return of.at<type_of<type>>(scratch_slot + I);
  }
  /// What this call is to do of n units of work: all of it, unless the op is `divisible`.
  work_part::range share(i64 n) const { return of.part.of(n); }
  i64 extent(i64 described) const { return of.extent(described, operand_count); }
  /// Says what an extent of the result is (inference::found).
  void find(i64 described, i64 found) const { of.find(described, operand_count, found); }
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
  static void run(void* const* buffers, i64 const* extents, std::uint16_t const* slots, work_part part) {
    if (!Op::traits.divisible && part.index > 0) return;
    context const of{buffers, extents, slots, part};
    Op::run(call<Hash>{of});
  }
};

}  // namespace kernel

TFX_END
