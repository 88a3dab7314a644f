// SPDX-License-Identifier: Apache-2.0
// covers: gather add_n rank shape_of
#include <support/op_test.hpp>
#include <tfx/op/array/gather.hpp>
#include <tfx/op/array/rank.hpp>
#include <tfx/op/array/shape_of.hpp>
#include <tfx/op/math/add_n.hpp>

namespace tf = tfx;
using op_test::refusal, op_test::same, op_test::spread, op_test::tensor;

namespace {
constexpr auto batch = tf::dim<"batch">;
constexpr auto words = tf::dim<"words">;

/// x [outer, n, inner] read at `at` along the middle axis.
std::vector<double> gathered(std::vector<double> const& x, std::vector<int> const& at, std::size_t outer, std::size_t n,
                             std::size_t inner) {
  std::vector<double> out;
  for (std::size_t o = 0; o < outer; ++o)
    for (int const i : at)
      for (std::size_t k = 0; k < inner; ++k) out.push_back(x[(o * n + static_cast<std::size_t>(i)) * inner + k]);
  return out;
}

// Facts of an expression's type.
auto const m = tf::placeholder<"m", float>(tf::shape<batch, 3>);
static_assert(decltype(m)::rank == 2 && decltype(m)::shape == tf::shape<batch, 3>);
static_assert(m.get_shape() == tf::shape<batch, 3> && !(m.get_shape() == tf::shape<tf::dyn, 3>));
static_assert(!(tf::shape<2, 3> == tf::shape<2, 3, 1>) && tf::shape<2ul> == tf::shape<2>);
static_assert(decltype(tf::placeholder<"u", float>())::rank == -1);
static_assert(m.name() == "m:0" && m.op_name() == "m" && m.op_type() == "Placeholder");
static_assert(decltype(tf::matmul<"hidden">(m, tf::zeros(tf::shape<3, 2>)))::name() == "hidden:0");
static_assert(decltype(tf::matmul(m, tf::zeros(tf::shape<3, 2>)))::op_type() == "MatMul");
static_assert(decltype(tf::reduce_sum(m))::name() == "Sum:0");
static_assert(decltype(tf::zeros(tf::shape<2>))::op_type() == "Const");
static_assert(std::tuple_element_t<1, decltype(tf::nn::top_k(m, tf::k<2>))>::name() == "TopKV2:1");
static_assert(decltype(tf::gather(m, tf::constant({{0, 1}, {2, 3}})))::shape == tf::shape<2, 2, 3>);
static_assert(decltype(tf::gather(m, tf::constant(1), tf::axis<-1>))::shape == tf::shape<batch>);
static_assert(decltype(tf::gather(m, tf::constant({0, 1})))::op_type() == "GatherV2");
}  // namespace

TEST_CASE("gather: along any axis, indices of any rank and of both dtypes") {
  std::vector<double> const v = spread(24, -1, 1);
  auto const x = tf::placeholder<"x", double>(tf::shape<2, 3, 4>);
  auto const i = tf::placeholder<"i", int>(tf::shape<2, 2>);
  auto const j = tf::placeholder<"j", std::int64_t>(tf::shape<words>);
  auto const s = tf::placeholder<"s", int>(tf::shape<>);
  tf::Session sess;
  auto const [a, b, c, d, e] = sess.run(
      tf::fetch(tf::gather(x, i), tf::gather(x, i, tf::axis<1>), tf::gather(x, j, tf::axis<-1>),
                tf::gather(x, s, tf::axis<1>), tf::gather(tf::reshape(x, tf::shape<24>), j)),
      x = tensor<double, 3>({2, 3, 4}, v), i = {{1, 0}, {1, 1}}, j = std::vector<std::int64_t>{3, 0, 3}, s = 1);
  CHECK(same(a, gathered(v, {1, 0, 1, 1}, 1, 2, 12)));
  CHECK((a.dimension() == 4 && a.shape()[0] == 2 && a.shape()[1] == 2 && a.shape()[3] == 4));
  CHECK(same(b, gathered(v, {1, 0, 1, 1}, 2, 3, 4)));
  CHECK(same(c, gathered(v, {3, 0, 3}, 6, 4, 1)));
  CHECK(c.shape()[2] == 3);
  CHECK(same(d, gathered(v, {1}, 2, 3, 4)));
  CHECK(same(e, {v[3], v[0], v[3]}));
}

TEST_CASE("gather: run-time extents, none of anything, integers, bool, complex numbers and strings") {
  auto const x = tf::placeholder<"x", float>(tf::shape<batch, 2>);
  auto const i = tf::placeholder<"i", int>(tf::shape<words>);
  tf::Session sess;
  auto const all = tf::fetch(tf::gather(x, i), std::get<0>(tf::gradients(tf::gather(x, i), x)));
  for (std::size_t n : {3u, 1u, 0u}) {
    std::vector<int> at;
    for (std::size_t k = 0; k < 2 * n; ++k) at.push_back(static_cast<int>(k % n));
    std::vector<double> const v = spread(2 * n, -1, 1);
    auto const [y, dx] = sess.run(all, x = tensor<float, 2>({n, 2}, v), i = at);
    CHECK(same(y, gathered(v, at, 1, n, 2)));
    CHECK(same(dx, std::vector<double>(2 * n, 2.0)));
  }
  auto const [none, dx] = sess.run(all, x = {{1, 2}, {3, 4}}, i = std::vector<int>{});
  CHECK((none.shape()[0] == 0 && same(dx, {0, 0, 0, 0})));

  auto const at = tf::constant({2, 0, 2});
  auto const [ints, bits, texts, z] = sess.run(
      tf::fetch(tf::gather(tf::constant<std::int8_t>({5, 6, 7}), at), tf::gather(tf::constant({true, true, false}), at),
                tf::gather(tf::constant({"a", "b", "a text that is longer than fifteen letters"}), at),
                tf::gather(tf::complex(tf::constant({1.0, 2.0, 3.0}), tf::constant({4.0, 5.0, 6.0})), at)));
  CHECK(same(ints, {7, 5, 7}));
  CHECK(same(bits, {0, 1, 0}));
  CHECK((texts(0).size() > 15 && texts(1) == "a" && texts(2) == texts(0)));
  CHECK((z(0) == std::complex<double>(3, 6) && z(1) == std::complex<double>(1, 4)));
}

TEST_CASE("gather: no index that the tensor has not, in a value nor in its gradient") {
  auto const x = tf::placeholder<"x", double>(tf::shape<batch, 4>);
  auto const i = tf::placeholder<"i", std::int64_t>(tf::shape<2, 2>);
  auto const s = tf::placeholder<"s", int>(tf::shape<>);
  auto const dx = std::get<0>(tf::gradients(tf::gather(x, i), x));
  auto const feed = tensor<double, 2>({3, 4}, spread(12, -1, 1));
  tf::Session sess;
  auto const rows = [](std::int64_t a, std::int64_t b) { return xt::xtensor<std::int64_t, 2>{{0, a}, {b, 2}}; };
  CHECK(same(sess.run(tf::reduce_sum(dx, tf::axis<1>), x = feed, i = rows(2, 2)), {4, 0, 12}));
  CHECK(refusal([&] { sess.run(tf::gather(x, i), x = feed, i = rows(1, 3)); }) == "indices[1,0] = 3 is not in [0, 3)");
  CHECK(refusal([&] { sess.run(tf::gather(x, i), x = feed, i = rows(-1, 3)); }) ==
        "indices[0,1] = -1 is not in [0, 3)");
  CHECK(refusal([&] { sess.run(dx, x = feed, i = rows(1, 3)); }) == "indices[1,0] = 3 is not in [0, 3)");
  CHECK(refusal([&] { sess.run(tf::gather(x, s), x = feed, s = 3); }) == "indices = 3 is not in [0, 3)");
  CHECK(refusal([&] { sess.run(tf::gather(x, s, tf::axis<1>), x = feed, s = 4); }) == "indices = 4 is not in [0, 4)");
  // Large ones are compared as they are, not as what is left of them in 32 bits.
  CHECK(refusal([&] { sess.run(tf::gather(x, i), x = feed, i = rows(std::int64_t{1} << 32, 0)); }) ==
        "indices[0,1] = 4294967296 is not in [0, 3)");
}

TEST_CASE("gather: derivatives add up rows of equal indices; second order, static and symbolic") {
  auto const build = [](auto x) {
    auto const rows = tf::gather(x, tf::constant<"rows">({1, 0, 1, 1}));
    return tf::square(tf::gather(rows, tf::constant<"columns">({{2, 2}, {0, 1}}), tf::axis<1>)) * rows[tf::index<0>][0];
  };
  op_test::check_gradient(tf::shape<2, 3>, std::array<std::size_t, 2>{2, 3}, spread(6, 0.5, 1), build);
  op_test::check_gradient(tf::shape<batch, 3>, std::array<std::size_t, 2>{2, 3}, spread(6, 0.5, 1), build);
}

TEST_CASE("add_n: the sum of tensors, its derivatives, and nothing that would have to broadcast") {
  auto const x = tf::placeholder<"x", double>(tf::shape<batch>);
  auto const y = tf::placeholder<"y", double>(tf::shape<batch>);
  auto const sum = tf::add_n(x, x * y, y, x);
  auto const [dx, dy] = tf::gradients(sum, x, y);
  auto const [dxdy] = tf::gradients(dx, y);
  tf::Session sess;
  auto const [s, gx, gy, gxy, forward, alone] =
      sess.run(tf::fetch(sum, dx, dy, dxdy, tf::jvp(sum, x, y), tf::add_n(x)), x = {1.0, 2.0}, y = {3.0, 5.0});
  CHECK(same(s, {8, 19}));
  CHECK(same(gx, {5, 7}));
  CHECK(same(gy, {2, 3}));
  CHECK(same(gxy, {1, 1}));
  CHECK(same(forward, {15, 35}));
  CHECK(same(alone, {1, 2}));
  auto const z = tf::placeholder<"z", double>(tf::shape<tf::dyn>);
  CHECK(
      !refusal([&] { sess.run(tf::add_n(x, z), x = std::vector<double>{1, 2}, z = std::vector<double>{1}); }).empty());
  static_assert(decltype(tf::add_n<"total">(x, y))::op_type() == "AddN");
}

TEST_CASE("rank, shape_of: numbers of static, symbolic and late shapes") {
  auto const x = tf::placeholder<"x", double>(tf::shape<batch, 3, 0>);
  auto const u = tf::placeholder<"u", float>();
  tf::Session sess;
  auto const [r, s, wide, scalar, late, late_rank] =
      sess.run(tf::fetch(tf::rank(x), tf::shape_of(x), tf::shape_of<std::int64_t>(tf::transpose(x)),
                         tf::shape_of(tf::constant(1.0)), tf::shape_of(u * 2.0f), tf::rank(u)),
               x = tensor<double, 3>({5, 3, 0}, {}), u = tensor<float, 2>({2, 7}, spread(14, 0, 1)));
  CHECK(r == 3);
  CHECK(same(s, {5, 3, 0}));
  CHECK(same(wide, {0, 3, 5}));
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(wide(0))>, std::int64_t>);
  CHECK(scalar.size() == 0);
  CHECK(same(late, {2, 7}));
  CHECK(late_rank == 2);
  CHECK(same(sess.run(tf::shape_of(m) * 2, m = tensor<float, 2>({4, 3}, spread(12, 0, 1))), {8, 6}));
}
