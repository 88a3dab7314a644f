// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/graph/splat.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// The second input where the condition holds, else the third. Gradient: dy to whichever was taken, 0 to the other.
struct where_op : elementwise<3> {
  static constexpr auto name = "Select";
  static constexpr void infer(inference& call) {
    only_bool(call, call.types[0]);
    if (call.types[1] != call.types[2])
      return call.refuse_types(refusal_kind::dtype_mismatch, call.types[1], call.types[2]);
    any_value(call, call.types[1]);
    infer_shape(call);
    call.type = call.types[1];
  }
  static constexpr auto value(auto condition, auto x, auto y) { return simd::select(condition, x, y); }
  static auto const& texts(bool condition, auto const& x, auto const& y) { return condition ? x : y; }
  static constexpr auto gradient(auto dy, auto, auto condition, auto, auto) {
    return handles<3>{{handle{}, where(condition, dy, 0.0), where(condition, 0.0, dy)}};
  }
};

/// x where `condition` holds, else y: `where(x > 0.0f, x, 0.0f)`. All three broadcast; a plain number takes the dtype
/// of the other.
template <name Name = "", expression C, class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr result_t<where_op, Name, C, lifted<X, Y, Site>, lifted<Y, X, Site, 1>> where(C const& condition, X const& x,
                                                                                       Y const& y) {
  return apply<where_op, Name>(condition, lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
}
/// Two plain numbers: of their common type.
template <name Name = "", typed_expression C, number X, number Y, auto Site = [] {}>
auto where(C const& condition, X x, Y y) {
  using T = detail::canonical_type<std::common_type_t<X, Y>>;
  typename detail::literal_leaf<"", T, shape_t<>, mix(C::hash, 2), Site>::type taken;
  typename detail::literal_leaf<"", T, shape_t<>, mix(C::hash, 3), Site>::type other;
  taken.literals[0] = make_literal(static_cast<T>(x));
  other.literals[0] = make_literal(static_cast<T>(y));
  return apply<where_op, Name>(condition, taken, other);
}
template <name Name = "", untyped C, number X, number Y>
constexpr C where(C const& condition, X x, Y y) {
  using T = detail::canonical_type<std::common_type_t<X, Y>>;
  return apply<where_op, Name>(condition, splat_value({}, dtype_of<T>, splat_bits(static_cast<T>(x))),
                               splat_value({}, dtype_of<T>, splat_bits(static_cast<T>(y))));
}

TFX_END
