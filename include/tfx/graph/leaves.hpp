// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <bit>
#include <tfx/base/fits.hpp>
#include <tfx/graph/function.hpp>
#include <tfx/graph/site.hpp>

TFX_BEGIN

/// A tensor that every run is fed with.
struct placeholder_op {
  static constexpr auto name = "Placeholder";
  static constexpr op_kind kind = op_kind::leaf;
  static constexpr op_traits traits{};
  static constexpr void infer(inference&) {}
};
/// A tensor that lives in a session; its one input is the initial value, which a run does not read.
struct variable_op {
  static constexpr auto name = "VariableV2";
  static constexpr op_kind kind = op_kind::leaf;
  static constexpr op_traits traits{.owns_numbers = true};
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    call.shape = call.shapes[0];
  }
};
/// What a session knows a variable by, whatever its initial value is and wherever it is written.
constexpr u64 variable_key(descriptor const& d) {
  u64 key = mix(d.name_hash, static_cast<u64>(d.type));
  for (int i = 0; i < d.shape->rank; ++i) key = mix(key, static_cast<u64>(d.shape->extent[i]));
  return mix(key, static_cast<u64>(d.shape->rank));
}
/// What tells one tensor from another.
constexpr u64 identity_of(descriptor const& d) {
  return d.op->hash == detail::define_op<variable_op>::hash ? variable_key(d) : d.hash;
}

/// A run-time value that rides in the expression.
struct literal_op {
  static constexpr auto name = "Const";
  static constexpr op_kind kind = op_kind::leaf;
  static constexpr op_traits traits{};
  static constexpr void infer(inference&) {}
};
/// What ops share that hand their first input on.
struct same_value {
  static constexpr op_kind kind = op_kind::view;
  static constexpr op_traits traits{};
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    call.shape = call.shapes[0];
  }
  static constexpr void gradient(gradient_call& call) { call.dx[0] = call.dy; }
  static constexpr void tangent(gradient_call& call) { call.tangent = call.dx[0]; }
};
/// Its input, with anonymous numbers told apart from those in other places of a graph. Words: a tag, and whether that
/// may be done once more. Flattening leaves nothing of it.
struct told_apart_op : same_value {
  static constexpr auto name = "ToldApart";
  static constexpr std::string_view type(int) { return "Identity"; }
  static constexpr op_traits traits{.transparent = true, .renames_numbers = true, .has_type = true};
};
/// The identity of a call that nothing else tells from another: an input of assignments that add and of optimizers.
struct token_op {
  static constexpr auto name = "Token";
  static constexpr op_kind kind = op_kind::leaf;
  static constexpr op_traits traits{.is_token = true};
  static constexpr void infer(inference&) {}
};
/// One number in every element, known to the compiler. Words: the number's bits (a double's, of complex dtypes too, or
/// an integer), the dtype, the extents.
struct splat_op {
  static constexpr auto name = "Fill";
  static constexpr op_kind kind = op_kind::splat;
  static constexpr op_traits traits{};
  struct attributes {
    i64 bits;
    dtype type;
    attribute_words extents;
    constexpr explicit attributes(attribute_words w) : bits(w[0]), type(w.type(1)), extents(w.rest(2)) {}
  };
  static constexpr void infer(inference& call) {
    attributes const number(call.attributes());
    call.type = number.type;
    for (int i = 0; i < number.extents.count; ++i) call.shape.push_back(call.spelled(number.extents[i]));
  }
};

/// The bits of a number as splat_op keeps them.
template <class T>
constexpr i64 splat_bits(T value) {
  if constexpr (detail::is_complex_type<T>) {
    return std::bit_cast<i64>(static_cast<double>(value.real()));
  } else if constexpr (std::is_floating_point_v<T>) {
    return std::bit_cast<i64>(static_cast<double>(value));
  } else {
    return static_cast<i64>(value);
  }
}
template <class T>
constexpr T from_splat_bits(i64 bits) {
  if constexpr (detail::is_complex_type<T>) {
    return T(static_cast<typename T::value_type>(std::bit_cast<double>(bits)));
  } else if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(std::bit_cast<double>(bits));
  } else {
    return static_cast<T>(bits);
  }
}

/// The bits of `value` in a splat of that dtype.
constexpr i64 splat_bits(double value, dtype type) {
  return is_floating(type) || is_complex(type) ? splat_bits(value) : static_cast<i64>(value);
}

/// One number everywhere, for a function over handles.
constexpr fragment splat_value(dims const& shape, dtype type, i64 bits, std::string_view name = {}) {
  i64 attributes[2 + max_rank] = {bits, static_cast<i64>(type)};
  for (int i = 0; i < shape.rank; ++i) attributes[2 + i] = shape[i];
  fragment result;
  result.id = result.own.add(info<splat_op>, nullptr, 0, attributes, 2 + shape.rank, name);
  return result;
}
/// A scalar of `like`'s dtype, known to the compiler.
constexpr handle scalar_like(handle like, double value) {
  i64 const attributes[] = {splat_bits(value, like.type()), static_cast<i64>(like.type())};
  return {like.graph, like.graph->add(info<splat_op>, nullptr, 0, attributes, 2)};
}
constexpr fragment scalar_like(fragment const& like, double value) {
  return splat_value({}, like.type(), splat_bits(value, like.type()));
}
/// `value` in the shape and dtype of `like`.
constexpr handle fill_like(handle like, double value) {
  i64 attributes[2 + max_rank] = {splat_bits(value, like.type()), static_cast<i64>(like.type())};
  dims const shape = like.shape();
  for (int i = 0; i < shape.rank; ++i) attributes[2 + i] = shape[i];
  return {like.graph, like.graph->add(info<splat_op>, nullptr, 0, attributes, 2 + shape.rank)};
}

/// What an op's `simplify` sees: the node that is about to be added, with inputs in the new graph. It leaves the id of
/// what may stand in its place in `result`.
struct simplification {
  struct graph* graph = nullptr;
  node self;
  vector<int> inputs;
  vector<i64> words;
  int result = -1;

  constexpr handle x(int i) const { return {graph, inputs[i]}; }
  constexpr attribute_words attributes() const { return {words.begin(), words.size()}; }
  constexpr bool is_splat(int i) const { return tfx::is<splat_op>(x(i).get().op); }
  /// Input i is this number everywhere (floating dtypes: bit for bit, so that -0 is not 0).
  constexpr bool is(int i, double value) const {
    if (!is_splat(i)) return false;
    return splat_op::attributes(x(i).attributes()).bits == splat_bits(value, x(i).type());
  }
  /// Where input i is one number everywhere, replaces the node by that number in the node's shape.
  constexpr void spread(int i) {
    if (!is_splat(i)) return;
    i64 attributes[2 + max_rank] = {splat_op::attributes(x(i).attributes()).bits, static_cast<i64>(self.type)};
    for (int k = 0; k < self.shape.rank; ++k) attributes[2 + k] = self.shape[k];
    result = graph->add(info<splat_op>, nullptr, 0, attributes, 2 + self.shape.rank);
  }
  /// Replaces the node by input i where that has the node's shape already.
  constexpr void keep(int i) {
    if (x(i).shape() == self.shape) result = inputs[i];
  }
};

namespace detail {
// Floating constants of moderate size only: no product or quotient of them can overflow, and a float result computed in
// double and rounded once is the float result.
constexpr bool folds(double x) {
  double const size = x < 0 ? -x : x;
  return size == 0 ? std::bit_cast<u64>(x) == 0 : size > 1e-18 && size < 1e18;
}
template <class Op>
constexpr void fold_constants(simplification& call) {
  if (!is_floating(call.self.type)) return;
  double x[2] = {};
  for (int i = 0; i < Op::inputs; ++i) {
    if (!call.is_splat(i)) return;
    x[i] = from_splat_bits<double>(splat_op::attributes(call.x(i).attributes()).bits);
    if (!folds(x[i])) return;
  }
  double result = 0;
  if constexpr (Op::inputs == 1) {
    result = Op::value(x[0]);
  } else {
    if constexpr (requires { Op::can_fold(call); })
      if (!Op::can_fold(call)) return;
    result = Op::value(x[0], x[1]);
  }
  if (call.self.type == dtype::float32) result = static_cast<float>(result);
  i64 attributes[2 + max_rank] = {splat_bits(result), static_cast<i64>(call.self.type)};
  for (int i = 0; i < call.self.shape.rank; ++i) attributes[2 + i] = call.self.shape[i];
  call.result = call.graph->add(info<splat_op>, nullptr, 0, attributes, 2 + call.self.shape.rank);
}
template <class Op>
constexpr void simplify_with(simplification& call) {
  if constexpr (Op::traits.foldable) fold_constants<Op>(call);
  if constexpr (Op::traits.simplifies)
    if (call.result < 0) Op::simplify(call);
}

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
concept told_apart = (X::literal_count == 0) || (!has_anonymous<X::hash>);

/// X with its anonymous numbers told apart from those of other expressions by a tag.
template <class X, u64 Tag, bool Keeps>
using told_apart_by = result_with<told_apart_op, "", words<static_cast<i64>(Tag), Keeps>, X>;
template <u64 Tag, bool Keeps, class X>
constexpr auto tell_apart(X const& x) {
  if constexpr (told_apart<X>) {
    return x;
  } else {
    return apply<told_apart_op, "", words<static_cast<i64>(Tag), Keeps>>(x);
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
    return told_apart<X> || !typed_expression<Like> ? operand_kind::itself : operand_kind::anonymous;
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
  using type = told_apart_by<X, operand_tag<Like, Site, Position>, false>;
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
concept two_expressions = typed_expression<A> && typed_expression<B> && detail::told_apart<A> && detail::told_apart<B>;
/// The other operands, as a default argument: it fails before the compiler makes the closure that tells the place. That
/// closure costs as much as an expression, so operators of two expressions have none.
template <class A, class B>
using if_number = std::enable_if_t<operands<A, B> && !two_expressions<A, B>>;

/// What `X` becomes beside `Like`: itself, or, for a plain number, a literal of `Like`'s dtype. `Position` tells the
/// operands of one call apart.
template <class X, class Like, auto Site, int Position = 0>
using lifted = typename detail::lifted_type<X, Like, Site, Position>::type;

/// For members of class templates, where g++ 12 has no call-site ids: numbers are told apart by their operand and by
/// the name of the call, and two that meet in one graph are refused.
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
template <bool ToldApart>
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
using unique_input = typename detail::unique_inputs<detail::told_apart<X>>::template type<Op, Site, X, Like>;

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

/// A tensor that `run` is fed with. Without a shape it takes that of what is fed:
/// `auto x = placeholder<"x", float>(shape<batch, 784>);`
template <name Name, element T, auto... D>
  requires names_node<Name>
constexpr auto placeholder(shape_t<D...>) {
  static_assert(Name.size() > 0, "tfx: a placeholder needs a name");
  return typename detail::leaf<placeholder_op, Name, T, shape_t<D...>, false>::type{};
}
template <name Name, element T>
  requires names_node<Name>
constexpr auto placeholder() {
  static_assert(Name.size() > 0, "tfx: a placeholder needs a name");
  return typename detail::leaf<placeholder_op, Name, T, unknown_shape, false>::type{};
}

template <name Name, element T, class... Shape>
  requires(!names_node<Name>)
is_not_a_valid_node_name<named_as<Name>> placeholder(Shape...);

TFX_END
