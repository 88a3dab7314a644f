// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/vector.hpp>
#include <utility>

TFX_BEGIN

// A table is written once, as the list of its columns: `template <template <class> class Column> struct plan_columns {
// Column<step_entry> steps; … };`. Everything else is the same list of other columns.

template <class>
using column_length = int;
template <class T>
using column_pointer = T const*;
template <class T>
using column_reference = vector<T> const&;

/// How many rows each column has.
template <template <template <class> class> class Columns>
using lengths_of = Columns<column_length>;

namespace detail {
template <class T>
struct column_tag {
  using type = T;
};
template <class>
inline constexpr int column_count = 0;
template <template <template <class> class> class Columns, template <class> class Column>
inline constexpr int column_count<Columns<Column>> = sizeof(lengths_of<Columns>) / sizeof(int);

/// What `use` gives for all columns, in their order.
template <class T, class Use>
constexpr decltype(auto) with_columns(T const& columns, Use const& use) {
  constexpr int count = column_count<T>;
  static_assert(count > 0 && count <= 16, "tfx: with_columns knows lists of 1 to 16");
  if constexpr (count == 1) {
    auto& [a] = columns;
    return use(a);
  } else if constexpr (count == 2) {
    auto& [a, b] = columns;
    return use(a, b);
  } else if constexpr (count == 3) {
    auto& [a, b, c] = columns;
    return use(a, b, c);
  } else if constexpr (count == 4) {
    auto& [a, b, c, d] = columns;
    return use(a, b, c, d);
  } else if constexpr (count == 5) {
    auto& [a, b, c, d, e] = columns;
    return use(a, b, c, d, e);
  } else if constexpr (count == 6) {
    auto& [a, b, c, d, e, f] = columns;
    return use(a, b, c, d, e, f);
  } else if constexpr (count == 7) {
    auto& [a, b, c, d, e, f, g] = columns;
    return use(a, b, c, d, e, f, g);
  } else if constexpr (count == 8) {
    auto& [a, b, c, d, e, f, g, h] = columns;
    return use(a, b, c, d, e, f, g, h);
  } else if constexpr (count == 9) {
    auto& [a, b, c, d, e, f, g, h, i] = columns;
    return use(a, b, c, d, e, f, g, h, i);
  } else if constexpr (count == 10) {
    auto& [a, b, c, d, e, f, g, h, i, j] = columns;
    return use(a, b, c, d, e, f, g, h, i, j);
  } else if constexpr (count == 11) {
    auto& [a, b, c, d, e, f, g, h, i, j, k] = columns;
    return use(a, b, c, d, e, f, g, h, i, j, k);
  } else if constexpr (count == 12) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l] = columns;
    return use(a, b, c, d, e, f, g, h, i, j, k, l);
  } else if constexpr (count == 13) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m] = columns;
    return use(a, b, c, d, e, f, g, h, i, j, k, l, m);
  } else if constexpr (count == 14) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = columns;
    return use(a, b, c, d, e, f, g, h, i, j, k, l, m, n);
  } else if constexpr (count == 15) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o] = columns;
    return use(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o);
  } else if constexpr (count == 16) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = columns;
    return use(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
  }
}

template <class... T>
struct column_types {};
struct list_types {
  template <class... T>
  constexpr column_types<typename T::type...> operator()(T&...) const {
    return {};
  }
};
template <int Count>
struct column_lengths {
  int of[Count];
};
struct list_lengths {
  template <class... T>
  constexpr column_lengths<sizeof...(T)> operator()(T const&... length) const {
    return {{length...}};
  }
};
}  // namespace detail

TFX_END
