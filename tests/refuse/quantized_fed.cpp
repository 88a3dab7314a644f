// SPDX-License-Identifier: Apache-2.0
// error: cannot_be_fed
// error: qint8
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto q = tf::placeholder<"q", tf::qint8>(tf::shape<2>);
  tf::Session sess;
  (void)sess.run(q, q = std::vector<int>{1, 2});
  (void)sess.run(q, q = std::vector<tf::qint8>{tf::qint8(1), tf::qint8(2)});
#ifdef REFUSED
  (void)sess.run(q, q = std::vector<float>{0.5f, 1.5f});
#endif
}
