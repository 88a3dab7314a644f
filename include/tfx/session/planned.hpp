// SPDX-License-Identifier: Apache-2.0
#pragma once
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
      if (e.d->op == &info<placeholder_op>) out.list[out.count++] = e.d->hash;
    return out;
  }
  static constexpr hashes<size> found = find();
  template <int... I>
  static constexpr u64 request(std::integer_sequence<int, I...>) {
    return fetch_hashes<Hash...>::template with_feeds<fed_as_declared<found.list[I]>::hash...>::hash;
  }
  static constexpr u64 run = request(std::make_integer_sequence<int, size>{});
};

/// The numbers of a plan for given extents.
struct plan_extents {
  vector<i64> value;

  constexpr i64 operator()(i64 extent) const {
    if (extent >= 0) return extent;
    i64 const bound = value[symbol_of(extent)];
    if (bound < 0) throw errors::InvalidArgumentError("plan: an extent is not told; write plan.arena_bytes(batch = 1000)");
    return bound;
  }
  constexpr i64 count(dims const& shape) const {
    i64 n = 1;
    for (int i = 0; i < shape.rank; ++i) n *= (*this)(shape[i]);
    return n;
  }
};
}  // namespace detail

/// What a run of some fetches will take, known before it: `constexpr auto p = plan(train); p.arena_bytes(batch = 1000)`.
/// Symbolic extents are told as `batch = 1000` wherever they matter.
template <u64... Hash>
class planned {
  static constexpr u64 request = detail::placeholders_of<Hash...>::run;
  static_assert(detail::judged<request>::error.kind == refusal_kind::none, "plan: Session::run would refuse these fetches");
  using code = compiled<request>;

 public:
  /// Bytes of all variables that the run reads or writes.
  static constexpr std::size_t variable_bytes() {
    i64 bytes = 0;
    for (int i = 0; i < code::count.variables; ++i)
      if (!code::plan.variables[i].state) bytes += code::plan.variables[i].count * bytes_of(code::plan.variables[i].type);
    return static_cast<std::size_t>(bytes);
  }
  /// Bytes of what the run computes in between.
  template <class... Bound>
  static constexpr std::size_t arena_bytes(Bound... bound) {
    detail::plan_extents const extent = settle(bound...);
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
  template <class... Bound>
  static constexpr std::size_t gradient_bytes(Bound... bound) {
    detail::plan_extents const extent = settle(bound...);
    auto const& m = code::source;
    vector<char> wanted(m.size() + 1, 0);
    for (int id = 0; id < m.size(); ++id) {
      node const& n = m.nodes[id];
      if (n.op == &info<gradients_op>) wanted[m.input(n, 1)] = 1;
      if (n.op->update) want_variables(m.input(n, 0), wanted);
    }
    i64 bytes = 0;
    for (int id = 0; id < m.size(); ++id)
      if (wanted[id]) bytes += extent.count(m.nodes[id].shape) * bytes_of(m.nodes[id].type);
    return static_cast<std::size_t>(bytes);
  }
  /// Arithmetic operations of one run: those of ops that tell them (matmul: 2 m n k), else one for each element.
  template <class... Bound>
  static constexpr double flops(Bound... bound) {
    detail::plan_extents const extent = settle(bound...);
    auto const& m = code::simple;
    double total = 0;
    for (int id = 0; id < m.size(); ++id) {
      node const& n = m.nodes[id];
      if (n.op->flops) {
        dims in[max_rank] = {};
        for (int i = 0; i < n.input_count && i < max_rank; ++i) in[i] = numbers(extent, m.nodes[m.input(n, i)].shape);
        total += n.op->flops(in, numbers(extent, n.shape), m.words + n.first_word);
      } else if (n.op->kind == op_kind::elementwise || n.op->kind == op_kind::kernel) {
        total += static_cast<double>(extent.count(n.shape));
      } else if (n.op->kind == op_kind::reduction) {
        total += static_cast<double>(extent.count(m.nodes[m.input(n, 0)].shape));
      }
    }
    return total;
  }

 private:
  static constexpr dims numbers(detail::plan_extents const& extent, dims shape) {
    for (int i = 0; i < shape.rank; ++i) shape[i] = extent(shape[i]);
    return shape;
  }
  static constexpr void want_variables(int loss, vector<char>& wanted) {
    auto const& m = code::source;
    vector<char> reached(loss + 1, 0);
    reached[loss] = 1;
    for (int id = loss; id >= 0; --id) {
      if (!reached[id]) continue;
      node const& n = m.nodes[id];
      if (n.op == &info<variable_op> && is_floating(n.type)) wanted[id] = 1;
      for (int i = 0; i < n.input_count; ++i) reached[m.input(n, i)] = 1;
    }
  }
  // Extents that nobody told stay open until one is needed.
  template <class... Bound>
  static constexpr detail::plan_extents settle(Bound... bound) {
    bound_extent const given[] = {bound..., {0, 0}};
    symbol_table const symbols = begin_from(code::simple).symbols;
    detail::plan_extents out{vector<i64>(symbols.entries.size() + 1, -1)};
    for (int i = 0; i < symbols.entries.size(); ++i) {
      symbol_entry const& s = symbols.entries[i];
      for (bound_extent const& b : given) {
        if (s.name == 0 || b.symbol != s.name) continue;
        i64 const to = symbols.resolve(symbol_extent(i));
        if (to < 0) out.value[symbol_of(to)] = b.extent;
      }
    }
    auto const known = [&](i64 extent) { return extent >= 0 ? extent : out.value[symbol_of(extent)]; };
    for (int i = 0; i < symbols.entries.size(); ++i) {
      symbol_entry const& s = symbols.entries[i];
      i64 const to = symbols.resolve(symbol_extent(i));
      if (to != symbol_extent(i)) {
        out.value[i] = known(to);
      } else if (s.rule != extent_rule::given) {
        i64 const left = known(symbols.resolve(s.left)), right = known(symbols.resolve(s.right));
        if (left >= 0 && right >= 0) out.value[i] = symbol_table::apply(s.rule, left, right);
      }
    }
    return out;
  }
};

/// The plan of a run that fetches `x…`, every placeholder fed.
template <typed_expression... X>
constexpr planned<X::hash...> plan(X const&...) {
  return {};
}

TFX_END
