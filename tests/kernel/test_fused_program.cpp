// SPDX-License-Identifier: Apache-2.0
// Descriptions of kernels: what is written is what is read.
#include <doctest/doctest.h>
#include <tfx/tfx.hpp>

namespace tf = tfx;
using tf::dtype;
using tf::i64;
using tf::u64;
using tf::kernel::call_counts;
using tf::kernel::call_description;
using tf::kernel::call_words;
using tf::kernel::fused_program;
using tf::kernel::fused_words;

namespace {
constexpr void write(fused_program const& p, fused_words& words) {
  for (int i = 0; i < p.rank; ++i) {
    words.begin_axis();
    words.extend_axis(p.axes[i].coefficient);
    // The symbols that were written first are read last.
    for (int k = p.axes[i].symbol_count - 1; k >= 0; --k) words.extend_axis_by_symbol(p.axes[i].symbols[k]);
  }
  for (int i = 0; i < p.inputs; ++i) words.add_input(p.values[i].type, p.values[i].varies, p.sources[i]);
  for (int i = 0; i < p.sequences; ++i)
    words.add_sequence(p.values[p.inputs + i].type, p.values[p.inputs + i].varies, p.counted[i]);
  for (int i = 0; i < p.immediates; ++i)
    words.add_immediate(p.values[p.first_immediate() + i].type, p.values[p.first_immediate() + i].bits);
  for (int i = 0; i < p.steps; ++i) {
    words.add_step(p.program[i].op, p.program[i].type);
    for (int k = 0; k < p.program[i].count; ++k) words.set_argument(k, p.program[i].arguments[k]);
  }
  for (int i = 0; i < p.outputs; ++i) words.add_output(p.out[i]);
  words.finish();
}
constexpr bool equal(fused_program const& a, fused_program const& b) {
  bool same = a.rank == b.rank && a.inputs == b.inputs && a.sequences == b.sequences && a.immediates == b.immediates &&
              a.steps == b.steps && a.outputs == b.outputs;
  if (!same) return false;
  for (int i = 0; i < a.rank; ++i) {
    same &= a.axes[i].coefficient == b.axes[i].coefficient && a.axes[i].symbol_count == b.axes[i].symbol_count;
    for (int k = 0; same && k < a.axes[i].symbol_count; ++k) same &= a.axes[i].symbols[k] == b.axes[i].symbols[k];
  }
  for (int i = 0; i < a.first_step() + a.steps; ++i)
    same &= a.values[i].type == b.values[i].type && a.values[i].varies == b.values[i].varies &&
            a.values[i].bits == b.values[i].bits;
  for (int i = 0; i < a.inputs; ++i)
    same &= a.sources[i].stride == b.sources[i].stride && a.sources[i].offset == b.sources[i].offset &&
            a.sources[i].base == b.sources[i].base;
  for (int i = 0; i < a.sequences; ++i)
    same &= a.counted[i].first == b.counted[i].first && a.counted[i].step == b.counted[i].step;
  for (int i = 0; i < a.steps; ++i) {
    same &= a.program[i].op == b.program[i].op && a.program[i].type == b.program[i].type &&
            a.program[i].count == b.program[i].count;
    for (int k = 0; same && k < a.program[i].count; ++k) same &= a.program[i].arguments[k] == b.program[i].arguments[k];
  }
  for (int i = 0; i < a.outputs; ++i)
    same &= a.out[i].type == b.out[i].type && a.out[i].varies == b.out[i].varies && a.out[i].from == b.out[i].from &&
            a.out[i].place == b.out[i].place && a.out[i].reduction == b.out[i].reduction;
  return same;
}
constexpr bool survives(fused_program const& p) {
  fused_words words;
  write(p, words);
  return equal(tf::kernel::decode_fused(words.word), p);
}

/// A program of those counts whose every field has a value of its own, or the largest that it may have.
constexpr fused_program made(int rank, int inputs, int sequences, int immediates, int steps, int outputs,
                             bool extreme) {
  fused_program p{};
  p.rank = rank;
  p.inputs = inputs;
  p.sequences = sequences;
  p.immediates = immediates;
  p.steps = steps;
  p.outputs = outputs;
  constexpr dtype types[] = {dtype::uint64, dtype::float32, dtype::boolean, dtype::int64, dtype::complex128};
  constexpr i64 largest = 0x7fffffffffffffff;
  int turn = 0;
  auto const type = [&] { return types[turn++ % 5]; };
  auto const bits = [&] { return extreme ? 255u : static_cast<unsigned>(turn++ * 37 & 255); };
  auto const place = [&](int count) { return extreme ? count - 1 : turn++ % count; };
  auto const word = [&] { return extreme ? (turn++ & 1 ? largest : -largest - 1) : i64{turn++} * 0x123456789ab; };
  for (int i = 0; i < rank; ++i) {
    p.axes[i].coefficient = extreme ? largest : i + 2;
    p.axes[i].symbol_count = extreme ? tf::max_rank : i % 3;
    for (int k = 0; k < p.axes[i].symbol_count; ++k) p.axes[i].symbols[k] = extreme ? 254 - k : (i + 3 * k) % 8;
  }
  for (int i = 0; i < inputs; ++i) {
    p.values[i] = {type(), bits(), 0};
    p.sources[i] = {extreme ? 255 : 1 + i, extreme ? 255 : i, place(i + 1)};
  }
  for (int i = 0; i < sequences; ++i) {
    p.values[inputs + i] = {type(), bits(), 0};
    p.counted[i] = {word(), word()};
  }
  for (int i = 0; i < immediates; ++i) p.values[p.first_immediate() + i] = {type(), 0, word()};
  for (int i = 0; i < steps; ++i) {
    p.program[i] = {static_cast<u64>(word()), type(), {}, extreme ? 4 : 1 + i % 4};
    for (int k = 0; k < p.program[i].count; ++k) p.program[i].arguments[k] = extreme ? 255 : place(p.first_step() + 1);
    p.values[p.first_step() + i].type = p.program[i].type;
  }
  for (int i = 0; i < outputs; ++i)
    p.out[i] = {type(), bits(), extreme ? 255 : i, extreme ? 255 : i % 4, static_cast<u64>(word())};
  return p;
}
constexpr int most = fused_program::most_inputs;
static_assert(survives(made(0, 0, 0, 1, 0, 1, false)));
static_assert(survives(made(2, 2, 1, 1, 3, 2, false)));
static_assert(survives(made(tf::max_rank, most, 0, 0, fused_program::most_steps, fused_program::most_outputs, true)));
}  // namespace

TEST_CASE("description of a loop: every small program is read as it was written") {
  int met = 0;
  for (int rank = 0; rank <= 3; ++rank)
    for (int inputs = 0; inputs <= 3; ++inputs)
      for (int sequences = 0; sequences <= 2; ++sequences)
        for (int immediates = 0; immediates <= 2; ++immediates)
          for (int steps = 0; steps <= 3; ++steps)
            for (int outputs = 0; outputs <= 3; ++outputs)
              for (bool extreme : {false, true})
                met += survives(made(rank, inputs, sequences, immediates, steps, outputs, extreme));
  CHECK(met == 4 * 4 * 3 * 3 * 4 * 4 * 2);
}
TEST_CASE("description of a loop: the largest ones of each kind of operand") {
  for (bool extreme : {false, true}) {
    CHECK(survives(made(tf::max_rank, most, 0, 0, fused_program::most_steps, fused_program::most_outputs, extreme)));
    CHECK(survives(made(tf::max_rank, 0, most, 0, fused_program::most_steps, fused_program::most_outputs, extreme)));
    CHECK(survives(made(tf::max_rank, 0, 0, most, fused_program::most_steps, fused_program::most_outputs, extreme)));
  }
}
TEST_CASE("description of a loop: each field by itself, whatever the others are") {
  fused_program const full = made(2, 2, 1, 1, 2, 2, true), none = made(2, 2, 1, 1, 2, 2, false);
  auto const check = [&](auto change) {
    for (fused_program p : {full, none}) {
      change(p);
      CHECK(survives(p));
    }
  };
  check([](auto& p) { p.axes[1].symbol_count = 0; });
  check([](auto& p) { p.axes[0].coefficient = 0; });
  check([](auto& p) { p.values[0].type = dtype::none; });
  check([](auto& p) { p.values[1].varies = 0; });
  check([](auto& p) { p.sources[0] = {0, 0, 0}; });
  check([](auto& p) { p.values[2].varies = 1; });
  check([](auto& p) { p.counted[0] = {0, -1}; });
  check([](auto& p) { p.values[3].bits = 0; });
  check([](auto& p) { p.program[1].count = 0; });
  check([](auto& p) { p.out[0].varies = 0; });
  check([](auto& p) { p.out[1].reduction = 0; });
}

namespace {
constexpr bool reads_call(int inputs, int attributes, int outputs, bool absent) {
  call_words words;
  words.begin(~u64{0}, {inputs, attributes, outputs});
  for (int i = 0; i < inputs + outputs; ++i) {
    if (absent && i >= inputs && i + 1 < inputs + outputs) {
      words.add_absence();
      continue;
    }
    words.begin_operand(dtype::complex128, i % (tf::max_rank + 1));
    for (int k = 0; k < i % (tf::max_rank + 1); ++k) words.add_extent(k % 2 ? tf::symbol_extent(k) : i64{1} << 60);
  }
  for (int i = 0; i < attributes; ++i) words.add_attribute(-i);
  call_counts const c = tf::kernel::decode_counts(words.items);
  if (c.inputs != inputs || c.words != attributes || c.outputs != outputs) return false;
  call_description<12> const all(words.items);
  int slots = 0;
  for (int i = 0; i < inputs + outputs; ++i) {
    bool const here = !(absent && i >= inputs && i + 1 < inputs + outputs);
    auto const& o = all.operands[i];
    if (o.slot != slots || o.type != (here ? dtype::complex128 : dtype::none)) return false;
    if (o.shape.rank != (here ? i % (tf::max_rank + 1) : 0)) return false;
    for (int k = 0; k < o.shape.rank; ++k)
      if (o.shape[k] != (k % 2 ? tf::symbol_extent(k) : i64{1} << 60)) return false;
    slots += here;
  }
  if (all.first_output != (absent ? inputs + outputs - 1 : inputs) || all.slots != slots) return false;
  for (int i = 0; i < attributes; ++i)
    if (words[all.first_word + i] != -i) return false;
  return true;
}
static_assert(reads_call(11, 3, 1, false) && reads_call(2, 1, 10, true));
}  // namespace

TEST_CASE("description of an op's kernel: what is written is what is read") {
  for (int inputs = 0; inputs <= 12; ++inputs)
    for (int attributes : {0, 1, 40})
      if (int const outputs = 12 - inputs; outputs > 0) {
        CHECK(reads_call(inputs, attributes, outputs, false));
        CHECK(reads_call(inputs, attributes, outputs, true));
      }
  constexpr int most_of_each = tf::kernel::call_word::most;
  call_words words;
  for (call_counts const c : {call_counts{most_of_each, 0, 1}, {0, most_of_each, 0}, {1, 0, most_of_each}}) {
    words.begin(1, c);
    call_counts const read = tf::kernel::decode_counts(words.items);
    CHECK((read.inputs == c.inputs && read.words == c.words && read.outputs == c.outputs));
  }
  CHECK_THROWS_AS(words.begin(1, {most_of_each + 1, 0, 1}), tf::errors::UnimplementedError);
  CHECK_THROWS_AS(words.begin(1, {0, most_of_each + 1, 1}), tf::errors::UnimplementedError);
}
