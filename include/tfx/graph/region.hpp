// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/graph.hpp>

TFX_BEGIN

// Loops and branches. Their bodies are nodes of the same graph: those that make some of the inputs of a node of
// op_kind::region, its results. A loop's body begins at arguments, leaves that the loop gives a value before each
// iteration; whatever else a body reads it shares with the rest of the graph. Which nodes a body consists of is found
// by a pass (compiler/place_regions.hpp); until then derivatives, merging and rewriting are what they are everywhere.

/// What a loop's body knows its values by. Words: the loop's identity, which one of its arguments it is.
struct argument_op {
  static constexpr auto name = "Argument";
  static constexpr op_kind kind = op_kind::leaf;
  static constexpr op_traits traits{};
  static constexpr void infer(inference&) {}
};

/// The inputs and words of a loop. Inputs, in this order: the states as they begin; the sequences, of which each
/// iteration gets one slice along the first axis; for a loop that is counted the number of iterations; the arguments of
/// the body, one for each state and each sequence; the predicate, where there is one; the states that an iteration
/// leaves; and what it yields, which is stacked along a new first axis. Outputs: the last states, of a loop with a
/// predicate how many iterations there were (int32), and the stacks.
struct loop_form {
  static constexpr i64 backward = 1;    // the last slice comes first
  static constexpr i64 predicated = 2;  // goes on while the predicate is true
  static constexpr i64 counted = 4;     // an input tells how many iterations there are: at most `most`
  static constexpr int words = 6;       // behind them, once bodies are placed: by state which yield it is, -1: none

  i64 identity;
  int states, sequences, yields;
  i64 flags;
  i64 most;  // iterations, where no sequence tells them; -1: no bound

  constexpr explicit loop_form(i64 const* w)
      : identity(w[0]),
        states(static_cast<int>(w[1])),
        sequences(static_cast<int>(w[2])),
        yields(static_cast<int>(w[3])),
        flags(w[4]),
        most(w[5]) {}
  constexpr explicit loop_form(attribute_words w) : loop_form(w.at) {}
  constexpr void write(i64* w) const {
    i64 const all[] = {identity, states, sequences, yields, flags, most};
    for (int i = 0; i < words; ++i) w[i] = all[i];
  }

  constexpr bool is_backward() const { return (flags & backward) != 0; }
  constexpr bool has_predicate() const { return (flags & predicated) != 0; }
  constexpr bool is_counted() const { return (flags & counted) != 0; }
  /// The sequences tell how many iterations there are.
  constexpr bool follows_sequences() const { return (flags & (predicated | counted)) == 0; }
  constexpr int initial(int k) const { return k; }
  constexpr int sequence(int q) const { return states + q; }
  constexpr int count() const { return states + sequences; }
  constexpr int first_argument() const { return states + sequences + is_counted(); }
  constexpr int argument(int k) const { return first_argument() + k; }
  constexpr int sequence_argument(int q) const { return first_argument() + states + q; }
  constexpr int predicate() const { return first_argument() + states + sequences; }
  constexpr int first_result() const { return predicate(); }
  constexpr int next(int k) const { return first_result() + has_predicate() + k; }
  constexpr int yield(int y) const { return next(states) + y; }
  constexpr int inputs() const { return yield(yields); }
  constexpr int iterations() const { return states; }  // outputs
  constexpr int stack(int y) const { return states + has_predicate() + y; }
  constexpr int outputs() const { return states + yields + has_predicate(); }
};

/// The inputs of a branch: the predicate, then what the values are where it is true, then where it is false. Word: how
/// many values there are.
struct branch_form {
  int values;

  constexpr explicit branch_form(i64 const* w) : values(static_cast<int>(w[0])) {}
  constexpr int value(int body, int k) const { return 1 + body * values + k; }
};

/// What passes know of a loop or a branch: which inputs are arguments, and which are results of which body.
struct region_form {
  bool is_loop;
  int first_argument, arguments;
  int bodies;
  int first_result[2], results[2];

  constexpr region_form(op_info const* op, i64 const* words);
  constexpr region_form(node const& n, i64 const* words) : region_form(n.op, words) {}
  /// Input i is made outside of the bodies.
  constexpr bool is_outer(int i) const { return i < first_argument; }
};

/// For states that change from iteration to iteration, slices, or none of both: `loop_op` runs its body again and
/// again.
struct loop_op {
  static constexpr auto name = "While";
  static constexpr op_kind kind = op_kind::region;
  static constexpr op_traits traits{.has_outputs = true};

  static constexpr void infer(inference& call) {
    loop_form const form(call.words);
    call.outputs = form.outputs();
    if (form.has_predicate()) only_bool(call, call.types[form.predicate()]);
    for (int k = 0; k < form.states; ++k) {
      infer_same(call, form.initial(k), form.argument(k));
      infer_same(call, form.initial(k), form.next(k));
    }
    i64 iterations = form.most;
    for (int q = 0; q < form.sequences; ++q) infer_slice(call, form, q, iterations);
    if (call.failed()) return;
    if (form.has_predicate() && call.output == form.iterations()) {
      call.type = dtype::int32;
    } else if (call.output < form.states) {
      call.type = call.types[call.output];
      call.shape = call.shapes[call.output];
    } else {
      int const yield = form.yield(call.output - form.stack(0));
      dims const& each = call.shapes[yield];
      call.type = call.types[yield];
      if (each.rank >= max_rank || each.rank < 0) return call.refuse(refusal_kind::rank, each);
      call.shape.push_back(iterations);
      for (int i = 0; i < each.rank; ++i) call.shape.push_back(each[i]);
    }
  }
  /// How many slots its step has behind its outputs: of each state that is not yielded two places in which it lies in
  /// turn, then the body.
  template <class Call>
  static constexpr int own_slots() {
    int count = 1;
    for (int k = 0; k < loop_form(Call::attributes()).states; ++k) count += is_yielded<Call>(k) ? 0 : 2;
    return count;
  }
  /// State k is yielded, and something needs that: it stays where it is stacked.
  template <class Call>
  static constexpr bool is_yielded(int k) {
    i64 const yield = Call::attributes()[loop_form::words + k];
    return yield >= 0 && Call::has_output(loop_form(Call::attributes()).stack(static_cast<int>(yield)));
  }
  template <class Call>
  static void run(Call const& call);

 private:
  // Two inputs of one dtype and shape.
  static constexpr void infer_same(inference& call, int a, int b) {
    any_value(call, call.types[a]);
    if (call.types[a] == dtype::string) call.refuse_types(refusal_kind::needs_number, call.types[a]);
    if (call.types[a] != call.types[b])
      return call.refuse_types(refusal_kind::dtype_mismatch, call.types[a], call.types[b]);
    dims const& x = call.shapes[a];
    dims const& y = call.shapes[b];
    if (!x.is_known() || !y.is_known()) return call.refuse(refusal_kind::rank, x, y);
    if (x.rank != y.rank) return call.refuse(refusal_kind::shape_mismatch, x, y);
    for (int i = 0; i < x.rank; ++i) call.agree(x[i], y[i], x, y);
  }
  static constexpr void infer_slice(inference& call, loop_form const& form, int q, i64& iterations) {
    dims const& x = call.shapes[form.sequence(q)];
    dims const& slice = call.shapes[form.sequence_argument(q)];
    if (call.types[form.sequence(q)] == dtype::string)
      return call.refuse_types(refusal_kind::needs_number, dtype::string);
    if (!x.is_known() || x.rank == 0) return call.refuse(refusal_kind::rank, x);
    iterations =
        q == 0 && form.follows_sequences() ? x[0] : call.agree(iterations, x[0], call.shapes[form.sequence(0)], x);
    for (int i = 0; i < slice.rank; ++i) call.agree(x[i + 1], slice[i], x, slice);
  }
};

/// The values of one of two bodies; the other one does not run.
struct branch_op {
  static constexpr auto name = "If";
  static constexpr op_kind kind = op_kind::region;
  static constexpr op_traits traits{.has_outputs = true};

  static constexpr void infer(inference& call) {
    branch_form const form(call.words);
    call.outputs = form.values;
    only_bool(call, call.types[0]);
    if (call.shapes[0].rank != 0) return call.refuse(refusal_kind::rank, call.shapes[0]);
    for (int k = 0; k < form.values; ++k) {
      int const a = form.value(0, k), b = form.value(1, k);
      any_value(call, call.types[a]);
      if (call.types[a] != call.types[b])
        return call.refuse_types(refusal_kind::dtype_mismatch, call.types[a], call.types[b]);
      dims const& x = call.shapes[a];
      dims const& y = call.shapes[b];
      if (!x.is_known() || !y.is_known()) return call.refuse(refusal_kind::rank, x, y);
      if (x.rank != y.rank) return call.refuse(refusal_kind::shape_mismatch, x, y);
      dims common = x;
      for (int i = 0; i < x.rank; ++i) common[i] = call.agree(x[i], y[i], x, y);
      if (k != call.output) continue;
      call.type = call.types[a];
      call.shape = common;
    }
  }
  template <class Call>
  static constexpr int own_slots() {
    return 2;  // the bodies
  }
  template <class Call>
  static void run(Call const& call);
};

constexpr region_form::region_form(op_info const* op, i64 const* words)
    : is_loop(is<loop_op>(op)), first_argument(1), arguments(0), bodies(2), first_result{}, results{} {
  if (!is_loop) {
    branch_form const form(words);
    for (int b = 0; b < 2; ++b) {
      first_result[b] = form.value(b, 0);
      results[b] = form.values;
    }
    return;
  }
  loop_form const form(words);
  first_argument = form.first_argument();
  arguments = form.states + form.sequences;
  bodies = 1;
  first_result[0] = form.first_result();
  results[0] = form.inputs() - form.first_result();
}

TFX_END
