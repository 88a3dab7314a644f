// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/config.hpp>

TFX_BEGIN
namespace detail {

/// One holder of a T, or of none, which counts its holders in `users`; the last one frees it. Counted here, since each
/// program compiles std::shared_ptr and all that it consists of anew.
template <class T>
class counted {
 public:
  counted() = default;
  explicit counted(T* of) noexcept : of_(of) { hold(); }
  counted(counted const& other) noexcept : of_(other.of_) { hold(); }
  counted(counted&& other) noexcept : of_(other.of_) { other.of_ = nullptr; }
  counted& operator=(counted other) noexcept {
    T* const mine = of_;
    of_ = other.of_;
    other.of_ = mine;
    return *this;
  }
  ~counted() {
    if (of_) drop();
  }

  T* get() const { return of_; }

 private:
  T* of_ = nullptr;

  void hold() const {
    if (of_) __atomic_fetch_add(&of_->users, 1, __ATOMIC_RELAXED);
  }
  [[gnu::noinline]] void drop() const {
    if (__atomic_fetch_sub(&of_->users, 1, __ATOMIC_ACQ_REL) == 1) delete of_;
  }
};

}  // namespace detail
TFX_END
