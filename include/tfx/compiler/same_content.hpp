// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/numbering.hpp>
#include <tfx/graph/effects.hpp>

TFX_BEGIN

namespace detail {

/// Whether two descriptors compute the same, wherever in the source their numbers and random ops stand.
constexpr bool same_content(descriptor const& first, descriptor const& second) {
  struct pair {
    descriptor const *a, *b;
  };
  vector<pair> stack;
  numbering met;
  stack.push_back({&first, &second});
  while (stack.count > 0) {
    pair const p = stack.items[--stack.count];
    descriptor const &a = *p.a, &b = *p.b;
    if (a.hash == b.hash) continue;
    if (int const seen = met.keys.count; met.of(mix(a.hash, b.hash)) < seen) continue;
    if (a.op->hash != b.op->hash || a.type != b.type || !(*a.shape == *b.shape) || a.name_hash != b.name_hash ||
        a.input_count != b.input_count || a.word_count != b.word_count)
      return false;
    bool const has_place =
        a.name.empty() && (a.op->state || a.op->is_token || a.op->renames_numbers || is<literal_op>(a.op));
    for (int i = 0; !has_place && i < a.word_count; ++i)
      if (a.words[i] != b.words[i]) return false;
    for (int i = 0; i < a.input_count; ++i) stack.push_back({a.inputs[i], b.inputs[i]});
  }
  return true;
}

/// Whether the nodes of one expression, met in two scopes, have the same values: variables may have been assigned
/// between them.
constexpr bool have_one_value(graph const& g, int const* first, int const* second, int count) {
  vector<int> stack;
  numbering met;
  auto const push = [&](int a, int b) {
    while (is<with_dependencies_op>(g.nodes[a].op)) a = g.input(g.nodes[a], 0);
    while (is<with_dependencies_op>(g.nodes[b].op)) b = g.input(g.nodes[b], 0);
    if (a == b) return;
    int const known = met.keys.count;
    if (met.of(mix(static_cast<u64>(a), static_cast<u64>(b))) < known) return;
    stack.push_back(a);
    stack.push_back(b);
  };
  for (int i = 0; i < count; ++i) push(first[i], second[i]);
  while (!stack.empty()) {
    node const b = g.nodes[stack.back()];
    stack.pop_back();
    node const a = g.nodes[stack.back()];
    stack.pop_back();
    if (a.op->hash != b.op->hash || a.identity != b.identity || a.input_count != b.input_count ||
        a.word_count != b.word_count)
      return false;
    for (int i = 0; i < a.word_count; ++i)
      if (g.word(a, i) != g.word(b, i)) return false;
    for (int i = 0; i < a.input_count; ++i) push(g.input(a, i), g.input(b, i));
  }
  return true;
}
}  // namespace detail

TFX_END
