// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/pool.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/pow.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

namespace kernel {
struct sum_of_window {
  template <class T>
  static constexpr T identity = 0;
  template <class P>
  TFX_INLINE static P combine(P const& a, P const& v) {
    return a + v;
  }
  template <class P>
  TFX_INLINE static P finish(P const& a, i64) {
    return a;
  }
};
/// A window along rows that reaches `Radius` elements to both sides.
template <i64 Radius>
struct row_window {
  static constexpr window_axis axis[3] = {{}, {}, {2 * Radius + 1, 1, 1, padding_kind::same}};
  static constexpr i64 size = 2 * Radius + 1;
};
}  // namespace kernel

/// Each element with its neighbours in its row, up to a distance: their sum. Word: the distance. Gradient: the same.
struct neighbour_sum_op {
  static constexpr auto name = "NeighbourSum";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.multilinear = true, .divisible = true};
  static constexpr void infer(inference& call) {
    only_floating(call, call.types[0]);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return;
    if (call.shapes[0].rank < 1) return call.refuse(refusal_kind::axis, call.shapes[0], {}, -1);
    call.shape = call.shapes[0];
  }
  static constexpr void gradient(auto& call) {
    i64 const words[] = {call.attributes()[0]};
    call.dx[0] = add_node<neighbour_sum_op>(words, 1, call.dy);
  }
  template <class Call>
  static void run(Call const& call) {
    constexpr dims x = Call::out_shape();
    using window_type = kernel::row_window<Call::word(0)>;
    kernel::pool_extents e;
    e.images = call.count(x, 0, x.rank - 1);
    e.n[2] = e.places[2] = call.extent(x[x.rank - 1]);
    e.before[2] = Call::word(0);
    e.channels = 1;
    auto const part = call.share(e.images);
    kernel::pool<kernel::sum_of_window, window_type, 1>(call.template in<0>(), call.out(), e, part.begin, part.end);
  }
};

/// How far a window reaches to both sides along the channels: `depth_radius<5>`.
template <i64 R>
struct depth_radius_t {};
template <i64 R>
  requires(R >= 0)
inline constexpr depth_radius_t<R> depth_radius{};

namespace nn {
/// x / (bias + alpha · Σ x²)^beta, the sum over the channels, along the last axis, that are not further than the radius
/// away, floats: `nn::local_response_normalization(x, depth_radius<5>, 1.0, 1e-4, 0.75)`. Krizhevsky et al., 2012.
template <name Name = "", expression X, i64 R = 5, number A = double, number B = double, number C = double,
          auto Site = [] {}>
constexpr auto local_response_normalization(X const& x, depth_radius_t<R> = {}, A bias = 1, B alpha = 1, C beta = 0.5) {
  auto const sum = apply<neighbour_sum_op, "", words<R>>(square(x));
  auto const scaled = multiply<"", B, std::remove_const_t<decltype(sum)>, Site>(alpha, sum);
  auto const norm = add<"", A, std::remove_const_t<decltype(scaled)>, Site>(bias, scaled);
  auto const factor = pow<"", std::remove_const_t<decltype(norm)>, C, Site>(norm, -beta);
  return apply<multiply_op, Name>(x, factor);
}
/// The same.
template <name Name = "", expression X, i64 R = 5, number A = double, number B = double, number C = double,
          auto Site = [] {}>
constexpr auto lrn(X const& x, depth_radius_t<R> radius = {}, A bias = 1, B alpha = 1, C beta = 0.5) {
  return local_response_normalization<Name, X, R, A, B, C, Site>(x, radius, bias, alpha, beta);
}
}  // namespace nn

TFX_END
