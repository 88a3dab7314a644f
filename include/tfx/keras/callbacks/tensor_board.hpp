// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <memory>
#include <tfx/keras/callbacks/monitor.hpp>
#include <tfx/summary/file_writer.hpp>
#include <tfx/summary/histogram_buckets.hpp>

TFX_BEGIN
namespace keras::callbacks {

/// How often TensorBoard writes values: "epoch", "batch", or after so many samples.
class update_frequency {
 public:
  update_frequency(char const* word) {
    std::string_view const told = word;
    if (told != "epoch" && told != "batch")
      raise<errors::InvalidArgumentError>(
          "TensorBoard: update_freq must be \"epoch\", \"batch\" or a number of samples: \"%s\"", word);
    samples_ = told == "batch" ? 1 : 0;
  }
  template <std::integral I>
  update_frequency(I samples) : samples_(static_cast<i64>(samples)) {
    if (samples_ < 1)
      raise<errors::InvalidArgumentError>("TensorBoard: update_freq must be at least 1: %lld",
                                          static_cast<long long>(samples_));
  }
  /// 0: at the end of epochs only.
  i64 samples() const { return samples_; }

 private:
  i64 samples_;
};

struct tensor_board_options {
  int histogram_freq = 0;  // after how many epochs the weights are written; 0 never
  bool write_graph = true;
  update_frequency update_freq = "epoch";
};
/// Writes what TensorBoard shows to a folder, a file for each training (python/keras/callbacks.py):
/// `TensorBoard("logs", {.histogram_freq = 1})`. Values stand under their names, `loss`, `val_loss`, at the number of
/// the epoch, from 0, or with another `update_freq` at the number of samples seen; weights as histograms under
/// `dense/kernel_0`; the graph of the loss. FailedPreconditionError where nothing can be written there.
template <class Writer>
class basic_tensor_board : public Callback {
 public:
  explicit basic_tensor_board(std::string const& log_dir = "./logs", tensor_board_options const& options = {})
      : log_dir_(log_dir), options_(options) {
    if (options.histogram_freq < 0)
      raise<errors::InvalidArgumentError>("TensorBoard: histogram_freq must not be negative: %d",
                                          options.histogram_freq);
  }

  void on_train_begin(training_run& run) override {
    writer_ = std::make_unique<Writer>(log_dir_);
    samples_seen_ = samples_written_ = 0;
    if (options_.write_graph) writer_->add_graph(run.graph_def());
  }
  void on_batch_end(i64, logs const& all, training_run&) override {
    if (options_.update_freq.samples() == 0) return;
    if (double const* const size = all.find("size")) samples_seen_ += static_cast<i64>(*size);
    if (samples_seen_ - samples_written_ < options_.update_freq.samples()) return;
    samples_written_ = samples_seen_;
    write(all, samples_seen_);
  }
  void on_epoch_end(int epoch, logs const& all, training_run& run) override {
    write(all, options_.update_freq.samples() == 0 ? epoch : samples_seen_);
    if (options_.histogram_freq > 0 && epoch % options_.histogram_freq == 0) write_weights(epoch, run);
    writer_->flush();
  }
  void on_train_end(training_run&) override {
    writer_->close();
    writer_.reset();
  }

 private:
  std::string log_dir_;
  tensor_board_options options_;
  std::unique_ptr<Writer> writer_;
  i64 samples_seen_ = 0, samples_written_ = 0;

  void write(logs const& all, i64 step) {
    message_writer text;
    for (log_entry const& l : all) {
      if (l.name == "batch" || l.name == "size") continue;
      std::size_t const value = text.begin(1);
      text.add(1, l.name);
      text.add_float(2, static_cast<float>(l.value));
      text.end(value);
    }
    writer_->add_summary(text.bytes(), step);
  }
  // A number that is not finite has no bucket: a histogram tells of the others.
  void write_weights(int epoch, training_run const& run) {
    message_writer text;
    for (int i = 0; i < run.weight_count(); ++i) {
      summary::histogram_buckets buckets;
      bool any = false;
      for (double v : run.weight_values(i)) {
        if (!std::isfinite(v)) continue;
        buckets.add(v);
        any = true;
      }
      if (!any) continue;
      std::size_t const value = text.begin(1);
      text.add(1, std::string(run.weight_name(i)) + "_0");
      std::size_t const histogram = text.begin(5);
      buckets.write(text);
      text.end(histogram);
      text.end(value);
    }
    writer_->add_summary(text.bytes(), epoch);
  }
};
using TensorBoard = basic_tensor_board<summary::FileWriter>;

}  // namespace keras::callbacks
TFX_END
