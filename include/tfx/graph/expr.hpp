// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/descriptor.hpp>
#include <tfx/graph/literal.hpp>
#include <tfx/graph/refusal.hpp>

TFX_BEGIN

/// A value bound to a tensor for one run: what `x = data` gives inside `run(…)`.
template <class X, class Value>
struct feed {
  Value const& value;
};

struct expression_base {};

/// A typed handle to a tensor that is not computed yet: dtype, shape, and the hash of what computes it. Empty, unless
/// run-time numbers ride in it.
template <class T, class Shape, u64 Hash>
struct expr : payload<lookup(key<Hash>{})->number_count>, expression_base {
  using value_type = T;
  using shape_type = Shape;
  static constexpr u64 hash = Hash;
  static constexpr int literal_count = lookup(key<Hash>{})->number_count;

  constexpr expr() = default;
  constexpr expr(expr const&) = default;
  expr& operator=(expr const&) = default;

  /// Feeds this tensor: a number, a list, a std::vector or std::span, any xtensor container or expression.
  template <class Value>
    requires(!std::is_base_of_v<expression_base, Value>)
  constexpr feed<expr, Value> operator=(Value const& value) const {
    return {value};
  }
  template <class U, std::size_t N>
  constexpr feed<expr, U[N]> operator=(U const (&value)[N]) const {
    return {value};
  }
  template <class U, std::size_t N, std::size_t M>
  constexpr feed<expr, U[N][M]> operator=(U const (&value)[N][M]) const {
    return {value};
  }
  template <class U, std::size_t N, std::size_t M, std::size_t K>
  constexpr feed<expr, U[N][M][K]> operator=(U const (&value)[N][M][K]) const {
    return {value};
  }
  template <class U, std::size_t N, std::size_t M, std::size_t K, std::size_t L>
  constexpr feed<expr, U[N][M][K][L]> operator=(U const (&value)[N][M][K][L]) const {
    return {value};
  }

  /// The value, computed by the default session; `feeds` as in Session::run.
  template <class... Feeds>
  auto eval(Feeds const&... feeds) const;
};

/// Something that a run does and that has no value: a training step, an initialiser.
template <u64 Hash>
struct operation : payload<lookup(key<Hash>{})->number_count>, expression_base {
  using value_type = void;
  using shape_type = shape_t<>;
  static constexpr u64 hash = Hash;
  static constexpr int literal_count = lookup(key<Hash>{})->number_count;

  /// Runs it in the default session.
  template <class... Feeds>
  void run(Feeds const&... feeds) const;
};

/// Anything that a graph is made of: a typed expression, an operation, or a node inside the compiler's passes.
template <class X>
concept expression = std::is_base_of_v<expression_base, X>;
template <class X>
concept typed_expression = expression<X> && requires { X::hash; };
template <class X>
concept number = std::is_arithmetic_v<X>;

namespace detail {
/// What a type-level shape rule concludes.
struct concluded {
  dtype type = dtype::none;
  dims shape{};
  refusal error{};
};
template <class Op, class Words, u64... In>
constexpr concluded conclude() {
  concluded result;
  dims const* const shapes[] = {lookup(key<In>{})->shape..., nullptr};
  dtype const* const types[] = {&lookup(key<In>{})->type..., nullptr};
  inference call{&info<Op>,
                 {shapes, sizeof...(In)},
                 {types, sizeof...(In)},
                 word_list<Words>::values,
                 word_list<Words>::count,
                 nullptr,
                 result.shape,
                 result.error};
  Op::infer(call);
  result.type = call.type;
  return result;
}

template <class Words>
struct hash_words;
template <i64... W>
struct hash_words<words<W...>> {
  static constexpr u64 hash() {
    u64 result = sizeof...(W);
    for (i64 word : word_list<words<W...>>::values) result = mix(result, static_cast<u64>(word));
    return result;
  }
  static constexpr u64 value = hash();
};

template <class T, class Shape, u64 Hash>
struct result_type {
  using type = expr<T, Shape, Hash>;
};
template <class Shape, u64 Hash>
struct result_type<void, Shape, Hash> {
  using type = operation<Hash>;
};
template <dtype D>
struct element_or_void {
  using type = type_of<D>;
};
template <>
struct element_or_void<dtype::none> {
  using type = void;
};

constexpr u64 content_hash(u64 op, u64 name, dtype type, dims const& shape, u64 words, u64 const* in, int count) {
  u64 hash = mix(mix(op, name), static_cast<u64>(type));
  hash = mix(hash, static_cast<u64>(shape.rank));
  for (int i = 0; i < shape.rank; ++i) hash = mix(hash, static_cast<u64>(shape.extent[i]));
  hash = mix(hash, words);
  for (int i = 0; i < count; ++i) hash = mix(hash, in[i]);
  return hash;
}

/// One expression: its type is `type`, an expr or, where the shape rule refuses, the undefined type that says why.
template <class Op, name Name, class Words, u64... In>
struct applied {
  static constexpr concluded conclusion = conclude<Op, Words, In...>();
  static constexpr dims value = conclusion.shape;
  static constexpr refusal error = conclusion.error;

  static constexpr auto make() {
    if constexpr (error.kind != refusal_kind::none) {
      return type_box<refused<applied>>{};
    } else {
      using shape_type = shape_from<applied>;
      constexpr u64 in[] = {In..., 0};
      constexpr u64 hash = content_hash(define_op<Op>::hash, hash_of(Name.view()), conclusion.type, conclusion.shape,
                                        hash_words<Words>::value, in, sizeof...(In));
      static_assert(define<hash, Op, Name, conclusion.type, shape_type, Words, 0, In...>::done);
      return result_type<typename element_or_void<conclusion.type>::type, shape_type, hash>{};
    }
  }
  using type = typename decltype(make())::type;
};

/// A leaf: dtype and shape are declared; `Number` says that a literal's value rides in the expression.
template <class Op, name Name, class T, class Shape, bool Number, i64... W>
struct leaf {
  static constexpr u64 hash = content_hash(define_op<Op>::hash, hash_of(Name.view()), dtype_of<T>, Shape::value,
                                           hash_words<words<W...>>::value, nullptr, 0);
  static_assert(note_symbols_of<Shape>());
  static_assert(define < hash, Op, Name, dtype_of<T>, Shape, words<W...>, Number ? hash : 0 > ::done);
  using type = expr<canonical_type<T>, Shape, hash>;
};

template <bool AnyHandle, class Op, name Name, class Words, class... X>
struct result_of {
  using type = handle;
};
// clang asks for the result of an operator before it asks whether the operand is an expression at all.
template <class Op, name Name, class Words, class... X>
  requires(expression<X> && ...)
struct result_of<false, Op, Name, Words, X...> {
  using type = typename applied<Op, Name, Words, X::hash...>::type;
};
}  // namespace detail

/// The type of applying `Op` with static attributes `Words` to inputs: a typed expression, a handle for handles, or an
/// undefined type that names the mistake.
template <class Op, name Name, class Words, class... X>
using result_with = typename detail::result_of<(std::is_same_v<X, handle> || ...), Op, Name, Words, X...>::type;
template <class Op, name Name, class... X>
using result_t = result_with<Op, Name, words<>, X...>;

namespace detail {
template <u64 From, u64 Into>
constexpr auto make_literal_map() {
  constexpr descriptor const* from = lookup(key<From>{});
  constexpr descriptor const* into = lookup(key<Into>{});
  literal_map<from->number_count> map;
  int k = 0;
  for (int i = 0; i < from->number_count; ++i) {
    while (into->numbers[k] != from->numbers[i]) ++k;
    map.at[i] = k;
  }
  return map;
}
template <class Result, class X>
void carry(Result& result, bool* taken, X const& x) {
  if constexpr (X::literal_count > 0) {
    constexpr auto map = make_literal_map<X::hash, Result::hash>();
    for (int i = 0; i < X::literal_count; ++i)
      merge_literal(result.literals[map.at[i]], taken[map.at[i]], x.literals[i]);
  }
}
}  // namespace detail

/// Makes `Result`, which has `x…` as inputs, and moves the run-time numbers that ride in them into it.
template <class Result, class... X>
constexpr Result compose(X const&... x) {
  Result result;
  if constexpr (Result::literal_count > 0) {
    bool taken[Result::literal_count] = {};
    (detail::carry(result, taken, x), ...);
  }
  return result;
}

TFX_END
