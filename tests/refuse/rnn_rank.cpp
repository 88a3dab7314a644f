// SPDX-License-Identifier: Apache-2.0
// error: dynamic_rnn: inputs are [batch, time, depth]
#include <tfx/op/rnn/bidirectional_dynamic_rnn.hpp>
#include <tfx/op/rnn/gru_cell.hpp>
#include <tfx/op/rnn/lstm_cell.hpp>
#include <tfx/op/rnn/multi_rnn_cell.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto x = tf::placeholder<"x", float>(tf::shape<2, 3>);
#else
  auto x = tf::placeholder<"x", float>(tf::shape<2, 4, 3>);
#endif
  [[maybe_unused]] auto [outputs, state] = tf::nn::dynamic_rnn(tf::nn::rnn_cell::GRUCell<5>(), x);
}
