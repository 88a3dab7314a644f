// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/described.hpp>

TFX_BEGIN

namespace kernel {
/// The columns of a matrix of m rows, each without its parts along those before it, of length 1: what is q in a = q r
/// with a positive diagonal of r. Twice, since the first time leaves what rounding hides. In place.
template <class T>
void orthonormalize(T* q, i64 m, i64 n) {
  auto const product = [&](i64 i, i64 j) {
    double sum = 0;
    for (i64 row = 0; row < m; ++row) sum += static_cast<double>(q[row * n + i]) * static_cast<double>(q[row * n + j]);
    return sum;
  };
  for (i64 j = 0; j < n; ++j) {
    for (int pass = 0; pass < 2; ++pass) {
      for (i64 i = 0; i < j; ++i) {
        double const along = product(i, j);
        for (i64 row = 0; row < m; ++row)
          q[row * n + j] =
              static_cast<T>(static_cast<double>(q[row * n + j]) - along * static_cast<double>(q[row * n + i]));
      }
      double const length = std::sqrt(product(j, j));
      for (i64 row = 0; length > 0 && row < m; ++row)
        q[row * n + j] = static_cast<T>(static_cast<double>(q[row * n + j]) / length);
    }
  }
}
}  // namespace kernel

/// The columns of a matrix as an orthonormal basis of what they span, by Gram and Schmidt's rule. It has not more
/// columns than rows.
struct orthonormal_op {
  static constexpr auto name = "Orthonormal";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{};
  static constexpr void infer(inference& call) {
    only_floating(call, call.types[0]);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return;
    dims const& x = call.shapes[0];
    if (x.rank != 2) return call.refuse(refusal_kind::rank, x);
    if (x[0] >= 0 && x[1] > x[0]) return call.refuse(refusal_kind::axis, x, {}, 1);
    call.shape = x;
  }
  template <class Call>
  static void run(Call const& call) {
    constexpr dims x = Call::in_shape(0);
    i64 const m = call.extent(x[0]), n = call.extent(x[1]);
    auto const* const from = call.template in<0>();
    for (i64 i = 0; i < m * n; ++i) call.out()[i] = from[i];
    kernel::orthonormalize(call.out(), m, n);
  }
};

TFX_END
