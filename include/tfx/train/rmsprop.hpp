// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>
#include <tfx/train/optimizer.hpp>

TFX_BEGIN

namespace train {

/// a ← a + (gradient² − a) · (1 − decay); m ← momentum · m + learning_rate · gradient / √(a + epsilon); v ← v − m
/// (Hinton, 2012).
struct rmsprop_op : minimization {
  static constexpr auto name = "RMSProp";
  static constexpr slot slots[] = {{.name = "RMSProp", .initial = 1}, {"RMSProp", "_1"}};
  static constexpr void update(auto& call) {
    auto const a = call.slots[0] + (square(call.gradient) - call.slots[0]) * (1.0 - call.parameters[1]);
    auto const m =
        call.slots[1] * call.parameters[2] + call.parameters[0] * call.gradient / sqrt(a + call.parameters[3]);
    call.slots[0] = a;
    call.slots[1] = m;
    call.result = call.variable - m;
  }
};
/// The same with the gradient's variance in the place of its mean square: b ← b + (gradient − b) · (1 − decay), and
/// a − b² for a under the root.
struct centered_rmsprop_op : minimization {
  static constexpr auto name = "CenteredRMSProp";
  static constexpr slot slots[] = {{.name = "RMSProp", .initial = 1}, {"RMSProp", "_1"}, {"RMSProp", "_2"}};
  static constexpr void update(auto& call) {
    auto const decay = call.parameters[1], part = call.gradient * (1.0 - decay);
    auto const a = call.slots[0] * decay + call.gradient * part;
    auto const b = call.slots[1] * decay + part;
    auto const m = call.slots[2] * call.parameters[2] +
                   call.parameters[0] * call.gradient / sqrt(a - square(b) + call.parameters[3]);
    call.slots[0] = a;
    call.slots[1] = b;
    call.slots[2] = m;
    call.result = call.variable - m;
  }
};

/// What RMSPropOptimizer takes last for the centered rule.
struct centered_t {};
inline constexpr centered_t centered{};

/// Gradient descent that divides by the root of the gradient's mean square: `RMSPropOptimizer(0.01f).minimize(loss)`,
/// `RMSPropOptimizer(0.01f, decay, momentum, epsilon)`, or by its deviation, `RMSPropOptimizer(0.01f, 0.9f, 0.0f,
/// 1e-10f, centered)`. A variable w has its mean square in `w/RMSProp`, which begins at 1, and its momentum in
/// `w/RMSProp_1`; centered its mean in `w/RMSProp_1` and its momentum in `w/RMSProp_2`.
template <class Rate, class Decay = double, class Momentum = double, class Epsilon = double, class Op = rmsprop_op>
class RMSPropOptimizer : public optimizer<Op, Rate, Decay, Momentum, Epsilon> {
  using base = optimizer<Op, Rate, Decay, Momentum, Epsilon>;

 public:
  constexpr explicit RMSPropOptimizer(Rate learning_rate, Decay decay = Decay(0.9), Momentum momentum = Momentum(0),
                                      Epsilon epsilon = Epsilon(1e-10))
      : base(learning_rate, decay, momentum, epsilon) {}
  constexpr RMSPropOptimizer(Rate learning_rate, Decay decay, Momentum momentum, Epsilon epsilon, centered_t)
      : base(learning_rate, decay, momentum, epsilon) {}
};
template <class Rate, class Decay, class Momentum, class Epsilon>
RMSPropOptimizer(Rate, Decay, Momentum, Epsilon, centered_t)
    -> RMSPropOptimizer<Rate, Decay, Momentum, Epsilon, centered_rmsprop_op>;

}  // namespace train

TFX_END
