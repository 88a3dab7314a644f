// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/kernel/nonzero.hpp>

TFX_BEGIN

/// Where x is true, or not 0: the coordinates of each such element, in row-major order, as int64 [found, rank]; or the
/// places in x as one row of elements, int64 [found]. The kernel finds how many there are. Constant to derivatives.
struct where_indices_op {
  static constexpr auto name = "Where";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.may_fail = true, .finds = true};
  static constexpr auto gradient = constant_to_derivatives;
  struct attributes {
    bool flat;  // places
    constexpr explicit attributes(attribute_words w) : flat(w[0] != 0) {}
  };

  static constexpr void infer(inference& call) {
    number_or_bool(call, call.types[0]);
    call.type = dtype::int64;
    if (call.failed() || call.defer()) return;
    dims const& x = call.shapes[0];
    if (x.rank == 0) return call.refuse(refusal_kind::rank, x);
    i64 count = 1;
    for (int i = 0; i < x.rank; ++i) count = call.derived(extent_rule::multiply, count, x[i]);
    call.shape.push_back(call.found(count));
    if (!attributes(call.attributes()).flat) call.shape.push_back(x.rank);
  }

  template <class Call>
  static void run(Call const& call) {
    constexpr dims x = Call::in_shape(0);
    constexpr int columns = attributes(Call::attributes()).flat ? 1 : x.rank;
    i64 const n = call.count(x), last = call.extent(x[x.rank - 1]);
    i64 extents[x.rank] = {};
    for (int i = 0; i < x.rank; ++i) extents[i] = call.extent(x[i]);
    i64 found = 0;
    if constexpr (columns == 1) {
      found = kernel::nonzero(call.template in<0>(), n, call.out());
    } else {
      found = kernel::nonzero<columns>(call.template in<0>(), last > 0 ? n / last : 0, extents, call.out());
    }
    call.find(Call::out_shape()[0], found);
  }
};

/// The coordinates of the elements of `condition` (bool, or numbers, which are true where they are not 0), of one axis
/// or more, that are true, in row-major order: int64 of shape [how many there are, rank].
/// `gather(x, squeeze(where(x > 0.0f), axis<1>))` is what `boolean_mask` makes.
template <name Name = "", expression C>
constexpr result_with<where_indices_op, Name, words<0>, C> where(C const& condition) {
  return apply<where_indices_op, Name, words<0>>(condition);
}

TFX_END
