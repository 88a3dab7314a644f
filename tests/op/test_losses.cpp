// SPDX-License-Identifier: Apache-2.0
// covers: absolute_difference agreement compute_weighted_loss cosine_distance hinge_loss huber_loss log_loss
// covers: mean_pairwise_squared_error mean_squared_error sigmoid_cross_entropy softmax_cross_entropy
// covers: sparse_softmax_cross_entropy
#include <support/op_test.hpp>
#include <tfx/op/losses/absolute_difference.hpp>
#include <tfx/op/losses/cosine_distance.hpp>
#include <tfx/op/losses/hinge_loss.hpp>
#include <tfx/op/losses/huber_loss.hpp>
#include <tfx/op/losses/log_loss.hpp>
#include <tfx/op/losses/mean_pairwise_squared_error.hpp>
#include <tfx/op/losses/mean_squared_error.hpp>
#include <tfx/op/losses/sigmoid_cross_entropy.hpp>
#include <tfx/op/losses/softmax_cross_entropy.hpp>
#include <tfx/op/losses/sparse_softmax_cross_entropy.hpp>

namespace tf = tfx;
namespace losses = tfx::losses;
using losses::Reduction;
using op_test::refusal;
using op_test::same;

namespace {
constexpr auto batch = tf::dim<"batch">;
/// What every fetched number is.
template <class Results>
bool are(Results const& results, std::vector<double> const& expected, double tolerance = 1e-6) {
  std::vector<double> got;
  std::apply([&](auto const&... each) { (got.push_back(double(each)), ...); }, results);
  return same(got, expected, tolerance);
}
}  // namespace

TEST_CASE("losses: TensorFlow's numbers, weights and reductions") {
  auto const y = tf::placeholder<"y", int>(tf::shape<2, 3>);
  auto const x = tf::placeholder<"x", float>(tf::shape<2, 3>);
  auto const rows = tf::placeholder<"rows", float>(tf::shape<2, 1>);
  auto const w = tf::placeholder<"w", double>(tf::shape<2, 3>);
  using losses::absolute_difference, losses::mean_squared_error;
  auto const all = tf::fetch(absolute_difference(y, x), absolute_difference(y, x, 2.3), absolute_difference(y, x, rows),
                             absolute_difference(y, x, w), absolute_difference(y, x, w, Reduction::SUM),
                             absolute_difference(y, x, w, Reduction::SUM_OVER_BATCH_SIZE),
                             absolute_difference(y, x, w, Reduction::MEAN), absolute_difference(y, x, 0));
  auto const squares =
      tf::fetch(mean_squared_error(y, x), mean_squared_error(y, x, rows), mean_squared_error(y, x, w),
                losses::huber_loss(y, x), losses::huber_loss(y, x, w, 2.5), losses::mean_pairwise_squared_error(y, x),
                losses::mean_pairwise_squared_error(y, x, 3.0f), losses::mean_pairwise_squared_error(y, x, rows),
                losses::cosine_distance(y, x, tf::axis<0>));
  tf::Session sess;
  auto const run = [&](auto const& what) {
    return sess.run(what, y = {{1, 9, 2}, {-5, -2, 6}}, x = {{4, 8, 12}, {8, 1, 3}}, rows = {{1.2f}, {0.0f}},
                    w = {{3, 6, 5}, {0, 4, 2}});
  };
  CHECK(are(run(all), {5.5, 5.5 * 2.3, 5.6, 16.6, 83, 83 / 6.0, 4.15, 0}));
  CHECK(are(run(squares), {49.5, 44, 117.4, 5, 30.35, 96.33333333, 289, 74.4, -24.33333333}));
  CHECK(same(run(absolute_difference(y, x, rows, Reduction::NONE)), {3.6, 1.2, 12, 0, 0, 0}));
  static_assert(std::is_same_v<decltype(absolute_difference(y, x))::value_type, float>);
  static_assert(std::is_same_v<decltype(absolute_difference(x, y))::value_type, float>);
}
TEST_CASE("losses: of probabilities and logits, with smoothed labels, in double") {
  auto const t = tf::placeholder<"t", double>(tf::shape<batch, 3>);
  auto const p = tf::placeholder<"p", double>(tf::shape<batch, 3>);
  auto const z = tf::placeholder<"z", double>(tf::shape<batch, 3>);
  auto const rows = tf::placeholder<"rows", double>(tf::shape<batch>);
  auto const mask = tf::placeholder<"mask", double>(tf::shape<batch>);
  auto const w = tf::placeholder<"w", int>(tf::shape<batch, 3>);
  auto const classes = tf::placeholder<"classes", std::int64_t>(tf::shape<batch>);
  auto const column = tf::placeholder<"column", int>(tf::shape<batch, 1>);
  auto const all = tf::fetch(
      losses::log_loss(t, p), losses::log_loss(t, p, w, 1e-3), losses::hinge_loss(t, z), losses::hinge_loss(t, z, w),
      losses::sigmoid_cross_entropy(t, z), losses::sigmoid_cross_entropy(t, z, w, 0.2),
      losses::sparse_softmax_cross_entropy(classes, z), losses::sparse_softmax_cross_entropy(column, z, mask));
  auto const more = tf::fetch(losses::softmax_cross_entropy(t, z), losses::softmax_cross_entropy(t, z, rows, 0.3));
  tf::Session sess;
  auto const run = [&](auto const& what, std::vector<double> const& labels) {
    return sess.run(what, t = op_test::tensor<double, 2>({2, 3}, labels), p = {{0.9, 0.2, 0.2}, {0.8, 0.4, 0.6}},
                    z = {{10.0, -1.0, 0.5}, {-0.3, 2.0, -4.0}}, rows = {2.0, 0.5}, mask = {0.0, 0.5},
                    w = {{3, 6, 5}, {0, 4, 2}}, classes = {1, 0}, column = {{1}, {0}});
  };
  CHECK(are(run(all, {1, 0, 1, 1, 0, 0}),
            {0.5980334347638178, 2.7061193982716447, 0.8, 2.9, 0.631136209004476, 3.3288206285430064, 6.698943680472683,
             1.1988979058027285},
            1e-12));
  CHECK(are(run(more, {0, 1, 0, 1, 0, 0}), {6.698943680472683, 10.384540502241274}, 1e-12));
}
TEST_CASE("losses: nothing to average is 0, whatever is weighed by 0; NaN goes on") {
  auto const y = tf::placeholder<"y", float>(tf::shape<batch>);
  auto const x = tf::placeholder<"x", float>(tf::shape<batch>);
  auto const w = tf::placeholder<"w", float>(tf::shape<batch>);
  auto const plain = losses::mean_squared_error(y, x);
  auto const weighed = losses::mean_squared_error(y, x, w);
  auto const [dx] = tf::gradients(weighed, x);
  auto const all = tf::fetch(plain, weighed, losses::mean_squared_error(y, x, w, Reduction::MEAN), dx);
  tf::Session sess;
  using list = std::vector<float>;
  auto const [a, b, c, d] = sess.run(all, y = list{}, x = list{}, w = list{});
  CHECK((a == 0 && b == 0 && c == 0 && d.size() == 0));
  auto const [e, f, g, h] = sess.run(all, y = list{1, 2}, x = list{3, 5}, w = list{0, 0});
  CHECK((e == 6.5f && f == 0 && g == 0));
  CHECK(same(h, {0, 0}));
  CHECK(std::isnan(sess.run(plain, y = list{1}, x = list{float(op_test::not_a_number)})));
  // Extents that a run finds out must agree, as in every loss: nothing broadcasts.
  auto const open = tf::placeholder<"open", float>(tf::shape<tf::dyn>);
  CHECK(refusal([&] { sess.run(losses::mean_squared_error(open, x), open = list{1}, x = list{1, 2}); }) != "");
  CHECK(refusal([&] {
          sess.run(losses::mean_squared_error(y, x, open), open = list{1}, y = list{1, 2}, x = list{1, 2});
        }) != "");
  CHECK(refusal([&] {
          auto const [slope] = tf::gradients(losses::mean_squared_error(y, x, open), x);
          sess.run(slope, open = list{1}, y = list{1, 2}, x = list{1, 2});
        }) != "");
}
TEST_CASE("losses: gradients, forward and of second order") {
  auto const y = tf::constant<"y">({{0.25, 0.75, 0.0}, {0.5, 0.125, 0.375}});
  auto const w = tf::constant<"w">({{2.0}, {0.5}});
  auto const some = [](std::size_t n) { return op_test::spread(n, 0.1, 0.9); };
  op_test::check_gradient(
      tf::shape<tf::dyn, 3>, std::array<std::size_t, 2>{2, 3}, some(6),
      [&](auto x) { return losses::absolute_difference(y, x, w); },
      [&](auto x) { return losses::mean_squared_error(y, x, w, Reduction::NONE); },
      [&](auto x) { return losses::huber_loss(y, x, w, 0.2); }, [&](auto x) { return losses::log_loss(y, x); },
      [&](auto x) { return losses::hinge_loss(y, x * 3.0); },
      [&](auto x) { return losses::sigmoid_cross_entropy(y, x, w, 0.1); });
  op_test::check_gradient(
      tf::shape<2, 3>, std::array<std::size_t, 2>{2, 3}, some(6),
      [&](auto x) { return losses::softmax_cross_entropy(y, x, 2.0); },
      [&](auto x) { return losses::cosine_distance(y, x, tf::axis<1>, w); },
      [&](auto x) { return losses::mean_pairwise_squared_error(y, x, w); },
      [&](auto x) { return losses::compute_weighted_loss(x * x, w, Reduction::MEAN); },
      [&](auto x) { return losses::compute_weighted_loss(y, x * x, Reduction::MEAN); });
}
TEST_CASE("losses: inside a function over handles") {
  auto const x = tf::placeholder<"x", float>(tf::shape<batch, 3>);
  auto const loss = tf::build([](auto h) {
    auto const target = h * 0.5;
    return losses::mean_squared_error(target, h, 2.0) + losses::huber_loss(target, h, 1.0, 0.5);
  })(x);
  CHECK(tf::Session().run(loss, x = {{1, 2, 4}}) == doctest::Approx(2 * 5.25 / 3 + (0.125 + 0.375 + 0.875) / 3));
}
