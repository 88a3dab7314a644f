// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/derive.hpp>
#include <tfx/graph/region.hpp>

TFX_BEGIN

namespace detail {

/// Makes the derivative of a loop: another loop, which has what it needs of the first one's iterations as sequences;
/// the first one yields that, too.
class loop_derivatives : protected node_derivatives {
 protected:
  using node_derivatives::node_derivatives;

  /// Some loop yields what stands behind it in `out`.
  constexpr bool extended() const { return extended_; }
  /// Brings the nodes into an order in which inputs come first.
  constexpr void sort_nodes() {
    module sorted = begin_from(module_view(out));
    vector<int> map(out.size() + 1, -1), stack, scratch(16);
    for (int const roots : out.fetches) stack.push_back(roots);
    for (int const feed : out.feeds)
      if (feed >= 0) stack.push_back(feed);
    for (int const extent_source : out.extent_sources) stack.push_back(extent_source);
    while (!stack.empty()) {
      int const id = stack.back();
      bool ready = true;
      node const& n = out.nodes[id];
      for (int i = n.input_count - 1; i >= 0 && map[id] < 0; --i)
        if (int const x = out.input(n, i); map[x] < 0) {
          stack.push_back(x);
          ready = false;
        }
      if (!ready) continue;
      stack.pop_back();
      if (map[id] < 0) map[id] = copy_node(sorted, module_view(out), id, map.items, scratch);
    }
    for (int const fetch : out.fetches) sorted.fetches.push_back(map[fetch]);
    for (int const feed : out.feeds) sorted.feeds.push_back(feed < 0 ? -1 : map[feed]);
    for (int const extent_source : out.extent_sources) sorted.extent_sources.push_back(map[extent_source]);
    sorted.has_markers = out.has_markers;
    out = static_cast<module&&>(sorted);
  }

  bool extended_ = false;

  /// What is fetched, or read by something other than the loop and what is made for it. What derivatives left behind
  /// does not count.
  constexpr vector<char> used_without(int loop, vector<char> const& made_for_it) const {
    vector<char> used(out.size(), 0), alive(out.size(), 0);
    vector<int> stack;
    for (int i = 0; i < from_.count.nodes; ++i)
      if (map_[i] >= 0) stack.push_back(map_[i]);
    while (!stack.empty()) {
      int const id = stack.back();
      stack.pop_back();
      if (alive[id]) continue;
      alive[id] = 1;
      node const& n = out.nodes[id];
      for (int i = 0; i < n.input_count; ++i) {
        stack.push_back(out.input(n, i));
        if (!made_for_it[id] && id != loop) used[out.input(n, i)] = 1;
      }
    }
    for (int i = 0; i < from_.count.fetches; ++i)
      if (int const id = map_[from_.fetches[i]]; id >= 0) used[id] = 1;
    return used;
  }
  constexpr vector<int> inputs_of(int id) const {
    node const& n = out.nodes[id];
    vector<int> inputs;
    inputs.append(out.edges.items + n.first_input, n.input_count);
    return inputs;
  }
  constexpr handle zeros_of(int id) { return fill_like(handle{&out, id}, 0.0); }

  /// The derivative of a loop, another loop, as it is being made.
  struct loop_derivative {
    int of;  // the loop
    loop_form form;
    vector<int> inputs;
    vector<char> differs;  // by node, of those that were there before: from iteration to iteration
    vector<int> body;      // of these, in order, what leads to a result
    vector<char> active;   // by node: it varies
    u64 identity;
    vector<int> initial, sequences, state_arguments, slices, next, yields;
    vector<int> taken;  // by node: what stands for it in the new body; -1: not known yet

    constexpr loop_derivative(int id, loop_form const& f) : of(id), form(f), identity(0) {}
  };
  constexpr loop_derivative begin_loop(int id, char const* marks) {
    node const& n = out.nodes[id];
    loop_derivative d(id, loop_form(out.words_of(n)));
    d.inputs = inputs_of(id);
    d.identity = mix(static_cast<u64>(d.form.identity), static_cast<u64>(out.size()));
    find_body(d);
    mark_active(d, marks);
    return d;
  }
  constexpr void find_body(loop_derivative& d) const {
    int const count = out.size();
    vector<int> stack;
    auto const reach = [&](vector<char> const& among, bool all) {
      vector<char> met(count, 0);
      for (int i = d.form.first_result(); i < d.inputs.count; ++i) stack.push_back(d.inputs[i]);
      while (!stack.empty()) {
        int const id = stack.back();
        stack.pop_back();
        if (met[id] || (!all && !among[id])) continue;
        met[id] = 1;
        node const& n = out.nodes[id];
        for (int i = 0; i < n.input_count; ++i) stack.push_back(out.input(n, i));
      }
      return met;
    };
    vector<char> const made_for_it = reach({}, true), elsewhere = used_without(d.of, made_for_it);
    vector<char>& differs = d.differs = vector<char>(count, 0);
    for (int i = d.form.first_argument(); i < d.form.first_result(); ++i) differs[d.inputs[i]] = 1;
    for (bool more = true; more;) {
      more = false;
      for (int id = 0; id < count; ++id) {
        if (differs[id] || id == d.of) continue;
        node const& n = out.nodes[id];
        // What is drawn for the loop alone is drawn in each iteration.
        bool now = made_for_it[id] && !elsewhere[id] && (n.op->unique || n.op->next_state >= 0 || n.op->ordered);
        for (int i = 0; i < n.input_count && !now; ++i) now = differs[out.input(n, i)];
        if (!now) continue;
        differs[id] = 1;
        if (!is<loop_op>(n.op)) continue;
        // All of a loop in it is in it, too: its arguments come before.
        region_form const inner(n, out.words_of(n));
        for (int i = 0; i < inner.arguments; ++i) differs[out.input(n, inner.first_argument + i)] = 1;
        more = true;
      }
    }
    vector<char> const leads = reach(differs, false);
    for (int id = 0; id < count; ++id)
      if (leads[id]) d.body.push_back(id);
  }
  constexpr void mark_active(loop_derivative& d, char const* marks) const {
    loop_form const& form = d.form;
    d.active = vector<char>(out.size(), 0);
    // Outside of the body only what is behind an input of it is asked for.
    for (int const id : d.body)
      for (int i = 0; i < out.nodes[id].input_count; ++i)
        if (int const x = out.input(out.nodes[id], i); !d.differs[x]) d.active[x] = marks[x];
    for (int i = form.first_result(); i < d.inputs.count; ++i)
      if (int const x = d.inputs[i]; !d.differs[x]) d.active[x] = marks[x];
    for (int k = 0; k < form.states; ++k) d.active[d.inputs[form.argument(k)]] = marks[d.inputs[form.initial(k)]];
    for (int q = 0; q < form.sequences; ++q)
      d.active[d.inputs[form.sequence_argument(q)]] = marks[d.inputs[form.sequence(q)]];
    for (bool more = true; more;) {
      for (int const id : d.body) {
        node const& n = out.nodes[id];
        bool any = false;
        for (int i = 0; i < n.input_count; ++i) any = any || d.active[out.input(n, i)];
        if (any && may_vary(n)) d.active[id] = 1;
      }
      more = false;
      for (int k = 0; k < form.states; ++k) {
        char& argument = d.active[d.inputs[form.argument(k)]];
        if (argument || !d.active[d.inputs[form.next(k)]]) continue;
        argument = 1;
        more = true;
      }
    }
  }
  constexpr bool state_varies(loop_derivative const& d, int k) const {
    return d.active[d.inputs[d.form.argument(k)]] && is_floating(out.nodes[d.inputs[d.form.initial(k)]].type);
  }

  constexpr int add_argument(loop_derivative const& d, int like, bool slice) {
    node n;
    n.op = &info<argument_op>;
    n.type = out.nodes[like].type;
    dims const& shape = out.nodes[like].shape;
    for (int i = slice ? 1 : 0; i < shape.rank; ++i) n.shape.push_back(shape[i]);
    i64 const words[] = {static_cast<i64>(d.identity), d.state_arguments.count + d.slices.count};
    n.identity = mix(d.identity, static_cast<u64>(words[1]));
    return out.append(n, nullptr, 0, words, 2);
  }
  /// A state of the new loop that begins as a node: its argument.
  constexpr int add_state(loop_derivative& d, int initial) {
    d.initial.push_back(initial);
    d.state_arguments.push_back(add_argument(d, initial, false));
    return d.state_arguments.back();
  }
  constexpr int add_sequence(loop_derivative& d, int sequence) {
    d.sequences.push_back(sequence);
    d.slices.push_back(add_argument(d, sequence, true));
    return d.slices.back();
  }

  /// Whether a node belongs to the body of the first loop: derivatives may have asked for more outputs of its ops.
  constexpr bool is_first(loop_derivative const& d, int id) const {
    if (id < d.differs.count) return d.differs[id] != 0;
    node const& n = out.nodes[id];
    return n.op->kind == op_kind::output && is_first(d, out.input(n, 0));
  }
  /// What stands in the new body for a node of the first one: a slice of what that yields.
  constexpr int take(loop_derivative& d, int id) {
    while (d.taken.count <= id) d.taken.push_back(-1);
    if (d.taken[id] >= 0) return d.taken[id];
    int stands = -1;
    for (int q = 0; q < d.form.sequences; ++q)
      if (d.inputs[d.form.sequence_argument(q)] == id) stands = add_sequence(d, d.inputs[d.form.sequence(q)]);
    if (stands < 0 && out.nodes[id].op->kind == op_kind::view) {
      vector<int> inputs = inputs_without_waits(d, id);
      for (int& x : inputs)
        if (is_first(d, x)) x = take(d, x);
      stands = copy(id, inputs);
    }
    if (stands < 0) stands = add_sequence(d, stack_of(d, id));
    return d.taken[id] = stands;
  }
  // Of a view only the first input is its value: for the others the first loop has waited.
  constexpr vector<int> inputs_without_waits(loop_derivative const& d, int id) const {
    vector<int> const all = inputs_of(id);
    if (out.nodes[id].op->kind != op_kind::view) return all;
    vector<int> inputs;
    for (int i = 0; i < all.count; ++i)
      if (i == 0 || !is_first(d, all[i])) inputs.push_back(all[i]);
    return inputs;
  }
  constexpr int copy(int id, vector<int> const& inputs) {
    node const n = out.nodes[id];
    vector<i64> words;
    words.append(out.words_of(n), n.word_count);
    return out.insert(n, inputs.items, inputs.count, words.items, words.count);
  }
  /// All values of a node of the first loop's body, which yields it.
  constexpr int stack_of(loop_derivative& d, int id) {
    vector<int> inputs = inputs_of(d.of);
    loop_form form(out.words_of(out.nodes[d.of]));
    int y = 0;
    while (y < form.yields && inputs[form.yield(y)] != id) ++y;
    if (y == form.yields) {
      ++form.yields;
      inputs.push_back(id);
      i64 words[loop_form::words];
      form.write(words);
      node& n = out.nodes[d.of];
      n.first_input = out.edges.size();
      n.input_count = inputs.count;
      n.first_word = out.words.size();
      out.edges.append(inputs.items, inputs.count);
      out.words.append(words, loop_form::words);
      extended_ = extended_ || id > d.of;
    }
    return output_of({&out, d.of}, form.stack(y)).id;
  }

  /// Replaces what results of the new body have of the first one's by what stands for it there.
  constexpr void take_all(loop_derivative& d, vector<int>& results) {
    int const before = d.differs.count;
    vector<char> met(out.size(), 0);
    vector<int> stack = results;
    while (!stack.empty()) {
      int const id = stack.back();
      stack.pop_back();
      if (id < before || met[id] || is_first(d, id)) continue;
      met[id] = 1;
      node const& n = out.nodes[id];
      for (int i = 0; i < n.input_count; ++i) stack.push_back(out.input(n, i));
    }
    vector<int> now(met.count, -1);
    auto const replaced = [&](int x) {
      if (is_first(d, x)) return take(d, x);
      return x < before || now[x] < 0 ? x : now[x];
    };
    for (int id = before; id < met.count; ++id) {
      if (!met[id]) continue;
      vector<int> inputs = inputs_without_waits(d, id);
      bool changes = inputs.count < out.nodes[id].input_count;
      for (int& x : inputs) {
        int const stands = replaced(x);
        changes = changes || stands != x;
        x = stands;
      }
      if (changes) now[id] = copy(id, inputs);
    }
    for (int& x : results) x = replaced(x);
  }

  /// The new loop, whose bodies' results are its states and yields; `turned`: in the other direction.
  constexpr handle finish_loop(loop_derivative& d, bool turned) {
    vector<int> results = d.next;
    results.append(d.yields.items, d.yields.count);
    take_all(d, results);
    loop_form const& first = d.form;
    bool const counted = first.has_predicate() || first.is_counted();
    if (!counted && d.sequences.empty()) add_sequence(d, d.inputs[first.sequence(0)]);
    loop_form form = first;
    form.identity = static_cast<i64>(d.identity);
    form.states = d.initial.count;
    form.sequences = d.sequences.count;
    form.yields = d.yields.count;
    form.flags = (first.flags & loop_form::backward) | (counted ? loop_form::counted : 0);
    if (turned) form.flags ^= loop_form::backward;
    vector<int> inputs = d.initial;
    inputs.append(d.sequences.items, d.sequences.count);
    if (first.has_predicate()) inputs.push_back(output_of({&out, d.of}, first.iterations()).id);
    if (first.is_counted()) inputs.push_back(d.inputs[first.count()]);
    inputs.append(d.state_arguments.items, d.state_arguments.count);
    inputs.append(d.slices.items, d.slices.count);
    inputs.append(results.items, results.count);
    i64 words[loop_form::words];
    form.write(words);
    return {&out, out.add(*out.nodes[d.of].op, inputs.items, inputs.count, words, loop_form::words)};
  }
};

}  // namespace detail
TFX_END
