// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/tensor/list.hpp>

TFX_BEGIN

namespace operators {
struct expression_base;
}
using operators::expression_base;

/// A value for a tensor in a run, which it keeps: what `x = data` gives where `data` is a temporary, a list, a number
/// or a string literal.
template <class X, class Value>
struct [[nodiscard]] feed {
  using target_type = X;
  using value_type = Value;

  [[no_unique_address]] X target;
  Value kept;

  Value const& value() const { return kept; }
};

/// A value that stays where it is: `x = data`, free of charge inside `run(…)`. Refers to `data`, whose address is its
/// own.
template <class X, class Value>
struct [[nodiscard]] borrowed {
  using target_type = X;
  using value_type = Value;

  borrowed() = delete;
  borrowed(borrowed const&) = delete;  // a feed that is kept must own its value: write x = std::move(data)

  Value const& value() const { return reinterpret_cast<Value const&>(*this); }
  static borrowed const& from(Value const& value) { return reinterpret_cast<borrowed const&>(value); }
};

namespace detail {
/// Assigns arrays element by element; moves them where they are temporaries.
template <bool Move, class To, class From>
void assign_items(To& to, From& from) {
  if constexpr (std::is_array_v<To>) {
    for (std::size_t i = 0; i < std::extent_v<To>; ++i) assign_items<Move>(to[i], from[i]);
  } else if constexpr (Move) {
    to = std::move(from);
  } else {
    to = from;
  }
}
template <class X, class Value>
decltype(auto) make_feed(X const& target, Value&& value) {
  using V = std::remove_cvref_t<Value>;
  using kept = kept_value<V>;
  if constexpr (std::is_lvalue_reference_v<Value> && X::literal_count == 0 && !kept::is_plain) {
    return borrowed<X, V>::from(value);
  } else if constexpr (std::is_array_v<V>) {
    feed<X, V> result{target, {}};
    assign_items<!std::is_lvalue_reference_v<Value>>(result.kept, value);
    return result;
  } else {
    return feed<X, typename kept::type>{target, std::forward<Value>(value)};
  }
}
template <class Item, int Rank, class X, class List>
auto make_list_feed(X const& target, List const& list) {
  return feed<X, kept_list<Item, Rank>>{target, kept_list<Item, Rank>(list)};
}
template <class X>
auto make_empty_feed(X const& target) {
  using none = kept_list<list_item<typename X::value_type>, (X::shape_type::rank < 0 ? 1 : X::shape_type::rank)>;
  return feed<X, none>{target, none(X::shape_type::value)};
}
}  // namespace detail

TFX_END
