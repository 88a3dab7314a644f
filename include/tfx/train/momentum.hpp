// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/train/optimizer.hpp>

TFX_BEGIN

namespace train {

/// m ← momentum · m + gradient; v ← v − learning_rate · m. With Nesterov's rule the variable moves along
/// gradient + momentum · m, as it would one step later (Sutskever et al., 2013).
template <bool Nesterov>
struct momentum_op : minimization {
  static constexpr auto name = Nesterov ? "NesterovMomentum" : "Momentum";
  static constexpr slot slots[] = {{"Momentum"}};
  static constexpr void update(auto& call) {
    auto const rate = call.parameters[0], momentum = call.parameters[1];
    auto const m = call.slots[0] * momentum + call.gradient;
    call.slots[0] = m;
    call.result = Nesterov ? call.variable - (call.gradient * rate + m * momentum * rate) : call.variable - m * rate;
  }
};

/// What MomentumOptimizer takes last for Nesterov's rule.
struct use_nesterov_t {};
inline constexpr use_nesterov_t use_nesterov{};

/// Gradient descent with momentum: `MomentumOptimizer(0.1f, 0.9f).minimize(loss)`, `MomentumOptimizer(0.1f, 0.9f,
/// use_nesterov)`. A variable w has its momentum in `w/Momentum`, which begins at 0.
template <class Rate, class Momentum, bool Nesterov = false>
class MomentumOptimizer : public optimizer<momentum_op<Nesterov>, Rate, Momentum> {
  using base = optimizer<momentum_op<Nesterov>, Rate, Momentum>;

 public:
  constexpr MomentumOptimizer(Rate learning_rate, Momentum momentum) : base(learning_rate, momentum) {}
  constexpr MomentumOptimizer(Rate learning_rate, Momentum momentum, use_nesterov_t) : base(learning_rate, momentum) {}
};
template <class Rate, class Momentum>
MomentumOptimizer(Rate, Momentum) -> MomentumOptimizer<Rate, Momentum>;
template <class Rate, class Momentum>
MomentumOptimizer(Rate, Momentum, use_nesterov_t) -> MomentumOptimizer<Rate, Momentum, true>;

}  // namespace train

TFX_END
