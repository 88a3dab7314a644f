// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <tfx/data/row_order.hpp>
#include <tfx/keras/fit_options.hpp>
#include <tfx/keras/progbar.hpp>
#include <tfx/keras/rows.hpp>

TFX_BEGIN
namespace keras::detail {

/// Batches on which a run is made, one after another: what is trained on, or what is only evaluated. The loop knows
/// nothing else of data, model and step.
struct batch_source {
  /// Before the batches of an epoch.
  virtual void begin() = 0;
  /// A run on the next batch: what it tells of the loss and the metrics, and how many rows it had; 0 where there is no
  /// batch any more.
  virtual i64 next(double* values) = 0;

 protected:
  ~batch_source() = default;
};

/// Rows of arrays in batches, of which the last one holds what is left. Training shuffles them.
class row_source : public batch_source {
 public:
  row_source(i64 begin, i64 end, i64 batch_size, bool shuffled = false, random::seeds order = {})
      : begin_(begin), end_(end), batch_size_(batch_size), shuffled_(shuffled), order_(order) {}

  i64 size() const { return end_ - begin_; }
  /// As if that many epochs were over.
  void skip_epochs(int count) {
    for (int i = 0; i < count; ++i) order_.start_next(size(), shuffled_);
  }
  void begin() final {
    done_ = 0;
    if (shuffled_) order_.start_next(size(), true);
  }
  i64 next(double* values) final {
    i64 const count = std::min(batch_size_, size() - done_);
    if (count <= 0) return 0;
    run(begin_ + done_, shuffled_ ? order_.rows() + done_ : nullptr, count, values);
    done_ += count;
    return count;
  }

 protected:
  ~row_source() = default;
  /// A run on these rows: by their numbers, or where there are none one after another from `begin` on.
  virtual void run(i64 begin, i64 const* numbers, i64 count, double* values) = 0;

 private:
  i64 begin_, end_, batch_size_, done_ = 0;
  bool shuffled_;
  data::row_order order_;
};

/// Means of what batches tell, each counted by its rows, as Keras' BaseLogger does.
class running_means {
 public:
  explicit running_means(std::vector<std::string> const& names, std::string_view prefix = {})
      : sums_(static_cast<int>(names.size())) {
    std::size_t size = 0;
    for (std::string const& name : names) size += prefix.size() + name.size();
    names_.reserve(size);
    for (std::string const& name : names) {
      std::size_t const at = names_.size();
      names_.append(prefix).append(name);
      means_.push_back({std::string_view(names_).substr(at), 0});
    }
  }
  running_means(running_means const&) = delete;
  running_means& operator=(running_means const&) = delete;

  void begin() {
    rows_ = 0;
    for (double& sum : sums_) sum = 0;
    for (log_entry& mean : means_) mean.value = 0;
  }
  /// The values of a batch.
  void add(double const* values, i64 rows) {
    rows_ += rows;
    for (int i = 0; i < sums_.size(); ++i) {
      sums_[i] += values[i] * static_cast<double>(rows);
      means_[i].value = sums_[i] / static_cast<double>(rows_);
    }
  }
  i64 rows() const { return rows_; }
  vector<log_entry> const& means() const { return means_; }

 private:
  std::string names_;  // one behind another: entries refer to them
  vector<double> sums_;
  vector<log_entry> means_;
  i64 rows_ = 0;
};

/// Epochs as the loop goes through them.
struct fit_plan {
  int initial_epoch, epochs, verbose;
  i64 samples = 0, batch_size = 0;  // of arrays; 0 where a range gives batches
  i64 steps = 0;                    // batches of an epoch; 0 where only the range's end will tell
  i64 validation_samples = 0, validation_steps = 0;
  fed_array const* arrays = nullptr;  // what is trained on, for messages
  std::size_t array_count = 0;

  /// What the bar counts: samples, or batches where a range gives them.
  i64 total() const { return samples > 0 ? samples : steps; }
};

[[gnu::noinline]] inline void check_epochs(char const* call, int epochs, int initial_epoch) {
  if (epochs < 0) raise<errors::InvalidArgumentError>("%s: epochs must not be negative: %d", call, epochs);
  if (initial_epoch < 0)
    raise<errors::InvalidArgumentError>("%s: initial_epoch must not be negative: %d", call, initial_epoch);
}
[[gnu::noinline]] inline void check_fit(fit_options const& options) {
  if (options.batch_size < 1)
    raise<errors::InvalidArgumentError>("fit: batch_size must be at least 1: %lld",
                                        static_cast<long long>(options.batch_size));
  check_epochs("fit", options.epochs, options.initial_epoch);
  if (!(options.validation_split >= 0 && options.validation_split < 1))
    raise<errors::InvalidArgumentError>("fit: validation_split must be in [0, 1): %g", options.validation_split);
}

/// How many rows of n are trained on where validation_split leaves some out.
[[gnu::noinline]] inline i64 rows_to_train(i64 n, fit_options const& options) {
  auto const count = static_cast<i64>(static_cast<double>(n) * (1 - options.validation_split));
  if (count == 0)
    raise<errors::InvalidArgumentError>("fit: validation_split %g leaves nothing to train on",
                                        options.validation_split);
  return count;
}

/// Tells where training first has a loss that is no number, and of arrays what may be the cause.
[[gnu::cold]] [[gnu::noinline]] inline void warn_of_loss(double loss, int epoch, i64 batch, fit_plan const& plan) {
  char cause[256] = "", steps[32] = "";
  for (std::size_t i = 0; i < plan.array_count && !*cause; ++i) {
    fed_array const& a = plan.arrays[i];
    i64 const row = a.type == dtype::float32   ? row_not_finite(static_cast<float const*>(a.data), a.rows, a.width)
                    : a.type == dtype::float64 ? row_not_finite(static_cast<double const*>(a.data), a.rows, a.width)
                                               : -1;
    if (row >= 0)
      std::snprintf(cause, sizeof cause, "; row %lld of %s is not finite", static_cast<long long>(row),
                    a.role.full_name().c_str());
  }
  if (plan.steps > 0) std::snprintf(steps, sizeof steps, " of %lld", static_cast<long long>(plan.steps));
  std::fprintf(stderr, "WARNING: %s: the loss is %g in epoch %d, batch %lld%s%s\n",
               plan.samples > 0 ? "fit" : "fit_generator", loss, epoch + 1, static_cast<long long>(batch + 1), steps,
               cause);
}

/// The epochs of a training, with what is shown of them and what callbacks do.
class fit_loop {
 public:
  fit_loop(training_run& run, fit_plan const& plan, std::vector<std::string> const& names,
           std::vector<Callback*> const& callbacks)
      : run_(run),
        plan_(plan),
        callbacks_(callbacks),
        training_(names),
        validation_(names, "val_"),
        values_(static_cast<int>(names.size())) {
    batch_.push_back({"batch", 0});
    batch_.push_back({"size", 0});
    batch_.append(training_.means().begin(), training_.means().size());
  }

  [[gnu::noinline]] History run(batch_source& train, batch_source* validation) {
    if (plan_.verbose > 0 && plan_.validation_samples > 0)
      std::printf("Train on %lld samples, validate on %lld samples\n", static_cast<long long>(plan_.samples),
                  static_cast<long long>(plan_.validation_samples));
    run_.epochs = plan_.epochs;
    run_.samples = plan_.samples;
    run_.batch_size = plan_.batch_size;
    run_.steps = plan_.steps;
    run_.stop_training = false;
    for (Callback* c : callbacks_) c->on_train_begin(run_);
    for (int epoch = plan_.initial_epoch; epoch < plan_.epochs && !run_.stop_training; ++epoch)
      run_epoch(epoch, train, validation);
    for (Callback* c : callbacks_) c->on_train_end(run_);
    return static_cast<History&&>(history_);
  }

 private:
  training_run& run_;
  fit_plan const& plan_;
  std::vector<Callback*> const& callbacks_;
  running_means training_, validation_;
  vector<double> values_;
  vector<log_entry> batch_;  // what callbacks are told of a batch
  History history_;
  bool warned_ = false;

  void run_epoch(int epoch, batch_source& train, batch_source* validation) {
    if (plan_.verbose > 0) std::printf("Epoch %d/%d\n", epoch + 1, plan_.epochs);
    for (Callback* c : callbacks_) c->on_epoch_begin(epoch, run_);
    progbar bar(plan_.total());
    i64 const steps = train_epoch(epoch, train, bar);
    // Keras evaluates nothing where training ends within an epoch.
    bool const validates = validation && !run_.stop_training;
    if (validates) evaluate(*validation);

    vector<log_entry> told = training_.means();
    if (validates) told.append(validation_.means().begin(), validation_.means().size());
    if (plan_.verbose == 1) bar.finish(plan_.samples > 0 ? training_.rows() : steps, logs(told));
    if (plan_.verbose == 2) std::printf(" - %.0fs%s\n", bar.seconds(), logs_text(logs(told)).c_str());
    if (plan_.verbose > 0) std::fflush(stdout);
    run_.tell_into(&told);
    for (Callback* c : callbacks_) {
      c->on_epoch_end(epoch, logs(told), run_);
      run_.add_told();
    }
    run_.tell_into(nullptr);
    history_.epoch.push_back(epoch);
    for (log_entry const& l : told) history_.add(l.name, l.value);
  }
  i64 train_epoch(int epoch, batch_source& train, progbar& bar) {
    training_.begin();
    train.begin();
    i64 batch = 0;
    for (; plan_.steps == 0 || batch < plan_.steps; ++batch) {
      for (Callback* c : callbacks_) c->on_batch_begin(batch, run_);
      i64 const rows = train.next(values_.begin());
      if (rows == 0) {
        if (plan_.steps > 0 || batch == 0) end_early(batch);
        break;
      }
      training_.add(values_.begin(), rows);
      if (!warned_ && !std::isfinite(values_[0])) {
        warn_of_loss(values_[0], epoch, batch, plan_);
        warned_ = true;
      }
      if (!callbacks_.empty()) tell_batch(batch, rows);
      i64 const done = plan_.samples > 0 ? training_.rows() : batch + 1;
      if (plan_.verbose == 1 && done != plan_.total() && bar.is_due()) bar.update(done, logs(training_.means()));
      if (run_.stop_training) return batch + 1;
    }
    return batch;
  }
  void tell_batch(i64 batch, i64 rows) {
    batch_[0].value = static_cast<double>(batch);
    batch_[1].value = static_cast<double>(rows);
    for (int i = 0; i < values_.size(); ++i) batch_[2 + i].value = values_[i];
    for (Callback* c : callbacks_) c->on_batch_end(batch, logs(batch_), run_);
  }
  [[gnu::cold]] [[gnu::noinline]] void end_early(i64 batch) {
    if (batch == 0) raise<errors::InvalidArgumentError>("fit_generator: the range gives no batch");
    std::fprintf(stderr,
                 "WARNING: Your dataset iterator ran out of data; interrupting training. Make sure that your iterator "
                 "can generate at least `steps_per_epoch * epochs` batches (in this case, %lld batches).\n",
                 static_cast<long long>(plan_.steps) * plan_.epochs);
    run_.stop_training = true;
  }
  void evaluate(batch_source& source) {
    validation_.begin();
    source.begin();
    for (i64 batch = 0; plan_.validation_steps == 0 || batch < plan_.validation_steps; ++batch) {
      i64 const rows = source.next(values_.begin());
      if (rows == 0) break;
      validation_.add(values_.begin(), rows);
    }
  }
};

[[gnu::noinline]] inline History run_fit(training_run& run, fit_plan const& plan, std::vector<std::string> const& names,
                                         std::vector<Callback*> const& callbacks, batch_source& train,
                                         batch_source* validation) {
  return fit_loop(run, plan, names, callbacks).run(train, validation);
}

/// Means over the rows of all batches, or of the first `steps`; refuses none. `total` is what a bar counts to: rows of
/// arrays, or steps.
[[gnu::noinline]] inline void mean_values(char const* call, batch_source& source, i64 steps, i64 total, int verbose,
                                          double* means, std::size_t count) {
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) means[i] = 0;
  progbar bar(total);
  i64 rows = 0, batch = 0;
  auto const done = [&] { return steps == 0 && total > 0 ? rows : batch; };
  source.begin();
  while (steps == 0 || batch < steps) {
    i64 const got = source.next(values.data());
    if (got == 0) break;
    for (std::size_t i = 0; i < count; ++i) means[i] += values[i] * static_cast<double>(got);
    rows += got;
    ++batch;
    if (verbose == 1 && done() != total && bar.is_due()) bar.update(done(), logs());
  }
  if (rows == 0) raise<errors::InvalidArgumentError>("%s: the range gives no batch", call);
  if (verbose == 1) bar.finish(done(), logs());
  for (std::size_t i = 0; i < count; ++i) means[i] /= static_cast<double>(rows);
}

}  // namespace keras::detail
TFX_END
