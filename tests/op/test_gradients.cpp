// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>

// Derivatives against differences of values, where the test of an op compares them in other ways or for shapes of one
// kind alone. One expression holds several ops, with weights that let no two derivatives cancel.
namespace tf = tfx;
using op_test::check_gradient, op_test::spread;

namespace {
constexpr auto n = tf::dim<"n">;
constexpr auto m = tf::dim<"m">;

template <class... Build>
void check_static(Build const&... builds) {
  check_gradient(tf::shape<2, 3>, std::array<std::size_t, 2>{2, 3}, spread(6, 0.4, 0.9), builds...);
}
template <class... Build>
void check_both(Build const&... builds) {
  check_static(builds...);
  check_gradient(tf::shape<n, m>, std::array<std::size_t, 2>{2, 3}, spread(6, 0.4, 0.9), builds...);
}
}  // namespace

TEST_CASE("gradients: functions of one number, of a static shape") {
  check_static(
      [](auto x) {
        return tf::exp(x) + 2.0 * tf::expm1(x) + 3.0 * tf::tanh(x) + 4.0 * tf::sigmoid(x) + 5.0 * tf::erf(x) +
               tf::erfc(x);
      },
      [](auto x) {
        return tf::log(x) + 2.0 * tf::log1p(x) + 3.0 * tf::sqrt(x) + 4.0 * tf::rsqrt(x) + 5.0 * tf::reciprocal(x) -
               tf::square(-x);
      },
      [](auto x) {
        auto const u = x * 0.5;
        return tf::sin(u) + 2.0 * tf::cos(u) + 3.0 * tf::tan(u) + 4.0 * tf::asin(u) + tf::acos(u) + 5.0 * tf::atan(u);
      },
      [](auto x) {
        auto const u = x * 0.5;
        return tf::sinh(u) + 2.0 * tf::cosh(u) + 3.0 * tf::asinh(u) + 4.0 * tf::acosh(u + 1.0) + 5.0 * tf::atanh(u);
      });
}

TEST_CASE("gradients: on both sides of kinks") {
  check_both([](auto x) {
    auto const u = x - 0.6;
    return tf::nn::relu(u) + 2.0 * tf::nn::relu6(8.0 * x) + 3.0 * tf::nn::elu(u) + 4.0 * tf::nn::leaky_relu(u, 0.125) +
           5.0 * tf::abs(u) + tf::where(x > 0.5, tf::square(x), tf::exp(x)) +
           2.0 * tf::clip_by_value(tf::square(x), 0.3, 0.6);
  });
  check_static([](auto x) {
    auto const u = x - 0.6;
    return tf::nn::softplus(8.0 * u) + 2.0 * tf::nn::softsign(u) + tf::div_no_nan(x, tf::square(x) + 1.0) +
           tf::nn::sigmoid_cross_entropy_with_logits(tf::labels = tf::square(x), tf::logits = tf::sin(x));
  });
}

TEST_CASE("gradients: sums, products and what only moves numbers") {
  check_both(
      [](auto x) { return tf::add_n(tf::sin(x), tf::square(x), tf::multiply_no_nan(x, x - 0.6)) * tf::nn::l2_loss(x); },
      [](auto x) { return tf::square(tf::squeeze(tf::expand_dims(x, tf::axis<1>), tf::axis<1>)); });
  check_static(
      [](auto x) {
        return tf::square(tf::reduce_sum(x, tf::axis<0>)) + tf::square(tf::reduce_max(x, tf::axis<0>)) +
               tf::square(tf::reduce_min(x, tf::axis<0>)) + tf::reduce_logsumexp(x, tf::axis<0>);
      },
      [](auto x) { return tf::square(tf::tile(tf::nn::log_softmax(x), tf::multiples<2, 3>)); });
  check_gradient(tf::shape<n, 1>, std::array<std::size_t, 2>{2, 1}, spread(2, 0.4, 0.9),
                 [](auto x) { return tf::square(tf::broadcast_to(x, tf::shape<4, n, 3>)); });
}

TEST_CASE("gradients: norms that gradients are clipped by, and a check, of a static shape") {
  check_static([](auto x) {
    auto const [clipped, norm] = tf::clip_by_global_norm(std::tuple(x, x * x), 1.25);
    return std::get<0>(clipped) * std::get<1>(clipped) + norm + 3.0 * tf::clip_by_norm(x, 1.25) +
           2.0 * tf::clip_by_average_norm(x, 0.25) * tf::verify_tensor_all_finite<"x">(x * x);
  });
}

TEST_CASE("gradients: products of batches of matrices") {
  auto const plain = [](auto x) { return tf::matmul(x, tf::sin(x)); };
  auto const turned = [](auto x) { return tf::matmul(x, tf::exp(x), tf::transpose_b); };
  check_gradient(tf::shape<2, 2, 2>, std::array<std::size_t, 3>{2, 2, 2}, spread(8, -1, 1), plain, turned);
  check_gradient(tf::shape<n, m, m>, std::array<std::size_t, 3>{2, 2, 2}, spread(8, -1, 1), plain, turned);
}

TEST_CASE("gradients: losses") {
  namespace losses = tf::losses;
  auto const y = tf::constant<"y">({{0.25, 0.75, 0.0}, {0.5, 0.125, 0.375}});
  auto const w = tf::constant<"w">({{2.0}, {0.5}});
  check_static([&](auto x) {
    return losses::absolute_difference(y, x, w) + 2.0 * losses::mean_squared_error(y, x, w) +
           3.0 * losses::huber_loss(y, x, w, 0.2) + 4.0 * losses::log_loss(y, x * 0.5) +
           5.0 * losses::hinge_loss(y, x * 3.0) + losses::sigmoid_cross_entropy(y, x, w, 0.1);
  });
  check_gradient(tf::shape<tf::dyn, 3>, std::array<std::size_t, 2>{2, 3}, spread(6, 0.1, 0.9), [&](auto x) {
    return 2.0 * losses::softmax_cross_entropy(y, x, 2.0) + 3.0 * losses::cosine_distance(y, x, tf::axis<1>, w) +
           4.0 * losses::mean_pairwise_squared_error(y, x, w) +
           losses::compute_weighted_loss(x * x, w, losses::Reduction::MEAN);
  });
  check_gradient(tf::shape<2, 3>, std::array<std::size_t, 2>{2, 3}, spread(6, 0.1, 0.9),
                 [&](auto x) { return losses::sparse_softmax_cross_entropy(tf::constant<"classes">({2, 0}), x); });
}

TEST_CASE("gradients: pools of volumes, and normalized images") {
  auto const largest = [](auto x) {
    return tf::square(tf::nn::max_pool3d(x, tf::ksize<2, 2, 2>, tf::strides<1, 2, 1>, tf::padding::SAME));
  };
  auto const means = [](auto x) {
    return tf::square(tf::nn::avg_pool3d(x, tf::ksize<2, 2, 2>, tf::strides<1, 1, 2>, tf::padding::SAME));
  };
  std::array<std::size_t, 5> const volume{1, 2, 3, 2, 2};
  check_gradient(tf::shape<1, 2, 3, 2, 2>, volume, spread(24, -1, 1), largest, means);
  check_gradient(tf::shape<n, 2, m, 2, 2>, volume, spread(24, -1, 1), largest, means);
  auto const by_batch = [](auto x) {
    auto const [y, mean, variance] =
        tf::nn::fused_batch_norm(x, tf::reduce_sum(x, tf::axes<0, 1, 2>), tf::zeros<double>(tf::shape<2>), 0.1);
    return y * mean + variance;
  };
  check_gradient(tf::shape<n, m, 2, 2>, std::array<std::size_t, 4>{1, 3, 2, 2}, spread(12, 0.2, 1.7), by_batch);
}

TEST_CASE("gradients: sparse matrices of symbolic extents") {
  auto const places = tf::constant<"places", std::int64_t>({{0, 1}, {1, 3}, {2, 0}});
  check_gradient(tf::shape<4, n>, std::array<std::size_t, 2>{4, 2}, spread(8, -1, 1), [&](auto x) {
    auto const values = tf::constant<"values">({0.5, -1.5, 2.0});
    return tf::sparse_tensor_dense_matmul(tf::SparseTensor(places, values, tf::shape<3, 4>), tf::sin(x));
  });
  check_gradient(
      tf::shape<tf::dyn>, std::array<std::size_t, 1>{3}, spread(3, -1, 1),
      [&](auto x) {
        auto const dense = tf::constant<"dense">({{0.5, 1.0}, {-1.0, 2.0}, {0.25, 3.0}, {1.5, -2.0}});
        return tf::sparse_tensor_dense_matmul(tf::SparseTensor(places, tf::sin(x), tf::shape<3, 4>), dense);
      },
      [&](auto x) { return tf::sparse_to_dense(tf::SparseTensor(places, tf::sin(x), tf::shape<3, 4>)); });
}

TEST_CASE("gradients: dropout, of which each new session draws the same mask again") {
  auto const check = [](auto const shape) {
    auto const x = tf::placeholder<"x", double>(shape);
    auto const y = tf::reduce_sum(tf::sin(tf::nn::dropout(x, 0.5, tf::seed(3))));
    auto const all = tf::fetch(y, std::get<0>(tf::gradients(y, x)));
    auto const run = [&](std::vector<double> const& at) {
      return tf::Session().run(all, x = op_test::tensor<double, 2>({2, 3}, at));
    };
    std::vector<double> const at = spread(6, 0.5, 1.5), dx = op_test::flat(std::get<1>(run(at)));
    for (std::size_t i = 0; i < at.size(); ++i) {
      std::vector<double> up = at, down = at;
      up[i] += 1e-5;
      down[i] -= 1e-5;
      CHECK(op_test::near(dx[i], (std::get<0>(run(up)) - std::get<0>(run(down))) / 2e-5, 1e-6));
    }
  };
  check(tf::shape<2, 3>);
  check(tf::shape<n, m>);
}
