// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/hash.hpp>
#include <tfx/base/name.hpp>
#include <type_traits>
#include <utility>

TFX_BEGIN

inline constexpr int max_rank = 8;

/// A shape as a value. An extent is a number, or negative: `unknown`, a symbol's name (a hash below `name_bound`), or,
/// inside the compiler's passes, the index of a symbol (see symbol_extent).
struct dims {
  static constexpr i64 unknown = -1;
  static constexpr i64 name_bound = -(i64{1} << 32);
  static constexpr int unknown_rank = -1;

  int rank = 0;
  i64 extent[max_rank] = {};

  constexpr i64 operator[](int axis) const { return extent[axis]; }
  constexpr i64& operator[](int axis) { return extent[axis]; }
  constexpr bool is_known() const { return rank >= 0; }
  constexpr bool is_static() const {
    for (int i = 0; i < rank; ++i)
      if (extent[i] < 0) return false;
    return rank >= 0;
  }
  /// Number of elements of a static shape.
  constexpr i64 count() const {
    i64 n = 1;
    for (int i = 0; i < rank; ++i) n *= extent[i];
    return n;
  }
  constexpr void push_back(i64 value) { extent[rank++] = value; }
  constexpr bool operator==(dims const& other) const {
    // Up to rank 4 one expression, since shapes are compared for every node.
    i64 const *const a = extent, *const b = other.extent;
    return rank == other.rank && (rank < 1 || a[0] == b[0]) && (rank < 2 || a[1] == b[1]) &&
           (rank < 3 || a[2] == b[2]) && (rank < 4 || a[3] == b[3]) && (rank < 5 || equal_from(4, other));
  }

 private:
  constexpr bool equal_from(int axis, dims const& other) const {
    for (int i = axis; i < rank; ++i)
      if (extent[i] != other.extent[i]) return false;
    return true;
  }
};

constexpr i64 symbol_extent(int symbol) { return -2 - symbol; }
constexpr int symbol_of(i64 extent) { return static_cast<int>(-2 - extent); }
constexpr i64 name_extent(u64 hash) { return dims::name_bound - 1 - static_cast<i64>(hash >> 2); }

/// What `batch = 32` gives: an extent for a symbol, where a plan is asked for its bytes.
struct bound_extent {
  i64 symbol;
  i64 extent;
};

/// A named dimension; `dim<"batch">` is its one value.
template <char... C>
struct symbol {
  static constexpr char text[sizeof...(C) + 1] = {C..., '\0'};
  static constexpr i64 extent = name_extent(hash_of({text, sizeof...(C)}));
  constexpr bound_extent operator=(i64 value) const { return {extent, value}; }  // NOLINT: `batch = 32` reads as meant
  constexpr symbol() = default;
  constexpr symbol(symbol const&) = default;
  friend constexpr bool operator==(symbol, symbol) { return true; }
};

/// A dimension without a name: any extent, checked at run time. It never broadcasts: where it meets another extent the
/// two must be equal, and only a 1 that is written stretches.
struct dyn_t {
  constexpr bound_extent operator=(i64 value) const { return {dims::unknown, value}; }  // NOLINT: as for a symbol
  constexpr dyn_t() = default;
  constexpr dyn_t(dyn_t const&) = default;
  friend constexpr bool operator==(dyn_t, dyn_t) { return true; }
};
inline constexpr dyn_t dyn{};

namespace detail {
template <name Name, std::size_t... I>
constexpr symbol<Name.text[I]...> make_symbol(std::index_sequence<I...>) {
  return {};
}
template <name Name, std::size_t... I>
constexpr named<Name.text[I]...> make_named(std::index_sequence<I...>) {
  return {};
}
}  // namespace detail

/// A symbolic dimension: the same name is the same extent, at compile time and within one run.
template <name Name>
inline constexpr auto dim = detail::make_symbol<Name>(std::make_index_sequence<Name.size()>{});

template <name Name>
using named_as = decltype(detail::make_named<Name>(std::make_index_sequence<Name.size()>{}));

namespace detail {
template <auto D>
constexpr i64 extent_of() {
  using Dim = std::remove_const_t<decltype(D)>;
  if constexpr (std::is_integral_v<Dim>) {
    return D;
  } else if constexpr (std::is_same_v<Dim, dyn_t>) {
    return dims::unknown;
  } else {
    return Dim::extent;
  }
}
// One spelling of each extent: int where it fits, so that shape<2> and shape<2ul> are one type.
template <auto D>
constexpr auto canonical() {
  if constexpr (!std::is_integral_v<std::remove_const_t<decltype(D)>>) {
    return D;
  } else {
    constexpr i64 extent = static_cast<i64>(D);
    if constexpr (extent == static_cast<int>(extent)) {
      return static_cast<int>(extent);
    } else {
      return extent;
    }
  }
}
}  // namespace detail

/// The type of a shape; `shape<2, 3>` is its value.
template <auto... D>
struct shape_t {
  static constexpr bool is_known = true;
  static constexpr int rank = static_cast<int>(sizeof...(D));
  static_assert(rank <= max_rank, "tfx: a tensor has at most 8 dimensions");
  static constexpr dims value{rank, {detail::extent_of<D>()...}};
};
/// Of a placeholder that takes its shape from what is fed, and of what is computed from it.
struct unknown_shape {
  static constexpr bool is_known = false;
  static constexpr int rank = dims::unknown_rank;
  static constexpr dims value{dims::unknown_rank, {}};
};
/// Shapes are equal where all is spelled alike: numbers, names and `dyn`.
template <auto... D, auto... E>
constexpr bool operator==(shape_t<D...>, shape_t<E...>) {
  return std::is_same_v<shape_t<D...>, shape_t<E...>>;
}

/// What stands in a shape: a number from 0 on, a name, `dyn`, or the -1 of what follows from the rest.
template <auto D>
concept not_negative_extent =
    !std::is_integral_v<std::remove_const_t<decltype(D)>> || static_cast<i64>(D) >= 0 ||
    (std::is_signed_v<std::remove_const_t<decltype(D)>> && static_cast<i64>(D) == dims::unknown);

/// `shape<2, 3>`, `shape<batch, 784>`, `shape<dyn, 4>`, `shape<>`.
template <auto... D>
  requires(not_negative_extent<D> && ...)
inline constexpr shape_t<detail::canonical<D>()...> shape{};

namespace detail {
// The way back from a symbol's extent to its type: written once, when the symbol is first a part of a shape.
template <i64 Extent>
struct symbol_key {
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-template-friend"
#endif
  friend constexpr auto symbol_type(symbol_key);
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
};
template <class Symbol>
struct define_symbol {
  friend constexpr auto symbol_type(symbol_key<Symbol::extent>) { return Symbol{}; }
  static constexpr bool done = true;
};
template <auto D>
constexpr bool note_symbol() {
  using Dim = std::remove_const_t<decltype(D)>;
  if constexpr (!std::is_integral_v<Dim> && !std::is_same_v<Dim, dyn_t>) return define_symbol<Dim>::done;
  return true;
}
template <i64 Extent>
constexpr auto dim_from() {
  if constexpr (Extent >= 0) {
    return canonical<Extent>();
  } else if constexpr (Extent >= dims::name_bound) {
    return dyn;
  } else {
    return symbol_type(symbol_key<Extent>{});
  }
}
template <class Holder, class Sequence>
struct shape_from_value;
template <class Holder, std::size_t... I>
struct shape_from_value<Holder, std::index_sequence<I...>> {
  using type = shape_t<dim_from<Holder::value.extent[I]>()...>;
};
template <class Holder, bool Known = Holder::value.is_known()>
struct shape_of_value {
  using type = unknown_shape;
};
template <class Holder>
struct shape_of_value<Holder, true> {
  using type =
      typename shape_from_value<Holder, std::make_index_sequence<static_cast<std::size_t>(Holder::value.rank)>>::type;
};
}  // namespace detail

/// The type of the shape that `Holder::value` (a dims) describes.
template <class Holder>
using shape_from = typename detail::shape_of_value<Holder>::type;

namespace detail {
template <auto... D>
constexpr bool note_symbols(shape_t<D...>) {
  return (note_symbol<D>() && ...);
}
constexpr bool note_symbols(unknown_shape) { return true; }
/// Makes the symbols of a shape findable by extent; whatever takes a shape from the user calls it.
template <class Shape>
constexpr bool note_symbols_of() {
  return note_symbols(Shape{});
}
}  // namespace detail

TFX_END
