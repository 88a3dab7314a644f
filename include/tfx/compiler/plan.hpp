// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/fuse.hpp>
#include <tfx/compiler/plan_memory.hpp>
#include <tfx/compiler/schedule.hpp>
#include <tfx/graph/region.hpp>

TFX_BEGIN

namespace detail {

class planner : memory_planner {
 public:
  using memory_planner::out;

  constexpr planner(module_view const& m, descriptor const& request, step_view const& list, int const* order)
      : memory_planner(begin_from(m).symbols),
        m_(m),
        request_(request),
        list_(list),
        order_(order),
        extents_(symbols_),
        is_added_(symbols_.checks.size()),
        of_nodes_(m.count.nodes) {
    for (int id = 0; id < m.count.nodes; ++id) {
      node const& n = m.nodes[id];
      source_[id] = n.op->kind == op_kind::view ? source_[m.edges[n.first_input]] : id;
      buffer_[id] = -1;
      last_use_[id] = -1;
    }
    out.buffers.reserve(m.count.nodes);
    bytes_.reserve(m.count.nodes);
    out.variables.reserve(m.count.nodes);
    out.text.reserve(16 * m.count.nodes);
  }

  /// What comes from outside, and what is known of extents.
  constexpr void begin() {
    add_sources();
    if (m_.count.placed > 0) {
      sort_by_region();
      out.bodies.resize(m_.count.regions - 1);
    }
    extents_.find();
    add_checks();
    out.first_derivations = extents_.derivations.size();
    out.first_checks = out.checks.size();
    if (symbols_.finds) {
      add_findings();
    } else {
      out.derivations = extents_.derivations;
    }
  }
  /// Memory for what steps make.
  constexpr void place() {
    for (int at = 0; at < list_.count.steps; ++at) {
      step const& s = list_.steps[order_[at]];
      int const* const operand = list_.operands + s.first_operand;
      int const count = s.input_count + s.output_count;
      for (int i = 0; i < count; ++i)
        first_.count > 0 ? note_use(source_[operand[i]], at) : void(last_use_[source_[operand[i]]] = at);
    }
    for (int i = 0; i < m_.count.fetches; ++i) last_use_[source_[m_.fetches[i]]] = forever;
    place_steps(0, first_.count > 0 ? first_[1] : list_.count.steps);
  }
  /// The steps themselves.
  constexpr void end() {
    for (int i = 0; i < m_.count.fetches; ++i) {
      tensor_entry fetch = describe(m_.fetches[i]);
      if (fetch.type != dtype::none) fetch.buffer = buffer_of(m_.fetches[i]);
      out.fetches.push_back(fetch);
    }
    emit();
    mark_saved();
    add_symbols();
  }

  /// What a part hands on to the next one, where no kernel finds extents.
  template <class Use>
  constexpr void each_list(Use& use) {
    use.all(out.buffers, out.arenas, out.feeds, out.literals, out.variables, out.open_variables, out.derivations,
            out.checks, out.bodies, out.text, bytes_, scratch_);
    use.all(out.texts, out.has_texts, out.has_streams, out.first_derivations, out.first_checks);
    of_nodes_.each_list(use, m_.count.nodes);
  }
  constexpr void restore_regions() {
    if (m_.count.placed > 0) sort_by_region();
  }

 private:
  module_view m_;
  descriptor const& request_;
  step_view list_;
  int const* order_;  // the run's own steps, then those of each region
  extent_order extents_;
  vector<char> is_added_;  // by check
  numbering variables_;
  numbering numbers_;
  vector<operand> operands_;  // of the step whose scratch is asked for
  node_arrays of_nodes_;
  int* source_ = of_nodes_.next();    // the node whose memory it is
  int* buffer_ = of_nodes_.next();    // -1: none
  int* last_use_ = of_nodes_.next();  // the place in the order
  // Where there are regions: by region, its first place in the order and the place of the step that runs it; and what
  // bodies read that is made outside of them.
  vector<int> sorted_, first_, owner_, captured_;

  constexpr int buffer_of(int id) const { return buffer_[source_[id]]; }

  constexpr void add_text(std::string_view text, int& at, int& size) {
    at = out.text.size();
    size = static_cast<int>(text.size());
    out.text.append(text.data(), size);
  }
  constexpr dims resolved(dims shape) const {
    for (int i = 0; i < shape.rank; ++i) shape[i] = symbols_.resolve(shape[i]);
    return shape;
  }
  constexpr tensor_entry describe(int id) {
    tensor_entry entry;
    entry.type = m_.nodes[id].type;
    entry.shape = resolved(m_.nodes[id].shape);
    return entry;
  }
  constexpr int variable_of(node const& n) {
    int const known = variables_.of(n.identity);
    if (known < out.variables.size()) return known;
    variable_entry v{};
    v.hash = n.identity;
    v.token = -1;
    v.type = n.type;
    if (n.type == dtype::string) out.has_texts = true;
    dims const shape = resolved(n.shape);
    v.count = shape.is_static() ? shape.count() : 0;
    v.buffer = add_buffer(buffer_kind::variable, out.variables.size());
    add_text(n.name, v.name_at, v.name_size);
    out.variables.push_back(v);
    return out.variables.size() - 1;
  }

  // Leaves and variables have memory that the run finds, not makes.
  constexpr void add_sources() {
    for (int i = 0; i < m_.count.feeds; ++i) {
      tensor_entry feed;
      feed.index = i;
      if (int const id = m_.feeds[i]; id >= 0) {
        feed = describe(id);
        feed.index = i;
        feed.buffer = buffer_[id] = add_buffer(buffer_kind::feed, i);
        add_text(m_.nodes[id].name, feed.name_at, feed.name_size);
        extents_.tell(feed.shape);
      }
      out.feeds.push_back(feed);
    }
    for (int id = 0; id < m_.count.nodes; ++id) {
      node const& n = m_.nodes[id];
      if (n.op->kind != op_kind::leaf && n.op->kind != op_kind::effect) continue;
      if (is<literal_op>(n.op)) {
        tensor_entry literal = describe(id);
        literal.index = number_index(n.identity);
        bool const scalar = literal.shape.rank == 0 && bytes_of(literal.type) <= 8;
        literal.buffer = buffer_[id] =
            add_buffer(scalar ? buffer_kind::scalar_literal : buffer_kind::array_literal, literal.index);
        add_text(n.name, literal.name_at, literal.name_size);
        extents_.tell(literal.shape);
        out.literals.push_back(literal);
        continue;
      }
      bool const read = is<variable_op>(n.op), written = is<assign_op>(n.op);
      if (!read && !written && !n.op->state) continue;
      variable_entry& v = out.variables[variable_of(n)];
      (read ? v.read : written ? v.written : v.state) = true;
      if (n.op->state) {
        v.token = number_index(n.identity);
        out.has_streams = true;
      }
      buffer_[id] = v.buffer;
      if (read) extents_.tell(n.shape);
      if (n.word_count > (read ? 0 : 1) && !n.op->state) add_open(n, written && m_.word(n, 1) != 0);
    }
  }
  constexpr void add_open(node const& n, bool initialized) {
    int const variable = variable_of(n);
    for (open_variable& known : out.open_variables)
      if (known.variable == variable) {
        known.initialized = known.initialized || initialized;
        // What a kernel finds must agree with what is known before.
        for (int i = 0; i < n.shape.rank; ++i)
          known.shape[i] = known.room[i] = symbols_.common(known.shape[i], n.shape[i]);
        return;
      }
    dims const shape = resolved(n.shape);
    out.open_variables.push_back({variable, initialized, shape, false, shape});
  }
  // Where a literal stands among those that ride in the request, -1: none of them.
  constexpr int number_index(u64 id) {
    if (numbers_.keys.count == 0)
      for (int i = 0; i < request_.number_count; ++i) numbers_.of(request_.numbers[i]);
    return numbers_.find(id);
  }

  // What kernels find, in the order in which they run: after each of them the run computes and checks what it then can.
  // Before, there is room for the most that the extents can be.
  constexpr void add_findings() {
    bounds_.begin();
    for (int at = 0; at < list_.count.steps; ++at) {
      step const& s = list_.steps[order_[at]];
      if (s.node < 0 || !m_.nodes[s.node].op->finds) continue;
      dims const& shape = m_.nodes[s.node].shape;
      for (int i = 0; i < shape.rank; ++i)
        if (shape[i] < 0 && symbols_.entries[symbol_of(shape[i])].rule == extent_rule::found) find(at, shape[i]);
    }
    vector<extent_derivation> const derived = extents_.derivations;
    int const known = m_.count.symbols, made = symbols_.entries.size() - known;
    out.derivations.append(derived.items, out.first_derivations);
    for (int i = known; i < symbols_.entries.size(); ++i) {
      symbol_entry const& e = symbols_.entries[i];
      out.derivations.push_back({i, e.rule, symbols_.resolve(e.left), symbols_.resolve(e.right)});
    }
    out.derivations.append(derived.items + out.first_derivations, derived.size() - out.first_derivations);
    out.first_derivations += made;
    for (finding& f : out.findings) f.derivations += made;
    for (open_variable& open : out.open_variables) {
      for (int i = 0; i < open.shape.rank; ++i) open.room[i] = bounds_.of(open.shape[i]);
      open.found = !(open.room == open.shape);
    }
  }
  constexpr void find(int at, i64 extent) {
    int const before = extents_.derivations.size();
    bounds_.find(symbol_of(extent));
    extents_.tell({1, {extent}});
    extents_.find();
    for (int i = before; i < extents_.derivations.size(); ++i) bounds_.derive(extents_.derivations[i]);
    add_checks();
    out.findings.push_back({at + 1, symbol_of(extent), extents_.derivations.size(), out.checks.size()});
  }

  constexpr void place_node(int id) {
    if (m_.nodes[id].type != dtype::string) {
      buffer_[id] = allocate_like(id);
    } else {
      i64 count = 0;
      int const arena = arena_of(m_.nodes[id].shape, count);
      allocate_texts(id, arena, count);
    }
  }
  constexpr int allocate_like(int id) {
    node const& n = m_.nodes[id];
    i64 count = 0;
    int const arena = arena_of(n.shape, count);
    return allocate(arena, rounded((count > 0 ? count : 1) * bytes_of(n.type)));
  }
  // Strings are objects: each buffer of them is memory of its own, which nothing else uses.
  constexpr void allocate_texts(int id, int arena, i64 count) {
    buffer_[id] = add_buffer(buffer_kind::texts, arena, count);
    ++out.texts;
    out.has_texts = true;
  }
  static constexpr int forever = 1 << 30;

  constexpr void note_use(int id, int at) {
    at = place_in_region_of(id, at);
    if (last_use_[id] < at) last_use_[id] = at;
  }
  constexpr void place_steps(int first, int last) {
    for (int at = first; at < last; ++at) {
      step const& s = list_.steps[order_[at]];
      int const* const operand = list_.operands + s.first_operand;
      int const count = s.input_count + s.output_count;
      for (int i = s.input_count; i < count; ++i)
        if (buffer_[operand[i]] < 0) place_node(operand[i]);
      if (s.node >= 0 && m_.nodes[s.node].op->has_scratch) allocate_scratch(at, s);
      if (s.node >= 0 && m_.nodes[s.node].op->kind == op_kind::region) place_bodies(at, s);
      for (int i = 0; i < count; ++i)
        if (first_.count > 0 || last_use_[source_[operand[i]]] == at) free_after(source_[operand[i]], at);
    }
  }
  constexpr void free_after(int id, int at) {
    if (first_.count > 0 && region_at(at) != m_.region_of(id)) return captured_.push_back(id);
    if (last_use_[id] == at) release_once(id);
  }
  constexpr void release_once(int id) {
    last_use_[id] = -1;
    if (out.buffers.items[buffer_[id]].kind == buffer_kind::arena) release(buffer_[id]);
  }

  constexpr void sort_by_region() {
    int const count = list_.count.steps;
    vector<int> region(count);
    first_ = vector<int>(m_.count.regions + 1);
    owner_ = vector<int>(m_.count.regions, -1);
    for (int s = 0; s < count; ++s) {
      step const& call = list_.steps[s];
      bool const is_own = call.node >= 0 && !call.has_epilogue;
      region[s] = m_.region_of(is_own ? call.node : list_.operands[call.first_operand + call.input_count]);
    }
    for (int r = 0; r < m_.count.regions; ++r) {
      first_[r] = sorted_.count;
      for (int at = 0; at < count; ++at)
        if (region[order_[at]] == r) sorted_.push_back(order_[at]);
    }
    first_[m_.count.regions] = count;
    order_ = sorted_.items;
    for (int at = 0; at < count; ++at)
      for (int r = 1; r < m_.count.regions; ++r)
        if (m_.regions[r].owner == list_.steps[order_[at]].node) owner_[r] = at;
  }
  constexpr int region_at(int at) const {
    int r = 0;
    while (first_[r + 1] <= at) ++r;
    return r;
  }
  /// The place, in the region where node `id` is made, of the step that uses it at a place of another region. What a
  /// body results in is used when all of it has run.
  constexpr int place_in_region_of(int id, int at) const {
    int const region = m_.region_of(id);
    int r = region_at(at);
    while (r > region) {
      at = owner_[r];
      r = m_.regions[r].parent;
    }
    return r == region ? at : forever;
  }

  // The steps of a loop's or branch's bodies, and what it needs itself: for each state that is not yielded two places,
  // and the bodies.
  constexpr void place_bodies(int at, step const& s) {
    node const& n = m_.nodes[s.node];
    i64 const* const words = m_.words + n.first_word;
    region_form const form(n, words);
    int const first_own = scratch_.size(), first_captured = captured_.size();
    for (int i = form.first_argument; i < form.first_argument + form.arguments; ++i)
      buffer_[m_.input(n, i)] = add_buffer(buffer_kind::moving, 0);
    if (form.is_loop) {
      place_loop(at, s, n, loop_form(words));
    } else {
      for (int i = form.first_argument; i < n.input_count; ++i)
        buffer_[m_.input(n, i)] = add_buffer(buffer_kind::moving, 0);
    }
    int const after_places = scratch_.size();
    for (int r = 1; r < m_.count.regions; ++r)
      if (owner_[r] == at) scratch_.push_back({at, add_buffer(buffer_kind::body, r - 1)});
    for (int r = 1; r < m_.count.regions; ++r)
      if (owner_[r] == at) place_body(r, n, form, words);
    for (int i = first_own; i < after_places; ++i) release(scratch_[i].buffer);
    vector<int> const read = captured_;
    captured_.resize(first_captured);
    for (int i = first_captured; i < read.count; ++i) free_after(read[i], at);
  }
  // What is stacked is made where it is stacked; so is a state that is yielded. Others lie in two places in turn.
  constexpr void place_loop(int at, step const& s, node const& n, loop_form const& form) {
    for (int i = s.input_count; i < s.input_count + s.output_count; ++i) {
      node const& output = m_.nodes[list_.operands[s.first_operand + i]];
      int const k = static_cast<int>(m_.word(output, 0));
      if (k < form.stack(0)) continue;
      int const result = m_.input(n, form.yield(k - form.stack(0)));
      buffer_[result] = add_buffer(buffer_kind::moving, 0);
    }
    for (int k = 0; k < form.states; ++k) {
      int const next = m_.input(n, form.next(k));
      if (buffer_[next] >= 0) continue;
      buffer_[next] = add_buffer(buffer_kind::moving, 0);
      for (int place = 0; place < 2; ++place) scratch_.push_back({at, allocate_like(next)});
    }
  }
  constexpr void place_body(int r, node const& owner, region_form const& form, i64 const* words) {
    place_steps(first_[r], first_[r + 1]);
    body_plan& body = out.bodies[r - 1];
    body.first = body.middle = first_[r];
    body.last = first_[r + 1];
    add_text(owner.name.empty() ? owner.op->name : owner.name, body.name_at, body.name_size);
    bool const predicated = form.is_loop && loop_form(words).has_predicate();
    for (int at = body.first; at < body.last; ++at) {
      step const& s = list_.steps[order_[at]];
      int const* const made = list_.operands + s.first_operand + s.input_count;
      for (int i = 0; i < s.output_count; ++i) {
        if (predicated && made[i] == m_.input(owner, form.first_result[0])) body.middle = at + 1;
        // What its results are made in serves others when the loop is done.
        if (last_use_[source_[made[i]]] == forever) release_once(source_[made[i]]);
      }
    }
  }

  // Memory for the step at this place in the order alone.
  constexpr void allocate_scratch(int at, step const& s) {
    node const& n = m_.nodes[s.node];
    operands_.reserve(n.input_count);
    for (int i = 0; i < n.input_count; ++i) {
      node const& input = m_.nodes[m_.edges[n.first_input + i]];
      operands_.items[i] = {&input.shape, input.type};
    }
    scratch_request request{operands_.items, {m_.words + n.first_word, n.word_count}, s.has_epilogue};
    n.op->scratch(request);
    int const first = scratch_.size();
    for (int i = 0; i < request.count; ++i) scratch_.push_back({at, allocate(request.pieces[i], first)});
    for (int i = first; i < scratch_.size(); ++i)
      if (bytes_[scratch_[i].buffer] > 0) release(scratch_[i].buffer);
  }
  constexpr void emit() {
    out.steps.reserve(list_.count.steps);
    out.slots.reserve(list_.count.operands + list_.count.symbols + scratch_.size());
    out.main_steps = first_.count > 0 ? first_[1] : list_.count.steps;
    if (first_.count > 0) sort_scratch();
    int scratch = 0;
    for (int at = 0; at < list_.count.steps; ++at) {
      step const& s = list_.steps[order_[at]];
      out.steps.push_back({s.kernel, out.slots.count});
      int const* const operand = list_.operands + s.first_operand;
      std::uint16_t* slot = out.slots.items + out.slots.count;
      out.slots.count += s.input_count + s.output_count + s.symbol_count;
      for (int i = 0; i < s.input_count + s.output_count; ++i)
        *slot++ = static_cast<std::uint16_t>(buffer_[source_[operand[i]]]);
      for (; scratch < scratch_.size() && scratch_[scratch].at == at; ++scratch, ++out.slots.count)
        *slot++ = static_cast<std::uint16_t>(scratch_[scratch].buffer);
      for (int i = 0; i < s.symbol_count; ++i) *slot++ = static_cast<std::uint16_t>(list_.symbols[s.first_symbol + i]);
    }
  }

  constexpr void sort_scratch() {
    for (int i = 1; i < scratch_.size(); ++i)
      for (int k = i; k > 0 && scratch_[k - 1].at > scratch_[k].at; --k) {
        scratch_piece const later = scratch_[k - 1];
        scratch_[k - 1] = scratch_[k];
        scratch_[k] = later;
      }
  }

  // What a step writes before the last one that may fail, hidden state too, must be put back where that fails.
  constexpr void mark_saved() {
    int last = out.main_steps - 1;
    while (last >= 0 && !list_.steps[order_[last]].may_fail) --last;
    for (int at = 0; at < list_.count.steps; ++at) {
      if (at > last && at < out.main_steps) continue;
      step const& s = list_.steps[order_[at]];
      int const* const operand = list_.operands + s.first_operand;
      for (int i = s.input_count; i < s.input_count + s.output_count; ++i) {
        buffer_entry const& b = out.buffers[buffer_of(operand[i])];
        if (b.kind != buffer_kind::variable) continue;
        variable_entry& v = out.variables[b.index];
        if (v.saved || at == last || is_found(b.index)) continue;
        v.saved = true;
        ++out.saved;
      }
    }
  }

  // Such a variable's value is new memory, which it takes when all is done.
  constexpr bool is_found(int variable) const {
    for (open_variable const& open : out.open_variables)
      if (open.variable == variable) return open.found;
    return false;
  }
  constexpr dims compared(extent_check const& check, dims shape) const {
    for (int i = 0; i < shape.rank; ++i) shape[i] = symbols_.resolve_but(check.made, shape[i]);
    return shape;
  }
  constexpr text_part part_of(std::string_view text) {
    text_part part{};
    add_text(text, part.at, part.size);
    return part;
  }
  constexpr void add_symbols() {
    for (int i = 0; i < symbols_.entries.size(); ++i) {
      symbol_plan s;
      add_text(symbols_.entries[i].text, s.name_at, s.name_size);
      out.symbols.push_back(s);
    }
  }
  // Those that can be made now.
  constexpr void add_checks() {
    for (int i = 0; i < symbols_.checks.size(); ++i) {
      extent_check const& check = symbols_.checks[i];
      if (is_added_[i] || !extents_.knows(check)) continue;
      is_added_[i] = 1;
      std::string_view const words = check.op->mismatch;
      std::size_t const first = words.find("%s"), second = words.rfind("%s");
      out.checks.push_back({check.rule, check.at_most, check.counts, check.axis, symbols_.resolve(check.left),
                            symbols_.resolve(check.right), symbols_.resolve(check.to), compared(check, check.first),
                            compared(check, check.second), part_of(words.substr(0, first)),
                            part_of(words.substr(first + 2, second - first - 2)), part_of(words.substr(second + 2)),
                            part_of(check.op->name), part_of(check.variable)});
    }
  }
};
}  // namespace detail

/// Whether the slots, numbers of 16 bits, can name all buffers and symbols.
constexpr bool fits_slots(lengths_of<plan_columns> const& c) { return c.buffers <= 65536 && c.symbols <= 65536; }

/// Kernel calls in `order` over planned memory.
constexpr run_plan make_plan(module_view const& m, descriptor const& request, step_view const& list, int const* order) {
  detail::planner pass(m, request, list, order);
  pass.begin();
  pass.place();
  pass.end();
  return static_cast<run_plan&&>(pass.out);
}

TFX_END
