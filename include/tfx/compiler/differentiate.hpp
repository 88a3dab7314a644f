// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/derive_regions.hpp>
#include <tfx/compiler/parts.hpp>
#include <tfx/op/math/cast.hpp>

TFX_BEGIN

namespace detail {

/// Expands gradient and jvp markers into nodes, innermost first. Derivatives are written by the ops themselves, in
/// nodes like any other, so markers may stand behind markers: higher orders need nothing more.
class differentiator : region_derivatives {
 public:
  using node_derivatives::out;

  constexpr explicit differentiator(module_view const& from) : region_derivatives(from) {}

  /// Goes on until there are `most` nodes, or, where there is such a limit, the adjoints of a loss are all there; or to
  /// the end. Finished: all adjoints are there.
  constexpr bool run(int most) {
    for (int& id = done_; id < from_.count.nodes; ++id) {
      op_info const* op = from_.nodes[id].op;
      if (op->derives == derivation::reverse && op->kind == op_kind::marker) {
        int const before = sweeps_.count;
        if (!sweep_for(from_.input(from_.nodes[id], 0), weight_of(from_.nodes[id]), most)) return false;
        if (sweeps_.count > before && most < no_limit) return !sweeps_later(id);
      }
      map_[id] = op->kind != op_kind::marker ? copy_node(out, from_, id, map_, scratch_)
                 : is<gradients_op>(op)      ? gradient(id)
                 : is<jvp_op>(op)            ? jvp(id)
                 : op->updates               ? take_step(id)
                                             : copy_node(out, from_, id, map_, scratch_);
      if (is<with_dependencies_op>(op)) map_[id] = read_after_step(map_[id]);
      if (is<fed_op>(op)) fed_.push_back(map_[id]);
    }
    return true;
  }
  constexpr void end() {
    run(no_limit);
    for (int i = 0; i < from_.count.fetches; ++i) out.fetches.push_back(map_[from_.fetches[i]]);
    for (int i = 0; i < from_.count.feeds; ++i) out.feeds.push_back(from_.feeds[i] < 0 ? -1 : map_[from_.feeds[i]]);
    for (int i = 0; i < from_.count.extent_sources; ++i) out.extent_sources.push_back(map_[from_.extent_sources[i]]);
    if (!fed_.empty()) take_feeds();
    if (extended()) sort_nodes();
  }

  constexpr bool is_paused() const { return is_sweeping_; }

  /// What a part hands on to the next one.
  template <class Use>
  constexpr void each_list(Use& use) {
    int sweeps = sweeps_.count;
    out.each_list(use);
    use.all(done_, ids_, fed_, sweeps, is_sweeping_, left_, active_, roots_, adjoints_.of, adjoints_.next_output);
    while (sweeps_.count < sweeps) sweeps_.push_back({});
    for (sweep& s : sweeps_) use.all(s.loss, s.weight, s.adjoints);
  }

 private:
  struct sweep {
    int loss = -1, weight = -1;  // source ids
    vector<int> adjoints;        // by id in `out`
  };

  vector<int> scratch_ = vector<int>(4);
  int done_ = 0;  // nodes of `from_`
  vector<sweep> sweeps_;
  // The sweep that is under way: how many nodes are left, which of them have adjoints, and those that there are.
  bool is_sweeping_ = false;
  int left_ = 0;
  vector<char> active_;
  vector<int> roots_;
  adjoint_list adjoints_;

  /// A variable read after an optimizer's step is what the step left: flattening did not know the step's assignments.
  constexpr int read_after_step(int id) {
    node const& n = out.nodes[id];
    node const& variable = out.nodes[out.input(n, 0)];
    if (!is<variable_op>(variable.op)) return id;
    int written = -1;
    vector<int> stack;
    for (int i = 1; i < n.input_count; ++i) stack.push_back(out.input(n, i));
    while (!stack.empty()) {
      int const from = stack.back();
      node const& each = out.nodes[from];
      stack.pop_back();
      if (is<assign_op>(each.op) && each.identity == variable.identity && from > written) written = from;
      for (int i = 0; is<group_op>(each.op) && i < each.input_count; ++i) stack.push_back(out.input(each, i));
    }
    if (written < 0) return id;
    vector<int> inputs;
    inputs.push_back(written);
    for (int i = 1; i < n.input_count; ++i) inputs.push_back(out.input(n, i));
    return out.add(info<with_dependencies_op>, inputs.items, inputs.count, nullptr, 0);
  }

  /// Now that derivatives are taken, readers take what is fed; what they still need must be there.
  constexpr void take_feeds() {
    auto const value = [&](int id) { return is<fed_op>(out.nodes[id].op) ? out.input(out.nodes[id], 0) : id; };
    for (int& edge : out.edges) edge = value(edge);
    for (int& fetch : out.fetches) fetch = value(fetch);
    vector<char> needed(out.size() + 1, 0);
    for (int const fetch : out.fetches) needed[fetch] = 1;
    if (out.symbols.finds)
      mark_finders(out.symbols, out.nodes.items, out.size(), out.edges.items, out.words.items, needed);
    for (int id = out.size() - 1; id >= 0; --id) {
      if (!needed[id]) continue;
      node const& n = out.nodes[id];
      for (int i = 0; i < n.input_count; ++i) needed[out.input(n, i)] = 1;
      bool given = !is<placeholder_op>(n.op);
      for (int const feed : out.feeds) given = given || feed == id;
      if (given) continue;
      out.nodes[id].op = &info<variable_op>;  // which later passes, whose result is not used, can go on with
      if (out.error.kind != refusal_kind::none) continue;
      out.error.kind = refusal_kind::unfed_placeholder;
      out.error.text = n.name;
      out.error.first_type = n.type;
      out.error.first = n.shape;
      for (int i = 0; i < n.shape.rank; ++i)
        if (n.shape[i] < 0) out.error.first[i] = dims::unknown;
    }
  }

  constexpr int weight_of(node const& marker) const {
    return is<gradients_op>(marker.op) && marker.input_count > 2 ? from_.input(marker, 2) : -1;
  }
  constexpr sweep const* find_sweep(int loss, int weight) const {
    for (sweep const& s : sweeps_)
      if (s.loss == loss && s.weight == weight) return &s;
    return nullptr;
  }
  /// Whether a marker behind node `id` needs a sweep that is not there.
  constexpr bool sweeps_later(int id) const {
    while (++id < from_.count.nodes) {
      node const& n = from_.nodes[id];
      if (n.op->kind == op_kind::marker && n.op->derives == derivation::reverse &&
          find_sweep(from_.input(n, 0), weight_of(n)) == nullptr)
        return true;
    }
    return false;
  }
  constexpr void refuse_gradient(int of, refusal_kind why = refusal_kind::no_gradient) {
    if (out.error.kind != refusal_kind::none) return;
    out.error.kind = why;
    out.error.op = from_.nodes[of].op;
  }
  /// A variable that a loss can be lowered along, fed ones too: a run that feeds it starts from what is fed.
  static constexpr bool is_variable(node const& n) {
    return is<variable_op>(n.op) || (is<placeholder_op>(n.op) && n.word_count > 0);
  }
  constexpr bool reaches_variables(int last) const {
    vector<int> stack;
    vector<char> seen(last + 1, 0);
    stack.push_back(last);
    while (!stack.empty()) {
      node const& n = out.nodes[stack.back()];
      stack.pop_back();
      if (is_variable(n) && is_floating(n.type)) return true;
      for (int i = 0; i < n.input_count; ++i) {
        int const x = out.input(n, i);
        if (!seen[x]) stack.push_back(x);
        seen[x] = 1;
      }
    }
    return false;
  }

  constexpr int gradient(int id) {
    node const& marker = from_.nodes[id];
    int const loss = from_.input(marker, 0), target = map_[from_.input(marker, 1)];
    sweep const& done = *find_sweep(loss, weight_of(marker));
    int const found = target < done.adjoints.size() ? done.adjoints[target] : -1;
    if (found < 0 && gradients_op::is_unnamed(marker)) {
      refuse_gradient(from_.input(marker, 1), refusal_kind::unnamed_gradient);
    } else if (found < 0) {
      refuse_gradient(loss);
    }
    return found < 0 ? target : found;
  }

  /// Where the variables of an optimizer's step begin among its inputs: behind the token.
  constexpr int first_listed(node const& marker) const {
    int at = 0;
    while (!from_.nodes[from_.input(marker, at)].op->is_token) ++at;
    return at + 1;
  }
  /// What an optimizer does to one variable: its node, the gradient along it, and which input stands before its slots.
  struct change {
    int variable, gradient, input;
  };
  constexpr vector<change> changes_of(node const& marker) {
    vector<change> changes;
    int const first = first_listed(marker), slots = marker.op->slots;
    if (marker.op->derives == derivation::none) {
      for (int i = first + 1; i < marker.input_count; i += 2 + slots)
        changes.push_back({map_[from_.input(marker, i)], map_[from_.input(marker, i - 1)], i});
      return changes;
    }
    bool const lists = slots > 0 || first < marker.input_count;
    vector<int> places(lists ? out.size() : 0);  // by variable: where it stands among the inputs
    for (int i = first; i < marker.input_count; i += 1 + slots) places[map_[from_.input(marker, i)]] = i;
    sweep const& found = *find_sweep(from_.input(marker, 0), -1);
    for (int v = 0; v < found.adjoints.size(); ++v)
      if (found.adjoints[v] >= 0 && is_variable(out.nodes[v]) && (!lists || places[v] > 0))
        changes.push_back({v, found.adjoints[v], lists ? places[v] : 0});
    return changes;
  }

  /// One assignment for each variable that an optimizer's step changes, by the optimizer's rule; a group of them.
  constexpr int take_step(int id) {
    node const& marker = from_.nodes[id];
    vector<change> const changes = changes_of(marker);
    update_call call;
    vector<handle> parameters;
    for (int i = marker.op->derives == derivation::none ? 0 : 1; i + 1 < first_listed(marker); ++i)
      parameters.push_back({&out, map_[from_.input(marker, i)]});
    int const slots = marker.op->slots;
    vector<int> assignments;
    numbering changed;
    vector<int> latest;  // by number in `changed`: the last assignment
    list_assignments(changed, latest);
    // Like assign_sub, a step starts from what an earlier assignment of this run left.
    auto const current = [&](int v) {
      int const known = changed.find(out.nodes[v].identity);
      return handle{&out, known < 0 ? v : latest[known]};
    };
    auto const assign = [&](int v, handle value) {
      node n = out.nodes[v];
      n.op = &info<assign_op>;
      dims const from = out.nodes[value.id].shape;
      if (!(from == n.shape)) assign_shape(out, n.name, n.shape, from);
      // A slot that was assigned before the step has an assignment's words, not a variable's.
      int const open = is<assign_op>(out.nodes[v].op) ? n.word_count - 1 : n.word_count;
      i64 const words[] = {-1 - id, 0};
      assignments.push_back(out.insert(n, &value.id, 1, words, 1 + open));
    };
    for (change const& c : changes) call.gradients.push_back({&out, c.gradient});
    for (change const& c : changes) {
      call.variable = current(c.variable);
      call.gradient = {&out, c.gradient};
      call.parameters.clear();
      for (handle const& p : parameters) call.parameters.push_back(cast(p, call.variable.type()));
      call.slots.clear();
      for (int s = 1; s <= slots; ++s) call.slots.push_back(current(map_[from_.input(marker, c.input + s)]));
      marker.op->update(call);
      assign(c.variable, call.result);
      for (int s = 1; s <= slots; ++s) assign(map_[from_.input(marker, c.input + s)], call.slots[s - 1]);
    }
    if (int const loss = from_.input(marker, 0); assignments.empty())
      refuse_gradient(loss, reaches_variables(map_[loss]) ? refusal_kind::no_gradient : refusal_kind::no_variables);
    return out.add(info<group_op>, assignments.begin(), assignments.size(), nullptr, 0);
  }

  constexpr void list_assignments(numbering& changed, vector<int>& latest) {
    constexpr u64 assign = define_op<assign_op>::hash;
    for (int id = 0; id < out.nodes.count; ++id) {
      node const& n = out.nodes.items[id];
      if (n.op->hash != assign) continue;
      int const number = changed.of(n.identity);
      if (number == latest.count) latest.push_back(id);
      latest.items[number] = id;
    }
  }

  /// Marks what varies with one of `sources` (ids in `out`), up to `last`.
  constexpr vector<char> reached_from(vector<int> const& sources, int last) const {
    vector<char> reached(out.size());
    char* const marks = reached.begin();
    for (int source : sources)
      if (source >= 0 && source <= last) marks[source] = 1;
    node const* const nodes = out.nodes.begin();
    int const* const edges = out.edges.begin();
    for (int id = 0; id <= last; ++id) {
      node const& n = nodes[id];
      bool any = false;
      for (int i = n.first_input; i < n.first_input + n.input_count; ++i) any = any || marks[edges[i]];
      if (any && may_vary(n)) marks[id] = 1;
    }
    return reached;
  }
  /// Leaves the marks of what `last` varies with. A view hands its first input on, whatever else it waits for.
  constexpr void keep_leading_to(int last, vector<char>& reached) const {
    vector<char> leads(out.size());
    leads[last] = 1;
    for (int id = last; id >= 0; --id) {
      if (!leads[id]) reached[id] = 0;
      node const& n = out.nodes[id];
      if (!reached[id] || !may_vary(n)) continue;
      int const count = n.op->kind == op_kind::view ? 1 : n.input_count;
      for (int i = 0; i < count; ++i) leads[out.input(n, i)] = 1;
    }
  }

  /// Whether a path of floating numbers from `last` back to what is `reached` comes to complex ones.
  constexpr bool passes_complex(vector<char> const& reached, int last) const {
    bool any = false;
    for (int id = 0; id <= last; ++id) any = any || (reached[id] && is_complex(out.nodes[id].type));
    if (!any) return false;
    vector<char> met(out.size());
    met[last] = 1;
    for (int id = last; id >= 0; --id) {
      node const& n = out.nodes[id];
      if (!met[id] || !reached[id]) continue;
      if (is_complex(n.type)) return true;
      bool const leads_on = is_floating(n.type) || n.op->has_outputs;
      for (int i = 0; leads_on && i < n.input_count; ++i) met[out.input(n, i)] = 1;
    }
    return false;
  }

  /// Makes the adjoints of a loss, unless there are `most` nodes before.
  constexpr bool sweep_for(int loss, int weight, int most) {
    if (find_sweep(loss, weight) != nullptr) return true;
    int const last = map_[loss];
    if (!is_sweeping_) begin_sweep(loss, weight, last);
    is_sweeping_ = true;
    left_ = sweep_back(all_to(last), left_, active_.begin(), adjoints_, roots_, most);
    if (left_ > 0) return false;
    is_sweeping_ = false;
    sweeps_.push_back({loss, weight, static_cast<vector<int>&&>(adjoints_.of)});
    return true;
  }
  constexpr void begin_sweep(int loss, int weight, int last) {
    vector<int> sources;
    for (int id = 0; id < from_.count.nodes; ++id) {
      node const& marker = from_.nodes[id];
      if (marker.input_count == 0 || from_.input(marker, 0) != loss || weight_of(marker) != weight) continue;
      if (is<gradients_op>(marker.op)) sources.push_back(map_[from_.input(marker, 1)]);
      if (!marker.op->updates || marker.op->derives == derivation::none) continue;
      int const first = first_listed(marker);
      for (int i = first; i < marker.input_count; i += 1 + marker.op->slots)
        sources.push_back(map_[from_.input(marker, i)]);
      for (int v = 0; first == marker.input_count && v <= last; ++v)
        if (is_variable(out.nodes[v])) sources.push_back(v);
    }
    active_ = reached_from(sources, last);
    adjoints_ = adjoint_list(last + 1);
    roots_.clear();
    left_ = 0;
    if (!active_[last]) return;
    if (passes_complex(active_, last)) return refuse_gradient(loss, refusal_kind::complex_gradient);
    adjoints_.of[last] = weight >= 0 ? map_[weight] : fill_like({&out, last}, 1.0).id;
    roots_.push_back(last);
    left_ = last + 1;
  }

  constexpr int jvp(int id) {
    node const& marker = from_.nodes[id];
    int const last = map_[from_.input(marker, 0)], x = map_[from_.input(marker, 1)],
              along = map_[from_.input(marker, 2)];
    vector<int> sources;
    sources.push_back(x);
    vector<char> active = reached_from(sources, last);
    if (passes_complex(active, last)) {
      refuse_gradient(from_.input(marker, 0), refusal_kind::complex_gradient);
      return fill_like({&out, last}, 0.0).id;
    }
    keep_leading_to(last, active);
    if (out.has_regions) unmark_bodies(all_to(last), active.items);
    tangent_list tangents(last + 1);
    if (x <= last) tangents.of[x] = along;
    sweep_forward(all_to(last), active.begin(), tangents);
    if (tangents.of[last] >= 0) return tangents.of[last];
    return fill_like({&out, last}, 0.0).id;
  }
};
}  // namespace detail

/// The graph with derivatives in the place of markers; not finished where it is larger than what one constant can hold.
constexpr module differentiate(module_view const& from) {
  detail::differentiator pass(from);
  while (!pass.run(nodes_at_once) && !pass.is_paused()) continue;
  pass.out.finished = !pass.is_paused();
  if (pass.out.finished) pass.end();
  return static_cast<module&&>(pass.out);
}

// The same in parts of about so many nodes.

template <class Pass = detail::differentiator>
constexpr rewriting differentiate_first(module_view const& from, int nodes) {
  Pass pass(from);
  bool const finished = pass.run(nodes);
  return save<rewriting_columns>(pass, finished);
}
template <class Pass = detail::differentiator>
constexpr rewriting differentiate_further(module_view const& from, rewriting_view const& before, int nodes) {
  Pass pass(from);
  restore(pass, before);
  bool const finished = pass.run(pass.out.nodes.count + nodes);
  return save<rewriting_columns>(pass, finished);
}
template <class Pass = detail::differentiator>
constexpr module differentiate_last(module_view const& from, rewriting_view const& before) {
  Pass pass(from);
  restore(pass, before);
  pass.end();
  return static_cast<module&&>(pass.out);
}

TFX_END
