// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/module.hpp>
#include <tfx/graph/region.hpp>

TFX_BEGIN

namespace detail {

/// Puts each node into a region: the run, or the body of a loop or a branch. A node that two bodies need becomes two,
/// unless the run has it: only what is needed runs. What a loop's iterations would compute again and again alike moves
/// out of it, unless it may fail, draws or changes something. Results of bodies are made there and nowhere else, and
/// those that nothing reads are left out.
class region_placer {
 public:
  module out;

  constexpr explicit region_placer(module_view const& from)
      : out(begin_from(from)),
        from_(from),
        needed_(reached(from.nodes, from.count.nodes, from.edges, from.fetches, from.count.fetches, from.feeds,
                        from.count.feeds, from.extent_sources, from.count.extent_sources)),
        map_(from.count.nodes, -1),
        kept_(from.count.nodes),
        drawn_(from.count.nodes, 0) {}

  constexpr void run() {
    find_kept_results();
    out.regions.push_back({-1, -1});
    scopes_.push_back({});
    vector<int> roots;
    for (int i = 0; i < from_.count.fetches; ++i) roots.push_back(from_.fetches[i]);
    for (int i = 0; i < from_.count.feeds; ++i)
      if (from_.feeds[i] >= 0) roots.push_back(from_.feeds[i]);
    for (int i = 0; i < from_.count.extent_sources; ++i) roots.push_back(from_.extent_sources[i]);
    for (int const id : closure(roots, false)) place(0, id);
    for (int i = 0; i < from_.count.fetches; ++i) out.fetches.push_back(map_[from_.fetches[i]]);
    for (int i = 0; i < from_.count.feeds; ++i) out.feeds.push_back(from_.feeds[i] < 0 ? -1 : map_[from_.feeds[i]]);
    for (int i = 0; i < from_.count.extent_sources; ++i) out.extent_sources.push_back(map_[from_.extent_sources[i]]);
  }

 private:
  /// A region whose nodes are being placed.
  struct scope {
    bool is_loop = false;
    vector<char> fixed;  // of a loop, by node: belongs to an iteration
    vector<int> placed;  // nodes of `from_`
  };

  module_view from_;
  vector<char> needed_;
  vector<int> map_;            // by node: where it is in `out`, as far as it can be seen from here; -1: nowhere
  vector<vector<char>> kept_;  // by loop or branch: its inputs that are left
  vector<char> drawn_;         // by node that must not be done twice: it is placed
  vector<scope> scopes_;       // by region

  constexpr region_form form_of(node const& n) const { return {n, from_.words + n.first_word}; }
  static constexpr bool is_region(node const& n) { return n.op->kind == op_kind::region; }
  static constexpr bool is_source(node const& n) {
    return n.op->kind == op_kind::splat || n.op->kind == op_kind::sequence ||
           (n.op->kind == op_kind::leaf && !is<argument_op>(n.op));
  }
  static constexpr bool happens_once(node const& n) {
    return n.op->unique || n.op->next_state >= 0 || n.op->kind == op_kind::effect;
  }
  constexpr bool keeps(int id, int input) const { return kept_[id].empty() || kept_[id][input] != 0; }

  /// Which results of bodies something reads: outputs of the loop or branch, and of a loop what those states depend on.
  constexpr void find_kept_results() {
    for (int id = from_.count.nodes - 1; id >= 0; --id) {
      node const& n = from_.nodes[id];
      if (!needed_[id] || !is_region(n)) continue;
      kept_[id] = vector<char>(n.input_count, 0);
      for (int reader = id + 1; reader < from_.count.nodes; ++reader)
        if (node const& r = from_.nodes[reader];
            needed_[reader] && r.op->kind == op_kind::output && from_.input(r, 0) == id)
          keep_output(id, static_cast<int>(from_.word(r, 0)));
      vector<char>& kept = kept_[id];
      region_form const form = form_of(n);
      for (int i = 0; i < form.first_argument; ++i) kept[i] = 1;
      if (form.is_loop) keep_read_states(id, kept);
    }
  }
  constexpr void keep_output(int id, int output) {
    i64 const* const words = from_.words + from_.nodes[id].first_word;
    vector<char>& kept = kept_[id];
    if (!is<loop_op>(from_.nodes[id].op)) {
      branch_form const form(words);
      for (int b = 0; b < 2; ++b) kept[form.value(b, output)] = 1;
      return;
    }
    loop_form const form(words);
    if (output < form.states) kept[form.next(output)] = 1;
    if (output >= form.stack(0)) kept[form.yield(output - form.stack(0))] = 1;
  }
  constexpr void keep_read_states(int id, vector<char>& kept) {
    node const& n = from_.nodes[id];
    loop_form const form(from_.words + n.first_word);
    if (form.has_predicate()) kept[form.predicate()] = 1;
    for (bool more = true; more;) {
      more = false;
      vector<int> roots;
      for (int i = form.first_result(); i < n.input_count; ++i)
        if (kept[i]) roots.push_back(from_.input(n, i));
      vector<char> read(from_.count.nodes, 0);
      for (int const x : closure(roots, true)) read[x] = 1;
      for (int k = 0; k < form.states; ++k) {
        if (kept[form.next(k)] || !read[from_.input(n, form.argument(k))]) continue;
        kept[form.next(k)] = 1;
        more = true;
      }
    }
    for (int k = 0; k < form.states; ++k) kept[form.argument(k)] = kept[form.initial(k)] = kept[form.next(k)];
    // A sequence may be there for its length alone: the first one stays.
    for (int q = 0; q < form.sequences; ++q) kept[form.sequence_argument(q)] = 1;
  }

  /// What `roots` are made of, as far as it is not placed yet, in order; `whole`: with what loops and branches run.
  constexpr vector<int> closure(vector<int> const& roots, bool whole) const {
    vector<char> met(from_.count.nodes, 0);
    vector<int> stack = roots, found;
    while (!stack.empty()) {
      int const id = stack.back();
      stack.pop_back();
      if (met[id] || map_[id] >= 0) continue;
      met[id] = 1;
      node const& n = from_.nodes[id];
      int const outer = is_region(n) && !whole ? form_of(n).first_argument : n.input_count;
      for (int i = 0; i < outer; ++i)
        if (keeps(id, i)) stack.push_back(from_.input(n, i));
    }
    for (int id = 0; id < from_.count.nodes; ++id)
      if (met[id]) found.push_back(id);
    return found;
  }

  constexpr int add(int region, node const& n, vector<int> const& inputs, i64 const* words, int word_count) {
    node known = n;
    known.shape = out.symbols.resolve(n.shape);
    int const id = out.append(known, inputs.items, inputs.count, words, word_count);
    out.placed.push_back(region);
    return id;
  }
  constexpr void see(int region, int id, int as) {
    map_[id] = as;
    scopes_[region].placed.push_back(id);
  }

  /// Places node `id`, whose inputs are placed, into the region: of a loop only what belongs to an iteration.
  constexpr void place(int region, int id) {
    if (map_[id] >= 0) return;
    node const& n = from_.nodes[id];
    while (region > 0 && (is_source(n) || (scopes_[region].is_loop && !scopes_[region].fixed[id])))
      region = out.regions[region].parent;
    if (n.op->kind == op_kind::output) region = out.placed[map_[from_.input(n, 0)]];  // its op makes it
    if (happens_once(n) && drawn_[id]++) refuse(refusal_kind::several_regions, n);
    if (is<assign_op>(n.op) && region > 0) refuse(refusal_kind::effect_in_region, n);
    if (n.op->finds && region > 0) refuse(refusal_kind::extent_in_region, n);
    if (is<argument_op>(n.op)) refuse(refusal_kind::argument_outside, n);
    if (is_region(n)) return place_owner(region, id);
    vector<int> inputs;
    for (int i = 0; i < n.input_count; ++i) inputs.push_back(map_[from_.input(n, i)]);
    vector<i64> words;
    words.append(from_.words + n.first_word, n.word_count);
    if (n.op->kind == op_kind::output) words[0] = kept_output(from_.input(n, 0), static_cast<int>(words[0]));
    see(region, id, add(region, n, inputs, words.items, words.count));
  }
  constexpr void refuse(refusal_kind why, node const& n) {
    if (out.error.kind != refusal_kind::none) return;
    out.error.kind = why;
    out.error.op = n.op;
  }
  // The number that an output has when those that nothing reads are left out.
  constexpr int kept_output(int owner, int output) const {
    node const& n = from_.nodes[owner];
    if (!is_region(n)) return output;
    i64 const* const words = from_.words + n.first_word;
    int before = 0;
    if (!is<loop_op>(n.op)) {
      for (int k = 0; k < output; ++k) before += keeps(owner, branch_form(words).value(0, k));
      return before;
    }
    loop_form const form(words);
    for (int k = 0; k < output; ++k) {
      bool const is_count = form.has_predicate() && k == form.iterations();
      before += is_count || keeps(owner, k < form.states ? form.next(k) : form.yield(k - form.stack(0)));
    }
    return before;
  }

  // A kernel that finds an extent runs before the loop or branch, with what it is made of: memory depends on it.
  constexpr void place_finders(int region, int owner, region_form const& form, vector<int> const& whole) {
    vector<int> finders;
    vector<char> inside(from_.count.nodes, 0);
    for (int i = 0; i < form.arguments; ++i) inside[from_.input(from_.nodes[owner], form.first_argument + i)] = 1;
    for (int const id : whole) {
      node const& n = from_.nodes[id];
      for (int i = 0; i < n.input_count; ++i) inside[id] = inside[id] || inside[from_.input(n, i)];
      if (n.op->finds && !inside[id]) finders.push_back(id);
    }
    if (finders.empty()) return;
    for (int const id : closure(finders, false)) place(region, id);
  }
  constexpr void place_owner(int region, int id) {
    node const& n = from_.nodes[id];
    region_form const form = form_of(n);
    vector<int> inputs;
    for (int i = 0; i < form.first_argument; ++i)
      if (keeps(id, i)) inputs.push_back(map_[from_.input(n, i)]);
    vector<int> arguments(form.arguments, -1);
    int bodies[2] = {};
    vector<i64> words;
    if (form.is_loop) {
      words = loop_words(id);
    } else {
      words.push_back(kept_output(id, static_cast<int>(from_.word(n, 0))));
    }
    for (int b = 0; b < form.bodies; ++b) {
      vector<int> roots;
      for (int i = form.first_result[b]; i < form.first_result[b] + form.results[b]; ++i)
        if (keeps(id, i)) roots.push_back(from_.input(n, i));
      vector<int> const whole = closure(roots, true);
      place_finders(region, id, form, whole);
      vector<char> fixed;
      if (form.is_loop) fixed = fixed_nodes(id, form, whole);
      int const body = bodies[b] = out.regions.size();
      out.regions.push_back({-1, region});
      scopes_.push_back({form.is_loop, fixed, {}});
      // Arguments of its own, whatever else goes by their identity.
      vector<int> hidden;
      for (int i = 0; i < form.arguments; ++i) {
        if (!keeps(id, form.first_argument + i)) continue;
        int const x = from_.input(n, form.first_argument + i);
        node const& argument = from_.nodes[x];
        hidden.push_back(x);
        hidden.push_back(map_[x]);
        map_[x] = add(body, argument, {}, from_.words + argument.first_word, argument.word_count);
        inputs.push_back(map_[x]);
      }
      for (int const x : closure(roots, false)) place(body, x);
      add_results(id, form, b, body, inputs, words);
      for (int const x : scopes_[body].placed) map_[x] = -1;
      for (int i = hidden.size() - 2; i >= 0; i -= 2) map_[hidden[i]] = hidden[i + 1];
      scopes_[body] = {};
    }
    int const owner = add(region, n, inputs, words.items, words.count);
    for (int b = 0; b < form.bodies; ++b) out.regions[bodies[b]].owner = owner;
    see(region, id, owner);
  }
  /// Of what a loop's results are made of: what differs from iteration to iteration, or must happen in each.
  constexpr vector<char> fixed_nodes(int id, region_form const& form, vector<int> const& whole) const {
    vector<char> fixed(from_.count.nodes, 0);
    for (int i = 0; i < form.arguments; ++i) fixed[from_.input(from_.nodes[id], form.first_argument + i)] = 1;
    for (int const x : whole) {
      node const& n = from_.nodes[x];
      bool stays = happens_once(n) || (n.op->may_fail && !n.op->finds) || n.op->ordered;
      for (int i = 0; i < n.input_count; ++i) stays = stays || fixed[from_.input(n, i)];
      if (stays) fixed[x] = 1;
    }
    return fixed;
  }

  constexpr vector<i64> loop_words(int id) const {
    node const& n = from_.nodes[id];
    loop_form form(from_.words + n.first_word), left = form;
    left.states = left.yields = 0;
    for (int k = 0; k < form.states; ++k) left.states += keeps(id, form.next(k));
    for (int y = 0; y < form.yields; ++y) left.yields += keeps(id, form.yield(y));
    vector<i64> words(loop_form::words);
    left.write(words.items);
    return words;
  }
  /// The results of a body, each made by a node of its own there.
  constexpr void add_results(int id, region_form const& form, int b, int body, vector<int>& inputs,
                             vector<i64>& words) {
    node const& n = from_.nodes[id];
    int const first = inputs.count;
    int states = 0, predicates = 0;
    if (form.is_loop) {
      loop_form const left(words.items);
      states = left.states;
      predicates = left.has_predicate();
    }
    for (int i = form.first_result[b]; i < form.first_result[b] + form.results[b]; ++i) {
      if (!keeps(id, i)) continue;
      int value = map_[from_.input(n, i)];
      int const place = inputs.count - first, yield = place - predicates - states;
      bool own = out.placed[value] == body && !is<argument_op>(out.nodes[value].op) &&
                 out.nodes[value].op->kind != op_kind::view && !is_source(out.nodes[value]);
      int yielded = -1;  // the state that it is, too
      for (int k = first; k < inputs.count; ++k) {
        if (inputs[k] != value) continue;
        int const state = k - first - predicates;
        if (form.is_loop && yield >= 0 && state >= 0 && state < states && words[loop_form::words + state] < 0) {
          yielded = state;
        } else {
          own = false;
        }
      }
      if (!own) {
        yielded = -1;
        node copy;
        copy.op = &info<snapshot_op>;
        copy.type = out.nodes[value].type;
        copy.shape = out.nodes[value].shape;
        vector<int> of;
        of.push_back(value);
        value = add(body, copy, of, nullptr, 0);
      }
      if (yielded >= 0) words[loop_form::words + yielded] = yield;
      if (form.is_loop && place >= predicates && yield < 0) words.push_back(-1);
      inputs.push_back(value);
    }
  }
};

}  // namespace detail

/// The graph with the bodies of its loops and branches placed (module_columns::placed, regions).
constexpr module place_regions(module_view const& from) {
  detail::region_placer pass(from);
  pass.run();
  return static_cast<module&&>(pass.out);
}

TFX_END
