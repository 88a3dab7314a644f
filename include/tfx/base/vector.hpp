// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <tfx/base/config.hpp>
#include <type_traits>

TFX_BEGIN

/// A growing array for constexpr passes: fewer evaluation steps than std::vector, and the same on every compiler.
template <class T>
class vector {
 public:
  constexpr vector() = default;
  /// `count` zeros, or objects as they are by default.
  constexpr explicit vector(int count) {
    if constexpr (is_plain) {
      if (count == 0) return;
      data_ = new T[static_cast<std::size_t>(count)]{};
      size_ = capacity_ = count;
    } else {
      resize(count);
    }
  }
  constexpr vector(int count, T const& value) { resize(count, value); }
  constexpr vector(vector const& other) { append(other.data_, other.size_); }
  constexpr vector(vector&& other) noexcept : data_(other.data_), size_(other.size_), capacity_(other.capacity_) {
    other.data_ = nullptr;
    other.size_ = other.capacity_ = 0;
  }
  constexpr vector& operator=(vector other) noexcept {
    exchange(data_, other.data_);
    exchange(size_, other.size_);
    exchange(capacity_, other.capacity_);
    return *this;
  }
  constexpr ~vector() {
    if constexpr (is_plain) {
      delete[] data_;
    } else {
      release();
    }
  }

  constexpr int size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr T& operator[](int i) { return data_[i]; }
  constexpr T const& operator[](int i) const { return data_[i]; }
  constexpr T& back() { return data_[size_ - 1]; }
  constexpr T* begin() { return data_; }
  constexpr T* end() { return data_ + size_; }
  constexpr T const* begin() const { return data_; }
  constexpr T const* end() const { return data_ + size_; }

  constexpr void reserve(int capacity) {
    if (capacity <= capacity_) return;
    if constexpr (is_plain) {
      T* const data = new T[static_cast<std::size_t>(capacity)];
      for (int i = 0; i < size_; ++i) data[i] = data_[i];
      delete[] data_;
      data_ = data;
    } else {
      T* const data = std::allocator<T>().allocate(static_cast<std::size_t>(capacity));
      for (int i = 0; i < size_; ++i) std::construct_at(data + i, static_cast<T&&>(data_[i]));
      release();
      data_ = data;
    }
    capacity_ = capacity;
  }
  /// `value` may be an element of this vector.
  constexpr void push_back(T const& value) {
    if (size_ == capacity_) {
      T const copy = value;
      reserve(capacity_ ? 2 * capacity_ : 16);
      return push_back(copy);
    }
    if constexpr (is_plain) {
      data_[size_++] = value;
    } else {
      std::construct_at(data_ + size_++, value);
    }
  }
  constexpr void append(T const* items, int count) {
    if (size_ + count > capacity_) reserve(size_ + count > 2 * capacity_ ? size_ + count : 2 * capacity_);
    T* const to = data_ + size_;
    if constexpr (is_plain) {
      for (int i = 0; i < count; ++i) to[i] = items[i];
    } else {
      for (int i = 0; i < count; ++i) std::construct_at(to + i, items[i]);
    }
    size_ += count;
  }
  constexpr void pop_back() {
    --size_;
    if constexpr (!TFX_TRIVIALLY_DESTRUCTIBLE(T)) std::destroy_at(data_ + size_);
  }
  constexpr void clear() {
    if constexpr (TFX_TRIVIALLY_DESTRUCTIBLE(T)) {
      size_ = 0;
    } else {
      while (size_ > 0) pop_back();
    }
  }
  constexpr void resize(int count, T const& value = T{}) {
    reserve(count);
    while (size_ > count) pop_back();
    if constexpr (is_plain) {
      for (; size_ < count; ++size_) data_[size_] = value;
    } else {
      while (size_ < count) std::construct_at(data_ + size_++, value);
    }
  }

 private:
  // Every element made, moved or destroyed, and every call, costs the compiler: small plain types are assigned into
  // arrays, larger ones, of which an array's unused end would be made in vain, and others are made in raw memory.
  static constexpr bool is_plain =
      TFX_TRIVIALLY_DESTRUCTIBLE(T) && (sizeof(T) <= 64 || __is_trivially_constructible(T));

  T* data_ = nullptr;
  int size_ = 0;
  int capacity_ = 0;

  template <class Member>
  static constexpr void exchange(Member& a, Member& b) {
    Member const t = a;
    a = b;
    b = t;
  }
  constexpr void release() {
    if constexpr (!TFX_TRIVIALLY_DESTRUCTIBLE(T))
      for (int i = 0; i < size_; ++i) std::destroy_at(data_ + i);
    if (capacity_ > 0) std::allocator<T>().deallocate(data_, static_cast<std::size_t>(capacity_));
  }
};

TFX_END
