// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: shape_t<2, 5>
// error: shape_t<2, 4>
#include <tfx/op/rnn/bidirectional_dynamic_rnn.hpp>
#include <tfx/op/rnn/gru_cell.hpp>
#include <tfx/op/rnn/lstm_cell.hpp>
#include <tfx/op/rnn/multi_rnn_cell.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<2, 4, 3>);
#ifdef REFUSED
  auto state = tf::zeros(tf::shape<2, 4>);
#else
  auto state = tf::zeros(tf::shape<2, 5>);
#endif
  [[maybe_unused]] auto made = tf::nn::dynamic_rnn(tf::nn::rnn_cell::GRUCell<5>(), x, tf::initial_state = state);
}
