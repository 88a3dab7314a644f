// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <new>
#include <tfx/base/config.hpp>

TFX_BEGIN

/// How strings are made and destroyed. The executor, which every program compiles, knows them by these pointers only:
/// the strings themselves are compiled by programs that have some.
struct text_functions {
  void* (*make)(std::size_t count);
  void (*drop)(void* texts);
};
template <class Text>
inline constexpr text_functions functions_of_texts{
    [](std::size_t count) -> void* { return new Text[count]; },
    [](void* texts) { delete[] static_cast<Text*>(texts); },
};

/// Memory aligned for whole registers, or constructed strings; it only grows.
class aligned_memory {
 public:
  aligned_memory() = default;
  aligned_memory(aligned_memory const&) = delete;
  aligned_memory& operator=(aligned_memory const&) = delete;
  ~aligned_memory() { release(); }

  void* data() const { return data_; }
  /// The memory, of at least `bytes`; what it held is lost when it grows.
  [[gnu::noinline]] void* reserve(std::size_t bytes) {
    if (bytes > size_ || !data_) {
      release();
      data_ = ::operator new(bytes > 0 ? bytes : 1, std::align_val_t{64});
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

/// A variable's value in one session, which keeps them in a list.
struct variable_state {
  u64 hash;
  variable_state* next;
  bool initialized;
  aligned_memory memory{};
};

TFX_END
