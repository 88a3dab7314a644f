// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <new>
#include <tfx/base/config.hpp>
#include <tfx/shape/dims.hpp>

TFX_BEGIN

/// Memory aligned for whole registers, which only grows.
class aligned_memory {
 public:
  aligned_memory() = default;
  aligned_memory(aligned_memory const&) = delete;
  aligned_memory& operator=(aligned_memory const&) = delete;
  ~aligned_memory() { ::operator delete(data_, std::align_val_t{64}); }

  void* data() const { return data_; }
  /// The memory, of at least `bytes`; what it held is lost when it grows.
  [[gnu::noinline]] void* reserve(std::size_t bytes) {
    if (bytes > bytes_ || !data_) {
      ::operator delete(data_, std::align_val_t{64});
      data_ = nullptr;
      bytes_ = 0;
      data_ = ::operator new(bytes > 0 ? bytes : 1, std::align_val_t{64});
      bytes_ = bytes;
    }
    return data_;
  }
  void swap(aligned_memory& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
  }

 private:
  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

/// A variable's value in one session, which keeps them in a list.
struct variable_state {
  u64 hash;
  variable_state* next;
  bool initialized;
  aligned_memory memory{};
  i64 extents[max_rank] = {};  // where its type does not tell them
};

TFX_END
