// SPDX-License-Identifier: Apache-2.0
// covers: sparse_tensor_dense_matmul sparse_to_dense sparse_placeholder
#include <tfx/op/array/sparse_to_dense.hpp>
#include <tfx/op/math/sparse_tensor_dense_matmul.hpp>
#include <tfx/tfx.hpp>
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;
using tf::i64;

namespace {
constexpr auto rows = tf::dim<"rows">;

// Unsorted, and one place twice: [3, 4].
xt::xtensor<i64, 2> const places{{2, 1}, {0, 3}, {2, 0}, {0, 3}, {1, 1}};
xt::xtensor<double, 1> const weights{0.5, -1.5, 2, 3, 0.25};

xt::xtensor<double, 2> dense_of(bool adjoint) {
  xt::xtensor<double, 2> a = xt::zeros<double>({adjoint ? 4 : 3, adjoint ? 3 : 4});
  for (std::size_t i = 0; i < weights.size(); ++i) {
    auto const r = static_cast<std::size_t>(places(i, 0)), c = static_cast<std::size_t>(places(i, 1));
    (adjoint ? a(c, r) : a(r, c)) += weights(i);
  }
  return a;
}
std::vector<double> product(xt::xtensor<double, 2> const& a, xt::xtensor<double, 2> const& b) {
  std::vector<double> out;
  for (std::size_t i = 0; i < a.shape(0); ++i)
    for (std::size_t j = 0; j < b.shape(1); ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < b.shape(0); ++k) sum += a(i, k) * b(k, j);
      out.push_back(sum);
    }
  return out;
}
auto const at = [] { return tf::constant<"at">({{2, 1}, {0, 3}, {2, 0}, {0, 3}, {1, 1}}); };
auto const in_order = [] { return tf::constant<"in_order">({{0, 3}, {1, 1}, {2, 0}, {2, 1}, {2, 3}}); };
}  // namespace

TEST_CASE("sparse_tensor_dense_matmul: against dense products, as stored and transposed, and for no elements") {
  auto const sp = tf::sparse_placeholder<"sp", double>(tf::shape<3, 4>);
  auto const b = tf::placeholder<"b", double>(tf::shape<4, 2>);
  auto const c = tf::placeholder<"c", double>(tf::shape<2, 3>);
  auto const plain = tf::sparse_tensor_dense_matmul(sp, b);
  auto const turned = tf::sparse_tensor_dense_matmul(sp, c, tf::adjoint_a, tf::adjoint_b);
  auto const fed_b = tensor<double, 2>({4, 2}, spread(8, -1, 1)), fed_c = tensor<double, 2>({2, 3}, spread(6, -1, 1));
  xt::xtensor<double, 2> const turned_c = xt::transpose(fed_c);
  tf::Session sess;
  auto const [p, t] =
      sess.run(tf::fetch(plain, turned), sp.indices = places, sp.values = weights, b = fed_b, c = fed_c);
  CHECK(same(p, product(dense_of(false), fed_b)));
  CHECK(same(t, product(dense_of(true), turned_c)));
  CHECK(same(sess.run(plain, sp.indices = xt::xtensor<i64, 2>({0, 2}), sp.values = std::vector<double>(), b = fed_b),
             std::vector<double>(6, 0.0)));
}

TEST_CASE("sparse_tensor_dense_matmul: derivatives to the dense matrix and to the values") {
  auto const times_x = [](auto const& x) {
    return tf::sparse_tensor_dense_matmul(
        tf::SparseTensor(at(), tf::constant<"w">({0.5, -1.5, 2.0, 3.0, 0.25}), tf::shape<3, 4>), tf::sin(x));
  };
  auto const into_x = [](auto const& x) {
    return tf::sparse_tensor_dense_matmul(
        tf::SparseTensor(at(), tf::constant<"w">({0.5, -1.5, 2.0, 3.0, 0.25}), tf::shape<3, 4>), tf::sin(x),
        tf::adjoint_a, tf::adjoint_b);
  };
  auto const values = [](auto const& x) {
    return tf::sparse_tensor_dense_matmul(tf::SparseTensor(at(), tf::sin(x), tf::shape<3, 4>),
                                          tf::constant<"d">({{0.5, 1.0}, {-1.0, 2.0}, {0.25, 3.0}, {1.5, -2.0}}));
  };
  auto const full = [](auto const& x) {
    return tf::sparse_to_dense(tf::SparseTensor(in_order(), tf::sin(x), tf::shape<3, 4>));
  };
  check_gradient(tf::shape<4, 2>, std::array<std::size_t, 2>{4, 2}, spread(8, -1, 1), times_x);
  check_gradient(tf::shape<2, 3>, std::array<std::size_t, 2>{2, 3}, spread(6, -1, 1), into_x);
  check_gradient(tf::shape<5>, std::array<std::size_t, 1>{5}, spread(5, -1, 1), values, full);
}

TEST_CASE("sparse_tensor_dense_matmul: a million classes, and rows that the run tells") {
  auto const words = tf::sparse_placeholder<"words", float>(tf::shape<rows, 1000000>);
  auto const table = tf::placeholder<"table", float>(tf::shape<1000000, 2>);
  auto const before = tf::placeholder<"before", float>(tf::shape<rows, 2>);  // tells how many rows there are
  auto const y = tf::sparse_tensor_dense_matmul(words, table) + before;
  xt::xtensor<float, 2> many = xt::zeros<float>({1000000, 2});
  many(999999, 1) = 3;
  tf::Session sess;
  auto const [dv] = tf::gradients(tf::reduce_sum(y), words.values);
  auto const [sum, to_values] =
      sess.run(tf::fetch(y, dv), words.indices = xt::xtensor<i64, 2>{{1, 999999}, {0, 5}},
               words.values = std::vector<float>{2, 7}, table = many, before = {{0, 0}, {0, 1}});
  CHECK(same(sum, {0, 0, 0, 7}));
  CHECK(same(to_values, {3, 0}));
}

TEST_CASE("sparse_tensor_dense_matmul: places outside are refused in TensorFlow's words, for the gradients too") {
  auto const sp = tf::sparse_placeholder<"sp", double>(tf::shape<3, 4>);
  auto const b = tf::placeholder<"b", double>(tf::shape<4, 2>);
  auto const y = tf::sparse_tensor_dense_matmul(sp, b);
  auto const [dv, db] = tf::gradients(y, sp.values, b);
  auto const full = tf::sparse_to_dense(sp);
  auto const [df] = tf::gradients(full, sp.values);
  auto const matrix = tensor<double, 2>({4, 2}, spread(8, -1, 1));
  tf::Session sess;
  auto const refused = [&](auto const& fetch, i64 row, i64 column) {
    return refusal([&] {
      sess.run(fetch, sp.indices = xt::xtensor<i64, 2>{{0, 1}, {row, column}}, sp.values = std::vector<double>{1, 2},
               b = matrix);
    });
  };
  CHECK(refused(y, 1, 4) == "k (4) from index[1,1] out of bounds (>=4)");
  CHECK(refused(y, 1, -1) == "k (-1) from index[1,1] out of bounds (>=4)");
  CHECK(refused(y, 3, 0) == "m (3) from index[1,0] out of bounds (>=3)");
  CHECK(refused(dv, 3, 0) == "m (3) from index[1,0] out of bounds (>=3)");
  CHECK(refused(db, 3, 0) == "k (3) from index[1,0] out of bounds (>=3)");
  CHECK(refused(full, 0, 4) == "indices[1] = [0,4] is out of bounds: need 0 <= index < [3,4]");
  CHECK(refused(full, 0, 1) == "indices[1] = [0,1] is repeated");
  CHECK(refused(full, 0, 0) == "indices[1] = [0,0] is out of order");
  CHECK(refused(df, 0, 0) == "indices[1] = [0,0] is out of order");
  CHECK(refused(y, 2, 3) == "");
  CHECK(refused(full, 2, 3) == "");
}
