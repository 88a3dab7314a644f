// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

results in_second(tf::Session& sess, bool initializes) { return compute(sess, initializes); }
float weighed_in_second(float value) { return tf::Session().run(weigh(x), x = value); }
