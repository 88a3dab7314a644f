// SPDX-License-Identifier: Apache-2.0
// error: duplicate_tag
// error: loss
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<>);
  auto both = tf::summary::merge(tf::summary::scalar<"loss">(x), tf::summary::histogram<"w">(x));
#ifdef REFUSED
  auto all = tf::summary::merge(both, tf::summary::scalar<"loss">(x + 1.0f));
#else
  auto all = tf::summary::merge(both, tf::summary::scalar<"other">(x + 1.0f),
                                tf::summary::image<"loss">(tf::zeros(tf::shape<1, 2, 2, 1>)));
#endif
  tf::Session().run(all, x = 1.0f);
}
