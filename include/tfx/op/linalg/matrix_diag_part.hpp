// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/linalg/matrix_diag.hpp>

TFX_BEGIN

/// The diagonals of matrices, which need not be square: of [.., m, n] they are [.., min(m, n)].
template <name Name = "", expression X>
constexpr result_t<matrix_diag_part_op, Name, X> matrix_diag_part(X const& x) {
  return apply<matrix_diag_part_op, Name>(x);
}

TFX_END
