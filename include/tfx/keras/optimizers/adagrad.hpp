// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/optimizers/optimizer.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

namespace keras::optimizers {

/// a ← a + gradient²; w ← w − rate · gradient / (√a + epsilon).
struct adagrad_rule : minimization {
  static constexpr auto name = "KerasAdagrad";
  static constexpr std::string_view class_name = "Adagrad";
  static constexpr slot slots[] = {{"Adagrad", "/accumulator"}};
  static constexpr void update(auto& call) {
    auto const a = call.slots[0] + square(call.gradient);
    call.slots[0] = a;
    call.result = call.variable - decayed_rate(call) * call.gradient / (sqrt(a) + call.parameters[first_own_parameter]);
  }
};

template <clipping Clip>
struct adagrad_options {
  option epsilon = 1e-7;
  option decay{};
  clipnorm_option<Clip> clipnorm{};
  clipvalue_option<Clip> clipvalue{};
};

/// What Adagrad makes. A variable w has the sum of its gradients' squares in `w/Adagrad/accumulator`, which begins at
/// 0.
template <name Name, class T, clipping Clip>
class adagrad_optimizer
    : public optimizer<adagrad_optimizer<Name, T, Clip>, adagrad_rule, Name, T, adagrad_options, Clip> {
  using base = typename adagrad_optimizer::optimizer;
  using base::options_;

 public:
  constexpr adagrad_optimizer(double lr, adagrad_options<Clip> const& options) : base(lr, options) {
    check_not_negative("epsilon", options.epsilon);
  }
  constexpr auto own_parameters() const { return std::tuple(options_.epsilon.value); }
};

/// Adagrad as Keras has it (Duchi et al., 2011): `Adagrad(0.01)`, `Adagrad(0.01, {.epsilon = 1e-7, .decay = 1e-4,
/// .clipnorm = 1})`. Variables: `Adagrad/lr`, `Adagrad/decay`, `Adagrad/iterations`. Refused: a negative number. The
/// rest is as SGD has it.
template <name Name = "Adagrad", class T = float, number Rate = double>
constexpr adagrad_optimizer<Name, T, clipping::none> Adagrad(Rate lr = 0.01, adagrad_options<clipping::none> o = {}) {
  return {option(lr), o};
}
template <name Name = "Adagrad", class T = float>
constexpr adagrad_optimizer<Name, T, clipping::by_value> Adagrad(long double lr,
                                                                 adagrad_options<clipping::by_value> o) {
  return {option(lr), o};
}
template <name Name = "Adagrad", class T = float>
constexpr adagrad_optimizer<Name, T, clipping::by_norm> Adagrad(option lr, adagrad_options<clipping::by_norm> o) {
  return {lr, o};
}

}  // namespace keras::optimizers

TFX_END
