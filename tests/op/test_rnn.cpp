// SPDX-License-Identifier: Apache-2.0
// covers: dynamic_rnn basic_rnn_cell lstm_cell gru_cell recurrent_cell recurrent_rows time_loop rnn_options
#include <support/rnn.hpp>

namespace tf = tfx;
namespace cells = tf::nn::rnn_cell;
using op_test::flat, op_test::same, op_test::spread, op_test::tensor;
using rnn_test::along_time, rnn_test::numbers;

namespace {
constexpr auto batch = tf::dim<"batch">;
constexpr auto steps = tf::dim<"steps">;
template <class T>
constexpr double tolerance = std::is_same_v<T, float> ? 2e-6 : 1e-12;

/// What a session's weights are for a cell, and the cell by the book.
template <class T>
struct of_basic_rnn {
  static constexpr std::size_t states = 1;
  static auto cell() { return cells::BasicRNNCell<4, "rnn">(); }
  static auto weights() {
    return std::tuple{tf::get_variable<"rnn/kernel", T>(tf::shape<3 + 4, 4>),
                      tf::get_variable<"rnn/bias">(tf::zeros<T>(tf::shape<4>))};
  }
  static auto by_the_book(numbers const& kernel, numbers const& bias) { return rnn_test::basic_rnn{kernel, bias}; }
};
template <class T>
struct of_lstm {
  static constexpr std::size_t states = 2;
  static auto cell() { return cells::BasicLSTMCell<4, "lstm">(); }
  static auto weights() {
    return std::tuple{tf::get_variable<"lstm/kernel", T>(tf::shape<3 + 4, 16>),
                      tf::get_variable<"lstm/bias">(tf::zeros<T>(tf::shape<16>))};
  }
  static auto by_the_book(numbers const& kernel, numbers const& bias) { return rnn_test::lstm{kernel, bias}; }
};
template <class T>
struct of_gru {
  static constexpr std::size_t states = 1;
  static auto cell() { return cells::GRUCell<4, "gru">(); }
  static auto weights() {
    return std::tuple{tf::get_variable<"gru/gates/kernel", T>(tf::shape<3 + 4, 8>),
                      tf::get_variable<"gru/gates/bias">(tf::ones<T>(tf::shape<8>)),
                      tf::get_variable<"gru/candidate/kernel", T>(tf::shape<3 + 4, 4>),
                      tf::get_variable<"gru/candidate/bias">(tf::zeros<T>(tf::shape<4>))};
  }
  static auto by_the_book(numbers const& a, numbers const& b, numbers const& c, numbers const& d) {
    return rnn_test::gru{a, b, c, d};
  }
};

/// Numbers for a variable, the same in every run.
template <class W>
auto values_for(W const&, unsigned seed) {
  using T = typename W::value_type;
  constexpr tf::dims shape = W::shape_type::value;
  std::array<std::size_t, std::size_t(W::rank)> extents{};
  for (int i = 0; i < shape.rank; ++i) extents[std::size_t(i)] = std::size_t(shape[i]);
  return tensor<T>(extents, spread(std::size_t(shape.count()), -0.7, 0.7, seed));
}

/// Outputs and states of `network(cell, x, length)` against the book, for some weights.
template <bool HasLengths, class Of, class T, class Shape, class Network>
void check(Shape shape, std::vector<std::array<std::size_t, 2>> const& sizes, Network const& network) {
  auto const x = tf::placeholder<"x", T>(shape);
  auto const length = tf::placeholder<"length", int>(tf::shape<tf::dyn>);
  auto const [outputs, state] = network(Of::cell(), x, length);
  auto const fetched = std::tuple{outputs, state};
  tf::Session sess;
  for (auto const& size : sizes) {
    std::size_t const rows = size[0], time = size[1];
    CAPTURE(rows);
    CAPTURE(time);
    numbers const values = spread(rows * time * 3, -2, 2, unsigned(rows * 10 + time));
    std::vector<int> lengths;
    for (std::size_t b = 0; HasLengths && b < rows; ++b) lengths.push_back(int((b * 3 + time) % (time + 1)));
    auto const given = tensor<T, 3>({rows, time, 3}, values);
    std::apply(
        [&]<class... W>(W const&... w) {
          auto const weights = std::tuple{values_for(w, unsigned(W::hash % 97))...};
          std::apply(
              [&](auto const&... v) {
                auto const expected = along_time(Of::by_the_book(flat(v)...), values, rows, time, 3, lengths,
                                                 std::vector<numbers>(Of::states, numbers(rows * 4, 0.0)));
                auto const run = [&] {
                  if constexpr (HasLengths) {
                    return sess.run(fetched, x = given, length = lengths, (w = v)...);
                  } else {
                    return sess.run(fetched, x = given, (w = v)...);
                  }
                };
                auto const [out, last] = run();
                CHECK(same(out, expected.outputs, tolerance<T>));
                if constexpr (Of::states == 1) {
                  CHECK(same(last, expected.states[0], tolerance<T>));
                } else {
                  CHECK(same(std::get<0>(last), expected.states[0], tolerance<T>));
                  CHECK(same(std::get<1>(last), expected.states[1], tolerance<T>));
                }
              },
              weights);
        },
        Of::weights());
  }
}
template <template <class> class Of>
void check_cell() {
  auto const plain = [](auto const& cell, auto const& x, auto const&) { return tf::nn::dynamic_rnn(cell, x); };
  auto const limited = [](auto const& cell, auto const& x, auto const& length) {
    return tf::nn::dynamic_rnn(cell, x, tf::sequence_length = length);
  };
  std::vector<std::array<std::size_t, 2>> const sizes{{3, 5}, {1, 4}, {2, 1}, {2, 0}, {0, 3}, {17, 2}};
  check<false, Of<float>, float>(tf::shape<2, 5, 3>, {{2, 5}}, plain);
  check<true, Of<double>, double>(tf::shape<3, 4, 3>, {{3, 4}}, limited);
  check<true, Of<float>, float>(tf::shape<batch, steps, 3>, sizes, limited);
  check<false, Of<double>, double>(tf::shape<tf::dyn, tf::dyn, 3>, sizes, plain);
}
}  // namespace

TEST_CASE("dynamic_rnn: BasicRNNCell against a loop by hand") { check_cell<of_basic_rnn>(); }
TEST_CASE("dynamic_rnn: BasicLSTMCell against a loop by hand") { check_cell<of_lstm>(); }
TEST_CASE("dynamic_rnn: GRUCell against a loop by hand") { check_cell<of_gru>(); }
