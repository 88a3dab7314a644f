// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/table.hpp>
#include <tfx/compiler/extents.hpp>
#include <tfx/kernel/context.hpp>

TFX_BEGIN

/// Where a buffer's memory is.
enum class buffer_kind : unsigned char {
  arena,
  texts,
  feed,
  variable,
  scalar_literal,
  array_literal,
  moving,  // where a loop or a branch says
  body     // no tensor: the steps of a body
};

// Entries have no default values where there are many of them: the compiler would fill an array's unused end.
struct buffer_entry {
  buffer_kind kind;
  int index;   // of the arena, feed, variable, literal or body; texts: of the arena whose symbols count them
  i64 offset;  // arena: in bytes, times the arena's symbols; texts: how many strings, times those symbols
};
/// One arena: `bytes` for each unit of the product of its symbols (none: the static arena).
struct arena_entry {
  i64 bytes = 0;
  int symbol_count = 0;
  int symbols[max_rank] = {};
  int terms =
      0;  // of a step's scratch that is a sum: this one and those that follow; 0: of every buffer of the product
};
/// A tensor that comes from outside: a feed, a literal, a fetch; its extents are numbers or symbols.
struct tensor_entry {
  dtype type = dtype::none;
  dims shape{};
  int buffer = -1;
  int index = 0;  // feed: its place in the run; literal: its place in the payload
  int name_at = 0, name_size = 0;
};
struct variable_entry {
  u64 hash;
  dtype type;
  i64 count;
  int buffer;
  bool read, written;
  bool state;  // hidden state of an op (a random stream): a session makes it when it first meets it
  int token;   // state: the literal that tells whose it is, -1: its name does
  bool saved;  // a step may still fail when it has been written: the run puts back what it was
  int name_at, name_size;
};
/// A variable whose type does not tell its shape: sessions keep its extents.
struct open_variable {
  int variable;
  bool initialized;  // by this run, which may change its extents
  dims shape;        // in this run
  bool found;        // by kernels of this run, which writes it and does not read it
  dims room;         // the most that it can be
};
/// A kernel call that finds an extent, and how far the run can then compute and check extents.
struct finding {
  int steps;  // that have run, this one too
  int symbol;
  int derivations, checks;
};
/// Steps that a loop or a branch runs: a loop's predicate is there after `middle`.
struct body_plan {
  int first, middle, last;
  int name_at, name_size;  // of the loop
};
/// The name of an extent.
struct symbol_plan {
  int name_at = 0, name_size = 0;
};
/// A part of the plan's text.
struct text_part {
  int at, size;
};
/// An extent_check, with what is said where it fails: the two shapes stand between `before`, `between` and `after`.
struct check_plan {
  extent_rule rule;
  bool at_most, counts;
  int axis;
  i64 left, right, to;
  dims first, second;  // `unknown`: what the rule makes
  text_part before, between, after, op, variable;
};

/// What is left of a run: kernels in order over buffers in arenas.
template <template <class> class Column>
struct plan_columns {
  Column<kernel::step_entry> steps;  // those of bodies last
  Column<std::uint16_t> slots;
  Column<buffer_entry> buffers;
  Column<arena_entry> arenas;
  Column<tensor_entry> feeds;
  Column<tensor_entry> literals;
  Column<tensor_entry> fetches;
  Column<variable_entry> variables;
  Column<open_variable> open_variables;
  Column<symbol_plan> symbols;
  Column<extent_derivation> derivations;
  Column<check_plan> checks;
  Column<body_plan> bodies;
  Column<finding> findings;  // in order
  Column<char> text;
};
struct plan_facts {
  int texts;       // how many buffers of strings
  bool has_texts;  // those, or variables
  bool has_streams;
  int saved;                            // how many variables
  int main_steps;                       // how many steps are in no body
  int first_derivations, first_checks;  // how many of these come before all steps
};
using run_plan = table<plan_columns, plan_facts>;
struct plan_counts : lengths_of<plan_columns>, plan_facts {};

TFX_END
