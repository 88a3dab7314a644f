// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/callbacks/monitor.hpp>

TFX_BEGIN
namespace keras::callbacks {

struct early_stopping_options {
  std::string monitor = "val_loss";
  double min_delta = 0;       // what is better by no more than this is not better
  int patience = 0;           // how many epochs may be no better
  std::string mode = "auto";  // "min", "max"; "auto" is max where the name tells of an accuracy
  double baseline = std::numeric_limits<double>::quiet_NaN();  // what the first epochs have to be better than
  bool restore_best_weights = false;
  int verbose = 0;
};
/// Ends training where a value has not become better for `patience` epochs (python/keras/callbacks.py):
/// `EarlyStopping({.monitor = "val_loss", .patience = 3})`. Where there is no such value it warns on stderr, once, and
/// training goes on. InvalidArgumentError for another mode.
class EarlyStopping : public Callback {
 public:
  static constexpr bool needs_files = false;

  explicit EarlyStopping(early_stopping_options const& options = {})
      : options_(options), monitor_("EarlyStopping", options.monitor, options.mode) {}

  /// In which epoch it ended training, or −1.
  int stopped_epoch() const { return stopped_epoch_; }

  void on_train_begin(training_run&) override {
    wait_ = 0;
    stopped_epoch_ = -1;
    kept_.clear();
    best_ = options_.baseline == options_.baseline ? options_.baseline : monitor_.worst();
  }
  void on_epoch_end(int epoch, logs const& all, training_run& run) override {
    double const* const current = monitor_.find(
        all, "Early stopping conditioned on metric `%s` which is not available. Available metrics are: %s");
    if (!current) return;
    if (monitor_.is_better(*current, best_, options_.min_delta < 0 ? -options_.min_delta : options_.min_delta)) {
      best_ = *current;
      wait_ = 0;
      if (options_.restore_best_weights) run.keep_weights(kept_);
    } else if (++wait_ >= options_.patience) {
      stopped_epoch_ = epoch;
      run.stop_training = true;
      if (!options_.restore_best_weights || kept_.empty()) return;
      if (options_.verbose > 0) std::printf("Restoring model weights from the end of the best epoch\n");
      run.restore_weights(kept_);
    }
  }
  void on_train_end(training_run&) override {
    if (stopped_epoch_ >= 0 && options_.verbose > 0) std::printf("Epoch %05d: early stopping\n", stopped_epoch_ + 1);
  }

 private:
  early_stopping_options options_;
  detail::monitor monitor_;
  int wait_ = 0, stopped_epoch_ = -1;
  double best_ = 0;
  std::vector<char> kept_;
};

}  // namespace keras::callbacks
TFX_END
