// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <initializer_list>
#include <tfx/estimator/event_log.hpp>
#include <tfx/estimator/run_config.hpp>
#include <tfx/train/saver.hpp>

namespace tfx::errors {
/// The loss of a training step is no number.
struct NanLossDuringTrainingError : Error {
  using Error::Error;
  static constexpr char const* name = "NanLossDuringTrainingError";
};
}  // namespace tfx::errors

TFX_BEGIN
namespace estimator::detail {

/// What training does beside its steps: it writes checkpoints and events, and stops where the loss is no number.
class training_run {
 public:
  /// From step `begun`, until `last`; `resumed` tells that a checkpoint of that step is there.
  [[gnu::noinline]] training_run(RunConfig const& config, Session& session, train::Saver& saver, i64 begun,
                                 std::string const& resumed)
      : config_(config),
        session_(session),
        saver_(saver),
        writer_(config.model_dir),
        begun_(begun),
        step_(begun),
        saved_(resumed.empty() ? begun - 1 : begun),
        counted_(begun),
        count_time_(nanoseconds_since_1970()),
        save_time_(count_time_) {
    saver_.max_to_keep = config.keep_checkpoint_max;
    saver_.keep_checkpoint_every_n_hours = config.keep_checkpoint_every_n_hours;
    if (!resumed.empty()) saver_.recover_last_checkpoints(config.model_dir);
  }

  /// As TensorFlow does, before the first step where there is no checkpoint yet.
  bool save_first() {
    if (saved_ == begun_) return false;
    save();
    return true;
  }
  /// After a step of that loss, which has these summaries; whether a checkpoint was written.
  [[gnu::noinline]] bool after_step(i64 step, double loss, std::initializer_list<std::string_view> summaries) {
    if (step <= step_)
      raise<errors::FailedPreconditionError>(
          "train: the operation that trains did not add 1 to global_step, which is %lld\nhelp: "
          "minimize(loss, global_step = train::get_or_create_global_step()), or an optimizer in the EstimatorSpec",
          static_cast<long long>(step));
    step_ = step;
    if (std::isnan(loss)) raise<errors::NanLossDuringTrainingError>("NaN loss during training.");
    if (config_.save_summary_steps > 0 && step >= next_summary_) {
      log_value(writer_, "loss", loss, step);
      for (std::string_view const summary : summaries) writer_.add_summary(summary, step);
      next_summary_ = step + config_.save_summary_steps;
    }
    if (config_.log_step_count_steps != not_told && step - counted_ >= config_.log_step_count_steps) count_steps();
    if (!is_due()) return false;
    save();
    return true;
  }
  /// At the end; whether a checkpoint was written.
  bool finish() {
    bool const saves = saved_ != step_;
    if (saves) save();
    writer_.close();
    return saves;
  }

 private:
  static constexpr i64 second = 1'000'000'000;

  RunConfig const& config_;
  Session& session_;
  train::Saver& saver_;
  summary::FileWriter writer_;
  i64 begun_, step_, saved_;  // steps
  i64 counted_, next_summary_ = 0;
  i64 count_time_, save_time_;  // in nanoseconds

  void save() {
    saver_.save(session_, config_.model_dir + "/model.ckpt", step_);
    writer_.flush();
    saved_ = step_;
    save_time_ = nanoseconds_since_1970();
  }
  bool is_due() const {
    if (config_.save_checkpoints_steps != not_told) return step_ - saved_ >= config_.save_checkpoints_steps;
    return nanoseconds_since_1970() - save_time_ >= config_.save_checkpoints_secs * second;
  }
  void count_steps() {
    i64 const now = nanoseconds_since_1970();
    if (now > count_time_)
      log_value(
          writer_, "global_step/sec",
          static_cast<double>(step_ - counted_) * static_cast<double>(second) / static_cast<double>(now - count_time_),
          step_);
    counted_ = step_;
    count_time_ = now;
  }
};

}  // namespace estimator::detail
TFX_END
