// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/state/variable.hpp>
#include <tuple>

TFX_BEGIN

namespace detail {
/// An expression that is a variable, or one that compute_gradients found.
template <class X>
concept is_variable = typed_expression<X> && is<variable_op>(meaning(*lookup(key<X::hash>{})).op);
template <class T>
concept counts = std::is_integral_v<T> && !std::is_same_v<T, bool>;
}  // namespace detail

/// What `global_step = steps` gives.
template <class V>
struct global_step_t {
  V variable;
};
/// What `var_list = std::tuple(w, b)` gives.
template <class... V>
struct var_list_t {
  std::tuple<V...> variables;
};
struct global_step_name {
  template <class T, class Shape, u64 Hash>
  constexpr global_step_t<variable_t<T, Shape, Hash>> operator=(variable_t<T, Shape, Hash> const& steps) const {
    static_assert(detail::counts<T> && Shape::rank == 0, "tfx: a global step is a scalar variable of whole numbers");
    return {steps};
  }
};
struct var_list_name {
  template <class... V>
  constexpr var_list_t<V...> operator=(std::tuple<V...> const& list) const {
    static_assert(sizeof...(V) > 0, "tfx: No variables to optimize.");
    static_assert((detail::is_variable<V> && ...), "tfx: a var_list holds variables");
    static_assert((std::is_floating_point_v<typename V::value_type> && ...),
                  "tfx: variables of float and double are optimized");
    return {list};
  }
  template <class T, class Shape, u64 Hash>
  constexpr var_list_t<variable_t<T, Shape, Hash>> operator=(variable_t<T, Shape, Hash> const& only) const {
    return *this = std::tuple(only);
  }
};
/// Names an argument of an optimizer's `minimize` and `apply_gradients`: `global_step = steps`, a scalar variable of
/// whole numbers to which each step adds 1.
inline constexpr global_step_name global_step{};
/// Names an argument of an optimizer's `minimize`: `var_list = std::tuple(w, b)`, or `var_list = w`: the variables that
/// the step changes. Others stay as they are.
inline constexpr var_list_name var_list{};

namespace train {
/// The variable `global_step`, an int64 that begins at 0: the same one wherever this is called.
template <class T = std::int64_t>
constexpr auto get_or_create_global_step() {
  return variable<"global_step">(zeros<T>(shape<>));
}
}  // namespace train

TFX_END
