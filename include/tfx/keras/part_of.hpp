// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/expr.hpp>

TFX_BEGIN
namespace keras::detail {

template <u64 Hash>
struct shape_of_hash {
  static constexpr dims value = *lookup(key<Hash>{})->shape;
};
/// The expression of a hash that some expression reaches.
template <u64 Hash>
using expression_of = expr<type_of<lookup(key<Hash>{})->type>, shape_from<shape_of_hash<Hash>>, Hash>;
/// The same with the numbers that ride in it, which ride in `from` too.
template <u64 Hash, class From>
expression_of<Hash> part_of(From const& from) {
  expression_of<Hash> result;
  if constexpr (expression_of<Hash>::literal_count > 0) {
    static constexpr auto places = [] {
      descriptor const &all = *lookup(key<From::hash>{}), &part = *lookup(key<Hash>{});
      tfx::detail::literal_map<From::literal_count> map;
      for (int i = 0; i < From::literal_count; ++i) {
        map.at[i] = -1;
        for (int k = 0; k < part.number_count; ++k)
          if (part.numbers[k] == all.numbers[i]) map.at[i] = k;
      }
      return map;
    }();
    tfx::detail::literal_source const source{from.literals, places.at, From::literal_count};
    result.fill(&source, 1, expression_of<Hash>::literal_count);
  }
  return result;
}

}  // namespace keras::detail
TFX_END
