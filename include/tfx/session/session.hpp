// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/session/callable.hpp>

TFX_BEGIN

class Session;
namespace detail {
/// What an open session keeps from run to run.
session_state& state_of(Session& session);
}  // namespace detail

/// Runs parts of graphs and holds the values of variables. It can be moved; one that was moved from is closed. Not for
/// several threads at once; different sessions are.
class Session {
 public:
  Session() : core_(new detail::session_core) {}
  Session(Session&&) noexcept = default;
  Session& operator=(Session&& other) noexcept {
    detail::held_core taken(static_cast<detail::held_core&&>(other.core_));  // which may be this one's
    close();
    core_ = static_cast<detail::held_core&&>(taken);
    return *this;
  }
  ~Session() { close(); }

  /// Computes what is fetched, from the variables of this session and the feeds `placeholder = value`. A tensor gives a
  /// number or an xtensor container, an operation nothing; `fetch(a, b)`, a std::tuple, pair or array of fetches gives
  /// values of the same structure.
  template <class Fetch, class... Feeds>
    requires can_run<Fetch, Feeds...>
  auto run(Fetch const& what, Feeds const&... feeds) {
    constexpr u64 request = request_of<Fetch, Feeds...>::hash;
    return detail::run_in<request>(
        detail::session_core::find(core_.get(), request, detail::executable<request>::tables), what, feeds...);
  }
  template <class Fetch, class... Feeds>
    requires(!can_run<Fetch, Feeds...>)
  run_refused<Fetch, Feeds...> run(Fetch const& what, Feeds const&... feeds);

  /// The same run, prepared: `auto step = sess.make_callable(train, x, y); step(images, labels);`
  template <detail::fetchable Fetch, typed_expression... Inputs>
  callable<Fetch, Inputs...> make_callable(Fetch const& what, Inputs const&... inputs) {
    return {core_, what, inputs...};
  }

  /// Makes what random ops draw repeatable, as TensorFlow's graph-level seed does; every stream begins anew. Without
  /// it, ops that have no seed of their own draw other numbers in each session. `sess.set_random_seed(step)` before
  /// each step lets its number alone tell what it draws: training that is resumed from a checkpoint then draws what it
  /// would have drawn. Ops without a name and a seed are told apart by the order in which the session meets them.
  void set_random_seed(i64 seed) {
    if (core_.get()) core_.get()->set_random_seed(seed);
  }

  /// Ends the session; every later run is refused.
  void close() {
    if (core_.get()) core_.get()->close();
  }

  class guard;
  /// Makes this the thread's default session, which `eval()` and `run()` of expressions use, while the guard lives.
  [[nodiscard]] guard as_default();
  /// The thread's default session.
  static Session& current();

 private:
  friend session_state& detail::state_of(Session& session);

  detail::held_core core_;

  explicit Session(detail::held_core const& core) : core_(core) {}
};
inline session_state& detail::state_of(Session& session) { return detail::session_core::state_of(session.core_.get()); }

/// The thread's guards form a list, the last one first; they may end in any order. A guard follows its session where
/// that is moved.
class Session::guard {
 public:
  explicit guard(Session& session) : session_(session.core_), before_(last) {
    if (before_) before_->after_ = this;
    last = this;
  }
  guard(guard&& other) noexcept : session_(other.session_.core_) { take_place(other); }
  guard& operator=(guard&& other) noexcept {
    if (this == &other) return *this;
    leave();
    session_.core_ = other.session_.core_;
    take_place(other);
    return *this;
  }
  ~guard() {
    leave();
    session_.core_ = {};  // it is another's to close
  }

 private:
  friend class Session;
  inline static constinit thread_local guard* last = nullptr;

  Session session_;
  guard* before_ = nullptr;
  guard* after_ = nullptr;

  void leave() {
    if (before_) before_->after_ = after_;
    if (after_) after_->before_ = before_;
    if (last == this) last = before_;
    before_ = after_ = nullptr;
  }
  void take_place(guard& other) {
    before_ = other.before_;
    after_ = other.after_;
    if (before_) before_->after_ = this;
    if (after_) after_->before_ = this;
    if (last == &other) last = this;
    other.before_ = other.after_ = nullptr;
  }
};

inline Session::guard Session::as_default() { return guard(*this); }
inline Session& Session::current() {
  if (!guard::last)
    raise<errors::FailedPreconditionError>(
        "Cannot evaluate tensor using `eval()`: No default session is registered.\nhelp: auto guard = "
        "sess.as_default();");
  return guard::last->session_;
}

/// Session::set_random_seed of the thread's default session.
inline void set_random_seed(i64 seed) { Session::current().set_random_seed(seed); }

/// A session that is the thread's default from the beginning.
class InteractiveSession : public Session {
 public:
  InteractiveSession() : guard_(*this) {}

 private:
  guard guard_;
};

template <class T, class Shape, u64 Hash>
template <class... Feeds>
auto expr<T, Shape, Hash>::eval(Feeds const&... feeds) const {
  return Session::current().run(*this, feeds...);
}
template <u64 Hash>
template <class... Feeds>
void operation<Hash>::run(Feeds const&... feeds) const {
  Session::current().run(*this, feeds...);
}

TFX_END
