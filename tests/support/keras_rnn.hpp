// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <support/layer_test.hpp>
#include <support/rnn.hpp>
#include <tfx/keras/initializers.hpp>
#include <tfx/keras/layers/lstm.hpp>

/// Keras' recurrent layers by the book: rows of numbers, one step after the other.
namespace keras_rnn {

using rnn_test::hard_sigmoid, rnn_test::sigmoid;
using numbers = std::vector<double>;
using activation = double (*)(double);

inline double tanh_of(double x) { return std::tanh(x); }
inline double relu_of(double x) { return x > 0 ? x : 0; }

/// Kernel, recurrent kernel and bias; what a cell makes of a row and its states, of which the first is the output.
struct weights {
  numbers kernel, recurrent, bias;
};
/// Column k of rows x · matrix.
inline double product(numbers const& x, numbers const& matrix, std::size_t columns, std::size_t k) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += x[i] * matrix[i * columns + k];
  return sum;
}
struct simple_rnn {
  weights w;
  activation act = tanh_of;
  void operator()(numbers const& x, std::vector<numbers>& s) const {
    std::size_t const n = s[0].size();
    numbers h(n);
    for (std::size_t k = 0; k < n; ++k)
      h[k] = act(product(x, w.kernel, n, k) + product(s[0], w.recurrent, n, k) + (w.bias.empty() ? 0 : w.bias[k]));
    s[0] = h;
  }
};
struct lstm {
  weights w;
  activation act = tanh_of, gate = hard_sigmoid;
  void operator()(numbers const& x, std::vector<numbers>& s) const {
    std::size_t const n = s[0].size();
    auto const z = [&](std::size_t part, std::size_t k) {
      std::size_t const at = part * n + k;
      return product(x, w.kernel, 4 * n, at) + product(s[0], w.recurrent, 4 * n, at) +
             (w.bias.empty() ? 0 : w.bias[at]);
    };
    numbers h(n), c(n);
    for (std::size_t k = 0; k < n; ++k) {
      c[k] = gate(z(1, k)) * s[1][k] + gate(z(0, k)) * act(z(2, k));
      h[k] = gate(z(3, k)) * act(c[k]);
    }
    s = {h, c};
  }
};
struct gru {
  weights w;
  bool after = false;
  activation act = tanh_of, gate = hard_sigmoid;
  void operator()(numbers const& x, std::vector<numbers>& s) const {
    std::size_t const n = s[0].size();
    auto const of_x = [&](std::size_t at) {
      return product(x, w.kernel, 3 * n, at) + (w.bias.empty() ? 0 : w.bias[at]);
    };
    auto const of_h = [&](numbers const& h, std::size_t at) {
      return product(h, w.recurrent, 3 * n, at) + (after && !w.bias.empty() ? w.bias[3 * n + at] : 0);
    };
    numbers reset(n), h(n);
    for (std::size_t k = 0; k < n; ++k) reset[k] = gate(of_x(n + k) + of_h(s[0], n + k));
    numbers seen = s[0];
    for (std::size_t k = 0; k < n; ++k) seen[k] *= reset[k];
    for (std::size_t k = 0; k < n; ++k) {
      double const z = gate(of_x(k) + of_h(s[0], k)), at = of_x(2 * n + k);
      double const made = act(after ? at + reset[k] * of_h(s[0], 2 * n + k) : at + of_h(seen, 2 * n + k));
      h[k] = z * s[0][k] + (1 - z) * made;
    }
    s[0] = h;
  }
};

/// Outputs in the order of the inputs [batch, time, units], the last ones [batch, units], the last states.
struct result {
  numbers outputs, last;
  std::vector<numbers> states;
};
/// A cell along x [batch, time, depth]. `begin` has the states of all rows, one after the other; a step of which `mask`
/// [batch, time] says 0 leaves a row as it is.
template <class Cell>
result along_time(Cell const& cell, numbers const& x, std::size_t batch, std::size_t time, std::vector<numbers> begin,
                  numbers const& mask = {}, bool backwards = false) {
  result all{{}, {}, begin};
  std::size_t const depth = x.size() / batch / time, units = begin[0].size() / batch;
  all.outputs.resize(batch * time * units);
  for (std::size_t b = 0; b < batch; ++b) {
    std::vector<numbers> states;
    auto const row = static_cast<std::ptrdiff_t>(b);
    for (numbers const& s : begin) {
      auto const n = static_cast<std::ptrdiff_t>(s.size() / batch);
      states.emplace_back(s.begin() + row * n, s.begin() + (row + 1) * n);
    }
    for (std::size_t i = 0; i < time; ++i) {
      std::size_t const t = backwards ? time - 1 - i : i;
      auto const at = x.begin() + static_cast<std::ptrdiff_t>((b * time + t) * depth);
      if (mask.empty() || mask[b * time + t] != 0) cell(numbers(at, at + static_cast<std::ptrdiff_t>(depth)), states);
      for (std::size_t k = 0; k < units; ++k) all.outputs[(b * time + t) * units + k] = states[0][k];
    }
    all.last.insert(all.last.end(), states[0].begin(), states[0].end());
    for (std::size_t s = 0; s < states.size(); ++s)
      std::copy(states[s].begin(), states[s].end(),
                all.states[s].begin() + row * static_cast<std::ptrdiff_t>(states[s].size()));
  }
  return all;
}
/// Sequences [batch, time, units] with the last step first.
inline numbers reversed(numbers const& y, std::size_t batch, std::size_t time) {
  numbers out = y;
  std::size_t const n = y.size() / batch / time;
  for (std::size_t b = 0; b < batch; ++b)
    for (std::size_t t = 0; t < time; ++t)
      for (std::size_t k = 0; k < n; ++k) out[(b * time + t) * n + k] = y[(b * time + time - 1 - t) * n + k];
  return out;
}

/// The weights of a layer of that scope, as expressions that can be fed.
template <tfx::name Scope, int Depth, int Columns, int Units>
auto kernels() {
  return std::tuple{
      tfx::get_variable<Scope / "kernel", double>(tfx::shape<Depth, Columns>, tfx::glorot_uniform_initializer()),
      tfx::get_variable<Scope / "recurrent_kernel", double>(tfx::shape<Units, Columns>,
                                                            tfx::keras::initializers::Orthogonal())};
}
template <tfx::name Scope, auto... D>
auto bias(tfx::shape_t<D...> s) {
  return tfx::get_variable<Scope / "bias", double>(s, tfx::zeros_initializer());
}
template <tfx::name Scope, int Units>
auto lstm_bias() {
  using initializer = tfx::keras::detail::unit_forget_bias_initializer<tfx::zeros_initializer>;
  return tfx::get_variable<Scope / "bias", double>(tfx::shape<4 * Units>, initializer{});
}
template <class A, class B, class C>
weights weights_of(A const& kernel, B const& recurrent, C const& bias) {
  return {op_test::flat(kernel), op_test::flat(recurrent), op_test::flat(bias)};
}

}  // namespace keras_rnn
