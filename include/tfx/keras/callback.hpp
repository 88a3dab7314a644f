// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <tfx/base/config.hpp>
#include <vector>

TFX_BEGIN
namespace keras {

/// A value that training tells: the loss, a metric.
struct log_entry {
  std::string_view name;
  double value;
};
/// The values of a batch or an epoch, in the order of History.
class logs {
 public:
  logs() = default;
  explicit logs(std::vector<log_entry> const& all) : begin_(all.data()), end_(all.data() + all.size()) {}

  log_entry const* begin() const { return begin_; }
  log_entry const* end() const { return end_; }
  /// The value of a name, or null.
  double const* find(std::string_view name) const {
    for (log_entry const& l : *this)
      if (l.name == name) return &l.value;
    return nullptr;
  }

 private:
  log_entry const* begin_ = nullptr;
  log_entry const* end_ = nullptr;
};

/// Training as callbacks see it.
class training_run {
 public:
  /// Ends training after this epoch.
  bool stop_training = false;
  int epochs = 0;
  i64 samples = 0;
  i64 batch_size = 0;

  training_run() = default;
  training_run(training_run const&) = delete;
  training_run& operator=(training_run const&) = delete;

  /// Saves the model's weights, as model.save_weights does.
  virtual void save_weights(std::string const& path) = 0;
  /// Keeps the weights as they are now; sets them to what was kept.
  virtual void keep_weights() = 0;
  virtual void restore_kept_weights() = 0;
  /// The optimizer's learning rate; one of tf.train, whose rate is a constant, has none.
  virtual bool has_lr() const = 0;
  virtual double lr() const = 0;
  virtual void set_lr(double rate) = 0;
  /// One weight after another: its name, its values and how many there are.
  virtual int weight_count() const = 0;
  virtual std::string_view weight_name(int i) const = 0;
  virtual std::vector<double> weight_values(int i) const = 0;
  /// The model's graph as TensorFlow's GraphDef.
  virtual std::string graph_def() const = 0;

 protected:
  ~training_run() = default;
};

/// What `fit` calls while it trains. Epochs count from 0, batches of an epoch too. One that neither saves weights nor
/// asks for the graph says so, so that programs do not compile what writes files: `static constexpr bool needs_files =
/// false;`.
struct Callback {
  static constexpr bool needs_files = true;

  virtual ~Callback() = default;
  virtual void on_train_begin(training_run&) {}
  virtual void on_epoch_begin(int /*epoch*/, training_run&) {}
  virtual void on_batch_end(i64 /*batch*/, logs const&, training_run&) {}
  virtual void on_epoch_end(int /*epoch*/, logs const&, training_run&) {}
  virtual void on_train_end(training_run&) {}
};

}  // namespace keras
TFX_END
