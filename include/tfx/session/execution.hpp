// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdio>
#include <tfx/base/raise.hpp>
#include <tfx/compiler/pipeline.hpp>
#include <tfx/kernel/region.hpp>
#include <tfx/session/extents.hpp>
#include <tfx/session/state.hpp>
#include <tfx/shape/extents_text.hpp>

TFX_BEGIN

class execution;

/// Refuses memory of the user's that the values of this run do not fit, once its extents are known and before anything
/// changes. Null where nothing is written there.
struct memory_check {
  void (*check)(void const* fetches, execution const& e) = nullptr;
  void const* fetches = nullptr;
};

/// The tables of a compiled run, as the executor reads them.
struct run_tables : plan_columns<column_pointer> {
  kernel::entry const* kernels;
  plan_counts count;
  void (*run)(execution&,
              memory_check);    // of a plan with extents to find out or variables to put back; null for others
  text_functions const* texts;  // none where a run has no strings of its own
  void (*streams)(execution&, literal const* const*);  // finds where random ops stand; null where there are none
};

/// One compiled run in one session: its memory, and what the last run bound. A run whose extents are those of the last
/// one allocates nothing.
///
/// Every program compiles this class: it is plain loops over arrays, and no template.
class execution {
 public:
  /// `session` keeps the variables; those that it lacks are made, without a value.
  [[gnu::noinline]] execution(u64 request, run_tables const& tables, session_state& session, execution* following)
      : key(request), next(following), t_(tables), session_(session) {
    plan_counts const& n = t_.count;
    int const words = n.buffers + 2 * n.symbols + n.literals + n.variables + 2 * n.arenas;
    std::size_t const bytes = sizeof(u64) * static_cast<std::size_t>(words);
    buffers_ =
        static_cast<void**>(memory_.reserve(bytes + sizeof(aligned_memory) * static_cast<std::size_t>(memories()) +
                                            sizeof(kernel::body) * static_cast<std::size_t>(n.bodies)));
    std::memset(buffers_, 0xff, bytes);  // all extents are `unbound`
    extents_ = reinterpret_cast<i64*>(buffers_ + n.buffers);
    fresh_ = extents_ + n.symbols;
    units_ = fresh_ + n.symbols;
    starts_ = units_ + n.arenas;
    scalars_ = reinterpret_cast<u64*>(starts_ + n.arenas);
    variables_ = reinterpret_cast<variable_state**>(scalars_ + n.literals);
    staging_ = reinterpret_cast<aligned_memory*>(variables_ + n.variables);
    resized_ = staging_ + n.feeds + n.texts;
    bodies_ = reinterpret_cast<kernel::body*>(staging_ + memories());
    for (int i = 0; i < memories(); ++i) new (staging_ + i) aligned_memory;
    for (int i = 0; i < n.variables; ++i) {
      variable_entry const& v = t_.variables[i];
      variables_[i] = v.state ? nullptr : find_variable(v);
      if (variables_[i]) buffers_[v.buffer] = variables_[i]->memory.data();
    }
    for (int i = 0; n.bodies > 0 && i < n.buffers; ++i)
      if (buffer_entry const& b = t_.buffers[i]; b.kind == buffer_kind::body) buffers_[i] = find_body(b.index);
    place(extents_);
  }
  execution(execution const&) = delete;
  execution& operator=(execution const&) = delete;
  [[gnu::noinline]] ~execution() {
    for (int i = 0; i < memories(); ++i) staging_[i].~aligned_memory();
  }

  u64 const key;
  execution* const next;  // of its session

  /// The name of the tensor that feed `i` is for.
  std::string_view feed_name(int i) const {
    return {t_.text + t_.feeds[i].name_at, static_cast<std::size_t>(t_.feeds[i].name_size)};
  }
  /// Memory to convert feed `i` into, of `bytes`.
  void* staging(int i, i64 bytes) { return staging_[i].reserve(static_cast<std::size_t>(bytes)); }
  /// The same for `count` strings.
  void* staging_texts(int i, i64 count, text_functions const& functions) {
    return staging_[i].reserve_texts(static_cast<std::size_t>(count), functions);
  }

  /// Forgets the extents of the last run; needed where there are symbols.
  [[gnu::noinline]] void begin() {
    for (int i = 0; i < t_.count.symbols; ++i) fresh_[i] = unbound;
  }
  [[gnu::noinline]] void bind_feed(int i, void const* data, int rank, i64 const* shape) {
    tensor_entry const& feed = t_.feeds[i];
    if (feed.buffer >= 0) bind(feed, data, rank, shape);
  }
  /// The run itself, once what is fed is bound; `literals` are the numbers that ride in its fetches.
  [[gnu::noinline]] void run(literal const* const* literals, memory_check memory = {}) {
    plan_counts const& n = t_.count;
    for (int i = 0; i < n.literals; ++i) {
      tensor_entry const& entry = t_.literals[i];
      literal const& value = *literals[entry.index];
      if (t_.buffers[entry.buffer].kind == buffer_kind::scalar_literal) {
        scalars_[i] = value.bits;
        buffers_[entry.buffer] = &scalars_[i];
      } else {
        bind(entry, value.array->data, value.array->shape.rank, value.array->shape.extent);
      }
    }
    if (t_.streams) t_.streams(*this, literals);
    for (int i = 0; i < n.variables; ++i)
      if (t_.variables[i].read && !variables_[i]->initialized) refuse_uninitialized(t_.variables[i]);
    if (t_.run) return t_.run(*this, memory);
    check(memory);
    run_steps();
  }
  /// run_tables::run of a plan of that size: programs compile only what theirs need.
  template <plan_counts N>
  static constexpr auto run_of() -> void (*)(execution&, memory_check) {
    constexpr bool finds = N.derivations + N.checks + N.open_variables > 0, careful = N.open_variables + N.saved > 0;
    if constexpr (N.symbols == 0 && !finds && !careful) {
      return nullptr;
    } else {
      return &run_with<finds, careful, (N.findings > 0)>;
    }
  }

  /// run_tables::streams: of the calls that the tokens among `literals` stand for, or of names.
  static void find_streams(execution& e, literal const* const* literals) {
    for (int i = 0; i < e.t_.count.variables; ++i) {
      variable_entry const& v = e.t_.variables[i];
      if (!v.state) continue;
      literal_array* const token = v.token < 0 ? nullptr : literals[v.token]->array;
      variable_state*& state = e.variables_[i];
      if (state && state->token == token && state->hash == v.hash) continue;
      state = e.session_.find_stream(v.hash, token);
      e.buffers_[v.buffer] = state->memory.data();
    }
  }

  void const* buffer(int i) const { return buffers_[i]; }
  i64 extent(i64 e) const { return e >= 0 ? e : extents_[symbol_of(e)]; }
  TFX_INLINE void read_extents(dims const& shape, i64* into) const {
    for (int k = 0; k < shape.rank; ++k) into[k] = extent(shape[k]);
  }

 private:
  static constexpr i64 unbound = -1;

  run_tables const& t_;
  session_state& session_;
  aligned_memory memory_;  // of the arrays below
  void** buffers_;
  i64 *extents_, *fresh_;  // by symbol
  i64 *units_, *starts_;   // by arena
  u64* scalars_;           // by literal
  variable_state** variables_;
  aligned_memory* staging_;  // by feed, then of each buffer of strings
  aligned_memory* resized_;  // by open variable: its new value where that has another size
  kernel::body* bodies_;
  aligned_memory arena_;
  aligned_memory saved_, saved_texts_;  // the values of variables before this run

  int memories() const { return t_.count.feeds + t_.count.texts + t_.count.open_variables; }

  kernel::body* find_body(int i) const {
    body_plan const& b = t_.bodies[i];
    return new (bodies_ + i)
        kernel::body{t_.kernels, t_.steps, t_.slots, b.first, b.middle, b.last, t_.text + b.name_at, b.name_size};
  }
  variable_state* find_variable(variable_entry const& v) {
    if (variable_state* const known = session_.find(v.hash)) return known;
    session_.first = new variable_state{v.hash, session_.first, false};
    reserve_variable(v, session_.first->memory, v.count > 0 ? v.count : 1);
    return session_.first;
  }
  // Room for `count` elements of a variable: zeros, or strings.
  void* reserve_variable(variable_entry const& v, aligned_memory& memory, i64 count) const {
    if (v.type == dtype::string) return memory.reserve_texts(static_cast<std::size_t>(count), *t_.texts);
    auto const bytes = static_cast<std::size_t>(count * bytes_of(v.type));
    return std::memset(memory.reserve(bytes), 0, bytes);
  }

  [[gnu::noinline]] void bind(tensor_entry const& entry, void const* data, int rank, i64 const* shape) {
    bool fits = rank == entry.shape.rank;
    for (int i = 0; fits && i < rank; ++i) {
      i64 const declared = entry.shape[i];
      if (declared >= 0) {
        fits = declared == shape[i];
      } else {
        i64& bound = fresh_[symbol_of(declared)];
        if (bound == unbound) bound = shape[i];
        if (bound != shape[i]) refuse_extent(entry, rank, shape, i);
      }
    }
    if (!fits) refuse_shape(entry, rank, shape);
    buffers_[entry.buffer] = const_cast<void*>(data);
  }

  /// A feed, and not a constant whose type leaves its shape to the run.
  bool is_fed(tensor_entry const& entry) const { return t_.buffers[entry.buffer].kind == buffer_kind::feed; }
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse_shape(tensor_entry const& entry, int rank,
                                                                 i64 const* shape) const {
    dims const needed = now(entry.shape);
    if (!is_fed(entry))
      raise<errors::InvalidArgumentError>("Incompatible shapes: a constant%s%.*s of %s vs. %s",
                                          entry.name_size > 0 ? " " : "", entry.name_size, t_.text + entry.name_at,
                                          detail::extents_text(rank, shape).text,
                                          detail::extents_text(needed.rank, needed.extent).text);
    raise<errors::InvalidArgumentError>(
        "Cannot feed value of shape %s for Tensor '%.*s:0', which has shape %s", detail::extents_text(rank, shape).text,
        entry.name_size, t_.text + entry.name_at, detail::extents_text(entry.shape.rank, entry.shape.extent).text);
  }
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse_extent(tensor_entry const& entry, int rank, i64 const* shape,
                                                                  int axis) const {
    if (!is_fed(entry)) refuse_shape(entry, rank, shape);
    int const symbol = symbol_of(entry.shape[axis]);
    symbol_plan const& s = t_.symbols[symbol];
    bool const named = s.name_size > 0;
    raise<errors::InvalidArgumentError>(
        "Cannot feed value of shape %s for Tensor '%.*s:0': %s%.*s%s is %lld in this run, not %lld",
        detail::extents_text(rank, shape).text, entry.name_size, t_.text + entry.name_at,
        named ? "dimension '" : "a dimension that must agree with it", s.name_size, t_.text + s.name_at,
        named ? "'" : "", static_cast<long long>(fresh_[symbol]), static_cast<long long>(shape[axis]));
  }
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse_uninitialized(variable_entry const& v) const {
    char const* const name = t_.text + v.name_at;
    raise<errors::FailedPreconditionError>(
        "Attempting to use uninitialized value %.*s\n\t[[{{node %.*s/read}}]]\n"
        "help: run its initializer first, or global_variables_initializer",
        v.name_size, name, v.name_size, name);
  }

  i64 fresh(i64 e) const { return e >= 0 ? e : fresh_[symbol_of(e)]; }
  /// A shape with what this run has bound so far.
  dims now(dims shape, i64 unknown = unbound) const {
    for (int i = 0; i < shape.rank; ++i) shape[i] = shape[i] == dims::unknown ? unknown : fresh(shape[i]);
    return shape;
  }

  [[gnu::noinline]] void find_extents() {
    bind_variables();
    for (int i = 0; i < t_.count.first_derivations; ++i) derive(t_.derivations[i]);
    for (int i = 0; i < t_.count.first_checks; ++i) check(t_.checks[i]);
  }
  void derive(extent_derivation const& d) { fresh_[d.symbol] = detail::derive(d.rule, fresh(d.left), fresh(d.right)); }
  // Those that kernels find, and what is computed from them: of the last run.
  void forget_findings() {
    for (int i = 0; i < t_.count.findings; ++i) extents_[t_.findings[i].symbol] = unbound;
    for (int i = t_.count.first_derivations; i < t_.count.derivations; ++i)
      extents_[t_.derivations[i].symbol] = unbound;
  }
  /// Runs the steps up to the last one that finds an extent, and after each of those computes and checks what it tells.
  /// Returns how many steps have run.
  [[gnu::noinline]] int run_findings() {
    int step = 0, derivation = t_.count.first_derivations, check = t_.count.first_checks;
    for (int i = 0; i < t_.count.findings; ++i) {
      finding const& f = t_.findings[i];
      for (; step < f.steps; ++step) run_step(step);
      fresh_[f.symbol] = extents_[f.symbol];
      for (; derivation < f.derivations; ++derivation) {
        int const symbol = t_.derivations[derivation].symbol;
        derive(t_.derivations[derivation]);
        extents_[symbol] = fresh_[symbol];
      }
      for (; check < f.checks; ++check) this->check(t_.checks[check]);
    }
    for (int i = 0; i < t_.count.open_variables; ++i)
      if (open_variable const& open = t_.open_variables[i]; open.found && !keeps_shape(open)) refuse_assignment(open);
    return step;
  }
  void place_for_extents() {
    std::size_t const bytes = sizeof(i64) * static_cast<std::size_t>(t_.count.symbols);
    if (std::memcmp(extents_, fresh_, bytes) == 0) return;
    // Unbound until there is memory for them: where it is lacking, the next run tries anew.
    std::memset(extents_, 0xff, bytes);
    place(fresh_);
    std::memcpy(extents_, fresh_, bytes);
  }
  void check(memory_check const& memory) const {
    if (memory.check) memory.check(memory.fetches, *this);
  }
  void check(check_plan const& c) const {
    i64 const left = fresh(c.left), right = fresh(c.right), to = fresh(c.to);
    i64 const made = c.rule == extent_rule::given ? left : detail::derive(c.rule, left, right);
    if (c.at_most && made > to) detail::refuse_box(c.axis, left, right, to);
    if (!c.at_most && made != to) detail::refuse(c, t_.text, now(c.first, made), now(c.second, made));
  }
  // Variables whose types do not tell their shapes: what they hold binds the extents of a run that reads them.
  void bind_variables() {
    for (int i = 0; i < t_.count.open_variables; ++i) {
      open_variable const& open = t_.open_variables[i];
      if (!t_.variables[open.variable].read) continue;
      i64 const* const extents = variables_[open.variable]->extents;
      for (int k = 0; k < open.shape.rank; ++k) {
        if (open.shape[k] < 0) {
          i64& bound = fresh_[symbol_of(open.shape[k])];
          if (bound == unbound) bound = extents[k];
        }
        if (fresh(open.shape[k]) != extents[k]) refuse_variable(open);
      }
    }
  }
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse_variable(open_variable const& open) const {
    variable_entry const& v = t_.variables[open.variable];
    dims const needed = now(open.shape);
    raise<errors::InvalidArgumentError>("Incompatible shapes: variable '%.*s' of %s vs. %s", v.name_size,
                                        t_.text + v.name_at,
                                        detail::extents_text(needed.rank, variables_[open.variable]->extents).text,
                                        detail::extents_text(needed.rank, needed.extent).text);
  }
  bool has_shape(open_variable const& open) const {
    for (int k = 0; k < open.shape.rank; ++k)
      if (extent(open.shape[k]) != variables_[open.variable]->extents[k]) return false;
    return true;
  }
  /// A variable has its shape from its initializer.
  bool keeps_shape(open_variable const& open) const {
    return open.initialized || !variables_[open.variable]->initialized || has_shape(open);
  }
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse_assignment(open_variable const& open) const {
    variable_entry const& v = t_.variables[open.variable];
    raise<errors::InvalidArgumentError>(
        "Assign requires shapes of both tensors to match. lhs shape= %s rhs shape= %s\n\t[[{{node %.*s/Assign}}]]",
        detail::extents_text(open.shape.rank, variables_[open.variable]->extents).text,
        detail::extents_text(open.shape.rank, now(open.shape).extent).text, v.name_size, t_.text + v.name_at);
  }
  // Where their values are in this run: in new memory where the size changes, since a run that fails changes nothing.
  void place_variables() {
    for (int i = 0; i < t_.count.open_variables; ++i) {
      open_variable const& open = t_.open_variables[i];
      variable_entry const& v = t_.variables[open.variable];
      variable_state& state = *variables_[open.variable];
      i64 bytes = bytes_of(v.type);
      for (int k = 0; v.written && k < open.shape.rank; ++k) bytes = detail::product(bytes, extent(open.room[k]));
      bool const same = v.written && state.initialized && !open.found && has_shape(open);
      if (v.written && !open.found && !same && !keeps_shape(open)) refuse_assignment(open);
      if (same || !v.written) {
        buffers_[v.buffer] = state.memory.data();
      } else if (v.type == dtype::string) {
        buffers_[v.buffer] = resized_[i].reserve_texts(static_cast<std::size_t>(bytes / bytes_of(v.type)), *t_.texts);
      } else {
        buffers_[v.buffer] = resized_[i].reserve(static_cast<std::size_t>(bytes));
      }
    }
  }
  void keep_variables() {
    for (int i = 0; i < t_.count.open_variables; ++i) {
      open_variable const& open = t_.open_variables[i];
      variable_entry const& v = t_.variables[open.variable];
      if (!v.written || buffers_[v.buffer] != resized_[i].data()) continue;
      variable_state& state = *variables_[open.variable];
      state.memory.swap(resized_[i]);
      read_extents(open.shape, state.extents);
    }
  }

  /// `Finds`: extents that no tensor tells, and what ops demand of them. `Careful`: variables may change their size, or
  /// are put back when a later step fails. `Late`: kernels find extents.
  template <bool Finds, bool Careful, bool Late>
  static void run_with(execution& e, memory_check memory) {
    if constexpr (Finds) e.find_extents();
    if constexpr (Late) e.forget_findings();
    if (e.t_.count.symbols > 0) e.place_for_extents();
    if constexpr (!Late) e.check(memory);
    if constexpr (Careful) {
      e.run_carefully<Late>(memory);
    } else {
      e.run_all_steps<Late>(memory);
    }
  }
  template <bool Late>
  TFX_INLINE void run_all_steps(memory_check const& memory) {
    int done = 0;
    if constexpr (Late) {
      done = run_findings();
      check(memory);
    }
    run_steps(done);
  }
  TFX_INLINE void run_step(int i) {
    t_.kernels[t_.steps[i].kernel](buffers_, extents_, t_.slots + t_.steps[i].first_slot, {});
  }
  TFX_INLINE void run_steps(int first = 0) {
    for (int i = first; i < t_.count.main_steps; ++i) run_step(i);
    for (int i = 0; i < t_.count.variables; ++i)
      if (t_.variables[i].written) variables_[i]->initialized = true;
  }
  i64 bytes_in(int variable) const {
    variable_entry const& v = t_.variables[variable];
    i64 count = v.count > 0 ? v.count : 1;
    for (int i = 0; i < t_.count.open_variables; ++i) {
      open_variable const& open = t_.open_variables[i];
      if (open.variable != variable) continue;
      count = 1;
      for (int k = 0; k < open.shape.rank; ++k) count *= extent(open.shape[k]);
    }
    return count * bytes_of(v.type);
  }
  /// Puts back, unless the steps were done, what they had written.
  struct restoration {
    execution& of;
    bool done = false;

    ~restoration() {
      if (!done) of.copy_saved(true);
    }
  };
  void copy_saved(bool back) {
    char* at = static_cast<char*>(saved_.data());
    char* text_at = static_cast<char*>(saved_texts_.data());
    for (int i = 0; i < t_.count.variables; ++i) {
      variable_entry const& v = t_.variables[i];
      if (!v.saved) continue;
      bool const texts = v.type == dtype::string;
      char*& saved = texts ? text_at : at;
      void *const value = buffers_[v.buffer], *const to = back ? value : saved, *const from = back ? saved : value;
      auto const bytes = static_cast<std::size_t>(bytes_in(i));
      if (texts) {
        t_.texts->copy(to, from, bytes / sizeof(std::string));
      } else {
        std::memcpy(to, from, bytes);
      }
      saved += bytes;
    }
  }
  template <bool Late>
  [[gnu::noinline]] void run_carefully(memory_check const& memory) {
    place_variables();
    i64 bytes = 0, texts = 0;
    for (int i = 0; i < t_.count.variables; ++i)
      if (t_.variables[i].saved) (t_.variables[i].type == dtype::string ? texts : bytes) += bytes_in(i);
    saved_.reserve(static_cast<std::size_t>(bytes));
    if (texts > 0) saved_texts_.reserve_texts(static_cast<std::size_t>(texts) / sizeof(std::string), *t_.texts);
    copy_saved(false);
    restoration guard{*this};
    run_all_steps<Late>(memory);
    guard.done = true;
    keep_variables();
  }

  // Lays the arenas end to end for these extents and points the buffers into them.
  [[gnu::noinline]] void place(i64 const* extents) {
    i64 total = 0;
    for (int a = 0; a < t_.count.arenas; ++a) {
      arena_entry const& arena = t_.arenas[a];
      i64 unit = 1;
      for (int i = 0; i < arena.symbol_count; ++i) {
        i64 const extent = extents[arena.symbols[i]];
        unit = detail::product(unit, extent > 0 ? extent : 0);
      }
      units_[a] = unit;
      starts_[a] = total;
      total = detail::derive(extent_rule::add, total, detail::product(arena.bytes, unit));
    }
    char* const base = static_cast<char*>(arena_.reserve(static_cast<std::size_t>(total)));
    for (int i = 0; i < t_.count.buffers; ++i) {
      buffer_entry const& b = t_.buffers[i];
      if (b.kind == buffer_kind::arena) buffers_[i] = base + starts_[b.index] + b.offset * units_[b.index];
    }
    if (t_.count.texts > 0) place_texts();
  }
  // Buffers of strings have memory of their own: what stands in an arena is never constructed.
  [[gnu::cold]] [[gnu::noinline]] void place_texts() {
    aligned_memory* own = staging_ + t_.count.feeds;
    for (int i = 0; i < t_.count.buffers; ++i) {
      buffer_entry const& b = t_.buffers[i];
      if (b.kind != buffer_kind::texts) continue;
      auto const count = static_cast<std::size_t>(b.offset * units_[b.index]);
      buffers_[i] = own++->reserve_texts(count, *t_.texts);
    }
  }
};

TFX_END
