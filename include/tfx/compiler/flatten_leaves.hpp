// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/module.hpp>
#include <tfx/graph/region.hpp>

TFX_BEGIN

namespace detail {

/// Whether a tensor that is fed would otherwise be computed from inputs.
constexpr bool is_computed(descriptor const& d) {
  return d.input_count > 0 && d.op->kind != op_kind::leaf && d.op->kind != op_kind::effect;
}
/// Whether derivatives are asked for among the first inputs of a request.
constexpr bool differentiates(descriptor const& request, int fetch_count) {
  vector<descriptor const*> stack;
  numbering seen;
  for (int i = 0; i < fetch_count; ++i) stack.push_back(request.inputs[i]);
  while (stack.count > 0) {
    descriptor const* d = stack.items[--stack.count];
    if (is<gradients_op>(d->op) || is<jvp_op>(d->op) || d->op->updates) return true;
    for (int i = 0; i < d->input_count; ++i)
      if (int const met = seen.keys.count; seen.of(d->inputs[i]->hash) == met) stack.push_back(d->inputs[i]);
  }
  return false;
}

/// What reads of variables see: the initial values but for some assignments.
struct flattened_scope {
  int first_assigned, assigned_count;
  bool initializes;         // it is the initial value of a variable …
  descriptor const* owner;  // … this one
  renaming renames;         // of anonymous numbers in it
  int outer;                // the scope that it is in, -1: none
  int plain;                // the same where nothing is renamed, -1: itself
  int effect = -1;          // what may fail in it waits for this node
  bool trains = false;      // the learning phase: what by_phase_op chooses
};
/// A variable or constant whose type does not tell its shape: one shape, wherever it is met.
struct flattened_leaf {
  u64 identity;
  dims shape;
};

/// Makes nodes of leaves, with symbols of the graph for the names in their shapes.
class leaf_flattener {
 public:
  module out;

 protected:
  using scope_state = flattened_scope;
  using open_leaf = flattened_leaf;

  vector<scope_state> scopes_;
  vector<open_leaf> open_;

  // Reshape of symbols: names of the user's shapes become indices of this graph.
  constexpr dims own_shape(descriptor const& d) {
    note_symbols(d);
    dims shape = *d.shape;
    for (int i = 0; i < shape.rank; ++i) {
      if (shape.extent[i] >= 0) continue;
      shape.extent[i] =
          shape.extent[i] == dims::unknown ? out.symbols.anonymous() : out.symbols.by_name(shape.extent[i], {});
    }
    return shape;
  }
  constexpr dims leaf_shape(descriptor const& d) {
    if (d.shape->is_static()) return *d.shape;
    for (open_leaf const& known : open_)
      if (known.identity == identity_of(d)) return known.shape;
    open_.push_back({identity_of(d), own_shape(d)});
    return open_.back().shape;
  }
  constexpr bool has_name(dims const& shape) const {
    for (int i = 0; i < shape.rank; ++i)
      if (shape[i] < 0 && out.symbols.entries[symbol_of(shape[i])].name != 0) return true;
    return false;
  }
  constexpr void note_symbols(descriptor const& d) {
    for (int i = 0; i < d.symbol_count; ++i)
      if (d.symbols[i].extent != 0) out.symbols.by_name(d.symbols[i].extent, d.symbols[i].text);
  }

  constexpr int add_leaf(descriptor const& d, u64 identity, int scope) {
    node n;
    n.op = d.op;
    n.type = d.type;
    n.shape = leaf_shape(d);
    bool const is_variable = is<variable_op>(d.op);
    n.identity = is_variable ? identity : own_identity(d, scope);
    n.name = d.name;
    if (d.shape->is_static()) return out.append(n, nullptr, 0, d.words, is_variable ? 0 : d.word_count);
    if (!n.shape.is_known() && out.error.kind == refusal_kind::none) {
      out.error.kind = refusal_kind::untold_shape;
      out.error.text = d.name;
    }
    if (is<argument_op>(d.op)) return out.append(n, nullptr, 0, d.words, d.word_count);
    // A variable has a word where each session keeps its shape too.
    i64 const open = 1;
    int const id = is_variable ? out.append(n, nullptr, 0, &open, 1) : out.append(n, nullptr, 0, d.words, d.word_count);
    out.extent_sources.push_back(id);
    return id;
  }
  // Numbers and random streams inside an initial value are the variable's own.
  constexpr u64 own_identity(descriptor const& d, int scope) const {
    scope_state const& here = scopes_.items[scope];
    if (d.number_count == 0) return here.initializes ? mix(d.hash, here.owner->name_hash) : d.hash;
    u64 id = d.numbers[0];
    for (int s = scope; s >= 0 && is_anonymous(id); s = scopes_.items[s].outer)
      if (scopes_.items[s].renames.tag != 0) id = scopes_.items[s].renames(id);
    if (!here.initializes) return id;
    descriptor const& initial = *here.owner->inputs[0];
    int place = 0;
    while (initial.numbers[place] != id) ++place;
    return owned_number_id(here.owner->name_hash, place);
  }
};

}  // namespace detail
TFX_END
