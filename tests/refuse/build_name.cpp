// SPDX-License-Identifier: Apache-2.0
// error: is_not_a_valid_node_name
// error: 'w', ' ', '0'
// shown: return h * w
#include <tfx/tfx.hpp>

namespace tf = tfx;

#ifdef REFUSED
constexpr char separator = ' ';
#else
constexpr char separator = '/';
#endif

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<5>);
  auto scale = tf::build([](auto h) {
    auto w = tf::variable(tf::name_of("w", separator, 0), tf::ones({5}));
    return h * w;
  });
  auto y = scale(x);
  tf::Session().run(tf::global_variables_initializer(y));
}
