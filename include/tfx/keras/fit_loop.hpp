// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/data/row_order.hpp>
#include <tfx/keras/fit_options.hpp>
#include <tfx/keras/progbar.hpp>

TFX_BEGIN
namespace keras::detail {

/// Means of what batches tell, each counted by its rows.
class running_means {
 public:
  explicit running_means(std::vector<std::string> const& names) : names_(names), sums_(names.size()) {
    for (std::string const& name : names_) means_.push_back({name, 0});
  }
  running_means(running_means const&) = delete;
  running_means& operator=(running_means const&) = delete;

  void begin() {
    rows_ = 0;
    for (double& sum : sums_) sum = 0;
  }
  /// The values of a batch.
  void add(double const* values, i64 rows) {
    rows_ += rows;
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      sums_[i] += values[i] * static_cast<double>(rows);
      means_[i].value = sums_[i] / static_cast<double>(rows_);
    }
  }
  std::vector<log_entry> const& means() const { return means_; }

 private:
  std::vector<std::string> names_;
  std::vector<double> sums_;
  std::vector<log_entry> means_;
  i64 rows_ = 0;
};

/// What the loop asks the trainer for: it knows batches by the numbers of their rows.
struct batch_runner {
  /// One step on these rows; the loss and metrics before it.
  virtual void train(i64 const* rows, i64 count, double* values) = 0;
  /// The loss and metrics of rows that are not trained on.
  virtual void evaluate(i64 begin, i64 count, double* values) = 0;

 protected:
  ~batch_runner() = default;
};
/// Rows that are trained on, and those behind them or apart that are evaluated.
struct fit_sizes {
  i64 train = 0, validation = 0, validation_begin = 0;
};

[[gnu::noinline]] inline void check_fit(fit_options const& options) {
  if (options.batch_size < 1)
    raise<errors::InvalidArgumentError>("fit: batch_size must be at least 1: %lld",
                                        static_cast<long long>(options.batch_size));
  if (options.epochs < 0) raise<errors::InvalidArgumentError>("fit: epochs must not be negative: %d", options.epochs);
  if (options.initial_epoch < 0)
    raise<errors::InvalidArgumentError>("fit: initial_epoch must not be negative: %d", options.initial_epoch);
  if (!(options.validation_split >= 0 && options.validation_split < 1))
    raise<errors::InvalidArgumentError>("fit: validation_split must be in [0, 1): %g", options.validation_split);
}

/// Epochs of batches, with what is shown of them and what callbacks do.
[[gnu::noinline]] inline History run_fit(training_run& run, batch_runner& runner, fit_sizes const& sizes,
                                         fit_options const& options, std::vector<std::string> const& names,
                                         std::vector<Callback*> const& callbacks) {
  History history;
  running_means training(names), validation(names);
  std::vector<double> values(names.size());
  std::vector<std::string> validation_names;
  for (std::string const& name : names) validation_names.push_back("val_" + name);
  bool const validates = sizes.validation > 0;
  if (options.verbose > 0 && validates)
    std::printf("Train on %lld samples, validate on %lld samples\n", static_cast<long long>(sizes.train),
                static_cast<long long>(sizes.validation));
  data::row_order order({static_cast<u64>(options.seed), 1});
  run.epochs = options.epochs;
  run.samples = sizes.train;
  run.batch_size = options.batch_size;
  run.stop_training = false;
  for (int epoch = 0; epoch < options.initial_epoch; ++epoch) order.start_next(sizes.train, options.shuffle);
  for (Callback* c : callbacks) c->on_train_begin(run);
  for (int epoch = options.initial_epoch; epoch < options.epochs && !run.stop_training; ++epoch) {
    if (options.verbose > 0) std::printf("Epoch %d/%d\n", epoch + 1, options.epochs);
    for (Callback* c : callbacks) c->on_epoch_begin(epoch, run);
    order.start_next(sizes.train, options.shuffle);
    progbar bar(sizes.train);
    training.begin();
    i64 batch = 0;
    for (i64 done = 0; done < sizes.train && !run.stop_training; ++batch) {
      i64 const count = std::min(options.batch_size, sizes.train - done);
      runner.train(order.rows() + done, count, values.data());
      training.add(values.data(), count);
      done += count;
      for (Callback* c : callbacks) c->on_batch_end(batch, logs(training.means()), run);
      if (options.verbose == 1 && done < sizes.train && bar.is_due()) bar.update(done, logs(training.means()));
    }
    if (validates) {
      validation.begin();
      for (i64 done = 0; done < sizes.validation;) {
        i64 const count = std::min(options.batch_size, sizes.validation - done);
        runner.evaluate(sizes.validation_begin + done, count, values.data());
        validation.add(values.data(), count);
        done += count;
      }
    }
    std::vector<log_entry> all = training.means();
    for (std::size_t i = 0; validates && i < names.size(); ++i)
      all.push_back({validation_names[i], validation.means()[i].value});
    if (run.has_lr()) all.push_back({"lr", run.lr()});
    logs const shown(all);
    history.epoch.push_back(epoch);
    for (log_entry const& l : all)
      if (l.name != "lr") history.add(l.name, l.value);
    std::vector<log_entry> const drawn(all.begin(), all.end() - (run.has_lr() ? 1 : 0));
    if (options.verbose == 1) bar.finish(logs(drawn));
    if (options.verbose == 2) std::printf(" - %.0fs%s\n", bar.seconds(), logs_text(logs(drawn)).c_str());
    if (options.verbose > 0) std::fflush(stdout);
    for (Callback* c : callbacks) c->on_epoch_end(epoch, shown, run);
  }
  for (Callback* c : callbacks) c->on_train_end(run);
  return history;
}

}  // namespace keras::detail
TFX_END
