// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/size.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/nn/batch_normalization.hpp>
#include <tfx/op/nn/moments.hpp>
#include <tuple>

TFX_BEGIN

/// A variance v of each column of x as an estimate without bias: v · n / max(n − 1, 1), n the number of rows. Linear in
/// v; of x only the shape matters.
struct unbiased_variance_op {
  static constexpr auto name = "UnbiasedVariance";
  static constexpr op_kind kind = op_kind::composed;
  static constexpr op_traits traits{.simplifies = true};
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (!call.defer()) call.shape = call.shapes[0];
  }
  static constexpr void gradient(auto& call) { call.dx[0] = apply<unbiased_variance_op>(call.dy, call.x(1)); }
  static constexpr void tangent(auto& call) {
    if (call.dx[0]) call.tangent = apply<unbiased_variance_op>(call.dx[0], call.x(1));
  }
  static constexpr void simplify(auto& call) {
    auto const v = call.x(0), x = call.x(1);
    auto const n = size_along(x, (1u << (x.rank() - 1)) - 1u);
    call.result = (v * (n / maximum(n - 1.0, 1.0))).id;
  }
};

namespace nn {
/// Batch normalisation of images x [n, height, width, channels] by their own mean and variance in each channel:
/// `auto [y, mean, variance] = nn::fused_batch_norm(x, scale, offset);` y is (x − mean) · rsqrt(v + epsilon) · scale +
/// offset, where v is the mean of squared differences from the mean; `variance` is the estimate without bias,
/// v · N / (N − 1), as in TensorFlow, for moving averages. scale and offset are [channels].
template <name Name = "", expression X, expression Scale, expression Offset, number E = double, auto Site = [] {}>
constexpr auto fused_batch_norm(X const& x, Scale const& scale, Offset const& offset, E epsilon = 0.001) {
  if constexpr (typed_expression<X>)
    static_assert(X::shape_type::rank == 4 || X::shape_type::rank == dims::unknown_rank,
                  "fused_batch_norm: x is [n, height, width, channels]");
  auto const mean = reduce_mean(x, axes<0, 1, 2>);
  auto const variance = reduce_mean(apply<squared_deviation_op>(x, mean), axes<0, 1, 2>);
  return std::tuple{
      batch_normalization<Name, X, std::remove_const_t<decltype(mean)>, std::remove_const_t<decltype(variance)>, Offset,
                          Scale, E, Site>(x, mean, variance, offset, scale, epsilon),
      mean, apply<unbiased_variance_op>(variance, x)};
}
/// The same by a mean and a variance that are given, as when a trained network is used (TensorFlow: is_training =
/// False); they are the second and the third result.
template <name Name = "", expression X, expression Scale, expression Offset, expression Mean, expression Variance,
          number E = double, auto Site = [] {}>
constexpr auto fused_batch_norm(X const& x, Scale const& scale, Offset const& offset, Mean const& mean,
                                Variance const& variance, E epsilon = 0.001) {
  return std::tuple{
      batch_normalization<Name, X, Mean, Variance, Offset, Scale, E, Site>(x, mean, variance, offset, scale, epsilon),
      mean, variance};
}
}  // namespace nn

TFX_END
