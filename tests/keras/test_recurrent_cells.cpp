// SPDX-License-Identifier: Apache-2.0
#include <support/keras_rnn.hpp>
#include <tfx/keras/layers/masking.hpp>
#include <tfx/keras/layers/rnn.hpp>
#include <tfx/keras/model.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using keras_rnn::along_time, keras_rnn::numbers, keras_rnn::weights_of;
using layer_test::some;
using op_test::flat;
using op_test::same;

namespace {
constexpr double exact = 1e-10;
numbers zeros(std::size_t n) { return numbers(n, 0.0); }

/// Keras' documentation's: h' = x W + h R, its output and its state.
struct minimal_cell {
  static constexpr int state_size = 3;
  template <tf::name Scope, class X, class States>
  constexpr auto call(X const& x, States const& states) const {
    auto const kernel = tf::get_variable<Scope / "kernel", double>(tf::shape<2, 3>, tf::glorot_uniform_initializer());
    auto const recurrent =
        tf::get_variable<Scope / "recurrent_kernel", double>(tf::shape<3, 3>, keras::initializers::Orthogonal());
    auto const [h] = states;
    auto const next = tf::matmul(x, kernel) + tf::matmul(h, recurrent);
    return keras::with_weights(std::tuple(next, std::tuple(next)), kernel, recurrent);
  }
};
/// Without weights, of two states, whose output is of another size: the sum so far, how many steps there were, and as
/// output the mean of both inputs.
struct counting_cell {
  static constexpr int state_size[] = {2, 1};
  static constexpr int output_size = 1;
  template <class X, class States>
  constexpr auto call(X const& x, States const& states) const {
    auto const& [sum, count] = states;
    return std::tuple(tf::reduce_mean(sum + x, tf::axis<1>, tf::keepdims), tf::fetch(sum + x, count + 1.0));
  }
};
struct linear {
  keras_rnn::weights w;
  void operator()(numbers const& x, std::vector<numbers>& s) const {
    numbers h(3);
    for (std::size_t k = 0; k < 3; ++k)
      h[k] = keras_rnn::product(x, w.kernel, 3, k) + keras_rnn::product(s[0], w.recurrent, 3, k);
    s[0] = h;
  }
};
}  // namespace

TEST_CASE("recurrent cells: users' own, with weights or without, with a mask or without") {
  auto const x = keras::Input<"x", double>(tf::shape<tf::dim<"time">, 2>);
  auto const masked = layers::Masking()(x);
  auto const all = layers::RNN(minimal_cell{}, keras::return_sequences)(x);
  auto const last = layers::RNN<"last">(minimal_cell{}, keras::go_backwards)(masked);
  auto const [means, sum, count] =
      layers::RNN<"count">(counting_cell{}, keras::return_sequences, keras::return_state)(masked);
  auto const [mean, sum2, count2] = layers::RNN<"count2">(counting_cell{}, keras::return_state)(x);
  auto const [k1, r1] = keras_rnn::kernels<"rnn", 2, 3, 3>();
  auto const [k2, r2] = keras_rnn::kernels<"last", 2, 3, 3>();
  auto at = some<double, 3>({3, 4, 2}, 3);
  numbers const mask = {1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0};
  for (std::size_t i = 0; i < at.size(); ++i) at.data()[i] *= mask[i / 2];
  auto const kv = some<double, 2>({2, 3}, 4), rv = some<double, 2>({3, 3}, 5);
  tf::Session sess;
  auto const got =
      sess.run(tf::fetch(all, last, means, sum, count, mean, count2), x = at, k1 = kv, r1 = rv, k2 = kv, r2 = rv);
  linear const cell{weights_of(kv, rv, numbers())};
  CHECK(same(std::get<0>(got), along_time(cell, flat(at), 3, 4, {zeros(9)}).outputs, exact));
  CHECK(same(std::get<1>(got), along_time(cell, flat(at), 3, 4, {zeros(9)}, mask, true).last, exact));
  numbers expected, sums, counts;
  for (std::size_t b = 0; b < 3; ++b) {
    double y = 0, n = 0, a = 0, c = 0;
    for (std::size_t t = 0; t < 4; ++t) {
      if (mask[4 * b + t] != 0) {
        a += at(b, t, 0);
        c += at(b, t, 1);
        n += 1;
        y = (a + c) / 2;
      }
      expected.push_back(y);  // zeros before the first step that counts
    }
    sums.insert(sums.end(), {a, c});
    counts.push_back(n);
  }
  CHECK(same(std::get<2>(got), expected, exact));
  CHECK(same(std::get<3>(got), sums, exact));
  CHECK(same(std::get<4>(got), counts, exact));
  CHECK(same(std::get<5>(got), {expected[3], expected[7], expected[11]}, exact));
  CHECK(same(std::get<6>(got), {4, 4, 4}));
}

TEST_CASE("recurrent cells: stacked, with Keras' order of states, and one step by hand") {
  auto const x = keras::Input<"x", double>(tf::shape<4, 2>);
  auto const cells = layers::StackedRNNCells(layers::LSTMCell<3>(), layers::GRUCell<2>(), layers::LSTMCell<3>());
  auto const [y, h3, c3, g, h1, c1] = layers::RNN(cells, keras::return_sequences, keras::return_state)(x);
  auto const alone = layers::RNN<"alone">(std::tuple(layers::SimpleRNNCell<3, "own">()))(x);
  auto const [k1, r1] = keras_rnn::kernels<"rnn/lstm_cell", 2, 12, 3>();
  auto const b1 = keras_rnn::lstm_bias<"rnn/lstm_cell", 3>();
  auto const [k2, r2] = keras_rnn::kernels<"rnn/gru_cell", 3, 6, 2>();
  auto const [k3, r3] = keras_rnn::kernels<"rnn/lstm_cell_1", 2, 12, 3>();
  auto const b3 = keras_rnn::lstm_bias<"rnn/lstm_cell_1", 3>();
  auto const [k4, r4] = keras_rnn::kernels<"alone/own", 2, 3, 3>();
  auto const at = some<double, 3>({5, 4, 2}, 3);
  auto const kv1 = some<double, 2>({2, 12}, 4), rv1 = some<double, 2>({3, 12}, 5);
  auto const kv2 = some<double, 2>({3, 6}, 6), rv2 = some<double, 2>({2, 6}, 7);
  auto const kv3 = some<double, 2>({2, 12}, 8), rv3 = some<double, 2>({3, 12}, 9);
  auto const kv4 = some<double, 2>({2, 3}, 10), rv4 = some<double, 2>({3, 3}, 11);
  auto const bv1 = some<double, 1>({12}, 12), bv3 = some<double, 1>({12}, 13);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(y, alone));
  auto const got = sess.run(tf::fetch(y, h3, c3, g, h1, c1, alone), x = at, k1 = kv1, r1 = rv1, b1 = bv1, k2 = kv2,
                            r2 = rv2, k3 = kv3, r3 = rv3, b3 = bv3, k4 = kv4, r4 = rv4);
  auto const one = along_time(keras_rnn::lstm{weights_of(kv1, rv1, bv1)}, flat(at), 5, 4, {zeros(15), zeros(15)});
  auto const two = along_time(keras_rnn::gru{weights_of(kv2, rv2, numbers())}, one.outputs, 5, 4, {zeros(10)});
  auto const three = along_time(keras_rnn::lstm{weights_of(kv3, rv3, bv3)}, two.outputs, 5, 4, {zeros(15), zeros(15)});
  CHECK(same(std::get<0>(got), three.outputs, exact));
  CHECK(same(std::get<1>(got), three.states[0], exact));
  CHECK(same(std::get<2>(got), three.states[1], exact));
  CHECK(same(std::get<3>(got), two.states[0], exact));
  CHECK(same(std::get<4>(got), one.states[0], exact));
  CHECK(same(std::get<5>(got), one.states[1], exact));
  CHECK(same(std::get<6>(got),
             along_time(keras_rnn::simple_rnn{weights_of(kv4, rv4, numbers())}, flat(at), 5, 4, {zeros(15)}).last,
             exact));
}

TEST_CASE("recurrent cells: called with inputs and states, as parts of a model") {
  auto const x = keras::Input<"x", double>(tf::shape<2>);
  auto const h = tf::placeholder<"h", double>(tf::shape<keras::batch, 3>);
  auto const c = tf::placeholder<"c", double>(tf::shape<keras::batch, 3>);
  auto const [y, states] = layers::LSTMCell<3>()(x, std::tuple(h, c));
  auto const [next_h, next_c] = states;
  auto const model = keras::Model(keras::inputs(x, h, c), keras::outputs(y, next_h, next_c));
  static_assert(decltype(model)::parameter_count == 4 * (2 * 3 + 3 * 3 + 3));
  auto const xv = some<double, 2>({5, 2}, 3), hv = some<double, 2>({5, 3}, 4), cv = some<double, 2>({5, 3}, 5);
  auto const w = model.get_weights();
  auto const got = model.predict(keras::inputs(xv, hv, cv));
  auto const expected = along_time(keras_rnn::lstm{weights_of(std::get<0>(w), std::get<1>(w), std::get<2>(w))},
                                   flat(xv), 5, 1, {flat(hv), flat(cv)});
  CHECK(same(std::get<0>(got), expected.last, exact));
  CHECK(same(std::get<1>(got), expected.states[0], exact));
  CHECK(same(std::get<2>(got), expected.states[1], exact));
}

TEST_CASE("recurrent layers: the states of one begin another; a model finds both") {
  auto const x = keras::Input<"x", double>(tf::shape<tf::dim<"time">, 2>);
  auto const z = keras::Input<"z", double>(tf::shape<4, 2>);
  auto const [y, h, c] = layers::LSTM<3, "encoder">(keras::return_state)(x);
  auto const decoded = layers::LSTM<3, "decoder">()(z, keras::initial_state = std::tuple(h, c));
  auto const model = keras::Model(keras::inputs(x, z), decoded);
  static_assert(decltype(model)::parameter_count == 2 * 4 * (2 * 3 + 3 * 3 + 3));
  auto const w = model.get_weights();
  auto const xv = some<double, 3>({5, 6, 2}, 3), zv = some<double, 3>({5, 4, 2}, 4);
  auto const first = along_time(keras_rnn::lstm{weights_of(std::get<0>(w), std::get<1>(w), std::get<2>(w))}, flat(xv),
                                5, 6, {zeros(15), zeros(15)});
  auto const second = along_time(keras_rnn::lstm{weights_of(std::get<3>(w), std::get<4>(w), std::get<5>(w))}, flat(zv),
                                 5, 4, first.states);
  CHECK(same(model.predict(keras::inputs(xv, zv)), second.last, exact));
  auto const states = keras::Model<"states">(x, keras::outputs(h, c));
  static_assert(decltype(states)::parameter_count == 4 * (2 * 3 + 3 * 3 + 3));
}
