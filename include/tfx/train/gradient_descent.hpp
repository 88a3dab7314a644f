// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/multiply.hpp>
#include <tfx/op/subtract.hpp>
#include <tfx/op/variable.hpp>

TFX_BEGIN

namespace train {

/// v ← v − learning_rate · gradient.
struct gradient_descent_op : minimization {
  static constexpr auto name = "GradientDescent";
  static constexpr void update(update_call& call) { call.result = call.variable - call.parameters[0] * call.gradient; }
};

/// Plain gradient descent. The learning rate is a number, or an expression that is computed in each step.
template <class Rate>
class GradientDescentOptimizer {
 public:
  constexpr explicit GradientDescentOptimizer(Rate learning_rate) : learning_rate_(learning_rate) {}

  /// One step that lowers `loss` along every variable that it depends on.
  template <typed_expression Loss>
  constexpr result_t<gradient_descent_op, "", Loss, lifted<Rate, Loss, member_site{}>> minimize(
      Loss const& loss) const {
    return apply<gradient_descent_op>(loss, lift<Loss, member_site{}>(learning_rate_, loss));
  }

 private:
  Rate learning_rate_;
};

}  // namespace train

TFX_END
