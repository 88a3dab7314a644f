// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <tfx/base/fits.hpp>
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
/// does. An array without a dtype is a token: it tells one call from another.
struct literal {
  u64 bits = 0;
  literal_array* array = nullptr;
  dtype type = dtype::none;
  bool initial = false;  // a variable begins as it
  bool refused = false;  // two values met in its place; `array` holds both. A run says so.

  [[gnu::noinline]] bool operator==(literal const& other) const {
    return bits == other.bits && (array == other.array || (array && other.array && *array == *other.array));
  }
};

template <class T>
literal make_literal(T const& value) noexcept {
  literal result;
  result.type = dtype_of<T>;
  if constexpr (sizeof(T) <= sizeof(result.bits)) {
    std::memcpy(&result.bits, &value, sizeof(T));
  } else {
    result.array =
        new literal_array{{},
                          [](void const* a, void const* b, i64) { return std::memcmp(a, b, sizeof(T)) == 0; },
                          [](void* data) { delete static_cast<T*>(data); }};
    result.array->data = new T(value);
  }
  return result;
}

/// Base of all expressions. Operators of expressions stand beside it, where no other operand looks for them: a compiler
/// asks every operator that it finds, whatever is compared or added.
namespace operators {
struct expression_base {};
}  // namespace operators
using operators::expression_base;

namespace detail {
[[gnu::noinline]] inline void add_user(literal_array* array) noexcept {
  if (array) __atomic_fetch_add(&array->users, 1, __ATOMIC_RELAXED);
}
[[gnu::noinline]] inline void drop_user(literal_array* array) noexcept {
  if (!array || __atomic_fetch_sub(&array->users, 1, __ATOMIC_ACQ_REL) > 1) return;
  array->free(array->data);
  delete array;
}

/// Of one call, such as `w.assign_add(1)` or `random_normal(shape<3>)`: no two calls are one, unless that makes no
/// difference (`alike`: random numbers of one seed).
[[gnu::noinline]] inline literal make_token(bool alike = false) noexcept {
  literal result;
  bool (*const one)(void const*, void const*, i64) = [](void const*, void const*, i64) { return false; };
  bool (*const all)(void const*, void const*, i64) = [](void const*, void const*, i64) { return true; };
  result.array = new literal_array{{}, alike ? all : one, [](void*) {}};
  return result;
}

// Expressions are made, copied and destroyed by these, so that little is written out for each of them. None throws:
// that too would have to be written out.
[[gnu::noinline]] inline void copy_literals(literal* to, literal const* from, int count) noexcept {
  for (int i = 0; i < count; ++i) {
    to[i] = from[i];
    add_user(to[i].array);
  }
}
[[gnu::noinline]] inline void drop_literals(literal* values, int count) noexcept {
  for (int i = 0; i < count; ++i) drop_user(values[i].array);
}

/// The literals of an input, and where each stands in the result, -1: nowhere. No map: they stand first, and alike.
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

/// A scalar of a dtype as a number.
[[gnu::cold]] [[gnu::noinline]] inline any_number number_of(literal const& value) {
  float single = 0;
  double full = 0;
  std::memcpy(&single, &value.bits, sizeof single);
  std::memcpy(&full, &value.bits, sizeof full);
  if (value.type == dtype::float32) return single;
  if (value.type == dtype::float64) return full;
  if (value.type == dtype::uint64) return value.bits;
  dtype const type = held_as(value.type);
  bool const has_sign = type == dtype::int8 || type == dtype::int16 || type == dtype::int32;
  // The bytes beyond the number's own are zero: a sign has to be spread over them.
  int const unused = has_sign ? 64 - 8 * bytes_of(value.type) : 0;
  return static_cast<i64>(value.bits << unused) >> unused;
}
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_literals(literal const& a, literal const& b) {
  if (a.array && a.type == dtype::none)
    raise<errors::InvalidArgumentError>(
        "two calls of one place in the source reach one graph, and nothing tells their random numbers or assignments "
        "apart\n"
        "help: give each a name, tf::random_normal<\"noise\">(…), tf::assign_add<\"first\">(…), or write them at two "
        "places");
  bool const is_number = !a.array && a.type != dtype::complex64;
  if (a.initial && b.initial)
    raise<errors::InvalidArgumentError>(
        "two variables of one name begin as different %s%s%s%s%sand reach one graph\n"
        "help: give each variable a name of its own, or use one variable in both places",
        is_number ? "numbers, " : "values ", is_number ? number_text(number_of(a)).text : "", is_number ? " and " : "",
        is_number ? number_text(number_of(b)).text : "", is_number ? ", " : "");
  raise<errors::InvalidArgumentError>(
      "two different %s%s%s%s%sreach one graph through the same place in the source\n"
      "help: give each a name, tf::constant<\"half\">(0.5f), or feed a placeholder",
      is_number ? "numbers, " : "values", is_number ? number_text(number_of(a)).text : "", is_number ? " and " : "",
      is_number ? number_text(number_of(b)).text : "", is_number ? ", " : " ");
}
[[gnu::cold]] [[gnu::noinline]] inline void refuse_literal(literal const& refused) {
  literal const* const both = static_cast<literal const*>(refused.array->data);
  refuse_literals(both[0], both[1]);
}
/// In the place of two values that differ.
[[gnu::cold]] [[gnu::noinline]] inline literal refused_literal(literal const& a, literal const& b) noexcept {
  literal* const both = new literal[2];
  copy_literals(both, &a, 1);
  copy_literals(both + 1, &b, 1);
  literal result;
  result.refused = true;
  result.array = new literal_array{{},
                                   [](void const*, void const*, i64) { return false; },
                                   [](void* data) {
                                     drop_literals(static_cast<literal*>(data), 2);
                                     delete[] static_cast<literal*>(data);
                                   }};
  result.array->data = both;
  return result;
}
/// into[place(i)] = &values[i], for a run; what is there already must be equal.
[[gnu::noinline]] inline void find_literals(literal const** into, literal_source const& from) {
  for (int i = 0; i < from.count; ++i) {
    if (from.place(i) < 0) continue;
    literal const*& place = into[from.place(i)];
    if (from.values[i].refused) refuse_literal(from.values[i]);
    if (place && !(*place == from.values[i])) refuse_literals(*place, from.values[i]);
    place = &from.values[i];
  }
}
/// How many literals an expression holds in itself.
inline constexpr int most_own_literals = 8;
/// Fills `into`, which is empty, with the literals of all `sources`.
[[gnu::noinline]] inline void merge_literals(literal* into, int count, literal_source const* sources,
                                             int source_count) noexcept {
  bool filled[most_own_literals] = {};
  bool* const is_filled = count <= most_own_literals ? filled : new bool[static_cast<std::size_t>(count)]{};
  for (int s = 0; s < source_count; ++s) {
    literal_source const& from = sources[s];
    for (int i = 0; i < from.count; ++i) {
      int const place = from.place(i);
      if (place < 0) continue;
      if (!is_filled[place]) {
        copy_literals(into + place, from.values + i, 1);
        is_filled[place] = true;
      } else if (!into[place].refused && !(into[place] == from.values[i])) {
        literal const refused = from.values[i].refused ? from.values[i] : refused_literal(into[place], from.values[i]);
        if (from.values[i].refused) add_user(refused.array);
        drop_user(into[place].array);
        into[place] = refused;
      }
    }
  }
  if (is_filled != filled) delete[] is_filled;
}

/// The literals of an expression that reaches many: expressions that reach the same ones share them.
struct literal_block {
  int users;
  int count;

  literal* values() { return reinterpret_cast<literal*>(this + 1); }
  static literal_block* of(literal* values) { return reinterpret_cast<literal_block*>(values) - 1; }
};
static_assert(sizeof(literal_block) % alignof(literal) == 0);

TFX_INLINE literal* share_block(literal* values) noexcept {
  if (values) __atomic_fetch_add(&literal_block::of(values)->users, 1, __ATOMIC_RELAXED);
  return values;
}
[[gnu::noinline]] inline void drop_block(literal* values) noexcept {
  if (!values || __atomic_fetch_sub(&literal_block::of(values)->users, 1, __ATOMIC_ACQ_REL) > 1) return;
  drop_literals(values, literal_block::of(values)->count);
  ::operator delete(literal_block::of(values));
}
/// The literals of all `sources` as a block; that of a source which holds all of them already.
[[gnu::noinline]] inline literal* merge_into_block(int count, literal_source const* sources,
                                                   int source_count) noexcept {
  for (int s = 0; s < source_count; ++s) {
    literal_source const& all = sources[s];
    if (all.count != count || all.map) continue;
    bool same = true;
    for (int k = 0; same && k < source_count; ++k)
      for (int i = 0; same && i < sources[k].count; ++i)
        same = sources[k].place(i) < 0 || all.values[sources[k].place(i)] == sources[k].values[i];
    if (same) return share_block(const_cast<literal*>(all.values));
  }
  void* const memory = ::operator new(sizeof(literal_block) + sizeof(literal) * static_cast<std::size_t>(count));
  literal* const values = (new (memory) literal_block{1, count})->values();
  for (int i = 0; i < count; ++i) new (values + i) literal;
  merge_literals(values, count, sources, source_count);
  return values;
}
}  // namespace detail

/// What every expression is made of: the values of the literals that it reaches, in the order in which they are met;
/// nothing but a type where there are none.
template <int Count>
struct own_literals : expression_base {
  literal literals[Count];

  own_literals() noexcept : literals{} {}
  own_literals(own_literals const& other) noexcept : expression_base() {
    detail::copy_literals(literals, other.literals, Count);
  }
  own_literals& operator=(own_literals const& other) noexcept {
    own_literals const kept(other);  // which may be this
    detail::drop_literals(literals, Count);
    detail::copy_literals(literals, kept.literals, Count);
    return *this;
  }
  ~own_literals() { detail::drop_literals(literals, Count); }
  template <class X>
  TFX_INLINE void copy(X const& x) noexcept {
    detail::copy_literals(literals, x.literals, Count);
  }
  void fill(detail::literal_source const* sources, int source_count, int) noexcept {
    detail::merge_literals(literals, Count, sources, source_count);
  }
};
template <>
struct own_literals<0> : expression_base {
  static constexpr literal const* literals = nullptr;
  template <class X>
  static constexpr void copy(X const&) noexcept {}
};
/// The same for many: a pointer to a block.
struct shared_literals : expression_base {
  literal* literals = nullptr;

  shared_literals() = default;
  shared_literals(shared_literals const& other) noexcept
      : expression_base(), literals(detail::share_block(other.literals)) {}
  shared_literals& operator=(shared_literals const& other) noexcept {
    literal* const kept = detail::share_block(other.literals);
    detail::drop_block(literals);
    literals = kept;
    return *this;
  }
  ~shared_literals() { detail::drop_block(literals); }
  template <class X>
  TFX_INLINE void copy(X const& x) noexcept {
    if constexpr (X::literal_count > detail::most_own_literals) literals = detail::share_block(x.literals);
  }
  void fill(detail::literal_source const* sources, int source_count, int count) noexcept {
    literals = detail::merge_into_block(count, sources, source_count);
  }
};

namespace detail {
template <bool Few>
struct payload_of {
  template <int Count>
  using type = own_literals<Count>;
};
template <>
struct payload_of<false> {
  template <int Count>
  using type = shared_literals;
};
}  // namespace detail
template <int Count>
using payload = typename detail::payload_of<(Count <= detail::most_own_literals)>::template type<Count>;

TFX_END
