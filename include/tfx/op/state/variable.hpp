// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/effects.hpp>
#include <tfx/op/array/constant.hpp>
#include <tfx/op/array/fill.hpp>
#include <tuple>

TFX_BEGIN

namespace detail {
// Assignments that add are told apart by tokens: each call is one. Two calls that set a variable to the same are one.
template <class Op, name Name, class X, class V, class... Token>
constexpr result_t<Op, Name, X, V, Token...> change_by(X const& variable, V const& value, Token const&... call) {
  return apply<Op, Name>(variable, value, call...);
}
template <class Op, name Name, auto Site, class X, class V>
constexpr auto change_to(X const& variable, V const& value) {
  if constexpr (std::is_same_v<Op, assign_op>) {
    return change_by<Op, Name>(variable, value);
  } else {
    return change_by<Op, Name>(variable, value, token<Name, mix(mix(X::hash, define_op<Op>::hash), V::hash), Site>());
  }
}
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_assigned(dims const& variable, dims const& value) {
  raise<errors::InvalidArgumentError>("Assign requires shapes of both tensors to match. lhs shape= %s rhs shape= %s",
                                      extents_text(variable.rank, variable.extent).text,
                                      extents_text(value.rank, value.extent).text);
}
/// `variable` changed by values that ride in the expression.
template <class Op, name Name, auto Site, class X, class V>
auto change_by_values(X const& variable, V const& values) {
  using T = typename X::value_type;
  constexpr dims declared = X::shape_type::value;
  dims const shape = as_dims(value_traits<V>::shape_of(values));
  using shape_type = std::conditional_t<declared.is_static(), typename X::shape_type, shape_from<shape_of_values<V>>>;
  if (declared.is_static() && !(shape == declared)) refuse_assigned(declared, shape);
  using Values = typename literal_leaf<"", T, shape_type, mix(X::hash, define_op<Op>::hash), Site>::type;
  return change_to<Op, Name, Site>(variable, array_constant<Values>(values, shape));
}
/// What a variable is changed by: an expression, a plain number, which is meant for each element, or anything that can
/// be fed.
template <class V>
concept change_source = expression<V> || number<V> || constant_source<V>;
/// `variable` changed by `Op`.
template <class Op, name Name, auto Site, class X, class V>
constexpr auto change(X const& variable, V const& value) {
  if constexpr (constant_source<V>) {
    return change_by_values<Op, Name, Site>(variable, value);
  } else if constexpr (!number<V>) {
    if constexpr (distinct<V>) {
      return change_to<Op, Name, Site>(variable, value);
    } else {
      return change_to<Op, Name, Site>(variable, compose<unique_input<Op, Site, V, X>>(value));
    }
  } else {
    auto const number = lift<X, Site, static_cast<int>(define_op<Op>::hash & 0xffff)>(value, variable);
    if constexpr (X::shape_type::rank == 0) {
      return change_to<Op, Name, Site>(variable, number);
    } else {
      return change_to<Op, Name, Site>(variable, broadcast_to(number, typename X::shape_type{}));
    }
  }
}

/// By the values of a list in braces.
template <class Op, name Name, auto Site, class T, class Shape, u64 Hash>
auto change_by_list(expr<T, Shape, Hash> const& variable, list_parameter<T, Shape::rank> values) {
  return change_by_values<Op, Name, Site>(variable, kept_list<list_item<T>, Shape::rank>(values));
}
}  // namespace detail

/// A tensor that keeps its value in a session from run to run. Its name and its initial value are its identity.
template <class T, class Shape, u64 Hash>
struct [[nodiscard]] variable_t : expr<T, Shape, Hash> {
  using base = expr<T, Shape, Hash>;
  using base::operator=;

  /// Sets the initial value.
  constexpr auto initializer() const {
    using Op = result_with<initialize_op, "", words<static_cast<i64>(initialized::inputs)>, base>;
    return compose<Op>(static_cast<base const&>(*this));
  }
  /// What it begins as, for the initial value of another variable that one run makes with it; elsewhere its value.
  constexpr result_t<initialized_value_op, "", base> initialized_value() const {
    return apply<initialized_value_op>(self());
  }
  /// Sets the value; the result is the new value. Dtype and shape must be the variable's.
  template <typed_expression V, auto Site = call_site<V>>
  constexpr result_t<assign_op, "", base, unique_input<assign_op, Site, V, base>> assign(V const& value) const {
    if constexpr (detail::distinct<V>) {
      return apply<assign_op>(self(), value);
    } else {
      return detail::change<assign_op, "", Site>(self(), value);
    }
  }
  template <detail::change_source V, auto Site = call_site<V>>
  constexpr auto assign(V const& value) const {
    return detail::change<assign_op, "", Site>(self(), value);
  }
  /// To the values of a list: `w.assign({3.0f, 4.0f})`.
  template <class Item = detail::list_item<T>, auto Site = call_site<Item>>
  auto assign(detail::list_parameter<T, Shape::rank> values) const {
    return detail::change_by_list<assign_op, "", Site>(self(), values);
  }
  /// Adds to the value; several in one run add up. Each place in the source is an assignment of its own.
  template <detail::change_source V, auto Site = call_site<V>>
  constexpr auto assign_add(V const& value) const {
    return detail::change<assign_add_op, "", Site>(self(), value);
  }
  template <class Item = detail::list_item<T>, auto Site = call_site<Item>>
  auto assign_add(detail::list_parameter<T, Shape::rank> values) const {
    return detail::change_by_list<assign_add_op, "", Site>(self(), values);
  }
  template <detail::change_source V, auto Site = call_site<V>>
  constexpr auto assign_sub(V const& value) const {
    return detail::change<assign_sub_op, "", Site>(self(), value);
  }
  template <class Item = detail::list_item<T>, auto Site = call_site<Item>>
  auto assign_sub(detail::list_parameter<T, Shape::rank> values) const {
    return detail::change_by_list<assign_sub_op, "", Site>(self(), values);
  }

 private:
  constexpr base const& self() const { return *this; }
};

namespace detail {
// Substitution must fail softly for a plain number: clang looks at the result before the constraint.
template <name Name, class Initial, class Words = words<>>
struct variable_type {};
template <name Name, typed_expression Initial, class Words>
  requires names_node<Name>
struct variable_type<Name, Initial, Words> {
  using expr_type = result_with<variable_op, Name, Words, Initial>;
  using type = variable_t<typename expr_type::value_type, typename expr_type::shape_type, expr_type::hash>;
};
}  // namespace detail

/// Whether optimizers change a variable: `variable<"steps">(zeros(shape<>), trainable<false>)`.
template <bool Trainable>
struct trainable_t {};
template <bool Trainable>
inline constexpr trainable_t<Trainable> trainable{};

namespace detail {
template <variable_role Role>
using role_words = std::conditional_t<Role == variable_role::trained, words<>, words<static_cast<i64>(Role)>>;
// Those of a block are shared with other expressions.
[[gnu::noinline]] inline void mark_initial(literal* values, int count) noexcept {
  for (int i = 0; i < count; ++i) values[i].initial = true;
}
template <name Name, variable_role Role, typed_expression Initial>
constexpr typename variable_type<Name, Initial, role_words<Role>>::type make_variable(Initial const& initial) {
  static_assert(Name.size() > 0, "tfx: a variable needs a name");
  using Expr = typename variable_type<Name, Initial, role_words<Role>>::expr_type;
  if constexpr (Expr::literal_count == 0) {
    return {};
  } else {
    typename variable_type<Name, Initial, role_words<Role>>::type result{compose<Expr>(initial)};
    if constexpr (Expr::literal_count <= most_own_literals) mark_initial(result.literals, Expr::literal_count);
    return result;
  }
}
template <bool Trainable>
inline constexpr variable_role role_if = Trainable ? variable_role::trained : variable_role::kept;
}  // namespace detail

/// A variable: `auto w = variable<"w">(zeros(shape<784, 10>));` The initial value is computed when `w.initializer()`
/// or a global_variables_initializer runs. Optimizers change it, unless it is `trainable<false>`.
template <name Name, typed_expression Initial>
constexpr typename detail::variable_type<Name, Initial>::type variable(Initial const& initial) {
  return detail::make_variable<Name, variable_role::trained>(initial);
}
template <name Name, typed_expression Initial, bool Trainable>
constexpr auto variable(Initial const& initial, trainable_t<Trainable>) {
  return detail::make_variable<Name, detail::role_if<Trainable>>(initial);
}
/// A variable that counts within a program, as those of metrics do: optimizers do not change it, and
/// local_variables_initializer makes it.
template <name Name, typed_expression Initial>
constexpr auto local_variable(Initial const& initial) {
  return detail::make_variable<Name, variable_role::local>(initial);
}
template <name Name, number V>
  requires names_node<Name>
auto variable(V initial) {
  return variable<Name>(constant<Name / "initial_value">(initial));
}
template <name Name, class V, bool Trainable>
  requires(number<V> || detail::constant_source<V>)
auto variable(V const& initial, trainable_t<Trainable> role) {
  return variable<Name>(constant<Name / "initial_value">(initial), role);
}
namespace detail {
inline void a_variable_needs_a_name() {}  // no constant expression: calling it is the error
}  // namespace detail
/// Inside functions over handles, under a name that may be composed: `variable(name_of("layer", i, "/w"), zeros({3}))`.
template <bool Trainable = true>
constexpr fragment variable(std::string_view name, fragment initial, trainable_t<Trainable> = {}) {
  fragment_part const& begin = *initial.part;
  fragment result(new fragment_part{.self = {.op = &info<variable_op>,
                                             .type = begin.self.type,
                                             .shape = begin.self.shape,
                                             .input_count = 1,
                                             .word_count = Trainable ? 0 : 1},
                                    .inputs = new fragment_part*[1]{initial.release()},
                                    .words = Trainable ? nullptr : new i64[1]{static_cast<i64>(variable_role::kept)},
                                    .mistake = begin.mistake ? new refusal(*begin.mistake) : nullptr});
  result.part->set_name(name);
  if (result.part->text_size == 0) detail::a_variable_needs_a_name();
  return result;
}
template <name Name, bool Trainable = true>
  requires names_node<Name>
constexpr fragment variable(fragment const& initial, trainable_t<Trainable> role = {}) {
  return variable(Name.view(), initial, role);
}
template <name Name, class... Initial>
  requires(!names_node<Name>)
is_not_a_valid_node_name<named_as<Name>> variable(Initial const&...);

/// From a list, or anything that can be fed: `variable<"w">({1.0f, 2.0f})`, `variable<"w">(values, shape<2, 2>)`.
template <name Name, detail::list_element U, std::size_t N>
auto variable(U const (&initial)[N]) {
  return variable<Name>(constant<Name / "initial_value">(initial));
}
template <name Name, detail::list_element U, std::size_t N, std::size_t M>
auto variable(U const (&initial)[N][M]) {
  return variable<Name>(constant<Name / "initial_value">(initial));
}
template <name Name, detail::list_element U, std::size_t N, std::size_t M, std::size_t K>
auto variable(U const (&initial)[N][M][K]) {
  return variable<Name>(constant<Name / "initial_value">(initial));
}
template <name Name, detail::list_element U, std::size_t N, std::size_t M, std::size_t K, std::size_t L>
auto variable(U const (&initial)[N][M][K][L]) {
  return variable<Name>(constant<Name / "initial_value">(initial));
}
template <name Name, detail::list_element U, std::size_t N, auto... D>
auto variable(U const (&initial)[N], shape_t<D...> s) {
  return variable<Name>(constant<Name / "initial_value">(initial, s));
}
template <name Name, detail::constant_source V>
auto variable(V const& initial) {
  return variable<Name>(constant<Name / "initial_value">(initial));
}
template <name Name, detail::constant_source V, auto... D>
auto variable(V const& initial, shape_t<D...> s) {
  return variable<Name>(constant<Name / "initial_value">(initial, s));
}

/// `variable.assign(value)` and so on, as TensorFlow spells them too: `assign_add(steps, 1)`. Each place in the source
/// is an assignment of its own; names tell the calls of a helper apart: `assign_add<Name>(steps, 1)`.
template <name Name = "", class T, class Shape, u64 Hash, detail::change_source V, auto Site = [] {}>
constexpr auto assign(variable_t<T, Shape, Hash> const& variable, V const& value) {
  return detail::change<assign_op, Name, detail::site_of<Name, Site>()>(
      static_cast<expr<T, Shape, Hash> const&>(variable), value);
}
template <name Name = "", class T, class Shape, u64 Hash, auto Site = [] {}>
auto assign(variable_t<T, Shape, Hash> const& variable, detail::list_parameter<T, Shape::rank> values) {
  return detail::change_by_list<assign_op, Name, detail::site_of<Name, Site>(), T, Shape, Hash>(variable, values);
}
template <name Name = "", class T, class Shape, u64 Hash, detail::change_source V, auto Site = [] {}>
constexpr auto assign_add(variable_t<T, Shape, Hash> const& variable, V const& value) {
  return detail::change<assign_add_op, Name, detail::site_of<Name, Site>()>(
      static_cast<expr<T, Shape, Hash> const&>(variable), value);
}
template <name Name = "", class T, class Shape, u64 Hash, auto Site = [] {}>
auto assign_add(variable_t<T, Shape, Hash> const& variable, detail::list_parameter<T, Shape::rank> values) {
  return detail::change_by_list<assign_add_op, Name, detail::site_of<Name, Site>(), T, Shape, Hash>(variable, values);
}
template <name Name = "", class T, class Shape, u64 Hash, detail::change_source V, auto Site = [] {}>
constexpr auto assign_sub(variable_t<T, Shape, Hash> const& variable, V const& value) {
  return detail::change<assign_sub_op, Name, detail::site_of<Name, Site>()>(
      static_cast<expr<T, Shape, Hash> const&>(variable), value);
}
template <name Name = "", class T, class Shape, u64 Hash, auto Site = [] {}>
auto assign_sub(variable_t<T, Shape, Hash> const& variable, detail::list_parameter<T, Shape::rank> values) {
  return detail::change_by_list<assign_sub_op, Name, detail::site_of<Name, Site>(), T, Shape, Hash>(variable, values);
}

/// Never defined: assign to the variable that the function gives back.
struct assignments_stand_outside_of_functions_over_handles;
template <name Name = "", untyped X, class V>
assignments_stand_outside_of_functions_over_handles assign(X const& variable, V const& value);
template <name Name = "", untyped X, class V>
assignments_stand_outside_of_functions_over_handles assign_add(X const& variable, V const& value);
template <name Name = "", untyped X, class V>
assignments_stand_outside_of_functions_over_handles assign_sub(X const& variable, V const& value);

namespace detail {
template <class... X>
constexpr void check_initialized() {
  static_assert((typed_expression<X> && ...),
                "tfx: variables are initialised outside of functions over handles, by what those give back");
}
}  // namespace detail
/// The operation that initialises every variable that `x…` reaches, those of an optimizer included, but for local ones.
template <expression... X>
constexpr auto global_variables_initializer(X const&... x) {
  detail::check_initialized<X...>();
  using Op = result_with<initialize_op, "", words<static_cast<i64>(initialized::global)>, X...>;
  return compose<Op>(x...);
}
/// The operation that initialises every local variable that `x…` reaches, a metric's for example.
template <expression... X>
constexpr auto local_variables_initializer(X const&... x) {
  detail::check_initialized<X...>();
  using Op = result_with<initialize_op, "", words<static_cast<i64>(initialized::local)>, X...>;
  return compose<Op>(x...);
}
/// Never defined: there is no graph that holds all variables, so tell what reaches them,
/// global_variables_initializer(train).
struct global_variables_initializer_needs_a_loss_or_training_step;
global_variables_initializer_needs_a_loss_or_training_step global_variables_initializer();
/// The operation that initialises just these variables.
template <class... V>
constexpr auto variables_initializer(V const&... v) {
  detail::check_initialized<V...>();
  using Op = result_with<initialize_op, "", words<static_cast<i64>(initialized::inputs)>, V...>;
  return compose<Op>(v...);
}

/// The operation that runs all of `x…`.
template <name Name = "", expression... X>
constexpr auto group(X const&... x) {
  return apply<group_op, Name>(x...);
}
namespace detail {
template <name Name, class... X, std::size_t... I>
constexpr auto after(std::tuple<X const&...> const& x, std::index_sequence<I...>) {
  return apply<with_dependencies_op, Name>(std::get<sizeof...(I)>(x), std::get<I>(x)...);
}
}  // namespace detail
/// `value`, computed after `dependency` ran: its reads of variables see what that wrote, and nothing in it fails or is
/// printed before what that checks and prints. Its derivatives wait for those checks too.
template <name Name = "", class Dependency, expression X>
constexpr result_t<with_dependencies_op, Name, X, Dependency> with_dependencies(Dependency const& dependency,
                                                                                X const& value) {
  return apply<with_dependencies_op, Name>(value, dependency);
}
/// The same of several, which come first; checks and prints among them run one after the other:
/// `with_dependencies(assert_positive(x), print("x:", x), sqrt(x))`.
template <name Name = "", expression First, expression Second, expression Third, expression... More>
constexpr auto with_dependencies(First const& first, Second const& second, Third const& third, More const&... more) {
  return detail::after<Name>(std::tie(first, second, third, more...), std::make_index_sequence<sizeof...(More) + 2>{});
}

TFX_END
