// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>
#include <tfx/keras/activations.hpp>
#include <tfx/keras/metrics.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
using op_test::same;
using op_test::tensor;

namespace {
constexpr auto batch = tf::dim<"batch">;
constexpr auto width = tf::dim<"width">;
}  // namespace

TEST_CASE("metrics: binary accuracy is the part of a row on its side of the threshold") {
  auto const y = tf::placeholder<"y", int>(tf::shape<batch, 2>);
  auto const x = tf::placeholder<"x", float>(tf::shape<batch, 2>);
  auto const all = tf::fetch(keras::metric<"binary_accuracy">(y, x), keras::binary_accuracy(y, x, 0.7),
                             tf::build([](auto a, auto b) { return keras::binary_accuracy(a, b, 0.2); })(y, x));
  tf::Session sess;
  float const nan = float(op_test::not_a_number);
  auto const got = sess.run(all, y = {{1, 0}, {1, 1}, {0, 0}}, x = {{0.6f, 0.4f}, {0.5f, 1.0f}, {nan, 0.8f}});
  CHECK(same(std::get<0>(got), {1, 0.5, 0.5}));
  CHECK(same(std::get<1>(got), {0.5, 0.5, 0.5}));
  CHECK(same(std::get<2>(got), {0.5, 1, 0.5}));
}
TEST_CASE("metrics: accuracy of rows and of classes") {
  auto const y = tf::placeholder<"y", double>(tf::shape<batch, width>);
  auto const x = tf::placeholder<"x", double>(tf::shape<batch, width>);
  auto const c = tf::placeholder<"c", std::int64_t>(tf::shape<batch>);
  auto const f = tf::placeholder<"f", float>(tf::shape<batch, 1>);
  auto const all =
      tf::fetch(keras::metric<"categorical_accuracy">(y, x), keras::metric<"sparse_categorical_accuracy">(c, x),
                keras::sparse_categorical_accuracy(f, x));
  static_assert(std::is_same_v<decltype(keras::sparse_categorical_accuracy(c, x))::value_type, double>);
  tf::Session sess;
  auto const got = sess.run(all, y = {{0, 0, 1}, {1, 1, 0}, {0, 1, 0}}, x = {{1, 2, 3}, {5, 5, 1}, {9, 8, 7}},
                            c = {2, 1, 7}, f = {{2.0f}, {0.0f}, {0.5f}});
  CHECK(same(std::get<0>(got), {1, 1, 0}));
  CHECK(same(std::get<1>(got), {1, 0, 0}));
  CHECK(same(std::get<2>(got), {1, 1, 0}));
}
TEST_CASE("metrics: the k largest of a row") {
  auto const y = tf::placeholder<"y", float>(tf::shape<batch, 6>);
  auto const x = tf::placeholder<"x", float>(tf::shape<batch, 6>);
  auto const c = tf::placeholder<"c", std::int64_t>(tf::shape<batch>);
  auto const all =
      tf::fetch(keras::metric<"top_k_categorical_accuracy">(y, x), keras::top_k_categorical_accuracy<1>(y, x),
                keras::top_k_categorical_accuracy<3>(y, x), keras::sparse_top_k_categorical_accuracy<2>(c, x),
                keras::metric<"sparse_top_k_categorical_accuracy">(c, x));
  tf::Session sess;
  float const nan = float(op_test::not_a_number), inf = float(op_test::infinity);
  // The last of six; the third, beside one that is equal; one that is not a number, and one of another row.
  auto const got = sess.run(all, y = {{0, 0, 0, 0, 0, 1}, {0, 1, 0, 0, 0, 0}, {1, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 0, 0}},
                            x = {{6, 5, 4, 3, 2, 1}, {9, 5, 5, 8, 1, 1}, {7, nan, 1, 1, 1, 1}, {7, -inf, 1, 1, 1, 1}},
                            c = {1, 4, 0, 6});
  CHECK(same(std::get<0>(got), {0, 1, 0, 0}));
  CHECK(same(std::get<1>(got), {0, 0, 0, 0}));
  CHECK(same(std::get<2>(got), {0, 1, 0, 0}));
  CHECK(same(std::get<3>(got), {1, 0, 0, 0}));
  CHECK(same(std::get<4>(got), {1, 1, 0, 0}));
  auto const more =
      sess.run(keras::top_k_categorical_accuracy<9>(y, x), y = {{0, 0, 0, 0, 0, 1}}, x = {{6, 5, 4, 3, 2, 1}});
  CHECK(same(more, {1}));
}
TEST_CASE("metrics: accuracy is what loss and output make it") {
  using keras::resolve, keras::resolved;
  constexpr tf::dims narrow{2, {-1, 1}}, wide{2, {-1, 10}}, open{2, {-1, -1}}, none{0, {}};
  using mse = std::remove_const_t<decltype(keras::loss<"mse">)>;
  using sparse = std::remove_const_t<decltype(keras::loss<"sparse_categorical_crossentropy">)>;
  using binary = std::remove_const_t<decltype(keras::loss<"bce">)>;
  auto const own = [](auto y, auto x) { return tf::reduce_mean(y * x, tf::axis<-1>); };
  static_assert(resolve<mse>(narrow) == resolved::binary && resolve<sparse>(narrow) == resolved::binary);
  static_assert(resolve<binary>(wide) == resolved::binary && resolve<binary>(open) == resolved::binary);
  static_assert(resolve<sparse>(wide) == resolved::sparse_categorical);
  static_assert(resolve<mse>(wide) == resolved::categorical && resolve<mse>(open) == resolved::categorical);
  static_assert(resolve<decltype(own)>(wide) == resolved::categorical && resolve<mse>(none) == resolved::categorical);

  auto const y = tf::placeholder<"y", float>(tf::shape<batch, 2>);
  auto const x = tf::placeholder<"x", float>(tf::shape<batch, 2>);
  auto const c = tf::placeholder<"c", std::int64_t>(tf::shape<batch>);
  auto const y1 = tf::placeholder<"y1", float>(tf::shape<batch, 1>);
  auto const x1 = tf::placeholder<"x1", float>(tf::shape<batch, 1>);
  auto const accuracy = keras::metric<"accuracy">;
  auto const all = tf::fetch(keras::metric_beside(accuracy, keras::loss<"mse">)(y, x),
                             keras::metric_beside(accuracy, keras::loss<"bce">)(y, x),
                             keras::metric_beside(accuracy, keras::loss<"sparse_categorical_crossentropy">)(c, x),
                             keras::metric_beside(accuracy, own)(y1, x1), accuracy(y, x), accuracy(c, x),
                             accuracy(y1, x1), keras::metric_beside(keras::metric<"mae">, keras::loss<"bce">)(y, x));
  tf::Session sess;
  auto const got = sess.run(all, y = {{0, 1}, {1, 0}}, x = {{0.6f, 0.9f}, {0.1f, 0.2f}}, c = {1, 0}, y1 = {{1}, {0}},
                            x1 = {{0.75f}, {0.75f}});
  CHECK(same(std::get<0>(got), {1, 0}));
  CHECK(same(std::get<1>(got), {0.5, 0.5}));
  CHECK(same(std::get<2>(got), {1, 0}));
  CHECK(same(std::get<3>(got), {1, 0}));
  CHECK(same(std::get<4>(got), {1, 0}));
  CHECK(same(std::get<5>(got), {1, 0}));
  CHECK(same(std::get<6>(got), {1, 0}));
  CHECK(same(std::get<7>(got), {0.35, 0.55}));
}
TEST_CASE("metrics: crossentropy is what loss and output make it") {
  auto const y = tf::placeholder<"y", float>(tf::shape<batch, 2>);
  auto const x = tf::placeholder<"x", float>(tf::shape<batch, 2>);
  auto const c = tf::placeholder<"c", std::int64_t>(tf::shape<batch>);
  auto const ce = keras::metric<"ce">;
  auto const all = tf::fetch(ce(y, x), ce(c, x), keras::metric_beside(ce, keras::loss<"binary_crossentropy">)(y, x));
  tf::Session sess;
  auto const got = sess.run(all, y = {{0, 1}, {1, 0}}, x = {{0.25f, 0.75f}, {0.5f, 0.5f}}, c = {1, 0});
  CHECK(same(std::get<0>(got), {-std::log(0.75), std::log(2)}));
  CHECK(same(std::get<1>(got), {-std::log(0.75), std::log(2)}));
  CHECK(same(std::get<2>(got), {-std::log(0.75), std::log(2)}));
}
TEST_CASE("metrics: lists of words, and of functions with a name") {
  auto const y = tf::placeholder<"y", float>(tf::shape<batch, 2>);
  auto const x = tf::placeholder<"x", float>(tf::shape<batch, 2>);
  auto const words = keras::metrics<"mae", "accuracy">;
  static_assert(std::is_empty_v<decltype(keras::metrics<"mae", "accuracy">)> && decltype(words)::size == 2);
  static_assert(std::tuple_element_t<1, decltype(words.all)>::name() == "accuracy");
  float const scale = 3;
  auto const list = keras::metric_list(
      keras::metric<"mean_pred">([](auto, auto y_pred) { return tf::reduce_mean(y_pred, tf::axis<-1>); }),
      keras::metric<"mse">,
      keras::metric<"scaled">([scale](auto a, auto b) { return keras::losses::mean_absolute_error(a, b) * scale; }),
      keras::metric<"mae">(keras::losses::mean_squared_error));
  CHECK(std::get<0>(list.all).name() == "mean_pred");
  CHECK(std::get<1>(list.all).name() == "mse");
  CHECK(std::get<3>(list.all).name() == "mae");
  tf::Session sess;
  auto const got = std::apply(
      [&](auto const&... each) {
        return sess.run(tf::fetch(keras::metric_beside(each, keras::loss<"mse">)(y, x)...), y = {{1, 3}}, x = {{3, 3}});
      },
      list.all);
  CHECK(same(std::get<0>(got), {3}));
  CHECK(same(std::get<1>(got), {2}));
  CHECK(same(std::get<2>(got), {3}));
  CHECK(same(std::get<3>(got), {2}));
  static_assert(decltype(keras::metrics<>)::size == 0);
}
