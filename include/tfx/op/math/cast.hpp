// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// The same values in another dtype; quantized numbers are the whole numbers that they are held as. Gradient: dy in x's
/// dtype, between float and double only.
struct cast_op : elementwise<1> {
  static constexpr auto name = "Cast";
  struct attributes {
    dtype type;
    constexpr explicit attributes(attribute_words w) : type(w.type(0)) {}
  };
  static constexpr void infer(inference& call) {
    has_number(call, call.types[0]);
    infer_shape(call);
    call.type = attributes(call.attributes()).type;
    has_number(call, call.type);
  }
  static constexpr void has_number(inference& call, dtype d) {
    if (!is_quantized(d)) number_or_bool(call, d);
  }
  static constexpr op_traits traits{.simplifies = true};
  static constexpr void simplify(simplification& call) {
    if (call.x(0).type() == call.self.type) call.keep(0);
  }
  template <class Result>
  static auto convert(auto const& x) {
    return simd::convert<simd::lane_t<Result>>(x);
  }
  static constexpr void gradient(gradient_call& call);
  static constexpr void tangent(gradient_call& call);
};

constexpr handle cast(handle x, dtype to) {
  if (x.type() == to) return x;
  i64 const word = static_cast<i64>(to);
  return add_node(info<cast_op>, &word, 1, x);
}
constexpr void cast_op::gradient(gradient_call& call) {
  if (is_floating(call.get().type) && is_floating(call.x(0).type())) call.dx[0] = cast(call.dy, call.x(0).type());
}
constexpr void cast_op::tangent(gradient_call& call) {
  if (is_floating(call.get().type) && is_floating(call.x(0).type())) call.tangent = cast(call.dx[0], call.get().type);
}

namespace detail {
template <class T, name Name, class X>
struct cast_type {
  using type = result_with<cast_op, Name, words<static_cast<i64>(dtype_of<T>)>, X>;
};
template <class T, name Name, class X>
  requires std::is_same_v<canonical_type<T>, typename X::value_type>
struct cast_type<T, Name, X> {
  using type = X;
};
}  // namespace detail

/// x as T: floats lose what is behind the point, bool is 0 or 1, to bool says whether x is not 0. `cast<float>(equal(x,
/// y))`; x itself where it is a T already. Quantized numbers are cast as the whole numbers that they are held as:
/// `dequantize` tells what they stand for.
template <element T, name Name = "", typed_expression X>
constexpr typename detail::cast_type<T, Name, X>::type cast(X const& x) {
  if constexpr (std::is_same_v<typename detail::cast_type<T, Name, X>::type, X>) {
    return x;
  } else {
    return apply<cast_op, Name, words<static_cast<i64>(dtype_of<T>)>>(x);
  }
}

template <element T, name Name = "", untyped X>
constexpr X cast(X const& x) {
  if (x.type() == dtype_of<T>) return x;
  return apply<cast_op, Name, words<static_cast<i64>(dtype_of<T>)>>(x);
}

TFX_END
