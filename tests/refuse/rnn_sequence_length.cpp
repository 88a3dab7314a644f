// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: within_length_op
// error: shape_t<4, 2, 3>
// error: shape_t<3>
#include <tfx/op/rnn/bidirectional_dynamic_rnn.hpp>
#include <tfx/op/rnn/gru_cell.hpp>
#include <tfx/op/rnn/lstm_cell.hpp>
#include <tfx/op/rnn/multi_rnn_cell.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<2, 4, 3>);
#ifdef REFUSED
  auto length = tf::constant({4, 2, 1});
#else
  auto length = tf::constant({4, 2});
#endif
  [[maybe_unused]] auto [outputs, state] =
      tf::nn::dynamic_rnn(tf::nn::rnn_cell::GRUCell<5>(), x, tf::sequence_length = length);
}
