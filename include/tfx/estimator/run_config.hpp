// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdlib>
#include <limits>
#include <string>
#include <tfx/base/clock.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/io/file.hpp>
#include <tfx/random/stream.hpp>

TFX_BEGIN
namespace estimator {

/// What an option holds that was not told.
inline constexpr i64 not_told = std::numeric_limits<i64>::min();

/// How an Estimator runs: `Estimator classifier(model_fn, {.model_dir = "/tmp/iris", .save_checkpoints_steps = 100})`.
struct RunConfig {
  /// Where checkpoints and events are; a folder for temporary files, unless told.
  std::string model_dir{};
  /// What weights begin as and random ops draw follows from it and from the number of the step, so that training that
  /// was stopped and resumed gives the bits of training that was not. Not told: other numbers each time.
  random::maybe_seed tf_random_seed{};
  /// The loss is written to the event file every so many steps.
  i64 save_summary_steps = 100;
  /// A checkpoint is written every so many steps, or every so many seconds, of which one may be told; 600 seconds else.
  i64 save_checkpoints_steps = not_told;
  i64 save_checkpoints_secs = not_told;
  /// How many of the newest checkpoints stay; 0 keeps all. Of the others one stays for each such span of time.
  int keep_checkpoint_max = 5;
  double keep_checkpoint_every_n_hours = 10000;
  /// Steps per second are written to the event file every so many steps.
  i64 log_step_count_steps = 100;
};

/// How long to train: `{.steps = 400}` more, or `{.max_steps = 400}` in all; else until the input ends.
struct train_options {
  i64 steps = not_told;
  i64 max_steps = not_told;
};
/// What to evaluate: at most `steps` batches, else all; results of a `name` are events of their own, in
/// `eval_<name>`; of a checkpoint that is not the newest: `checkpoint_path`.
struct evaluate_options {
  i64 steps = not_told;
  std::string name{};
  std::string checkpoint_path{};
};
struct predict_options {
  std::string checkpoint_path{};
};

namespace detail {
inline void check_positive(char const* option, i64 value) {
  if (value != not_told && value < 1)
    raise<errors::InvalidArgumentError>("Must specify %s > 0, given: %lld", option, static_cast<long long>(value));
}
inline void check(train_options const& options) {
  if (options.steps != not_told && options.max_steps != not_told)
    raise<errors::InvalidArgumentError>("Can not provide both steps and max_steps.");
  check_positive("steps", options.steps);
  check_positive("max_steps", options.max_steps);
}
inline void check_not_negative(char const* option, i64 value) {
  if (value < 0)
    raise<errors::InvalidArgumentError>("%s should be >= 0, given: %lld", option, static_cast<long long>(value));
}
/// A folder of its own among the temporary ones.
inline std::string temporary_folder() {
  char const* const told = std::getenv("TMPDIR");
  static i64 made = 0;
  return std::string(told && *told ? told : "/tmp") + "/tfx_estimator_" + std::to_string(nanoseconds_since_1970()) +
         "_" + std::to_string(made++);
}
/// The configuration with all that was not told.
inline RunConfig completed(RunConfig config) {
  if (config.save_checkpoints_steps != not_told && config.save_checkpoints_secs != not_told)
    raise<errors::InvalidArgumentError>("Can not provide both save_checkpoints_steps and save_checkpoints_secs.");
  check_positive("save_checkpoints_steps", config.save_checkpoints_steps);
  if (config.save_checkpoints_steps == not_told) {
    if (config.save_checkpoints_secs == not_told) config.save_checkpoints_secs = 600;
    check_not_negative("save_checkpoints_secs", config.save_checkpoints_secs);
  }
  check_not_negative("save_summary_steps", config.save_summary_steps);
  check_not_negative("keep_checkpoint_max", config.keep_checkpoint_max);
  check_positive("log_step_count_steps", config.log_step_count_steps);
  if (!(config.keep_checkpoint_every_n_hours > 0))
    raise<errors::InvalidArgumentError>("keep_checkpoint_every_n_hours should be > 0, given: %g",
                                        config.keep_checkpoint_every_n_hours);
  if (config.model_dir.empty()) config.model_dir = temporary_folder();
  while (config.model_dir.size() > 1 && config.model_dir.back() == '/') config.model_dir.pop_back();
  return config;
}
}  // namespace detail

}  // namespace estimator
TFX_END
