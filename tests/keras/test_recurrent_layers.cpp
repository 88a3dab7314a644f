// SPDX-License-Identifier: Apache-2.0
#include <support/keras_rnn.hpp>
#include <tfx/keras/layers/gru.hpp>
#include <tfx/keras/layers/lstm.hpp>
#include <tfx/keras/layers/masking.hpp>
#include <tfx/keras/layers/simple_rnn.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using keras_rnn::along_time, keras_rnn::numbers, keras_rnn::weights_of;
using layer_test::some;
using op_test::flat;
using op_test::same;

namespace {
constexpr auto time_symbol = tf::dim<"time">;
constexpr double exact = 1e-10;

numbers zeros(std::size_t n) { return numbers(n, 0.0); }
}  // namespace

TEST_CASE("recurrent layers: each step, the last one and the states, by loops; time is a symbol") {
  auto const x = keras::Input<"x", double>(tf::shape<time_symbol, 2>);
  auto const simple = layers::SimpleRNN<3>(keras::return_sequences)(x);
  auto const [memory, h, c] = layers::LSTM<3>(keras::return_sequences, keras::return_state)(x);
  auto const [gated, g] = layers::GRU<3>(keras::return_state, keras::unroll)(x);
  static_assert(decltype(simple)::shape_type::rank == 3 && decltype(gated)::shape_type::value[1] == 3);
  auto const [k1, r1] = keras_rnn::kernels<"simple_rnn", 2, 3, 3>();
  auto const b1 = keras_rnn::bias<"simple_rnn">(tf::shape<3>);
  auto const [k2, r2] = keras_rnn::kernels<"lstm", 2, 12, 3>();
  auto const b2 = keras_rnn::lstm_bias<"lstm", 3>();
  auto const [k3, r3] = keras_rnn::kernels<"gru", 2, 9, 3>();
  auto const b3 = keras_rnn::bias<"gru">(tf::shape<9>);
  tf::Session sess;
  for (std::size_t const time : {4u, 1u, 7u}) {
    auto const at = some<double, 3>({5, time, 2}, 3);
    auto const kv1 = some<double, 2>({2, 3}, 4), rv1 = some<double, 2>({3, 3}, 5);
    auto const kv2 = some<double, 2>({2, 12}, 6), rv2 = some<double, 2>({3, 12}, 7);
    auto const kv3 = some<double, 2>({2, 9}, 8), rv3 = some<double, 2>({3, 9}, 9);
    auto const bv1 = some<double, 1>({3}, 10), bv2 = some<double, 1>({12}, 11), bv3 = some<double, 1>({9}, 12);
    auto const got = sess.run(tf::fetch(simple, memory, h, c, gated, g), x = at, k1 = kv1, r1 = rv1, b1 = bv1, k2 = kv2,
                              r2 = rv2, b2 = bv2, k3 = kv3, r3 = rv3, b3 = bv3);
    auto const one = along_time(keras_rnn::simple_rnn{weights_of(kv1, rv1, bv1)}, flat(at), 5, time, {zeros(15)});
    auto const two = along_time(keras_rnn::lstm{weights_of(kv2, rv2, bv2)}, flat(at), 5, time, {zeros(15), zeros(15)});
    auto const three = along_time(keras_rnn::gru{weights_of(kv3, rv3, bv3)}, flat(at), 5, time, {zeros(15)});
    CHECK(same(std::get<0>(got), one.outputs, exact));
    CHECK(same(std::get<1>(got), two.outputs, exact));
    CHECK(same(std::get<2>(got), two.states[0], exact));
    CHECK(same(std::get<3>(got), two.states[1], exact));
    CHECK(same(std::get<4>(got), three.last, exact));
    CHECK(same(std::get<5>(got), three.states[0], exact));
  }
  // Of no step the last output is the state as it began.
  auto const got =
      sess.run(tf::fetch(simple, gated), x = some<double, 3>({2, 0, 2}, 3), k1 = some<double, 2>({2, 3}, 4),
               r1 = some<double, 2>({3, 3}, 4), b1 = some<double, 1>({3}, 4), k3 = some<double, 2>({2, 9}, 4),
               r3 = some<double, 2>({3, 9}, 4), b3 = some<double, 1>({9}, 4));
  CHECK(std::get<0>(got).size() == 0);
  CHECK(same(std::get<1>(got), zeros(6)));
}

TEST_CASE("recurrent layers: other activations, no bias, other forms of the gates") {
  auto const x = keras::Input<"x", double>(tf::shape<4, 2>);
  auto const relu = keras::activation<"relu">;
  auto const sigmoid = keras::recurrent_activation = keras::activation<"sigmoid">;
  auto const simple = layers::SimpleRNN<3>(relu, keras::use_bias<false>)(x);
  auto const memory =
      layers::LSTM<3>([](auto z) { return tf::nn::relu(z); }, sigmoid, keras::unit_forget_bias<false>)(x);
  auto const after = layers::GRU<3, "after">(sigmoid, keras::reset_after<true>)(x);
  auto const bare = layers::GRU<3, "bare">(relu, keras::reset_after<true>, keras::use_bias<false>)(x);
  auto const [k1, r1] = keras_rnn::kernels<"simple_rnn", 2, 3, 3>();
  auto const [k2, r2] = keras_rnn::kernels<"lstm", 2, 12, 3>();
  auto const b2 = keras_rnn::bias<"lstm">(tf::shape<12>);
  auto const [k3, r3] = keras_rnn::kernels<"after", 2, 9, 3>();
  auto const b3 = keras_rnn::bias<"after">(tf::shape<2, 9>);
  auto const [k4, r4] = keras_rnn::kernels<"bare", 2, 9, 3>();
  auto const at = some<double, 3>({5, 4, 2}, 3);
  auto const kv1 = some<double, 2>({2, 3}, 4), rv1 = some<double, 2>({3, 3}, 5);
  auto const kv2 = some<double, 2>({2, 12}, 6), rv2 = some<double, 2>({3, 12}, 7);
  auto const kv3 = some<double, 2>({2, 9}, 8), rv3 = some<double, 2>({3, 9}, 9);
  auto const bv2 = some<double, 1>({12}, 11);
  auto const bv3 = some<double, 2>({2, 9}, 12);
  tf::Session sess;
  auto const got = sess.run(tf::fetch(simple, memory, after, bare), x = at, k1 = kv1, r1 = rv1, k2 = kv2, r2 = rv2,
                            b2 = bv2, k3 = kv3, r3 = rv3, b3 = bv3, k4 = kv3, r4 = rv3);
  numbers const none;
  using keras_rnn::relu_of, keras_rnn::tanh_of, keras_rnn::hard_sigmoid;
  CHECK(same(std::get<0>(got),
             along_time(keras_rnn::simple_rnn{weights_of(kv1, rv1, none), relu_of}, flat(at), 5, 4, {zeros(15)}).last,
             exact));
  CHECK(same(std::get<1>(got),
             along_time(keras_rnn::lstm{weights_of(kv2, rv2, bv2), relu_of, keras_rnn::sigmoid}, flat(at), 5, 4,
                        {zeros(15), zeros(15)})
                 .last,
             exact));
  CHECK(same(std::get<2>(got),
             along_time(keras_rnn::gru{weights_of(kv3, rv3, bv3), true, tanh_of, keras_rnn::sigmoid}, flat(at), 5, 4,
                        {zeros(15)})
                 .last,
             exact));
  CHECK(same(
      std::get<3>(got),
      along_time(keras_rnn::gru{weights_of(kv3, rv3, none), true, relu_of, hard_sigmoid}, flat(at), 5, 4, {zeros(15)})
          .last,
      exact));
}

TEST_CASE("recurrent layers: a mask keeps state and output; sequences pass it on, backwards too") {
  auto const x = keras::Input<"x", double>(tf::shape<time_symbol, 2>);
  auto const h0 = tf::placeholder<"h0", double>(tf::shape<keras::batch, 3>);
  auto const c0 = tf::placeholder<"c0", double>(tf::shape<keras::batch, 3>);
  auto const masked = layers::Masking()(x);
  auto const simple = layers::SimpleRNN<3>(keras::return_sequences, keras::go_backwards)(masked);
  auto const [memory, h, c] =
      layers::LSTM<3>(keras::return_sequences, keras::return_state)(masked, keras::initial_state = std::tuple(h0, c0));
  auto const gated = layers::GRU<3>()(masked, h0);
  static_assert(keras::has_mask<decltype(simple)> && keras::has_mask<decltype(memory)>);
  static_assert(!keras::has_mask<decltype(gated)>);
  auto const [k1, r1] = keras_rnn::kernels<"simple_rnn", 2, 3, 3>();
  auto const [k2, r2] = keras_rnn::kernels<"lstm", 2, 12, 3>();
  auto const [k3, r3] = keras_rnn::kernels<"gru", 2, 9, 3>();
  auto const b2 = keras_rnn::lstm_bias<"lstm", 3>();
  auto at = some<double, 3>({3, 5, 2}, 3);
  numbers const mask = {1, 0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0};
  for (std::size_t i = 0; i < at.size(); ++i) at.data()[i] *= mask[i / 2];
  auto const kv1 = some<double, 2>({2, 3}, 4), rv1 = some<double, 2>({3, 3}, 5);
  auto const kv2 = some<double, 2>({2, 12}, 6), rv2 = some<double, 2>({3, 12}, 7);
  auto const kv3 = some<double, 2>({2, 9}, 8), rv3 = some<double, 2>({3, 9}, 9);
  auto const hv = some<double, 2>({3, 3}, 10), cv = some<double, 2>({3, 3}, 11);
  auto const bv2 = some<double, 1>({12}, 12);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(simple, memory, gated));
  auto const got =
      sess.run(tf::fetch(simple, memory, h, c, gated, keras::mask_of(simple), keras::mask_of(memory)), x = at, h0 = hv,
               c0 = cv, k1 = kv1, r1 = rv1, k2 = kv2, r2 = rv2, b2 = bv2, k3 = kv3, r3 = rv3);
  auto const one =
      along_time(keras_rnn::simple_rnn{weights_of(kv1, rv1, numbers())}, flat(at), 3, 5, {zeros(9)}, mask, true);
  auto const two = along_time(keras_rnn::lstm{weights_of(kv2, rv2, bv2)}, flat(at), 3, 5, {flat(hv), flat(cv)}, mask);
  auto const three = along_time(keras_rnn::gru{weights_of(kv3, rv3, numbers())}, flat(at), 3, 5, {flat(hv)}, mask);
  CHECK(same(std::get<0>(got), keras_rnn::reversed(one.outputs, 3, 5), exact));
  CHECK(same(std::get<1>(got), two.outputs, exact));
  CHECK(same(std::get<2>(got), two.states[0], exact));
  CHECK(same(std::get<3>(got), two.states[1], exact));
  CHECK(same(std::get<4>(got), three.last, exact));
  CHECK(same(std::get<5>(got), keras_rnn::reversed(mask, 3, 5)));
  CHECK(same(std::get<6>(got), mask));
}
