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
  bool kernels_ran = false;  // found extents are told where their bounds are

  constexpr explicit extent_order(symbol_table const& symbols)
      : symbols_(&symbols), count_(symbols.entries.size()), told_(count_ + 1, 0) {}

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
      for (int i = 0; i < count_; ++i) {
        symbol_entry const& e = symbols_->entries[i];
        if (e.same_as != 0 || e.rule == extent_rule::given || !knows(e.left) || !knows(e.right)) continue;
        if (e.rule != extent_rule::found) {
          more = derive(symbol_extent(i), e.rule, e.left, e.right) || more;
        } else if (kernels_ran && told_[i] == 0) {
          told_[i] = 1;
          more = true;
        }
      }
      for (extent_check const& c : symbols_->checks)
        if (!c.at_most) more = solve(c) || more;
    }
  }

 private:
  symbol_table const* symbols_;
  int count_;          // of the symbols that are asked about: others may join them
  vector<char> told_;  // by symbol

  constexpr bool derive(i64 extent, extent_rule rule, i64 left, i64 right) {
    if (knows(extent)) return false;
    int const symbol = symbol_of(symbols_->resolve(extent));
    derivations.push_back({symbol, rule, symbols_->resolve(left), symbols_->resolve(right)});
    told_[symbol] = 1;
    return true;
  }
  // What kernels find, and what is computed from it, no check tells: it is compared.
  constexpr bool tell(i64 extent, extent_rule rule, i64 left, i64 right) {
    return !symbols_->depends_on_found(extent) && derive(extent, rule, left, right);
  }
  constexpr bool solve(extent_check const& c) {
    bool const left = knows(c.left), right = knows(c.right);
    if (left && right) return tell(c.to, c.rule, c.left, c.right);
    if (!knows(c.to) || (!left && !right)) return false;
    switch (c.rule) {
      case extent_rule::add:
        return tell(left ? c.right : c.left, extent_rule::subtract, c.to, left ? c.left : c.right);
      case extent_rule::multiply:
        return tell(left ? c.right : c.left, extent_rule::divide, c.to, left ? c.left : c.right);
      case extent_rule::subtract:
        return left ? tell(c.right, extent_rule::subtract, c.left, c.to)
                    : tell(c.left, extent_rule::add, c.to, c.right);
      case extent_rule::given:
        return tell(c.left, extent_rule::given, c.to, 0);
      case extent_rule::windows:
      case extent_rule::smaller:
        return false;  // several extents have the same result
      default:
        return !left && tell(c.left, extent_rule::multiply, c.to, c.right);
    }
  }
};

constexpr bool finds_extents(module_view const& m) {
  for (int i = 0; i < m.count.symbols; ++i)
    if (m.symbols[i].rule == extent_rule::found) return true;
  return false;
}
/// Extents that kernels find, in a module that has some, and what is computed from them.
class found_extents {
 public:
  constexpr explicit found_extents(module_view const& m)
      : symbols_(begin_from(m).symbols), made_by_(m.count.symbols + 1, 0), finder_(m.count.symbols + 1, -1) {
    extent_order order(symbols_);
    for (int i = 0; i < m.count.feeds; ++i)
      if (m.feeds[i] >= 0) order.tell(m.nodes[m.feeds[i]].shape);
    for (int id = 0; id < m.count.nodes; ++id) {
      node const& n = m.nodes[id];
      if (is<literal_op>(n.op) || is<variable_op>(n.op)) order.tell(n.shape);
      for (int i = 0; n.op->finds && i < n.shape.rank; ++i)
        if (n.shape[i] < 0 && symbols_.entries[symbol_of(n.shape[i])].rule == extent_rule::found)
          finder_[symbol_of(n.shape[i])] = id;
    }
    order.find();
    int const known = order.derivations.size();
    order.kernels_ran = true;
    order.find();
    derivations_ = order.derivations;
    for (int i = known; i < derivations_.size(); ++i) made_by_[derivations_[i].symbol] = i + 1;
  }
  /// Calls `visit(node)` for each whose kernel must have run before `symbol` is known.
  template <class Visit>
  constexpr void for_finders(int symbol, Visit const& visit) const {
    if (finder_[symbol] >= 0) visit(finder_[symbol]);
    if (made_by_[symbol] == 0) return;
    extent_derivation const& d = derivations_[made_by_[symbol] - 1];
    for (i64 const extent : {d.left, d.right})
      if (extent < 0) for_finders(symbol_of(extent), visit);
  }

 private:
  symbol_table symbols_;
  vector<extent_derivation> derivations_;
  vector<int> made_by_;  // by symbol: the derivation that waits for kernels, + 1
  vector<int> finder_;   // by symbol: the node whose kernel finds it, -1
};

/// What is known of extents before kernels find them: for each another one that is no less.
class extent_bounds {
 public:
  constexpr explicit extent_bounds(symbol_table& symbols) : symbols_(&symbols) {}

  /// Until it is told more, an extent is its own bound.
  constexpr void begin() {
    for (int i = 0; i < symbols_->entries.size(); ++i) bounds_.push_back(symbol_extent(i));
  }
  constexpr i64 of(i64 extent) const {
    return extent >= 0 || symbol_of(extent) >= bounds_.size() ? extent : bounds_[symbol_of(extent)];
  }
  constexpr void find(int symbol) { bounds_[symbol] = of(symbols_->resolve(symbols_->entries[symbol].left)); }
  constexpr void derive(extent_derivation const& d) { bounds_[d.symbol] = bound(d); }

 private:
  symbol_table* symbols_;  // which gets those that are computed from others
  vector<i64> bounds_;     // by symbol

  constexpr i64 bound(extent_derivation const& d) {
    i64 const left = of(d.left);
    switch (d.rule) {
      case extent_rule::add:
      case extent_rule::multiply:
      case extent_rule::smaller:
        return symbols_->derived(d.rule, left, of(d.right));
      case extent_rule::windows:
        // Where not even the bound has room for a window, the run is refused.
        if (left >= 0 && window_stride(d.right).places(left) < 0) return 0;
        return symbols_->derived(d.rule, left, d.right);
      case extent_rule::divide:
      case extent_rule::split:
      case extent_rule::blocks:
        // Rounded up: it is what the kernel finds that must be divisible.
        if (d.right > 0 && d.right >> 31 == 0)
          return symbols_->derived(extent_rule::windows, left, window_stride(1, d.right).code());
        return left;
      default:
        return left;
    }
  }
};

/// Keeps the tensors that tell extents, so far as anything reads them or nothing else tells theirs, and refuses a run
/// in which nothing tells an extent that it uses.
constexpr void tell_extents(module& m) {
  extent_order first(m.symbols);
  first.kernels_ran = true;
  for (int feed : m.feeds)
    if (feed >= 0) first.tell(m.nodes[feed].shape);
  if (m.extent_sources.empty() && first.complete()) return;
  vector<char> const read = reached(m.nodes.begin(), m.size(), m.edges.begin(), m.fetches.begin(), m.fetches.size(),
                                    m.feeds.begin(), m.feeds.size());
  for (int id : m.extent_sources)
    if (read[id]) first.tell(m.nodes[id].shape);
  extent_order order = first;
  order.find();
  vector<int> kept;
  for (int id : m.extent_sources) {
    bool const needed = !order.knows(m.nodes[id].shape);
    if (needed) first.tell(m.nodes[id].shape);
    if (needed || read[id]) kept.push_back(id);
  }
  m.extent_sources = kept;
  order = first;
  order.find();
  for (int id = 0; id < m.size() && m.error.kind == refusal_kind::none; ++id) {
    node const& n = m.nodes[id];
    if (!read[id] || order.knows(n.shape)) continue;
    m.error.kind = refusal_kind::untold_shape;
    m.error.text = n.name.empty() ? n.op->name : n.name;
    // An initial value is seldom named: the variable is, which is assigned after what an optimizer keeps beside it.
    for (int k = id + 1; n.name.empty() && k < m.size(); ++k)
      if (node const& assigned = m.nodes[k]; is<assign_op>(assigned.op) && !order.knows(assigned.shape))
        m.error.text = assigned.name;
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
