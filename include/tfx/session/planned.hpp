// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/graph/describe.hpp>
#include <tfx/session/session.hpp>

TFX_BEGIN

namespace detail {
/// A placeholder fed as it is declared: symbolic extents are whatever comes.
template <u64 Placeholder>
struct fed_as_declared {
  static constexpr dtype type = lookup(key<Placeholder>{})->type;
  static constexpr dims open() {
    dims shape = *lookup(key<Placeholder>{})->shape;
    for (int i = 0; i < shape.rank; ++i)
      if (shape[i] < 0) shape[i] = dims::unknown;
    return shape;
  }
  static constexpr dims value = open();
  static_assert(value.is_known(), "plan: a placeholder without a shape; feed it in Session::run");
  using shape_type = shape_from<fed_as_declared>;
  static constexpr u64 hash = content_hash(define_op<feed_op>::hash, Placeholder, type, value, 0, nullptr, 0);
  static_assert(define<hash, feed_op, "", type, shape_type, words<>, carries_none, Placeholder>::done);
};
template <u64... Hash>
struct placeholders_of {
  template <int N>
  struct hashes {
    u64 list[N + 1]{};
    int count = 0;
  };
  // Initial values are read only by a run that initialises.
  static constexpr describer describe() {
    return roots_of<Hash...>::describe(roots_of<Hash...>::describe(false).initializes());
  }
  static constexpr int size = count_description(describe()).placeholders;
  static constexpr hashes<size> find() {
    hashes<size> out;
    for (auto const& e : describe().nodes)
      if (is<placeholder_op>(e.d->op)) out.list[out.count++] = e.d->hash;
    return out;
  }
  static constexpr hashes<size> found = find();
  template <int... I>
  static constexpr u64 request(std::integer_sequence<int, I...>) {
    return fetch_hashes<Hash...>::template with_feeds<fed_as_declared<found.list[I]>::hash...>::hash;
  }
  static constexpr u64 run = request(std::make_integer_sequence<int, size>{});
};

/// Numbers for the extents of a module, as far as they were told: -1 for the others.
struct told_extents {
  vector<i64> value;

  constexpr told_extents(module_view const& m, bound_extent const* told, int count) : value(m.count.symbols + 1, -1) {
    symbol_table const symbols = begin_from(m).symbols;
    for (int i = 0; i < m.count.symbols; ++i) {
      i64 const to = symbols.resolve(symbol_extent(i));
      for (int k = 0; k < count; ++k)
        if (told[k].symbol == m.symbols[i].name && to < 0) value[symbol_of(to)] = told[k].extent;
    }
    auto const known = [&](i64 extent) { return extent >= 0 ? extent : value[symbol_of(extent)]; };
    for (int i = 0; i < m.count.symbols; ++i) {
      symbol_entry const& s = m.symbols[i];
      if (s.same_as != 0 || s.rule == extent_rule::given) continue;
      i64 const left = known(symbols.resolve(s.left)), right = known(symbols.resolve(s.right));
      if (left >= 0 && right >= 0) value[i] = symbol_table::apply(s.rule, left, right);
    }
    for (int i = 0; i < m.count.symbols; ++i) value[i] = known(symbols.resolve(symbol_extent(i)));
  }
  constexpr i64 operator()(i64 extent) const {
    if (extent >= 0) return extent;
    if (i64 const told = value[symbol_of(extent)]; told >= 0) return told;
    raise<errors::InvalidArgumentError>("plan: an extent is not told\nhelp: p.arena_bytes(batch = 1000)");
  }
  constexpr dims operator()(dims shape) const {
    for (int i = 0; i < shape.rank; ++i) shape[i] = (*this)(shape[i]);
    return shape;
  }
};

/// Marks the variables that an optimizer of `loss` changes.
constexpr void mark_variables(module_view const& m, int loss, vector<char>& wanted) {
  vector<char> reached(loss + 1, 0);
  reached[loss] = 1;
  for (int id = loss; id >= 0; --id) {
    if (!reached[id]) continue;
    node const& n = m.nodes[id];
    if (is<variable_op>(n.op) && is_floating(n.type)) wanted[id] = 1;
    for (int i = 0; i < n.input_count; ++i) reached[m.input(n, i)] = 1;
  }
}
constexpr i64 gradient_bytes_of(module_view const& m, told_extents const& extent) {
  vector<char> wanted(m.size() + 1, 0);
  for (int id = 0; id < m.size(); ++id) {
    node const& n = m.nodes[id];
    if (is<gradients_op>(n.op)) wanted[m.input(n, 1)] = 1;
    if (n.op->updates) mark_variables(m, m.input(n, 0), wanted);
  }
  i64 bytes = 0;
  for (int id = 0; id < m.size(); ++id)
    if (wanted[id]) bytes += extent(m.nodes[id].shape).count() * bytes_of(m.nodes[id].type);
  return bytes;
}
constexpr double flops_of(module_view const& m, told_extents const& extent) {
  double total = 0;
  for (int id = 0; id < m.size(); ++id) {
    node const& n = m.nodes[id];
    op_kind const kind = n.op->kind;
    if (n.op->counts_flops) {
      vector<dims> in;
      for (int i = 0; i < n.input_count; ++i) in.push_back(extent(m.nodes[m.input(n, i)].shape));
      total += n.op->flops(in.begin(), extent(n.shape), m.words + n.first_word);
    } else if (kind == op_kind::elementwise || kind == op_kind::kernel) {
      total += static_cast<double>(extent(n.shape).count());
    } else if (kind == op_kind::reduction) {
      total += static_cast<double>(extent(m.nodes[m.input(n, 0)].shape).count());
    }
  }
  return total;
}
}  // namespace detail

/// What a run of some fetches will take, known before it: `constexpr auto p = plan(train); p.arena_bytes(batch =
/// 1000)`. Symbolic extents are told as `batch = 1000` wherever they matter.
template <u64... Hash>
class planned {
  static constexpr u64 request = detail::placeholders_of<Hash...>::run;
  static_assert(detail::judged<request>::error.kind == refusal_kind::none,
                "plan: Session::run would refuse these fetches");
  using code = compiled<request>;

 public:
  /// Bytes of all variables that the run reads or writes.
  static constexpr std::size_t variable_bytes() {
    i64 bytes = 0;
    for (int i = 0; i < code::count.variables; ++i)
      if (!code::plan.variables[i].state)
        bytes += code::plan.variables[i].count * bytes_of(code::plan.variables[i].type);
    return static_cast<std::size_t>(bytes);
  }
  /// Bytes of what the run computes in between.
  template <class... Told>
  static constexpr std::size_t arena_bytes(Told... told) {
    detail::told_extents const extent = extents(code::simple, told...);
    i64 bytes = 0;
    for (int a = 0; a < code::count.arenas; ++a) {
      arena_entry const& arena = code::plan.arenas[a];
      i64 unit = arena.bytes;
      for (int i = 0; i < arena.symbol_count; ++i) unit *= extent(symbol_extent(arena.symbols[i]));
      bytes += unit;
    }
    return static_cast<std::size_t>(bytes);
  }
  /// Bytes of the gradients that are asked for: one for each variable that an optimizer changes, and what gradients(…)
  /// give.
  template <class... Told>
  static constexpr std::size_t gradient_bytes(Told... told) {
    return static_cast<std::size_t>(detail::gradient_bytes_of(code::source, extents(code::source, told...)));
  }
  /// Arithmetic operations of one run: those of ops that tell them (matmul: 2 m n k), else one for each element.
  template <class... Told>
  static constexpr double flops(Told... told) {
    return detail::flops_of(code::simple, extents(code::simple, told...));
  }

 private:
  template <class... Told>
  static constexpr detail::told_extents extents(module_view const& m, Told... told) {
    bound_extent const list[] = {told..., {0, 0}};
    return {m, list, static_cast<int>(sizeof...(told))};
  }
};

/// The plan of a run that fetches `x…`, every placeholder fed.
template <typed_expression... X>
constexpr planned<X::hash...> plan(X const&...) {
  return {};
}

TFX_END
