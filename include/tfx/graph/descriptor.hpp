// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/numbering.hpp>
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
  u64 const* numbers;  // the literals that it reaches, as they are met: what an expression of this hash carries
  int number_count;
  named_extent const* symbols;
  int symbol_count;
  bool lacks_rule = false;  // derivatives would pass an op without a rule for them (graph/missing_rule.hpp)
};

/// What a descriptor stands for: itself, or its input where flattening leaves nothing of it.
constexpr descriptor const& meaning(descriptor const& d) {
  descriptor const* found = &d;
  while (found->op->transparent) found = found->inputs[0];
  return *found;
}
/// What computes a tensor; an output's is its op.
constexpr descriptor const& source_of(descriptor const& tensor) {
  descriptor const& d = meaning(tensor);
  return d.op->kind == op_kind::output ? *d.inputs[0] : d;
}
/// What messages call a tensor.
constexpr std::string_view spoken_name(descriptor const& tensor) {
  descriptor const& d = source_of(tensor);
  return d.name.empty() ? d.op->name : d.name;
}
/// What TensorFlow calls the op that computes a tensor.
constexpr std::string_view type_name(descriptor const& tensor) {
  descriptor const& d = source_of(tensor);
  if (d.op->kind == op_kind::splat) return "Const";
  return d.op->has_type ? d.op->type(d.shape->rank) : d.op->name;
}

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

// Ids of literals. A literal in a variable's initial value belongs to the variable: its id is made of the variable's
// name and of its place there, so that it is the same wherever the variable is written, in every translation unit.
inline constexpr u64 owned_flag = u64{1} << 63, token_flag = u64{1} << 62, anonymous_flag = u64{1} << 61;
constexpr u64 number_id(u64 leaf, u64 flags) { return (leaf & ~(owned_flag | token_flag | anonymous_flag)) | flags; }
constexpr u64 owned_number_id(u64 owner, int place) {
  return number_id(mix(owner, static_cast<u64>(place)), owned_flag);
}
constexpr bool is_owned(u64 id) { return (id & owned_flag) != 0; }
constexpr bool is_token(u64 id) { return (id & token_flag) != 0; }
/// Of a constant that says nothing of its name nor of its place: what reads it tells it apart from others.
constexpr bool is_anonymous(u64 id) { return (id & anonymous_flag) != 0; }
/// How distinct_op changes the ids of anonymous numbers; `keeps`: they may be told apart once more.
struct renaming {
  u64 tag = 0;
  bool keeps = false;

  constexpr u64 operator()(u64 id) const {
    return is_anonymous(id) ? number_id(mix(id, tag), keeps ? anonymous_flag : 0) : id;
  }
};

/// The literals that an expression of some inputs carries, in the order in which they are met: a function of the
/// expression alone, whatever the hashes are. Most reach none, or those of one input only: nothing is stored for them.
struct number_list {
  static constexpr int none = -1, own = -2;

  int from = none;  // the input whose list this is
  int count = 0;

  static constexpr int common_prefix(descriptor const& a, descriptor const& b) {
    int const most = a.number_count < b.number_count ? a.number_count : b.number_count;
    int i = 0;
    while (i < most && a.numbers[i] == b.numbers[i]) ++i;
    return i;
  }
  /// All ids, each once.
  static constexpr vector<u64> unite(descriptor const* const* inputs, int input_count) {
    constexpr int few = 32;
    int total = 0;
    for (int i = 0; i < input_count; ++i) total += inputs[i]->number_count;
    vector<u64> ids;
    ids.reserve(total);
    if (total > few) {
      numbering met;
      for (int i = 0; i < input_count; ++i)
        for (int k = 0; k < inputs[i]->number_count; ++k) met.of(inputs[i]->numbers[k]);
      return met.keys;
    }
    for (int i = 0; i < input_count; ++i) {
      for (int k = 0; k < inputs[i]->number_count; ++k) {
        u64 const id = inputs[i]->numbers[k];
        int at = 0;
        while (at < ids.count && ids.items[at] != id) ++at;
        if (at == ids.count) ids.push_back(id);
      }
    }
    return ids;
  }
  static constexpr number_list of(descriptor const* const* inputs, int input_count) {
    number_list result;
    bool united = false;
    for (int i = 0; i < input_count; ++i) {
      descriptor const& d = *inputs[i];
      if (d.number_count == 0) continue;
      if (result.from == none) {
        result.from = i;
        continue;
      }
      descriptor const& longest = *inputs[result.from];
      int const common = common_prefix(longest, d);
      if (common == longest.number_count) {
        result.from = i;
      } else if (common < d.number_count) {
        united = true;
      }
    }
    if (result.from != none) result.count = inputs[result.from]->number_count;
    if (!united) return result;
    int const count = unite(inputs, input_count).count;
    return count == result.count ? result : number_list{own, count};
  }

  // Those of a variable: its initial value's, without tokens, since the variable's name tells its random numbers apart.
  static constexpr vector<u64> possess(descriptor const& initial, u64 owner) {
    vector<u64> ids;
    for (int i = 0; i < initial.number_count; ++i) {
      u64 const id = initial.numbers[i];
      if (!is_token(id)) ids.push_back(is_owned(id) ? id : owned_number_id(owner, i));
    }
    return ids;
  }
  static constexpr vector<u64> rename(descriptor const& x, renaming by) {
    vector<u64> ids;
    for (int i = 0; i < x.number_count; ++i) ids.push_back(by(x.numbers[i]));
    return ids;
  }
  static constexpr number_list of_variable(descriptor const& initial) {
    number_list result;
    for (int i = 0; i < initial.number_count; ++i)
      if (!is_token(initial.numbers[i])) ++result.count;
    if (result.count > 0) result.from = own;
    return result;
  }
};
template <int Count>
struct own_numbers {
  u64 value[Count]{};
  /// Of a variable named `owner`, or 0; of what tells numbers apart by a tag, or 0.
  constexpr own_numbers(descriptor const* const* inputs, int input_count, u64 owner, renaming by) {
    if (by.tag != 0) {
      vector<u64> const ids = number_list::rename(*inputs[0], by);
      for (int i = 0; i < Count; ++i) value[i] = ids.items[i];
    } else if (owner != 0) {
      vector<u64> const ids = number_list::possess(*inputs[0], owner);
      for (int i = 0; i < Count; ++i) value[i] = ids.items[i];
    } else {
      vector<u64> const ids = number_list::unite(inputs, input_count);
      for (int i = 0; i < Count; ++i) value[i] = ids.items[i];
    }
  }
};
/// Where such lists lie: only for what has one of its own there is a class of its own.
struct no_numbers {
  static constexpr u64 const* ids = nullptr;
};
template <class Content>
struct kept_numbers {
  static constexpr int input_count = static_cast<int>(sizeof(Content::inputs) / sizeof(Content::inputs[0])) - 1;
  static constexpr own_numbers<Content::result.numbers.count> list{Content::inputs, input_count, Content::owner,
                                                                   Content::renames};
  static constexpr u64 const* ids = list.value;
};
template <bool Own>
struct numbers_of {
  template <class Content>
  using type = no_numbers;
};
template <>
struct numbers_of<true> {
  template <class Content>
  using type = kept_numbers<Content>;
};

/// How the type of an expression is made.
enum class outcome : unsigned char { refusal, no_op, operation, numbers, dimensions };
/// What the compiler finds out about one expression.
struct concluded {
  outcome kind = outcome::refusal;
  dtype type = dtype::none;
  dims shape{};
  u64 hash = 0;
  number_list numbers{};
  bool lacks_rule = false;

  constexpr bool has_own_numbers() const { return numbers.from == number_list::own; }
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
  static constexpr u64 owner = 0;
  static constexpr detail::renaming renames{};
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
                                          : detail::numbers_of<result.has_own_numbers()>::template type<define>::ids,
                                      result.numbers.count,
                                      detail::shape_symbols<Shape>::values,
                                      detail::shape_symbols<Shape>::count};
  static constexpr bool done = detail::bucket_of<Hash>::template writer<define>::done;
};

TFX_END
