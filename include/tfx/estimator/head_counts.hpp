// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <tfx/estimator/evaluation.hpp>
#include <vector>

TFX_BEGIN
namespace estimator::detail {

// What the heads of canned estimators measure: counted here, from the logits of each batch, since as expressions they
// would cost the compiler more than the model does.

/// Losses by example.
struct loss_count {
  double loss = 0, examples = 0;

  void add(double of_batch, i64 count) {
    loss += of_batch;
    examples += static_cast<double>(count);
  }
  void finish(evaluation& to) const { to.set("average_loss", loss / examples); }
};

/// How often the largest logit is the label's.
struct class_count : loss_count {
  double right = 0;

  template <class Label>
  void add(double of_batch, float const* logits, i64 rows, i64 classes, Label const* labels) {
    loss_count::add(of_batch, rows);
    for (i64 i = 0; i < rows; ++i, logits += classes) {
      i64 best = 0;
      for (i64 k = 1; k < classes; ++k)
        if (logits[k] > logits[best]) best = k;
      right += best == static_cast<i64>(labels[i]) ? 1 : 0;
    }
  }
  void finish(evaluation& to) const {
    loss_count::finish(to);
    to.set("accuracy", right / examples);
  }
};

/// What regressors predict on the average, and what is right.
struct value_count : loss_count {
  double predictions = 0, labels = 0;

  template <class Label>
  void add(double of_batch, float const* predicted, i64 rows, i64 width, Label const* truth) {
    loss_count::add(of_batch, rows * width);
    for (i64 i = 0; i < rows * width; ++i) {
      predictions += static_cast<double>(predicted[i]);
      labels += static_cast<double>(truth[i]);
    }
  }
  void finish(evaluation& to) const {
    loss_count::finish(to);
    to.set("prediction/mean", predictions / examples);
    to.set("label/mean", labels / examples);
  }
};

/// Two classes: those above, and the areas under the curves of metrics::auc, whose thresholds and sums they have.
class binary_count : loss_count {
 public:
  binary_count() : positives_(thresholds + 1), negatives_(thresholds + 1) {}

  template <class Label>
  void add(double of_batch, float const* logits, i64 rows, i64, Label const* labels) {
    loss_count::add(of_batch, rows);
    for (i64 i = 0; i < rows; ++i) {
      bool const guess = logits[i] > 0, truth = labels[i] != Label{0};
      right_ += labels[i] == static_cast<Label>(guess) ? 1 : 0;
      labels_ += static_cast<double>(labels[i]);
      auto const p = static_cast<double>(1.0f / (1.0f + std::exp(-logits[i])));
      sums_[truth][guess] += 1;
      predictions_ += p;
      ++(truth ? positives_ : negatives_)[static_cast<std::size_t>(thresholds_below(p))];
    }
  }
  void finish(evaluation& to) const {
    double const tp = sums_[1][1], fp = sums_[0][1], fn = sums_[1][0], label_mean = labels_ / examples;
    loss_count::finish(to);
    to.set("accuracy", right_ / examples);
    to.set("accuracy_baseline", label_mean > 0.5 ? label_mean : 1 - label_mean);
    to.set("precision", tp > 0 ? tp / (tp + fp) : 0);
    to.set("recall", tp > 0 ? tp / (tp + fn) : 0);
    to.set("prediction/mean", predictions_ / examples);
    to.set("label/mean", label_mean);
    set_areas(to);
  }

 private:
  static constexpr int thresholds = 200;
  double sums_[2][2] = {};  // by truth and guess
  double predictions_ = 0, labels_ = 0, right_ = 0;
  std::vector<double> positives_, negatives_;  // by how many thresholds their probability is above

  // The first threshold is below 0, the last above 1, and the others divide what is between into equal parts.
  static int thresholds_below(double p) {
    if (std::isnan(p)) return 0;
    int count = 1 + static_cast<int>(p * (thresholds - 1));
    if (count > thresholds - 1) count = thresholds - 1;
    while (count > 1 && !(p > threshold(count - 1))) --count;
    while (count < thresholds - 1 && p > threshold(count)) ++count;
    return count;
  }
  static double threshold(int i) {
    return static_cast<double>(static_cast<float>(i) / static_cast<float>(thresholds - 1));
  }
  void set_areas(evaluation& to) const {
    constexpr double epsilon = 1e-6;
    double tp = 0, fp = 0, auc = 0, area = 0;
    double const all_positives = sums_[1][0] + sums_[1][1], all_negatives = sums_[0][0] + sums_[0][1];
    double before[3] = {};  // rate of false positives, recall, precision: of the threshold above
    for (int i = thresholds - 1; i >= 0; --i) {
      // What is above threshold i is above i + 1 thresholds or more.
      tp += positives_[static_cast<std::size_t>(i) + 1];
      fp += negatives_[static_cast<std::size_t>(i) + 1];
      double const rate = fp / (all_negatives + epsilon), recall = (tp + epsilon) / (all_positives + epsilon),
                   precision = (tp + epsilon) / (tp + fp + epsilon);
      if (i < thresholds - 1) {
        auc += (rate - before[0]) * (recall + before[1]) / 2;
        area += (recall - before[1]) * (precision + before[2]) / 2;
      }
      before[0] = rate;
      before[1] = recall;
      before[2] = precision;
    }
    to.set("auc", auc);
    to.set("auc_precision_recall", area);
  }
};

}  // namespace estimator::detail
TFX_END
