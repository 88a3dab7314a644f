// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/inspect/describe.hpp>
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

/// One thing that a plan is told: a symbol's extent, the next anonymous extent (its symbol is 0), or the shape that a
/// placeholder is fed.
struct plan_argument {
  i64 symbol = 0, extent = 0;
  u64 placeholder = 0;
  dims shape{};

  constexpr plan_argument() = default;
  constexpr plan_argument(bound_extent const& e) : symbol(e.symbol), extent(e.extent) {}
  constexpr plan_argument(i64 next) : extent(next) {}
  constexpr plan_argument(u64 hash, dims const& fed) : placeholder(hash), shape(fed) {}
};

/// Numbers for the extents of a module, as far as they were told: -1 for the others. Those that kernels find are at
/// their bounds.
class plan_extents {
 public:
  vector<i64> value;

  constexpr plan_extents(module_view const& m, plan_argument const* list, int count)
      : value(m.count.symbols + 1, -1), m_(m), symbols_(begin_from(m).symbols) {
    for (int k = 0; k < count; ++k)
      if (list[k].placeholder != 0) tell_shape(list[k].placeholder, list[k].shape);
    for (int k = 0; k < count; ++k)
      for (int i = 0; list[k].symbol < dims::name_bound && i < m.count.symbols; ++i)
        if (m.symbols[i].name == list[k].symbol) tell(symbol_extent(i), list[k].extent);
    for (int k = 0; k < count; ++k)
      if (list[k].placeholder == 0 && list[k].symbol == 0) tell_anonymous(list[k].extent, false);
    for (int k = 0; k < count; ++k)
      if (list[k].symbol == dims::unknown) tell_anonymous(list[k].extent, true);
    derive();
  }
  /// Those that a plan adds, for what it computes before a run.
  constexpr void add(extent_derivation const* list, int count) {
    for (int i = 0; i < count; ++i) {
      extent_derivation const& d = list[i];
      if (d.symbol < m_.count.symbols) continue;
      value.resize(d.symbol + 1, -1);
      value[d.symbol] = symbol_table::apply(d.rule, (*this)(d.left), (*this)(d.right));
    }
  }
  constexpr i64 operator()(i64 extent) const {
    if (extent >= 0) return extent;
    if (i64 const told = value[symbol_of(extent)]; told >= 0) return told;
    raise<errors::InvalidArgumentError>(
        "plan: an extent is not told\nhelp: p.arena_bytes(batch = 1000), or p.arena_bytes(1000) where it has no name");
  }
  constexpr dims operator()(dims shape) const {
    for (int i = 0; i < shape.rank; ++i) shape[i] = (*this)(shape[i]);
    return shape;
  }

 private:
  module_view m_;
  symbol_table symbols_;

  constexpr void tell(i64 extent, i64 number) {
    extent = symbols_.resolve(extent);
    i64 const known = extent >= 0 ? extent : value[symbol_of(extent)];
    if (known >= 0 && known != number) raise<errors::InvalidArgumentError>("plan: an extent is told to be two numbers");
    if (extent < 0) value[symbol_of(extent)] = number;
  }
  constexpr void tell_shape(u64 placeholder, dims const& shape) {
    for (int i = 0; i < m_.count.feeds; ++i) {
      if (m_.feeds[i] < 0 || m_.nodes[m_.feeds[i]].identity != placeholder) continue;
      dims const& declared = m_.nodes[m_.feeds[i]].shape;
      if (declared.rank != shape.rank)
        raise<errors::InvalidArgumentError>("plan: a placeholder is told a shape of another rank");
      for (int axis = 0; axis < shape.rank; ++axis) tell(declared[axis], shape[axis]);
    }
  }
  // The extents without a name, each once, in the order of the placeholders and their axes; those that are known are
  // passed over.
  constexpr void tell_anonymous(i64 number, bool all) {
    for (int i = 0; i < m_.count.feeds; ++i) {
      if (m_.feeds[i] < 0) continue;
      dims const& shape = m_.nodes[m_.feeds[i]].shape;
      for (int axis = 0; axis < shape.rank; ++axis) {
        i64 const extent = symbols_.resolve(shape[axis]);
        if (extent >= 0 || value[symbol_of(extent)] >= 0 || m_.symbols[symbol_of(extent)].name != 0) continue;
        value[symbol_of(extent)] = number;
        if (!all) return;
      }
    }
    if (!all) raise<errors::InvalidArgumentError>("plan: more extents are told than are without a name");
  }
  constexpr void derive() {
    auto const known = [&](i64 extent) { return extent >= 0 ? extent : value[symbol_of(extent)]; };
    for (bool more = true; more;) {
      more = false;
      for (int i = 0; i < m_.count.symbols; ++i) {
        symbol_entry const& s = m_.symbols[i];
        if (value[i] >= 0 || s.same_as != 0 || s.rule == extent_rule::given) continue;
        i64 const left = known(symbols_.resolve(s.left)), right = known(symbols_.resolve(s.right));
        if (left < 0 || right < 0) continue;
        value[i] = symbol_table::apply(s.rule, left, right);
        more = value[i] >= 0;
      }
    }
    for (int i = 0; i < m_.count.symbols; ++i) value[i] = known(symbols_.resolve(symbol_extent(i)));
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
/// Bytes of the variables that a run reads or writes.
constexpr i64 variable_bytes_of(module_view const& m, plan_extents const& extent) {
  numbering seen;
  i64 bytes = 0;
  for (int id = 0; id < m.size(); ++id) {
    node const& n = m.nodes[id];
    if (!is<variable_op>(n.op) && !is<assign_op>(n.op)) continue;
    int const known = seen.keys.count;
    if (seen.of(n.identity) == known) bytes += extent(n.shape).count() * bytes_of(n.type);
  }
  return bytes;
}
constexpr i64 gradient_bytes_of(module_view const& m, plan_extents const& extent) {
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
/// By region: how often it runs; where only the run can tell, once.
constexpr vector<double> runs_of_regions(module_view const& m, plan_extents const& extent) {
  vector<double> times(m.count.regions + 1, 1);
  for (int r = 1; r < m.count.regions; ++r) {
    node const& owner = m.nodes[m.regions[r].owner];
    times[r] = times[m.regions[r].parent];
    if (!is<loop_op>(owner.op)) continue;
    loop_form const form(m.words + owner.first_word);
    if (form.follows_sequences())
      times[r] *= static_cast<double>(extent(m.nodes[m.input(owner, form.sequence(0))].shape)[0]);
    else if (form.most > 0)
      times[r] *= static_cast<double>(form.most);
  }
  return times;
}
constexpr double flops_of(module_view const& m, plan_extents const& extent) {
  vector<double> const times = runs_of_regions(m, extent);
  double total = 0;
  for (int id = 0; id < m.size(); ++id) {
    node const& n = m.nodes[id];
    op_kind const kind = n.op->kind;
    double const before = total;
    if (n.op->counts_flops) {
      vector<dims> in;
      for (int i = 0; i < n.input_count; ++i) in.push_back(extent(m.nodes[m.input(n, i)].shape));
      total += n.op->flops(in.begin(), extent(n.shape), {m.words + n.first_word, n.word_count});
    } else if (kind == op_kind::elementwise || (kind == op_kind::kernel && !n.op->has_outputs) ||
               kind == op_kind::output) {
      total += static_cast<double>(extent(n.shape).count());
    } else if (kind == op_kind::reduction) {
      total += static_cast<double>(extent(m.nodes[m.input(n, 0)].shape).count());
    }
    total = before + (total - before) * times[m.region_of(id)];
  }
  return total;
}
}  // namespace detail

/// A placeholder and the shape of what it will be fed, for a plan: `p.arena_bytes(with_shape(x, shape<1000, 784>))`.
template <typed_expression X, auto... D>
constexpr detail::plan_argument with_shape(X const&, shape_t<D...>) {
  static_assert(shape_t<D...>::value.is_static(), "with_shape: the extents are numbers");
  return {X::hash, shape_t<D...>::value};
}

/// What a run of some fetches will take, known before it: `constexpr auto p = plan(train); p.arena_bytes(batch =
/// 1000)`. Symbolic extents are told as `batch = 1000` wherever they matter. Those without a name are told one after
/// another, `p.arena_bytes(1000, 20)`, in the order in which the placeholders are reached and each once, however many
/// of them an op makes equal; or all at once, `p.arena_bytes(dyn = 1000)`; or by what is fed, see with_shape.
template <u64... Hash>
class planned {
  static constexpr u64 request = detail::placeholders_of<Hash...>::run;
  static_assert(detail::diagnosis<request>::error.kind == refusal_kind::none,
                "plan: Session::run would refuse these fetches");
  using code = pipeline<request>;

 public:
  /// Bytes of all variables that the run reads or writes.
  template <class... Argument>
  static constexpr std::size_t variable_bytes(Argument... arguments) {
    return static_cast<std::size_t>(detail::variable_bytes_of(code::graph::value, extents(arguments...)));
  }
  /// Bytes of what the run computes in between.
  template <class... Argument>
  static constexpr std::size_t arena_bytes(Argument... arguments) {
    detail::plan_extents extent = extents(arguments...);
    extent.add(code::plan::view.derivations, code::plan::facts.first_derivations);
    i64 bytes = 0;
    for (int a = 0; a < code::plan::count.arenas; ++a) {
      arena_entry const& arena = code::plan::view.arenas[a];
      i64 unit = arena.bytes;
      for (int i = 0; code::plan::facts.texts > 0 && i < code::plan::count.buffers; ++i)
        if (buffer_entry const& b = code::plan::view.buffers[i]; b.kind == buffer_kind::texts && b.index == a)
          unit += b.offset * bytes_of(dtype::string);
      for (int i = 0; unit > 0 && i < arena.symbol_count; ++i) unit *= extent(symbol_extent(arena.symbols[i]));
      bytes += unit;
    }
    return static_cast<std::size_t>(bytes);
  }
  /// Bytes of the gradients that are asked for: one for each variable that an optimizer changes, and what gradients(…)
  /// give.
  template <class... Argument>
  static constexpr std::size_t gradient_bytes(Argument... arguments) {
    return static_cast<std::size_t>(detail::gradient_bytes_of(code::flat_graph::value, extents(arguments...)));
  }
  /// Arithmetic operations of one run: those of ops that tell them (matmul: 2 m n k), else one for each element.
  template <class... Argument>
  static constexpr double flops(Argument... arguments) {
    return detail::flops_of(code::graph::value, extents(arguments...));
  }

 private:
  template <class... Argument>
  static constexpr detail::plan_extents extents(Argument... arguments) {
    detail::plan_argument const list[] = {arguments..., {}};
    return {code::graph::value, list, static_cast<int>(sizeof...(arguments))};
  }
};

/// The plan of a run that fetches `x…`, every placeholder fed.
template <typed_expression... X>
constexpr planned<X::hash...> plan(X const&...) {
  return {};
}

TFX_END
