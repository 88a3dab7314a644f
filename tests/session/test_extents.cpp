// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::counted;
using op_test::counted_matrix;
using op_test::refusal;
using op_test::same;
using op_test::tensor;
using tf::errors::InvalidArgumentError;

namespace {
constexpr auto b = tf::dim<"b">;
constexpr auto k = tf::dim<"k">;

auto const p = tf::placeholder<"p", float>(tf::shape<tf::dyn>);
auto const q = tf::placeholder<"q", float>(tf::shape<tf::dyn>);
auto const y = tf::placeholder<"y", float>(tf::shape<tf::dyn>);
auto const m = tf::placeholder<"m", float>(tf::shape<tf::dyn, tf::dyn>);
auto const labels = tf::placeholder<"labels", int>(tf::shape<tf::dyn>);
}  // namespace

TEST_CASE("extents: one that is computed is compared with one that is fed") {
  auto const sum = tf::concat(tf::axis<0>, p, q) + y;
  tf::Session sess;
  CHECK(same(sess.run(sum, p = counted(2), q = counted(1), y = counted(3)), {2, 4, 4}));
  for (std::size_t n : {1u, 2u, 4u, 5u, 40u})
    CHECK(refusal([&] { sess.run(sum, p = counted(2), q = counted(1), y = counted(n)); }) ==
          "Incompatible shapes: [3] vs. [" + std::to_string(n) + "]\n\t[[{{node Add}}]]");
  CHECK(same(sess.run(sum, p = counted(0), q = counted(1), y = counted(1)), {2}));
  auto const loss = tf::reduce_mean(tf::square(sum));
  CHECK_THROWS_AS(sess.run(loss, p = counted(2), q = counted(1), y = counted(5)), InvalidArgumentError);
  auto const [dp, dy] = tf::gradients(loss, p, y);
  CHECK_THROWS_AS(sess.run(dy, p = counted(2), q = counted(1), y = counted(5)), InvalidArgumentError);
  CHECK(sess.run(dp, p = counted(2), q = counted(1), y = counted(3)).size() == 2);
}
TEST_CASE("extents: an op beside its own result") {
  tf::Session sess;
  auto const twice = tf::concat(tf::axis<0>, p, q) + p;
  CHECK(same(sess.run(twice, p = counted(2), q = counted(0)), {2, 4}));
  CHECK_THROWS_AS(sess.run(twice, p = counted(2), q = counted(1)), InvalidArgumentError);
  auto const crossed = tf::concat(tf::axis<0>, p, q) * tf::concat(tf::axis<0>, q, p);  // the same sum
  CHECK(same(sess.run(crossed, p = counted(2), q = counted(1)), {1, 2, 2}));
  auto const chained = tf::concat(tf::axis<0>, p, y) + q - tf::tile(y, tf::multiples<2>);
  CHECK(same(sess.run(chained, p = counted(2), q = counted(4), y = counted(2)), {1, 2, 3, 4}));
  CHECK_THROWS_AS(sess.run(chained, p = counted(2), q = counted(3), y = counted(1)), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(chained, p = counted(3), q = counted(5), y = counted(2)), InvalidArgumentError);
}
TEST_CASE("extents: slice, tile, pad, reshape beside another dyn") {
  auto const rest = tf::slice(p, tf::index<1>, tf::shape<-1>) - q;
  auto const tiled = tf::tile(p, tf::multiples<3>) - q;
  auto const padded = tf::pad(p, tf::paddings<1, 2>) - q;
  auto const flat = tf::reshape(m, tf::shape<-1>) - q;
  auto const rows = tf::reshape(p, tf::shape<-1, 2>) - m;
  tf::Session sess;
  CHECK(same(sess.run(rest, p = counted(3), q = counted(2)), {1, 1}));
  CHECK(same(sess.run(tiled, p = counted(1), q = counted(3)), {0, -1, -2}));
  CHECK(same(sess.run(padded, p = counted(1), q = counted(4)), {-1, -1, -3, -4}));
  CHECK(same(sess.run(flat, m = counted_matrix(2, 2), q = counted(4)), {0, 0, 0, 0}));
  CHECK(same(sess.run(rows, p = counted(4), m = counted_matrix(2, 2)), {0, 0, 0, 0}));
  CHECK_THROWS_AS(sess.run(rest, p = counted(3), q = counted(3)), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(tiled, p = counted(1), q = counted(2)), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(padded, p = counted(1), q = counted(1)), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(flat, m = counted_matrix(2, 3), q = counted(4)), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(rows, p = counted(4), m = counted_matrix(1, 2)), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(rows, p = counted(4), m = counted_matrix(2, 1)), InvalidArgumentError);
  CHECK(refusal([&] { sess.run(rest, p = counted(0), q = counted(0)); }) == "Expected begin[0] in [0, 0], but got 1");
  CHECK(refusal([&] { sess.run(rows, p = counted(5), m = counted_matrix(2, 2)); }) ==
        "Input to reshape is a tensor with 5 values, but the requested shape requires a multiple of 2");
}
TEST_CASE("extents: a shape of several symbols holds as many elements as there are") {
  auto const table = tf::placeholder<"table", float>(tf::shape<b, k>);
  auto const sum = tf::reshape(p, tf::shape<b, k>) + table;
  tf::Session sess;
  CHECK(same(sess.run(sum, p = counted(6), table = counted_matrix(2, 3)), {2, 4, 6, 8, 10, 12}));
  CHECK(refusal([&] { sess.run(sum, p = counted(5), table = counted_matrix(100, 30)); }) ==
        "Input to reshape is a tensor with 5 values, but the requested shape has 3000");
  auto const same_count = tf::reshape(m, tf::shape<b, 2, k>) * tf::reduce_sum(table);
  CHECK(sess.run(same_count, m = counted_matrix(4, 3), table = counted_matrix(2, 3)).size() == 12);
  CHECK_THROWS_AS(sess.run(same_count, m = counted_matrix(4, 3), table = counted_matrix(3, 3)), InvalidArgumentError);
  auto const huge = tf::reshape(tf::reshape(p, tf::shape<-1, 1>), tf::shape<b, 1>) * tf::reduce_sum(table);
  CHECK(sess.run(huge, p = counted(3), table = counted_matrix(3, 1)).size() == 3);
}
TEST_CASE("extents: what a check leaves open, it tells") {
  tf::Session sess;
  CHECK(same(sess.run(tf::ones(tf::shape<b>) * tf::concat(tf::axis<0>, p, p), p = counted(2)), {1, 2, 1, 2}));
  auto const rows = tf::reshape(p, tf::shape<b, 2>) + tf::ones(tf::shape<b, 2>);
  CHECK(same(sess.run(rows, p = counted(4)), {2, 3, 4, 5}));
  CHECK_THROWS_AS(sess.run(rows, p = counted(5)), InvalidArgumentError);
  auto const rest = tf::concat(tf::axis<0>, p, tf::zeros(tf::shape<b>)) + q;
  CHECK(same(sess.run(rest, p = counted(2), q = counted(4)), {2, 4, 3, 4}));
  CHECK_THROWS_AS(sess.run(rest, p = counted(3), q = counted(2)), InvalidArgumentError);
  CHECK(same(sess.run(tf::ones(tf::shape<tf::dyn>) * p, p = counted(3)), {1, 2, 3}));
}
TEST_CASE("extents: ops that demand equal ones say so in TensorFlow's words") {
  auto const n = tf::placeholder<"n", float>(tf::shape<tf::dyn, tf::dyn>);
  auto const tall = tf::concat(tf::axis<0>, m, m);
  tf::Session sess;
  auto const product = tf::matmul(n, tall);
  CHECK(sess.run(product, n = counted_matrix(2, 4), m = counted_matrix(2, 3)).shape()[1] == 3);
  CHECK(refusal([&] { sess.run(product, n = counted_matrix(2, 3), m = counted_matrix(2, 3)); }) ==
        "Matrix size-incompatible: In[0]: [2,3], In[1]: [4,3]\n\t[[{{node MatMul}}]]");
  CHECK_THROWS_AS(sess.run(std::get<0>(tf::gradients(product, n)), n = counted_matrix(2, 3), m = counted_matrix(2, 3)),
                  InvalidArgumentError);
  CHECK(refusal(
            [&] { sess.run(tf::concat(tf::axis<1>, n, tall), n = counted_matrix(3, 1), m = counted_matrix(2, 3)); }) ==
        "ConcatOp : Dimensions of inputs should match: shape[0] = [3,1] vs. shape[1] = [4,3]\n\t[[{{node ConcatV2}}]]");
  auto const entropy = tf::nn::softmax_cross_entropy_with_logits(tf::labels = n, tf::logits = tall);
  CHECK(sess.run(entropy, n = counted_matrix(4, 3), m = counted_matrix(2, 3)).size() == 4);
  CHECK_THROWS_AS(sess.run(entropy, n = counted_matrix(2, 3), m = counted_matrix(2, 3)), InvalidArgumentError);
  auto const classes = tf::nn::sparse_softmax_cross_entropy_with_logits(tf::labels = labels, tf::logits = tall);
  CHECK_THROWS_AS(sess.run(classes, labels = std::vector<int>{0, 1}, m = counted_matrix(2, 3)), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(tf::where(n > 0.f, tall, tall), n = counted_matrix(3, 3), m = counted_matrix(2, 3)),
                  InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(tf::stack(p, tf::tile(q, tf::multiples<2>)), p = counted(3), q = counted(2)),
                  InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(tf::squeeze(tf::tile(p, tf::multiples<2>), tf::axis<0>), p = counted(1)),
                  InvalidArgumentError);
  CHECK(refusal([&] { sess.run(tf::broadcast_to(tall, tf::shape<3, 3>), m = counted_matrix(2, 3)); }) ==
        "Incompatible shapes: [4,3] vs. [3,3]\n\t[[{{node BroadcastTo}}]]");
  CHECK_THROWS_AS(sess.run(tf::jvp(tf::square(tall), tall, n), m = counted_matrix(1, 2), n = counted_matrix(3, 2)),
                  InvalidArgumentError);
}
TEST_CASE("extents: a slice's box holds in its gradient too, before anything is written") {
  auto const box = tf::slice(m, tf::index<1, 0>, tf::shape<200, 2>);
  tf::Session sess;
  std::string const words = "Expected size[0] in [0, 1], but got 200";
  CHECK(refusal([&] { sess.run(box, m = counted_matrix(2, 3)); }) == words);
  CHECK(refusal([&] { sess.run(std::get<0>(tf::gradients(box, m)), m = counted_matrix(2, 3)); }) == words);
  CHECK(refusal([&] { sess.run(std::get<0>(tf::gradients(tf::square(box), m)), m = counted_matrix(2, 3)); }) == words);
  CHECK(refusal([&] { sess.run(tf::jvp(box, m, m), m = counted_matrix(2, 3)); }) == words);
  CHECK(same(sess.run(std::get<0>(tf::gradients(tf::slice(p, tf::index<1>, tf::shape<2>), p)), p = counted(4)),
             {0, 1, 1, 0}));
  auto const w = tf::variable<"w">(tf::constant(1.0f));
  sess.run(w.initializer());
  CHECK_THROWS_AS(sess.run(tf::group(w.assign_add(1), w.assign_add(tf::reduce_sum(box))), m = counted_matrix(2, 3)),
                  InvalidArgumentError);
  CHECK(sess.run(w) == 1);
}
TEST_CASE("extents: a constant's run-time shape is compared too") {
  xt::xtensor<float, 1> const three = tensor<float, 1>({3}, {1, 2, 3});
  auto const c = tf::constant<"c">(three);
  tf::Session sess;
  CHECK(same(sess.run(c + p, p = counted(3)), {2, 4, 6}));
  CHECK(refusal([&] { sess.run(c + tf::constant({1.f, 2.f})); }) == "Incompatible shapes: a constant c of [3] vs. [2]");
  CHECK_THROWS_AS(sess.run(c + p, p = counted(2)), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(c + tf::concat(tf::axis<0>, p, q), p = counted(2), q = counted(2)), InvalidArgumentError);
  CHECK(same(sess.run(tf::zeros_like(c) + tf::ones_like(c)), {1, 1, 1}));
  CHECK_THROWS_AS(sess.run(tf::zeros_like(c) + p, p = counted(2)), InvalidArgumentError);
}
TEST_CASE("extents: a shape of more than 2^63 elements is refused") {
  auto const tall = tf::tile(p, tf::multiples<4611686018427387904>);
  tf::Session sess;
  CHECK_THROWS_AS(sess.run(tf::reduce_sum(tf::reshape(tall, tf::shape<-1, 1>)), p = counted(3)), InvalidArgumentError);
  auto const wide = tf::tile(m, tf::multiples<4294967296, 4294967296>);
  CHECK_THROWS_AS(sess.run(tf::argmax(wide), m = counted_matrix(2, 3)), InvalidArgumentError);
}
