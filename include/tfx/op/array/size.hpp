// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/described.hpp>

TFX_BEGIN

constexpr handle size_along(handle x, unsigned bits, dtype type);

/// How many elements a tensor has. Constant to derivatives.
struct size_op {
  static constexpr auto name = "Size";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.may_fail = true, .simplifies = true, .first_extent = 1};
  static constexpr auto gradient = constant_to_derivatives;
  struct attributes {
    dtype type;
    attribute_words factors;  // extents whose product it is, where passes have put them in the input's place
    constexpr explicit attributes(attribute_words w) : type(w.type(0)), factors(w.rest(1)) {}
  };

  static constexpr void infer(inference& call) { call.type = attributes(call.attributes()).type; }
  // The shape tells it: the elements are not needed.
  static constexpr void simplify(auto& call) {
    if (call.inputs.size() == 1) call.result = size_along(call.x(0), ~0u, call.self.type).id;
  }

  template <class Call>
  static void run(Call const& call) {
    using T = typename Call::out_type;
    constexpr attribute_words factors = attributes(Call::attributes()).factors;
    i64 product = 1;
    for (int i = 0; i < factors.count; ++i) product *= call.extent(factors[i]);
    if constexpr (std::is_integral_v<T> && sizeof(T) < sizeof(i64))
      if (product != static_cast<i64>(static_cast<T>(product)))
        raise<errors::InvalidArgumentError>("size: %lld elements are more than the dtype can tell",
                                            static_cast<long long>(product));
    *call.out() = static_cast<T>(product);
  }
};

/// The number of elements along the axes `bits` of `x`.
constexpr handle size_along(handle x, unsigned bits, dtype type) {
  i64 attributes[1 + max_rank] = {static_cast<i64>(type)};
  int count = 1;
  i64 product = 1;
  for (int i = 0; i < x.rank(); ++i) {
    if (!(bits >> i & 1u)) continue;
    i64 const extent = x.graph->symbols.resolve(x.shape()[i]);
    if (extent >= 0) {
      product *= extent;
    } else {
      attributes[count++] = extent;
    }
  }
  if (count == 1) {
    i64 const constant[] = {is_integer(type) ? product : splat_bits(static_cast<double>(product), type),
                            static_cast<i64>(type)};
    return {x.graph, x.graph->add(info<splat_op>, nullptr, 0, constant, 2)};
  }
  if (product != 1) attributes[count++] = product;
  return {x.graph, x.graph->add(info<size_op>, nullptr, 0, attributes, count)};
}
/// In x's dtype.
constexpr handle size_along(handle x, unsigned bits) { return size_along(x, bits, x.type()); }

/// How many elements x has, as int32, or `size<std::int64_t>(x)`.
template <name Name = "", expression X>
constexpr result_with<size_op, Name, words<static_cast<i64>(dtype::int32)>, X> size(X const& x) {
  return apply<size_op, Name, words<static_cast<i64>(dtype::int32)>>(x);
}
template <element T, expression X>
constexpr result_with<size_op, "", words<static_cast<i64>(dtype_of<T>)>, X> size(X const& x) {
  return apply<size_op, "", words<static_cast<i64>(dtype_of<T>)>>(x);
}

TFX_END
