// SPDX-License-Identifier: Apache-2.0
// The laws of shapes as values, over all shapes of a few extents and not single examples. What the compiler uses too is
// held there over fewer of them, and over all when the tests run.
#include <doctest/doctest.h>
#include <limits>
#include <string>
#include <tfx/shape/axes.hpp>
#include <tfx/shape/broadcast.hpp>
#include <tfx/shape/extents_text.hpp>
#include <tfx/shape/symbols.hpp>

namespace tf = tfx;
using tf::dims;
using tf::extent_rule;
using tf::i64;
using tf::u64;

namespace {

constexpr auto batch = tf::dim<"batch">;
constexpr auto other = tf::dim<"other">;

// dims
// -----------------------------------------------------------------------------------------------------------------

constexpr dims of(auto... extent) { return {int(sizeof...(extent)), {i64(extent)...}}; }
constexpr dims no_rank{dims::unknown_rank, {}};

/// All shapes of ranks up to `most` whose extents are among a few.
template <int Extents>
struct all_shapes {
  i64 extent[Extents];
  int most;

  constexpr int size() const {
    int count = 1, total = 1;
    for (int r = 0; r < most; ++r) total += count *= Extents;
    return total;
  }
  constexpr dims operator[](int at) const {
    dims out;
    int count = 1;
    for (; at >= count; count *= Extents) at -= count, ++out.rank;
    for (int i = 0; i < out.rank; ++i, at /= Extents) out[i] = extent[at % Extents];
    return out;
  }
};
template <class... E>
all_shapes(E..., int) -> all_shapes<int(sizeof...(E))>;
constexpr all_shapes<4> small{{0, 1, 3, dims::unknown}, 2};

/// Shapes are equal where rank and extents are, whatever stands behind those; none is listed twice.
constexpr bool equality_looks_at_extents() {
  for (int i = 0; i < small.size(); ++i)
    for (int k = 0; k < small.size(); ++k) {
      dims const a = small[i];
      dims b = small[k];
      for (int r = b.rank; r < tf::max_rank; ++r) b[r] = 77;
      if ((a == b) != (i == k) || (a != b) != (i != k)) return false;
    }
  return small.size() == 21;
}
static_assert(equality_looks_at_extents());

/// Extents that are pushed one by one make the shape; the count is their product, and a shape is static without holes.
constexpr bool shapes_are_pushed_and_counted() {
  for (int i = 0; i < small.size(); ++i) {
    dims const shape = small[i];
    dims pushed;
    i64 count = 1;
    bool is_static = true;
    for (int r = 0; r < shape.rank; ++r) {
      pushed.push_back(shape[r]);
      count *= shape[r];
      is_static = is_static && shape[r] >= 0;
    }
    if (!(pushed == shape) || shape.is_static() != is_static || !shape.is_known()) return false;
    if (is_static && shape.count() != count) return false;
  }
  return dims().count() == 1 && dims().is_static() && !no_rank.is_known() && !no_rank.is_static();
}
static_assert(shapes_are_pushed_and_counted());

/// Numbers, `unknown`, names and symbols' indices are told apart, and an index comes back.
constexpr bool kinds_of_extents_are_apart() {
  for (u64 const hash : {u64(0), u64(1), u64(3), u64(4), u64(1) << 63, ~u64(0)})
    if (tf::name_extent(hash) >= dims::name_bound) return false;
  for (int const symbol : {0, 1, 1000, std::numeric_limits<int>::max() - 1}) {
    i64 const extent = tf::symbol_extent(symbol);
    if (extent >= dims::unknown || extent < dims::name_bound || tf::symbol_of(extent) != symbol) return false;
  }
  return tf::name_extent(4) != tf::name_extent(8);
}
static_assert(kinds_of_extents_are_apart());
static_assert(decltype(batch)::extent < dims::name_bound && decltype(batch)::extent != decltype(other)::extent);
static_assert(std::string_view(decltype(batch)::text) == "batch" && batch == tf::dim<"batch">);
static_assert((batch = 32).symbol == decltype(batch)::extent && (batch = 32).extent == 32);
static_assert((tf::dyn = 5).symbol == dims::unknown && (tf::dyn = 5).extent == 5);

/// Types and values of shapes lead to one another, and one shape has one type however it is spelled.
template <auto Shape>
struct value_of {
  static constexpr dims value = Shape.value;
};
template <auto Shape>
constexpr bool type_comes_back() {
  using Type = std::remove_const_t<decltype(Shape)>;
  static_assert(tf::detail::note_symbols_of<Type>());
  return std::is_same_v<tf::shape_from<value_of<Shape>>, Type>;
}
static_assert(type_comes_back<tf::shape<>>() && type_comes_back<tf::shape<0>>() && type_comes_back<tf::shape<2, 3>>());
static_assert(type_comes_back<tf::shape<batch, 3>>() && type_comes_back<tf::shape<tf::dyn, other, tf::dyn>>());
static_assert(type_comes_back<tf::shape<1, 2, 3, 4, 5, 6, 7, 8>>() && type_comes_back<tf::shape<(i64(1) << 40)>>());
static_assert(type_comes_back<tf::unknown_shape{}>());
static_assert(tf::not_negative_extent<0> && tf::not_negative_extent<-1> && tf::not_negative_extent<(i64(1) << 62)>);
static_assert(tf::not_negative_extent<batch> && tf::not_negative_extent<tf::dyn> && !tf::not_negative_extent<-2>);
static_assert(!tf::not_negative_extent<~u64(0)> && !tf::not_negative_extent<std::numeric_limits<i64>::min()>);
template <auto A, auto B>
constexpr bool same_type = std::is_same_v<decltype(A), decltype(B)>;
static_assert(same_type<tf::shape<2>, tf::shape<2ul>> && same_type<tf::shape<2>, tf::shape<i64(2)>>);
static_assert(same_type<tf::shape<-1>, tf::shape<i64(-1)>> && tf::shape<-1>.value == tf::shape<tf::dyn>.value);
static_assert(!same_type<tf::shape<2>, tf::shape<3>> && !same_type<tf::shape<batch>, tf::shape<other>>);
static_assert(tf::shape<batch, tf::dyn, 4>.value == of(decltype(batch)::extent, dims::unknown, 4));

/// A shape as a message spells it.
std::string spelled(dims const& shape) { return tf::detail::extents_text(shape.rank, shape.extent).text; }

// axes
// -----------------------------------------------------------------------------------------------------------------

/// For every rank the axes from -rank on are places, each twice, and no other is.
constexpr bool axes_have_places() {
  for (int rank = 0; rank <= tf::max_rank; ++rank) {
    for (int axis = 0; axis < rank; ++axis)
      if (tf::place_of_axis(axis, rank) != axis || tf::place_of_axis(axis - rank, rank) != axis) return false;
    for (i64 const axis : {i64(rank), i64(-rank) - 1, i64(rank) + (i64(1) << 32), std::numeric_limits<i64>::min()})
      if (tf::place_of_axis(axis, rank) != tf::no_axis) return false;
  }
  return true;
}
static_assert(axes_have_places());

/// A set of axes is the same in every order and spelling; none means all, and one that is out of range shows.
constexpr bool axes_are_sets() {
  for (int rank = 1; rank <= tf::max_rank; ++rank) {
    if (tf::axis_bits(nullptr, 0, rank) != (1u << rank) - 1) return false;
    for (int a = -rank; a < rank; ++a)
      for (int b = -rank; b < rank; ++b) {
        i64 const list[] = {a, b}, reversed[] = {b, a}, outside[] = {a, rank};
        unsigned const bits = 1u << (a < 0 ? a + rank : a) | 1u << (b < 0 ? b + rank : b);
        if (tf::axis_bits(list, 2, rank) != bits || tf::axis_bits(reversed, 2, rank) != bits) return false;
        if (tf::axis_bits(outside, 2, rank) >> tf::max_rank != 1) return false;
      }
  }
  return tf::axis_bits(nullptr, 0, 0) == 0;
}
static_assert(axes_are_sets());

// broadcast
// ------------------------------------------------------------------------------------------------------------

constexpr bool broadcasts(dims const& a, dims const& b, dims const& to) {
  dims out;
  return tf::broadcast(a, b, nullptr, out) && out == to;
}
static_assert(broadcasts(of(2, 3), of(3), of(2, 3)) && broadcasts(of(4, 1, 3), of(2, 1), of(4, 2, 3)));
static_assert(broadcasts(of(0, 3), of(1, 1), of(0, 3)) && broadcasts(of(), of(2), of(2)));
static_assert(broadcasts(of(dims::unknown), of(1), of(dims::unknown)) && broadcasts(of(dims::unknown), of(3), of(3)));

/// a with b is b with a; with itself and with a scalar it stays; and what is refused leaves the result alone.
constexpr bool broadcasting_commutes(auto const& shapes) {
  for (int i = 0; i < shapes.size(); ++i)
    for (int k = 0; k <= i; ++k) {
      dims const a = shapes[i], b = shapes[k];
      dims ab = of(9), ba = of(9);
      bool const fits = tf::broadcast(a, b, nullptr, ab);
      if (tf::broadcast(b, a, nullptr, ba) != fits || !(ab == ba)) return false;
      if (fits ? ab.rank != a.rank && ab.rank != b.rank : !(ab == of(9))) return false;
      if (i == k && !(fits && ab == a)) return false;
      if (b.rank == 0 && !(fits && ab == a)) return false;
      // Whether it fits is a matter of each pair of extents from the right.
      bool each = true;
      for (int r = 1; r <= a.rank && r <= b.rank; ++r) {
        i64 const x = a[a.rank - r], y = b[b.rank - r];
        each = each && (x == y || x == 1 || y == 1 || x == dims::unknown || y == dims::unknown);
      }
      if (fits != each) return false;
    }
  return true;
}
static_assert(broadcasting_commutes(small));

/// (a with b) with c is a with (b with c): both are refused, or both are the same.
constexpr bool broadcasting_associates(auto const& shapes) {
  int const size = shapes.size();
  for (int i = 0; i < size * size * size; ++i) {
    dims const a = shapes[i % size], b = shapes[i / size % size], c = shapes[i / size / size];
    dims ab, bc, left, right;
    bool const from_left = tf::broadcast(a, b, nullptr, ab) && tf::broadcast(ab, c, nullptr, left);
    bool const from_right = tf::broadcast(b, c, nullptr, bc) && tf::broadcast(a, bc, nullptr, right);
    if (from_left != from_right || (from_left && !(left == right))) return false;
  }
  return true;
}
static_assert(broadcasting_associates(all_shapes<4>{{0, 1, 3, dims::unknown}, 1}));

/// A table with two names, an anonymous extent, and one that is computed from the first: n + 2.
struct named_extents {
  tf::symbol_table table;
  i64 const n = table.by_name(decltype(batch)::extent, "n"), m = table.by_name(decltype(other)::extent, "m");
  i64 const any = table.anonymous(), more = table.derived(extent_rule::add, n, 2);
};
/// Each of the extents 1, 3, n, m, any and n + 2 against each, in both orders: what is static and differs is refused, a
/// symbol keeps itself beside a 1, and what must agree is one extent from then on.
constexpr bool symbols_broadcast() {
  for (int i = 0; i < 6; ++i)
    for (int k = 0; k < 6; ++k) {
      named_extents s;
      i64 const extents[] = {1, 3, s.n, s.m, s.any, s.more};
      i64 const a = extents[i], b = extents[k];
      dims out, again;
      if (!tf::broadcast(of(5, a), of(b), &s.table, out) || out.rank != 2 || out[0] != 5) return false;
      if (a == 1 || b == 1) {
        if (out[1] != (a == 1 ? b : a) || s.table.merged || s.table.checks.size() != 0) return false;
      } else {
        if (s.table.resolve(a) != s.table.resolve(b) || s.table.resolve(out[1]) != s.table.resolve(a)) return false;
        if (s.table.merged != (a != b)) return false;
        // A computed extent that must be another leaves a check to the run, and only that.
        if ((s.table.checks.size() == 1) != (a != b && (a == s.more || b == s.more))) return false;
      }
      int const checks = s.table.checks.size();
      if (!tf::broadcast(of(b), of(5, a), &s.table, again) || !(s.table.resolve(again) == s.table.resolve(out)))
        return false;
      if (s.table.checks.size() != checks) return false;  // what is demanded once is not demanded again
    }
  named_extents s;
  dims out;
  return !tf::broadcast(of(2), of(3), &s.table, out) && tf::broadcast(of(s.n), of(2), &s.table, out) &&
         !tf::broadcast(of(s.n), of(3), &s.table, out);
}
static_assert(symbols_broadcast());

// symbols
// --------------------------------------------------------------------------------------------------------------

/// A name is one symbol, and takes its text from whoever knows it; every anonymous extent is its own.
constexpr bool names_are_symbols() {
  tf::symbol_table t;
  i64 const a = t.by_name(-100, ""), b = t.by_name(-200, "b"), any = t.anonymous(), next = t.anonymous();
  if (a == b || a == any || any == next || t.by_name(-100, "a") != a || t.by_name(-200, "else") != b) return false;
  return t.entries[tf::symbol_of(a)].text == "a" && t.entries[tf::symbol_of(b)].text == "b" && t.entries.size() == 4 &&
         t.resolve(7) == 7 && t.resolve(0) == 0 && t.resolve(dims::unknown) == dims::unknown && t.resolve(any) == any;
}
static_assert(names_are_symbols());

/// Merging a, b, c and a number pair by pair gives one class in every order of the pairs; another number is refused
/// then, and resolve_but leaves one of them open.
constexpr bool classes_do_not_depend_on_order(i64 number) {
  for (int order = 0; order < 24; ++order) {
    tf::symbol_table t;
    i64 const of[] = {t.by_name(-100, "a"), t.anonymous(), t.anonymous(), number, t.anonymous()};
    int pairs[] = {0, 1, 2, 3}, rest = order;  // pair i: extents i and i + 1, but for the last, which is 0 and 3
    for (int i = 3; i > 0; rest /= i + 1, --i) {
      int const k = rest % (i + 1), kept = pairs[i];
      pairs[i] = pairs[k];
      pairs[k] = kept;
    }
    for (int const p : pairs)
      if (!(p % 2 ? t.unify(of[p], of[(p + 1) % 4]) : t.unify(of[(p + 1) % 4], of[p]))) return false;
    for (int i = 0; i < 4; ++i)
      if (t.resolve(of[i]) != number || t.unify(of[i], number + 1) || !t.unify(of[i], number)) return false;
    if (t.resolve(of[4]) != of[4] || t.checks.size() != 0 || !t.merged) return false;
    if (t.resolve_but(of[1], of[1]) != dims::unknown || t.resolve_but(of[4], of[0]) != number) return false;
    if (!(t.resolve(dims{3, {of[0], of[4], 6}}) == dims{3, {number, of[4], 6}})) return false;
  }
  return true;
}
static_assert(classes_do_not_depend_on_order(5) && classes_do_not_depend_on_order(0));

/// What a run computes for an extent where n, m and the anonymous one are these.
struct bound {
  i64 value[3];
  constexpr i64 operator()(tf::symbol_table const& t, i64 extent) const {
    if (extent >= 0) return extent;
    tf::symbol_entry const& e = t.entries[tf::symbol_of(extent)];
    if (e.rule == extent_rule::given) return value[tf::symbol_of(extent)];
    return tf::symbol_table::apply(e.rule, (*this)(t, e.left), (*this)(t, e.right));
  }
};
// No extent is 0: by that a rule divides to 0, where a quotient that was folded away leaves what it would be else.
constexpr bound runs[] = {{{1, 1, 1}}, {{5, 2, 7}}, {{4, 12, 3}}, {{30, 7, 30}}};

/// Every rule of every two extents that rules have made: whatever the table folds, a run computes the same number; and
/// the same demand is the same extent.
constexpr bool folding_keeps_values(int depth) {
  named_extents s;
  tf::symbol_table& t = s.table;
  i64 made[2000] = {0, 1, 2, 6, s.n, s.m, s.any};
  int count = 7;
  for (int round = 0; round < depth; ++round) {
    int const before = count;
    for (int i = 0; i < before; ++i)
      for (int k = 0; k < (round == 0 ? before : 7); ++k)
        for (extent_rule const rule : {extent_rule::add, extent_rule::subtract, extent_rule::multiply,
                                       extent_rule::divide, extent_rule::split}) {
          i64 const extent = t.derived(rule, made[i], made[k]);
          // A number is no longer told from a symbol below 0: no op makes one, so none is carried on.
          if (extent < 0 && made[i] >= 0 && made[k] >= 0) continue;
          for (bound const& run : runs)
            if (run(t, extent) != tf::symbol_table::apply(rule, run(t, made[i]), run(t, made[k]))) return false;
          if (t.derived(rule, made[i], made[k]) != extent) return false;
          if ((rule == extent_rule::add || rule == extent_rule::multiply) &&
              t.derived(rule, made[k], made[i]) != extent)
            return false;
          if (round == 0 && depth > 1 && extent < 0) made[count++] = extent;
        }
  }
  return t.checks.size() == 0 && !t.merged;
}
static_assert(folding_keeps_values(1));
constexpr bool rules_fold() {
  named_extents s;
  tf::symbol_table& t = s.table;
  using enum extent_rule;
  i64 const n = s.n, m = s.m;
  return t.derived(add, n, 0) == n && t.derived(multiply, n, 1) == n && t.derived(multiply, 0, n) == 0 &&
         t.derived(add, t.derived(add, n, 2), 3) == t.derived(add, 5, n) &&
         t.derived(subtract, t.derived(add, n, 5), 2) == t.derived(add, n, 3) &&
         t.derived(subtract, t.derived(add, n, 2), 2) == n &&
         t.derived(divide, t.derived(multiply, n, 6), 3) == t.derived(multiply, n, 2) &&
         t.derived(divide, t.derived(multiply, n, m), n) == m && t.derived(divide, t.derived(multiply, n, m), m) == n &&
         t.derived(split, n, 1) == n && t.derived(multiply, t.derived(multiply, 2, n), 3) == t.derived(multiply, n, 6);
}
static_assert(rules_fold());

/// Whether the table knows that one extent is at most another: a box of that size then needs no check.
constexpr bool proves(tf::symbol_table& t, i64 small, i64 big) {
  t.checks.clear();
  bool const fits = t.within(small, 0, big, 0, {});
  return fits && t.checks.empty();
}
/// What is proved holds in every run; equal extents, sums with more and zero are proved.
constexpr bool proofs_hold() {
  named_extents s;
  tf::symbol_table& t = s.table;
  using enum extent_rule;
  i64 const of[] = {0,
                    1,
                    4,
                    s.n,
                    s.m,
                    s.more,
                    t.derived(add, s.n, 5),
                    t.derived(add, s.n, s.m),
                    t.derived(add, t.derived(add, s.n, s.m), 1),
                    t.derived(multiply, s.n, 2),
                    t.derived(subtract, s.n, 1)};
  for (i64 const small : of)
    for (i64 const big : of) {
      bool const proved = proves(t, small, big);
      for (bound const& run : runs)
        if (proved && run(t, small) > run(t, big)) return false;
      if (small >= 0 && big >= 0 && proved != (small <= big)) return false;
      if (small == big && !proved) return false;
    }
  return proves(t, s.n, s.more) && proves(t, s.more, of[6]) && !proves(t, of[6], s.more) && proves(t, s.m, of[8]) &&
         proves(t, of[7], of[8]) && !proves(t, s.n, s.m) && proves(t, 0, of[10]) && proves(t, 4, of[6]);
}
static_assert(proofs_hold());

/// A computed extent gives way to whatever it meets, and its rule becomes the check that a run makes; alike rules need
/// none, and the same demand is made once.
constexpr bool computed_extents_become_checks() {
  using enum extent_rule;
  named_extents s;
  tf::symbol_table& t = s.table;
  dims const first = of(s.more), second = of(s.m);
  if (!t.unify(s.m, s.more, first, second) || t.resolve(s.more) != s.m || t.resolve(s.m) != s.m) return false;
  if (t.checks.size() != 1) return false;
  tf::extent_check const check = t.checks[0];
  if (check.rule != add || check.left != s.n || check.right != 2 || check.to != s.m || check.made != s.more)
    return false;
  if (check.at_most || !(check.first == first) || !(check.second == second)) return false;
  if (!t.unify(s.more, s.m) || t.checks.size() != 1) return false;

  // Of two that are computed the later one gives way; once n and any are one, so are n * 3 and any * 3, without a
  // check.
  i64 const thrice = t.derived(multiply, s.n, 3), as_often = t.derived(multiply, s.any, 3);
  if (!t.unify(s.n, s.any) || !t.unify(as_often, thrice) || t.checks.size() != 1) return false;
  if (t.resolve(as_often) != thrice) return false;
  // A number is as good as a symbol.
  if (!t.unify(thrice, 12) || t.checks.size() != 2 || t.checks[1].to != 12 || t.resolve(as_often) != 12) return false;
  return !t.unify(thrice, 15);
}
static_assert(computed_extents_become_checks());

/// A box must lie within a tensor: told at once where all is known, proved, or left to the run, once.
constexpr bool boxes_are_checked() {
  named_extents s;
  tf::symbol_table& t = s.table;
  for (i64 begin = 0; begin < 3; ++begin)
    for (i64 size = 0; size < 3; ++size)
      for (i64 extent = 0; extent < 5; ++extent)
        if (t.within(begin, size, extent, 0, of(extent)) != (begin + size <= extent)) return false;
  if (!t.within(0, s.n, s.n, 0, of(s.n)) || !t.within(2, s.n, s.more, 0, of(s.more)) || !t.checks.empty()) return false;
  for (int round = 0; round < 2; ++round)
    if (!t.within(1, s.n, s.m, 3, of(s.m)) || t.checks.size() != 1) return false;
  tf::extent_check const& check = t.checks[0];
  if (check.rule != extent_rule::add || !check.at_most || check.axis != 3 || check.to != s.m) return false;
  t.refuse_in_run(2, s.n, of(2), of(s.n));
  return t.checks.size() == 2 && t.checks[1].rule == extent_rule::given && t.checks[1].left == 2 &&
         t.checks[1].to == s.n && !t.checks[1].same_demand(t.checks[0]);
}
static_assert(boxes_are_checked());

}  // namespace

TEST_CASE("shape: what the compiler found holds when it runs") {
  CHECK(equality_looks_at_extents());
  CHECK(shapes_are_pushed_and_counted());
  CHECK(kinds_of_extents_are_apart());
  CHECK(axes_have_places());
  CHECK(axes_are_sets());
}
TEST_CASE("shape: extents are spelled as TensorFlow does, and the longest fit") {
  CHECK(spelled(of()) == "[]");
  CHECK(spelled(of(0)) == "[0]");
  CHECK(spelled(of(2, dims::unknown, decltype(batch)::extent, tf::symbol_extent(3), 7)) == "[2,?,?,?,7]");
  constexpr i64 most = std::numeric_limits<i64>::max();
  std::string eight = "[9223372036854775807";
  for (int i = 1; i < tf::max_rank; ++i) eight += ",9223372036854775807";
  CHECK(spelled(of(most, most, most, most, most, most, most, most)) == eight + "]");
}
TEST_CASE("shape: broadcasting commutes and associates") {
  CHECK(broadcasting_commutes(all_shapes<5>{{0, 1, 2, 3, dims::unknown}, 3}));
  CHECK(broadcasting_associates(small));
  CHECK(symbols_broadcast());
}
TEST_CASE("shape: symbols are merged in any order, folded without a change of value, and checked in the run") {
  CHECK(names_are_symbols());
  CHECK(classes_do_not_depend_on_order(5));
  CHECK(classes_do_not_depend_on_order(0));
  CHECK(folding_keeps_values(2));
  CHECK(rules_fold());
  CHECK(proofs_hold());
  CHECK(computed_extents_become_checks());
  CHECK(boxes_are_checked());
}
