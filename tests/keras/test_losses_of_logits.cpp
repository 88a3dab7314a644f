// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>
#include <tfx/keras/activations.hpp>
#include <tfx/keras/losses.hpp>
#include <tfx/keras/regularizers.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace losses = tfx::keras::losses;
using op_test::same;

namespace {
constexpr auto batch = tf::dim<"batch">;
/// What the loss of a softmax is that puts 1e3 between the label's logit and the largest; from probabilities it would
/// be −log(1e-7) at most.
constexpr double far = 1e3;
}  // namespace

TEST_CASE("losses: of a softmax or a sigmoid come from its logits") {
  auto const y = tf::placeholder<"y", float>(tf::shape<batch, 2>);
  auto const c = tf::placeholder<"c", std::int64_t>(tf::shape<batch>);
  auto const z = tf::placeholder<"z", float>(tf::shape<batch, 2>);
  auto const p = keras::activation<"softmax">(z);
  auto const s = keras::activation<"sigmoid">(z);
  auto const loss = losses::categorical_crossentropy(y, p);
  auto const [dz] = tf::gradients(loss, z);
  auto const all = tf::fetch(loss, losses::sparse_categorical_crossentropy(c, p), losses::binary_crossentropy(y, s), dz,
                             losses::categorical_crossentropy(y, tf::stop_gradient(p)));
  tf::Session sess;
  auto const got = sess.run(all, y = {{1, 0}, {1, 0}}, c = {0, 0}, z = {{-500, 500}, {0, 0}});
  CHECK(same(std::get<0>(got), {far, std::log(2)}));
  CHECK(same(std::get<1>(got), {far, std::log(2)}));
  CHECK(same(std::get<2>(got), {500, std::log(2)}));
  CHECK(same(std::get<3>(got), {-1, 1, -0.5, 0.5}));
  CHECK(same(std::get<4>(got), {-std::log(1e-7), std::log(2)}, 1e-5));  // nothing but the activation itself counts
}
TEST_CASE("losses: logits are found behind functions over handles, in them, and behind names") {
  auto const y = tf::placeholder<"y", double>(tf::shape<batch, 2>);
  auto const z = tf::placeholder<"z", double>(tf::shape<batch, 2>);
  auto const model = tf::build([](auto x) { return tf::nn::softmax(x * 2.0); });
  auto const named = tf::nn::softmax<"probabilities">(z * 2.0);
  auto const inside = tf::build([](auto labels, auto x) {
    return losses::categorical_crossentropy(labels, tf::nn::softmax(x * 2.0)) + keras::loss<"mse">(labels, x) * 0.0;
  });
  auto const turned = tf::transpose(tf::nn::softmax(tf::transpose(z) * 2.0, tf::axis<0>));
  tf::Session sess;
  auto const got =
      sess.run(tf::fetch(losses::categorical_crossentropy(y, model(z)), losses::categorical_crossentropy(y, named),
                         inside(y, z), losses::categorical_crossentropy(y, turned)),
               y = {{1, 0}, {0.5, 0.5}}, z = {{-250, 250}, {1, 1}});
  CHECK(same(std::get<0>(got), {far, std::log(2)}));
  CHECK(same(std::get<1>(got), {far, std::log(2)}));
  CHECK(same(std::get<2>(got), {far, std::log(2)}));
  CHECK(same(std::get<3>(got), {-std::log(1e-7), std::log(2)}));  // probabilities of other rows
}
TEST_CASE("losses: numbers that ride in logits, unnamed constants too, are those of the output") {
  auto const y = tf::placeholder<"y", float>(tf::shape<batch, 2>);
  auto const z = tf::placeholder<"z", float>(tf::shape<batch, 2>);
  tf::Session sess;
  for (float const scale : {1.0f, 2.0f}) {
    auto const p = tf::nn::softmax(z * scale + tf::constant(scale) * tf::constant({1.0f, 0.0f}));
    auto const got = sess.run(
        tf::fetch(losses::categorical_crossentropy(y, p), p, losses::categorical_crossentropy(y, tf::stop_gradient(p))),
        y = {{1, 0}, {0, 1}}, z = {{-1, 1}, {0, 0}});
    CHECK(same(std::get<0>(got), op_test::flat(std::get<2>(got)), 1e-5));
    CHECK(std::get<0>(got)(0) == doctest::Approx(std::log(1 + std::exp(scale))));
  }
}
TEST_CASE("losses: penalties on an output go on with its logits") {
  auto const y = tf::placeholder<"y", float>(tf::shape<batch, 2>);
  auto const z = tf::placeholder<"z", float>(tf::shape<batch, 2>);
  auto const p = tf::regularized(keras::activation<"softmax">(tf::regularized(z, keras::regularizers::l1(0.5))),
                                 keras::regularizers::l2(0.125));
  auto const loss = tf::reduce_mean(losses::categorical_crossentropy(y, p));
  auto const inside = tf::build([](auto labels, auto x) {
    auto const q = tf::regularized(tf::nn::softmax(x), keras::regularizers::l2(0.125));
    return tf::reduce_mean(losses::categorical_crossentropy(labels, q));
  })(y, z);
  tf::Session sess;
  auto const [a, b, c, d] =
      sess.run(tf::fetch(loss, tf::losses::regularization_loss(loss), inside, tf::losses::regularization_loss(inside)),
               y = {{1, 0}}, z = {{-500, 500}});
  CHECK(a == doctest::Approx(far));
  CHECK(b == doctest::Approx(0.5 * far + 0.125));
  CHECK(c == doctest::Approx(far));
  CHECK(d == doctest::Approx(0.125));
}
