// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <tfx/base/config.hpp>
#include <type_traits>

TFX_BEGIN

// Every element made, moved or destroyed, and every call, costs the compiler: small plain types are assigned into
// arrays, larger ones, of which an array's unused end would be made in vain, and others are made in raw memory.
#define TFX_PLAIN(T) (TFX_TRIVIALLY_DESTRUCTIBLE(T) && (sizeof(T) <= 64 || __is_trivially_constructible(T)))

namespace detail {
/// Copies `count` items into an array of such, which is another one.
template <class T, class From>
constexpr void copy_items(T* to, From const* from, int count) {
  for (int i = 0; i < count; ++i) to[i] = static_cast<T>(from[i]);
}
#if defined(__clang__)
// It limits how many statements a constant expression has, of which a loop has one for each item. g++ knows no other.
template <class T>
  requires(__is_trivially_copyable(T))
constexpr void copy_items(T* to, T const* from, int count) {
  static_cast<void>(count > 0 && __builtin_memcpy(to, from, static_cast<std::size_t>(count) * sizeof(T)));
}
#endif
}  // namespace detail

/// A growing array for constexpr passes: fewer evaluation steps than std::vector, and the same on every compiler. Its
/// members are in the open, because a call costs the compiler as much as dozens of reads and writes: where a pass
/// spends its time, it goes through `items` itself.
template <class T>
struct vector {
  T* items = nullptr;
  int count = 0;
  int room = 0;

  constexpr vector() = default;
  /// `size` zeros, or objects as they are by default.
  constexpr explicit vector(int size) {
    if constexpr (TFX_PLAIN(T)) {
      if (size == 0) return;
      items = new T[static_cast<std::size_t>(size)]{};
      count = room = size;
    } else {
      resize(size);
    }
  }
  constexpr vector(int size, T const& value) { resize(size, value); }
  constexpr vector(vector const& other) { append(other.items, other.count); }
  constexpr vector(vector&& other) noexcept : items(other.items), count(other.count), room(other.room) {
    other.items = nullptr;
    other.count = other.room = 0;
  }
  constexpr vector& operator=(vector other) noexcept {
    exchange(items, other.items);
    exchange(count, other.count);
    exchange(room, other.room);
    return *this;
  }
  constexpr ~vector() {
    if constexpr (TFX_PLAIN(T)) {
      delete[] items;
    } else {
      release();
    }
  }

  constexpr int size() const { return count; }
  constexpr bool empty() const { return count == 0; }
  constexpr T& operator[](int i) { return items[i]; }
  constexpr T const& operator[](int i) const { return items[i]; }
  constexpr T& back() { return items[count - 1]; }
  constexpr T* begin() { return items; }
  constexpr T* end() { return items + count; }
  constexpr T const* begin() const { return items; }
  constexpr T const* end() const { return items + count; }

  constexpr void reserve(int most) {
    if (most <= room) return;
    if constexpr (TFX_PLAIN(T)) {
      T* const larger = new T[static_cast<std::size_t>(most)];
      detail::copy_items(larger, items, count);
      delete[] items;
      items = larger;
    } else {
      T* const larger = std::allocator<T>().allocate(static_cast<std::size_t>(most));
      for (int i = 0; i < count; ++i) std::construct_at(larger + i, static_cast<T&&>(items[i]));
      release();
      items = larger;
    }
    room = most;
  }
  /// `value` may be an element of this vector.
  constexpr void push_back(T const& value) {
    if (count == room) {
      T const copy = value;
      reserve(room ? 2 * room : 16);
      return push_back(copy);
    }
    if constexpr (TFX_PLAIN(T)) {
      items[count++] = value;
    } else {
      std::construct_at(items + count++, value);
    }
  }
  /// `more` lies outside this vector.
  constexpr void append(T const* more, int size) {
    if (count + size > room) reserve(count + size > 2 * room ? count + size : 2 * room);
    T* const to = items + count;
    if constexpr (TFX_PLAIN(T)) {
      detail::copy_items(to, more, size);
    } else {
      for (int i = 0; i < size; ++i) std::construct_at(to + i, more[i]);
    }
    count += size;
  }
  constexpr void pop_back() {
    --count;
    if constexpr (!TFX_TRIVIALLY_DESTRUCTIBLE(T)) std::destroy_at(items + count);
  }
  constexpr void clear() {
    if constexpr (TFX_TRIVIALLY_DESTRUCTIBLE(T)) {
      count = 0;
    } else {
      while (count > 0) pop_back();
    }
  }
  /// `value`, which lies outside this vector, is what new elements are.
  constexpr void resize(int size, T const& value = T{}) {
    reserve(size);
    while (count > size) pop_back();
    if constexpr (TFX_PLAIN(T)) {
      for (; count < size; ++count) items[count] = value;
    } else {
      while (count < size) std::construct_at(items + count++, value);
    }
  }

 private:
  template <class Member>
  static constexpr void exchange(Member& a, Member& b) {
    Member const t = a;
    a = b;
    b = t;
  }
  constexpr void release() {
    if constexpr (!TFX_TRIVIALLY_DESTRUCTIBLE(T))
      for (int i = 0; i < count; ++i) std::destroy_at(items + i);
    if (room > 0) std::allocator<T>().deallocate(items, static_cast<std::size_t>(room));
  }
};

namespace detail {
/// Copies all items where there is room for them.
template <class T, class From>
constexpr bool copy_all(T* to, int room, From const& from) {
  int const count = from.size();
  if (count > room) return false;
  copy_items(to, from.begin(), count);
  return true;
}
}  // namespace detail

#undef TFX_PLAIN
TFX_END
