// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <tfx/graph/leaves.hpp>
#include <vector>

TFX_BEGIN

namespace detail {
template <class V>
struct nested_list {
  using element_type = V;
  static constexpr dims shape{};
};
template <class V, std::size_t N>
struct nested_list<V[N]> {
  using element_type = typename nested_list<V>::element_type;
  static constexpr dims extend() {
    dims s;
    s.push_back(static_cast<i64>(N));
    for (int i = 0; i < nested_list<V>::shape.rank; ++i) s.push_back(nested_list<V>::shape[i]);
    return s;
  }
  static constexpr dims shape = extend();
};
template <class V>
struct nested_shape {
  static constexpr dims value = nested_list<V>::shape;
};

template <class T, class V>
void copy_nested(V const& from, T*& to) {
  if constexpr (std::is_array_v<V>) {
    for (auto const& item : from) copy_nested(item, to);
  } else {
    *to++ = static_cast<T>(from);
  }
}
template <class T>
bool equal_elements(void const* a, void const* b, i64 count) {
  if constexpr (std::is_arithmetic_v<T>) return std::memcmp(a, b, static_cast<std::size_t>(count) * sizeof(T)) == 0;
  for (i64 i = 0; i < count; ++i)
    if (static_cast<T const*>(a)[i] != static_cast<T const*>(b)[i]) return false;
  return true;
}
template <class T>
void free_elements(void* elements) {
  delete[] static_cast<T*>(elements);
}
/// Makes `value` an array, whose elements are to be filled in.
template <class T>
T* make_elements(literal& value, dims const& shape) {
  i64 const count = shape.count();
  value.array = new literal_array{shape, &equal_elements<T>, &free_elements<T>};
  T* const elements = new T[static_cast<std::size_t>(count > 0 ? count : 1)]{};
  value.array->data = elements;
  value.type = dtype_of<T>;
  return elements;
}

/// A number or a text, as one of a list; a string literal is a string.
template <class V>
concept listed = number<V> || std::is_same_v<V, std::string> || std::is_same_v<V, char const*>;
template <class V>
using listed_as = std::conditional_t<std::is_same_v<V, char const*>, std::string, V>;

template <name Name, class Wanted, class Given>
using constant_element = canonical_type<std::conditional_t<std::is_void_v<Wanted>, listed_as<Given>, Wanted>>;
template <name Name, class T, class Shape, auto Site>
using constant_leaf = typename literal_leaf<Name, T, Shape, hash_of(Name.view()), Site>::type;

template <class Leaf, class V>
Leaf list_constant(V const& values) {
  using T = typename Leaf::value_type;
  Leaf result;
  T* to = make_elements<T>(result.literals[0], nested_list<V>::shape);
  copy_nested(values, to);
  return result;
}

template <class V>
concept tensor_container = requires(V const& v) {
  v.shape();
  v.dimension();
  v.begin();
};
template <class Shape>
struct container_shape;
template <class I, std::size_t N>
struct container_shape<std::array<I, N>> {
  static constexpr dims unknown() {
    dims s;
    for (std::size_t i = 0; i < N; ++i) s.push_back(dims::unknown);
    return s;
  }
  static constexpr dims value = unknown();
};
template <template <std::size_t...> class Fixed, std::size_t... X>
struct container_shape<Fixed<X...>> {
  static constexpr dims value{sizeof...(X), {static_cast<i64>(X)...}};
};
}  // namespace detail

/// A constant from a run-time number or string: `constant(42.0f)`, `constant<"a">(5)`. Its value rides in the
/// expression; two constants are one where name (or place in the source) and value are.
template <name Name = "", class T = void, number V, auto Site = [] {}>
auto constant(V value) {
  using E = detail::constant_element<Name, T, V>;
  detail::constant_leaf<Name, E, shape_t<>, Site> result;
  result.literals[0] = make_literal(static_cast<E>(value));
  return result;
}
template <name Name = "", class S, auto Site = [] {}>
  requires std::is_same_v<S, std::string>  // of this type, not made of two texts in braces
auto constant(S const& text) {
  detail::constant_leaf<Name, std::string, shape_t<>, Site> result;
  *detail::make_elements<std::string>(result.literals[0], dims{}) = text;
  return result;
}
/// From a braced list of any rank up to four: `constant({{0, 1}, {2, 3}})`, `constant<"b", float>({5, 5, 5})`,
/// `constant({"one", "two"})`.
template <name Name = "", class T = void, class U, std::size_t N, auto Site = [] {}>
  requires(detail::listed<U>)
auto constant(U const (&values)[N]) {
  return detail::list_constant<
      detail::constant_leaf<Name, detail::constant_element<Name, T, U>, shape_from<detail::nested_shape<U[N]>>, Site>>(
      values);
}
/// Texts of both kinds: `constant({"one", std::string("two")})`.
template <name Name = "", class T = void, std::size_t N, auto Site = [] {}>
auto constant(std::string const (&values)[N]) {
  return constant<Name, T, std::string, N, Site>(values);
}
template <name Name = "", class T = void, class U, std::size_t N, std::size_t M, auto Site = [] {}>
auto constant(U const (&values)[N][M]) {
  return detail::list_constant<detail::constant_leaf<Name, detail::constant_element<Name, T, U>,
                                                     shape_from<detail::nested_shape<U[N][M]>>, Site>>(values);
}
template <name Name = "", class T = void, class U, std::size_t N, std::size_t M, std::size_t K, auto Site = [] {}>
auto constant(U const (&values)[N][M][K]) {
  return detail::list_constant<detail::constant_leaf<Name, detail::constant_element<Name, T, U>,
                                                     shape_from<detail::nested_shape<U[N][M][K]>>, Site>>(values);
}
template <name Name = "", class T = void, class U, std::size_t N, std::size_t M, std::size_t K, std::size_t L,
          auto Site = [] {}>
auto constant(U const (&values)[N][M][K][L]) {
  return detail::list_constant<detail::constant_leaf<Name, detail::constant_element<Name, T, U>,
                                                     shape_from<detail::nested_shape<U[N][M][K][L]>>, Site>>(values);
}
/// From an xtensor container or expression, whose elements are copied. The extents that its type does not tell are
/// `dyn`.
template <name Name = "", class T = void, detail::tensor_container V, auto Site = [] {}>
auto constant(V const& values) {
  using E = detail::constant_element<Name, T, std::remove_cvref_t<decltype(*values.begin())>>;
  using shape_type = shape_from<detail::container_shape<typename V::shape_type>>;
  detail::constant_leaf<Name, E, shape_type, Site> result;
  dims shape;
  for (auto extent : values.shape()) shape.push_back(static_cast<i64>(extent));
  E* to = detail::make_elements<E>(result.literals[0], shape);
  for (auto const& value : values) *to++ = static_cast<E>(value);
  return result;
}
/// The same with the dtype alone: `constant<float>({5, 5, 5})`.
template <element T, number V, auto Site = [] {}>
auto constant(V value) {
  return constant<"", T, V, Site>(value);
}
// Elements of one other type, converted; and a list of several kinds, such as {1, 2.5, INFINITY}.
template <element T, class U, std::size_t N, auto Site = [] {}>
  requires(!std::is_same_v<T, U>)
auto constant(U const (&values)[N]) {
  return constant<"", T, U, N, Site>(values);
}
template <element T, std::size_t N, auto Site = [] {}>
auto constant(std::type_identity_t<T> const (&values)[N]) {
  return constant<"", T, T, N, Site>(values);
}
template <element T, class U, std::size_t N, std::size_t M, auto Site = [] {}>
  requires(!std::is_same_v<T, U>)
auto constant(U const (&values)[N][M]) {
  return constant<"", T, U, N, M, Site>(values);
}
template <element T, std::size_t N, std::size_t M, auto Site = [] {}>
auto constant(std::type_identity_t<T> const (&values)[N][M]) {
  return constant<"", T, T, N, M, Site>(values);
}
template <element T, class U, std::size_t N, std::size_t M, std::size_t K, auto Site = [] {}>
  requires(!std::is_same_v<T, U>)
auto constant(U const (&values)[N][M][K]) {
  return constant<"", T, U, N, M, K, Site>(values);
}
template <element T, std::size_t N, std::size_t M, std::size_t K, auto Site = [] {}>
auto constant(std::type_identity_t<T> const (&values)[N][M][K]) {
  return constant<"", T, T, N, M, K, Site>(values);
}

TFX_END
