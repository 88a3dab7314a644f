// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <cstdio>
#include <tfx/keras/callback.hpp>

TFX_BEGIN
namespace keras::callbacks {

/// Ends training after a batch whose loss is NaN or infinite (python/keras/callbacks.py).
class TerminateOnNaN : public Callback {
 public:
  static constexpr bool needs_files = false;

  void on_batch_end(i64 batch, logs const& all, training_run& run) override {
    double const* const loss = all.find("loss");
    if (!loss || std::isfinite(*loss)) return;
    std::printf("Batch %lld: Invalid loss, terminating training\n", static_cast<long long>(batch));
    run.stop_training = true;
  }
};

}  // namespace keras::callbacks
TFX_END
