// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/tensor/view.hpp>

TFX_BEGIN

namespace detail {
template <class T>
bool equal_elements(void const* a, void const* b, i64 count) {
  if constexpr (!std::is_same_v<T, std::string>)
    return std::memcmp(a, b, static_cast<std::size_t>(count) * sizeof(T)) == 0;
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

template <name Name, class Wanted, class Given>
using constant_element = canonical_type<std::conditional_t<std::is_void_v<Wanted>, Given, Wanted>>;
template <name Name, class T>
struct scalar_leaf {
  using type = typename leaf<literal_op, Name, T, shape_t<>, true, static_cast<i64>(hash_of(Name.view())), 0>::type;
};
template <class T>
struct scalar_leaf<"", T> {
  using type = anonymous_scalar<T>;
};
template <name Name, class T, class Shape, auto Site>
using constant_leaf = typename literal_leaf<Name, T, Shape, hash_of(Name.view()), Site>::type;

template <class V>
struct shape_of_values {
  static constexpr dims value = value_traits<V>::shape;
};
/// What an array constant is made of, but for lists in braces.
template <class V>
concept constant_source =
    feedable<V> && !number<V> && !std::is_array_v<V> && requires { requires value_traits<V>::shape.rank != 0; };
/// What such a list can hold.
template <class U>
concept list_element = element<U> || std::is_same_v<U, char const*>;
/// The dtype of a constant made of values of type V.
template <class Wanted, class V>
using element_of_values = constant_element<"", Wanted, typename value_traits<V>::value_type>;

template <name Name, u64 Context, auto Site>
auto text_constant(std::string_view text) {
  typename literal_leaf<Name, std::string, shape_t<>, Context, Site>::type result;
  *make_elements<std::string>(result.literals[0], dims{}) = text;
  return result;
}
/// What compares with a plain text: a tensor of strings.
template <class X>
concept text_expression = typed_expression<X> && std::is_same_v<typename X::value_type, std::string>;
}  // namespace detail
/// Never defined: nothing holds a text in a function over handles. Pass constant("nobody"), or what is computed of it.
struct a_text_is_an_argument_of_a_function_over_handles;
namespace detail {
/// A text beside X, told apart from others as a plain number would be.
template <class X, auto Site, int Position>
auto text_beside(std::string_view text) {
  return text_constant<"", mix(X::hash, Position), Site>(text);
}

[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_count(i64 needed, i64 given) {
  if (given == 0)
    raise<errors::InvalidArgumentError>("constant: no value is given for %lld elements",
                                        static_cast<long long>(needed));
  raise<errors::InvalidArgumentError>("Too many elements provided. Needed at most %lld, but received %lld",
                                      static_cast<long long>(needed), static_cast<long long>(given));
}
/// A literal of `shape` that holds `values`; where those are fewer, the last one fills the rest.
template <class Leaf, class V>
Leaf array_constant(V const& values, dims const& shape) {
  using T = typename Leaf::value_type;
  static_assert(feedable_as<V, T>, "tfx: text does not become numbers, nor numbers text, nor floats quantized numbers");
  Leaf result;
  i64 const needed = shape.count(), given = count_of(value_traits<V>::shape_of(values));
  if (given > needed || (given == 0 && needed > 0)) refuse_count(needed, given);
  T* const elements = make_elements<T>(result.literals[0], shape);
  using traits = value_traits<V>;
  if constexpr (std::is_array_v<V> && traits::layout == value_layout::row_major && std::is_floating_point_v<T>) {
    // A braced list, of which every number fits.
    auto const* const from = traits::data(values);
    for (i64 i = 0; i < given; ++i) elements[i] = static_cast<T>(from[i]);
  } else {
    convert_value(values, elements);
  }
  for (i64 i = given; i < needed; ++i) elements[i] = elements[given - 1];
  return result;
}
template <class Leaf, class V>
Leaf list_constant(V const& values) {
  return array_constant<Leaf>(values, as_dims(value_traits<V>::shape_of(values)));
}
template <name Name, class E, class V, auto Site>
auto constant_of(V const& values) {
  static_assert(value_traits<V>::shape.is_known(),
                "tfx: the type of this value does not tell its rank: write tf::constant(value, tf::shape<...>)");
  return list_constant<constant_leaf<Name, E, shape_from<shape_of_values<V>>, Site>>(values);
}
template <name Name, class E, auto Site, class V, auto... D>
auto constant_in_shape(V const& values, shape_t<D...>) {
  using shape_type = shape_t<D...>;
  static_assert(shape_type::value.is_static(), "tfx: the shape of a constant is made of numbers");
  return array_constant<constant_leaf<Name, E, shape_type, Site>>(values, shape_type::value);
}
}  // namespace detail

/// A constant from a run-time number or string: `constant(42.0f)`, `constant<"a">(5)`. Its value rides in the
/// expression; two constants are one where name (or place in the source) and value are.
template <name Name = "", class T = void, class V>
  requires number<V> || detail::quantized_type<V>
auto constant(V value) {
  using E = detail::constant_element<Name, T, V>;
  typename detail::scalar_leaf<Name, E>::type result;
  result.literals[0] = make_literal(detail::fitted<E>(value));
  return result;
}
template <name Name = "", class S, auto Site = [] {}>
  requires std::is_same_v<S, std::string>  // of this type, not made of two texts in braces
auto constant(S const& text) {
  return detail::text_constant<Name, hash_of(Name.view()), Site>(text);
}
template <name Name = "", class S, auto Site = [] {}>
  requires std::is_same_v<S, char const*>  // not made of one text in braces, which is a list
auto constant(S text) {
  return constant<Name, std::string, Site>(std::string(text));
}
/// From a braced list of any rank up to four: `constant({{0, 1}, {2, 3}})`, `constant<"b", float>({5, 5, 5})`,
/// `constant({"one", "two"})`.
template <name Name = "", class T = void, detail::list_element U, std::size_t N, auto Site = [] {}>
auto constant(U const (&values)[N]) {
  return detail::constant_of<Name, detail::element_of_values<T, U>, U[N], Site>(values);
}
/// Texts of both kinds: `constant({"one", std::string("two")})`.
template <name Name = "", class T = void, std::size_t N, auto Site = [] {}>
  requires(std::is_void_v<T> || std::is_same_v<T, std::string>)
auto constant(std::string const (&values)[N]) {
  return constant<Name, T, std::string, N, Site>(values);
}
template <name Name = "", class T = void, detail::list_element U, std::size_t N, std::size_t M, auto Site = [] {}>
auto constant(U const (&values)[N][M]) {
  return detail::constant_of<Name, detail::element_of_values<T, U>, U[N][M], Site>(values);
}
template <name Name = "", class T = void, detail::list_element U, std::size_t N, std::size_t M, std::size_t K,
          auto Site = [] {}>
auto constant(U const (&values)[N][M][K]) {
  return detail::constant_of<Name, detail::element_of_values<T, U>, U[N][M][K], Site>(values);
}
template <name Name = "", class T = void, detail::list_element U, std::size_t N, std::size_t M, std::size_t K,
          std::size_t L, auto Site = [] {}>
auto constant(U const (&values)[N][M][K][L]) {
  return detail::constant_of<Name, detail::element_of_values<T, U>, U[N][M][K][L], Site>(values);
}
/// From whatever can be fed, whose elements are copied: a std::vector, array or span, `view(data, {2, 3})`, an xtensor
/// container, view or expression. The extents that its type does not tell are `dyn`.
template <name Name = "", class T = void, detail::constant_source V, auto Site = [] {}>
auto constant(V const& values) {
  return detail::constant_of<Name, detail::element_of_values<T, V>, V, Site>(values);
}
/// In a shape of its own: `constant({1, 2, 3, 4}, shape<2, 2>)`. Of fewer values the last one fills the rest.
template <name Name = "", class T = void, number V, auto... D, auto Site = [] {}>
auto constant(V value, shape_t<D...> s) {
  return detail::constant_in_shape<Name, detail::element_of_values<T, V>, Site>(value, s);
}
template <name Name = "", class T = void, detail::list_element U, std::size_t N, auto... D, auto Site = [] {}>
auto constant(U const (&values)[N], shape_t<D...> s) {
  return detail::constant_in_shape<Name, detail::element_of_values<T, U>, Site, U[N]>(values, s);
}
template <name Name = "", class T = void, detail::list_element U, std::size_t N, std::size_t M, auto... D,
          auto Site = [] {}>
auto constant(U const (&values)[N][M], shape_t<D...> s) {
  return detail::constant_in_shape<Name, detail::element_of_values<T, U>, Site, U[N][M]>(values, s);
}
template <name Name = "", class T = void, detail::constant_source V, auto... D, auto Site = [] {}>
auto constant(V const& values, shape_t<D...> s) {
  return detail::constant_in_shape<Name, detail::element_of_values<T, V>, Site>(values, s);
}

/// The same with the dtype alone: `constant<float>({5, 5, 5})`.
template <element T, number V>
auto constant(V value) {
  return constant<"", T, V>(value);
}
template <element T, detail::list_element U, std::size_t N, auto Site = [] {}>
auto constant(U const (&values)[N]) {
  return detail::constant_of<"", detail::canonical_type<T>, U[N], Site>(values);
}
template <element T, detail::list_element U, std::size_t N, std::size_t M, auto Site = [] {}>
auto constant(U const (&values)[N][M]) {
  return detail::constant_of<"", detail::canonical_type<T>, U[N][M], Site>(values);
}
template <element T, detail::list_element U, std::size_t N, std::size_t M, std::size_t K, auto Site = [] {}>
auto constant(U const (&values)[N][M][K]) {
  return detail::constant_of<"", detail::canonical_type<T>, U[N][M][K], Site>(values);
}
template <element T, detail::list_element U, std::size_t N, std::size_t M, std::size_t K, std::size_t L,
          auto Site = [] {}>
auto constant(U const (&values)[N][M][K][L]) {
  return detail::constant_of<"", detail::canonical_type<T>, U[N][M][K][L], Site>(values);
}
template <element T, detail::constant_source V, auto Site = [] {}>
auto constant(V const& values) {
  return detail::constant_of<"", detail::canonical_type<T>, V, Site>(values);
}
template <element T, detail::constant_source V, auto... D, auto Site = [] {}>
auto constant(V const& values, shape_t<D...> s) {
  return detail::constant_in_shape<"", detail::canonical_type<T>, Site>(values, s);
}
template <element T, detail::list_element U, std::size_t N, auto... D, auto Site = [] {}>
auto constant(U const (&values)[N], shape_t<D...> s) {
  return detail::constant_in_shape<"", detail::canonical_type<T>, Site, U[N]>(values, s);
}
// A list of several types, such as {1, 2.5, INFINITY}.
template <element T, std::size_t N, auto Site = [] {}>
auto constant(detail::list_item<T> const (&values)[N]) {
  return detail::constant_of<"", detail::canonical_type<T>, detail::list_item<T>[N], Site>(values);
}
template <element T, std::size_t N, std::size_t M, auto Site = [] {}>
auto constant(detail::list_item<T> const (&values)[N][M]) {
  return detail::constant_of<"", detail::canonical_type<T>, detail::list_item<T>[N][M], Site>(values);
}
template <element T, std::size_t N, std::size_t M, std::size_t K, auto Site = [] {}>
auto constant(detail::list_item<T> const (&values)[N][M][K]) {
  return detail::constant_of<"", detail::canonical_type<T>, detail::list_item<T>[N][M][K], Site>(values);
}
template <element T, std::size_t N, std::size_t M, std::size_t K, std::size_t L, auto Site = [] {}>
auto constant(detail::list_item<T> const (&values)[N][M][K][L]) {
  return detail::constant_of<"", detail::canonical_type<T>, detail::list_item<T>[N][M][K][L], Site>(values);
}
template <name Name, element T, std::size_t N, auto Site = [] {}>
auto constant(detail::list_item<T> const (&values)[N]) {
  return detail::constant_of<Name, detail::canonical_type<T>, detail::list_item<T>[N], Site>(values);
}
template <name Name, element T, std::size_t N, std::size_t M, auto Site = [] {}>
auto constant(detail::list_item<T> const (&values)[N][M]) {
  return detail::constant_of<Name, detail::canonical_type<T>, detail::list_item<T>[N][M], Site>(values);
}
template <name Name, element T, std::size_t N, std::size_t M, std::size_t K, auto Site = [] {}>
auto constant(detail::list_item<T> const (&values)[N][M][K]) {
  return detail::constant_of<Name, detail::canonical_type<T>, detail::list_item<T>[N][M][K], Site>(values);
}
template <name Name, element T, std::size_t N, std::size_t M, std::size_t K, std::size_t L, auto Site = [] {}>
auto constant(detail::list_item<T> const (&values)[N][M][K][L]) {
  return detail::constant_of<Name, detail::canonical_type<T>, detail::list_item<T>[N][M][K][L], Site>(values);
}
// A deeper list is refused: g++ would take a pair of its braces for part of a number.
template <element T, std::size_t N, std::size_t M, std::size_t K, std::size_t L, std::size_t J>
auto constant(detail::list_item<T> const (&values)[N][M][K][L][J]) = delete;
template <name Name, element T, std::size_t N, std::size_t M, std::size_t K, std::size_t L, std::size_t J>
auto constant(detail::list_item<T> const (&values)[N][M][K][L][J]) = delete;

TFX_END
