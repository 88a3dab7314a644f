// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>

TFX_BEGIN
namespace keras {

/// One value while a model is trained, another when it is used: a run computes one of both, the second unless
/// `in_training` asks for the first. Both have one dtype and shape; which is computed is decided by the compiler, and
/// nothing of the other is left. One of both may be a plain number.
template <class Training, class Inference, auto Site = [] {}>
  requires operands<Training, Inference>
constexpr combined<by_phase_op, "", Training, Inference, Site> by_phase(Training const& training,
                                                                        Inference const& inference) {
  return combine<by_phase_op, "", Site>(training, inference);
}
/// What a tensor or a step is in training: `sess.run(in_training(loss), x = images, y = labels)`.
template <expression X>
constexpr result_t<training_op, "", X> in_training(X const& x) {
  return apply<training_op>(x);
}

}  // namespace keras
TFX_END
