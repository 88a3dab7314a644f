// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/errors.hpp>
#include <tfx/base/text.hpp>
#include <tfx/compiler/program.hpp>
#include <tfx/session/state.hpp>
#include <vector>

TFX_BEGIN

/// The tables of a compiled run, as the executor reads them.
struct run_tables {
  step_entry const* steps;
  kernel::entry const* kernels;
  std::uint16_t const* slots;
  buffer_entry const* buffers;
  arena_entry const* arenas;
  tensor_entry const* feeds;
  tensor_entry const* literals;
  variable_entry const* variables;
  symbol_plan const* symbols;
  extent_check const* checks;
  char const* text;
  plan_counts count;
};

namespace detail {
[[gnu::cold]] inline std::string shape_text(dims const& shape) {
  std::string text = "[";
  for (int i = 0; i < shape.rank; ++i) {
    if (i > 0) text += ',';
    text += shape[i] < 0 ? std::string_view("?") : std::string_view(decimal(shape[i]));
  }
  text += ']';
  return text;
}
}  // namespace detail

/// One compiled run in one session: its memory, and what the last run bound. A run whose extents are those of the last
/// one allocates nothing.
class execution {
 public:
  [[gnu::noinline]] execution(u64 request, run_tables const& tables, stable_list<variable_state>& variables)
      : key(request), t_(tables), staging_(new aligned_memory[static_cast<std::size_t>(tables.count.feeds) + 1]) {
    buffers_.resize(t_.count.buffers);
    extents_.resize(t_.count.symbols, unbound);
    fresh_.resize(t_.count.symbols, unbound);
    scalars_.resize(t_.count.literals);
    for (int i = 0; i < t_.count.variables; ++i) {
      variable_entry const& v = t_.variables[i];
      variable_state* state = nullptr;
      for (variable_state* known : variables)
        if (known->hash == v.hash) state = known;
      if (!state) {
        state = &variables.add(v.hash);
        std::size_t const bytes =
            static_cast<std::size_t>(v.count > 0 ? v.count : 1) * static_cast<std::size_t>(bytes_of(v.type));
        state->memory.reserve(bytes);
        std::memset(state->memory.data(), 0, bytes);
        state->initialized = v.state;
        // An op's state begins as 0 and what tells it from others.
        if (v.state) static_cast<u64*>(state->memory.data())[1] = v.hash;
      }
      variables_.push_back(state);
      buffers_[v.buffer] = state->memory.data();
    }
    for (int i = 0; i < t_.count.literals; ++i)
      if (kind(t_.literals[i]) == buffer_kind::scalar_literal) buffers_[t_.literals[i].buffer] = &scalars_[i];
    place();
  }
  execution(execution const&) = delete;
  execution& operator=(execution const&) = delete;
  ~execution() { delete[] staging_; }

  u64 const key;

  /// Memory to convert feed `i` into, of `bytes`.
  void* staging(int i, std::size_t bytes) {
    staging_[i].reserve(bytes);
    return staging_[i].data();
  }

  std::string& staging_text(int i) {
    texts_.resize(static_cast<std::size_t>(t_.count.feeds));
    return texts_[static_cast<std::size_t>(i)];
  }

  void begin() {
    for (int i = 0; i < t_.count.symbols; ++i) fresh_[i] = unbound;
  }
  [[gnu::noinline]] void bind_feed(int i, void const* data, dims const& shape) {
    tensor_entry const& feed = t_.feeds[i];
    if (feed.buffer < 0) return;
    bind_shape(feed, shape);
    at(feed.buffer) = const_cast<void*>(data);
  }
  void bind_literals(literal const* values) {
    for (int i = 0; i < t_.count.literals; ++i) {
      tensor_entry const& entry = t_.literals[i];
      literal const& value = values[entry.index];
      if (kind(entry) == buffer_kind::scalar_literal) {
        scalars_[i] = value.bits;
      } else {
        bind_shape(entry, value.array->shape);
        at(entry.buffer) = const_cast<void*>(value.array->data.get());
      }
    }
  }
  /// Settles every extent, memory for it, and that all variables that are read have a value.
  void prepare() {
    if (t_.count.symbols > 0) settle();
    for (int i = 0; i < t_.count.variables; ++i)
      if (t_.variables[i].read && !variables_[i]->initialized) refuse_uninitialized(i);
  }
  void mark_written() {
    for (int i = 0; i < t_.count.variables; ++i)
      if (t_.variables[i].written) variables_[i]->initialized = true;
  }

  void* const* buffers() const { return buffers_.begin(); }
  i64 const* extents() const { return extents_.begin(); }
  i64 extent(i64 e) const { return e >= 0 ? e : extents_[symbol_of(e)]; }

 private:
  static constexpr i64 unbound = -1;

  run_tables t_;
  vector<void*> buffers_;
  vector<i64> extents_, fresh_;
  vector<u64> scalars_;
  vector<variable_state*> variables_;
  aligned_memory* staging_;
  vector<std::size_t> starts_;  // by arena
  vector<i64> units_;
  std::vector<std::string> texts_;
  aligned_memory arena_;

  void*& at(int buffer) { return buffers_[buffer]; }
  buffer_kind kind(tensor_entry const& entry) const { return t_.buffers[entry.buffer].kind; }

  void bind_shape(tensor_entry const& entry, dims const& shape) {
    bool fits = shape.rank == entry.shape.rank;
    for (int i = 0; fits && i < shape.rank; ++i) {
      if (entry.shape[i] >= 0) {
        fits = entry.shape[i] == shape[i];
      } else {
        int const symbol = symbol_of(entry.shape[i]);
        i64& bound = fresh_[symbol];
        if (bound == unbound) bound = shape[i];
        if (bound != shape[i]) refuse_extent(entry, shape, symbol, bound, i);
      }
    }
    if (!fits) refuse_shape(entry, shape);
  }
  std::string_view text(int at, int size) const { return {t_.text + at, static_cast<std::size_t>(size)}; }
  std::string_view name_of(tensor_entry const& entry) const { return text(entry.name_at, entry.name_size); }

  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse_shape(tensor_entry const& entry, dims const& shape) const {
    throw errors::InvalidArgumentError(
        join({"Cannot feed value of shape ", detail::shape_text(shape), " for Tensor '", name_of(entry),
              ":0', which has shape ", detail::shape_text(entry.shape)}));
  }
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse_extent(tensor_entry const& entry, dims const& shape,
                                                                  int symbol, i64 bound, int axis) const {
    symbol_plan const& s = t_.symbols[symbol];
    std::string_view const name = text(s.name_at, s.name_size);
    throw errors::InvalidArgumentError(
        join({"Cannot feed value of shape ", detail::shape_text(shape), " for Tensor '", name_of(entry),
              ":0': ", name.empty() ? std::string_view("a dimension that must agree with it") : "dimension '", name,
              name.empty() ? "" : "'", " is ", decimal(bound), " in this run, not ", decimal(shape[axis])}));
  }
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse_uninitialized(int i) const {
    std::string_view const name = text(t_.variables[i].name_at, t_.variables[i].name_size);
    throw errors::FailedPreconditionError(join({"Attempting to use uninitialized value ", name, "\n\t[[{{node ", name,
                                                "/read}}]]\nhelp: run its initializer first, or "
                                                "global_variables_initializer"}));
  }
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] static void refuse_check(i64 left, i64 right) {
    throw errors::InvalidArgumentError(
        join({"Incompatible shapes: an extent of ", decimal(left), " vs. ", decimal(right)}));
  }
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] static void refuse_derived(i64 left, i64 right, i64 result, bool whole) {
    throw errors::InvalidArgumentError(
        whole ? join({"Computed output size would be negative: ", decimal(result)})
              : join({"Input to reshape is a tensor with ", decimal(left),
                      " values, but the requested shape requires a multiple of ", decimal(right)}));
  }

  i64 fresh(i64 e) const { return e >= 0 ? e : fresh_[symbol_of(e)]; }

  [[gnu::noinline]] void settle() {
    for (int i = 0; i < t_.count.symbols; ++i) {
      symbol_plan const& s = t_.symbols[i];
      if (s.used && s.rule != extent_rule::given) fresh_[i] = derive(s);
    }
    for (int i = 0; i < t_.count.checks; ++i) {
      i64 const left = fresh(t_.checks[i].left), right = fresh(t_.checks[i].right);
      if (left != right) refuse_check(left, right);
    }
    std::size_t const bytes = sizeof(i64) * static_cast<std::size_t>(t_.count.symbols);
    if (std::memcmp(fresh_.begin(), extents_.begin(), bytes) == 0) return;
    std::memcpy(extents_.begin(), fresh_.begin(), bytes);
    place();
  }
  i64 derive(symbol_plan const& s) const {
    i64 const left = fresh(s.left), right = fresh(s.right);
    bool const whole = s.rule != extent_rule::divide || (right != 0 ? left % right == 0 : left == 0);
    i64 const result = symbol_table::apply(s.rule, left, right);
    if (!whole || result < 0) refuse_derived(left, right, result, whole);
    return result;
  }

  // Lays the arenas end to end for the current extents and points the buffers into them.
  [[gnu::noinline]] void place() {
    std::size_t total = 0;
    starts_.resize(t_.count.arenas);
    units_.resize(t_.count.arenas, 1);
    for (int a = 0; a < t_.count.arenas; ++a) {
      units_[a] = 1;
      for (int i = 0; i < t_.arenas[a].symbol_count; ++i) units_[a] *= extents_[t_.arenas[a].symbols[i]];
      if (units_[a] < 0) units_[a] = 0;
      starts_[a] = total;
      total += static_cast<std::size_t>(t_.arenas[a].bytes * units_[a]);
    }
    arena_.reserve(total);
    char* base = static_cast<char*>(arena_.data());
    for (int i = 0; i < t_.count.buffers; ++i) {
      buffer_entry const& b = t_.buffers[i];
      if (b.kind == buffer_kind::arena) buffers_[i] = base + starts_[b.index] + b.offset * units_[b.index];
    }
  }
};

TFX_END
