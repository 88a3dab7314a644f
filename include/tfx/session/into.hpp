// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/session/core.hpp>
#include <tfx/tensor/value.hpp>

TFX_BEGIN

// Never defined: using one is the error, and its name is the message.
template <class Tensor, class Memory>
struct into_needs_memory_of_the_tensors_dtype;  // what is written is not converted: cast the tensor or the memory
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
    return type_box<std::remove_pointer_t<decltype(std::declval<std::conditional_t<lasts, V, V const>&>().data())>>{};
  } else {
    return type_box<void const>{};
  }
}
template <class To>
using elements_in = typename decltype(find_elements<To>())::type;
template <class T, class E>
concept holds_dtype = !std::is_const_v<E> && std::is_same_v<canonical_type<E>, T>;

template <class T, class To>
auto memory_of(To&& to) {
  using V = std::remove_reference_t<To>;
  if constexpr (std::is_array_v<V>) {
    using E = std::remove_all_extents_t<V>;
    return elements_of_user<T>{reinterpret_cast<T*>(&to), static_cast<i64>(sizeof(V) / sizeof(E))};
  } else if constexpr (element<V>) {
    return elements_of_user<T>{reinterpret_cast<T*>(&to), 1};
  } else if constexpr (!xtensor_like<V>) {
    return elements_of_user<T>{reinterpret_cast<T*>(to.data()), static_cast<i64>(to.size())};
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
/// variable, an array, a span or vector takes as many elements as it has, an xtensor container or view a tensor of its
/// own shape; nothing is ever resized. Memory that does not fit is refused before anything changes. It is written when
/// all is computed, and gives no value.
template <typed_expression X, class To>
  requires detail::holds_dtype<typename X::value_type, detail::elements_in<To>>
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
template <typed_expression X, class E>
  requires(!detail::holds_dtype<typename X::value_type, E>)
typename detail::into_mistake<X, E>::type into(X const& x, E* data, std::size_t size);

TFX_END
