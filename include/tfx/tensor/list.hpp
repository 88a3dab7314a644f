// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <initializer_list>
#include <tfx/tensor/value.hpp>

TFX_BEGIN

// Braced lists whose elements are of several types: `x = {1, 2.5f}`, `names = {"a", std::string(n, 'b')}`.

namespace detail {

/// A text of any C++ type, as such lists hold them.
struct any_text {
  std::string text;

  any_text() = default;
  any_text(char const* t) : text(t) {}             // NOLINT: stands for the text
  any_text(std::string t) : text(std::move(t)) {}  // NOLINT
  any_text(std::string_view t) : text(t) {}        // NOLINT
};
/// What the elements of a list for a tensor of dtype T are taken as.
template <class T>
using list_item = std::conditional_t<std::is_same_v<T, std::string>, any_text,
                                     std::conditional_t<is_complex_type<T>, any_complex, any_number>>;

template <class Item, int Depth>
struct nested_list_of {
  using type = std::initializer_list<typename nested_list_of<Item, Depth - 1>::type>;
};
template <class Item>
struct nested_list_of<Item, 0> {
  using type = Item;
};
/// A parameter that nothing converts to.
template <int Depth>
struct no_list {
  no_list(no_list const&) = delete;
};
/// The parameter that takes a list for a tensor of `Rank`.
template <class T, int Rank>
using list_parameter = typename std::conditional_t<(Rank > 0), nested_list_of<list_item<T>, (Rank > 0 ? Rank : 1)>,
                                                   nested_list_of<no_list<0>, 0>>::type;
/// The same for those that are deeper than 2.
template <class T, int Rank>
using deep_list = list_parameter<T, (Rank > 2 ? Rank : 0)>;
/// The elements of a list of `Depth` for a tensor of `Rank`, which may be unknown.
template <class T, int Rank, int Depth>
using item_of_rank = std::conditional_t<Rank == Depth || (Rank < 0), list_item<T>, no_list<Depth>>;
/// The parameter that takes `{}` alone.
template <int Rank>
using empty_list = std::conditional_t<Rank == 0, no_list<0>, std::initializer_list<no_list<1>>>;

/// The elements of such a list, which it keeps.
template <class Item, int Rank>
struct kept_list {
  shape_of_rank<Rank> shape{};
  copy_fault fault{};
  std::vector<Item> items{};

  template <class List>
  explicit kept_list(List const& list) {
    measure(list, 0);
    items.reserve(static_cast<std::size_t>(count_of(shape)));
    add(list, 0);
  }
  /// None: `declared` is the tensor's shape, whose extents it takes where it has some.
  explicit kept_list(dims const& declared) {
    if (declared.rank == Rank && !declared.is_static())
      for (int k = 0; k < Rank; ++k) shape.extent[k] = declared[k] < 0 ? 0 : declared[k];
  }

 private:
  template <class List>
  void measure(List const& list, int axis) {
    shape.extent[axis] = static_cast<i64>(list.size());
    if constexpr (!std::is_same_v<typename List::value_type, Item>)
      if (list.size() > 0) measure(*list.begin(), axis + 1);
  }
  template <class List>
  void add(List const& list, int axis) {
    if (static_cast<i64>(list.size()) != shape.extent[axis]) {
      fault = {copy_fault::reason::ragged, {}, dims{1, {static_cast<i64>(list.size())}}, dims{1, {shape.extent[axis]}}};
      return;
    }
    for (auto const& item : list) {
      if constexpr (std::is_same_v<typename List::value_type, Item>) {
        items.push_back(item);
      } else {
        add(item, axis + 1);
      }
    }
  }
};
template <class Item, int Rank>
struct value_traits<kept_list<Item, Rank>> {
  using V = kept_list<Item, Rank>;
  using value_type = typename value_traits<Item>::value_type;
  static constexpr dims shape = unknown_of_rank(Rank);
  static shape_of_rank<Rank> const& shape_of(V const& v) { return v.shape; }
  static constexpr value_layout layout = value_layout::items;
  static void copy(V const& v, auto& out) {
    out.fault = v.fault;
    if (v.fault.why != copy_fault::reason::none) return;
    for (Item const& item : v.items) copy_value(item, out);
  }
};
/// One of them, in a list whose extents its type tells.
template <>
struct value_traits<any_number> {
  using value_type = any_number;
  static constexpr dims shape{};
  static constexpr shape_of_rank<0> shape_of(any_number) { return {}; }
  static constexpr value_layout layout = value_layout::items;
  static void copy(any_number v, auto& out) { out.put(v); }
};
template <>
struct value_traits<any_complex> {
  using value_type = any_complex;
  static constexpr dims shape{};
  static constexpr shape_of_rank<0> shape_of(any_complex const&) { return {}; }
  static constexpr value_layout layout = value_layout::items;
  static void copy(any_complex const& v, auto& out) { out.put(v.value); }
};
template <>
struct value_traits<any_text> {
  using value_type = std::string;
  static constexpr dims shape{};
  static constexpr shape_of_rank<0> shape_of(any_text const&) { return {}; }
  static constexpr value_layout layout = value_layout::items;
  static void copy(any_text const& v, auto& out) { out.put(v.text); }
};

/// What a feed keeps, and whether a copy of it is meant wherever it stands.
template <class V>
struct kept_value {
  using type = V;
  static constexpr bool is_plain =
      std::is_arithmetic_v<V> || is_complex_type<V> || quantized_type<V> || std::is_pointer_v<V>;
};
template <std::size_t N>
struct kept_value<char[N]> {
  using type = char[N];
  static constexpr bool is_plain = true;
};
template <class U>
struct kept_value<std::initializer_list<U>> {  // which does not own its elements
  using type = std::vector<U>;
  static constexpr bool is_plain = true;
};
// xtensor's view of a temporary may refer to the temporary's shape, and does not survive a move.
template <class E, class... Slices>
  requires(
      !std::is_reference_v<E> &&
      !std::is_same_v<typename xt::xview<E, Slices...>::inner_shape_type, typename xt::xview<E, Slices...>::shape_type>)
struct kept_value<xt::xview<E, Slices...>> {
  using type = typename xt::xview<E, Slices...>::temporary_type;
  static constexpr bool is_plain = false;
};

}  // namespace detail

TFX_END
