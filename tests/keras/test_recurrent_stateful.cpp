// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>
#include <tfx/keras/layers/bidirectional.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/gru.hpp>
#include <tfx/keras/layers/lstm.hpp>
#include <tfx/keras/layers/rnn.hpp>
#include <tfx/keras/optimizers/sgd.hpp>
#include <tfx/keras/trainer.hpp>
#include <xtensor/xview.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using op_test::flat;
using op_test::same;
using op_test::spread;
using op_test::tensor;

namespace {
/// What a layer keeps in a model's session.
template <tf::name Name, int Units, class Model>
std::vector<double> kept_in(Model const& model) {
  return flat(model.session().run(tf::variable<Name>(tf::zeros<double>(tf::shape<2, Units>), tf::trainable<false>)));
}
}  // namespace

TEST_CASE("stateful layers: each run of a model goes on where the one before it ended") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2, 3, 2>);
  auto model = keras::Sequential(x, layers::LSTM<3>(keras::stateful), layers::Dense<1>());
  auto direct = keras::Sequential(keras::Input(tf::shape<6, 2>), layers::LSTM<3>(), layers::Dense<1>());
  static_assert(decltype(model)::parameter_count == decltype(direct)::parameter_count);
  direct.set_weights(model.get_weights());
  auto const all = tensor<float, 3>({2, 6, 2}, spread(24, -1, 1));
  xt::xtensor<float, 3> const first = xt::view(all, xt::all(), xt::range(0, 3), xt::all());
  xt::xtensor<float, 3> const second = xt::view(all, xt::all(), xt::range(3, 6), xt::all());
  xt::xtensor<float, 2> const labels{{1}, {0}};
  auto const begin = flat(model.predict(first)), end = flat(model.predict(second));
  CHECK(same(direct.predict(all), end));
  model.reset_states();
  CHECK(same(model.predict(first), begin));
  CHECK(same(model.predict(second), end));

  // What is evaluated or trained on is gone on from too, by the weights before the step.
  auto trainer = model.compile(keras::optimizers::SGD(0.0), keras::loss<"mse">);
  model.reset_states();
  trainer.evaluate(first, labels, {.verbose = 0});
  CHECK(same(model.predict(second), end));
  model.reset_states();
  trainer.train_on_batch(first, labels);
  CHECK(same(model.predict(second), end));
  model.reset_states();
  trainer.fit(first, labels, {.verbose = 0, .shuffle = false}, keras::sample_weight = std::vector<float>{1, 2});
  CHECK(same(model.predict(second), end));
}

TEST_CASE("stateful layers: cells in a stack, both directions, states that are given, a model that is called") {
  auto const x = tf::placeholder<"x", double>(tf::shape<2, 3, 2>);
  auto const h = tf::placeholder<"h", double>(tf::shape<2, 2>);
  auto const stacked =
      layers::RNN(std::tuple(layers::LSTMCell<2>(), layers::GRUCell<3>()), keras::stateful, keras::return_sequences)(x);
  auto const both = layers::Bidirectional(layers::GRU<2>(keras::stateful))(x);
  auto const [last, state] = layers::GRU<2>(keras::stateful, keras::return_state)(x, keras::initial_state = h);
  auto model = keras::Model(keras::inputs(x, h), keras::outputs(stacked, both, last, state));
  auto const xs = tensor<double, 3>({2, 3, 2}, spread(12, -1, 1));
  auto const hs = tensor<double, 2>({2, 2}, spread(4, -1, 1));
  auto const [s1, b1, l1, h1] = model.predict(keras::inputs(xs, hs));
  auto const [s2, b2, l2, h2] = model.predict(keras::inputs(xs, hs));
  CHECK_FALSE(same(s2, flat(s1)));
  CHECK_FALSE(same(b2, flat(b1)));
  CHECK(same(l2, flat(l1)));
  CHECK(kept_in<"gru/state_0", 2>(model) == flat(h2));
  CHECK(kept_in<"rnn/state_0", 3>(model) ==
        std::vector<double>{s2(0, 2, 0), s2(0, 2, 1), s2(0, 2, 2), s2(1, 2, 0), s2(1, 2, 1), s2(1, 2, 2)});
  CHECK(kept_in<"bidirectional/backward_gru/state_0", 2>(model) ==
        std::vector<double>{b2(0, 2), b2(0, 3), b2(1, 2), b2(1, 3)});
  model.reset_states();
  auto const [s3, b3, l3, h3] = model.predict(keras::inputs(xs, hs));
  CHECK(same(s3, flat(s1)));
  CHECK(same(b3, flat(b1)));

  auto outer = keras::Model<"outer">(keras::inputs(x, h), std::get<0>(model(x, h)));
  CHECK(flat(std::get<0>(outer.get_weights())) == flat(std::get<0>(model.get_weights())));
  outer.reset_states();  // they are the model's, as its weights are
  CHECK(same(outer.predict(keras::inputs(xs, hs)), flat(s1)));
  CHECK(same(outer.predict(keras::inputs(xs, hs)), flat(s2)));
  outer.reset_states();
  CHECK(same(outer.predict(keras::inputs(xs, hs)), flat(s1)));
}
