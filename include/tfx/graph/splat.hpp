// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <bit>
#include <tfx/graph/function.hpp>

TFX_BEGIN

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
  if constexpr (std::is_floating_point_v<T>) {
    return __builtin_bit_cast(i64, static_cast<double>(value));
  } else if constexpr (detail::is_complex_type<T>) {
    return std::bit_cast<i64>(static_cast<double>(value.real()));
  } else if constexpr (detail::quantized_type<T>) {
    return value.value;
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
constexpr fragment splat_value(dims const& shape, dtype type, i64 bits) {
  i64 const* const e = shape.extent;
  return fragment(new fragment_part{
      .self = {.op = &info<splat_op>, .type = type, .shape = shape, .word_count = 2 + shape.rank},
      .words = new i64[2 + max_rank]{bits, static_cast<i64>(type), e[0], e[1], e[2], e[3], e[4], e[5], e[6], e[7]}});
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

TFX_END
