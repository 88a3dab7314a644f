// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/module.hpp>
#include <tfx/op/add.hpp>
#include <tfx/op/subtract.hpp>

TFX_BEGIN

namespace detail {

/// Turns the descriptors that a run reaches into nodes, each once, inputs first, without recursion. Feeds cut what is
/// behind them; shapes become extents of this graph's symbols; assignments are put in the order in which they are met.
class flattener {
 public:
  module out;

  constexpr void run(descriptor const& request) {
    int const fetch_count = static_cast<int>(request.words[0]);
    for (int i = fetch_count; i < request.input_count; ++i) add_feed(*request.inputs[i]);
    for (int i = 0; i < fetch_count; ++i) out.fetches.push_back(visit(*request.inputs[i]));
    for (fed const& f : fed_) out.feeds.push_back(f.used ? f.node : -1);
  }

 private:
  struct fed {
    u64 hash;
    int node;
    bool used;
  };
  struct frame {
    descriptor const* d;
    int scope;
    int next;
  };
  struct assigned {
    u64 variable;
    int node;
  };
  struct visited {
    u64 hash;
    int scope;
    int node;  // + 1; 0: free
  };
  struct known_name {
    u64 name;
    u64 hash;  // 0: free
  };

  vector<fed> fed_;
  vector<visited> seen_ = vector<visited>(64);
  int seen_count_ = 0;
  vector<vector<assigned>> scopes_ = vector<vector<assigned>>(1);  // what reads see, per with_dependencies
  vector<u64> owners_ = vector<u64>(1);                            // per scope: the variable whose initial value it is
  vector<assigned> latest_;                                        // the last assignment to each variable
  vector<known_name> names_ = vector<known_name>(16);
  int name_count_ = 0;
  vector<int> inputs_ = vector<int>(8);  // room for those of one node

  // Reshape of symbols: names of the user's shapes become indices of this graph.
  constexpr dims own_shape(descriptor const& d) {
    dims shape = *d.shape;
    for (int i = 0; i < d.symbol_count; ++i)
      if (d.symbols[i].extent != 0) out.symbols.by_name(d.symbols[i].extent, d.symbols[i].text);
    for (int i = 0; i < shape.rank; ++i) {
      if (shape[i] == dims::unknown) {
        shape[i] = out.symbols.anonymous();
      } else if (shape[i] < 0) {
        shape[i] = out.symbols.by_name(shape[i], {});
      }
    }
    return shape;
  }

  // An op's hidden state inside an initial value is the variable's own: `owner` is the variable's name.
  constexpr int add_leaf(descriptor const& d, dims const& shape, u64 owner = 0) {
    node n;
    n.op = d.op;
    n.type = d.type;
    n.shape = shape;
    n.identity = owner == 0 ? d.hash : mix(d.hash, owner);
    n.name = d.name;
    return out.insert(n, nullptr, 0, d.words, d.word_count);
  }

  // A feed declares what is known of the value; the tensor's own shape must agree with it.
  constexpr void add_feed(descriptor const& feed) {
    descriptor const& target = *feed.inputs[0];
    dims shape = own_shape(target);
    dims const& given = *feed.shape;
    if (!shape.is_known()) {
      shape = own_shape(feed);
    } else if (given.is_known()) {
      bool fits = given.rank == shape.rank;
      for (int i = 0; fits && i < shape.rank; ++i)
        if (given[i] >= 0) fits = out.symbols.unify(shape[i], given[i]);
      if (!fits && out.error.kind == refusal_kind::none) {
        out.error.kind = refusal_kind::feed_shape;
        out.error.text = target.name.empty() ? target.op->name : target.name;
        out.error.first = *target.shape;
        out.error.second = given;
      }
    }
    node n;
    n.op = &info<placeholder_op>;
    n.type = target.type;
    n.shape = shape;
    n.identity = target.hash;
    n.name = target.name.empty() ? target.op->name : target.name;
    fed_.push_back({target.hash, out.insert(n, nullptr, 0, nullptr, 0), false});
    if (is<placeholder_op>(target.op) || is<variable_op>(target.op)) note_name(target);
  }

  constexpr void note_name(descriptor const& d) {
    if (2 * name_count_ >= names_.size()) {
      vector<known_name> old = names_;
      names_ = vector<known_name>(4 * old.size());
      for (known_name const& known : old)
        if (known.hash != 0) name_slot(known.name) = known;
    }
    known_name& known = name_slot(d.name_hash);
    if (known.hash == d.hash) return;
    if (known.hash != 0 && out.error.kind == refusal_kind::none) {
      out.error.kind = refusal_kind::duplicate_name;
      out.error.text = d.name;
    }
    known = {d.name_hash, d.hash};
    ++name_count_;
  }
  constexpr known_name& name_slot(u64 name) {
    int const mask = names_.size() - 1;
    int at = static_cast<int>(name & static_cast<u64>(mask));
    while (names_[at].hash != 0 && names_[at].name != name) at = (at + 1) & mask;
    return names_[at];
  }

  // The node of what was visited, or -1.
  constexpr int done(u64 hash, int scope) const {
    u64 const mask = static_cast<u64>(seen_.size() - 1);
    visited const* const seen = seen_.begin();
    for (u64 at = (hash + static_cast<u64>(scope)) & mask; seen[at].node > 0; at = (at + 1) & mask)
      if (seen[at].hash == hash && seen[at].scope == scope) return seen[at].node - 1;
    return -1;
  }
  constexpr void record(u64 hash, int scope, int id) {
    if (2 * ++seen_count_ >= seen_.size()) {
      vector<visited> old = static_cast<vector<visited>&&>(seen_);
      seen_ = vector<visited>(4 * old.size());
      for (visited const& v : old)
        if (v.node > 0) place(v);
    }
    place({hash, scope, id + 1});
  }
  constexpr void place(visited const& v) {
    u64 const mask = static_cast<u64>(seen_.size() - 1);
    visited* const seen = seen_.begin();
    u64 at = (v.hash + static_cast<u64>(v.scope)) & mask;
    while (seen[at].node > 0) at = (at + 1) & mask;
    seen[at] = v;
  }

  constexpr int visit(descriptor const& root, int root_scope = 0) {
    if (int const known = done(root.hash, root_scope); known >= 0) return known;
    vector<frame> stack;
    stack.push_back({&root, root_scope, 0});
    int ready = -1;
    while (!stack.empty()) {
      frame const top = stack.back();
      ready = enter(*top.d, top, stack);
      if (ready < 0) continue;
      record(top.d->hash, top.scope, ready);
      stack.pop_back();
    }
    return ready;
  }

  // The node of `d`, or -1 after pushing an input that must come first.
  constexpr int enter(descriptor const& d, frame const& top, vector<frame>& stack) {
    for (fed& f : fed_) {
      if (f.hash != d.hash) continue;
      f.used = true;
      return f.node;
    }
    op_kind const kind = d.op->kind;
    if (kind == op_kind::leaf) return read_leaf(d, top.scope);
    if (kind == op_kind::marker && is<initialize_op>(d.op)) return initialize(d);
    if (kind == op_kind::view && is<with_dependencies_op>(d.op)) return after(d, top, stack);
    int& next = stack.back().next;
    if (next == 0 && d.input_count > inputs_.size()) inputs_ = vector<int>(2 * d.input_count);
    int* const inputs = inputs_.begin();
    for (; next < d.input_count; ++next) {
      descriptor const& input = *d.inputs[next];
      if (done(input.hash, top.scope) >= 0) continue;
      stack.push_back({&input, top.scope, 0});
      return -1;
    }
    for (int i = 0; i < d.input_count; ++i) inputs[i] = done(d.inputs[i]->hash, top.scope);
    if (kind == op_kind::effect && !is<group_op>(d.op)) return assign(d, inputs);
    return add(d, inputs);
  }

  constexpr int read_leaf(descriptor const& d, int scope) {
    if (is<variable_op>(d.op)) return read_variable(d, scope);
    if (is<placeholder_op>(d.op)) {
      note_name(d);
      if (out.error.kind == refusal_kind::none) {
        out.error.kind = refusal_kind::unfed_placeholder;
        out.error.text = d.name;
        out.error.first = *d.shape;
        out.error.first_type = d.type;
      }
    }
    return add_leaf(d, own_shape(d), d.op->state ? owners_[scope] : 0);
  }
  constexpr int add(descriptor const& d, int const* inputs) {
    for (int i = 0; i < d.symbol_count; ++i)
      if (d.symbols[i].extent != 0) out.symbols.by_name(d.symbols[i].extent, d.symbols[i].text);
    u64 const identity = d.op->unique ? d.hash : 0;
    bool fixed = d.shape->is_static() && !d.op->unique;
    for (int i = 0; fixed && i < d.input_count; ++i) fixed = out.nodes[inputs[i]].shape.is_static();
    if (d.op->kind == op_kind::marker) out.has_markers = true;
    if (!fixed || d.op->kind == op_kind::marker)
      return out.add(*d.op, inputs, d.input_count, d.words, d.word_count, identity, d.name);
    node n;
    n.op = d.op;
    n.type = d.type;
    n.shape = *d.shape;
    n.identity = identity;
    n.name = d.name;
    return out.insert(n, inputs, d.input_count, d.words, d.word_count);
  }

  constexpr int read_variable(descriptor const& d, int scope) {
    for (assigned const& a : scopes_[scope])
      if (a.variable == d.hash) return a.node;
    note_name(d);
    return add_leaf(d, own_shape(d));
  }

  // assign_add and assign_sub start from what an earlier assignment of this run left.
  constexpr int assign(descriptor const& d, int const* inputs) {
    u64 const variable = d.inputs[0]->hash;
    handle value{&out, inputs[1]};
    handle current{&out, inputs[0]};
    for (assigned const& a : latest_)
      if (a.variable == variable) current.id = a.node;
    if (is<assign_add_op>(d.op)) value = current + value;
    if (is<assign_sub_op>(d.op)) value = current - value;
    return write(*d.inputs[0], value.id, d.name);
  }
  constexpr int write(descriptor const& variable, int value, std::string_view name) {
    node n;
    n.op = &info<assign_op>;
    n.type = variable.type;
    n.shape = out.nodes[value].shape;
    n.identity = variable.hash;
    n.name = name.empty() ? variable.name : name;
    // Two assignments of equal values are two: the position keeps them apart.
    i64 const position = latest_.size();
    int const id = out.insert(n, &value, 1, &position, 1);
    note_name(variable);
    for (assigned& a : latest_) {
      if (a.variable != variable.hash) continue;
      a.node = id;
      return id;
    }
    latest_.push_back({variable.hash, id});
    return id;
  }

  constexpr int initialize(descriptor const& d) {
    vector<descriptor const*> found;
    if (d.words[0] == 0) {
      for (int i = 0; i < d.input_count; ++i) found.push_back(d.inputs[i]);
    } else {
      collect_variables(d, found);
    }
    vector<int> inputs;
    for (descriptor const* variable : found) {
      int const scope = scopes_.size();
      scopes_.push_back({});
      owners_.push_back(hash_of(variable->name));
      inputs.push_back(write(*variable, visit(*variable->inputs[0], scope), {}));
    }
    return out.add(info<group_op>, inputs.begin(), inputs.size(), nullptr, 0);
  }
  static constexpr void collect_variables(descriptor const& root, vector<descriptor const*>& found) {
    vector<descriptor const*> stack;
    vector<u64> seen(64);
    int count = 0;
    stack.push_back(&root);
    while (!stack.empty()) {
      descriptor const* d = stack.back();
      stack.pop_back();
      if (4 * count >= 3 * seen.size()) {
        vector<u64> old = seen;
        seen = vector<u64>(4 * old.size());
        for (u64 hash : old)
          if (hash != 0) insert(seen, hash);
      }
      if (!insert(seen, d->hash)) continue;
      ++count;
      if (is<variable_op>(d->op)) found.push_back(d);
      for (int i = 0; i < d->input_count; ++i) stack.push_back(d->inputs[i]);
    }
  }
  static constexpr bool insert(vector<u64>& set, u64 hash) {
    u64 const mask = static_cast<u64>(set.size() - 1);
    u64 at = hash & mask;
    for (; set[static_cast<int>(at)] != 0; at = (at + 1) & mask)
      if (set[static_cast<int>(at)] == hash) return false;
    set[static_cast<int>(at)] = hash;
    return true;
  }

  // Dependencies first, then the value in a scope of its own, in which variables read as the dependencies left them.
  constexpr int after(descriptor const& d, frame const& top, vector<frame>& stack) {
    int& next = stack.back().next;
    for (int i = 1; i < d.input_count; ++i) {
      if (done(d.inputs[i]->hash, top.scope) >= 0) continue;
      stack.push_back({d.inputs[i], top.scope, 0});
      return -1;
    }
    if (next == 0) {
      vector<assigned> scope = scopes_[top.scope];
      for (int i = 1; i < d.input_count; ++i) add_assignments(done(d.inputs[i]->hash, top.scope), scope);
      next = scopes_.size();
      scopes_.push_back(scope);
      owners_.push_back(owners_[top.scope]);
    }
    int const value = done(d.inputs[0]->hash, next);
    if (value < 0) {
      stack.push_back({d.inputs[0], next, 0});
      return -1;
    }
    vector<int> inputs;
    inputs.push_back(value);
    for (int i = 1; i < d.input_count; ++i) inputs.push_back(done(d.inputs[i]->hash, top.scope));
    return out.add(info<with_dependencies_op>, inputs.begin(), inputs.size(), nullptr, 0, 0, d.name);
  }
  constexpr void add_assignments(int root, vector<assigned>& scope) const {
    vector<char> seen(out.size(), 0);
    vector<int> stack;
    stack.push_back(root);
    while (!stack.empty()) {
      int const id = stack.back();
      stack.pop_back();
      if (seen[id]) continue;
      seen[id] = 1;
      node const& n = out.nodes[id];
      if (is<assign_op>(n.op)) {
        bool replaced = false;
        for (assigned& a : scope) {
          if (a.variable != n.identity) continue;
          replaced = true;
          if (a.node < id) a.node = id;
        }
        if (!replaced) scope.push_back({n.identity, id});
      }
      for (int i = 0; i < n.input_count; ++i) stack.push_back(out.input(n, i));
    }
  }
};
}  // namespace detail

/// Descriptors to nodes: what the run `request` reaches, in topological order, with this graph's own symbols.
constexpr module flatten(descriptor const& request) {
  detail::flattener pass;
  pass.run(request);
  return static_cast<module&&>(pass.out);
}

TFX_END
