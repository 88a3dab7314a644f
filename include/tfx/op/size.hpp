// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/leaves.hpp>
#include <tfx/kernel/described.hpp>

TFX_BEGIN

/// A product of extents as a number; a constant where they are static. Words: the dtype, then the extents.
struct size_op {
  static constexpr auto name = "Size";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr void infer(inference& call) { call.type = static_cast<dtype>(call.words[0]); }

  static constexpr int first_extent = 1;

  template <class Call>
  static void run(Call const& call) {
    i64 product = 1;
    for (int i = 1; i < Call::word_count; ++i) product *= call.extent(Call::word(i));
    *call.out() = static_cast<typename Call::out_type>(product);
  }
};

/// The number of elements along the axes `bits` of `x`, in x's dtype.
constexpr handle size_along(handle x, unsigned bits) {
  i64 attributes[1 + max_rank] = {static_cast<i64>(x.type())};
  int count = 1;
  i64 product = 1;
  for (int i = 0; i < x.rank(); ++i) {
    if (!(bits >> i & 1u)) continue;
    i64 const extent = x.graph->symbols.resolve(x.shape()[i]);
    if (extent >= 0) {
      product *= extent;
    } else {
      attributes[count++] = extent;
    }
  }
  if (count == 1) return scalar_like(x, static_cast<double>(product));
  if (product != 1) attributes[count++] = product;
  return {x.graph, x.graph->add(info<size_op>, nullptr, 0, attributes, count)};
}

TFX_END
