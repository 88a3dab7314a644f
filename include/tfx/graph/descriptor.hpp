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
#define TFX_BUCKET(N)                                                                                    \
  namespace bucket##N {                                                                                  \
    template <u64 Hash>                                                                                  \
    struct key {                                                                                         \
      friend constexpr descriptor const* lookup(key<Hash>);                                              \
    };                                                                                                   \
    template <class Content>                                                                             \
    struct writer {                                                                                      \
      friend constexpr descriptor const* lookup(key<Content::result.hash>) { return &Content::content; } \
      static constexpr bool done = true;                                                                 \
    };                                                                                                   \
  }
// clang-format off
TFX_BUCKET(0) TFX_BUCKET(1) TFX_BUCKET(2) TFX_BUCKET(3) TFX_BUCKET(4) TFX_BUCKET(5) TFX_BUCKET(6) TFX_BUCKET(7)
TFX_BUCKET(8) TFX_BUCKET(9) TFX_BUCKET(10) TFX_BUCKET(11) TFX_BUCKET(12) TFX_BUCKET(13) TFX_BUCKET(14) TFX_BUCKET(15)
#undef TFX_BUCKET
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

template <int Index>
struct bucket;
// clang-format on
#define TFX_BUCKET(N)                          \
  template <>                                  \
  struct bucket<N> {                           \
    template <u64 Hash>                        \
    using key = bucket##N::key<Hash>;          \
    template <class Content>                   \
    using writer = bucket##N::writer<Content>; \
  };
// clang-format off
TFX_BUCKET(0) TFX_BUCKET(1) TFX_BUCKET(2) TFX_BUCKET(3) TFX_BUCKET(4) TFX_BUCKET(5) TFX_BUCKET(6) TFX_BUCKET(7)
TFX_BUCKET(8) TFX_BUCKET(9) TFX_BUCKET(10) TFX_BUCKET(11) TFX_BUCKET(12) TFX_BUCKET(13) TFX_BUCKET(14) TFX_BUCKET(15)
#undef TFX_BUCKET

template <u64 Hash>
using bucket_of = bucket<static_cast<int>(Hash % 16)>;
// clang-format on
}  // namespace detail

template <u64 Hash>
using key = typename detail::bucket_of<Hash>::template key<Hash>;

/// In the place of a name's hash: TensorFlow would not take it for a node.
inline constexpr u64 no_node_name = ~u64{0};

namespace detail {
/// A name as a type: its text is looked at once, and what is made of it stays short.
template <name Name>
struct named_so {
  static constexpr auto own = Name;
  static constexpr std::string_view text = own.view();
  static constexpr u64 hash = names_node<Name> ? hash_of(text) : no_node_name;
};

/// The literals that an expression of some inputs carries: their union, ascending. Most reach none, or those of one
/// input only: nothing is stored for them.
struct number_list {
  static constexpr int none = -1, several = -2;
  static constexpr u64 end = ~u64{0};

  int from = none;  // the input whose list this is
  int count = 0;

  /// The least id above `after`, or `end`.
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
  static constexpr bool same(descriptor const& a, descriptor const& b) {
    if (a.number_count != b.number_count) return false;
    for (int i = 0; i < a.number_count; ++i)
      if (a.numbers[i] != b.numbers[i]) return false;
    return true;
  }
  static constexpr number_list of(descriptor const* const* inputs, int input_count) {
    number_list result;
    for (int i = 0; i < input_count; ++i) {
      if (inputs[i]->number_count == 0) continue;
      if (result.from == none) {
        result.from = i;
        result.count = inputs[i]->number_count;
      } else if (!same(*inputs[result.from], *inputs[i])) {
        result.from = several;
        result.count = 0;
        for (u64 id = next(inputs, input_count, 0); id != end; id = next(inputs, input_count, id)) ++result.count;
        return result;
      }
    }
    return result;
  }
};
template <int Count>
struct merged_numbers {
  u64 value[Count]{};
  constexpr merged_numbers(descriptor const* const* inputs, int input_count) {
    u64 id = 0;
    for (u64& item : value) item = id = number_list::next(inputs, input_count, id);
  }
};
/// Where merged ids lie: only for what merges some there is a class of its own.
struct nothing_merged {
  static constexpr u64 const* ids = nullptr;
};
template <class Content>
struct merged_ids {
  static constexpr merged_numbers<Content::result.numbers.count> list{
      Content::inputs, static_cast<int>(sizeof(Content::inputs) / sizeof(Content::inputs[0])) - 1};
  static constexpr u64 const* ids = list.value;
};
template <bool Merges>
struct merging {
  template <class Content>
  using of = nothing_merged;
};
template <>
struct merging<true> {
  template <class Content>
  using of = merged_ids<Content>;
};

/// How the type of an expression is made.
enum class outcome : unsigned char { refusal, operation, numbers, dimensions };
/// What the compiler finds out about one expression.
struct concluded {
  outcome kind = outcome::refusal;
  dtype type = dtype::none;
  dims shape{};
  u64 hash = 0;
  number_list numbers{};

  constexpr bool merges() const { return numbers.from == number_list::several; }
  /// How many axes are numbers that a shape spells.
  constexpr std::size_t rank() const { return kind == outcome::numbers ? static_cast<std::size_t>(shape.rank) : 0; }
};

/// In the place of a literal's own id: nothing rides here, whatever the inputs carry.
inline constexpr u64 carries_none = ~u64{0};

/// For what is told by itself; `number` is a literal's id, 0 for what carries the numbers of its inputs.
constexpr concluded tell(u64 hash, u64 number, descriptor const* const* inputs, int input_count) {
  concluded result;
  result.hash = hash;
  if (number == 0) {
    result.numbers = number_list::of(inputs, input_count);
  } else if (number != carries_none) {
    result.numbers.count = 1;
  }
  return result;
}

template <class Words>
struct word_list;
template <i64... W>
struct word_list<words<W...>> {
  static constexpr int count = sizeof...(W);
  static constexpr i64 values[sizeof...(W) + 1] = {W..., 0};
};

/// The names in a shape: nothing is stored where it has none.
template <class Shape>
struct shape_symbols {
  static constexpr int count = 0;
  static constexpr named_extent const* values = nullptr;
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
  requires((extent_of<D>() < dims::name_bound) || ...)
struct shape_symbols<shape_t<D...>> {
  static constexpr int count = sizeof...(D);
  static constexpr named_extent values[] = {named_extent_of<D>()...};
};
}  // namespace detail

/// Writes, once, what `Hash` stands for, where that is told: leaves, feeds, runs. A pure function of content: the order
/// of instantiation and the translation unit do not matter, and two contents of one hash are a redefinition error.
template <u64 Hash, class Op, name Name, dtype Type, class Shape, class Words, u64 Number, u64... In>
struct define {
  using name_type = detail::named_so<Name>;
  static constexpr descriptor const* inputs[sizeof...(In) + 1] = {lookup(key<In>{})..., nullptr};
  static constexpr detail::concluded result = detail::tell(Hash, Number, inputs, sizeof...(In));
  static constexpr u64 own_number[1] = {Number};
  static constexpr descriptor content{&info<Op>,
                                      Hash,
                                      Type,
                                      &Shape::value,
                                      name_type::text,
                                      name_type::hash,
                                      inputs,
                                      sizeof...(In),
                                      detail::word_list<Words>::values,
                                      detail::word_list<Words>::count,
                                      Number != 0 ? own_number
                                      : result.numbers.from >= 0
                                          ? inputs[result.numbers.from]->numbers
                                          : detail::merging<result.merges()>::template of<define>::ids,
                                      result.numbers.count,
                                      detail::shape_symbols<Shape>::values,
                                      detail::shape_symbols<Shape>::count};
  static constexpr bool done = detail::bucket_of<Hash>::template writer<define>::done;
};

TFX_END
