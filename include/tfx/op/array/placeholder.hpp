// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>

TFX_BEGIN

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
