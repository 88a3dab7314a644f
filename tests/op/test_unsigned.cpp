// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include "support/op_test.hpp"

namespace tf = tfx;

namespace {
/// What a dtype of natural numbers does near its limit: numbers wrap, and their order has no sign.
template <class T>
void check_naturals(char const* name) {
  CAPTURE(name);
  constexpr T most = std::numeric_limits<T>::max(), half = most / 2 + 1;
  auto const x = tf::placeholder<"x", T>(tf::shape<4>);
  auto const y = tf::placeholder<"y", T>(tf::shape<4>);
  using list = xt::xtensor<T, 1>;
  list const a{most, 0, half, 7}, b{1, 1, static_cast<T>(half - 1), 2};
  tf::Session sess;
  auto const [fed, sum, difference, product, quotient, rest, larger] =
      sess.run(tf::fetch(x, x + y, x - y, x * y, tf::floordiv(x, y), tf::mod(x, y), tf::maximum(x, y)), x = a, y = b);
  CHECK(fed == a);
  CHECK(sum == list{0, 1, most, 9});
  CHECK(difference == list{static_cast<T>(most - 1), most, 1, 5});
  CHECK(product == list{most, 0, static_cast<T>(half * (half - 1)), 14});
  CHECK(quotient == list{most, 0, 1, 3});
  CHECK(rest == list{0, 0, 1, 1});
  CHECK(larger == list{most, 1, half, 7});
  auto const [less, same, total, top, bottom, most_at] =
      sess.run(tf::fetch(tf::less(x, y), tf::equal(x, y), tf::reduce_sum(x), tf::reduce_max(x), tf::reduce_min(x),
                         tf::argmax(x, tf::axis<0>)),
               x = a, y = b);
  CHECK(less == xt::xtensor<bool, 1>{false, true, false, false});
  CHECK(same == xt::xtensor<bool, 1>{false, false, false, false});
  CHECK(total == static_cast<T>(most + half + 7));
  CHECK(top == most);
  CHECK(bottom == 0);
  CHECK(most_at == 0);
  auto const [real, back, ones] = sess.run(
      tf::fetch(tf::cast<double>(x), tf::cast<T>(tf::cast<double>(y)), tf::fill(tf::shape<2>, most)), x = a, y = b);
  CHECK(real == xt::xtensor<double, 1>{static_cast<double>(most), 0, static_cast<double>(half), 7});
  CHECK(back(3) == 2);
  CHECK(ones == list{most, most});
  CHECK_THROWS_AS(sess.run(x + y, x = {1, 2, 3, -1}, y = b), tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(x + y, x = {1.0, 2.0, 3.0, 2.0 * static_cast<double>(most)}, y = b),
                  tf::errors::InvalidArgumentError);
}
}  // namespace

TEST_CASE("uint32 and uint64: feeds, fetches, arithmetic, comparisons, reductions, casts, fill") {
  check_naturals<std::uint32_t>("uint32");
  check_naturals<std::uint64_t>("uint64");
}
