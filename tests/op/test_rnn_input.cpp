// SPDX-License-Identifier: Apache-2.0
// covers: rnn_options dynamic_rnn
#include <support/rnn.hpp>

namespace tf = tfx;
namespace cells = tf::nn::rnn_cell;
using op_test::flat, op_test::refusal, op_test::same, op_test::spread, op_test::tensor;

namespace {
auto const x = tf::placeholder<"x", double>(tf::shape<tf::dim<"batch">, tf::dim<"steps">, 3>);
auto const given = tensor<double, 3>({3, 4, 3}, spread(36, -2, 2));
}  // namespace

TEST_CASE("bad input: lengths of another batch, probabilities out of range") {
  auto const any = tf::placeholder<"any", int>(tf::shape<tf::dyn>);
  auto const outputs = std::get<0>(tf::nn::dynamic_rnn(cells::GRUCell<2, "gru">(), x, tf::sequence_length = any));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(outputs));
  auto const fewer = refusal([&] { sess.run(outputs, x = given, any = {1, 2}); });
  CHECK(fewer.find("Cannot feed value of shape [3,4,3] for Tensor 'x:0', which has shape [2,?,3]") !=
        std::string::npos);
  auto const joined = tf::concat(tf::axis<0>, any, tf::constant({1}));
  auto const others = std::get<0>(tf::nn::dynamic_rnn(cells::GRUCell<2, "gru">(), x, tf::sequence_length = joined));
  auto const more = refusal([&] { sess.run(others, x = given, any = {1, 2, 3}); });
  CHECK(more.find("[3,4,3]") != std::string::npos);
  CHECK(more.find("[4,?,3]") != std::string::npos);
  CHECK(refusal([&] { sess.run(others, x = given, any = {1, 2}); }).empty());
  CHECK(refusal([&] { sess.run(outputs, x = given, any = {1, 2, 9}); }).empty());  // no more steps than there are
  for (double const wrong : {0.0, -0.5, 1.5, op_test::not_a_number}) {
    auto const text =
        refusal([&] { (void)cells::DropoutWrapper(cells::GRUCell<2, "gru">(), tf::input_keep_prob = wrong); });
    CHECK(text.find("keep_prob must be a scalar tensor or a float in the range (0, 1]") != std::string::npos);
  }
  auto const keep = tf::placeholder<"keep", double>(tf::shape<>);
  auto const dropped = std::get<0>(
      tf::nn::dynamic_rnn(cells::DropoutWrapper(cells::GRUCell<2, "gru">(), tf::state_keep_prob = keep), x));
  CHECK(!refusal([&] { sess.run(dropped, x = given, keep = 2.0); }).empty());
  CHECK(refusal([&] { sess.run(dropped, x = given, keep = 1.0); }).empty());
}
TEST_CASE("two runs of one cell share its variables; two numbers of one name are refused") {
  auto const y = tf::placeholder<"y", double>(tf::shape<2, 2, 3>);
  auto const net = [&](double bias) {
    return std::get<0>(tf::nn::dynamic_rnn(cells::BasicLSTMCell<2, "lstm">(tf::forget_bias = bias), y));
  };
  auto const other = tf::nn::dynamic_rnn(cells::BasicLSTMCell<2, "lstm">(tf::forget_bias = 0.5), y * 2.0);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(net(0.5)));
  auto const at = tensor<double, 3>({2, 2, 3}, spread(12, -1, 1));
  CHECK(refusal([&] { sess.run(tf::fetch(net(0.5), std::get<0>(other)), y = at); }).empty());
  CHECK(refusal([&] { sess.run(tf::fetch(net(0.5), net(0.25)), y = at); }).find("two different numbers") !=
        std::string::npos);
}
TEST_CASE("dynamic_rnn inside build") {
  auto const tower = tf::build([](auto in) {
    auto const [outputs, state] = tf::nn::dynamic_rnn(cells::BasicLSTMCell<2, "lstm">(), in);
    return std::tuple{outputs, std::get<0>(state)};
  });
  auto const [outputs, c] = tower(x);
  auto const [plain, state] = tf::nn::dynamic_rnn(cells::BasicLSTMCell<2, "lstm">(), x);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(outputs));
  auto const [a, b, d, e] = sess.run(tf::fetch(outputs, plain, c, std::get<0>(state)), x = given);
  CHECK(same(a, flat(b), 1e-15));
  CHECK(same(d, flat(e), 1e-15));
}
TEST_CASE("DropoutWrapper inside build") {
  auto const tower = tf::build([](auto in) {
    auto const cell = cells::DropoutWrapper(cells::GRUCell<8, "gru">(), tf::input_keep_prob = 0.9,
                                            tf::output_keep_prob = 0.5, tf::state_keep_prob = 0.5);
    return std::get<0>(tf::nn::dynamic_rnn(cell, in));
  });
  auto const outputs = tower(x);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(outputs));
  auto const values = flat(sess.run(outputs, x = given));
  auto const zeros = std::count(values.begin(), values.end(), 0.0);
  CHECK(zeros > 24);
  CHECK(zeros < 72);
}
TEST_CASE("LSTMCell: numbers that are fed") {
  auto const bias = tf::placeholder<"bias", double>(tf::shape<>);
  auto const clip = tf::placeholder<"clip", double>(tf::shape<>);
  auto const fed =
      std::get<0>(tf::nn::dynamic_rnn(cells::LSTMCell<2, "lstm">(tf::forget_bias = bias, tf::cell_clip = clip), x));
  auto const told =
      std::get<0>(tf::nn::dynamic_rnn(cells::LSTMCell<2, "lstm">(tf::forget_bias = 0.1, tf::cell_clip = 0.3f), x));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(fed));
  auto const [a, b] = sess.run(tf::fetch(fed, told), x = given, bias = 0.1, clip = double(0.3f));
  CHECK(same(a, flat(b), 1e-15));
}
