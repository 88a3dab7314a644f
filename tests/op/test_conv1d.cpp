// SPDX-License-Identifier: Apache-2.0
// covers: conv1d separable_conv2d max_pool1d avg_pool1d embedding_lookup
#include <tfx/op/nn/avg_pool1d.hpp>
#include <tfx/op/nn/conv1d.hpp>
#include <tfx/op/nn/embedding_lookup.hpp>
#include <tfx/op/nn/max_pool1d.hpp>
#include <tfx/op/nn/separable_conv2d.hpp>
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto n = tf::dim<"n">;
constexpr auto steps = tf::dim<"steps">;
using numbers = std::vector<double>;

/// Sequences of `length` steps with filters of `size`, as plain loops over what conv1d is defined by.
numbers convolved(numbers const& x, numbers const& filter, int count, int length, int channels, int size, int filters,
                  tf::window_axis const& along) {
  numbers out;
  for (int i = 0; i < count; ++i)
    for (int p = 0; p < along.places(length); ++p)
      for (int f = 0; f < filters; ++f) {
        double sum = 0;
        for (int t = 0; t < size; ++t) {
          auto const at = p * along.stride - along.before(length) + t * along.dilation;
          if (at < 0 || at >= length) continue;
          for (int c = 0; c < channels; ++c)
            sum += x[std::size_t((i * length + at) * channels + c)] *
                   filter[std::size_t((t * channels + c) * filters + f)];
        }
        out.push_back(sum);
      }
  return out;
}
}  // namespace

TEST_CASE("conv1d: against plain loops, with lengths that only a run tells") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n, steps, 3>);
  auto const filter = tf::placeholder<"filter", double>(tf::shape<3, 3, 5>);
  auto const all = tf::fetch(tf::nn::conv1d(x, filter, tf::strides<2>, tf::padding::SAME),
                             tf::nn::conv1d(x, filter, tf::strides<1>, tf::padding::VALID, tf::dilations<2>),
                             tf::nn::conv1d(x, filter, tf::strides<1>, tf::padding::EXPLICIT<4, 0>, tf::dilations<2>));
  static_assert(decltype(tf::nn::conv1d(x, filter, tf::strides<1>, tf::padding::EXPLICIT<2, 0>))::shape_type::value ==
                decltype(tf::placeholder<"y", double>(tf::shape<n, steps, 5>))::shape_type::value);
  tf::Session sess;
  for (auto const& sizes : {std::pair{2, 9}, std::pair{1, 5}, std::pair{0, 6}, std::pair{3, 12}}) {
    int const count = sizes.first, length = sizes.second;
    numbers const xv = spread(std::size_t(count * length * 3), -1, 1), wv = spread(45, -1, 1, 3);
    auto const got = sess.run(all, x = tensor<double, 3>({std::size_t(count), std::size_t(length), 3}, xv),
                              filter = tensor<double, 3>({3, 3, 5}, wv));
    auto const plain = [&](tf::window_axis const& along) { return convolved(xv, wv, count, length, 3, 3, 5, along); };
    CHECK(same(std::get<0>(got), plain({3, 2, 1, tf::padding_kind::same}), 1e-12));
    CHECK(same(std::get<1>(got), plain({3, 1, 2, tf::padding_kind::valid}), 1e-12));
    CHECK(same(std::get<2>(got), plain({3, 1, 2, tf::padding_kind::told, 4, 0}), 1e-12));
  }
}

TEST_CASE("conv1d, separable_conv2d, pools of sequences: derivatives") {
  auto const filter = tf::sin(tf::cast<double>(tf::reshape(tf::range<18>(), tf::shape<3, 2, 3>)));
  check_gradient(
      tf::shape<2, 5, 2>, std::array<std::size_t, 3>{2, 5, 2}, spread(20, -1, 1),
      [&](auto const& x) { return tf::nn::conv1d(x, filter, tf::strides<2>, tf::padding::SAME); },
      [](auto const& x) {
        return tf::nn::conv1d(x, tf::slice(x, tf::index<0, 0, 0>, tf::shape<2, 2, 2>), tf::strides<1>,
                              tf::padding::EXPLICIT<1, 0>);
      },
      [](auto const& x) { return tf::nn::avg_pool1d(tf::sin(x), tf::ksize<2>, tf::strides<1>, tf::padding::SAME); },
      [](auto const& x) {
        return tf::square(tf::nn::max_pool1d(x, tf::ksize<3>, tf::strides<2>, tf::padding::VALID));
      });
  auto const depthwise = tf::sin(tf::cast<double>(tf::reshape(tf::range<16>(), tf::shape<2, 2, 2, 2>)));
  auto const pointwise = tf::cos(tf::cast<double>(tf::reshape(tf::range<12>(), tf::shape<1, 1, 4, 3>)));
  check_gradient(tf::shape<n, 3, 3, 2>, std::array<std::size_t, 4>{1, 3, 3, 2}, spread(18, -1, 1), [&](auto const& x) {
    return tf::tanh(tf::nn::separable_conv2d(x, depthwise, pointwise, tf::strides<1, 1>, tf::padding::SAME));
  });
}

TEST_CASE("separable_conv2d: each channel, then all") {
  auto const x = tf::placeholder<"x", float>(tf::shape<1, 2, 2, 2>);
  auto const depthwise = tf::placeholder<"depthwise", float>(tf::shape<2, 2, 2, 1>);
  auto const pointwise = tf::placeholder<"pointwise", float>(tf::shape<1, 1, 2, 2>);
  auto const y = tf::nn::separable_conv2d(x, depthwise, pointwise, tf::strides<1, 1>, tf::padding::VALID);
  tf::Session sess;
  auto const value = sess.run(y, x = tensor<float, 4>({1, 2, 2, 2}, {1, 10, 2, 20, 3, 30, 4, 40}),
                              depthwise = tensor<float, 4>({2, 2, 2, 1}, {1, 1, 1, 0, 1, 0, 1, 0}),
                              pointwise = tensor<float, 4>({1, 1, 2, 2}, {1, 2, 3, 4}));
  CHECK(same(value, {40, 60}));  // 10 and 10
}

TEST_CASE("max_pool1d, avg_pool1d: of sequences") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dyn, steps, 2>);
  tf::Session sess;
  auto const [largest, mean] =
      sess.run(tf::fetch(tf::nn::max_pool1d(x, tf::ksize<2>, tf::strides<2>, tf::padding::SAME),
                         tf::nn::avg_pool1d(x, tf::ksize<2>, tf::strides<1>, tf::padding::VALID)),
               x = tensor<float, 3>({1, 3, 2}, {1, 9, 3, 8, 2, 7}));
  CHECK(same(largest, {3, 9, 2, 7}));
  CHECK(same(mean, {2, 8.5, 2.5, 7.5}));
}

TEST_CASE("embedding_lookup: ids of any rank") {
  auto const table = tf::placeholder<"table", float>(tf::shape<3, 2>);
  auto const ids = tf::placeholder<"ids", std::int32_t>(tf::shape<n, steps>);
  auto const rows = tf::nn::embedding_lookup(table, ids);
  auto const [dtable] = tf::gradients(rows, table);
  tf::Session sess;
  auto const fed = tensor<float, 2>({3, 2}, {1, 2, 3, 4, 5, 6});
  auto const [value, gradient] =
      sess.run(tf::fetch(rows, dtable), table = fed, ids = tensor<std::int32_t, 2>({2, 2}, {2, 0, 2, 2}));
  CHECK(same(value, {5, 6, 1, 2, 5, 6, 5, 6}));
  CHECK(same(gradient, {1, 1, 0, 0, 3, 3}));
  CHECK(refusal([&] { sess.run(rows, table = fed, ids = tensor<std::int32_t, 2>({1, 1}, {3})); }) ==
        "indices[0,0] = 3 is not in [0, 3)");
}

TEST_CASE("conv1d, separable_conv2d, pools of sequences: of handles") {
  auto const layers = tf::build([](auto x) {
    auto const y = tf::nn::conv1d(x, tf::variable("k", tf::fill({2, 2, 3}, 0.5)), tf::strides<1>, tf::padding::SAME);
    auto const pooled = tf::nn::max_pool1d(y, tf::ksize<2>, tf::strides<2>, tf::padding::SAME);
    return tf::nn::avg_pool1d(pooled, tf::ksize<2>, tf::strides<1>, tf::padding::SAME);
  });
  auto const x = tf::placeholder<"x", double>(tf::shape<n, steps, 2>);
  auto const y = layers(x);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(y));
  CHECK(same(sess.run(y, x = tensor<double, 3>({1, 2, 2}, {1, 2, 3, 4})), {5, 5, 5}));
}
