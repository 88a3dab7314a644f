// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <memory>
#include <new>
#include <tfx/base/vector.hpp>

TFX_BEGIN

/// Memory aligned for whole registers, which only grows.
class aligned_memory {
 public:
  aligned_memory() = default;
  aligned_memory(aligned_memory const&) = delete;
  aligned_memory& operator=(aligned_memory const&) = delete;
  ~aligned_memory() { ::operator delete(data_, std::align_val_t{64}); }

  void* data() const { return data_; }
  void reserve(std::size_t bytes) {
    if (bytes > bytes_ || !data_) grow(bytes);
  }

 private:
  void* data_ = nullptr;
  std::size_t bytes_ = 0;

  [[gnu::noinline]] void grow(std::size_t bytes) {
    ::operator delete(data_, std::align_val_t{64});
    data_ = nullptr;
    bytes_ = 0;
    data_ = ::operator new(bytes > 0 ? bytes : 1, std::align_val_t{64});
    bytes_ = bytes;
  }
};

/// Owns objects at addresses that stay: what a session keeps for its runs.
template <class T>
class stable_list {
 public:
  stable_list() = default;
  stable_list(stable_list const&) = delete;
  stable_list& operator=(stable_list const&) = delete;
  ~stable_list() { clear(); }

  template <class... Arguments>
  T& add(Arguments&&... arguments) {
    items_.push_back(nullptr);
    return *(items_.back() = new T{static_cast<Arguments&&>(arguments)...});
  }
  void clear() {
    for (T* item : items_) delete item;
    items_.clear();
  }
  T** begin() { return items_.begin(); }
  T** end() { return items_.end(); }

 private:
  vector<T*> items_;
};

/// A variable's value in one session.
struct variable_state {
  u64 hash;
  aligned_memory memory{};
  bool initialized = false;
};

TFX_END
