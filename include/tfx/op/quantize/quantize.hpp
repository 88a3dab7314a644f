// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/graph/operands.hpp>
#include <tfx/graph/outputs.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/kernel/quantize.hpp>

TFX_BEGIN

template <quantization_mode Mode>
struct quantization_mode_t {};
/// How floats and whole numbers correspond: `quantize<quint8>(x, low, high, mode::MIN_FIRST)`.
namespace mode {
inline constexpr quantization_mode_t<quantization_mode::min_combined> MIN_COMBINED{};
inline constexpr quantization_mode_t<quantization_mode::min_first> MIN_FIRST{};
inline constexpr quantization_mode_t<quantization_mode::scaled> SCALED{};
}  // namespace mode
template <rounding Rounding>
struct rounding_t {};
/// What becomes of a half: `quantize<qint8>(x, low, high, mode::SCALED, round_mode::HALF_TO_EVEN)`.
namespace round_mode {
inline constexpr rounding_t<rounding::half_away_from_zero> HALF_AWAY_FROM_ZERO{};
inline constexpr rounding_t<rounding::half_to_even> HALF_TO_EVEN{};
}  // namespace round_mode

/// Refuses what is no range: two floats from input `first` on.
constexpr void infer_range(inference& call, int first) {
  for (int i = first; i < first + 2; ++i) {
    if (call.types[i] != dtype::float32)
      return call.refuse_types(refusal_kind::dtype_mismatch, dtype::float32, call.types[i]);
    if (call.shapes[i].rank > 0) return call.refuse(refusal_kind::rank, {}, call.shapes[i]);
  }
}

namespace detail {
template <class X>
concept range_end = expression<X> || number<X>;
/// What the end of a range becomes as an input beside `Like`: a number is a float.
template <class Like, auto Site, int Position, class X>
using end_of_range = argument_of<float, Like, Site, Position, X>;
template <class T, quantization_mode Mode, rounding Rounding>
using quantize_words = words<static_cast<i64>(dtype_of<T>), static_cast<i64>(Mode), static_cast<i64>(Rounding)>;
}  // namespace detail

/// Floats as whole numbers that stand for them. Inputs: x, the ends of its range. Outputs: the numbers, the ends of the
/// range that they stand for. Words: their dtype, the mode, the rounding.
struct quantize_op {
  static constexpr auto name = "QuantizeV2";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.may_fail = true, .has_outputs = true};
  struct attributes {
    dtype type;
    quantization_mode mode;
    tfx::rounding rounding;
    constexpr explicit attributes(attribute_words w)
        : type(w.type(0)), mode(static_cast<quantization_mode>(w[1])), rounding(static_cast<tfx::rounding>(w[2])) {}
  };

  static constexpr void infer(inference& call) {
    call.outputs = 3;
    if (call.types[0] != dtype::float32) call.refuse_types(refusal_kind::dtype_mismatch, dtype::float32, call.types[0]);
    infer_range(call, 1);
    call.type = call.output > 0 ? dtype::float32 : attributes(call.attributes()).type;
    if (call.failed() || call.output > 0 || call.defer()) return;
    call.shape = call.shapes[0];
  }
  template <class Call>
  static void run(Call const& call) {
    constexpr attributes how(Call::attributes());
    kernel::quantizer<type_of<held_as(how.type)>, how.mode, how.rounding> const to(
        kernel::quantized_range({*call.template in<1>(), *call.template in<2>()}));
    if constexpr (Call::has_output(0)) to(call.template in<0>(), call.template out<0>(), call.count(Call::in_shape(0)));
    if constexpr (Call::has_output(1)) *call.template out<1>() = to.range.low;
    if constexpr (Call::has_output(2)) *call.template out<2>() = to.range.high;
  }
};

/// Floats as whole numbers of the dtype T, qint8, quint8 or qint32, that stand for them: `auto [q, low, high] =
/// quantize<quint8>(x, -1.0f, 1.0f);` The range is two scalars, numbers or tensors; `low` and `high` are the range that
/// q stands for, which has 0 in it and is at least 0.01 wide (0.01 times its larger end where that is more than 1).
/// With lowest and highest of T, and steps = highest − lowest:
/// - MIN_COMBINED: round((x − low) · steps / (high − low)) + lowest.
/// - MIN_FIRST: round(x · s) − round(low · s) + lowest, where s = steps / (high − low).
/// - SCALED: round(x · s), where s is the smaller of lowest / low and highest / high; halves go to the even number with
///   `round_mode::HALF_TO_EVEN`. In the other modes, and by default, they go away from zero.
/// x beyond the range is its end, NaN is `low`. A run refuses a range whose end comes before its begin. TensorFlow:
/// core/kernels/quantize_op.cc, whose int32 overflows where this one is the largest. No gradient.
template <element T, name Name = "", expression X, class Low, class High,
          quantization_mode Mode = quantization_mode::min_combined, rounding Rounding = rounding::half_away_from_zero,
          auto Site = [] {}>
  requires detail::range_end<Low> && detail::range_end<High>
constexpr outputs_with<quantize_op, Name, detail::quantize_words<T, Mode, Rounding>, 3, X,
                       detail::end_of_range<X, Site, 0, Low>, detail::end_of_range<X, Site, 1, High>>
quantize(X const& x, Low const& low, High const& high, quantization_mode_t<Mode> = {}, rounding_t<Rounding> = {}) {
  static_assert(is_quantized(dtype_of<T>), "quantize: to qint8, quint8 or qint32");
  static_assert(Rounding == rounding::half_away_from_zero || Mode == quantization_mode::scaled,
                "quantize: Round mode 'HALF_TO_EVEN' only supported for mode 'SCALED'");
  return apply_outputs<quantize_op, Name, detail::quantize_words<T, Mode, Rounding>, 3>(
      x, detail::as_argument<float, X, Site, 0>(low), detail::as_argument<float, X, Site, 1>(high));
}

TFX_END
