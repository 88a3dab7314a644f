// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/numbering.hpp>
#include <tfx/base/vector.hpp>
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
/// Where each number of `part`, which `all` reaches, stands among those of `all`, or −1: under its own id, or that
/// which what renames numbers on the way there gives it.
constexpr vector<int> places_of_numbers(descriptor const& all, descriptor const& part) {
  struct visit {
    descriptor const* d;
    int from;  // what it was reached by
  };
  vector<visit> reached;
  numbering seen;
  seen.of(all.hash);
  reached.push_back({&all, -1});
  int at = 0;
  while (at < reached.size() && reached[at].d->hash != part.hash) {
    descriptor const& d = *reached[at].d;
    for (int i = 0; i < d.input_count; ++i)
      if (int const met = seen.keys.count; seen.of(d.inputs[i]->hash) == met) reached.push_back({d.inputs[i], at});
    ++at;
  }
  vector<int> places;
  for (int k = 0; k < part.number_count; ++k) {
    u64 id = part.numbers[k];
    for (int i = at; i < reached.size() && reached[i].from >= 0; i = reached[i].from) {
      descriptor const& outer = *reached[reached[i].from].d;
      if (outer.op->renames_numbers) id = tfx::detail::renaming_of(outer.words)(id);
    }
    int place = at < reached.size() ? all.number_count - 1 : -1;
    while (place >= 0 && all.numbers[place] != id) --place;
    places.push_back(place);
  }
  return places;
}
/// The same with the numbers that ride in it, which ride in `from` too.
template <u64 Hash, class From>
expression_of<Hash> part_of(From const& from) {
  expression_of<Hash> result;
  if constexpr (expression_of<Hash>::literal_count > 0) {
    struct number_places {
      tfx::detail::literal_map<From::literal_count> map;
      bool complete = true;

      constexpr number_places() {
        vector<int> const found = places_of_numbers(*lookup(key<From::hash>{}), *lookup(key<Hash>{}));
        for (int& to : map.at) to = -1;
        for (int k = 0; k < found.size(); ++k) {
          complete = complete && found[k] >= 0;
          if (found[k] >= 0) map.at[found[k]] = k;
        }
      }
    };
    static constexpr number_places places{};
    static_assert(places.complete, "tfx: a number of a part of a model does not ride in the whole: give it a name");
    tfx::detail::literal_source const source{from.literals, places.map.at, From::literal_count};
    result.fill(&source, 1, expression_of<Hash>::literal_count);
  }
  return result;
}

}  // namespace keras::detail
TFX_END
