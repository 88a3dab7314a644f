// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/collect_variables.hpp>
#include <tfx/compiler/extents.hpp>
#include <tfx/compiler/flatten_feeds.hpp>
#include <tfx/compiler/parts.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

namespace detail {

/// A descriptor whose inputs are not all there yet; the nodes of those that are lie on top of `values_`.
struct flattened_frame {
  descriptor const* d;
  int scope;   // of initialize_op: where the variables begin that it makes
  int number;  // in `seen_`
  int next;    // how many inputs are there
  int count;   // of how many
};
struct flattened_assignment {
  u64 variable;
  int node;  // or scope
};
struct flattened_effect {
  u64 hash;  // of the descriptor
  int node;
};
struct flattened_body {
  int first_effect;
  bool any;
};
/// Turns the descriptors that a run reaches into nodes, each once, inputs first, without recursion. Feeds cut what is
/// behind them; shapes become extents of this graph's symbols; assignments are put in the order in which they are met.
class flattener : feed_flattener {
 public:
  using leaf_flattener::out;

  constexpr void begin(descriptor const& request) {
    int const fetch_count = static_cast<int>(request.words[0]);
    scopes_.push_back({0, 0, false, nullptr, {}, -1, -1});
    for (int i = fetch_count; i < request.input_count; ++i) add_feed(*request.inputs[i]);
    goes_behind_feeds_ = feeds_computed_ && differentiates(request, fetch_count);
  }
  /// Goes on until so `most` is done, or to the end; then it is finished.
  constexpr bool run(descriptor const& request, int most) {
    for (int const fetch_count = static_cast<int>(request.words[0]); out.fetches.count < fetch_count;) {
      if (stack_.count == 0) enter(*request.inputs[out.fetches.count], 0);
      if (!visit(0, most)) return false;
      out.fetches.push_back(values_.items[--values_.count]);
    }
    return true;
  }
  constexpr void end() {
    for (flattened_feed const& f : feeds_)
      out.feeds.push_back(f.used || has_name(out.nodes[f.node].shape) ? f.node : -1);
    if (!out.symbols.entries.empty()) tell_extents(out);
  }

  /// How much is done: descriptors are met, from the last one back, and later made nodes of.
  constexpr int done() const { return seen_.keys.count + out.nodes.count + listed_; }

  /// What a part hands on to the next one.
  template <class Use>
  constexpr void each_list(Use& use) {
    out.each_list(use);
    use.all(out.fetches, out.extent_sources, scopes_, open_, feeds_, seen_, nodes_, stack_, values_, assigned_,
            initial_, variables_, latest_, effects_, names_, named_, bodies_);
    use.all(out.symbols.merged, out.symbols.finds, out.has_markers, out.has_regions, feeds_computed_,
            goes_behind_feeds_, first_effect_, listed_);
  }

 private:
  using frame = flattened_frame;
  using assigned = flattened_assignment;
  using effect = flattened_effect;
  using visited_body = flattened_body;

  numbering seen_;     // descriptors, each in its scope
  vector<int> nodes_;  // by number in `seen_`
  vector<frame> stack_;
  vector<int> values_;
  vector<i64> words_;          // of the node that is being added
  vector<assigned> assigned_;  // of all scopes
  vector<assigned> initial_;   // variables that this run makes, and the scopes of their initial values
  numbering variables_;        // that are assigned to
  vector<int> latest_;         // by number in `variables_`: the last assignment
  vector<effect> effects_;     // that users see, in order
  int first_effect_ = 0;       // of the body that is visited
  int listed_ = 0;             // three for each variable that this run makes, since to find it costs as much

  // The scope in which the input of a distinct_op is visited.
  constexpr int apart(descriptor const& d, int outer) {
    scope_state inner = scopes_[outer];
    inner.renames = renaming_of(d.words);
    inner.outer = outer;
    if (inner.plain < 0) inner.plain = outer;
    scopes_.push_back(inner);
    return scopes_.count - 1;
  }

  constexpr int visit_all(descriptor const& root, int scope) {
    int const base = stack_.count;
    enter(root, scope);
    visit(base, 1 << 30);
    return values_.items[--values_.count];
  }
  /// Works off the stack down to `base`, unless so `most` is done before.
  constexpr bool visit(int base, int most) {
    constexpr u64 with_dependencies = define_op<with_dependencies_op>::hash,
                  initialize = define_op<initialize_op>::hash;
    while (stack_.count > base && seen_.keys.count + out.nodes.count + listed_ < most) {
      frame& top = stack_.items[stack_.count - 1];
      descriptor const& d = *top.d;
      op_info const& op = *d.op;
      if (top.next < top.count) {
        int const next = top.next++;
        if (op.hash == initialize) {
          write_initial(top, next - 1);
          descriptor const& variable = initialized_by(top, next);
          enter(*variable.inputs[0], initial_[top.scope + next].node);
        } else if (op.renames_numbers) {
          enter(*d.inputs[0], apart(d, top.scope));
        } else if (op.hash == with_dependencies) {
          if (next + 1 < d.input_count) {
            enter(*d.inputs[next + 1], top.scope);
          } else {
            enter(*d.inputs[0], after(d, top.scope));
          }
        } else {
          if (op.kind == op_kind::region) begin_result(d, next);
          enter(*d.inputs[next], top.scope);
        }
        continue;
      }
      int const count = top.count;
      if (op.hash == initialize) write_initial(top, count - 1);
      int* const inputs = values_.items + (values_.count - count);
      int const id =
          op.hash == initialize ? out.add(info<group_op>, inputs, count, nullptr, 0) : finish(d, inputs, top.scope);
      nodes_.items[stack_.items[stack_.count - 1].number] = id;
      *inputs = id;
      values_.count -= count - 1;
      --stack_.count;
    }
    return stack_.count == base;
  }
  static constexpr u64 scope_factor = 0x9e3779b97f4a7c15u;
  static constexpr u64 key_of(descriptor const& d, int scope) {
    return identity_of(d) + static_cast<u64>(scope) * scope_factor;
  }

  // The scope of training inside `outer`; there is one for all that trains there.
  constexpr int training(int outer) {
    if (scopes_[outer].trains) return outer;
    int const plain = scopes_[outer].plain < 0 ? outer : scopes_[outer].plain;
    int const number = seen_.of(mix(static_cast<u64>(plain), 0x747261696eu));  // by a key that no node has
    if (number == nodes_.count) nodes_.push_back(begin_training(plain, -1));
    return plain == outer ? nodes_[number] : begin_training(outer, nodes_[number]);
  }
  constexpr int begin_training(int outer, int plain) {
    scope_state inner = scopes_[outer];
    inner.trains = true;
    inner.renames = {};
    inner.outer = outer;
    inner.plain = plain;
    scopes_.push_back(inner);
    return scopes_.count - 1;
  }

  // Puts the node of `d` on top of `values_`, or `d` on top of the stack, if there are inputs that must come first.
  // What flattening leaves nothing of is passed at once, unless it is fed.
  constexpr void enter(descriptor const& given, int scope) {
    descriptor const* passed = &given;
    while (passed->op->transparent && !passed->op->renames_numbers && !(feeds_.count > 0 && is_fed(*passed))) {
      if (is<training_op>(passed->op)) scope = training(scope);
      bool const chooses = is<by_phase_op>(passed->op) && !scopes_[scope].trains;
      passed = passed->inputs[chooses ? 1 : 0];
    }
    descriptor const& d = *passed;
    // What reaches no number that the scope renames is the same outside, where it is computed once.
    if (int const plain = scopes_.items[scope].plain; plain >= 0 && !any_anonymous(d)) scope = plain;
    // A leaf is the same in training, so that derivatives along it find it.
    if (d.op->kind == op_kind::leaf && scopes_.items[scope].trains)
      if (int const outer = scopes_.items[scope].outer; !scopes_.items[outer].trains) scope = outer;
    u64 const identity = identity_of(d);
    int const number = seen_.of(identity + static_cast<u64>(scope) * scope_factor);
    if (number < nodes_.count) {
      if (is<variable_op>(d.op)) note_name(d);  // it may be another of the same name, dtype and shape
      return values_.push_back(nodes_.items[number]);
    }
    nodes_.push_back(-1);
    int const id = begin(d, identity, scope);
    if (id < 0) return begin_frame(d, scope, number);
    nodes_.items[number] = id;
    values_.push_back(id);
  }
  constexpr void begin_frame(descriptor const& d, int scope, int number) {
    if (!is<initialize_op>(d.op)) return stack_.push_back({&d, scope, number, 0, d.input_count});
    int const first = initial_.count;
    list_initialized(d);
    listed_ += 3 * (initial_.count - first);
    stack_.push_back({&d, first, number, 0, initial_.count - first});
    values_.reserve(values_.count + 1);  // for the group, where it has no members
  }
  // The node of what has no inputs here, or -1.
  constexpr int begin(descriptor const& d, u64 identity, int scope) {
    for (int i = 0; i < feeds_.count; ++i) {
      flattened_feed& f = feeds_.items[i];
      if (f.identity != identity) continue;
      f.used = true;
      if (goes_behind_feeds_ && f.computed) break;
      return f.node;
    }
    op_kind const kind = d.op->kind;
    if (kind == op_kind::leaf) return read_leaf(d, identity, scope);
    if (kind == op_kind::marker && is<initialized_value_op>(d.op))
      return initialized_value(meaning(*d.inputs[0]), scope);
    return d.input_count == 0 ? add(d, nullptr) : -1;
  }
  constexpr int finish(descriptor const& d, int* inputs, int scope) {
    if (d.op->kind == op_kind::effect && !is<group_op>(d.op)) return assign(d, inputs);
    if (is<with_dependencies_op>(d.op)) {
      int const last = d.input_count - 1, value = inputs[last];
      for (int i = last; i > 0; --i) inputs[i] = inputs[i - 1];
      inputs[0] = value;
    }
    if (d.op->kind == op_kind::region && end_bodies()) return add_effect(d, inputs);
    int const id = d.op->transparent ? inputs[0]
                   : d.op->ordered   ? add_effect(d, inputs)
                                     : add_after_effects(d, inputs, scope);
    for (int i = 0; goes_behind_feeds_ && i < feeds_.count; ++i) {
      flattened_feed& f = feeds_.items[i];
      if (f.identity == d.hash) return feed_behind(f, id);
      // A derivative may read an output that nothing else does.
      if (f.target->op->kind != op_kind::output || f.target->inputs[0]->hash != d.hash) continue;
      f.used = true;
      feed_behind(f, out.add(info<output_op>, &id, 1, f.target->words, 1));
    }
    return id;
  }
  constexpr int read_leaf(descriptor const& d, u64 identity, int scope) {
    if (is<variable_op>(d.op)) return read_variable(d, identity, scope);
    if (is<placeholder_op>(d.op)) {
      note_name(d);
      // Behind a feed it may not be needed: that shows once derivatives are taken.
      if (out.error.kind == refusal_kind::none && !goes_behind_feeds_) {
        out.error.kind = refusal_kind::unfed_placeholder;
        out.error.text = d.name;
        out.error.first = *d.shape;
        out.error.first_type = d.type;
      }
    }
    return add_leaf(d, identity, scope);
  }
  // Each waits for the one before it. The same call on the same values is one, in whatever scopes it is met.
  constexpr int add_effect(descriptor const& d, int* inputs) {
    for (effect const& known : effects_)
      if (known.hash == d.hash &&
          have_one_value(out, inputs, out.edges.items + out.nodes[known.node].first_input, d.input_count))
        return known.node;
    if (effects_.count > first_effect_) inputs[0] = wait(inputs[0], effects_.back().node);
    effects_.push_back({d.hash, add(d, inputs)});
    return effects_.back().node;
  }
  // What happens in a body waits for nothing outside: the loop or branch does, which then is what happens.
  vector<visited_body> bodies_;
  constexpr void begin_result(descriptor const& d, int input) {
    region_form const form(d.op, d.words);
    if (input == form.first_result[0]) {
      bodies_.push_back({first_effect_, false});
      first_effect_ = effects_.count;
    } else if (form.bodies > 1 && input == form.first_result[1]) {
      end_body();
    }
  }
  constexpr void end_body() {
    bodies_.back().any = bodies_.back().any || effects_.count > first_effect_;
    while (effects_.count > first_effect_) effects_.pop_back();
  }
  /// Whether anything happens in the bodies of a loop or branch.
  constexpr bool end_bodies() {
    end_body();
    visited_body const ended = bodies_.back();
    bodies_.pop_back();
    first_effect_ = ended.first_effect;
    return ended.any;
  }
  constexpr int add_after_effects(descriptor const& d, int* inputs, int scope) {
    int const effect = scopes_[scope].effect;
    bool const may_fail = d.op->may_fail && (d.op->kind != op_kind::elementwise || !is_floating(d.type));
    if (effect >= 0 && may_fail) inputs[0] = wait(inputs[0], effect);
    return add(d, inputs);
  }
  constexpr int wait(int value, int effect) {
    int const both[] = {value, effect};
    return out.add(info<with_dependencies_op>, both, 2, nullptr, 0);
  }
  constexpr int add(descriptor const& d, int const* inputs) {
    note_symbols(d);
    i64 const* const words = words_of(d);
    node n;
    n.op = d.op;
    n.name = d.name;
    if (d.op->unique) n.identity = d.hash;
    if (d.op->kind == op_kind::marker) out.has_markers = true;
    if (d.op->kind == op_kind::region) out.has_regions = true;
    bool fixed = d.shape->is_static() && !d.op->unique && d.op->kind != op_kind::marker;
    for (int i = 0; fixed && i < d.input_count; ++i) fixed = out.nodes.items[inputs[i]].shape.is_static();
    if (fixed) {
      n.type = d.type;
      n.shape = *d.shape;
    } else {
      out.infer(n, inputs, d.input_count, words, d.word_count);
    }
    return out.append(n, inputs, d.input_count, words, d.word_count);
  }
  /// The attributes of `d`, with extents that have names as symbols.
  constexpr i64 const* words_of(descriptor const& d) {
    if (d.op->first_extent == 0) return d.words;
    words_.count = 0;
    words_.append(d.words, d.word_count);
    for (int i = d.op->first_extent; i < d.word_count; ++i)
      if (i64& word = words_.items[i]; word < dims::name_bound) word = out.symbols.by_name(word, {});
    return words_.items;
  }

  constexpr int read_variable(descriptor const& d, u64 key, int scope) {
    auto const& seen = scopes_.items[scope];
    for (int i = 0; i < seen.assigned_count; ++i) {
      assigned const& a = assigned_.items[seen.first_assigned + i];
      if (a.variable == key) return a.node;
    }
    note_name(d);
    return add_leaf(d, key, scope);
  }

  // assign_add and assign_sub start from what an earlier assignment of this run left.
  constexpr int assign(descriptor const& d, int const* inputs) {
    handle value{&out, inputs[1]};
    handle current{&out, inputs[0]};
    if (int const known = variables_.find(variable_key(*d.inputs[0])); known >= 0) current.id = latest_.items[known];
    match(*d.inputs[0], value.id);
    if (is<assign_add_op>(d.op)) value = current + value;
    if (is<assign_sub_op>(d.op)) value = current - value;
    return write(*d.inputs[0], value.id, d.name, 0);
  }
  constexpr void match(descriptor const& variable, int value) {
    dims const shape = leaf_shape(variable), from = out.nodes.items[value].shape;
    if (shape.is_known() && !(shape == from)) assign_shape(out, variable.name, shape, from);
  }
  constexpr int write(descriptor const& variable, int value, std::string_view name, i64 initializes) {
    match(variable, value);
    node n;
    n.op = &info<assign_op>;
    n.type = variable.type;
    n.shape = out.nodes.items[value].shape;
    n.identity = variable_key(variable);
    n.name = name.empty() ? variable.name : name;
    int const number = variables_.of(n.identity);
    // Two assignments of equal values are two: the position keeps them apart.
    i64 const words[] = {latest_.count, initializes};
    int const id = out.append(n, &value, 1, words, variable.shape->is_static() ? 1 : 2);
    note_name(variable);
    if (number == latest_.count) {
      latest_.push_back(id);
    } else {
      latest_.items[number] = id;
    }
    return id;
  }

  /// Takes note of the variables that `d` makes, each with the scope of its initial value.
  constexpr void list_initialized(descriptor const& d) {
    vector<descriptor const*> found;
    auto const which = static_cast<initialized>(d.words[0]);
    if (which == initialized::inputs) {
      for (int i = 0; i < d.input_count; ++i) found.push_back(&meaning(*d.inputs[i]));
    } else if (which == initialized::beyond) {
      collect_beyond(d, found);
    } else {
      collect_variables(d, which == initialized::local, found);
    }
    numbering written;
    for (int i = 0; i < found.count; ++i) {
      descriptor const& variable = *found.items[i];
      note_name(variable);
      u64 const key = variable_key(variable);
      if (int const before = written.keys.count; written.of(key) < before) continue;
      initial_.push_back({key, scopes_.count});
      scopes_.push_back({0, 0, true, &variable, {}, -1, -1});
    }
  }
  constexpr descriptor const& initialized_by(frame const& f, int i) const {
    return *scopes_[initial_[f.scope + i].node].owner;
  }
  /// The initial value of variable `i` lies on top of `values_`: it is assigned.
  constexpr void write_initial(frame const& f, int i) {
    if (i >= 0) values_.back() = write(initialized_by(f, i), values_.back(), {}, 1);
  }
  constexpr int initialized_value(descriptor const& variable, int scope) {
    for (int i = initial_.count - 1; scopes_[scope].initializes && i >= 0; --i)
      if (initial_[i].variable == variable_key(variable)) return visit_all(*variable.inputs[0], initial_[i].node);
    return read_variable(variable, variable_key(variable), scope);
  }

  // The scope of a value whose dependencies lie on top of `values_`: variables read as those left them.
  constexpr int after(descriptor const& d, int outer) {
    int const plain = scopes_[outer].plain;
    if (plain < 0) return begin_after(d, outer);
    // Whatever tags it is mentioned under, the plain scope is one, so that an assignment there is one. Its number is
    // found as nodes are, by a key that no node has.
    int const number = seen_.of(mix(key_of(d, plain), 1));
    if (number == nodes_.count) nodes_.push_back(begin_after(d, plain));
    int const shared = nodes_[number];
    scope_state inner = scopes_[shared];
    inner.outer = outer;
    inner.plain = shared;
    scopes_.push_back(inner);
    return scopes_.count - 1;
  }
  constexpr int begin_after(descriptor const& d, int outer) {
    scope_state inner = scopes_[outer];
    inner.renames = {};
    inner.outer = outer;
    int const first = assigned_.count;
    for (int i = 0; i < inner.assigned_count; ++i) assigned_.push_back(assigned_[inner.first_assigned + i]);
    for (int i = d.input_count - 1; i > 0; --i) add_assignments(values_[values_.count - i], first);
    inner.first_assigned = first;
    inner.assigned_count = assigned_.count - first;
    if (!effects_.empty()) inner.effect = effects_.back().node;
    scopes_.push_back(inner);
    return scopes_.count - 1;
  }
  constexpr void add_assignments(int root, int first) {
    vector<char> seen(out.size(), 0);
    vector<int> stack, steps, variables;
    stack.push_back(root);
    while (!stack.empty()) {
      int const id = stack.back();
      stack.pop_back();
      if (seen[id]) continue;
      seen[id] = 1;
      node const& n = out.nodes[id];
      if (is<assign_op>(n.op)) note_assigned(n.identity, id, first);
      if (n.op->updates) steps.push_back(id);
      if (is<variable_op>(n.op)) variables.push_back(id);
      for (int i = 0; i < n.input_count; ++i) stack.push_back(out.input(n, i));
    }
    // What an optimizer's step leaves of the variables behind it is known once derivatives are taken; reads wait for
    // it.
    for (int i = 0; !steps.empty() && i < variables.size(); ++i) {
      vector<int> inputs;
      inputs.push_back(variables[i]);
      inputs.append(steps.items, steps.count);
      u64 const identity = out.nodes[variables[i]].identity;
      bool assigned_too = false;
      for (int k = first; k < assigned_.count; ++k) assigned_too = assigned_too || assigned_[k].variable == identity;
      if (assigned_too) continue;
      note_assigned(identity, out.add(info<with_dependencies_op>, inputs.items, inputs.count, nullptr, 0), first);
    }
  }
  // Reads behind several assignments see the last one.
  constexpr void note_assigned(u64 variable, int id, int first) {
    for (int i = first; i < assigned_.count; ++i) {
      assigned& a = assigned_[i];
      if (a.variable != variable) continue;
      if (a.node < id) a.node = id;
      return;
    }
    assigned_.push_back({variable, id});
  }
};
}  // namespace detail

/// Descriptors to nodes: what the run `request` reaches, in topological order, with this graph's own symbols; not
/// finished where it is larger than what one constant can hold.
constexpr module flatten(descriptor const& request) {
  detail::flattener pass;
  pass.begin(request);
  pass.out.finished = pass.run(request, 2 * nodes_at_once);
  if (pass.out.finished) pass.end();
  return static_cast<module&&>(pass.out);
}

TFX_END
