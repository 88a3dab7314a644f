// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/estimator/estimator.hpp>

TFX_BEGIN
namespace estimator {

/// How TrainSpec and EvalSpec are told what beside the input they need.
struct train_spec_options {
  /// Steps in all, those of earlier programs among them; else until the input ends.
  i64 max_steps = not_told;
};
struct eval_spec_options {
  /// At most so many batches; 0: all.
  i64 steps = 100;
  std::string name{};
  /// A checkpoint is evaluated where the last one that was lies so many seconds back.
  i64 throttle_secs = 600;
};

/// `TrainSpec(train_input, {.max_steps = 1000})`. The input stays where it is: it is copied only where it is a
/// temporary.
template <class Input>
struct TrainSpec {
  Input input_fn;
  train_spec_options options;

  explicit TrainSpec(Input input, train_spec_options const& told = {})
      : input_fn(static_cast<Input&&>(input)), options(told) {
    detail::check_positive("max_steps", options.max_steps);
  }
};
/// `EvalSpec(eval_input, {.steps = 100, .throttle_secs = 60})`.
template <class Input>
struct EvalSpec {
  Input input_fn;
  eval_spec_options options;

  explicit EvalSpec(Input input, eval_spec_options const& told = {})
      : input_fn(static_cast<Input&&>(input)), options(told) {
    if (options.steps != 0) detail::check_positive("steps", options.steps);
    detail::check_not_negative("throttle_secs", options.throttle_secs);
  }
};

/// Trains, evaluates checkpoints as they are written, no more often than `throttle_secs`, and what training ends with,
/// whose metrics are the result: `train_and_evaluate(classifier, TrainSpec(train_input, {.max_steps = 1000}),
/// EvalSpec(eval_input))`. A program that is stopped and runs again goes on; where all steps are done it evaluates.
template <class Model, class TrainInput, class EvalInput>
evaluation train_and_evaluate(Estimator<Model>& estimator, TrainSpec<TrainInput> const& train_spec,
                              EvalSpec<EvalInput> const& eval_spec) {
  eval_spec_options const& o = eval_spec.options;
  evaluate_options const how{.steps = o.steps == 0 ? not_told : o.steps, .name = o.name};
  constexpr i64 second = 1'000'000'000;
  i64 evaluated = -1, time = nanoseconds_since_1970();
  evaluation found;
  auto const evaluate = [&](i64 step) {
    found = estimator.evaluate(eval_spec.input_fn, how);
    evaluated = step;
    time = nanoseconds_since_1970();
  };
  i64 last = -1;
  estimator.train_and_tell(train_spec.input_fn, {.max_steps = train_spec.options.max_steps}, detail::nothing(),
                           [&](i64 step) {
                             last = step;
                             if (nanoseconds_since_1970() - time >= o.throttle_secs * second) evaluate(step);
                           });
  if (evaluated < 0 || evaluated != last) evaluate(last);
  return found;
}

}  // namespace estimator
TFX_END
