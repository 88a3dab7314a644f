// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <tfx/base/errors.hpp>
#include <tfx/compiler/program.hpp>
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

/// Memory aligned for whole registers, which only grows.
class aligned_memory {
 public:
  void* data() const { return data_.get(); }
  void reserve(std::size_t bytes) {
    if (bytes <= bytes_) return;
    data_.reset();
    data_.reset(::operator new(bytes, std::align_val_t{64}));
    bytes_ = bytes;
  }
  std::size_t size() const { return bytes_; }

 private:
  struct release {
    void operator()(void* p) const { ::operator delete(p, std::align_val_t{64}); }
  };
  std::unique_ptr<void, release> data_;
  std::size_t bytes_ = 0;
};

/// A variable's value in one session.
struct variable_state {
  u64 hash;
  aligned_memory memory;
  bool initialized = false;
};

namespace detail {
inline std::string stored_text(run_tables const& t, int at, int size) {
  return {t.text + at, static_cast<std::size_t>(size)};
}
inline std::string shape_text(dims const& shape) {
  std::string text = "[";
  for (int i = 0; i < shape.rank; ++i) {
    if (i > 0) text += ',';
    text += shape[i] < 0 ? std::string("?") : std::to_string(shape[i]);
  }
  return text + "]";
}
}  // namespace detail

/// One compiled run in one session: its memory, and what the last run bound. A run whose extents are those of the last
/// one allocates nothing.
class execution {
 public:
  execution(u64 request, run_tables const& tables, std::vector<std::unique_ptr<variable_state>>& variables)
      : key(request), t_(tables) {
    buffers_.assign(static_cast<std::size_t>(t_.count.buffers) + 1, nullptr);
    extents_.assign(static_cast<std::size_t>(t_.count.symbols) + 1, unbound);
    fresh_ = extents_;
    scalars_.assign(static_cast<std::size_t>(t_.count.literals) + 1, 0);
    staging_ = std::make_unique<aligned_memory[]>(static_cast<std::size_t>(t_.count.feeds) + 1);
    for (int i = 0; i < t_.count.variables; ++i) {
      variable_entry const& v = t_.variables[i];
      variable_state* state = nullptr;
      for (auto& known : variables)
        if (known->hash == v.hash) state = known.get();
      if (!state) {
        variables.push_back(std::make_unique<variable_state>(variable_state{v.hash, {}, false}));
        state = variables.back().get();
        std::size_t const bytes = static_cast<std::size_t>(v.count > 0 ? v.count : 1) * static_cast<std::size_t>(bytes_of(v.type));
        state->memory.reserve(bytes);
        std::memset(state->memory.data(), 0, bytes);
        state->initialized = v.state;
        // An op's state begins as 0 and what tells it from others.
        if (v.state) static_cast<u64*>(state->memory.data())[1] = v.hash;
      }
      variables_.push_back(state);
      buffers_[static_cast<std::size_t>(v.buffer)] = state->memory.data();
    }
    for (int i = 0; i < t_.count.literals; ++i)
      if (kind(t_.literals[i]) == buffer_kind::scalar_literal) at(t_.literals[i].buffer) = &scalars_[static_cast<std::size_t>(i)];
    place();
  }

  u64 const key;

  /// Memory to convert feed `i` into, of `bytes`.
  void* staging(int i, std::size_t bytes) {
    staging_[static_cast<std::size_t>(i)].reserve(bytes > 0 ? bytes : 1);
    return staging_[static_cast<std::size_t>(i)].data();
  }

  std::string& staging_text(int i) {
    texts_.resize(static_cast<std::size_t>(t_.count.feeds));
    return texts_[static_cast<std::size_t>(i)];
  }

  void begin() {
    for (int i = 0; i < t_.count.symbols; ++i) fresh_[static_cast<std::size_t>(i)] = unbound;
  }
  void bind_feed(int i, void const* data, dims const& shape) {
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
        scalars_[static_cast<std::size_t>(i)] = value.bits;
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
      if (t_.variables[i].read && !variables_[static_cast<std::size_t>(i)]->initialized) refuse_uninitialized(i);
  }
  void mark_written() {
    for (int i = 0; i < t_.count.variables; ++i)
      if (t_.variables[i].written) variables_[static_cast<std::size_t>(i)]->initialized = true;
  }

  void* const* buffers() const { return buffers_.data(); }
  i64 const* extents() const { return extents_.data(); }
  i64 extent(i64 e) const { return e >= 0 ? e : extents_[static_cast<std::size_t>(symbol_of(e))]; }

 private:
  static constexpr i64 unbound = -1;

  run_tables t_;
  std::vector<void*> buffers_;
  std::vector<i64> extents_, fresh_;
  std::vector<u64> scalars_;
  std::vector<variable_state*> variables_;
  std::unique_ptr<aligned_memory[]> staging_;
  std::vector<std::string> texts_;
  aligned_memory arena_;

  void*& at(int buffer) { return buffers_[static_cast<std::size_t>(buffer)]; }
  buffer_kind kind(tensor_entry const& entry) const { return t_.buffers[entry.buffer].kind; }

  void bind_shape(tensor_entry const& entry, dims const& shape) {
    bool fits = shape.rank == entry.shape.rank;
    for (int i = 0; fits && i < shape.rank; ++i) {
      if (entry.shape[i] >= 0) {
        fits = entry.shape[i] == shape[i];
      } else {
        int const symbol = symbol_of(entry.shape[i]);
        i64& bound = fresh_[static_cast<std::size_t>(symbol)];
        if (bound == unbound) bound = shape[i];
        if (bound != shape[i]) refuse_extent(entry, shape, symbol, bound, i);
      }
    }
    if (!fits) refuse_shape(entry, shape);
  }
  [[noreturn]] [[gnu::noinline]] void refuse_shape(tensor_entry const& entry, dims const& shape) const {
    throw errors::InvalidArgumentError("Cannot feed value of shape " + detail::shape_text(shape) + " for Tensor '" +
                                       detail::stored_text(t_, entry.name_at, entry.name_size) + ":0', which has shape " +
                                       detail::shape_text(entry.shape));
  }
  [[noreturn]] [[gnu::noinline]] void refuse_extent(tensor_entry const& entry, dims const& shape, int symbol, i64 bound,
                                                    int axis) const {
    symbol_plan const& s = t_.symbols[symbol];
    std::string const name = s.name_size > 0 ? "dimension '" + detail::stored_text(t_, s.name_at, s.name_size) + "'"
                                             : std::string("a dimension that must agree with it");
    throw errors::InvalidArgumentError("Cannot feed value of shape " + detail::shape_text(shape) + " for Tensor '" +
                                       detail::stored_text(t_, entry.name_at, entry.name_size) + ":0': " + name + " is " +
                                       std::to_string(bound) + " in this run, not " + std::to_string(shape[axis]));
  }
  [[noreturn]] [[gnu::noinline]] void refuse_uninitialized(int i) const {
    std::string const name = detail::stored_text(t_, t_.variables[i].name_at, t_.variables[i].name_size);
    throw errors::FailedPreconditionError("Attempting to use uninitialized value " + name + "\n\t[[{{node " + name +
                                          "/read}}]]\nhelp: run its initializer first, or global_variables_initializer");
  }

  i64 fresh(i64 e) const { return e >= 0 ? e : fresh_[static_cast<std::size_t>(symbol_of(e))]; }

  void settle() {
    for (int i = 0; i < t_.count.symbols; ++i) {
      symbol_plan const& s = t_.symbols[i];
      if (s.used && s.rule != extent_rule::given) fresh_[static_cast<std::size_t>(i)] = derive(s);
    }
    for (int i = 0; i < t_.count.checks; ++i) {
      i64 const left = fresh(t_.checks[i].left), right = fresh(t_.checks[i].right);
      if (left != right)
        throw errors::InvalidArgumentError("Incompatible shapes: an extent of " + std::to_string(left) + " vs. " +
                                           std::to_string(right));
    }
    if (fresh_ == extents_) return;
    extents_ = fresh_;
    place();
  }
  i64 derive(symbol_plan const& s) const {
    i64 const left = fresh(s.left), right = fresh(s.right);
    bool const whole = s.rule != extent_rule::divide || (right != 0 ? left % right == 0 : left == 0);
    i64 const result = symbol_table::apply(s.rule, left, right);
    if (!whole || result < 0)
      throw errors::InvalidArgumentError(
          whole ? "Computed output size would be negative: " + std::to_string(result)
                : "Input to reshape is a tensor with " + std::to_string(left) +
                      " values, but the requested shape requires a multiple of " + std::to_string(right));
    return result;
  }

  // Lays the arenas end to end for the current extents and points the buffers into them.
  void place() {
    std::size_t total = 0;
    std::size_t starts[64];
    i64 units[64];
    for (int a = 0; a < t_.count.arenas; ++a) {
      units[a] = 1;
      for (int i = 0; i < t_.arenas[a].symbol_count; ++i) units[a] *= extents_[static_cast<std::size_t>(t_.arenas[a].symbols[i])];
      if (units[a] < 0) units[a] = 0;
      starts[a] = total;
      total += static_cast<std::size_t>(t_.arenas[a].bytes * units[a]);
    }
    arena_.reserve(total > 0 ? total : 1);
    char* base = static_cast<char*>(arena_.data());
    for (int i = 0; i < t_.count.buffers; ++i) {
      buffer_entry const& b = t_.buffers[i];
      if (b.kind == buffer_kind::arena)
        buffers_[static_cast<std::size_t>(i)] = base + starts[b.index] + b.offset * units[b.index];
    }
  }
};

TFX_END
