// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <tfx/base/dtype.hpp>
#include <tfx/base/errors.hpp>
#include <tfx/shape/dims.hpp>

TFX_BEGIN

/// The elements of a constant that is an array, shared by every expression that reaches it; the last one frees them.
/// Counted here, since each program compiles std::shared_ptr and all that it consists of anew.
struct literal_array {
  dims shape;
  bool (*equal)(void const* a, void const* b, i64 count);  // of its elements
  void (*free)(void* data);
  void* data = nullptr;
  int users = 1;

  bool operator==(literal_array const& other) const {
    return shape == other.shape && equal(data, other.data, shape.count());
  }
};

/// A run-time value that rides in an expression: the bits of a scalar, or an array. Copied and destroyed wherever
/// expressions are, so that only what an array needs is called, and nothing is written out for each expression.
struct literal {
  u64 bits = 0;
  literal_array* array = nullptr;

  literal() = default;
  literal(literal const& other) noexcept : bits(other.bits), array(other.array) {
    if (array) hold();
  }
  literal& operator=(literal const& other) noexcept {
    if (other.array) other.hold();
    if (array) drop();
    bits = other.bits;
    array = other.array;
    return *this;
  }
  ~literal() {
    if (array) drop();
  }

  [[gnu::noinline]] bool operator==(literal const& other) const {
    return bits == other.bits && (array == other.array || (array && other.array && *array == *other.array));
  }

 private:
  void hold() const { __atomic_fetch_add(&array->users, 1, __ATOMIC_RELAXED); }
  [[gnu::noinline]] void drop() noexcept {
    if (__atomic_fetch_sub(&array->users, 1, __ATOMIC_ACQ_REL) > 1) return;
    array->free(array->data);
    delete array;
  }
};

template <class T>
literal make_literal(T const& value) {
  literal result;
  static_assert(sizeof(T) <= sizeof(result.bits));
  std::memcpy(&result.bits, &value, sizeof(T));
  return result;
}

struct expression_base {};

/// What every expression is made of: the values of the literals that it reaches, in ascending order of their ids;
/// nothing but a type where there are none.
template <int Count>
struct payload : expression_base {
  static constexpr int literal_count = Count;
  literal literals[Count];
};
template <>
struct payload<0> : expression_base {
  static constexpr int literal_count = 0;
};

namespace detail {
template <int N>
struct literal_map {
  int at[N] = {};
};

[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_literal() {
  throw errors::InvalidArgumentError(
      "two different numbers reach one graph through the same place in the source\n"
      "help: give each a name, tf::constant<\"half\">(0.5f), or feed a placeholder");
}
[[gnu::noinline]] inline void merge_literal(literal& into, bool& taken, literal const& value) {
  if (taken && !(into == value)) refuse_literal();
  into = value;
  taken = true;
}
/// The same for where they are: into[map[i]] = &values[i].
[[gnu::noinline]] inline void find_literals(literal const** into, int const* map, literal const* values, int count) {
  for (int i = 0; i < count; ++i) {
    literal const*& place = into[map[i]];
    if (place && !(*place == values[i])) refuse_literal();
    place = &values[i];
  }
}
}  // namespace detail

TFX_END
