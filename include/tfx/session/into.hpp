// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/session/core.hpp>
#include <tfx/tensor/value.hpp>

TFX_BEGIN

// Never defined: using one is the error, and its name is the message.
template <class Tensor, class Memory>
struct into_needs_memory_of_the_tensors_dtype;  // what is written is not converted: cast the tensor or the memory
template <class Shape, class Memory>
struct into_needs_memory_of_the_tensors_shape;  // or, but for nested arrays and xtensor, of as many elements
template <class Memory>
struct into_cannot_write_there;  // a variable, array, span, vector or xtensor container or view that is not const

/// A fetch whose value is written into memory of the user's.
template <class X, class Memory>
struct [[nodiscard]] into_t {
  X x;
  Memory memory;
};

namespace detail {
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_memory(int rank, i64 const* extents, int memory_rank,
                                                                       i64 const* memory_extents) {
  raise<errors::InvalidArgumentError>("Cannot fetch value of shape %s into memory of shape %s",
                                      extents_text(rank, extents).text, extents_text(memory_rank, memory_extents).text);
}

/// Elements that lie one after another: a tensor of any shape goes into as many.
template <class T>
struct elements_of_user {
  T* data = nullptr;
  i64 count = 0;

  void check(int rank, i64 const* extents) const {
    i64 size = 1;
    for (int i = 0; i < rank; ++i) size *= extents[i];
    if (size != count) refuse_memory(rank, extents, 1, &count);
  }
  void write(T const* from) const {
    if constexpr (std::is_trivially_copyable_v<T>) {
      // What is fed may lie there and be fetched.
      if (count > 0) std::memmove(data, from, static_cast<std::size_t>(count) * sizeof(T));
    } else {
      for (i64 i = 0; i < count; ++i) data[i] = from[i];
    }
  }
};
/// Arrays of arrays: of the tensor's own shape.
template <class T, class V>
struct rows_of_user : elements_of_user<T> {
  void check(int rank, i64 const* extents) const {
    dims shape = value_traits<V>::shape;
    i64 row = 1;
    for (int i = 1; i < shape.rank; ++i) row *= shape[i];
    if (shape[0] < 0) shape[0] = row > 0 ? this->count / row : 0;
    bool fits = shape.rank == rank;
    for (int i = 0; fits && i < rank; ++i) fits = shape[i] == extents[i];
    if (!fits) refuse_memory(rank, extents, shape.rank, shape.extent);
  }
};
/// An xtensor container, or a view of one: of the tensor's own shape.
template <class V>
void check_container(V const& to, int rank, i64 const* extents) {
  i64 shape[max_rank + 1] = {};
  int const own_rank = static_cast<int>(to.dimension());
  bool fits = own_rank == rank;
  for (int i = 0; i < own_rank && i < max_rank; ++i) {
    shape[i] = static_cast<i64>(to.shape()[static_cast<std::size_t>(i)]);
    fits = fits && shape[i] == extents[i];
  }
  if (!fits) refuse_memory(rank, extents, own_rank, shape);
}
template <class T, class V>
void write_container(V& to, T const* from) {
  auto const end = to.template end<xt::layout_type::row_major>();
  for (auto it = to.template begin<xt::layout_type::row_major>(); it != end; ++it) *it = *from++;
}
template <class T, class V>
struct container_of_user {
  V* container = nullptr;

  void check(int rank, i64 const* extents) const { check_container(*container, rank, extents); }
  void write(T const* from) const { write_container(*container, from); }
};
template <class T, class V>
struct view_of_user {
  mutable V view;

  void check(int rank, i64 const* extents) const { check_container(view, rank, extents); }
  void write(T const* from) const { write_container(view, from); }
};

template <class V>
inline constexpr bool owns_elements = false;
template <class Storage, std::size_t N, xt::layout_type L, class Tag>
inline constexpr bool owns_elements<xt::xtensor_container<Storage, N, L, Tag>> = true;
template <class Storage, xt::layout_type L, class Shape, class Tag>
inline constexpr bool owns_elements<xt::xarray_container<Storage, L, Shape, Tag>> = true;

/// The type of the elements of `To`, a reference where it is an lvalue: const where they cannot be written, void where
/// there are none.
template <class To, class V = std::remove_reference_t<To>>
constexpr auto find_elements() {
  constexpr bool lasts = std::is_lvalue_reference_v<To>;
  if constexpr (std::is_array_v<V> || element<std::remove_cv_t<V>>) {
    using E = std::remove_all_extents_t<V>;
    return type_box<std::conditional_t<lasts, E, E const>>{};
  } else if constexpr (xtensor_like<V>) {
    using reference = decltype(*std::declval<V&>().begin());
    using E = std::remove_reference_t<reference>;
    constexpr bool writable = std::is_lvalue_reference_v<reference> && (lasts || !owns_elements<V>);
    return type_box<std::conditional_t<writable, E, E const>>{};
  } else if constexpr (requires(std::conditional_t<lasts, V, V const>& v) { v.size() + (v.data() - v.data()); }) {
    using E = std::remove_pointer_t<decltype(std::declval<std::conditional_t<lasts, V, V const>&>().data())>;
    if constexpr (dense_value<std::remove_cv_t<E>>) {
      using inner = typename value_traits<std::remove_cv_t<E>>::value_type;
      return type_box<std::conditional_t<std::is_const_v<E>, inner const, inner>>{};
    } else {
      return type_box<E>{};
    }
  } else {
    return type_box<void const>{};
  }
}
template <class To>
using elements_in = typename decltype(find_elements<To>())::type;
template <class T, class E>
concept holds_dtype = !std::is_const_v<E> && std::is_same_v<canonical_type<E>, T>;

/// The shape of memory as far as its type tells it: of xtensor, and of arrays of arrays, that of the one tensor that it
/// takes; otherwise it is a row, which takes as many elements in any shape.
template <class V>
constexpr dims shape_of_memory() {
  if constexpr (has_value_traits<std::remove_cv_t<V>>) return value_traits<std::remove_cv_t<V>>::shape;
  return unknown_of_rank(1);
}
constexpr bool may_fit(dims const& tensor, dims const& memory, bool is_row) {
  if (!tensor.is_known() || !memory.is_known()) return true;
  if (is_row) return !tensor.is_static() || !memory.is_static() || tensor.count() == memory.count();
  for (int i = 0; i < memory.rank && i < tensor.rank; ++i)
    if (tensor[i] >= 0 && memory[i] >= 0 && tensor[i] != memory[i]) return false;
  return tensor.rank == memory.rank;
}
template <class V>
inline constexpr bool is_row_of_elements = !xtensor_like<V> && shape_of_memory<V>().rank < 2;
template <class X, class To, class V = std::remove_reference_t<To>>
concept fits_memory = may_fit(X::shape_type::value, shape_of_memory<V>(), is_row_of_elements<V>);

template <class T, class To>
auto memory_of(To&& to) {
  using V = std::remove_reference_t<To>;
  if constexpr (!xtensor_like<V>) {
    using Memory = std::conditional_t<is_row_of_elements<V>, elements_of_user<T>, rows_of_user<T, V>>;
    if constexpr (std::is_array_v<V> || element<V>) {
      return Memory{reinterpret_cast<T*>(&to), static_cast<i64>(sizeof(V) / sizeof(T))};
    } else {
      return Memory{reinterpret_cast<T*>(to.data()), static_cast<i64>(to.size() * (sizeof(*to.data()) / sizeof(T)))};
    }
  } else if constexpr (std::is_lvalue_reference_v<To>) {
    return container_of_user<T, V>{&to};
  } else {
    return view_of_user<T, V>{static_cast<V&&>(to)};
  }
}
template <class X, class E>
struct into_mistake {
  using type = into_needs_memory_of_the_tensors_dtype<typename X::value_type, E>;
};
template <class X, class E>
  requires std::is_const_v<E>
struct into_mistake<X, E> {
  using type = into_cannot_write_there<E>;
};
}  // namespace detail

/// A fetch that is written into memory of yours, without allocating: `sess.run(into(y, std::span(buffer)), x = …)`. A
/// variable, an array, a span or vector takes as many elements as it has; arrays of arrays, `float out[2][3]`, and an
/// xtensor container or view take a tensor of their own shape; nothing is ever resized. Memory that does not fit is
/// refused before anything changes: by the compiler, or where only a run tells extents by that. It is written when all
/// is computed, and gives no value.
template <typed_expression X, class To>
  requires(detail::holds_dtype<typename X::value_type, detail::elements_in<To>> && detail::fits_memory<X, To>)
auto into(X const& x, To&& to) {
  using T = typename X::value_type;
  using Memory = decltype(detail::memory_of<T>(static_cast<To&&>(to)));
  return into_t<X, Memory>{x, detail::memory_of<T>(static_cast<To&&>(to))};
}
/// The same for `size` elements at a pointer.
template <typed_expression X, class E>
  requires detail::holds_dtype<typename X::value_type, E>
auto into(X const& x, E* data, std::size_t size) {
  using T = typename X::value_type;
  return into_t<X, detail::elements_of_user<T>>{x, {reinterpret_cast<T*>(data), static_cast<i64>(size)}};
}
template <typed_expression X, class To>
  requires(!detail::holds_dtype<typename X::value_type, detail::elements_in<To>>)
typename detail::into_mistake<X, detail::elements_in<To>>::type into(X const& x, To&& to);
template <typed_expression X, class To>
  requires(detail::holds_dtype<typename X::value_type, detail::elements_in<To>> && !detail::fits_memory<X, To>)
into_needs_memory_of_the_tensors_shape<typename detail::spelled_shape<typename X::shape_type>::type,
                                       std::remove_reference_t<To>>
into(X const& x, To&& to);
template <typed_expression X, class E>
  requires(!detail::holds_dtype<typename X::value_type, E>)
typename detail::into_mistake<X, E>::type into(X const& x, E* data, std::size_t size);

TFX_END
