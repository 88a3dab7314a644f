// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/counted.hpp>
#include <tfx/session/execution.hpp>

TFX_BEGIN

namespace detail {

/// The heap part of a session, which its callables and default-session guards share: the values of variables, and the
/// compiled runs with their memory. It outlives a session that they outlive, closed.
class session_core {
 public:
  session_core() = default;
  session_core(session_core const&) = delete;
  session_core& operator=(session_core const&) = delete;
  ~session_core() { close(); }

  bool closed() const { return closed_; }

  [[gnu::noinline]] void close() {
    closed_ = true;
    while (execution* const first = executions_) {
      executions_ = first->next;
      delete first;
    }
    state_.clear();
    last_ = nullptr;
  }

  void set_random_seed(i64 seed) { state_.set_random_seed(seed); }

  /// What a session keeps from run to run; `core` is null in one that was moved from.
  [[gnu::noinline]] static session_state& state_of(session_core* core) {
    if (!core || core->closed_) refuse_closed();
    return core->state_;
  }
  /// The run of that key, made where there is none yet; `core` is null in a session that was moved from.
  [[gnu::noinline]] static execution& find(session_core* core, u64 request, run_tables const& tables) {
    if (!core) refuse_closed();
    if (core->last_ && core->last_->key == request) return *core->last_;
    // A closed session has no runs.
    for (execution* known = core->executions_; known; known = known->next)
      if (known->key == request) return *(core->last_ = known);
    return core->make(request, tables);
  }

 private:
  friend class counted<session_core>;

  bool closed_ = false;
  int users = 0;
  session_state state_;
  execution* executions_ = nullptr;
  execution* last_ = nullptr;

  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] static void refuse_closed() {
    raise<errors::FailedPreconditionError>("Attempted to use a closed Session.");
  }
  [[gnu::cold]] [[gnu::noinline]] execution& make(u64 request, run_tables const& tables) {
    if (closed_) refuse_closed();
    executions_ = new execution(request, tables, state_, executions_);
    return *(last_ = executions_);
  }
};

using held_core = counted<session_core>;

/// What a callable is beside its fetches: a session, and the run that it used last.
class prepared_run {
 public:
  prepared_run() = default;
  explicit prepared_run(held_core const& core) : core_(core) {}
  prepared_run(prepared_run const&) = default;
  prepared_run& operator=(prepared_run const&) = default;
  prepared_run(prepared_run&& other) noexcept
      : core_(static_cast<held_core&&>(other.core_)), execution_(other.execution_) {
    other.execution_ = nullptr;
  }
  prepared_run& operator=(prepared_run&& other) noexcept {
    prepared_run taken(static_cast<prepared_run&&>(other));  // which may be this
    core_ = static_cast<held_core&&>(taken.core_);
    execution_ = taken.execution_;
    return *this;
  }
  ~prepared_run() = default;

  TFX_INLINE execution& find(u64 request, run_tables const& tables) const {
    // A closed session has freed its runs.
    if (!execution_ || core_.get()->closed() || execution_->key != request) look_up(request, tables);
    return *execution_;
  }

 private:
  held_core core_;
  mutable execution* execution_ = nullptr;

  [[gnu::noinline]] void look_up(u64 request, run_tables const& tables) const {
    if (!core_.get())
      raise<errors::FailedPreconditionError>(
          "Attempted to call an empty callable.\nhelp: step = sess.make_callable(fetches, placeholders…);");
    execution_ = &session_core::find(core_.get(), request, tables);
  }
};

}  // namespace detail

TFX_END
