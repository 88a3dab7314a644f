// SPDX-License-Identifier: Apache-2.0
// error: cannot_be_fed
// error: complex<float>
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<2>);
  std::vector<std::complex<float>> const z(2);
#ifdef REFUSED
  tf::Session().run(x, x = z);
#else
  tf::Session().run(x, x = std::vector<float>{z[0].real(), z[1].real()});
#endif
}
