// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/gather.hpp>

TFX_BEGIN

namespace nn {
/// The rows of a table that ids name: of a table [v, …] and ids [b, t], int32 or int64 of any rank, [b, t, …]. An id
/// that the table has not ends the run with an InvalidArgumentError. Gradient: each row of dy added where it was read.
/// TensorFlow: embedding_lookup, of one table.
template <name Name = "", expression X, expression I>
constexpr result_with<gather_op, Name, words<0>, X, I> embedding_lookup(X const& table, I const& ids) {
  return apply<gather_op, Name, words<0>>(table, ids);
}
}  // namespace nn

TFX_END
