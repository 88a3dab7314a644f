// SPDX-License-Identifier: Apache-2.0
// covers: multi_rnn_cell residual_wrapper dropout_wrapper bidirectional_dynamic_rnn static_rnn
#include <support/rnn.hpp>

namespace tf = tfx;
namespace cells = tf::nn::rnn_cell;
using op_test::flat, op_test::near, op_test::same, op_test::spread, op_test::tensor;
using rnn_test::along_time, rnn_test::numbers;

namespace {
constexpr auto batch = tf::dim<"batch">;
constexpr auto steps = tf::dim<"steps">;
auto const x = tf::placeholder<"x", double>(tf::shape<batch, steps, 3>);
auto const length = tf::placeholder<"length", std::int64_t>(tf::shape<batch>);
constexpr std::size_t rows = 3, time_steps = 4;
numbers const values = spread(rows * time_steps * 3, -2, 2);
auto const given = tensor<double, 3>({rows, time_steps, 3}, values);
std::vector<std::int64_t> const lengths{2, 4, 0};
std::vector<int> const lengths_as_ints{2, 4, 0};

/// The weights that a session began with.
template <class... W>
auto begun(tf::Session& sess, W const&... weights) {
  sess.set_random_seed(5);
  sess.run(tf::global_variables_initializer(weights...));
  return std::tuple{flat(sess.run(weights))...};
}
template <tf::name Name, int Depth, int Units>
auto gru_by_the_book(tf::Session& sess) {
  auto const [a, b, c, d] =
      begun(sess, tf::get_variable<Name / "gates/kernel", double>(tf::shape<Depth + Units, 2 * Units>),
            tf::get_variable<Name / "gates/bias">(tf::ones<double>(tf::shape<2 * Units>)),
            tf::get_variable<Name / "candidate/kernel", double>(tf::shape<Depth + Units, Units>),
            tf::get_variable<Name / "candidate/bias">(tf::zeros<double>(tf::shape<Units>)));
  return rnn_test::gru{a, b, c, d};
}
template <tf::name Name, int Depth, int Units>
auto rnn_by_the_book(tf::Session& sess) {
  auto const [a, b] = begun(sess, tf::get_variable<Name / "kernel", double>(tf::shape<Depth + Units, Units>),
                            tf::get_variable<Name / "bias">(tf::zeros<double>(tf::shape<Units>)));
  return rnn_test::basic_rnn{a, b};
}
std::vector<numbers> zeros(std::size_t count, std::size_t units) {
  return std::vector<numbers>(count, numbers(rows * units, 0.0));
}
}  // namespace

TEST_CASE("LSTMCell: peepholes, projection, clips and a forget bias, numbers of a run") {
  auto const run = [](double bias, double clip, double projected_clip) {
    auto const cell = cells::LSTMCell<4, "lstm">(tf::use_peepholes, tf::num_proj<2>, tf::forget_bias = bias,
                                                 tf::cell_clip = clip, tf::proj_clip = float(projected_clip));
    static_assert(decltype(cell)::output_size == 2);
    auto const [outputs, state] = tf::nn::dynamic_rnn(cell, x, tf::sequence_length = length);
    auto const [c, h] = state;
    tf::Session sess;
    auto const [kernel, bias_values, w_i, w_f, w_o, projection] =
        begun(sess, tf::get_variable<"lstm/kernel", double>(tf::shape<3 + 2, 16>),
              tf::get_variable<"lstm/bias">(tf::zeros<double>(tf::shape<16>)),
              tf::get_variable<"lstm/w_i_diag", double>(tf::shape<4>),
              tf::get_variable<"lstm/w_f_diag", double>(tf::shape<4>),
              tf::get_variable<"lstm/w_o_diag", double>(tf::shape<4>),
              tf::get_variable<"lstm/projection/kernel", double>(tf::shape<4, 2>));
    rnn_test::lstm const book{kernel, bias_values, bias, w_i, w_f, w_o, clip, projection, projected_clip};
    auto const expected = along_time(book, values, rows, time_steps, 3, lengths_as_ints,
                                     {numbers(rows * 4, 0.0), numbers(rows * 2, 0.0)});
    auto const [out, last_c, last_h] = sess.run(tf::fetch(outputs, c, h), x = given, length = lengths);
    CHECK(same(out, expected.outputs, 1e-12));
    CHECK(same(last_c, expected.states[0], 1e-12));
    CHECK(same(last_h, expected.states[1], 1e-12));
    return numbers(flat(last_c));
  };
  numbers const wide = run(0.5, 10, 10), narrow = run(-0.25, 0.25, 0.0625);
  CHECK(*std::max_element(wide.begin(), wide.end()) > 0.25);
  CHECK(*std::max_element(narrow.begin(), narrow.end()) <= 0.25);
}
TEST_CASE("a cell by itself, an initial state, time first, another activation and initializer") {
  auto const cell = cells::BasicRNNCell<2, "rnn">(cells::activation = [](auto v) { return tf::tanh(v) * 1.0; });
  auto const slice = tf::placeholder<"slice", double>(tf::shape<batch, 3>);
  auto const h = tf::placeholder<"h", double>(tf::shape<batch, 2>);
  auto const turned = tf::placeholder<"turned", double>(tf::shape<steps, batch, 3>);
  auto const [output, next] = cell(slice, h);
  auto const [outputs, last] = tf::nn::dynamic_rnn(cell, turned, tf::time_major, tf::initial_state = h);
  tf::Session sess;
  auto const book = rnn_by_the_book<"rnn", 3, 2>(sess);
  numbers const begin = spread(rows * 2, -1, 1, 8), one = spread(rows * 3, -1, 1, 9);
  auto const a = along_time(book, one, rows, 1, 3, {}, {begin});
  auto const b = along_time(book, values, rows, time_steps, 3, {}, {begin});
  auto const now = tensor<double, 2>({rows, 2}, begin);
  auto const [o, s] = sess.run(tf::fetch(output, next), slice = tensor<double, 2>({rows, 3}, one), h = now);
  CHECK(same(o, a.outputs, 1e-12));
  CHECK(same(s, a.states[0], 1e-12));
  auto const [os, l] = sess.run(tf::fetch(tf::transpose(outputs, tf::axes<1, 0, 2>), last),
                                turned = xt::xtensor<double, 3>(xt::transpose(given, {1, 0, 2})), h = now);
  CHECK(same(os, b.outputs, 1e-12));
  CHECK(same(l, b.states[0], 1e-12));

  auto const lstm = cells::LSTMCell<2, "begun">(cells::initializer = tf::constant_initializer(0.25));
  auto const zero = lstm.zero_state<double>(tf::shape<batch>);
  auto const [m, state] = lstm(slice, cells::LSTMStateTuple(std::get<0>(zero), std::get<1>(zero)));
  auto const [c, same_m] = state;
  sess.run(tf::global_variables_initializer(m));
  auto const [cv, mv] = sess.run(tf::fetch(c, same_m), slice = {{1.0, 2.0, 3.0}});
  double const z = 0.25 * 6, kept = rnn_test::sigmoid(z) * std::tanh(z);
  CHECK(same(cv, {kept, kept}, 1e-12));
  CHECK(same(mv, numbers(2, rnn_test::sigmoid(z) * std::tanh(kept)), 1e-12));
}
TEST_CASE("MultiRNNCell, ResidualWrapper: layers, each along all steps") {
  auto const stack =
      cells::MultiRNNCell(cells::GRUCell<2, "first">(), cells::ResidualWrapper(cells::BasicRNNCell<2, "second">()));
  auto const [outputs, state] = tf::nn::dynamic_rnn(stack, x, tf::sequence_length = length);
  auto const [first_state, second_state] = state;
  auto const slice = tf::placeholder<"slice", double>(tf::shape<rows, 3>);
  auto const [output, next] = stack(slice, stack.zero_state(slice));
  tf::Session sess;
  auto const first = gru_by_the_book<"first", 3, 2>(sess);
  auto const second = rnn_by_the_book<"second", 2, 2>(sess);
  auto const below = along_time(first, values, rows, time_steps, 3, lengths_as_ints, zeros(1, 2));
  auto above = along_time(second, below.outputs, rows, time_steps, 2, lengths_as_ints, zeros(1, 2));
  for (std::size_t i = 0; i < above.outputs.size(); ++i) above.outputs[i] += below.outputs[i];
  auto const [out, s0, s1] = sess.run(tf::fetch(outputs, first_state, second_state), x = given, length = lengths);
  CHECK(same(out, above.outputs, 1e-12));
  CHECK(same(s0, below.states[0], 1e-12));
  CHECK(same(s1, above.states[0], 1e-12));
  numbers one;
  for (std::size_t b = 0; b < rows; ++b)
    for (std::size_t i = 0; i < 3; ++i) one.push_back(values[b * time_steps * 3 + i]);
  auto const [o, n0] = sess.run(tf::fetch(output, std::get<0>(next)), slice = tensor<double, 2>({rows, 3}, one));
  auto const b0 = along_time(first, one, rows, 1, 3, {}, zeros(1, 2));
  auto b1 = along_time(second, b0.outputs, rows, 1, 2, {}, zeros(1, 2));
  for (std::size_t i = 0; i < b1.outputs.size(); ++i) b1.outputs[i] += b0.outputs[i];
  CHECK(same(o, b1.outputs, 1e-12));
  CHECK(same(n0, b0.states[0], 1e-12));
}
TEST_CASE("bidirectional_dynamic_rnn: from each row's own end") {
  auto const [outputs, states] = tf::nn::bidirectional_dynamic_rnn(
      cells::GRUCell<2, "ahead">(), cells::BasicLSTMCell<2, "back">(), x, tf::sequence_length = length);
  auto const [ahead, back] = outputs;
  auto const [state, both] = states;
  tf::Session sess;
  auto const gru = gru_by_the_book<"ahead", 3, 2>(sess);
  auto const [kernel, bias] = begun(sess, tf::get_variable<"back/kernel", double>(tf::shape<5, 8>),
                                    tf::get_variable<"back/bias">(tf::zeros<double>(tf::shape<8>)));
  auto const a = along_time(gru, values, rows, time_steps, 3, lengths_as_ints, zeros(1, 2));
  auto const b =
      along_time(rnn_test::lstm{kernel, bias}, values, rows, time_steps, 3, lengths_as_ints, zeros(2, 2), true);
  auto const [va, vb, s, c, h] =
      sess.run(tf::fetch(ahead, back, state, std::get<0>(both), std::get<1>(both)), x = given, length = lengths);
  CHECK(same(va, a.outputs, 1e-12));
  CHECK(same(vb, b.outputs, 1e-12));
  CHECK(same(s, a.states[0], 1e-12));
  CHECK(same(c, b.states[0], 1e-12));
  CHECK(same(h, b.states[1], 1e-12));
}
TEST_CASE("static_rnn: a tuple of inputs") {
  auto const at = tf::placeholder<"at", double>(tf::shape<batch, time_steps, 3>);
  auto const [outputs, last] =
      tf::nn::static_rnn(cells::BasicRNNCell<2, "rnn">(), tf::unstack(at, tf::axis<1>), tf::sequence_length = length);
  static_assert(std::tuple_size_v<std::remove_const_t<decltype(outputs)>> == time_steps);
  tf::Session sess;
  auto const book = rnn_by_the_book<"rnn", 3, 2>(sess);
  auto const expected = along_time(book, values, rows, time_steps, 3, lengths_as_ints, zeros(1, 2));
  auto const joined = std::apply([](auto const&... o) { return tf::stack(tf::axis<1>, o...); }, outputs);
  auto const [o, l] = sess.run(tf::fetch(joined, last), at = given, length = lengths);
  CHECK(same(o, expected.outputs, 1e-12));
  CHECK(same(l, expected.states[0], 1e-12));
}
TEST_CASE("dynamic_rnn: a user's own cell with states of any nesting") {
  auto const sums = [](auto const& in, auto const& state) {
    auto const& [count, sum] = state;
    return std::tuple{sum * 2.0, std::tuple{std::tuple{std::get<0>(count) + 1.0}, sum + in}};
  };
  auto const begin =
      std::tuple{std::tuple{tf::zeros<double>(tf::shape<batch, 1>)}, tf::zeros<double>(tf::shape<batch, 3>)};
  auto const [outputs, state] = tf::nn::dynamic_rnn(sums, x, tf::sequence_length = length, tf::initial_state = begin);
  tf::Session sess;
  auto const [out, last] = sess.run(tf::fetch(outputs, state), x = given, length = lengths);
  CHECK(same(std::get<0>(std::get<0>(last)), {2, 4, 0}));
  CHECK(near(std::get<1>(last)(0, 2), values[2] + values[5], 1e-12));
  CHECK(near(out(0, 1, 2), 2 * values[2], 1e-12));
  CHECK(out(0, 2, 2) == 0);
}
TEST_CASE("DropoutWrapper: what it drops, over what it keeps; a state on its way") {
  auto const ones = tf::placeholder<"ones", float>(tf::shape<steps, batch, 50>);
  // A cell that hands its inputs on, with a state of all inputs' sum.
  auto const adder = [](auto const& in, auto const& sum) { return std::tuple{in, sum + in}; };
  auto const begin = tf::zeros(tf::shape<batch, 50>);
  auto const keep = tf::placeholder<"keep", float>(tf::shape<>);
  auto const outer = cells::DropoutWrapper<"drop">(adder, tf::output_keep_prob = keep, tf::seed(3));
  auto const inner = cells::DropoutWrapper<"in">(adder, tf::input_keep_prob = 0.5);
  auto const own = cells::DropoutWrapper<"own">(adder, tf::state_keep_prob = 0.5f);
  auto const run = [&](auto const& cell) {
    return tf::nn::dynamic_rnn(cell, ones, tf::time_major, tf::initial_state = begin);
  };
  auto const [out_a, state_a] = run(outer);
  auto const [out_b, state_b] = run(inner);
  auto const [out_c, state_c] = run(own);
  tf::Session sess;
  sess.set_random_seed(2);
  std::size_t const n = 40;
  auto const [a, sa, b, sb, c, sc] =
      sess.run(tf::fetch(out_a, state_a, out_b, state_b, out_c, state_c),
               ones = xt::xtensor<float, 3>(xt::ones<float>({n, std::size_t(8), std::size_t(50)})), keep = 0.25f);
  auto const count = [](auto const& of, double value) {
    double sum = 0;
    for (auto const& v : of) sum += double(v) == value;
    return sum / double(of.size());
  };
  CHECK(near(count(a, 4.0), 0.25, 0.03));
  CHECK(near(count(a, 0.0), 0.75, 0.03));
  CHECK(count(sa, double(n)) == 1);
  CHECK(near(count(b, 2.0), 0.5, 0.03));
  CHECK(near(count(b, 0.0), 0.5, 0.03));
  CHECK(count(sb, double(n)) < 0.5);  // sums of what was kept
  CHECK(count(c, 1.0) == 1);
  // After each step half of all states are 0: a state that counts k steps since it was dropped is 2 + 4 + … + 2ᵏ.
  CHECK(near(count(sc, 0.0), 0.5, 0.08));
  CHECK(near(count(sc, 2.0), 0.25, 0.08));
  CHECK(near(count(sc, 6.0), 0.125, 0.08));
}
TEST_CASE("DropoutWrapper: of an LSTM only h is dropped; each run draws anew, as the seed says") {
  auto const cell = cells::DropoutWrapper(cells::BasicLSTMCell<20, "lstm">(), tf::input_keep_prob = 0.9f,
                                          tf::output_keep_prob = 0.5f, tf::state_keep_prob = 0.5f);
  auto const small = tf::placeholder<"small", float>(tf::shape<2, 3, 5>);
  auto const made = tf::nn::dynamic_rnn(cell, small);
  auto const slice = tf::placeholder<"slice", float>(tf::shape<2, 5>);
  auto const [output, next] = cell(slice, cell.zero_state(slice));
  auto const run = [&](int seed, int runs) {
    tf::Session sess;
    sess.set_random_seed(seed);
    sess.run(tf::global_variables_initializer(std::get<0>(made)));
    auto const at = xt::xtensor<float, 3>(xt::ones<float>({2, 3, 5}));
    auto result = sess.run(made, small = at);
    for (int i = 1; i < runs; ++i) result = sess.run(made, small = at);
    return result;
  };
  auto const zeros_of = [](auto const& v) { return std::count(v.begin(), v.end(), 0.0f); };
  auto const [out, last] = run(1, 1);
  CHECK(zeros_of(out) > 30);
  CHECK(zeros_of(out) < 90);
  CHECK(zeros_of(std::get<0>(last)) == 0);
  CHECK(zeros_of(std::get<1>(last)) > 8);
  CHECK(zeros_of(std::get<1>(last)) < 32);
  CHECK(flat(std::get<0>(run(1, 1))) == flat(out));
  CHECK(flat(std::get<0>(run(1, 2))) != flat(out));
  CHECK(flat(std::get<0>(run(2, 1))) != flat(out));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(output));
  auto const [o, c, h] =
      sess.run(tf::fetch(output, std::get<0>(next), std::get<1>(next)), slice = {{1, 1, 1, 1, 1}, {1, 1, 1, 1, 1}});
  CHECK(zeros_of(o) > 8);
  CHECK(zeros_of(c) == 0);
  CHECK(zeros_of(h) > 8);
}
