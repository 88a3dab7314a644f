// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/where.hpp>
#include <tfx/op/math/abs.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/equal.hpp>
#include <tfx/op/math/floor.hpp>
#include <tfx/op/math/greater_equal.hpp>
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/sign.hpp>
#include <tfx/op/math/subtract.hpp>
#include <tfx/op/quantize/quantize.hpp>

TFX_BEGIN

/// The floats that quantized numbers stand for. Inputs: the numbers, the ends of their range. Word: the mode.
struct dequantize_op {
  static constexpr auto name = "Dequantize";
  static constexpr op_kind kind = op_kind::composed;
  static constexpr op_traits traits{.simplifies = true};
  struct attributes {
    quantization_mode mode;
    constexpr explicit attributes(attribute_words w) : mode(static_cast<quantization_mode>(w[0])) {}
  };

  static constexpr void infer(inference& call) {
    if (!is_quantized(call.types[0])) call.refuse_types(refusal_kind::needs_quantized, call.types[0]);
    infer_range(call, 1);
    call.type = dtype::float32;
    if (!call.failed() && !call.defer()) call.shape = call.shapes[0];
  }
  static constexpr void simplify(auto& call) {
    auto const low = call.x(1), high = call.x(2);
    dtype const type = held_as(call.x(0).type());
    bool const has_sign = type != dtype::uint8;
    double const steps = type == dtype::int32 ? 4294967295.0 : 255.0, half = has_sign ? (steps + 1) / 2 : 0.0;
    auto const x = cast(call.x(0), dtype::float32), step = (high - low) / steps;
    switch (attributes(call.attributes()).mode) {
      case quantization_mode::min_combined:
        call.result = ((x + half) * step + low).id;
        break;
      case quantization_mode::min_first:
        call.result = (where(equal(low, high), low, nearest(low / step) * step) + half * step + x * step).id;
        break;
      case quantization_mode::scaled: {
        auto const above = high / (steps - half);
        call.result = (x * (has_sign ? maximum(low / -half, above) : above)).id;
      }
    }
  }
  /// The nearest whole number, halves away from zero.
  static constexpr auto nearest(auto x) {
    auto const below = floor(abs(x));
    return sign(x) * where(greater_equal(abs(x) - below, 0.5), below + 1.0, below);
  }
};

/// The floats that q, quantized numbers, stands for in the range from `low` to `high`, two scalars: `dequantize(q, low,
/// high)`, in the mode that made them. With lowest and highest of q's dtype and step = (high − low) / (highest −
/// lowest):
/// - MIN_COMBINED: (q − lowest) · step + low, where −lowest of a signed dtype is half the number of its values.
/// - MIN_FIRST: round(low / step) · step + (q − lowest) · step.
/// - SCALED: q · the larger of low / lowest and high / highest.
/// Any range is taken. TensorFlow: core/kernels/dequantize_op.cc. No gradient.
template <name Name = "", expression Q, class Low, class High, quantization_mode Mode = quantization_mode::min_combined,
          auto Site = [] {}>
  requires detail::range_end<Low> && detail::range_end<High>
constexpr result_with<dequantize_op, Name, words<static_cast<i64>(Mode)>, Q, detail::end_of_range<Q, Site, 0, Low>,
                      detail::end_of_range<Q, Site, 1, High>>
dequantize(Q const& q, Low const& low, High const& high, quantization_mode_t<Mode> = {}) {
  return apply<dequantize_op, Name, words<static_cast<i64>(Mode)>>(q, detail::as_argument<float, Q, Site, 0>(low),
                                                                   detail::as_argument<float, Q, Site, 1>(high));
}

TFX_END
