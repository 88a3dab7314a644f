// SPDX-License-Identifier: Apache-2.0
// error: axis_out_of_range
// error: reduce_sum_op
// error: shape_t<5, 2>
// shown: return x - tf::reduce_sum
// shown: x = centred(x)
// shown: return layers(h)
#include <tfx/tfx.hpp>

namespace tf = tfx;

#ifdef REFUSED
constexpr int last = 2;
#else
constexpr int last = 1;
#endif

template <class X>
constexpr auto centred(X const& x) {
  return x - tf::reduce_sum(x, tf::axes<last>, tf::keepdims);
}

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<5, 2>);
  auto tower = tf::build([](auto h) {
    auto layers = tf::build([](auto x) {
      for (int i = 0; i < 3; ++i) x = centred(x);
      return x;
    });
    return layers(h);
  });
  tf::Session().run(tower(x), x = {{1, 2}, {3, 4}, {5, 6}, {7, 8}, {9, 10}});
}
