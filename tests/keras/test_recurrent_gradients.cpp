// SPDX-License-Identifier: Apache-2.0
#include <support/keras_rnn.hpp>
#include <tfx/keras/layers/bidirectional.hpp>
#include <tfx/keras/layers/gru.hpp>
#include <tfx/keras/layers/lstm.hpp>
#include <tfx/keras/layers/masking.hpp>
#include <tfx/keras/layers/simple_rnn.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using layer_test::check_layer, layer_test::some;

namespace {
/// Numbers [3, 4, 2] of which some steps are zeros.
auto with_zeros() {
  auto x = some<double, 3>({3, 4, 2}, 3);
  for (std::size_t const step : {1u, 4u, 5u, 7u, 8u, 9u, 10u, 11u})
    for (std::size_t k = 0; k < 2; ++k) x.data()[2 * step + k] = 0;
  return x;
}
auto const sigmoid = keras::recurrent_activation = keras::activation<"sigmoid">;  // hard_sigmoid has corners
}  // namespace

TEST_CASE("recurrent gradients: the last output, time a number") {
  auto const x = keras::Input<"x", double>(tf::shape<4, 2>);
  auto const [k1, r1] = keras_rnn::kernels<"simple_rnn", 2, 3, 3>();
  auto const b1 = keras_rnn::bias<"simple_rnn">(tf::shape<3>);
  check_layer(layers::SimpleRNN<3>()(x), std::tuple(x, k1, r1, b1),
              std::tuple(some<double, 3>({3, 4, 2}, 3), some<double, 2>({2, 3}, 4), some<double, 2>({3, 3}, 5),
                         some<double, 1>({3}, 6)));
  auto const [k2, r2] = keras_rnn::kernels<"gru", 2, 9, 3>();
  auto const b2 = keras_rnn::bias<"gru">(tf::shape<2, 9>);
  check_layer(layers::GRU<3>(sigmoid, keras::reset_after<true>)(x), std::tuple(x, k2, r2, b2),
              std::tuple(some<double, 3>({3, 4, 2}, 3), some<double, 2>({2, 9}, 4), some<double, 2>({3, 9}, 5),
                         some<double, 2>({2, 9}, 6)));
}

TEST_CASE("recurrent gradients: sequences, time a symbol, initial states") {
  auto const x = keras::Input<"x", double>(tf::shape<tf::dim<"time">, 2>);
  auto const h = tf::placeholder<"h", double>(tf::shape<keras::batch, 3>);
  auto const c = tf::placeholder<"c", double>(tf::shape<keras::batch, 3>);
  auto const [k1, r1] = keras_rnn::kernels<"lstm", 2, 12, 3>();
  auto const b1 = keras_rnn::lstm_bias<"lstm", 3>();
  check_layer(layers::LSTM<3>(sigmoid, keras::return_sequences)(x, h, c), std::tuple(x, k1, r1, b1, h, c),
              std::tuple(some<double, 3>({3, 4, 2}, 3), some<double, 2>({2, 12}, 4), some<double, 2>({3, 12}, 5),
                         some<double, 1>({12}, 6), some<double, 2>({3, 3}, 7), some<double, 2>({3, 3}, 8)));
}

TEST_CASE("recurrent gradients: with a mask, of sequences and of the last output") {
  auto const x = keras::Input<"x", double>(tf::shape<tf::dim<"time">, 2>);
  auto const masked = layers::Masking()(x);
  auto const y = layers::LSTM<3>(sigmoid)(layers::GRU<3>(sigmoid, keras::return_sequences)(masked));
  auto const [k1, r1] = keras_rnn::kernels<"gru", 2, 9, 3>();
  auto const [k2, r2] = keras_rnn::kernels<"lstm", 3, 12, 3>();
  auto const b1 = keras_rnn::bias<"gru">(tf::shape<9>);
  auto const b2 = keras_rnn::lstm_bias<"lstm", 3>();
  check_layer(y, std::tuple(k1, r1, b1, k2, r2, b2, x),
              std::tuple(some<double, 2>({2, 9}, 4), some<double, 2>({3, 9}, 5), some<double, 1>({9}, 6),
                         some<double, 2>({3, 12}, 7), some<double, 2>({3, 12}, 8), some<double, 1>({12}, 9),
                         some<double, 3>({3, 4, 2}, 3)));
  auto const loss = tf::reduce_sum(tf::sin(y));
  auto const [g1, g2, g3] = tf::gradients(loss, k1, r1, k2);
  tf::Session sess;
  auto kv = some<double, 2>({2, 9}, 4);
  auto const run = [&] {
    return sess.run(tf::fetch(loss, g1), x = with_zeros(), k1 = kv, r1 = some<double, 2>({3, 9}, 5),
                    b1 = some<double, 1>({9}, 6), k2 = some<double, 2>({3, 12}, 7), r2 = some<double, 2>({3, 12}, 8),
                    b2 = some<double, 1>({12}, 9));
  };
  auto const slopes = std::get<1>(run());
  for (std::size_t i = 0; i < kv.size(); ++i) {
    double const at = kv.data()[i];
    kv.data()[i] = at + 1e-5;
    double const up = std::get<0>(run());
    kv.data()[i] = at - 1e-5;
    double const down = std::get<0>(run());
    kv.data()[i] = at;
    CHECK(op_test::near(slopes.data()[i], (up - down) / 2e-5, 1e-6));
  }
}

TEST_CASE("recurrent gradients: both directions") {
  auto const x = keras::Input<"x", double>(tf::shape<4, 2>);
  auto const y = layers::Bidirectional(layers::SimpleRNN<2>(keras::return_sequences), keras::merge_mode<"mul">)(x);
  auto const [k1, r1] = keras_rnn::kernels<"bidirectional/forward_simple_rnn", 2, 2, 2>();
  auto const [k2, r2] = keras_rnn::kernels<"bidirectional/backward_simple_rnn", 2, 2, 2>();
  auto const b1 = keras_rnn::bias<"bidirectional/forward_simple_rnn">(tf::shape<2>);
  auto const b2 = keras_rnn::bias<"bidirectional/backward_simple_rnn">(tf::shape<2>);
  check_layer(y, std::tuple(x, k1, r1, b1, k2, r2, b2),
              std::tuple(some<double, 3>({3, 4, 2}, 3), some<double, 2>({2, 2}, 4), some<double, 2>({2, 2}, 5),
                         some<double, 1>({2}, 6), some<double, 2>({2, 2}, 7), some<double, 2>({2, 2}, 8),
                         some<double, 1>({2}, 9)));
}
