// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

// The executable's operator new is counted here, in the place of the library's: one source file of an executable
// includes this.

namespace {
std::atomic<long> allocations = 0;
std::size_t most_bytes = ~std::size_t{0};  // beyond which memory is lacking

[[gnu::noinline]] void* counted(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  if (bytes > most_bytes) throw std::bad_alloc();
  std::size_t const rounded = (bytes + alignment - 1) / alignment * alignment;
  if (void* const p = std::aligned_alloc(alignment, rounded > 0 ? rounded : alignment)) return p;
  throw std::bad_alloc();
}

[[gnu::noinline]] void give_back(void* p) noexcept { std::free(p); }

/// How often memory is asked for in 10 calls, after 3 that may.
template <class Run>
long counted_in(Run run) {
  for (int i = 0; i < 3; ++i) run();
  long const before = allocations;
  for (int i = 0; i < 10; ++i) run();
  return allocations - before;
}
}  // namespace

void* operator new(std::size_t bytes) { return counted(bytes, alignof(std::max_align_t)); }
void* operator new[](std::size_t bytes) { return counted(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) { return counted(bytes, std::size_t(alignment)); }
void* operator new[](std::size_t bytes, std::align_val_t alignment) { return counted(bytes, std::size_t(alignment)); }
// AddressSanitizer's own would not come here.
void* operator new(std::size_t bytes, std::align_val_t alignment, std::nothrow_t const&) noexcept try {
  return counted(bytes, std::size_t(alignment));
} catch (std::bad_alloc const&) {
  return nullptr;
}
void operator delete(void* p) noexcept { give_back(p); }
void operator delete[](void* p) noexcept { give_back(p); }
void operator delete(void* p, std::size_t) noexcept { give_back(p); }
void operator delete[](void* p, std::size_t) noexcept { give_back(p); }
void operator delete(void* p, std::align_val_t) noexcept { give_back(p); }
void operator delete[](void* p, std::align_val_t) noexcept { give_back(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { give_back(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { give_back(p); }
