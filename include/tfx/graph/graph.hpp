// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/numbering.hpp>
#include <tfx/graph/expr.hpp>

TFX_BEGIN

inline constexpr std::string_view no_name{};

/// One step of a computation, as a value: what the compiler's passes read and write.
struct node {
  op_info const* op = nullptr;
  dtype type = dtype::none;
  dims shape{};
  int first_input = 0, input_count = 0;
  int first_word = 0, word_count = 0;
  u64 identity = 0;                 // content hash of leaves and of what must never be merged
  std::string_view name = no_name;  // a copy: compilers count the call of a constructor
};

/// By node: its hash, and the next one in its chain, + 1.
struct node_link {
  u64 hash;
  int next;
};

/// A graph of nodes in topological order. Inputs and attributes lie in pools; adding a node infers its shape and finds
/// an equal one that is there already.
struct graph {
  vector<node> nodes;
  vector<int> edges;
  vector<i64> words;
  symbol_table symbols;
  refusal error{};
  bool stops_at_mistake = false;  // the first is no constant expression: the compiler prints the calls that led there

  constexpr graph() = default;
  /// All that it is made of, for a pass in parts.
  template <class Use>
  constexpr void each_list(Use& use) {
    use.all(nodes, edges, words, symbols.entries, symbols.checks, heads_, links_);
  }

  constexpr int size() const { return nodes.size(); }
  constexpr int input(node const& n, int i) const { return edges[n.first_input + i]; }
  constexpr i64 word(node const& n, int i) const { return words[n.first_word + i]; }
  constexpr i64 const* words_of(node const& n) const { return words.begin() + n.first_word; }

  constexpr void reserve(int node_count, int edge_count, int word_count) {
    nodes.reserve(node_count);
    links_.reserve(node_count);
    edges.reserve(edge_count);
    words.reserve(word_count);
  }

  /// Adds a node whose dtype and shape are known; `n`'s pools are filled from `inputs` and `attributes`.
  constexpr int insert(node const& n, int const* inputs, int input_count, i64 const* attributes, int word_count) {
    // Written without calls, which is what a compiler's evaluation pays for.
    int const id = nodes.count, edge = edges.count, word = words.count;
    if (id == nodes.room || edge + input_count > edges.room || word + word_count > words.room)
      make_room(input_count, word_count);
    // Its inputs and words lie behind all others already while they are hashed. They stay there if it is a new node.
    u64 hash = n.op->hash ^ n.identity;
    int i = 0, k = 0;
    for (; i < input_count; ++i)
      hash = (hash ^ static_cast<u64>(edges.items[edge + i] = inputs[i])) * 0x100000001b3u + (hash >> 29);
    for (; k < word_count; ++k)
      hash = (hash ^ static_cast<u64>(words.items[word + k] = attributes[k])) * 0x100000001b3u + (hash >> 29);
    int& first = heads_.items->first[(hash ^ hash >> 31) % chain_heads::count];
    for (int at = first; at > 0; at = links_.items[at - 1].next)
      if (links_.items[at - 1].hash == hash &&
          equal(nodes.items[at - 1], n, inputs, input_count, attributes, word_count))
        return at - 1;
    links_.items[id] = {hash, first};
    first = id + 1;
    add_last(id, n, input_count, word_count);
    return id;
  }
  /// The same without a look at what is there: for a pass that meets each node once and whose result is rewritten by
  /// another that merges.
  constexpr int append(node const& n, int const* inputs, int input_count, i64 const* attributes, int word_count) {
    int const id = nodes.count, edge = edges.count, word = words.count;
    if (id == nodes.room || edge + input_count > edges.room || word + word_count > words.room)
      make_room(input_count, word_count);
    for (int i = 0; i < input_count; ++i) edges.items[edge + i] = inputs[i];
    for (int i = 0; i < word_count; ++i) words.items[word + i] = attributes[i];
    links_.items[id] = {};
    add_last(id, n, input_count, word_count);
    return id;
  }

  /// Infers the dtype and the shape of a node from its inputs and attributes: an output's from those of its op. Gives
  /// how many outputs the op has.
  constexpr int infer(node& n, int const* inputs, int input_count, i64 const* attributes, int word_count) {
    op_info const* op = n.op;
    int output = -1;
    if (op->kind == op_kind::output) {
      node const& of = nodes.items[*inputs];
      output = static_cast<int>(*attributes);
      op = of.op;
      inputs = edges.items + of.first_input;
      input_count = of.input_count;
      attributes = words.items + of.first_word;
      word_count = of.word_count;
    }
    if (input_count > operands_.room) operands_ = vector<operand>(2 * input_count + 2);
    operand* const operands = operands_.items;
    node const* const all = nodes.items;
    for (int i = 0; i < input_count; ++i) operands[i] = {&all[inputs[i]].shape, all[inputs[i]].type};
    inference call{op,         {operands, input_count},           {operands}, attributes,
                   word_count, is_function_ ? nullptr : &symbols, n.shape,    error};
    call.output = output;
    symbols.asking = op;
    op->infer(call);
    n.type = call.type;
    return call.outputs;
  }
  /// How many outputs a node of an op of several has.
  constexpr int output_count(int id) {
    node n = nodes[id];
    return infer(n, edges.items + n.first_input, n.input_count, words.items + n.first_word, n.word_count);
  }
  /// Adds a node and infers its dtype and shape.
  constexpr int add(op_info const& op, int const* inputs, int input_count, i64 const* attributes, int word_count,
                    u64 identity = 0) {
    node n{.op = &op, .identity = identity};
    if (!is_function_ || !infer_alike(n, inputs, input_count, attributes, word_count))
      infer(n, inputs, input_count, attributes, word_count);
    if (stops_at_mistake && error.kind != refusal_kind::none) the_mistake_is_in_this_call();
    return insert(n, inputs, input_count, attributes, word_count);
  }

  /// In a function over handles a comparison is no condition: it has no value yet.
  constexpr void refuse_condition(op_info const& op) {
    if (!is_function_ || error.kind != refusal_kind::none) return;
    error.kind = refusal_kind::condition;
    error.op = &op;
    if (stops_at_mistake) the_mistake_is_in_this_call();
  }

 protected:
  static void the_mistake_is_in_this_call() {}  // no constant expression: calling it is the error
  /// Of a function over handles, whose extents are those of expressions.
  struct of_function {};
  constexpr explicit graph(of_function) : is_function_(true), alike_(vector<chain_heads>(1)) {}

  /// In a function what a rule says depends on nothing but the op, the words, and the dtypes and shapes of the inputs:
  /// where an earlier node has the same, as most have in a large graph, its result is this one's. Else the rule is to
  /// be asked.
  constexpr bool infer_alike(node& n, int const* inputs, int input_count, i64 const* attributes, int word_count) {
    if (input_count == 0 || n.op->kind == op_kind::output) return false;
    node const *const all = nodes.items, &first = all[inputs[0]], &last = all[inputs[input_count - 1]];
    int& met = alike_.items
                   ->first[(n.op->hash + 3 * static_cast<u64>(first.shape.extent[0]) +
                            5 * static_cast<u64>(first.shape.extent[1]) + 7 * static_cast<u64>(first.shape.extent[2]) +
                            11 * static_cast<u64>(last.shape.extent[0]) + 13 * static_cast<u64>(last.shape.extent[1])) %
                           chain_heads::count];
    // Whatever node it is: what is said here is true of all.
    node const& like = all[met < nodes.count ? met : 0];
    bool is_alike = like.op->hash == n.op->hash && like.input_count == input_count && like.word_count == word_count;
    int i = 0, k = 0;
    for (; is_alike && i < input_count; ++i)
      is_alike = all[inputs[i]].type == all[edges.items[like.first_input + i]].type &&
                 all[inputs[i]].shape == all[edges.items[like.first_input + i]].shape;
    for (; is_alike && k < word_count; ++k) is_alike = attributes[k] == words.items[like.first_word + k];
    if (!is_alike) {
      met = nodes.count;
      return false;
    }
    n.type = like.type, n.shape = like.shape;
    return true;
  }

  /// Inserts a leaf. A function has many that are like the one before them, such as what its variables begin as: that
  /// one is looked at first.
  constexpr int insert_leaf(node const& n, i64 const* attributes, int word_count) {
    int& met = alike_.items->first[(n.op->hash + (word_count > 0 ? static_cast<u64>(attributes[0]) +
                                                                       3 * static_cast<u64>(attributes[word_count - 1])
                                                                 : 0)) %
                                   chain_heads::count];
    if (met < nodes.count && equal(nodes.items[met], n, nullptr, 0, attributes, word_count)) return met;
    return met = insert(n, nullptr, 0, attributes, word_count);
  }

 private:
  vector<chain_heads> heads_ = vector<chain_heads>(1);
  vector<node_link> links_;
  bool is_function_ = false;
  vector<chain_heads> alike_;  // by what a rule sees: the last node of such
  vector<operand> operands_;   // for `infer`

  constexpr void make_room(int input_count, int word_count) {
    // Much more, since nodes are moved one by one, while in a constant expression room costs nothing.
    int const id = nodes.count, edge = edges.count + input_count, word = words.count + word_count;
    reserve(id == nodes.room ? 16 * id + 64 : 0, edge > edges.room ? 16 * edge + 64 : 0,
            word > words.room ? 16 * word + 64 : 0);
  }
  /// The last step of adding a node, whose inputs and words lie at the ends of their pools.
  constexpr void add_last(int id, node const& n, int input_count, int word_count) {
    std::construct_at(nodes.items + id, node{n.op, n.type, n.shape, edges.count, input_count, words.count, word_count,
                                             n.identity, n.name});
    nodes.count = links_.count = id + 1, edges.count += input_count, words.count += word_count;
  }
  constexpr bool equal(node const& a, node const& b, int const* inputs, int input_count, i64 const* attributes,
                       int word_count) const {
    // Extents without a name tell nodes apart.
    int i = 0, k = 0;
    bool same = a.op->hash == b.op->hash && a.identity == b.identity && a.type == b.type &&
                a.input_count == input_count && a.word_count == word_count && a.shape == b.shape;
    for (; same && i < input_count; ++i) same = edges.items[a.first_input + i] == inputs[i];
    for (; same && k < word_count; ++k) same = words.items[a.first_word + k] == attributes[k];
    return same;
  }
};

/// A node of a graph that a pass is building: the untyped twin of an expression, so that gradients are written with the
/// library's own functions.
struct handle : expression_base {
  struct graph* graph = nullptr;
  int id = -1;

  constexpr handle() = default;
  constexpr handle(struct graph* g, int i) : graph(g), id(i) {}
  /// Whether there is a node.
  constexpr explicit operator bool() const {
    if (id >= 0 && get().type == dtype::boolean) graph->refuse_condition(*get().op);
    return id >= 0;
  }
  constexpr node const& get() const { return graph->nodes[id]; }
  constexpr dims shape() const { return get().shape; }  // a copy: adding nodes moves them
  constexpr dtype type() const { return get().type; }
  constexpr int rank() const { return get().shape.rank; }
  constexpr attribute_words attributes() const { return {graph->words_of(get()), get().word_count}; }

  /// Elements along axes, as expressions have it: `x[i]`, `x(1, all, i)`; indices may be computed.
  template <class I>
    requires detail::axis_index<I>
  constexpr handle operator[](I const& index) const;
  template <class... I>
    requires(sizeof...(I) > 0 && (detail::axis_index<I> && ...))
  constexpr handle operator()(I const&... indices) const;
};

/// Adds a node by its op and attributes; what `apply` does for handles.
template <class... X>
constexpr handle add_node(op_info const& op, i64 const* attributes, int word_count, handle const& first,
                          X const&... rest) {
  int const inputs[] = {first.id, rest.id...};
  return {first.graph, first.graph->add(op, inputs, 1 + sizeof...(rest), attributes, word_count)};
}

namespace detail {
/// The same of whatever a function over handles may meet (graph/function.hpp).
template <class... X>
constexpr result_of_values<X...> add_value(op_info const& op, i64 const* attributes, int word_count, X const&... x);
template <class... X>
constexpr result_of_values<X...> add_value(op_info const& op, std::string_view name, i64 const* attributes,
                                           int word_count, X const&... x);
}  // namespace detail
/// The same in a rule that is a template (see gradient_call): there nothing of `Op` is made before the rule is.
template <class Op, class... X>
constexpr handle add_node(i64 const* attributes, int word_count, X const&... x) {
  return add_node(info<Op>, attributes, word_count, x...);
}
template <class Op, class Graph>
constexpr handle add_node(Graph* graph, vector<int> const& inputs, vector<i64> const& attributes) {
  return {graph, graph->add(info<Op>, inputs.items, inputs.count, attributes.items, attributes.count)};
}

/// What `Op` with static attributes makes of `x…`: the body of every op's function.
template <class Op, name Name = "", class Words = words<>, class... X>
constexpr result_with<Op, Name, Words, X...> apply(X const&... x) {
  if constexpr (Name.size() == 0 && (std::is_same_v<X, handle> && ...)) {
    static_assert(op<Op>, "tfx: a member that every op of its kind has is missing: docs/op.md");
    return add_node(info<Op>, detail::word_list<Words>::values, detail::word_list<Words>::count, x...);
  } else if constexpr (Name.size() == 0 && (untyped<X> || ...)) {
    return detail::add_value(info<Op>, detail::word_list<Words>::values, detail::word_list<Words>::count, x...);
  } else if constexpr ((untyped<X> || ...)) {
    return detail::add_value(info<Op>, Name.view(), detail::word_list<Words>::values, detail::word_list<Words>::count,
                             x...);
  } else if constexpr (result_with<Op, Name, Words, X...>::literal_count == 0) {
    return {};
  } else {
    return compose<result_with<Op, Name, Words, X...>>(x...);
  }
}

/// One value of an op of several outputs, which is its input. Word: which one.
struct output_op {
  static constexpr auto name = "Output";
  static constexpr op_kind kind = op_kind::output;
  static constexpr op_traits traits{};
  static constexpr void infer(inference&) {}  // the op's own rule is asked
};
constexpr handle output_of(handle several, int k) {
  i64 const attributes[] = {k};
  return {several.graph, several.graph->add(info<output_op>, &several.id, 1, attributes, 1)};
}

/// For each input of an elementwise op its gradient.
template <int N>
struct handles {
  handle at[N];
};

/// What an op's gradient or tangent rule sees: its node, the incoming derivatives, and where results go. A rule that
/// takes it as `auto&` costs a program nothing that does not use the op: the ops that it is written in are not made. It
/// names them where the call depends on a parameter, since clang makes at once what does not.
struct gradient_call {
  struct graph* graph = nullptr;
  int id = -1;
  handle dy;           // reverse: the adjoint of the node's value
  vector<handle> dys;  // reverse, of an op of several outputs: the adjoint of each, empty where there is none
  vector<handle> dx;   // reverse: results, per input; forward: the tangents of the inputs, empty where there is none
  handle tangent;      // forward: the result
  vector<handle> tangents;  // forward, of an op of several outputs: the results
  int fed = -1;             // the node that is fed in this one's place
  vector<int> fed_outputs;  // by output: the node that is fed in its place; none where nothing is fed

  constexpr node const& get() const { return graph->nodes[id]; }
  constexpr int input_count() const { return get().input_count; }
  constexpr handle x(int i) const { return {graph, graph->input(get(), i)}; }
  constexpr handle y() const { return {graph, fed >= 0 ? fed : id}; }
  constexpr attribute_words attributes() const { return {graph->words_of(get()), get().word_count}; }
  constexpr handle output(int k) const {
    if (k < fed_outputs.count && fed_outputs.items[k] >= 0) return {graph, fed_outputs.items[k]};
    return output_of({graph, id}, k);
  }
};

namespace detail {
template <class Op, std::size_t... I>
constexpr auto call_gradient(gradient_call const& call, handle dy, std::index_sequence<I...>) {
  return Op::gradient(dy, call.y(), call.x(static_cast<int>(I))...);
}
template <class Op>
concept has_elementwise_gradient = requires(handle h) { Op::gradient(h, h, h); } || requires(handle h) {
  Op::gradient(h, h, h, h);
} || requires(handle h) { Op::gradient(h, h, h, h, h); };

template <class Op>
constexpr void elementwise_gradient(gradient_call const& call, handle dy, handle* out) {
  auto const result = call_gradient<Op>(call, dy, std::make_index_sequence<Op::inputs>{});
  if constexpr (Op::inputs == 1) {
    out[0] = result;
  } else {
    for (int i = 0; i < Op::inputs; ++i) out[i] = result.at[i];
  }
}

template <class Op>
constexpr void gradient_with(gradient_call& call) {
  if constexpr (derives_by_call<Op>) {
    Op::gradient(call);
  } else if constexpr (!is_constant<Op> && derives_elements<Op>) {
    static_assert(has_elementwise_gradient<Op>, "op: `gradient` takes (dy, y, x...) or a gradient_call&");
    elementwise_gradient<Op>(call, call.dy, call.dx.begin());
  }
}

/// The op itself with the tangent of input i in that input's place: what the tangent adds where the op is linear in it.
constexpr handle with_tangent(gradient_call const& call, int i) {
  node const n = call.get();
  vector<int> inputs;
  for (int k = 0; k < n.input_count; ++k) inputs.push_back(k == i ? call.dx[i].id : call.graph->input(n, k));
  vector<i64> attributes;
  for (int k = 0; k < n.word_count; ++k) attributes.push_back(call.graph->word(n, k));
  return {call.graph, call.graph->add(*n.op, inputs.begin(), inputs.size(), attributes.begin(), n.word_count)};
}
// The derivative along tangents of the inputs. `Handle` is handle: a dependent type, so that `+` is found when the op
// files are there.
template <class Op, class Handle>
constexpr void forward(gradient_call& call) {
  Handle total{};
  for (int i = 0; i < call.input_count(); ++i) {
    if (!call.dx[i]) continue;
    Handle term{};
    if constexpr (!Op::traits.multilinear) {
      Handle out[Op::inputs];
      elementwise_gradient<Op>(call, call.dx[i], out);
      term = out[i];
    } else {
      term = with_tangent(call, i);
    }
    if (term) total = total ? total + term : term;
  }
  call.tangent = total;
}
// The same for each output.
template <class Op, class Handle>
constexpr void forward_outputs(gradient_call& call) {
  for (int i = 0; i < call.input_count(); ++i) {
    if (!call.dx[i]) continue;
    Handle const moved = with_tangent(call, i);
    for (int k = 0; k < call.tangents.count; ++k) {
      Handle const term = output_of(moved, k), sum = call.tangents[k];
      call.tangents[k] = sum ? sum + term : term;
    }
  }
}
template <class Op>
constexpr void tangent_with(gradient_call& call) {
  if constexpr (Op::kind == op_kind::region) {
    return;  // the pass takes its derivatives
  } else if constexpr (has_tangent<Op>) {
    Op::tangent(call);
  } else if constexpr (!is_constant<Op> && Op::traits.has_outputs) {
    forward_outputs<Op, handle>(call);
  } else if constexpr (!is_constant<Op> && derives_forward<Op>) {
    forward<Op, handle>(call);
  }
}
}  // namespace detail

TFX_END
