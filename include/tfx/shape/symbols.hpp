// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>
#include <tfx/base/vector.hpp>
#include <tfx/shape/dims.hpp>

TFX_BEGIN

/// How an extent that no feed gives is computed from others.
enum class extent_rule : unsigned char { given, add, subtract, multiply, divide };

/// One symbolic extent of a graph: a name or an anonymous `dyn`, given by feeds or computed by a rule.
struct symbol_entry {
  i64 name = 0;  // the named extent, 0 for an anonymous one
  std::string_view text;
  i64 same_as = 0;  // the extent that this one turned out to equal, 0 while it stands for itself
  extent_rule rule = extent_rule::given;
  i64 left = 0, right = 0;
};

/// Two extents that must turn out equal at run time, though no feed binds them together.
struct extent_check {
  i64 left, right;
};

/// The symbols of one graph. Equal extents are merged as soon as an op requires it, so that a run only has to bind each
/// class once.
struct symbol_table {
  vector<symbol_entry> entries;
  vector<extent_check> checks;

  constexpr i64 resolve(i64 extent) const {
    while (extent < dims::unknown && entries[symbol_of(extent)].same_as != 0)
      extent = entries[symbol_of(extent)].same_as == dims::unknown ? 0 : entries[symbol_of(extent)].same_as;
    return extent;
  }
  constexpr i64 anonymous() {
    entries.push_back({});
    return symbol_extent(entries.size() - 1);
  }
  constexpr i64 by_name(i64 name, std::string_view text) {
    for (int i = 0; i < entries.size(); ++i)
      if (entries[i].name == name) return symbol_extent(i);
    symbol_entry entry;
    entry.name = name;
    entry.text = text;
    entries.push_back(entry);
    return symbol_extent(entries.size() - 1);
  }
  /// The extent that `rule` computes; folded when both sides are static.
  constexpr i64 derived(extent_rule rule, i64 left, i64 right) {
    left = resolve(left);
    right = resolve(right);
    if (left >= 0 && right >= 0) return apply(rule, left, right);
    if ((rule == extent_rule::multiply || rule == extent_rule::divide) && right == 1) return left;
    if ((rule == extent_rule::add || rule == extent_rule::subtract) && right == 0) return left;
    if (rule == extent_rule::multiply && left == 1) return right;
    if (rule == extent_rule::add && left == 0) return right;
    for (int i = 0; i < entries.size(); ++i)
      if (entries[i].rule == rule && entries[i].left == left && entries[i].right == right) return symbol_extent(i);
    symbol_entry entry;
    entry.rule = rule;
    entry.left = left;
    entry.right = right;
    entries.push_back(entry);
    return symbol_extent(entries.size() - 1);
  }
  /// Makes two extents one; false where both are static and differ.
  constexpr bool unify(i64 a, i64 b) {
    a = resolve(a);
    b = resolve(b);
    if (a == b) return true;
    if (a >= 0 && b >= 0) return false;
    bool const a_free = a < 0 && entries[symbol_of(a)].rule == extent_rule::given;
    bool const b_free = b < 0 && entries[symbol_of(b)].rule == extent_rule::given;
    if (b_free && !(a_free && entries[symbol_of(b)].name != 0)) {
      bind(b, a);
    } else if (a_free) {
      bind(a, b);
    } else {
      checks.push_back({a, b});
    }
    return true;
  }

  static constexpr i64 apply(extent_rule rule, i64 left, i64 right) {
    switch (rule) {
      case extent_rule::add:
        return left + right;
      case extent_rule::subtract:
        return left - right;
      case extent_rule::multiply:
        return left * right;
      case extent_rule::divide:
        return right == 0 ? 0 : left / right;
      default:
        return left;
    }
  }

 private:
  // Extent 0 is kept apart from "not merged" by the value of `unknown`, which no class can have.
  constexpr void bind(i64 symbol, i64 to) { entries[symbol_of(symbol)].same_as = to == 0 ? dims::unknown : to; }
};

TFX_END
