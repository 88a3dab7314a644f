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
  template <name Name, class Loss>
  using call = typename detail::token_leaf<Name, Loss::hash, member_site<>{}>::type;
  template <name Name, class Loss>
  using step = result_t<gradient_descent_op, Name, Loss, lifted<Rate, Loss, member_site<Name>{}>, call<Name, Loss>>;

 public:
  constexpr explicit GradientDescentOptimizer(Rate learning_rate) : learning_rate_(learning_rate) {}

  /// One step that lowers `loss` along every variable that it depends on. Each call is a step of its own; where one run
  /// takes several along one loss, names tell them apart: `minimize<"first">(loss)`.
  template <name Name = "", typed_expression Loss>
  constexpr step<Name, settled<gradient_descent_op, member_site<Name>{}, Loss>> minimize(Loss const& loss) const {
    if constexpr (detail::told_apart<Loss>) {
      return apply<gradient_descent_op, Name>(loss, lift<Loss, member_site<Name>{}>(learning_rate_, loss),
                                              detail::token<Name, Loss::hash, member_site<>{}>());
    } else {
      return minimize<Name>(compose<settled<gradient_descent_op, member_site<Name>{}, Loss>>(loss));
    }
  }

 private:
  Rate learning_rate_;
};

}  // namespace train

TFX_END
