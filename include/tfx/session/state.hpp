// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <ctime>
#include <new>
#include <tfx/base/clock.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/graph/literal.hpp>
#include <tfx/random/stream.hpp>
#include <utility>

TFX_BEGIN

/// How strings are made and destroyed. The executor, which every program compiles, knows them by these pointers only:
/// the strings themselves are compiled by programs that have some.
struct text_functions {
  void* (*make)(std::size_t count);
  void (*drop)(void* texts);
  void (*copy)(void* to, void const* from, std::size_t count);
};
template <class Text>
inline constexpr text_functions functions_of_texts{
    [](std::size_t count) -> void* { return new Text[count]; },
    [](void* texts) { delete[] static_cast<Text*>(texts); },
    [](void* to, void const* from, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) static_cast<Text*>(to)[i] = static_cast<Text const*>(from)[i];
    },
};

/// Memory aligned for whole registers, or constructed strings; it only grows.
class aligned_memory {
 public:
  aligned_memory() = default;
  aligned_memory(aligned_memory const&) = delete;
  aligned_memory& operator=(aligned_memory const&) = delete;
  ~aligned_memory() { release(); }

  void* data() const { return data_; }
  /// How many bytes there are; none to look at where it holds strings.
  std::size_t size() const { return drop_ ? 0 : size_; }
  /// The memory, of at least `bytes`; what it held is lost when it grows.
  [[gnu::noinline]] void* reserve(std::size_t bytes) {
    if (bytes > size_ || !data_) {
      release();
      data_ = ::operator new(bytes > 0 ? bytes : 1, std::align_val_t{64}, std::nothrow);
      if (!data_)
        raise<errors::ResourceExhaustedError>("OOM when allocating %lld bytes", static_cast<long long>(bytes));
      size_ = bytes;
    }
    return data_;
  }
  /// The same for memory that holds strings from the beginning: at least `count` of them.
  [[gnu::noinline]] void* reserve_texts(std::size_t count, text_functions const& functions) {
    if (count > size_ || !data_) {
      release();
      data_ = functions.make(count > 0 ? count : 1);
      drop_ = functions.drop;
      size_ = count;
    }
    return data_;
  }
  void swap(aligned_memory& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(drop_, other.drop_);
  }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;  // in bytes, or how many strings
  void (*drop_)(void*) = nullptr;

  [[gnu::noinline]] void release() {
    void* const held = data_;
    data_ = nullptr;
    size_ = 0;
    if (drop_) {
      drop_(held);
    } else {
      ::operator delete(held, std::align_val_t{64});
    }
    drop_ = nullptr;
  }
};

/// A variable's value, or where a random op stands, in one session.
struct variable_state {
  u64 hash;
  variable_state* next;
  bool initialized;
  bool is_stream = false;          // of a random op: `memory` is a random::stream
  literal_array* token = nullptr;  // of a random op without a name: the call that it is, of which this is a user
  u64 number = 0;                  // the how manieth such call of the session
  aligned_memory memory{};
  i64 extents[max_rank] = {};  // where its type does not tell them

  ~variable_state() { detail::drop_user(token); }
};

/// What a session keeps from run to run: the values of variables, and random streams.
class session_state {
 public:
  variable_state* first = nullptr;

  session_state() = default;
  session_state(session_state const&) = delete;
  session_state& operator=(session_state const&) = delete;
  ~session_state() { clear(); }

  void clear() {
    while (variable_state* const last = first) {
      first = last->next;
      delete last;
    }
  }
  variable_state* find(u64 hash) const {
    variable_state* known = first;
    while (known && known->hash != hash) known = known->next;
    return known;
  }
  /// The stream of a random op, made where it is not there yet: of a name (no token), or of a call.
  [[gnu::noinline]] variable_state* find_stream(u64 hash, literal_array* token) {
    variable_state* unused = nullptr;
    for (variable_state* known = first; known; known = known->next) {
      if (known->hash == hash && known->token == token) return known;
      // Nothing but this session knows that call any more.
      if (known->token && __atomic_load_n(&known->token->users, __ATOMIC_ACQUIRE) == 1) unused = known;
    }
    if (unused) {
      detail::drop_user(unused->token);
    } else {
      unused = first = new variable_state{0, first, true, true};
      new (unused->memory.reserve(sizeof(random::stream))) random::stream;
    }
    unused->hash = hash;
    detail::add_user(unused->token = token);
    unused->number = token ? ++calls_ : 0;
    begin(*unused);
    return unused;
  }
  /// Begins every stream anew, from this seed.
  [[gnu::noinline]] void set_random_seed(i64 seed) {
    graph_seed_ = seed;
    for (variable_state* known = first; known; known = known->next)
      if (known->is_stream) begin(*known);
  }

 private:
  random::maybe_seed graph_seed_;
  u64 entropy_ = 0;  // 0: not asked for yet
  u64 calls_ = 0;

  // As in TensorFlow, an op without a seed of its own is seeded by how many ops there are before it: those that this
  // session met, since the hash of a place in the source differs by compiler.
  void begin(variable_state& state) {
    u64 const id = state.token ? mix(state.number, 0) : state.hash;
    random::stream& stream = *new (state.memory.data()) random::stream;
    stream.has_graph_seed = graph_seed_.is_set;
    stream.graph_seed = graph_seed_.value;
    stream.op_id = static_cast<i64>(id >> 1);
    stream.unseeded = mix(entropy(), id);
  }
  [[gnu::noinline]] u64 entropy() {
    if (entropy_ == 0) {
      entropy_ = mix(static_cast<u64>(nanoseconds_since_1970()),
                     mix(reinterpret_cast<std::uintptr_t>(this), static_cast<u64>(std::clock()))) |
                 1;
    }
    return entropy_;
  }
};

TFX_END
