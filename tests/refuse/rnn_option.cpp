// SPDX-License-Identifier: Apache-2.0
// error: BasicLSTMCell: takes forget_bias and activation
#include <tfx/op/rnn/bidirectional_dynamic_rnn.hpp>
#include <tfx/op/rnn/gru_cell.hpp>
#include <tfx/op/rnn/lstm_cell.hpp>
#include <tfx/op/rnn/multi_rnn_cell.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  namespace cells = tf::nn::rnn_cell;
#ifdef REFUSED
  [[maybe_unused]] auto cell = cells::BasicLSTMCell<5>(tf::cell_clip = 3.0f);
#else
  [[maybe_unused]] auto cell = cells::LSTMCell<5>(tf::cell_clip = 3.0f);
#endif
}
