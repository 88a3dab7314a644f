// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <tfx/base/config.hpp>
#include <tfx/base/vector.hpp>
#include <vector>

TFX_BEGIN
namespace keras {

/// A value that training tells: the loss, a metric.
struct log_entry {
  std::string_view name;
  double value;
};
/// The values of a batch or an epoch, in the order of History. Those of a batch begin with `batch` and `size`.
class logs {
 public:
  logs() = default;
  explicit logs(vector<log_entry> const& all) : begin_(all.begin()), end_(all.end()) {}
  template <class Allocator>
  explicit logs(std::vector<log_entry, Allocator> const& all) : begin_(all.data()), end_(all.data() + all.size()) {}
  logs(log_entry const* begin, std::size_t count) : begin_(begin), end_(begin + count) {}

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
  /// Ends training after this batch, or where it is set after the last one, after this epoch.
  bool stop_training = false;
  int epochs = 0;
  i64 samples = 0;     // of an epoch; 0 where batches come from a range
  i64 batch_size = 0;  // the same
  i64 steps = 0;       // batches of an epoch; 0 where only a range's end will tell

  training_run() = default;
  training_run(training_run const&) = delete;
  training_run& operator=(training_run const&) = delete;

  /// At the end of an epoch: adds a value to what it tells, for the callbacks behind this one and for History, `lr`.
  /// The name must stay.
  void tell(std::string_view name, double value) {
    if (!told_) return;
    for (vector<log_entry>* all : {told_, &added_})
      for (log_entry& l : *all)
        if (l.name == name) return static_cast<void>(l.value = value);
    added_.push_back({name, value});
  }

  /// Where `tell` adds it; nowhere between the ends of epochs.
  void tell_into(vector<log_entry>* all) { told_ = all; }
  /// Adds what a callback told, once it does not read the logs any more.
  void add_told() {
    told_->append(added_.begin(), added_.size());
    added_.clear();
  }

  /// Saves the model's weights, as model.save_weights does.
  virtual void save_weights(std::string const& path) = 0;
  /// The same with all that the optimizer keeps, as trainer.save does.
  virtual void save(std::string const& path) = 0;
  /// Writes the weights' bytes to `kept`, and sets the weights to what was kept.
  virtual void keep_weights(std::vector<char>& kept) const = 0;
  virtual void restore_weights(std::vector<char> const& kept) = 0;
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

 private:
  vector<log_entry>* told_ = nullptr;
  vector<log_entry> added_;
};

/// What `fit` calls while it trains. Epochs count from 0, batches of an epoch too. One that neither saves weights nor
/// asks for the graph says so, so that programs do not compile what writes files: `static constexpr bool needs_files =
/// false;`.
struct Callback {
  static constexpr bool needs_files = true;

  virtual ~Callback() = default;
  virtual void on_train_begin(training_run&) {}
  virtual void on_epoch_begin(int /*epoch*/, training_run&) {}
  virtual void on_batch_begin(i64 /*batch*/, training_run&) {}
  virtual void on_batch_end(i64 /*batch*/, logs const&, training_run&) {}
  virtual void on_epoch_end(int /*epoch*/, logs const&, training_run&) {}
  virtual void on_train_end(training_run&) {}
};

}  // namespace keras
TFX_END
