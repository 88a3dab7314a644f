// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>
#include <limits>
#include <tfx/tfx.hpp>

int main() {
  auto x = tfx::placeholder<"x", float>(tfx::shape<64>);
  tfx::Session session;
  xt::xtensor<float, 1> values(std::array<std::size_t, 1>{64});
  for (int i = 0; i < 64; ++i) values(i) = static_cast<float>(i - 40);
  auto const [e, s, t] = session.run(tfx::fetch(tfx::exp(x), tfx::nn::softplus(x), tfx::tanh(x)), x = values);
  int wrong = 0;
  for (int i = 0; i < 64; ++i) {
    double const v = i - 40;
    auto const check = [&](float got, double want) {
      if (std::fabs(static_cast<double>(got) - want) <= 1e-6 * std::fabs(want)) return;
      std::printf("%g: %g is not %g\n", v, static_cast<double>(got), want);
      ++wrong;
    };
    check(e(i), std::exp(v));
    check(s(i), std::log1p(std::exp(v)));
    check(t(i), std::tanh(v));
  }
  auto n = tfx::placeholder<"n", float>(tfx::shape<2>);
  auto const [is_nan, log] =
      session.run(tfx::fetch(tfx::is_nan(n), tfx::log(n)), n = {std::numeric_limits<float>::quiet_NaN(), 0.0f});
  return wrong + !is_nan(0) + is_nan(1) + !(log(1) < -1e30f);
}
