// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/module.hpp>
#include <tfx/op/cast.hpp>
#include <tfx/op/reduce_sum.hpp>

TFX_BEGIN

namespace detail {

/// Expands gradient and jvp markers into nodes, innermost first. Derivatives are written by the ops themselves, in
/// nodes like any other, so markers may stand behind markers: higher orders need nothing more.
class differentiator {
 public:
  module out;

  constexpr explicit differentiator(module_view const& from)
      : out(begin_from(from)), from_(from), ids_(from.count.nodes + 1) {}

  constexpr void run() {
    for (int id = 0; id < from_.count.nodes; ++id) {
      op_info const* op = from_.nodes[id].op;
      map_[id] = op->kind != op_kind::marker ? copy_node(out, from_, id, map_, scratch_)
                 : is<gradients_op>(op)      ? gradient(id)
                 : is<jvp_op>(op)            ? jvp(id)
                 : op->updates               ? minimize(id)
                                             : copy_node(out, from_, id, map_, scratch_);
      if (is<fed_op>(op)) fed_.push_back(map_[id]);
    }
    for (int i = 0; i < from_.count.fetches; ++i) out.fetches.push_back(map_[from_.fetches[i]]);
    for (int i = 0; i < from_.count.feeds; ++i) out.feeds.push_back(from_.feeds[i] < 0 ? -1 : map_[from_.feeds[i]]);
    for (int i = 0; i < from_.count.tellers; ++i) out.tellers.push_back(map_[from_.tellers[i]]);
    if (!fed_.empty()) take_feeds();
  }

 private:
  struct sweep {
    int loss = -1, weight = -1;  // source ids
    vector<int> adjoints;        // by id in `out`
  };

  module_view from_;
  vector<int> ids_;
  int* map_ = ids_.begin();  // by node of `from_`: its node in `out`
  vector<int> scratch_ = vector<int>(4);
  vector<sweep> sweeps_;
  vector<int> fed_;  // the nodes of fed_op in `out`

  /// What is fed in the place of node `id`, or -1.
  constexpr int fed_for(int id) const {
    for (int const f : fed_)
      if (out.input(out.nodes[f], 1) == id) return out.input(out.nodes[f], 0);
    return -1;
  }
  constexpr int output_of_node(int id) const { return static_cast<int>(out.word(out.nodes[id], 0)); }
  constexpr void note_fed_outputs(gradient_call& call) {
    call.fed_outputs.clear();
    if (!fed_.empty()) call.fed_outputs.resize(out.output_count(call.id), -1);
    for (int const f : fed_) {
      int const id = out.input(out.nodes[f], 1);
      if (out.nodes[id].op->kind == op_kind::output && out.input(out.nodes[id], 0) == call.id)
        call.fed_outputs[output_of_node(id)] = out.input(out.nodes[f], 0);
    }
  }
  /// Now that derivatives are taken, readers take what is fed; what they still need must be there.
  constexpr void take_feeds() {
    auto const value = [&](int id) { return is<fed_op>(out.nodes[id].op) ? out.input(out.nodes[id], 0) : id; };
    for (int& edge : out.edges) edge = value(edge);
    for (int& fetch : out.fetches) fetch = value(fetch);
    vector<char> needed(out.size() + 1, 0);
    for (int const fetch : out.fetches) needed[fetch] = 1;
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
  constexpr sweep const& sweep_of(int loss, int weight) {
    for (sweep const& s : sweeps_)
      if (s.loss == loss && s.weight == weight) return s;
    sweeps_.push_back(reverse(loss, weight));
    return sweeps_.back();
  }
  constexpr void refuse_gradient(int of, refusal_kind why = refusal_kind::no_gradient) {
    if (out.error.kind != refusal_kind::none) return;
    out.error.kind = why;
    out.error.op = from_.nodes[of].op;
  }
  /// Derivatives would pass a node whose op has no rule for them.
  constexpr void refuse_rule(op_info const& op, refusal_kind why) {
    if (out.error.kind != refusal_kind::none) return;
    out.error.kind = why;
    out.error.op = &op;
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
    sweep const& done = sweep_of(loss, weight_of(marker));
    int const adjoint = target < done.adjoints.size() ? done.adjoints[target] : -1;
    if (adjoint < 0 && gradients_op::is_unnamed(marker)) {
      refuse_gradient(from_.input(marker, 1), refusal_kind::unnamed_gradient);
    } else if (adjoint < 0) {
      refuse_gradient(loss);
    }
    return adjoint < 0 ? target : adjoint;
  }

  /// One assignment for each variable that the loss depends on, by the optimizer's rule; a group of them.
  constexpr int minimize(int id) {
    node const& marker = from_.nodes[id];
    int const loss = from_.input(marker, 0);
    sweep const& found = sweep_of(loss, -1);
    int const* const adjoints = found.adjoints.begin();
    int const count = found.adjoints.size();
    update_call call;
    vector<handle> parameters;
    int at = 1;
    for (; !from_.nodes[from_.input(marker, at)].op->is_token; ++at)
      parameters.push_back({&out, map_[from_.input(marker, at)]});
    int const first_slot = at + 1, slots = marker.op->slots;
    vector<int> places(slots > 0 ? out.size() : 0);  // by variable: where it stands among the inputs
    for (int i = first_slot; slots > 0 && i < marker.input_count; i += 1 + slots)
      places[map_[from_.input(marker, i)]] = i;
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
    for (int v = 0; v < count; ++v) {
      if (adjoints[v] < 0 || !is_variable(out.nodes[v])) continue;
      call.variable = current(v);
      call.gradient = {&out, adjoints[v]};
      call.parameters.clear();
      for (handle const& p : parameters) call.parameters.push_back(cast(p, call.variable.type()));
      call.slots.clear();
      for (int s = 0; s < slots; ++s) call.slots.push_back(current(map_[from_.input(marker, places[v] + 1 + s)]));
      marker.op->update(call);
      assign(v, call.result);
      for (int s = 0; s < slots; ++s) assign(map_[from_.input(marker, places[v] + 1 + s)], call.slots[s]);
    }
    if (assignments.empty())
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

  /// Numbers that have derivatives, or would have them if they were real (passes_complex).
  static constexpr bool may_vary(node const& n) {
    return !n.op->is_constant && (is_floating(n.type) || is_complex(n.type) || n.op->has_outputs);
  }
  /// Marks what varies with one of `sources` (ids in `out`), up to `last`.
  constexpr vector<char> reached_from(vector<int> const& sources, int last) const {
    vector<char> reached(last + 1);
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
    vector<char> leads(last + 1, 0);
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
    vector<char> met(last + 1, 0);
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

  constexpr sweep reverse(int loss, int weight) {
    sweep s;
    s.loss = loss;
    s.weight = weight;
    int const last = map_[loss];
    vector<int> sources;
    for (int id = 0; id < from_.count.nodes; ++id) {
      node const& marker = from_.nodes[id];
      if (marker.input_count == 0 || from_.input(marker, 0) != loss || weight_of(marker) != weight) continue;
      if (is<gradients_op>(marker.op)) sources.push_back(map_[from_.input(marker, 1)]);
      for (int v = 0; marker.op->updates && v <= last; ++v)
        if (is_variable(out.nodes[v])) sources.push_back(v);
    }
    vector<char> const active = reached_from(sources, last);
    s.adjoints = vector<int>(last + 1, -1);
    char const* const marks = active.begin();
    int* const adjoints = s.adjoints.begin();
    if (!marks[last]) return s;
    if (passes_complex(active, last)) {
      refuse_gradient(loss, refusal_kind::complex_gradient);
      return s;
    }
    adjoints[last] = weight >= 0 ? map_[weight] : fill_like({&out, last}, 1.0).id;
    vector<int> other_outputs;
    gradient_call call;
    call.graph = &out;
    for (int id = last; id >= 0; --id) {
      if (!marks[id] || adjoints[id] < 0) continue;
      int const count = out.nodes[id].input_count;
      op_info const& op = *out.nodes[id].op;
      if (count == 0 || op.is_constant) continue;
      if (op.kind == op_kind::output) {
        // Its op has no adjoint itself: in the place of one stands the first of a list of outputs that have.
        int const of = out.input(out.nodes[id], 0);
        if (other_outputs.count == 0) other_outputs = vector<int>(last + 1, -1);
        other_outputs[id] = adjoints[of];
        adjoints[of] = id;
        continue;
      }
      if (!op.has_gradient) {
        for (int i = 0; i < count; ++i)
          if (int const x = out.input(out.nodes[id], i); marks[x] && is_floating(out.nodes[x].type))
            refuse_rule(op, refusal_kind::no_gradient_rule);
        continue;
      }
      call.id = id;
      if (op.has_outputs) {
        call.dys.clear();
        call.dys.resize(out.output_count(id));
        for (int of = adjoints[id]; of >= 0; of = other_outputs[of])
          call.dys[output_of_node(of)] = {&out, adjoints[of]};
        note_fed_outputs(call);
      } else {
        call.dy = {&out, adjoints[id]};
        call.fed = fed_for(id);
      }
      call.dx.clear();
      call.dx.resize(count);
      op.gradient(call);
      for (int i = 0; i < count; ++i) {
        node const* const nodes = out.nodes.begin();
        int const x = out.edges[nodes[id].first_input + i];
        handle g = call.dx[i];
        if (!marks[x] || g.id < 0 || !is_floating(nodes[x].type)) continue;
        if (op.kind == op_kind::elementwise && !(nodes[g.id].shape == nodes[x].shape))
          g = reshape_to(g, nodes[x].shape, nodes[id].shape);
        adjoints[x] = adjoints[x] < 0 ? g.id : (handle{&out, adjoints[x]} + g).id;
      }
    }
    return s;
  }
  // An elementwise gradient may be smaller than the result (dy · constant of a scalar) or larger than the input.
  static constexpr handle reshape_to(handle g, dims input, dims result) {
    return sum_to(g.shape() == result ? g : broadcast_to(g, result), input);
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
    vector<int> tangents(last + 1, -1);
    if (x <= last) tangents[x] = along;
    vector<int> of_outputs;  // of an op of several outputs: from the place on that is its tangent
    gradient_call call;
    call.graph = &out;
    for (int i = 0; i <= last; ++i) {
      if (!active[i] || tangents[i] >= 0) continue;
      int const count = out.nodes[i].input_count;
      op_info const& op = *out.nodes[i].op;
      if (op.kind == op_kind::output) {
        int const list = tangents[out.input(out.nodes[i], 0)];
        if (list < 0) continue;
        tangents[i] = of_outputs[list + output_of_node(i)];
        continue;
      }
      call.id = i;
      call.tangent = {};
      call.fed = fed_for(i);
      call.dx = vector<handle>(count);
      bool any = false;
      for (int k = 0; k < count; ++k) {
        int const input = out.input(out.nodes[i], k);
        if (tangents[input] < 0) continue;
        call.dx[k] = {&out, tangents[input]};
        any = true;
      }
      if (!any || op.is_constant) continue;
      if (!op.has_tangent)
        refuse_rule(op, op.has_gradient ? refusal_kind::no_forward_rule : refusal_kind::no_gradient_rule);
      if (op.has_outputs) {
        call.tangents.clear();
        call.tangents.resize(out.output_count(i));
        note_fed_outputs(call);
      }
      op.tangent(call);
      if (op.has_outputs) {
        tangents[i] = of_outputs.count;
        for (handle const& moved : call.tangents) of_outputs.push_back(moved.id);
      }
      if (call.tangent) tangents[i] = broadcast_to(call.tangent, out.nodes[i].shape).id;
    }
    if (tangents[last] >= 0) return tangents[last];
    return fill_like({&out, last}, 0.0).id;
  }
};
}  // namespace detail

constexpr module differentiate(module_view const& from) {
  detail::differentiator pass(from);
  pass.run();
  return static_cast<module&&>(pass.out);
}

TFX_END
