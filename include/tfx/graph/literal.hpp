// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <memory>
#include <tfx/base/dtype.hpp>
#include <tfx/base/errors.hpp>
#include <tfx/shape/dims.hpp>

TFX_BEGIN

/// The elements of a constant that is an array, shared by every expression that reaches it.
struct literal_array {
  std::shared_ptr<void const> data;
  dims shape;
  bool (*equal)(void const* a, void const* b, i64 count);  // of its elements

  bool operator==(literal_array const& other) const {
    return shape == other.shape && equal(data.get(), other.data.get(), shape.count());
  }
};

/// A run-time value that rides in an expression: the bits of a scalar, or an array. Copied and destroyed wherever
/// expressions are, so that only what an array needs is called, and nothing is written out for each expression.
struct literal {
  u64 bits = 0;
  union {  // else its own destructor would follow ours
    std::shared_ptr<literal_array const> array;
  };

  literal() : array() {}
  literal(literal const& other) : bits(other.bits), array() {
    if (other.array) hold(other);
  }
  literal& operator=(literal const& other) {
    bits = other.bits;
    if (array || other.array) hold(other);
    return *this;
  }
  ~literal() {
    if (array) drop();
  }

  [[gnu::noinline]] bool operator==(literal const& other) const {
    return bits == other.bits && (array == other.array || (array && other.array && *array == *other.array));
  }

 private:
  [[gnu::noinline]] void hold(literal const& other) noexcept { array = other.array; }
  [[gnu::noinline]] void drop() noexcept { std::destroy_at(&array); }
};

template <class T>
literal make_literal(T const& value) {
  literal result;
  static_assert(sizeof(T) <= sizeof(result.bits));
  std::memcpy(&result.bits, &value, sizeof(T));
  return result;
}

/// What an expression carries: the values of the literals that it reaches, in ascending order of their ids.
template <int Count>
struct payload {
  literal literals[Count];
};
template <>
struct payload<0> {};

namespace detail {
template <int N>
struct literal_map {
  int at[N] = {};
};
/// Where each of `from`'s literals stands in `into`.
template <u64 From, u64 Into>
constexpr auto make_literal_map();

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
