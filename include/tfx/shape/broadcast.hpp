// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/shape/symbols.hpp>

TFX_BEGIN

/// The common extent of two that must agree, of the shapes `first` and `second`; `dims::unknown` in the types stands
/// for any extent. False: they differ.
constexpr bool unify_extents(i64 a, i64 b, symbol_table* symbols, i64& common, dims const& first, dims const& second) {
  common = a;
  if (symbols) {
    if (!symbols->unify(a, b, first, second)) return false;
    common = symbols->common(a, b);
    return true;
  }
  if (a == b || b == dims::unknown) return true;
  if (a == dims::unknown) {
    common = b;
    return true;
  }
  return false;
}

/// NumPy's rule, aligned at the right: extents agree, or one is a static 1. False: the shapes do not broadcast.
constexpr bool broadcast(dims const& a, dims const& b, symbol_table* symbols, dims& out) {
  dims result;
  result.rank = a.rank > b.rank ? a.rank : b.rank;
  for (int i = 0; i < result.rank; ++i) {
    int const ia = i - (result.rank - a.rank), ib = i - (result.rank - b.rank);
    i64 const ea = ia < 0 ? 1 : symbols ? symbols->resolve(a[ia]) : a[ia];
    i64 const eb = ib < 0 ? 1 : symbols ? symbols->resolve(b[ib]) : b[ib];
    if (ea == 1) {
      result[i] = eb;
    } else if (eb == 1) {
      result[i] = ea;
    } else if (!unify_extents(ea, eb, symbols, result[i], a, b)) {
      return false;
    }
  }
  out = result;
  return true;
}

TFX_END
