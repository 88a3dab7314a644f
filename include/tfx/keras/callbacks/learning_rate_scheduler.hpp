// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <tfx/keras/callbacks/monitor.hpp>

TFX_BEGIN
namespace keras::callbacks {
namespace detail {
[[gnu::noinline]] inline void set_scheduled_rate(training_run& run, int epoch, double rate, int verbose) {
  if (!(std::isfinite(rate) && rate >= 0))
    raise<errors::InvalidArgumentError>("LearningRateScheduler: the schedule gives %g for epoch %d", rate, epoch);
  run.set_lr(rate);
  if (verbose > 0)
    std::printf("\nEpoch %05d: LearningRateScheduler setting learning rate to %s.\n", epoch + 1,
                number_text(rate).c_str());
}
}  // namespace detail

/// Sets the learning rate at the start of each epoch (python/keras/callbacks.py): to `f(epoch)`, or `f(epoch, lr)` of
/// the rate that it has. Epochs count from 0: `LearningRateScheduler([](int epoch) { return epoch < 5 ? 0.1 : 0.01;
/// })`. The rate is told as `lr`. InvalidArgumentError with an optimizer that has no `lr`, and for a rate that is
/// negative or not finite.
template <class F>
class LearningRateScheduler : public Callback {
  static_assert(std::is_invocable_r_v<double, F&, int, double> || std::is_invocable_r_v<double, F&, int>,
                "tfx: LearningRateScheduler takes a function of the epoch, or of it and the rate, that gives a rate");

 public:
  static constexpr bool needs_files = false;

  explicit LearningRateScheduler(F schedule, int verbose = 0)
      : schedule_(static_cast<F&&>(schedule)), verbose_(verbose) {}

  void on_epoch_begin(int epoch, training_run& run) override {
    if constexpr (std::is_invocable_r_v<double, F&, int, double>) {
      detail::set_scheduled_rate(run, epoch, static_cast<double>(schedule_(epoch, run.lr())), verbose_);
    } else {
      detail::set_scheduled_rate(run, epoch, static_cast<double>(schedule_(epoch)), verbose_);
    }
  }
  void on_epoch_end(int, logs const&, training_run& run) override { run.tell("lr", run.lr()); }

 private:
  F schedule_;
  int verbose_;
};

}  // namespace keras::callbacks
TFX_END
