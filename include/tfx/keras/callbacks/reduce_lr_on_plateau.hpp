// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/keras/callbacks/monitor.hpp>

TFX_BEGIN
namespace keras::callbacks {

struct reduce_lr_on_plateau_options {
  std::string monitor = "val_loss";
  double factor = 0.1;        // what the rate is multiplied by, in [0, 1)
  int patience = 10;          // how many epochs may be no better
  std::string mode = "auto";  // "min", "max"; "auto" is max where the name tells of an accuracy
  double min_delta = 1e-4;    // what is better by no more than this is not better
  int cooldown = 0;           // for how many epochs nothing is counted after a reduction
  double min_lr = 0;
  int verbose = 0;
};
/// Makes the learning rate smaller where a value has not become better for `patience` epochs
/// (python/keras/callbacks.py): `ReduceLROnPlateau({.factor = 0.2, .patience = 5, .min_lr = 0.001})`. The rate is told
/// as `lr`. Where there is no such value it warns on stderr, once. InvalidArgumentError for a factor that is not in [0,
/// 1), another mode, and an optimizer that has no `lr`.
class ReduceLROnPlateau : public Callback {
 public:
  static constexpr bool needs_files = false;

  explicit ReduceLROnPlateau(reduce_lr_on_plateau_options const& options = {})
      : options_(options), monitor_("ReduceLROnPlateau", options.monitor, options.mode) {
    if (options.factor >= 1) raise<errors::InvalidArgumentError>("ReduceLROnPlateau does not support a factor >= 1.0.");
    if (!(options.factor >= 0))
      raise<errors::InvalidArgumentError>("ReduceLROnPlateau: factor must be in [0, 1): %g", options.factor);
  }

  void on_train_begin(training_run& run) override {
    if (!run.has_lr())
      raise<errors::InvalidArgumentError>("Optimizer must have a \"lr\" attribute: take one of keras::optimizers.");
    best_ = monitor_.worst();
    cooldown_left_ = wait_ = 0;
  }
  void on_epoch_end(int epoch, logs const& all, training_run& run) override {
    double const* const current = monitor_.find(
        all, "Reduce LR on plateau conditioned on metric `%s` which is not available. Available metrics are: %s");
    run.tell("lr", run.lr());
    if (!current) return;
    if (cooldown_left_ > 0) {
      --cooldown_left_;
      wait_ = 0;
    }
    if (monitor_.is_better(*current, best_, options_.min_delta)) {
      best_ = *current;
      wait_ = 0;
    } else if (cooldown_left_ == 0 && ++wait_ >= options_.patience) {
      reduce(epoch, run);
    }
  }

 private:
  reduce_lr_on_plateau_options options_;
  detail::monitor monitor_;
  double best_ = 0;
  int cooldown_left_ = 0, wait_ = 0;

  void reduce(int epoch, training_run& run) {
    double const rate = run.lr();
    if (!(rate > options_.min_lr)) return;
    double const smaller = std::max(rate * options_.factor, options_.min_lr);
    run.set_lr(smaller);
    if (options_.verbose > 0)
      std::printf("\nEpoch %05d: ReduceLROnPlateau reducing learning rate to %s.\n", epoch + 1,
                  detail::number_text(smaller).c_str());
    cooldown_left_ = options_.cooldown;
    wait_ = 0;
  }
};

}  // namespace keras::callbacks
TFX_END
