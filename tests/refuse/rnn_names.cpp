// SPDX-License-Identifier: Apache-2.0
// error: cells of one name would share their weights: give each a name
#include <tfx/op/rnn/bidirectional_dynamic_rnn.hpp>
#include <tfx/op/rnn/gru_cell.hpp>
#include <tfx/op/rnn/lstm_cell.hpp>
#include <tfx/op/rnn/multi_rnn_cell.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  namespace cells = tf::nn::rnn_cell;
#ifdef REFUSED
  [[maybe_unused]] auto cell = cells::MultiRNNCell(cells::GRUCell<5>(), cells::GRUCell<5>());
#else
  [[maybe_unused]] auto cell = cells::MultiRNNCell(cells::GRUCell<5, "below">(), cells::GRUCell<5, "above">());
#endif
}
