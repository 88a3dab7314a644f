// SPDX-License-Identifier: Apache-2.0
#include <support/rnn.hpp>

namespace tf = tfx;
namespace cells = tf::nn::rnn_cell;
using op_test::flat, op_test::near, op_test::same, op_test::spread, op_test::tensor;
using rnn_test::numbers;

namespace {
constexpr auto batch = tf::dim<"batch">;
constexpr auto steps = tf::dim<"steps">;

/// The slopes of `loss` along each of `wrt`, all of which are fed, against differences of its values.
template <class Loss, class... Feeds, class... W>
void check_slopes(Loss const& loss, std::vector<numbers> const& at, std::tuple<W...> const& wrt,
                  std::vector<std::vector<std::size_t>> const& shapes, Feeds const&... others) {
  auto const slopes = std::apply([&](auto const&... w) { return tf::gradients(loss, w...); }, wrt);
  tf::Session sess;
  auto const feeds_of = [&]<std::size_t I>(std::integral_constant<std::size_t, I>, std::vector<numbers> const& values) {
    constexpr std::size_t rank = std::size_t(std::tuple_element_t<I, std::tuple<W...>>::rank);
    std::array<std::size_t, rank> extents{};
    std::copy_n(shapes[I].begin(), rank, extents.begin());
    return tensor<double>(extents, values[I]);
  };
  auto const run = [&](auto const& what, std::vector<numbers> const& values) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      auto const fed = std::tuple{feeds_of(std::integral_constant<std::size_t, I>{}, values)...};
      return sess.run(what, (std::get<I>(wrt) = std::get<I>(fed))..., others...);
    }(std::index_sequence_for<W...>{});
  };
  auto const got = run(slopes, at);
  double const h = 1e-6;
  auto const check = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    numbers const slope = flat(std::get<I>(got));
    REQUIRE(slope.size() == at[I].size());
    for (std::size_t k = 0; k < slope.size(); ++k) {
      auto up = at, down = at;
      up[I][k] += h;
      down[I][k] -= h;
      CAPTURE(I);
      CAPTURE(k);
      CHECK(near(slope[k], (double(run(loss, up)) - double(run(loss, down))) / (2 * h), 2e-7));
    }
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (check(std::integral_constant<std::size_t, I>{}), ...);
  }(std::index_sequence_for<W...>{});
}
template <class Outputs, class... State>
auto loss_of(Outputs const& outputs, State const&... state) {
  return tf::reduce_sum(tf::square(outputs + 0.5)) + (tf::reduce_sum(tf::sin(state)) + ...);
}

template <class Shape, class StateShape>
void check_lstm(Shape shape, StateShape state_shape, std::size_t rows, std::size_t time) {
  auto const x = tf::placeholder<"x", double>(shape);
  auto const c0 = tf::placeholder<"c0", double>(state_shape);
  auto const h0 = tf::placeholder<"h0", double>(state_shape);
  auto const length = tf::placeholder<"length", int>(tf::shape<tf::dyn>);
  auto const cell = cells::BasicLSTMCell<2, "lstm">();
  auto const [outputs, state] =
      tf::nn::dynamic_rnn(cell, x, tf::sequence_length = length, tf::initial_state = cells::LSTMStateTuple(c0, h0));
  auto const [c, h] = state;
  auto const kernel = tf::get_variable<"lstm/kernel", double>(tf::shape<5, 8>);
  auto const bias = tf::get_variable<"lstm/bias">(tf::zeros<double>(tf::shape<8>));
  std::vector<int> lengths;
  for (std::size_t b = 0; b < rows; ++b) lengths.push_back(int(time) - int(b % (time + 1)));
  check_slopes(loss_of(outputs, c, h),
               {spread(rows * time * 3, -1, 1), spread(rows * 2, -1, 1, 2), spread(rows * 2, -1, 1, 3),
                spread(40, -1, 1, 4), spread(8, -1, 1, 5)},
               std::tuple{x, c0, h0, kernel, bias}, {{rows, time, 3}, {rows, 2}, {rows, 2}, {5, 8}, {8}},
               length = lengths);
}
template <class Shape, class StateShape>
void check_gru(Shape shape, StateShape state_shape, std::size_t rows, std::size_t time) {
  auto const x = tf::placeholder<"x", double>(shape);
  auto const h0 = tf::placeholder<"h0", double>(state_shape);
  auto const [outputs, h] = tf::nn::dynamic_rnn(cells::GRUCell<2, "gru">(), x, tf::initial_state = h0);
  auto const gates = tf::get_variable<"gru/gates/kernel", double>(tf::shape<5, 4>);
  auto const gates_bias = tf::get_variable<"gru/gates/bias">(tf::ones<double>(tf::shape<4>));
  auto const candidate = tf::get_variable<"gru/candidate/kernel", double>(tf::shape<5, 2>);
  auto const candidate_bias = tf::get_variable<"gru/candidate/bias">(tf::zeros<double>(tf::shape<2>));
  check_slopes(loss_of(outputs, h),
               {spread(rows * time * 3, -1, 1), spread(rows * 2, -1, 1, 2), spread(20, -1, 1, 3), spread(4, -1, 1, 4),
                spread(10, -1, 1, 5), spread(2, -1, 1, 6)},
               std::tuple{x, h0, gates, gates_bias, candidate, candidate_bias},
               {{rows, time, 3}, {rows, 2}, {5, 4}, {4}, {5, 2}, {2}});
}
}  // namespace

TEST_CASE("BasicLSTMCell: slopes along inputs, states and weights, with lengths") {
  check_lstm(tf::shape<2, 3, 3>, tf::shape<2, 2>, 2, 3);
  for (std::size_t rows : {2u, 1u})
    for (std::size_t time : {3u, 1u, 0u}) check_lstm(tf::shape<batch, steps, 3>, tf::shape<batch, 2>, rows, time);
}
TEST_CASE("GRUCell: slopes along inputs, state and weights") {
  check_gru(tf::shape<2, 3, 3>, tf::shape<2, 2>, 2, 3);
  for (std::size_t time : {3u, 1u, 0u}) check_gru(tf::shape<batch, steps, 3>, tf::shape<batch, 2>, 2, time);
}
TEST_CASE("LSTMCell, ResidualWrapper, MultiRNNCell, both directions: slopes along weights and inputs") {
  auto const x = tf::placeholder<"x", double>(tf::shape<batch, steps, 2>);
  auto const length = tf::placeholder<"length", int>(tf::shape<batch>);
  auto const lstm = cells::LSTMCell<3, "lstm">(tf::use_peepholes, tf::num_proj<2>, tf::cell_clip = 0.6,
                                               tf::proj_clip = 0.7, tf::forget_bias = 0.25);
  auto const ahead = cells::MultiRNNCell(cells::ResidualWrapper(lstm), cells::BasicRNNCell<2, "rnn">());
  auto const [outputs, states] =
      tf::nn::bidirectional_dynamic_rnn(ahead, cells::GRUCell<1, "gru">(), x, tf::sequence_length = length);
  auto const loss = loss_of(tf::concat(tf::axis<2>, std::get<0>(outputs), std::get<1>(outputs)), std::get<1>(states),
                            std::get<1>(std::get<0>(states)));
  check_slopes(loss,
               {spread(12, -1, 1), spread(48, -1, 1, 2), spread(3, -1, 1, 3), spread(3, -1, 1, 4), spread(3, -1, 1, 5),
                spread(6, -1, 1, 6), spread(8, -1, 1, 7), spread(6, -1, 1, 8)},
               std::tuple{x, tf::get_variable<"lstm/kernel", double>(tf::shape<4, 12>),
                          tf::get_variable<"lstm/w_i_diag", double>(tf::shape<3>),
                          tf::get_variable<"lstm/w_f_diag", double>(tf::shape<3>),
                          tf::get_variable<"lstm/w_o_diag", double>(tf::shape<3>),
                          tf::get_variable<"lstm/projection/kernel", double>(tf::shape<3, 2>),
                          tf::get_variable<"rnn/kernel", double>(tf::shape<4, 2>),
                          tf::get_variable<"gru/gates/kernel", double>(tf::shape<3, 2>)},
               {{2, 3, 2}, {4, 12}, {3}, {3}, {3}, {3, 2}, {4, 2}, {3, 2}}, length = {3, 2},
               tf::get_variable<"lstm/bias">(tf::zeros<double>(tf::shape<12>)) = numbers(12, 0.1),
               tf::get_variable<"rnn/bias">(tf::zeros<double>(tf::shape<2>)) = numbers(2, 0.1),
               tf::get_variable<"gru/gates/bias">(tf::ones<double>(tf::shape<2>)) = numbers(2, 0.1),
               tf::get_variable<"gru/candidate/kernel", double>(tf::shape<3, 1>) = {{0.5}, {-0.4}, {0.3}},
               tf::get_variable<"gru/candidate/bias">(tf::zeros<double>(tf::shape<1>)) = numbers(1, 0.1));
}
TEST_CASE("dynamic_rnn: second derivatives and forward mode") {
  auto const x = tf::placeholder<"x", double>(tf::shape<batch, steps, 2>);
  auto const v = tf::placeholder<"v", double>(tf::shape<batch, steps, 2>);
  auto const length = tf::placeholder<"length", int>(tf::shape<batch>);
  auto const cell = cells::LSTMCell<2, "lstm">();
  auto const [outputs, state] = tf::nn::dynamic_rnn(cell, x, tf::sequence_length = length);
  auto const loss = tf::reduce_sum(tf::square(outputs + 0.5));
  auto const slope = std::get<0>(tf::gradients(loss, x));
  auto const second = std::get<0>(tf::gradients(slope * v, x));
  auto const forward = tf::jvp(loss, x, v);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(loss));
  numbers const at = spread(12, -1, 1), along = spread(12, -1, 1, 7);
  auto const run = [&](double move) {
    numbers moved = at;
    for (std::size_t i = 0; i < 12; ++i) moved[i] += move * along[i];
    return sess.run(tf::fetch(loss, slope, second, forward), x = tensor<double, 3>({2, 3, 2}, moved),
                    v = tensor<double, 3>({2, 3, 2}, along), length = {3, 2});
  };
  auto const [value, first, curve, slid] = run(0);
  auto const up = run(1e-5), down = run(-1e-5);
  CHECK(near(slid, (std::get<0>(up) - std::get<0>(down)) / 2e-5, 1e-8));
  for (std::size_t i = 0; i < 12; ++i)
    CHECK(near(flat(curve)[i], (flat(std::get<1>(up))[i] - flat(std::get<1>(down))[i]) / 2e-5, 1e-7));
}
TEST_CASE("DropoutWrapper: slopes see the masks that were drawn") {
  auto const x = tf::placeholder<"x", double>(tf::shape<batch, steps, 2>);
  auto const keep = tf::placeholder<"keep", double>(tf::shape<>);
  auto const cell = cells::DropoutWrapper(cells::GRUCell<4, "gru">(), tf::input_keep_prob = keep,
                                          tf::output_keep_prob = 0.5, tf::state_keep_prob = 0.75);
  auto const [outputs, state] = tf::nn::dynamic_rnn(cell, x);
  auto const loss = loss_of(outputs, state);
  auto const [slope] = tf::gradients(loss, x);
  numbers const at = spread(12, -1, 1);
  auto const run = [&](auto const& what, std::size_t which, double move) {
    tf::Session sess;
    sess.set_random_seed(4);
    sess.run(tf::global_variables_initializer(loss));
    numbers moved = at;
    moved[which] += move;
    return sess.run(what, x = tensor<double, 3>({2, 3, 2}, moved), keep = 0.75);
  };
  numbers const got = flat(run(slope, 0, 0));
  bool any_dropped = false;
  for (std::size_t i = 0; i < 12; ++i) {
    any_dropped = any_dropped || got[i] == 0;
    CHECK(near(got[i], (run(loss, i, 1e-6) - run(loss, i, -1e-6)) / 2e-6, 2e-7));
  }
  CHECK(any_dropped);
}
