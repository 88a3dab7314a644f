// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/module.hpp>

TFX_BEGIN

/// One extent that a run computes.
struct extent_derivation {
  int symbol;
  extent_rule rule;
  i64 left, right;
};

namespace detail {

/// In which order a run finds out its extents, from those that tensors tell. A check in which one extent is told by
/// nothing else tells it: `reshape(v, shape<rows, 2>)` of 6 values has 3 rows.
class extent_order {
 public:
  vector<extent_derivation> derivations;

  constexpr explicit extent_order(symbol_table const& symbols)
      : symbols_(&symbols), told_(symbols.entries.size() + 1, 0) {}

  /// The run has a tensor of this shape before it computes any.
  constexpr void tell(dims const& shape) {
    for (int i = 0; i < shape.rank; ++i)
      if (i64 const extent = symbols_->resolve(shape.extent[i]); extent < 0) told_[symbol_of(extent)] = 1;
  }
  constexpr bool knows(i64 extent) const {
    extent = symbols_->resolve(extent);
    return extent >= 0 || told_[symbol_of(extent)] != 0;
  }
  constexpr bool knows(dims const& shape) const {
    for (int i = 0; i < shape.rank; ++i)
      if (!knows(shape.extent[i])) return false;
    return true;
  }
  constexpr bool knows(extent_check const& c) const { return knows(c.left) && knows(c.right) && knows(c.to); }
  /// Every extent is told as it is: nothing has to be found out.
  constexpr bool complete() const {
    for (int i = 0; i < symbols_->entries.size(); ++i)
      if (symbols_->entries[i].same_as == 0 && symbols_->entries[i].rule == extent_rule::given && told_[i] == 0)
        return false;
    return true;
  }
  constexpr void find() {
    for (bool more = true; more;) {
      more = false;
      for (int i = 0; i < symbols_->entries.size(); ++i) {
        symbol_entry const& e = symbols_->entries[i];
        if (e.same_as == 0 && e.rule != extent_rule::given && knows(e.left) && knows(e.right))
          more = derive(symbol_extent(i), e.rule, e.left, e.right) || more;
      }
      for (extent_check const& c : symbols_->checks)
        if (!c.at_most) more = solve(c) || more;
    }
  }

 private:
  symbol_table const* symbols_;
  vector<char> told_;  // by symbol

  constexpr bool derive(i64 extent, extent_rule rule, i64 left, i64 right) {
    if (knows(extent)) return false;
    int const symbol = symbol_of(symbols_->resolve(extent));
    derivations.push_back({symbol, rule, symbols_->resolve(left), symbols_->resolve(right)});
    told_[symbol] = 1;
    return true;
  }
  constexpr bool solve(extent_check const& c) {
    bool const left = knows(c.left), right = knows(c.right);
    if (left && right) return derive(c.to, c.rule, c.left, c.right);
    if (!knows(c.to) || (!left && !right)) return false;
    switch (c.rule) {
      case extent_rule::add:
        return derive(left ? c.right : c.left, extent_rule::subtract, c.to, left ? c.left : c.right);
      case extent_rule::multiply:
        return derive(left ? c.right : c.left, extent_rule::divide, c.to, left ? c.left : c.right);
      case extent_rule::subtract:
        return left ? derive(c.right, extent_rule::subtract, c.left, c.to)
                    : derive(c.left, extent_rule::add, c.to, c.right);
      default:
        return !left && derive(c.left, extent_rule::multiply, c.to, c.right);
    }
  }
};

/// Keeps the tensors that tell extents, so far as anything reads them or nothing else tells theirs, and refuses a run
/// in which nothing tells an extent that it uses.
constexpr void tell_extents(module& m) {
  extent_order first(m.symbols);
  for (int feed : m.feeds)
    if (feed >= 0) first.tell(m.nodes[feed].shape);
  if (m.tellers.empty() && first.complete()) return;
  vector<char> const read = reached(m.nodes.begin(), m.size(), m.edges.begin(), m.fetches.begin(), m.fetches.size(),
                                    m.feeds.begin(), m.feeds.size());
  for (int id : m.tellers)
    if (read[id]) first.tell(m.nodes[id].shape);
  extent_order order = first;
  order.find();
  vector<int> kept;
  for (int id : m.tellers) {
    bool const needed = !order.knows(m.nodes[id].shape);
    if (needed) first.tell(m.nodes[id].shape);
    if (needed || read[id]) kept.push_back(id);
  }
  m.tellers = kept;
  order = first;
  order.find();
  for (int id = 0; id < m.size() && m.error.kind == refusal_kind::none; ++id) {
    node const& n = m.nodes[id];
    if (!read[id] || order.knows(n.shape)) continue;
    m.error.kind = refusal_kind::untold_shape;
    m.error.text = n.name.empty() ? n.op->name : n.name;
    for (int i = 0; i < n.shape.rank; ++i) {
      if (order.knows(n.shape[i])) continue;
      symbol_entry const& e = m.symbols.entries[symbol_of(m.symbols.resolve(n.shape[i]))];
      if (e.text.empty()) continue;
      m.error.kind = refusal_kind::untold_dimension;
      m.error.text = e.text;
    }
  }
}
}  // namespace detail

TFX_END
