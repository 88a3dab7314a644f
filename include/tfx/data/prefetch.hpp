// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <condition_variable>
#include <exception>
#include <mutex>
#include <tfx/base/config.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/data/batches.hpp>
#include <thread>
#include <type_traits>
#include <utility>

TFX_BEGIN
namespace data {

namespace detail {

/// Makes values on a thread of its own, one ahead of whoever takes them.
template <class Value>
class ahead {
 public:
  /// `make(value)` makes the next value in memory that may hold one before; false where there is none any more.
  template <class Make>
  explicit ahead(Make make) : thread_([this, make]() mutable { work(make); }) {}
  ahead(ahead const&) = delete;
  /// Waits until a value that is being made is there, and throws it away.
  ~ahead() {
    {
      std::lock_guard const lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  /// The next value, in exchange for one whose memory is used again; false at the end. What making it threw comes out
  /// here, now and at each later call.
  bool take(Value& value) {
    {
      std::unique_lock lock(mutex_);
      while (state_ == state::wanted) changed_.wait(lock);
      if (state_ == state::failed) std::rethrow_exception(error_);
      if (state_ == state::ended) return false;
      std::swap(value, next_);
      state_ = state::wanted;
    }
    changed_.notify_all();
    return true;
  }

 private:
  enum class state { wanted, ready, ended, failed };

  std::mutex mutex_;
  std::condition_variable changed_;
  state state_ = state::wanted;
  bool stopped_ = false;
  std::exception_ptr error_;
  Value next_{};
  std::thread thread_;  // the last member: it uses the others

  template <class Make>
  void work(Make& make) {
    for (;;) {
      // Nobody else touches the value while it is wanted.
      bool more = false;
      std::exception_ptr const error = tfx::detail::thrown_by([&] { more = make(next_); });
      std::unique_lock lock(mutex_);
      error_ = error;
      state_ = error ? state::failed : more ? state::ready : state::ended;
      changed_.notify_all();
      while (state_ != state::wanted && !stopped_) {
        if (state_ != state::ready) return;
        changed_.wait(lock);
      }
      if (stopped_) return;
    }
  }
};

}  // namespace detail

/// The values of a function, each made on a second thread while the one before is used. `prefetch` makes it.
template <class F>
class prefetched_calls {
 public:
  using value_type = std::invoke_result_t<F&>;

  explicit prefetched_calls(F f)
      : ahead_([f = std::move(f)](value_type& value) mutable {
          value = f();
          return true;
        }) {}

  /// The next value; throws what the function threw.
  value_type operator()() {
    value_type value{};
    ahead_.take(value);
    return value;
  }

 private:
  detail::ahead<value_type> ahead_;
};

/// The batches of a set, each made on a second thread while the one before is used. `prefetch` makes it.
template <class Set>
class prefetched {
 public:
  using value_type = typename std::remove_reference_t<Set>::value_type;

  explicit prefetched(Set&& set) : set_(static_cast<Set&&>(set)) {}
  prefetched(prefetched const&) = delete;
  ~prefetched() { delete ahead_; }

  i64 size() const { return set_.size(); }
  /// As the set's own; a pass that was left before its end is given up.
  void skip(i64 count) {
    delete std::exchange(ahead_, nullptr);
    set_.skip(count);
  }

  class iterator {
   public:
    explicit iterator(prefetched& of) : of_(&of) { ++*this; }
    value_type& operator*() const { return of_->current_; }
    iterator& operator++() {
      more_ = of_->ahead_->take(of_->current_);
      return *this;
    }
    friend bool operator==(iterator const& i, detail::no_more) { return !i.more_; }

   private:
    prefetched* of_;
    bool more_ = false;
  };
  /// Begins a pass; one that was left before its end is given up.
  iterator begin() {
    delete std::exchange(ahead_, nullptr);
    set_.restart();
    ahead_ = new detail::ahead<value_type>([this](value_type& to) { return set_.next(to); });
    return iterator(*this);
  }
  detail::no_more end() const { return {}; }

 private:
  Set set_;
  value_type current_{};
  detail::ahead<value_type>* ahead_ = nullptr;
};

/// The batches of a set, made ahead on a second thread: `for (auto& [xs, ys] : data::prefetch(set)) …`. A set that has
/// a name is referred to, and belongs to the other thread while a pass goes on.
template <class Set>
  requires requires(Set& set, typename std::remove_reference_t<Set>::value_type& to) {
    set.restart();
    set.next(to);
  }
prefetched<Set> prefetch(Set&& set) {
  return prefetched<Set>(static_cast<Set&&>(set));
}
/// The same of a function's values: `auto next = data::prefetch([&] { return mnist.train.next_batch(50); });` and in
/// the loop `auto [xs, ys] = next();`. What the function uses belongs to the other thread for as long as `next` lives.
template <class F>
  requires std::is_invocable_v<F&>
prefetched_calls<F> prefetch(F f) {
  return prefetched_calls<F>(std::move(f));
}

}  // namespace data
TFX_END
