// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/quantized_gemm.hpp>
#include <tfx/op/math/matmul.hpp>
#include <tfx/op/quantize/quantize.hpp>

TFX_BEGIN

namespace kernel {
/// The number of a range that stands for 0, as TensorFlow's FloatToQuantizedUnclamped finds it; beyond T's where the
/// range is far from 0. `which` is "a" or "b".
template <class T>
std::uint32_t zero_point(float_range range, char const* which) {
  if (!(range.high > range.low))
    raise<errors::InvalidArgumentError>("max_%s must be larger than min_%s.", which, which);
  if (std::isinf(range.low) || std::isinf(range.high))
    raise<errors::InvalidArgumentError>("min_%s and max_%s must be finite", which, which);
  double const width = static_cast<double>(range.high - range.low) * (256.0 / 255.0);
  double const low = std::round(static_cast<double>(range.low) * (256.0 / width));
  return static_cast<std::uint32_t>(std::numeric_limits<T>::min() - static_cast<i64>(low));
}
}  // namespace kernel

/// Matrix product of quantized numbers. Inputs: a and b, and the ends of their ranges. Outputs: the product as qint32,
/// and the ends of its range. Words: whether a and b are stored transposed.
struct quantized_matmul_op {
  static constexpr auto name = "QuantizedMatMul";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.may_fail = true,
                                    .counts_flops = true,
                                    .has_outputs = true,
                                    .divisible = true,
                                    .mismatch = matmul_op::traits.mismatch};
  using attributes = matmul_op::attributes;

  static constexpr void infer(inference& call) {
    call.outputs = 3;
    for (int i = 0; i < 2; ++i)
      if (call.types[i] != dtype::qint8 && call.types[i] != dtype::quint8)
        call.refuse_types(refusal_kind::needs_quantized, call.types[i]);
    infer_range(call, 2);
    infer_range(call, 4);
    call.type = call.output > 0 ? dtype::float32 : dtype::qint32;
    if (call.failed() || call.output > 0 || call.defer()) return;
    dims const &a = call.shapes[0], &b = call.shapes[1];
    if (a.rank != 2 || b.rank != 2) return call.refuse(refusal_kind::rank, a, b);
    auto const [ta, tb] = attributes(call.attributes());
    call.agree(a[ta ? 0 : 1], b[tb ? 1 : 0], a, b);
    if (!call.failed()) call.shape = {2, {a[ta ? 1 : 0], b[tb ? 0 : 1]}};
  }
  static constexpr double flops(dims const* shapes, dims const& result, attribute_words words) {
    return matmul_op::flops(shapes, result, words);
  }
  template <class Call>
  static void run(Call const& call) {
    constexpr attributes stored(Call::attributes());
    constexpr bool ta = stored.transpose_a, tb = stored.transpose_b;
    constexpr dims a = Call::in_shape(0), b = Call::in_shape(1);
    using A = typename Call::template in_type<0>;
    using B = typename Call::template in_type<1>;
    kernel::float_range const of_a{*call.template in<2>(), *call.template in<3>()};
    kernel::float_range const of_b{*call.template in<4>(), *call.template in<5>()};
    std::uint32_t const zero_a = kernel::zero_point<A>(of_a, "a"), zero_b = kernel::zero_point<B>(of_b, "b");
    if constexpr (Call::has_output(0)) {
      i64 const m = call.extent(a[ta ? 1 : 0]), k = call.extent(a[ta ? 0 : 1]), n = call.extent(b[tb ? 0 : 1]);
      auto const rows = call.share(m);
      kernel::quantized_gemm<ta, tb>(call.template in<0>(), call.template in<1>(), call.template out<0>(), rows.begin,
                                     rows.end, m, n, k, zero_a, zero_b);
    }
    if (call.of.part.index > 0) return;
    float const step = (of_a.high - of_a.low) / 255.0f * ((of_b.high - of_b.low) / 255.0f);
    if constexpr (Call::has_output(1)) *call.template out<1>() = step * -2147483648.0f;
    if constexpr (Call::has_output(2)) *call.template out<2>() = step * 2147483647.0f;
  }
};

namespace detail {
template <class... Transpose>
using stored_words =
    words<(std::is_same_v<Transpose, transpose_a_t> || ...), (std::is_same_v<Transpose, transpose_b_t> || ...)>;
}  // namespace detail

/// a · b of matrices of qint8 and quint8, of which each stands for numbers of its range, scalars that are numbers or
/// tensors: `auto [c, min_c, max_c] = quantized_matmul(a, b, min_a, max_a, min_b, max_b);`, with `transpose_a` and
/// `transpose_b` as matmul. c is qint32 and exact: the sums of (a − zero_a)(b − zero_b), modulo 2³², where zero_a is
/// what stands for 0 in a's range, rounded. One of c stands for the product of one of a, (max_a − min_a) / 255, and one
/// of b. A run refuses a range that is empty or infinite. TensorFlow: core/kernels/quantized_matmul_op.cc, which
/// multiplies quint8 alone. No gradient.
template <name Name = "", expression A, expression B, class MinA, class MaxA, class MinB, class MaxB,
          class... Transpose, auto Site = [] {}>
  requires(detail::range_end<MinA> && detail::range_end<MaxA> && detail::range_end<MinB> && detail::range_end<MaxB> &&
           ((std::is_same_v<Transpose, transpose_a_t> || std::is_same_v<Transpose, transpose_b_t>) && ...))
constexpr outputs_with<quantized_matmul_op, Name, detail::stored_words<Transpose...>, 3, A, B,
                       detail::end_of_range<A, Site, 0, MinA>, detail::end_of_range<A, Site, 1, MaxA>,
                       detail::end_of_range<B, Site, 2, MinB>, detail::end_of_range<B, Site, 3, MaxB>>
quantized_matmul(A const& a, B const& b, MinA const& min_a, MaxA const& max_a, MinB const& min_b, MaxB const& max_b,
                 Transpose...) {
  return apply_outputs<quantized_matmul_op, Name, detail::stored_words<Transpose...>, 3>(
      a, b, detail::as_argument<float, A, Site, 0>(min_a), detail::as_argument<float, A, Site, 1>(max_a),
      detail::as_argument<float, B, Site, 2>(min_b), detail::as_argument<float, B, Site, 3>(max_b));
}

TFX_END
