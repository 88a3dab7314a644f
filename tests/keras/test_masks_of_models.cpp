// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>
#include <tfx/keras/layers/add.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/dropout.hpp>
#include <tfx/keras/layers/embedding.hpp>
#include <tfx/keras/layers/global_average_pooling.hpp>
#include <tfx/keras/layers/lstm.hpp>
#include <tfx/keras/layers/masking.hpp>
#include <tfx/keras/optimizers/sgd.hpp>
#include <tfx/keras/trainer.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using op_test::flat;
using op_test::same;
using op_test::tensor;

namespace {
constexpr auto length = tf::dim<"time">;
constexpr auto ones = keras::kernel_initializer = tf::ones_initializer();
}  // namespace

TEST_CASE("masks: a Sequential that is called passes them through its layers, models among them") {
  auto const inner =
      keras::Sequential<"inner">(keras::Input<"part">(tf::shape<length, 2>), layers::Dense<2, "first">(ones));
  auto const net =
      keras::Sequential<"net">(keras::Input<"whole">(tf::shape<3, 2>), inner, layers::Dense<2, "second">(ones));
  auto const mean = keras::Sequential<"mean">(keras::Input<"steps">(tf::shape<3, 2>), layers::Dense<1, "third">(ones),
                                              layers::GlobalAveragePooling1D());
  auto const x = keras::Input<"x">(tf::shape<3, 2>);
  auto const z = keras::Input<"z">(tf::shape<3, 2>);
  auto const y = net(layers::Masking()(x));
  auto const sum = layers::add(y, net(layers::Masking<"other">(-1.0)(z)));
  auto const out = mean(y);
  static_assert(keras::has_mask<decltype(y)> && !keras::has_mask<decltype(out)> && !keras::has_mask<decltype(net(x))>);
  auto model = keras::Model(keras::inputs(x, z), keras::outputs(out, sum));
  static_assert(decltype(model)::parameter_count == 6 + 6 + 3);
  auto const text = model.summary();
  CHECK(text.find("net (Model)") != std::string::npos);
  CHECK(text.find("whole") == std::string::npos);
  auto const xs = tensor<float, 3>({1, 3, 2}, {1, 2, 0, 0, 3, 4});
  auto const zs = tensor<float, 3>({1, 3, 2}, {1, 2, -1, -1, -1, -1});
  auto const [means, sums] = model.predict(keras::inputs(xs, zs));
  CHECK(same(means, {20}));  // of 12 and 28
  CHECK(same(sums, {12, 12, 0, 0, 14, 14}));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(sum));
  CHECK(same(sess.run(keras::mask_of(sum), x = xs, z = zs), {1, 0, 0}));
}

TEST_CASE("masks: a recurrent layer of a Sequential skips steps as it does outside") {
  auto const ids = keras::Input<"ids", std::int64_t>(tf::shape<4>);
  auto const embed = layers::Embedding<5, 2>(keras::mask_zero<true>);
  auto const words = embed(ids);
  auto const recurrent = keras::recurrent_initializer = tf::ones_initializer();
  auto const encoder = keras::Sequential<"encoder">(keras::Input<"steps">(tf::shape<length, 2>), layers::Dense<3>(ones),
                                                    layers::Dropout(0.5), layers::LSTM<2>(ones, recurrent));
  auto model = keras::Model(ids, encoder(words));
  CHECK(model.summary().find("ids (InputLayer)") != std::string::npos);
  xt::xtensor<std::int64_t, 2> const rows{{1, 2, 0, 0}, {0, 1, 0, 2}, {1, 2, 2, 1}};
  auto const y = model.predict(rows);
  CHECK(y(0, 0) == y(1, 0));
  CHECK(y(0, 0) != y(2, 0));
  auto trainer = model.compile(keras::optimizers::SGD(0.1), keras::loss<"mse">);
  trainer.train_on_batch(rows, xt::xtensor<float, 2>{{1, 0}, {0, 1}, {1, 0}});
  auto const others = keras::Input<"ids", std::int64_t>(tf::shape<4>);  // of which a model has weights of its own
  auto direct = keras::Model(others, layers::LSTM<2>(ones, recurrent)(layers::Dense<3>(ones)(embed(others))));
  direct.set_weights(model.get_weights());
  CHECK(same(model.predict(rows), flat(direct.predict(rows))));
}
