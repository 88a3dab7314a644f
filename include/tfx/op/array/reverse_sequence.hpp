// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/base/raise.hpp>
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/shape/axes.hpp>

TFX_BEGIN

/// Of each sequence of a batch its first elements in the other direction, the rest as it is. Inputs: x, how many, int32
/// or int64. Words: the axis of the sequences, that of the batch. Gradient: the same of dy.
struct reverse_sequence_op {
  static constexpr auto name = "ReverseSequence";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{
      .multilinear = true, .may_fail = true, .mismatch = "Length of seq_lengths != input.dims(batch_dim): %s vs. %s"};
  struct attributes {
    i64 sequence, batch;
    constexpr explicit attributes(attribute_words w) : sequence(w[0]), batch(w[1]) {}
  };

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.types[1] != dtype::int32 && call.types[1] != dtype::int64)
      return call.refuse_types(refusal_kind::dtype_mismatch, call.types[1], dtype::int64);
    if (call.defer()) return;
    dims const &x = call.shapes[0], &lengths = call.shapes[1];
    attributes const along(call.attributes());
    int const sequence = call.axis_of(x, along.sequence), batch = call.axis_of(x, along.batch);
    if (call.failed()) return;
    if (sequence == batch) return call.refuse(refusal_kind::axis, x, {}, along.batch);
    if (lengths.rank != 1) return call.refuse(refusal_kind::rank, lengths, x);
    call.agree(lengths[0], x[batch], lengths, x);
    if (!call.failed()) call.shape = x;
  }
  static constexpr void gradient(auto& call) {
    attributes const along(call.attributes());
    i64 const words[] = {along.sequence, along.batch};
    call.dx[0] = add_node<reverse_sequence_op>(words, 2, call.dy, call.x(1));
  }

  template <class Call>
  static void run(Call const& call) {
    constexpr dims x = Call::in_shape(0);
    constexpr attributes along(Call::attributes());
    constexpr int sequence = place_of_axis(along.sequence, x.rank), batch = place_of_axis(along.batch, x.rank);
    constexpr int first = sequence < batch ? sequence : batch, second = sequence < batch ? batch : sequence;
    auto const* const lengths = call.template in<1>();
    i64 const steps = call.extent(x[sequence]), sequences = call.extent(x[batch]);
    for (i64 i = 0; i < sequences; ++i) {
      if (lengths[i] < 0) raise<errors::InvalidArgumentError>("seq_lens(%lld) < 0", static_cast<long long>(i));
      if (lengths[i] > steps)
        raise<errors::InvalidArgumentError>("seq_lens(%lld) > input.dims(%d)", static_cast<long long>(i), sequence);
    }
    i64 const outer = call.count(x, 0, first), n = call.extent(x[first]), middle = call.count(x, first + 1, second);
    i64 const m = call.extent(x[second]), inner = call.count(x, second + 1, x.rank);
    auto const* const from = call.template in<0>();
    auto* out = call.out();
    for (i64 o = 0; o < outer; ++o)
      for (i64 i = 0; i < n; ++i)
        for (i64 c = 0; c < middle; ++c)
          for (i64 k = 0; k < m; ++k, out += inner) {
            i64 const step = sequence < batch ? i : k, length = lengths[sequence < batch ? k : i];
            i64 const at = step < length ? length - 1 - step : step;
            i64 const row = sequence < batch ? at : i, column = sequence < batch ? k : at;
            std::copy_n(from + (((o * n + row) * middle + c) * m + column) * inner, inner, out);
          }
  }
};

/// The first `lengths[i]` elements of sequence i in the other direction, the rest as it is:
/// `reverse_sequence(x, lengths, axis<1>, axis<0>)` of x [batch, steps, …], whose sequences lie along the first axis
/// that is named, and the batch along the second (default: axis 0). A length that is negative or more than the steps
/// ends the run with an InvalidArgumentError. TensorFlow: ReverseSequence.
template <name Name = "", expression X, expression L, int S, int B = 0>
constexpr result_with<reverse_sequence_op, Name, words<S, B>, X, L> reverse_sequence(X const& x, L const& lengths,
                                                                                     axes_t<S>, axes_t<B> = {}) {
  return apply<reverse_sequence_op, Name, words<S, B>>(x, lengths);
}

TFX_END
