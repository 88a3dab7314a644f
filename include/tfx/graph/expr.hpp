// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/descriptor.hpp>
#include <tfx/graph/feed.hpp>
#include <tfx/graph/literal.hpp>
#include <tfx/graph/missing_rule.hpp>
#include <tfx/graph/refusal.hpp>
#include <tfx/shape/axes.hpp>

TFX_BEGIN

struct all_t;
namespace detail {
/// A tensor's name as messages spell it.
template <u64 Hash>
struct name_of_hash {
  static constexpr refusal error{.text = lookup(key<Hash>{})->name};
};
/// A tensor's name as TensorFlow writes it: its op's, and which output it is.
template <u64 Hash>
struct tensor_name {
  static constexpr std::string_view op = spoken_name(*lookup(key<Hash>{}));
  char text[op.size() + 12] = {};
  std::size_t size = 0;

  constexpr void append(char const* more, int count) {
    copy_items(text + size, more, count);
    size += static_cast<std::size_t>(count);
  }
  constexpr tensor_name() {
    append(op.data(), static_cast<int>(op.size()));
    append(":", 1);
    descriptor const& d = meaning(*lookup(key<Hash>{}));
    write_number(*this, d.op->kind == op_kind::output ? d.words[0] : 0);
  }
};
template <u64 Hash>
inline constexpr tensor_name<Hash> kept_tensor_name{};
/// What stands between the brackets for one axis (op/index.hpp).
template <class I>
inline constexpr bool is_static_index = false;
template <i64 I>
inline constexpr bool is_static_index<index_t<I>> = true;
template <class I>
concept axis_index = std::is_same_v<I, all_t> || is_static_index<I> || std::is_integral_v<I> ||
                     std::is_same_v<I, handle> || std::is_same_v<I, fragment> || requires { I::hash; };
}  // namespace detail

/// A typed handle to a tensor that is not computed yet: dtype, shape, and the hash of what computes it. Empty, unless
/// run-time numbers ride in it.
template <class T, class Shape, u64 Hash>
struct [[nodiscard]] expr : payload<lookup(key<Hash>{})->number_count> {
  using value_type = T;
  using shape_type = Shape;
  static constexpr u64 hash = Hash;
  static constexpr int literal_count = lookup(key<Hash>{})->number_count;
  /// -1 where only what is fed tells it.
  static constexpr int rank = Shape::rank;
  /// `decltype(x)::shape == shape<2, 3>`.
  static constexpr Shape shape{};
  static constexpr Shape get_shape() { return {}; }

  /// The name that was given, else the op's; the tensor's is `"w:0"`.
  static constexpr std::string_view op_name() {
    constexpr std::string_view text = detail::tensor_name<Hash>::op;
    return text;
  }
  static constexpr std::string_view name() {
    return {detail::kept_tensor_name<Hash>.text, detail::kept_tensor_name<Hash>.size};
  }
  /// What TensorFlow calls such an op: `"MatMul"`.
  static constexpr std::string_view op_type() {
    constexpr std::string_view text = type_name(*lookup(key<Hash>{}));
    return text;
  }

  /// Feeds this tensor: a number, a list, a std::vector or std::span, any xtensor container, view or expression. The
  /// feed owns what is a temporary, and refers to what is not.
  template <class Value>
    requires detail::value_for<std::remove_cvref_t<Value>, T, Shape::rank>
  decltype(auto) operator=(Value&& value) const {
    return detail::make_feed(*this, static_cast<Value&&>(value));
  }
  template <class Value>
    requires(!detail::value_for<std::remove_cvref_t<Value>, T, Shape::rank> &&
             !__is_base_of(expr, std::remove_cvref_t<Value>))
  cannot_be_fed<detail::text_of<detail::name_of_hash<Hash>>, T, std::remove_cvref_t<Value>> operator=(Value&&) const;
  // Lists of one type tell the compiler their extents, up to rank 2: g++ takes time that grows with the square of the
  // number of expressions for a parameter such as U[N][M][K].
  template <class U, std::size_t N>
  auto operator=(U (&&values)[N]) const {
    return detail::make_feed(*this, static_cast<U(&&)[N]>(values));
  }
  template <class U, std::size_t N, std::size_t M>
  auto operator=(U (&&values)[N][M]) const {
    return detail::make_feed(*this, static_cast<U(&&)[N][M]>(values));
  }
  template <class U>  // spelled out: clang does not deduce through an alias
  auto operator=(std::initializer_list<std::initializer_list<std::initializer_list<U>>> values) const {
    return detail::make_list_feed<U, 3>(*this, values);
  }
  template <class U>
  auto operator=(
      std::initializer_list<std::initializer_list<std::initializer_list<std::initializer_list<U>>>> values) const {
    return detail::make_list_feed<U, 4>(*this, values);
  }
  // Lists of several types, of the tensor's rank. As arrays, since g++ would prefer a std::initializer_list to U[N].
  template <std::size_t N>
  auto operator=(detail::item_of_rank<T, Shape::rank, 1> (&&values)[N]) const {
    return detail::make_feed(*this, static_cast<detail::list_item<T>(&&)[N]>(values));
  }
  template <std::size_t N, std::size_t M>
  auto operator=(detail::item_of_rank<T, Shape::rank, 2> (&&values)[N][M]) const {
    return detail::make_feed(*this, static_cast<detail::list_item<T>(&&)[N][M]>(values));
  }
  template <class Item = detail::list_item<T>>
  auto operator=(detail::deep_list<T, Shape::rank> values) const {
    return detail::make_list_feed<Item, Shape::rank>(*this, values);
  }
  // `x = {}`; where x is not const, that could be an assignment.
  auto operator=(detail::empty_list<Shape::rank>) const { return detail::make_empty_feed(*this); }
  auto operator=(detail::empty_list<Shape::rank>) { return detail::make_empty_feed(std::as_const(*this)); }

  /// One element along the first axis, `x[0]`, `x[-1]`, `x[i]`; along several, `x(1, all, i)`. An index that the
  /// compiler is to check is `x[index<0>]`.
  template <class I>
    requires detail::axis_index<I>
  auto operator[](I const& index) const;
  template <class... I>
    requires(sizeof...(I) > 0 && (detail::axis_index<I> && ...))
  auto operator()(I const&... indices) const;

  /// The value, computed by the default session; `feeds` as in Session::run.
  template <class... Feeds>
  auto eval(Feeds const&... feeds) const;
};

/// Something that a run does and that has no value: a training step, an initialiser.
template <u64 Hash>
struct [[nodiscard]] operation : payload<lookup(key<Hash>{})->number_count> {
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
concept expression = __is_base_of(expression_base, X);
template <class X>
concept typed_expression = expression<X> && requires { X::hash; };
/// An expression as a value, inside the compiler's passes and inside functions over handles.
template <class X>
concept untyped = std::is_same_v<X, handle> || std::is_same_v<X, fragment>;
template <class X>
concept number = std::is_arithmetic_v<X> || (detail::is_complex_type<X> && element<X>);

namespace detail {
constexpr u64 hash_words(i64 const* words, int count) {
  u64 result = static_cast<u64>(count);
  for (int i = 0; i < count; ++i) result = mix(result, static_cast<u64>(words[i]));
  return result;
}
constexpr u64 content_hash(u64 op, u64 name, dtype type, dims const& shape, u64 words, u64 const* in, int count) {
  u64 hash = mix(mix(op, name), static_cast<u64>(type));
  hash = mix(hash, static_cast<u64>(shape.rank));
  for (int i = 0; i < shape.rank; ++i) hash = mix(hash, static_cast<u64>(shape.extent[i]));
  hash = mix(hash, words);
  for (int i = 0; i < count; ++i) hash = mix(hash, in[i]);
  return hash;
}

/// The same without the inputs, whose hashes are mixed in one by one.
constexpr u64 own_hash(op_info const& op, u64 name, dtype type, dims const& shape, i64 const* words, int word_count) {
  return content_hash(op.hash, name, type, shape, hash_words(words, word_count), nullptr, 0);
}
/// What an expression of that content leads to, where it is made of values. No numbers ride in it.
constexpr descriptor value_descriptor(op_info const& op, std::string_view name, u64 name_hash, dtype type,
                                      dims const& shape, descriptor const* const* inputs, int input_count,
                                      i64 const* words, int word_count) {
  u64 hash = own_hash(op, name_hash, type, shape, words, word_count);
  for (int i = 0; i < input_count; ++i) hash = mix(hash, inputs[i]->hash);
  return {&op,       hash,   type,        &shape, name,
          name_hash, inputs, input_count, words,  word_count,
          nullptr,   0,      nullptr,     0,      lacks_rule(op, type, inputs, input_count)};
}
constexpr descriptor value_descriptor(op_info const& op, std::string_view name, dtype type, dims const& shape,
                                      descriptor const* const* inputs, int input_count, i64 const* words,
                                      int word_count) {
  return value_descriptor(op, name, hash_of(name), type, shape, inputs, input_count, words, word_count);
}

struct inferred {
  dtype type;
  int outputs;
};
/// The dtype that an op's rule finds; its shape and its mistake are left in `shape` and `error`. That of an output is
/// found by the op whose output it is.
constexpr inferred infer_from(op_info const& op, descriptor const* const* inputs, int input_count, i64 const* words,
                              int word_count, dims& shape, refusal& error, int output = -1) {
  if (op.kind == op_kind::output) {
    descriptor const& of = *inputs[0];
    return infer_from(*of.op, of.inputs, of.input_count, of.words, of.word_count, shape, error,
                      static_cast<int>(words[0]));
  }
  constexpr int few = 4;
  operand few_operands[few];
  vector<operand> more_operands(input_count > few ? input_count : 0);
  operand* const operands = input_count > few ? more_operands.begin() : few_operands;
  for (int i = 0; i < input_count; ++i) operands[i] = {inputs[i]->shape, inputs[i]->type};
  inference call{&op, {operands, input_count}, {operands}, words, word_count, nullptr, shape, error};
  call.output = output;
  op.infer(call);
  if (op.derives != derivation::none && inputs[0]->lacks_rule && !call.failed()) {
    if (found_op const without = missing_rule(op, inputs, input_count); without.found) {
      error.kind = without.op->has_gradient ? refusal_kind::no_forward_rule : refusal_kind::no_gradient_rule;
      error.op = without.op;
    }
  }
  return {call.type, call.outputs};
}
/// How many outputs an op of several has.
constexpr int output_count(descriptor const& d) {
  dims shape;
  refusal error;
  return infer_from(*d.op, d.inputs, d.input_count, d.words, d.word_count, shape, error).outputs;
}
constexpr outcome outcome_of(dtype type, dims const& shape) {
  if (type == dtype::none) return outcome::operation;
  bool numbers = shape.rank >= 0;
  for (int i = 0; i < shape.rank; ++i) numbers = numbers && shape.extent[i] >= 0 && shape.extent[i] <= 0x7fffffff;
  return numbers ? outcome::numbers : outcome::dimensions;
}
constexpr concluded conclude(op_info const& op, u64 name, descriptor const* const* inputs, int input_count,
                             i64 const* words, int word_count) {
  if (name == no_node_name) return {};
  if (op.lacks != op_member::none) return {outcome::no_op};
  concluded result;
  refusal error;
  result.type = infer_from(op, inputs, input_count, words, word_count, result.shape, error).type;
  if (error.kind != refusal_kind::none) return {};
  dims const& shape = result.shape;
  result.kind = outcome_of(result.type, shape);
  result.hash = own_hash(op, name, result.type, shape, words, word_count);
  for (int i = 0; i < input_count; ++i) result.hash = mix(result.hash, inputs[i]->hash);
  result.numbers = op.owns_numbers      ? number_list::of_variable(*inputs[0])
                   : op.renames_numbers ? number_list{number_list::own, inputs[0]->number_count}
                                        : number_list::of(inputs, input_count);
  result.lacks_rule = lacks_rule(op, result.type, inputs, input_count);
  return result;
}
constexpr refusal explain(op_info const& op, std::string_view name, descriptor const* const* inputs, int input_count,
                          i64 const* words, int word_count) {
  dims shape;
  refusal error;
  if (!is_node_name(name)) {
    error.kind = refusal_kind::node_name;
    error.text = name;
    return error;
  }
  infer_from(op, inputs, input_count, words, word_count, shape, error);
  return error;
}

template <class Source>
struct mistake;
template <class Source>
struct shape_of_result;
/// The types that follow from a conclusion: for each kind of them one class, which all expressions share.
template <outcome Kind, class Axes>
struct result_expression;
template <class Axes>
struct result_expression<outcome::refusal, Axes> {
  template <class Source>
  using type = refused<mistake<Source>>;
};
template <class Axes>
struct result_expression<outcome::no_op, Axes> {
  template <class Source>
  using type = op_needs<typename Source::op_type, info<typename Source::op_type>.lacks>;
};
template <class Axes>
struct result_expression<outcome::operation, Axes> {
  template <class Source>
  using shape = shape_t<>;
  template <class Source>
  using type = operation<Source::defined>;
};
template <std::size_t... I>
struct result_expression<outcome::numbers, std::index_sequence<I...>> {
  template <class Source>
  using shape = shape_t<static_cast<int>(Source::result.shape.extent[I])...>;
  template <class Source>
  using type = expr<type_of<Source::result.type>, shape<Source>, Source::defined>;
};
template <class Axes>
struct result_expression<outcome::dimensions, Axes> {
  template <class Source>
  using shape = shape_from<shape_of_result<Source>>;
  template <class Source>
  using type = expr<type_of<Source::result.type>, shape<Source>, Source::defined>;
};

constexpr renaming renaming_of(i64 const* words) { return {static_cast<u64>(words[0]), words[1] != 0}; }

/// One expression: what is concluded from it, in one evaluation that no template has a part in, and the descriptor that
/// its hash leads to.
template <class Op, class Name, class Words, u64... In>
struct applied {
  using op_type = Op;
  using attributes = word_list<Words>;
  static constexpr descriptor const* inputs[sizeof...(In) + 1] = {lookup(key<In>{})..., nullptr};
  static constexpr concluded result =
      conclude(info<Op>, Name::hash, inputs, sizeof...(In), attributes::values, attributes::count);
  using as_expression = result_expression<result.kind, std::make_index_sequence<result.rank()>>;
  static constexpr u64 owner = info<Op>.owns_numbers ? Name::hash : 0;
  static constexpr renaming renames = info<Op>.renames_numbers ? renaming_of(attributes::values) : renaming{};

  // What follows is there only where it is asked for.
  static constexpr descriptor content{&info<Op>,
                                      result.hash,
                                      result.type,
                                      &as_expression::template shape<applied>::value,
                                      Name::text,
                                      Name::hash,
                                      inputs,
                                      sizeof...(In),
                                      attributes::values,
                                      attributes::count,
                                      result.numbers.from >= 0
                                          ? inputs[result.numbers.from]->numbers
                                          : numbers_of<result.has_own_numbers()>::template type<applied>::ids,
                                      result.numbers.count,
                                      shape_symbols<typename as_expression::template shape<applied>>::values,
                                      shape_symbols<typename as_expression::template shape<applied>>::count,
                                      result.lacks_rule};
  /// The hash, once what it stands for is written.
  static constexpr u64 defined = bucket_of<result.hash>::template writer<applied>::done ? result.hash : 0;
};
/// Why there is no such expression.
template <class Op, class Name, class Words, u64... In>
struct mistake<applied<Op, Name, Words, In...>> {
  using source = applied<Op, Name, Words, In...>;
  static constexpr refusal error = explain(info<Op>, Name::text, source::inputs, sizeof...(In),
                                           source::attributes::values, source::attributes::count);
};
template <class Source>
struct shape_of_result {
  static constexpr dims value = Source::result.shape;
};

/// A leaf: dtype and shape are declared; `Number` says that a literal's value rides in the expression.
template <class Op, name Name, class T, class Shape, bool Number, i64... W>
struct leaf {
  static constexpr u64 hash = content_hash(define_op<Op>::hash, named_so<Name>::hash, dtype_of<T>, Shape::value,
                                           hash_words(word_list<words<W...>>::values, sizeof...(W)), nullptr, 0);
  static_assert(names_node<Name>, "tfx: the name is not a valid node name");
  static_assert(note_symbols_of<Shape>());
  static constexpr bool is_anonymous = Name.size() == 0 && sizeof...(W) == 0;
  static constexpr u64 own_number = Number ? number_id(hash, info<Op>.is_token ? token_flag
                                                             : is_anonymous    ? anonymous_flag
                                                                               : 0)
                                           : 0;
  static_assert(define<hash, Op, Name, dtype_of<T>, Shape, words<W...>, own_number>::done);
  using type = expr<canonical_type<T>, Shape, hash>;
};

/// What an op makes of values: a part of the graph of a handle among them, else a fragment.
template <class... X>
using result_of_values =
    std::conditional_t<(std::is_same_v<X, fragment> || ...) && !(std::is_same_v<X, handle> || ...), fragment, handle>;

// What is no expression at all has a result too: clang asks for it before it asks for an operator's constraint.
template <bool Typed>
struct results {
  template <class Op, class Name, class Words, class... X>
  using type = result_of_values<X...>;
};
template <>
struct results<true> {
  template <class Op, class Name, class Words, class... X>
  using type =
      typename applied<Op, Name, Words, X::hash...>::as_expression::template type<applied<Op, Name, Words, X::hash...>>;
};
}  // namespace detail

/// The type of applying `Op` with static attributes `Words` to inputs: a typed expression, a handle for handles, or an
/// undefined type that names the mistake.
template <class Op, name Name, class Words, class... X>
using result_with =
    typename detail::results<(typed_expression<X> && ...)>::template type<Op, detail::named_so<Name>, Words, X...>;
template <class Op, name Name, class... X>
using result_t =
    typename detail::results<(typed_expression<X> && ...)>::template type<Op, detail::named_so<Name>, words<>, X...>;

namespace detail {
/// Where each of `from`'s N literals stands in `into`.
template <int N>
constexpr literal_map<N> map_literals(descriptor const& from, descriptor const& into) {
  literal_map<N> map;
  for (int i = 0, k = 0; i < N; ++i) {
    if (into.op->owns_numbers) {  // a variable, and its initial value
      map.at[i] = is_token(from.numbers[i]) ? -1 : k++;
      continue;
    }
    int left = into.number_count;  // most stand in the same order
    while (left > 0 && into.numbers[k] != from.numbers[i]) {
      k = k + 1 < into.number_count ? k + 1 : 0;
      --left;
    }
    map.at[i] = left > 0 ? k : -1;
  }
  return map;
}
constexpr bool stand_first(descriptor const& from, descriptor const& into) {
  if (into.op->owns_numbers || into.op->renames_numbers) return from.number_count == into.number_count;
  return number_list::common_prefix(from, into) == from.number_count;
}
/// Where the literals of X stand in the list of `Into`.
template <u64 Into, class X, bool Mapped>
inline constexpr int const* literal_map_of = nullptr;
template <u64 Into, class X>
inline constexpr literal_map<X::literal_count> kept_literal_map =
    map_literals<X::literal_count>(*lookup(key<X::hash>{}), *lookup(key<Into>{}));
template <u64 Into, class X>
inline constexpr int const* literal_map_of<Into, X, true> = kept_literal_map<Into, X>.at;
template <u64 Into, class X, bool Any = (X::literal_count > 0)>
inline constexpr bool is_mapped = false;
template <u64 Into, class X>
inline constexpr bool is_mapped<Into, X, true> = !stand_first(*lookup(key<X::hash>{}), *lookup(key<Into>{}));

/// The literals of `x` on their way into `Into`.
template <u64 Into, class X>
constexpr literal_source source_of(X const& x) {
  if constexpr (X::literal_count == 0) return {nullptr, nullptr, 0};
  return {x.literals, literal_map_of<Into, X, is_mapped<Into, X>>, X::literal_count};
}
/// A plain number on its way into `Into`, as the literal `Leaf`.
template <u64 Into, class Leaf>
literal_source source_of(literal const& value) {
  return {&value, literal_map_of<Into, Leaf, is_mapped<Into, Leaf>>, 1};
}
}  // namespace detail

/// Makes `Result`, which has `x…` as inputs, and moves the run-time numbers that ride in them into it.
template <class Result, class... X>
TFX_INLINE constexpr Result compose(X const&... x) noexcept {
  constexpr int count = Result::literal_count;
  Result result;
  if constexpr (count > 0 && ((X::literal_count > 0) + ... + 0) == 1 && ((X::literal_count == count) || ...)) {
    ((X::literal_count > 0 ? result.copy(x) : void()), ...);
  } else if constexpr (count > 0) {
    detail::literal_source const sources[] = {detail::source_of<Result::hash>(x)...};
    result.fill(sources, sizeof...(X), count);
  }
  return result;
}

TFX_END
