// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <support/op_test.hpp>
#include <tfx/op/rnn/basic_rnn_cell.hpp>
#include <tfx/op/rnn/bidirectional_dynamic_rnn.hpp>
#include <tfx/op/rnn/dropout_wrapper.hpp>
#include <tfx/op/rnn/dynamic_rnn.hpp>
#include <tfx/op/rnn/gru_cell.hpp>
#include <tfx/op/rnn/lstm_cell.hpp>
#include <tfx/op/rnn/multi_rnn_cell.hpp>
#include <tfx/op/rnn/residual_wrapper.hpp>
#include <tfx/op/rnn/static_rnn.hpp>

/// Recurrent networks by the book: rows of numbers, one step after the other.
namespace rnn_test {

using numbers = std::vector<double>;

inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
inline double hard_sigmoid(double x) { return std::min(1.0, std::max(0.0, 0.2 * x + 0.5)); }

/// [x, h] · kernel + bias, by column.
inline numbers affine(numbers const& x, numbers const& h, numbers const& kernel, numbers const& bias) {
  numbers y = bias;
  std::size_t const n = bias.size();
  for (std::size_t i = 0; i < x.size() + h.size(); ++i)
    for (std::size_t k = 0; k < n; ++k) y[k] += (i < x.size() ? x[i] : h[i - x.size()]) * kernel[i * n + k];
  return y;
}

/// A cell: of inputs, its states are changed, and the output is the result.
struct basic_rnn {
  numbers kernel, bias;
  numbers operator()(numbers const& x, std::vector<numbers>& s) const {
    numbers y = affine(x, s[0], kernel, bias);
    for (double& v : y) v = std::tanh(v);
    return s[0] = y;
  }
};
struct lstm {
  numbers kernel, bias;
  double forget_bias = 1;
  numbers w_i{}, w_f{}, w_o{};
  double cell_clip = 1e30;
  numbers projection{};
  double proj_clip = 1e30;

  numbers operator()(numbers const& x, std::vector<numbers>& s) const {
    std::size_t const n = s[0].size();
    numbers const z = affine(x, s[1], kernel, bias);
    numbers m(n);
    for (std::size_t k = 0; k < n; ++k) {
      double& c = s[0][k];
      double const i = z[k] + (w_i.empty() ? 0 : w_i[k] * c), f = z[2 * n + k] + (w_f.empty() ? 0 : w_f[k] * c);
      c = sigmoid(f + forget_bias) * c + sigmoid(i) * std::tanh(z[n + k]);
      c = std::max(-cell_clip, std::min(cell_clip, c));
      m[k] = sigmoid(z[3 * n + k] + (w_o.empty() ? 0 : w_o[k] * c)) * std::tanh(c);
    }
    if (projection.empty()) return s[1] = m;
    numbers h = affine(m, {}, projection, numbers(projection.size() / n, 0.0));
    for (double& v : h) v = std::max(-proj_clip, std::min(proj_clip, v));
    return s[1] = h;
  }
};
struct gru {
  numbers gates, gates_bias, candidate, candidate_bias;
  numbers operator()(numbers const& x, std::vector<numbers>& s) const {
    std::size_t const n = s[0].size();
    numbers const z = affine(x, s[0], gates, gates_bias);
    numbers reset(n);
    for (std::size_t k = 0; k < n; ++k) reset[k] = sigmoid(z[k]) * s[0][k];
    numbers const made = affine(x, reset, candidate, candidate_bias);
    for (std::size_t k = 0; k < n; ++k) {
      double const u = sigmoid(z[n + k]);
      s[0][k] = u * s[0][k] + (1 - u) * std::tanh(made[k]);
    }
    return s[0];
  }
};

/// Outputs and last states, row by row.
struct result {
  numbers outputs;
  std::vector<numbers> states;
};
/// A cell along x [batch, time, depth]; `begin` has states of all rows, [batch, units] each.
template <class Cell>
result along_time(Cell const& cell, numbers const& x, std::size_t batch, std::size_t time, std::size_t depth,
                  std::vector<int> const& lengths, std::vector<numbers> const& begin, bool reversed = false) {
  result all{{}, begin};
  for (std::size_t b = 0; b < batch; ++b) {
    std::vector<numbers> states;
    for (numbers const& s : begin) {
      auto const units = static_cast<std::ptrdiff_t>(s.size() / batch), row = static_cast<std::ptrdiff_t>(b);
      states.emplace_back(s.begin() + row * units, s.begin() + (row + 1) * units);
    }
    std::vector<numbers> scratch = states;
    std::size_t const units = cell(numbers(depth, 0.0), scratch).size();
    std::size_t const first = all.outputs.size();
    all.outputs.resize(first + time * units, 0.0);
    std::size_t const length = lengths.empty() ? time : static_cast<std::size_t>(lengths[b]);
    for (std::size_t i = 0; i < length; ++i) {
      std::size_t const t = reversed ? length - 1 - i : i;
      auto const at = x.begin() + static_cast<std::ptrdiff_t>((b * time + t) * depth);
      numbers const y = cell(numbers(at, at + static_cast<std::ptrdiff_t>(depth)), states);
      std::copy(y.begin(), y.end(), all.outputs.begin() + static_cast<std::ptrdiff_t>(first + t * units));
    }
    for (std::size_t k = 0; k < states.size(); ++k)
      std::copy(states[k].begin(), states[k].end(),
                all.states[k].begin() + static_cast<std::ptrdiff_t>(b * states[k].size()));
  }
  return all;
}

}  // namespace rnn_test
