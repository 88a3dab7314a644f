// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/op.hpp>

TFX_BEGIN

/// A symbol that occurs in a shape, with its text.
struct named_extent {
  i64 extent = 0;
  std::string_view text;
};

/// What computes a tensor: the constant that an expression's hash leads to. Inputs are descriptors again, so that a
/// hash stands for a whole graph; it exists at compile time only.
struct descriptor {
  op_info const* op;
  u64 hash;
  dtype type;
  dims const* shape;
  std::string_view name;
  u64 name_hash;
  descriptor const* const* inputs;
  int input_count;
  i64 const* words;  // static attributes, in the op's own order
  int word_count;
  u64 const* numbers;  // the literals that it reaches, ascending: what an expression of this hash carries
  int number_count;
  named_extent const* symbols;
  int symbol_count;
};

/// Static attributes as a type.
template <i64... W>
struct words {};

namespace detail {
// Sixteen namespaces keep argument-dependent lookup short: each friend is found among a sixteenth of all.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-template-friend"
#endif
#define TFX_BUCKET(N)                                                                           \
  namespace bucket##N {                                                                         \
    template <u64 Hash>                                                                         \
    struct key {                                                                                \
      friend constexpr descriptor const* lookup(key<Hash>);                                     \
    };                                                                                          \
    template <class Content>                                                                    \
    struct writer {                                                                             \
      friend constexpr descriptor const* lookup(key<Content::hash>) { return &Content::value; } \
      static constexpr bool done = true;                                                        \
    };                                                                                          \
  }
// clang-format off
TFX_BUCKET(0) TFX_BUCKET(1) TFX_BUCKET(2) TFX_BUCKET(3) TFX_BUCKET(4) TFX_BUCKET(5) TFX_BUCKET(6) TFX_BUCKET(7)
TFX_BUCKET(8) TFX_BUCKET(9) TFX_BUCKET(10) TFX_BUCKET(11) TFX_BUCKET(12) TFX_BUCKET(13) TFX_BUCKET(14) TFX_BUCKET(15)
// clang-format on
#undef TFX_BUCKET
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

        template <int Bucket, u64 Hash>
        struct key_in;
#define TFX_BUCKET(N)                          \
  template <u64 Hash>                          \
  struct key_in<N, Hash> {                     \
    using type = bucket##N::key<Hash>;         \
    template <class Content>                   \
    using writer = bucket##N::writer<Content>; \
  };
// clang-format off
TFX_BUCKET(0) TFX_BUCKET(1) TFX_BUCKET(2) TFX_BUCKET(3) TFX_BUCKET(4) TFX_BUCKET(5) TFX_BUCKET(6) TFX_BUCKET(7)
TFX_BUCKET(8) TFX_BUCKET(9) TFX_BUCKET(10) TFX_BUCKET(11) TFX_BUCKET(12) TFX_BUCKET(13) TFX_BUCKET(14) TFX_BUCKET(15)
// clang-format on
#undef TFX_BUCKET
}  // namespace detail

template <u64 Hash>
using key = typename detail::key_in<static_cast<int>(Hash % 16), Hash>::type;

namespace detail {
/// Walks the union of the literals of some descriptors, ascending: the least id above `after`, or `end`.
struct number_union {
  static constexpr u64 end = ~u64{0};

  static constexpr u64 next(descriptor const* const* inputs, int input_count, u64 after) {
    u64 least = end;
    for (int i = 0; i < input_count; ++i) {
      descriptor const& d = *inputs[i];
      int k = 0;
      while (k < d.number_count && d.numbers[k] <= after) ++k;
      if (k < d.number_count && d.numbers[k] < least) least = d.numbers[k];
    }
    return least;
  }
  static constexpr int count(descriptor const* const* inputs, int input_count) {
    int total = 0;
    for (u64 id = next(inputs, input_count, 0); id != end; id = next(inputs, input_count, id)) ++total;
    return total;
  }
};

/// In the place of a literal's own id: nothing rides here, whatever the inputs carry.
inline constexpr u64 carries_none = ~u64{0};

template <u64 Own, u64... In>
struct numbers_of {
  static constexpr descriptor const* inputs[sizeof...(In) + 1] = {lookup(key<In>{})..., nullptr};
  static constexpr int input_count = sizeof...(In);
  static constexpr bool any = Own != 0 || (false || ... || (lookup(key<In>{})->number_count != 0));
  // Most expressions reach no literal, or those of one input only: nothing is stored for them.
  static constexpr int only() {
    int found = -1;
    for (int i = 0; i < input_count; ++i) {
      if (inputs[i]->number_count == 0) continue;
      if (found >= 0 && !same_numbers(*inputs[found], *inputs[i])) return -1;
      found = i;
    }
    return found;
  }
  static constexpr bool same_numbers(descriptor const& a, descriptor const& b) {
    if (a.number_count != b.number_count) return false;
    for (int i = 0; i < a.number_count; ++i)
      if (a.numbers[i] != b.numbers[i]) return false;
    return true;
  }
};
template <class Numbers, int Count>
struct merged_numbers {
  u64 value[Count]{};
  constexpr merged_numbers() {
    u64 id = 0;
    for (u64& item : value) item = id = number_union::next(Numbers::inputs, Numbers::input_count, id);
  }
};
template <u64 Own>
inline constexpr u64 own_number[1] = {Own};
template <class Numbers>
inline constexpr merged_numbers<Numbers, number_union::count(Numbers::inputs, Numbers::input_count)> all_numbers{};

struct number_list {
  u64 const* ids = nullptr;
  int count = 0;
};
template <u64 Own, u64... In>
constexpr number_list list_numbers() {
  using numbers = numbers_of<Own, In...>;
  if constexpr (Own == carries_none) {
    return {};
  } else if constexpr (Own != 0) {
    return {own_number<Own>, 1};
  } else if constexpr (!numbers::any) {
    return {};
  } else if constexpr (numbers::only() >= 0) {
    return {numbers::inputs[numbers::only()]->numbers, numbers::inputs[numbers::only()]->number_count};
  } else {
    return {all_numbers<numbers>.value, number_union::count(numbers::inputs, numbers::input_count)};
  }
}

template <class Words>
struct word_list;
template <i64... W>
struct word_list<words<W...>> {
  static constexpr int count = sizeof...(W);
  static constexpr i64 values[sizeof...(W) + 1] = {W..., 0};
};

template <class Shape>
struct shape_symbols {
  static constexpr int count = 0;
  static constexpr named_extent values[1] = {};
};
template <auto D>
constexpr named_extent named_extent_of() {
  if constexpr (extent_of<D>() < dims::name_bound) {
    return {D.extent, D.text};
  } else {
    return {};
  }
}
template <auto... D>
struct shape_symbols<shape_t<D...>> {
  static constexpr int count = ((extent_of<D>() < dims::name_bound) + ... + 0) > 0 ? sizeof...(D) : 0;
  static constexpr named_extent values[sizeof...(D) + 1] = {named_extent_of<D>()...};
};
}  // namespace detail

/// Writes, once, what `Hash` stands for. A pure function of content: the order of instantiation and the translation
/// unit do not matter, and two contents of one hash are a redefinition error.
template <u64 Hash, class Op, name Name, dtype Type, class Shape, class Words, u64 Number, u64... In>
struct define {
  static constexpr descriptor const* inputs[sizeof...(In) + 1] = {lookup(key<In>{})..., nullptr};
  static constexpr u64 hash = Hash;
  static constexpr auto own_name = Name;
  static constexpr descriptor value{&info<Op>,
                                    Hash,
                                    Type,
                                    &Shape::value,
                                    own_name.view(),
                                    hash_of(own_name.view()),
                                    inputs,
                                    sizeof...(In),
                                    detail::word_list<Words>::values,
                                    detail::word_list<Words>::count,
                                    detail::list_numbers<Number, In...>().ids,
                                    detail::list_numbers<Number, In...>().count,
                                    detail::shape_symbols<Shape>::values,
                                    detail::shape_symbols<Shape>::count};
  static constexpr bool done = detail::key_in<static_cast<int>(Hash % 16), Hash>::template writer<define>::done;
};

TFX_END
