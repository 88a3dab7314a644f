// SPDX-License-Identifier: Apache-2.0
#include <support/keras_rnn.hpp>
#include <tfx/keras/layers/bidirectional.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/masking.hpp>
#include <tfx/keras/layers/rnn.hpp>
#include <tfx/keras/layers/time_distributed.hpp>
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

/// Rows of `n` numbers of both, one after the other.
numbers side_by_side(numbers const& a, numbers const& b, std::size_t n) {
  numbers all;
  for (std::size_t i = 0; i < a.size(); i += n) {
    for (std::size_t k = 0; k < n; ++k) all.push_back(a[i + k]);
    for (std::size_t k = 0; k < n; ++k) all.push_back(b[i + k]);
  }
  return all;
}
template <class F>
numbers each(numbers const& a, numbers const& b, F f) {
  numbers all;
  for (std::size_t i = 0; i < a.size(); ++i) all.push_back(f(a[i], b[i]));
  return all;
}
}  // namespace

TEST_CASE("bidirectional: both directions merged, of sequences, last outputs, states and masks") {
  auto const x = keras::Input<"x", double>(tf::shape<tf::dim<"time">, 2>);
  auto const masked = layers::Masking()(x);
  auto const joined = layers::Bidirectional(layers::SimpleRNN<3, "r">(keras::return_sequences))(masked);
  auto const sum = layers::Bidirectional<"sum">(layers::SimpleRNN<3, "r">(), keras::merge_mode<"sum">)(x);
  auto const product = layers::Bidirectional<"mul">(
      layers::SimpleRNN<3, "r">(keras::return_sequences, keras::go_backwards), keras::merge_mode<"mul">)(x);
  auto const [mean, ahead, back] =
      layers::Bidirectional<"ave">(layers::SimpleRNN<3, "r">(keras::return_state), keras::merge_mode<"ave">)(masked);
  auto const [first, second] = layers::Bidirectional<"none">(layers::SimpleRNN<3, "r">(), keras::merge_mode<"none">)(x);
  static_assert(keras::has_mask<decltype(joined)> && !keras::has_mask<decltype(mean)>);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(joined, sum, product, mean, first, second));
  auto at = some<double, 3>({3, 5, 2}, 3);
  numbers const mask = {1, 1, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0};
  for (std::size_t i = 0; i < at.size(); ++i) at.data()[i] *= mask[i / 2];
  auto const kv1 = some<double, 2>({2, 3}, 4), rv1 = some<double, 2>({3, 3}, 5);
  auto const kv2 = some<double, 2>({2, 3}, 6), rv2 = some<double, 2>({3, 3}, 7);
  auto const run = [&]<tf::name Scope>(auto const& what) {
    auto const [k1, r1] = keras_rnn::kernels<Scope / "forward_r", 2, 3, 3>();
    auto const [k2, r2] = keras_rnn::kernels<Scope / "backward_r", 2, 3, 3>();
    return sess.run(what, x = at, k1 = kv1, r1 = rv1, k2 = kv2, r2 = rv2);
  };
  keras_rnn::simple_rnn const one{weights_of(kv1, rv1, numbers())}, two{weights_of(kv2, rv2, numbers())};
  auto const plain = along_time(one, flat(at), 3, 5, {zeros(9)}),
             other = along_time(two, flat(at), 3, 5, {zeros(9)}, {}, true);
  auto const some_steps = along_time(one, flat(at), 3, 5, {zeros(9)}, mask),
             other_steps = along_time(two, flat(at), 3, 5, {zeros(9)}, mask, true);
  CHECK(same(run.operator()<"bidirectional">(joined), side_by_side(some_steps.outputs, other_steps.outputs, 3), exact));
  CHECK(
      same(run.operator()<"sum">(sum), each(plain.last, other.last, [](double a, double b) { return a + b; }), exact));
  // A layer that goes backwards has its like go forwards.
  auto const behind = along_time(one, flat(at), 3, 5, {zeros(9)}, {}, true),
             before = along_time(two, flat(at), 3, 5, {zeros(9)});
  CHECK(same(run.operator()<"mul">(product),
             keras_rnn::reversed(each(behind.outputs, before.outputs, [](double a, double b) { return a * b; }), 3, 5),
             exact));
  auto const three = run.operator()<"ave">(tf::fetch(mean, ahead, back));
  CHECK(same(std::get<0>(three),
             each(some_steps.last, other_steps.last, [](double a, double b) { return (a + b) / 2; }), exact));
  CHECK(same(std::get<1>(three), some_steps.last, exact));
  CHECK(same(std::get<2>(three), other_steps.last, exact));
  auto const pair = run.operator()<"none">(tf::fetch(first, second));
  CHECK(same(std::get<0>(pair), plain.last, exact));
  CHECK(same(std::get<1>(pair), other.last, exact));
}

TEST_CASE("bidirectional: weights in Keras' order, states of both directions, layers of cells") {
  auto const x = keras::Input<"x", double>(tf::shape<4, 2>);
  auto const a = tf::placeholder<"a", double>(tf::shape<keras::batch, 3>);
  auto const b = tf::placeholder<"b", double>(tf::shape<keras::batch, 3>);
  auto const layer = layers::Bidirectional(layers::RNN(layers::GRUCell<3>()));
  auto const model = keras::Model(keras::inputs(x, a, b), layer(x, a, b));
  static_assert(decltype(model)::parameter_count == 2 * 3 * (2 * 3 + 3 * 3 + 3));
  auto const w = model.get_weights();
  static_assert(std::tuple_size_v<std::remove_const_t<decltype(w)>> == 6);
  auto const xv = some<double, 3>({5, 4, 2}, 3);
  auto const av = some<double, 2>({5, 3}, 4), bv = some<double, 2>({5, 3}, 5);
  auto const one = along_time(keras_rnn::gru{weights_of(std::get<0>(w), std::get<1>(w), std::get<2>(w))}, flat(xv), 5,
                              4, {flat(av)});
  auto const two = along_time(keras_rnn::gru{weights_of(std::get<3>(w), std::get<4>(w), std::get<5>(w))}, flat(xv), 5,
                              4, {flat(bv)}, {}, true);
  CHECK(same(model.predict(keras::inputs(xv, av, bv)), side_by_side(one.last, two.last, 3), exact));
  auto const kernel =
      tf::get_variable<"bidirectional/backward_rnn/kernel", double>(tf::shape<2, 9>, tf::glorot_uniform_initializer());
  CHECK(same(model.session().run(kernel), flat(std::get<3>(w))));
}

TEST_CASE("time distributed: layers and functions of each step; names, weights, masks") {
  auto const x = keras::Input<"x", double>(tf::shape<tf::dim<"time">, 4>);
  auto const y = layers::TimeDistributed(layers::Dense<2>(keras::activation<"tanh">))(layers::Masking()(x));
  auto const squares = layers::TimeDistributed<"f">([](auto z) { return tf::square(z); })(x);
  static_assert(keras::has_mask<decltype(y)>);
  auto const model = keras::Model(x, keras::outputs(y, squares));
  static_assert(decltype(model)::parameter_count == 10);
  auto const kernel =
      tf::get_variable<"time_distributed/kernel", double>(tf::shape<4, 2>, tf::glorot_uniform_initializer());
  auto const at = some<double, 3>({3, 5, 4}, 3);
  auto const [got, of_squares] = model.predict(at);
  auto const w = flat(std::get<0>(model.get_weights()));
  CHECK(same(model.session().run(kernel), w));
  numbers expected, squared;
  for (std::size_t i = 0; i < 15; ++i)
    for (std::size_t k = 0; k < 2; ++k) {
      numbers const row(at.data() + 4 * i, at.data() + 4 * i + 4);
      expected.push_back(std::tanh(keras_rnn::product(row, w, 2, k)));
    }
  for (double v : at) squared.push_back(v * v);
  CHECK(same(layer_test::extents(got), {3, 5, 2}));
  CHECK(same(got, expected, exact));
  CHECK(same(of_squares, squared, exact));

  // Sequences of sequences.
  auto const nested = keras::Input<"n", double>(tf::shape<3, 4, 2>);
  auto const inner = keras::Model<"nested">(nested, layers::TimeDistributed<"inner">(layers::SimpleRNN<3>())(nested));
  auto const nv = some<double, 4>({2, 3, 4, 2}, 5);
  auto const nw = inner.get_weights();
  CHECK(same(inner.predict(nv),
             along_time(keras_rnn::simple_rnn{weights_of(std::get<0>(nw), std::get<1>(nw), numbers())}, flat(nv), 6, 4,
                        {zeros(18)})
                 .last,
             exact));
}

TEST_CASE("time distributed: a model goes from step to step") {
  auto const p = keras::Input<"p", double>(tf::shape<2>);
  auto const part = keras::Model<"part">(p, layers::Dense<3, "d">()(p));
  auto const x = keras::Input<"x", double>(tf::shape<tf::dim<"time">, 2>);
  auto const whole = keras::Model<"whole">(x, layers::TimeDistributed<"steps">(part)(x));
  static_assert(decltype(whole)::parameter_count == 9);
  auto const w = flat(std::get<0>(whole.get_weights()));
  auto const at = some<double, 3>({5, 4, 2}, 3);
  numbers expected;
  for (std::size_t i = 0; i < 20; ++i)
    for (std::size_t k = 0; k < 3; ++k) expected.push_back(at.data()[2 * i] * w[k] + at.data()[2 * i + 1] * w[3 + k]);
  CHECK(same(whole.predict(at), expected, exact));
}
