// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <tfx/base/dtype.hpp>
#include <tfx/base/raise.hpp>
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

/// A run-time value that rides in an expression: the bits of a scalar, or an array, which it does not hold: `payload`
/// does.
struct literal {
  u64 bits = 0;
  literal_array* array = nullptr;

  [[gnu::noinline]] bool operator==(literal const& other) const {
    return bits == other.bits && (array == other.array || (array && other.array && *array == *other.array));
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

namespace detail {
// Expressions are made, copied and destroyed by these, so that nothing is written out for each of them.
[[gnu::noinline]] inline void copy_literals(literal* to, literal const* from, int count) noexcept {
  for (int i = 0; i < count; ++i) {
    to[i] = from[i];
    if (to[i].array) __atomic_fetch_add(&to[i].array->users, 1, __ATOMIC_RELAXED);
  }
}
[[gnu::noinline]] inline void drop_literals(literal* values, int count) noexcept {
  for (int i = 0; i < count; ++i) {
    literal_array* const array = values[i].array;
    if (!array || __atomic_fetch_sub(&array->users, 1, __ATOMIC_ACQ_REL) > 1) continue;
    array->free(array->data);
    delete array;
  }
}

/// The literals of an input, and where each stands in the result; no map: there are as many, and they stand alike.
struct literal_source {
  literal const* values;
  int const* map;
  int count;

  int place(int i) const { return map ? map[i] : i; }
};
template <int N>
struct literal_map {
  int at[N] = {};
};

[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_literal() {
  raise<errors::InvalidArgumentError>(
      "two different numbers reach one graph through the same place in the source\n"
      "help: give each a name, tf::constant<\"half\">(0.5f), or feed a placeholder");
}
/// into[place(i)] = &values[i]; what is there already must be equal.
[[gnu::noinline]] inline void find_literals(literal const** into, literal_source const& from) {
  for (int i = 0; i < from.count; ++i) {
    literal const*& place = into[from.place(i)];
    if (place && !(*place == from.values[i])) refuse_literal();
    place = &from.values[i];
  }
}
/// Fills `into`, which is empty, with the literals of all `sources`; `found` is room for where they are.
[[gnu::noinline]] inline void merge_literals(literal* into, literal const** found, int count,
                                             literal_source const* sources, int source_count) {
  for (int i = 0; i < source_count; ++i) find_literals(found, sources[i]);
  for (int i = 0; i < count; ++i) copy_literals(into + i, found[i], 1);
}
}  // namespace detail

/// What every expression is made of: the values of the literals that it reaches, in ascending order of their ids;
/// nothing but a type where there are none.
template <int Count>
struct payload : expression_base {
  static constexpr int literal_count = Count;
  literal literals[Count];

  payload() noexcept : literals{} {}
  payload(payload const& other) noexcept : expression_base() { detail::copy_literals(literals, other.literals, Count); }
  payload& operator=(payload const& other) noexcept {
    payload const kept(other);  // which may be this
    detail::drop_literals(literals, Count);
    detail::copy_literals(literals, kept.literals, Count);
    return *this;
  }
  ~payload() { detail::drop_literals(literals, Count); }
};
template <>
struct payload<0> : expression_base {
  static constexpr int literal_count = 0;
  static constexpr literal const* literals = nullptr;
};

TFX_END
