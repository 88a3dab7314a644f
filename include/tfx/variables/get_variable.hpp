// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/state/variable.hpp>
#include <tfx/variables/initializers.hpp>

TFX_BEGIN

/// The variable of a name, with an initial value of a shape from an initializer:
/// `get_variable<"w">(shape<3, 4>, he_normal_initializer())`. The same name with the same content is the same variable.
/// An initializer is one of initializers.hpp or matrix_initializers.hpp, or a function from a shape to an expression.
/// `trainable<false>` behind it keeps optimizers from it.
template <name Name, element T = float, auto... D, class Initializer, bool Trainable = true>
  requires(!expression<Initializer>)
constexpr auto get_variable(shape_t<D...> s, Initializer const& init, trainable_t<Trainable> role = {}) {
  if constexpr (requires { init.template make<T>(s); }) {
    return variable<Name>(init.template make<T>(s), role);
  } else {
    return variable<Name>(init(s), role);
  }
}
/// With TensorFlow's default: glorot_uniform_initializer for float and double, zeros for other dtypes.
template <name Name, element T = float, auto... D>
constexpr auto get_variable(shape_t<D...> s) {
  if constexpr (std::is_floating_point_v<T>) {
    return get_variable<Name, T>(s, glorot_uniform_initializer());
  } else {
    return get_variable<Name, T>(s, zeros_initializer());
  }
}
/// Inside functions over handles, under a name and of a shape that may be composed:
/// `get_variable(name_of("layer", i, "/w"), {64, 64})`.
template <element T = float, class Initializer, bool Trainable = true>
constexpr fragment get_variable(std::string_view name, extents shape, Initializer const& init,
                                trainable_t<Trainable> role = {}) {
  return variable(name, init.make_value(dtype_of<T>, shape.value), role);
}
template <element T = float>
constexpr fragment get_variable(std::string_view name, extents shape) {
  if constexpr (std::is_floating_point_v<T>) {
    return get_variable<T>(name, shape, glorot_uniform_initializer());
  } else {
    return get_variable<T>(name, shape, zeros_initializer());
  }
}
/// With an initial value.
template <name Name, typed_expression Initial>
constexpr auto get_variable(Initial const& initial) {
  return variable<Name>(initial);
}

TFX_END
