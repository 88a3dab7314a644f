// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/fits.hpp>
#include <tfx/graph/leaf_ops.hpp>
#include <tfx/graph/simplification.hpp>
#include <tfx/graph/site.hpp>

TFX_BEGIN

namespace detail {
/// The type of a literal: named by its name, or by its place in the source and what it is combined with.
template <name Name, class T, class Shape, u64 Context, auto Site>
struct literal_leaf {
  static constexpr i64 id() {
    if constexpr (Name.size() > 0) {
      return 0;
    } else {
      return 1 + site_index<mix(mix(Context, static_cast<u64>(dtype_of<T>)), 0x51), decltype(Site)>;
    }
  }
  using type = typename leaf<literal_op, Name, T, Shape, true, static_cast<i64>(Context), id()>::type;
};

/// A scalar constant without a name: its type says nothing of where it stands, so that all of a dtype have one type.
template <class T>
using anonymous_scalar = typename leaf<literal_op, "", T, shape_t<>, true>::type;

constexpr bool any_anonymous(descriptor const& d) {
  for (int i = 0; i < d.number_count; ++i)
    if (is_anonymous(d.numbers[i])) return true;
  return false;
}
template <u64 Hash>
inline constexpr bool has_anonymous = any_anonymous(*lookup(key<Hash>{}));
/// An expression that reaches no such constant, but where an op has told it apart from others.
template <class X>
concept distinct = (X::literal_count == 0) || (!has_anonymous<X::hash>);

/// X with its anonymous numbers told apart from those of other expressions by a tag.
template <class X, u64 Tag, bool Keeps>
using distinguished = result_with<distinct_op, "", words<static_cast<i64>(Tag), Keeps>, X>;
template <u64 Tag, bool Keeps, class X>
constexpr auto distinguish(X const& x) {
  if constexpr (distinct<X>) {
    return x;
  } else {
    return apply<distinct_op, "", words<static_cast<i64>(Tag), Keeps>>(x);
  }
}

template <class X, class T>
struct number_dtype {
  // A number takes the tensor's dtype; only where that would lose its kind it keeps its own and is refused.
  using type = std::conditional_t<
      is_complex_type<X> && !is_complex_type<T>, X,
      std::conditional_t<
          std::is_floating_point_v<X> && !std::is_floating_point_v<T> && !is_complex_type<T>, double,
          std::conditional_t<std::is_same_v<T, bool> != std::is_same_v<X, bool> || std::is_same_v<T, std::string>, int,
                             T>>>;
};

// Substitution must fail softly for whatever else meets an operator: clang looks at the result before the constraint.
enum class operand_kind { itself, anonymous, number, value, neither };
template <class X, class Like>
constexpr operand_kind kind_of() {
  if constexpr (typed_expression<X>) {
    return distinct<X> || !typed_expression<Like> ? operand_kind::itself : operand_kind::anonymous;
  } else if constexpr (expression<X>) {
    return operand_kind::itself;
  } else if constexpr (number<X> && expression<Like>) {
    return untyped<Like> ? operand_kind::value : operand_kind::number;
  } else {
    return operand_kind::neither;
  }
}
template <class X, class Like, auto Site, int Position, operand_kind Kind = kind_of<X, Like>()>
struct lifted_type {};
template <class X, class Like, auto Site, int Position>
struct lifted_type<X, Like, Site, Position, operand_kind::itself> {
  using type = X;
};
template <class Like, auto Site, int Position>
inline constexpr u64 operand_tag =
    mix(mix(Like::hash, Position), 1 + site_index<mix(Like::hash, 0x52), decltype(Site)>);
template <class X, class Like, auto Site, int Position>
struct lifted_type<X, Like, Site, Position, operand_kind::anonymous> {
  using type = distinguished<X, operand_tag<Like, Site, Position>, false>;
};
template <class X, class Like, auto Site, int Position>
struct lifted_type<X, Like, Site, Position, operand_kind::value> {
  using type = Like;
};
template <class X, class Like, auto Site, int Position>
struct lifted_type<X, Like, Site, Position, operand_kind::number> {
  using T = typename number_dtype<X, typename Like::value_type>::type;
  using type = typename literal_leaf<"", T, shape_t<>, mix(Like::hash, Position), Site>::type;
};
/// A token: of a name, or of a place in the source and what it is combined with.
template <name Name, u64 Context, auto Site>
struct token_leaf {
  static constexpr i64 id() {
    if constexpr (Name.size() > 0) {
      return 0;
    } else {
      return 1 + site_index<mix(Context, 0x70), decltype(Site)>;
    }
  }
  using type = typename leaf<token_op, Name, bool, shape_t<>, true, static_cast<i64>(Context), id()>::type;
};
template <name Name, u64 Context, auto Site>
typename token_leaf<Name, Context, Site>::type token() {
  typename token_leaf<Name, Context, Site>::type result;
  result.literals[0] = make_token();
  return result;
}
}  // namespace detail

/// Two operands of which at least one is an expression; the other may be a plain number.
template <class A, class B>
concept operands = (expression<A> && (expression<B> || number<B>)) || (number<A> && expression<B>);

/// Two expressions that go into an op as they are: no number is among them that the place of the call has to name.
template <class A, class B>
concept two_expressions = typed_expression<A> && typed_expression<B> && detail::distinct<A> && detail::distinct<B>;
/// The other operands, as a default argument: it fails before the compiler makes the closure that tells the place. That
/// closure costs as much as an expression, so operators of two expressions have none.
template <class A, class B>
using if_number = std::enable_if_t<operands<A, B> && !two_expressions<A, B>>;

/// What `X` becomes beside `Like`: itself, or, for a plain number, a literal of `Like`'s dtype. `Position` tells the
/// operands of one call apart.
template <class X, class Like, auto Site, int Position = 0>
using lifted = typename detail::lifted_type<X, Like, Site, Position>::type;

/// The place of a call, as the default `auto Site = call_site<V>` of a member template of a class template, of whose
/// own parameters V is one: g++ 12 finds no lambda there, and clang takes one in a decltype for all calls.
template <class V, auto Site = [] {}>
inline constexpr auto call_site = Site;

/// Instead of a place: numbers are told apart by their operand and by the name of the call alone, and two that meet in
/// one graph are refused.
template <name Name = "">
struct member_site {};

namespace detail {
template <name Name, auto Site>
constexpr auto site_of() {
  if constexpr (Name.size() > 0) {
    return member_site<Name>{};
  } else {
    return Site;
  }
}
template <bool Distinct>
struct unique_inputs {
  template <class Op, auto Site, class X, class Like>
  using type = X;
};
template <>
struct unique_inputs<false> {
  template <class Op, auto Site, class X, class Like>
  using type = lifted<X, Like, Site, static_cast<int>(mix(define_op<Op>::hash, X::hash) & 0x7fffffff)>;
};
}  // namespace detail

/// What `X` becomes as an input of `Op`, which has an effect (on `Like`) or draws random numbers: the call itself tells
/// anonymous numbers apart. Were any left in its result, what uses that twice would tell them apart, and so make two
/// ops of one.
template <class Op, auto Site, class X, class Like = X>
using unique_input = typename detail::unique_inputs<detail::distinct<X>>::template type<Op, Site, X, Like>;

template <class Like, auto Site, int Position = 0, class X>
constexpr decltype(auto) lift(X const& x, [[maybe_unused]] Like const& like) {
  constexpr detail::operand_kind kind = detail::kind_of<X, Like>();
  if constexpr (kind == detail::operand_kind::itself) {
    return (x);
  } else if constexpr (kind == detail::operand_kind::anonymous) {
    return compose<lifted<X, Like, Site, Position>>(x);
  } else if constexpr (kind == detail::operand_kind::value) {
    return scalar_like(like, static_cast<double>(x));
  } else {
    using Literal = lifted<X, Like, Site, Position>;
    Literal result;
    result.literals[0] = make_literal(detail::fitted<typename Literal::value_type>(x));
    return result;
  }
}

namespace detail {
template <bool TwoExpressions>
struct combination {
  template <class Op, name Name, class X, class Y, auto Site>
  using type = result_t<Op, Name, X, Y>;
};
template <>
struct combination<false> {
  template <class Op, name Name, class X, class Y, auto Site>
  using type = result_t<Op, Name, lifted<X, Y, Site>, lifted<Y, X, Site, 1>>;
};
}  // namespace detail

namespace detail {
template <class Result, class Leaf, bool First, class X>
TFX_INLINE Result compose_with_number(literal const& number, X const& x) noexcept {
  Result result;
  literal_source const of_number = source_of<Result::hash, Leaf>(number), of_x = source_of<Result::hash>(x);
  literal_source const sources[] = {First ? of_number : of_x, First ? of_x : of_number};
  result.fill(sources, 2, Result::literal_count);
  if constexpr (sizeof(typename Leaf::value_type) > sizeof number.bits) drop_user(number.array);
  return result;
}
}  // namespace detail

/// What an op of two operands makes of `x` and `y`, one of which may be a plain number.
template <class Op, name Name, class X, class Y, auto Site>
using combined = typename detail::combination<two_expressions<X, Y>>::template type<Op, Name, X, Y, Site>;
template <class Op, name Name, auto Site, class X, class Y>
constexpr combined<Op, Name, X, Y, Site> combine(X const& x, Y const& y) {
  if constexpr (two_expressions<X, Y>) {
    return apply<Op, Name>(x, y);
  } else if constexpr ((expression<X> && expression<Y>) || untyped<X> || untyped<Y>) {
    return apply<Op, Name>(lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
  } else {
    // Without an expression for the number: its literal goes into the result.
    using Result = combined<Op, Name, X, Y, Site>;
    if constexpr (number<X>) {
      using Leaf = lifted<X, Y, Site>;
      return detail::compose_with_number<Result, Leaf, true>(make_literal(detail::fitted<typename Leaf::value_type>(x)),
                                                             y);
    } else {
      using Leaf = lifted<Y, X, Site, 1>;
      return detail::compose_with_number<Result, Leaf, false>(
          make_literal(detail::fitted<typename Leaf::value_type>(y)), x);
    }
  }
}

TFX_END
