// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <tfx/tfx.hpp>
#include <vector>
#include <xtensor/xarray.hpp>

namespace tf = tfx;

// Each of C++'s integers is the dtype of its size and sign, also the one that the C library did not take for int64_t.
TEST_CASE_TEMPLATE("integers: each kind is fed, held and fetched", T, short, unsigned short, int, unsigned, long,
                   unsigned long, long long, unsigned long long, std::size_t, std::ptrdiff_t, std::int64_t) {
  auto x = tf::placeholder<"x", T>(tf::shape<tf::dyn>);
  auto n = tf::placeholder<"n", T>(tf::shape<>);
  tf::Session session;
  T const list[3] = {4, 5, 6};
  xt::xtensor<T, 1> const container = {7, 8, 9};
  xt::xarray<T> const dynamic = {7, 8, 10};
  CHECK(session.run(tf::reduce_sum(x), x = std::vector<T>{1, 2, 3}) == 6);
  CHECK(session.run(tf::reduce_sum(x), x = list) == 15);
  CHECK(session.run(tf::reduce_max(x), x = container) == 9);
  CHECK(session.run(tf::reduce_max(x), x = dynamic) == 10);
  CHECK(session.run(tf::constant(T(5)) + n, n = T(37)) == 42);
  CHECK(session.run(tf::cast<float>(n) * 0.5f, n = T(3)) == 1.5f);
  CHECK(session.run(tf::cast<T>(tf::constant(3.7f))) == 3);

  auto w = tf::variable<"w">(tf::constant(T(2)));
  session.run(tf::global_variables_initializer(w));
  CHECK(session.run(w + n, n = T(3)) == 5);
}

TEST_CASE("integers: dtypes go by size and sign") {
  CHECK(tf::dtype_of<long> == (sizeof(long) == 8 ? tf::dtype::int64 : tf::dtype::int32));
  CHECK(tf::dtype_of<std::size_t> == (sizeof(std::size_t) == 8 ? tf::dtype::uint64 : tf::dtype::uint32));
  CHECK(tf::dtype_of<long long> == tf::dtype::int64);
  CHECK(tf::dtype_of<unsigned long long> == tf::dtype::uint64);
}
