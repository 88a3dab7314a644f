// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>
#include <tfx/base/vector.hpp>
#include <tfx/shape/dims.hpp>

TFX_BEGIN

struct op_info;

/// How an extent that no tensor tells is computed from others. `windows`: how many places a sliding window has (see
/// window_stride). `found`: it is not; a kernel finds it while the run goes on, and it is at most `left`.
enum class extent_rule : unsigned char {
  given,
  add,
  subtract,
  multiply,
  divide,
  split,
  blocks,
  smaller,
  windows,
  found
};

/// A sliding window along one axis as the second operand of `extent_rule::windows`: how many elements it reaches over,
/// and how far apart its places are, both below 2^31.
struct window_stride {
  i64 reach, stride;

  constexpr window_stride(i64 over, i64 by) : reach(over), stride(by) {}
  constexpr explicit window_stride(i64 coded) : reach(coded >> 31), stride(coded & ((i64{1} << 31) - 1)) {}
  constexpr i64 code() const { return reach << 31 | stride; }
  /// How many places it has on an axis of n elements, as TensorFlow counts them; negative where there can be none.
  constexpr i64 places(i64 n) const { return (n - reach + stride) / stride; }
};

/// One symbolic extent of a graph: a name or an anonymous `dyn`, given by a tensor or computed by a rule.
struct symbol_entry {
  i64 name = 0;  // the named extent, 0 for an anonymous one
  std::string_view text;
  i64 same_as = 0;  // the extent that this one turned out to equal, 0 while it stands for itself
  extent_rule rule = extent_rule::given;
  i64 left = 0, right = 0;
};

/// What an op demands of extents and only a run can tell: `rule` makes `to` of `left` and `right`, or no more than it.
struct extent_check {
  extent_rule rule = extent_rule::given;
  bool at_most = false;
  bool counts = false;  // what disagrees is the number of elements
  int axis = 0;         // of a box that must lie within a tensor
  i64 left = 0, right = 0, to = 0;
  i64 made = 0;  // the symbol that stood for what the rule makes, before it was merged into `to`
  op_info const* op = nullptr;
  std::string_view variable{};  // the one that an assignment changes
  dims first{}, second{};       // the shapes that the op compares

  constexpr bool same_demand(extent_check const& other) const {
    return rule == other.rule && at_most == other.at_most && left == other.left && right == other.right &&
           to == other.to;
  }
};

/// The symbols of one graph. Equal extents are merged as soon as an op requires it, so that a run only has to find out
/// each class once. A given extent is never bound to a computed one, or nothing would compare the two: the computed one
/// is merged into it and its rule becomes a check. What depends on a found extent is never merged with anything, since
/// there is no such extent until the kernel has run: to be equal to another is a check.
struct symbol_table {
  vector<symbol_entry> entries;
  vector<extent_check> checks;
  op_info const* asking = nullptr;  // the op whose demands are met now
  std::string_view variable{};      // the one that it assigns
  bool merged = false;              // some extent turned out to equal another
  bool finds = false;               // some extents are found

  constexpr i64 resolve(i64 extent) const {
    while (extent < dims::unknown && entries[symbol_of(extent)].same_as != 0)
      extent = entries[symbol_of(extent)].same_as == dims::unknown ? 0 : entries[symbol_of(extent)].same_as;
    return extent;
  }
  /// The same, but that `symbol` is left as if it had not been merged: it becomes `unknown`.
  constexpr i64 resolve_but(i64 symbol, i64 extent) const {
    while (extent < dims::unknown && extent != symbol && entries[symbol_of(extent)].same_as != 0)
      extent = entries[symbol_of(extent)].same_as == dims::unknown ? 0 : entries[symbol_of(extent)].same_as;
    return extent == symbol ? dims::unknown : extent;
  }
  constexpr dims resolve(dims shape) const {
    for (int i = 0; i < shape.rank; ++i) shape[i] = resolve(shape[i]);
    return shape;
  }
  constexpr i64 anonymous() {
    entries.push_back({});
    return symbol_extent(entries.size() - 1);
  }
  constexpr i64 by_name(i64 name, std::string_view text) {
    for (int i = 0; i < entries.size(); ++i)
      if (entries[i].name == name) {
        if (entries[i].text.empty()) entries[i].text = text;
        return symbol_extent(i);
      }
    symbol_entry entry;
    entry.name = name;
    entry.text = text;
    entries.push_back(entry);
    return symbol_extent(entries.size() - 1);
  }
  /// A new extent, of at most `bound`, that a kernel finds.
  constexpr i64 found(i64 bound) {
    finds = true;
    symbol_entry entry;
    entry.rule = extent_rule::found;
    entry.left = resolve(bound);
    entries.push_back(entry);
    return symbol_extent(entries.size() - 1);
  }
  /// Whether an extent is found or computed from one that is.
  constexpr bool depends_on_found(i64 extent) const {
    extent = resolve(extent);
    if (!finds || extent >= 0) return false;
    symbol_entry const& e = entries[symbol_of(extent)];
    if (e.rule == extent_rule::given || e.rule == extent_rule::found) return e.rule == extent_rule::found;
    return depends_on_found(e.left) || depends_on_found(e.right);
  }
  /// Of two extents that must agree the one that stands for both: it is known first.
  constexpr i64 common(i64 a, i64 b) const { return resolve(depends_on_found(a) ? b : a); }
  /// The extent that `rule` computes; folded as far as the compiler can tell.
  constexpr i64 derived(extent_rule rule, i64 left, i64 right) {
    left = resolve(left);
    right = resolve(right);
    if (left >= 0 && right >= 0) return apply(rule, left, right);
    bool const sum = rule == extent_rule::add, product = rule == extent_rule::multiply;
    bool const smaller = rule == extent_rule::smaller;
    // One spelling of what commutes: numbers come last.
    if ((sum || product || smaller) && left > right) {
      i64 const swapped = left;
      left = right;
      right = swapped;
    }
    if (smaller ? left == right : right == (sum || rule == extent_rule::subtract ? 0 : 1)) return left;
    if (product && right == 0) return 0;
    if (left < 0 && is_derived(left)) {
      symbol_entry const& of = entries[symbol_of(left)];
      i64 const inner = resolve(of.left), by = resolve(of.right);
      if (right >= 0 && by >= 0) {
        if (rule == of.rule && (sum || product)) return derived(rule, inner, apply(rule, by, right));
        if (rule == extent_rule::subtract && of.rule == extent_rule::add)
          return by >= right ? derived(extent_rule::add, inner, by - right) : derived(rule, inner, right - by);
        if (rule == extent_rule::divide && of.rule == extent_rule::multiply && right > 0 && by % right == 0)
          return derived(extent_rule::multiply, inner, by / right);
      }
      if (rule == extent_rule::divide && of.rule == extent_rule::multiply && right < 0) {
        if (by == right) return inner;
        if (inner == right) return by;
      }
    }
    for (int i = 0; i < entries.size(); ++i)
      if (entries[i].rule == rule && resolve(entries[i].left) == left && resolve(entries[i].right) == right)
        return resolve(symbol_extent(i));
    symbol_entry entry;
    entry.rule = rule;
    entry.left = left;
    entry.right = right;
    entries.push_back(entry);
    return symbol_extent(entries.size() - 1);
  }
  /// Makes two extents one; false where both are static and differ. `first` and `second` are what the op compares.
  constexpr bool unify(i64 a, i64 b, dims const& first = {dims::unknown_rank, {}},
                       dims const& second = {dims::unknown_rank, {}}, bool counts = false) {
    a = resolve(a);
    b = resolve(b);
    if (a == b) return true;
    if (a >= 0 && b >= 0) return false;
    if (depends_on_found(a)) return compare(a, b, first, second, counts);
    if (depends_on_found(b)) return compare(b, a, first, second, counts);
    merged = true;
    bool const a_derived = a < 0 && is_derived(a), b_derived = b < 0 && is_derived(b);
    // Of two that are computed the later one gives way: what it is computed from is no later than itself.
    if (a_derived && (!b_derived || a < b)) {
      give_way(a, b, first, second, counts);
    } else if (b_derived) {
      give_way(b, a, first, second, counts);
    } else if (b < 0 && !(a < 0 && entries[symbol_of(b)].name != 0)) {
      bind(b, a);
    } else {
      bind(a, b);
    }
    return true;
  }
  /// Leaves it to the run to refuse two extents of `first` and `second` that differ.
  constexpr void refuse_in_run(i64 a, i64 b, dims const& first, dims const& second) {
    extent_check check;
    check.made = dims::unknown;
    check.left = resolve(a);
    check.to = resolve(b);
    check.op = asking;
    check.variable = variable;
    check.first = first;
    check.second = second;
    demand(check);
  }
  /// `rule` of two extents is at most `to`: false where the compiler knows that it is not.
  constexpr bool within(i64 begin, i64 size, i64 extent, int axis, dims const& shape) {
    begin = resolve(begin);
    size = resolve(size);
    extent = resolve(extent);
    if (begin >= 0 && size >= 0 && extent >= 0) return begin + size <= extent;
    if (proves(derived(extent_rule::add, begin, size), extent)) return true;
    extent_check check;
    check.rule = extent_rule::add;
    check.at_most = true;
    check.axis = axis;
    check.left = begin;
    check.right = size;
    check.to = extent;
    check.op = asking;
    check.variable = variable;
    check.first = shape;
    demand(check);
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
      case extent_rule::split:
      case extent_rule::blocks:
        return right == 0 ? 0 : left / right;
      case extent_rule::windows:
        return window_stride(right).places(left);
      case extent_rule::smaller:
        return left < right ? left : right;
      default:
        return left;
    }
  }

 private:
  constexpr bool is_derived(i64 symbol) const {
    extent_rule const rule = entries[symbol_of(symbol)].rule;
    return rule != extent_rule::given && rule != extent_rule::found;
  }
  /// Leaves it to the run to compare a found extent with another. The check is that of the rule which makes one of
  /// them, so that it may tell what that one is made of.
  constexpr bool compare(i64 found, i64 other, dims const& first, dims const& second, bool counts) {
    i64 made = found, to = other;
    if (other < 0 && is_derived(other) && (!depends_on_found(other) || !is_derived(found))) {
      made = other;
      to = found;
    }
    extent_check check;
    check.left = made;
    if (is_derived(made)) {
      symbol_entry const& of = entries[symbol_of(made)];
      check.rule = of.rule;
      check.left = resolve(of.left);
      check.right = resolve(of.right);
    }
    check.to = to;
    check.made = dims::unknown;
    check.counts = counts;
    check.op = asking;
    check.variable = variable;
    check.first = first;
    check.second = second;
    demand(check);
    return true;
  }
  // Extent 0 is kept apart from "not merged" by the value of `unknown`, which no class can have.
  constexpr void bind(i64 symbol, i64 to) { entries[symbol_of(symbol)].same_as = to == 0 ? dims::unknown : to; }
  constexpr void give_way(i64 symbol, i64 to, dims const& first, dims const& second, bool counts) {
    symbol_entry const& of = entries[symbol_of(symbol)];
    extent_check check;
    check.rule = of.rule;
    check.left = resolve(of.left);
    check.right = resolve(of.right);
    check.to = to;
    check.made = symbol;
    check.counts = counts;
    check.op = asking;
    check.variable = variable;
    check.first = first;
    check.second = second;
    bool const alike = to < 0 && entries[symbol_of(to)].rule == of.rule &&
                       resolve(entries[symbol_of(to)].left) == check.left &&
                       resolve(entries[symbol_of(to)].right) == check.right;
    bind(symbol, to);
    if (!alike) demand(check);
  }
  constexpr void demand(extent_check const& check) {
    for (extent_check const& known : checks)
      if (known.same_demand(check)) return;
    checks.push_back(check);
  }
  /// Whatever the run binds, the first is at most the second: what is added to an extent makes it no smaller.
  constexpr bool proves(i64 small, i64 big) const {
    small = resolve(small);
    big = resolve(big);
    if (small == big || small == 0) return true;
    if (small >= 0 && big >= 0) return small <= big;
    if (big >= 0 || entries[symbol_of(big)].rule != extent_rule::add) return false;
    i64 const left = entries[symbol_of(big)].left, right = entries[symbol_of(big)].right;
    if (small < 0 && entries[symbol_of(small)].rule == extent_rule::add) {
      symbol_entry const& of = entries[symbol_of(small)];
      i64 const by = resolve(of.right), more = resolve(right);
      if (by >= 0 && more >= by && proves(of.left, left)) return true;
    }
    return proves(small, left) || proves(small, right);
  }
};

TFX_END
