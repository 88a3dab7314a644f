// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <concepts>
#include <initializer_list>
#include <tfx/graph/graph.hpp>

TFX_BEGIN

/// What stands outside of a function over handles: an argument, or an expression that the function mentions. Word:
/// which one.
struct outside_op {
  static constexpr auto name = "Outside";
  static constexpr op_kind kind = op_kind::leaf;
  static constexpr op_traits traits{};
  static constexpr void infer(inference&) {}
};

struct fragment_part;

/// A node's name, in a pool of text.
struct name_place {
  int node;
  int first, size;
};

/// Where the name of the node is, or else the next name, among those of a graph.
constexpr int place_of_name(name_place const* names, int count, int node) {
  int first = 0, last = count;
  while (first < last) {
    int const middle = (first + last) / 2;
    if (names[middle].node < node) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first;
}

/// The graph that a function over handles makes. Names are kept here, since a function may compose them.
struct function_graph : graph {
  vector<descriptor const*> outside;
  vector<name_place> names;  // in the order of their nodes
  vector<char> text;
  vector<char> wrong_name;  // the first that TensorFlow would not take for a node

  constexpr function_graph() : graph(of_function{}) {}
  function_graph(function_graph const&) = delete;
  function_graph& operator=(function_graph const&) = delete;
  constexpr function_graph(function_graph&&) = default;
  constexpr function_graph& operator=(function_graph&&) = default;

  /// Adds a node that has a name, and infers its dtype and shape. Nodes that differ in nothing but their names are two.
  constexpr int add_named(op_info const& op, int const* inputs, int input_count, i64 const* attributes, int word_count,
                          std::string_view name) {
    node_name const known = node_name_of(name);
    node n{.op = &op, .identity = known.hash};
    if (!known.is_valid) refuse_name(name);
    if (!infer_alike(n, inputs, input_count, attributes, word_count))
      infer(n, inputs, input_count, attributes, word_count);
    if (stops_at_mistake && error.kind != refusal_kind::none) the_mistake_is_in_this_call();
    int const count = nodes.count, id = insert(n, inputs, input_count, attributes, word_count);
    if (id == count) keep_name(id, name.data(), static_cast<int>(name.size()));
    return id;
  }
  constexpr int add_leaf(op_info const& op, dtype type, dims const& shape, i64 const* attributes, int word_count) {
    return insert(node{.op = &op, .type = type, .shape = shape}, nullptr, 0, attributes, word_count);
  }
  /// What stands for `x` in this graph.
  constexpr int take(handle const& x) { return x.id; }
  constexpr int take(fragment const& x);
  template <typed_expression X>
  constexpr int take(X const&) {
    return take(outside_of<X>());
  }
  constexpr int take(descriptor const& d) {
    i64 place = 0;
    while (place < outside.count && outside.items[place]->hash != d.hash) ++place;
    if (place == outside.count) outside.push_back(&d);
    return insert(node{.op = &info<outside_op>, .type = d.type, .shape = *d.shape, .identity = d.hash}, nullptr, 0,
                  &place, 1);
  }
  /// What an expression that a function mentions leads to.
  template <typed_expression X>
  static constexpr descriptor const& outside_of() {
    static_assert(X::literal_count == 0,
                  "tfx: a number that is known at run time only, or a random op without a name, would be lost here: "
                  "write 2.0f or "
                  "fill({3}, 2.0f), give the name, or pass the expression as an argument");
    return *lookup(key<X::hash>{});
  }
  /// The name of a node, or none.
  constexpr std::string_view name_of(int id) const {
    int const at = place_of_name(names.items, names.count, id);
    if (at == names.count || names.items[at].node != id) return {};
    name_place const& found = names.items[at];
    return {text.items + found.first, static_cast<std::size_t>(found.size)};
  }
  vector<u64> contents;  // by node, of the first ones: see content_in

 private:
  // What has met no handle knows no graph that could stop: its mistake is told where it meets the first one.
  static void the_mistake_is_in_what_this_call_is_given() {}
  constexpr void refuse_name(std::string_view name) {
    if (error.kind != refusal_kind::none) return;
    error.kind = refusal_kind::node_name;
    wrong_name.append(name.data(), static_cast<int>(name.size()));
  }
  constexpr void keep_name(int id, char const* name, int size) {
    if (names.count == names.room) names.reserve(4 * names.count + 16);
    if (text.count + size > text.room) text.reserve(4 * (text.count + size));
    names.items[names.count++] = {id, text.count, size};
    detail::copy_items(text.items + text.count, name, size);
    text.count += size;
  }

  constexpr bool take_with_leaves(fragment_part& part);
  constexpr void take_deep(fragment_part* part);

  vector<int> taken_;  // the inputs of a part that is taken
};

namespace detail {
template <class T>
constexpr T* copy_of(T const* items, int count) {
  T* const copy = new T[static_cast<std::size_t>(count)];
  copy_items(copy, items, count);
  return copy;
}
}  // namespace detail

/// A node that has met no handle, with the nodes that it is made of.
struct fragment_part {
  node self;
  fragment_part** inputs = nullptr;  // this part is a holder of each
  i64* words = nullptr;
  char* text = nullptr;  // the name
  int text_size = 0;
  descriptor const* outside = nullptr;
  refusal* mistake = nullptr;  // the first in this part and its inputs; the text is a part's name
  int holders = 1;

  // While a graph takes parts, or gives them back to memory, one after the other: how deep they are nested does not
  // matter.
  function_graph const* graph = nullptr;  // that has taken it
  int id = -1;                            // there
  int visited = 0;                        // how many of the inputs are there
  fragment_part* next = nullptr;

  constexpr void set_name(std::string_view name) {
    node_name const known = node_name_of(name);
    self.identity = known.hash;
    text = detail::copy_of(known.text, text_size = known.size);
    if (!known.is_valid && !mistake)
      mistake = new refusal{.kind = refusal_kind::node_name, .text = {text, name.size()}};
  }
  /// The dtype and the shape, from those of the inputs.
  constexpr void infer();
};

/// A part of a function's graph that has met no handle, such as a variable: it goes to where the first handle is that
/// it meets. What is equal in two fragments is one there.
struct fragment : expression_base {
  fragment_part* part = nullptr;

  constexpr fragment() = default;
  /// Of a part that has no other holder.
  constexpr explicit fragment(fragment_part* p) : part(p) {}
  constexpr fragment(fragment const& other) : expression_base(), part(other.hold()) {}
  constexpr fragment(fragment&& other) noexcept : expression_base(), part(other.part) { other.part = nullptr; }
  constexpr fragment& operator=(fragment other) noexcept {
    fragment_part* const mine = part;
    part = other.part;
    other.part = mine;
    return *this;
  }
  constexpr ~fragment() {
    if (part && --part->holders == 0) give_back(part);
  }
  /// A node without inputs.
  constexpr fragment(op_info const& op, dtype type, dims const& shape, i64 const* words, int word_count)
      : part(new fragment_part{.self = {.op = &op, .type = type, .shape = shape, .word_count = word_count},
                               .words = detail::copy_of(words, word_count)}) {}

  constexpr node const& get() const { return part->self; }
  constexpr dims shape() const { return get().shape; }
  constexpr dtype type() const { return get().type; }
  constexpr int rank() const { return get().shape.rank; }
  constexpr std::string_view name() const { return {part->text, static_cast<std::size_t>(part->text_size)}; }

  /// As those of handles. What it meets may be a handle.
  template <class I>
    requires detail::axis_index<I>
  constexpr auto operator[](I const& index) const;
  template <class... I>
    requires(sizeof...(I) > 0 && (detail::axis_index<I> && ...))
  constexpr auto operator()(I const&... indices) const;

  /// One holder more.
  constexpr fragment_part* hold() const {
    if (part) ++part->holders;
    return part;
  }
  /// The hold of this fragment.
  constexpr fragment_part* release() {
    fragment_part* const held = part;
    part = nullptr;
    return held;
  }

 private:
  static constexpr void give_back(fragment_part* p) {
    p->next = nullptr;
    for (fragment_part* rest; p; p = rest) {
      rest = p->next;
      for (int i = 0; i < p->self.input_count; ++i)
        if (--p->inputs[i]->holders == 0) p->inputs[i]->next = rest, rest = p->inputs[i];
      delete[] p->inputs, delete[] p->words, delete[] p->text, delete p->mistake, delete p;
    }
  }
};

constexpr void fragment_part::infer() {
  fragment_part const* of = this;
  int output = -1;
  if (of->self.op->kind == op_kind::output) {
    output = static_cast<int>(*of->words);
    of = of->inputs[0];
  }
  int const count = of->self.input_count;
  vector<operand> operands(count);
  for (int i = 0; i < count; ++i) operands.items[i] = {&of->inputs[i]->self.shape, of->inputs[i]->self.type};
  refusal error{};
  inference call{
      of->self.op, {operands.items, count}, {operands.items}, of->words, of->self.word_count, nullptr, self.shape,
      error};
  call.output = output;
  of->self.op->infer(call);
  self.type = call.type;
  if (error.kind != refusal_kind::none && !mistake) mistake = new refusal(error);
}

constexpr int function_graph::take(fragment const& x) {
  // Most are leaves, or made of leaves.
  if (!take_with_leaves(*x.part)) take_deep(x.part);
  if (x.part->mistake && error.kind == refusal_kind::none) {
    error = *x.part->mistake;
    wrong_name.append(error.text.data(), static_cast<int>(error.text.size()));
    error.text = {};
    if (stops_at_mistake) the_mistake_is_in_what_this_call_is_given();
  }
  return x.part->id;
}
/// Whether the part is here, at the latest now if all its inputs are here or leaves.
constexpr bool function_graph::take_with_leaves(fragment_part& part) {
  if (part.graph == this) return true;
  node const& n = part.self;
  if (n.input_count > taken_.room) taken_.reserve(n.input_count);
  for (; part.visited < n.input_count; ++part.visited) {
    fragment_part& input = *part.inputs[part.visited];
    if (input.graph != this && (input.self.input_count > 0 || !take_with_leaves(input))) return false;
  }
  for (int k = 0; k < n.input_count; ++k) taken_.items[k] = part.inputs[k]->id;
  int const count = nodes.count;
  part.graph = this, part.visited = 0;
  part.id = part.outside         ? take(*part.outside)
            : n.input_count == 0 ? insert_leaf(n, part.words, n.word_count)
                                 : insert(n, taken_.items, n.input_count, part.words, n.word_count);
  if (part.text && part.id == count) keep_name(part.id, part.text, part.text_size);
  return true;
}
/// The same with whatever the part is made of.
constexpr void function_graph::take_deep(fragment_part* at) {
  at->next = nullptr;
  while (at) {
    if (take_with_leaves(*at)) {
      at = at->next;
    } else {
      fragment_part* const input = at->inputs[at->visited];
      input->next = at;
      at = input;
    }
  }
}

namespace detail {
/// The first handle's.
template <class... Rest>
constexpr function_graph* graph_of(handle const& x, Rest const&...) {
  return static_cast<function_graph*>(x.graph);
}
template <class X, class... Rest>
constexpr function_graph* graph_of(X const&, Rest const&... rest) {
  return graph_of(rest...);
}
constexpr fragment_part* part_of(fragment const& x) { return x.hold(); }
template <typed_expression X>
constexpr fragment_part* part_of(X const&) {
  descriptor const& d = function_graph::outside_of<X>();
  return new fragment_part{.self = {.op = &info<outside_op>, .type = d.type, .shape = *d.shape}, .outside = &d};
}
/// A node that takes over `inputs`, an array of parts that it holds.
constexpr fragment add_fragment(op_info const& op, std::string_view name, i64 const* words, int word_count,
                                fragment_part** inputs, int input_count) {
  fragment result(new fragment_part{.self = {.op = &op, .input_count = input_count, .word_count = word_count},
                                    .inputs = inputs,
                                    .words = copy_of(words, word_count)});
  for (int i = 0; i < input_count && !result.part->mistake; ++i)
    if (inputs[i]->mistake) result.part->mistake = new refusal(*inputs[i]->mistake);
  if (!name.empty()) result.part->set_name(name);
  result.part->infer();
  return result;
}
template <class... X>
constexpr result_of_values<X...> add_value(op_info const& op, i64 const* attributes, int word_count, X const&... x) {
  if constexpr (std::is_same_v<result_of_values<X...>, handle>) {
    function_graph* const graph = graph_of(x...);
    int const inputs[] = {graph->take(x)...};
    return {graph, graph->add(op, inputs, sizeof...(X), attributes, word_count)};
  } else {
    return add_fragment(
        op, {}, attributes, word_count, new fragment_part* [sizeof...(X)] { part_of(x)... }, sizeof...(X));
  }
}
template <class... X>
constexpr result_of_values<X...> add_value(op_info const& op, std::string_view name, i64 const* attributes,
                                           int word_count, X const&... x) {
  if (name.empty()) return add_value(op, attributes, word_count, x...);
  if constexpr (std::is_same_v<result_of_values<X...>, handle>) {
    function_graph* const graph = graph_of(x...);
    int const inputs[] = {graph->take(x)...};
    return {graph, graph->add_named(op, inputs, sizeof...(X), attributes, word_count, name)};
  } else {
    return add_fragment(
        op, name, attributes, word_count, new fragment_part* [sizeof...(X)] { part_of(x)... }, sizeof...(X));
  }
}
// Templates, which cost a program nothing that does not use them.
/// What tells a node from those of other content, in other functions too: its name and what it is computed from.
template <class Graph>
constexpr u64 content_in(Graph& graph, int id) {
  for (int i = graph.contents.count; i <= id; ++i) {
    node const& n = graph.nodes[i];
    u64 hash = is<outside_op>(n.op) ? n.identity
                                    : own_hash(*n.op, n.identity, n.type, n.shape, graph.words_of(n), n.word_count);
    for (int k = 0; k < n.input_count; ++k) hash = mix(hash, graph.contents[graph.input(n, k)]);
    graph.contents.push_back(hash);
  }
  return graph.contents[id];
}
/// Parts that a graph has taken which is there no longer.
template <class Fragment>
constexpr void forget(function_graph const& graph, Fragment const& x) {
  vector<fragment_part*> stack(1, x.part);
  while (!stack.empty()) {
    fragment_part& part = *stack.back();
    stack.pop_back();
    if (part.graph != &graph) continue;
    part.graph = nullptr;
    for (int i = 0; i < part.self.input_count; ++i) stack.push_back(part.inputs[i]);
  }
}
/// A result in a graph as one that has met no handle.
template <class Fragment = fragment>
constexpr Fragment fragment_of(function_graph const& graph, int id) {
  vector<Fragment> parts;
  for (int i = 0; i <= id; ++i) {
    node const& n = graph.nodes[i];
    Fragment made(*n.op, n.type, n.shape, graph.words_of(n), n.word_count);
    made.part->self.input_count = n.input_count;
    made.part->inputs = new fragment_part*[static_cast<std::size_t>(n.input_count)];
    for (int k = 0; k < n.input_count; ++k) {
      fragment_part* const input = made.part->inputs[k] = parts[graph.input(n, k)].hold();
      if (input->mistake && !made.part->mistake) made.part->mistake = new refusal(*input->mistake);
    }
    if (is<outside_op>(n.op)) made.part->outside = graph.outside[static_cast<int>(graph.word(n, 0))];
    if (std::string_view const name = graph.name_of(i); !name.empty()) made.part->set_name(name);
    parts.push_back(made);
  }
  Fragment const& result = parts[id];
  bool const is_named_wrong = graph.error.kind == refusal_kind::node_name;  // told by the part of that name
  if (graph.error.kind != refusal_kind::none && !is_named_wrong && !result.part->mistake)
    result.part->mistake = new refusal(graph.error);
  return result;
}
inline void there_is_no_value_at_all() {}  // no constant expression: calling it is the error
/// The same of any number of values.
template <class X>
constexpr X add_value_of_all(op_info const& op, std::string_view name, i64 const* attributes, int word_count,
                             vector<X> const& x) {
  if (x.empty()) there_is_no_value_at_all();
  if constexpr (std::is_same_v<X, handle>) {
    vector<int> inputs;
    function_graph* const graph = graph_of(x[0]);
    for (X const& each : x) inputs.push_back(each.id);
    return {graph, name.empty() ? graph->add(op, inputs.items, inputs.count, attributes, word_count)
                                : graph->add_named(op, inputs.items, inputs.count, attributes, word_count, name)};
  } else {
    fragment_part** const inputs = new fragment_part*[static_cast<std::size_t>(x.size())];
    for (int i = 0; i < x.size(); ++i) inputs[i] = x[i].hold();
    return add_fragment(op, name, attributes, word_count, inputs, x.size());
  }
}
}  // namespace detail

/// A name as a value: `name_of("layer", i, "/kernel")`.
struct name_value {
  static constexpr int most = 200;
  char text[most + 1] = {};
  int size = 0;

  constexpr operator std::string_view() const { return {text, static_cast<std::size_t>(size)}; }
  constexpr void append(char const* part, int count) {
    if (size + count > most) a_name_has_200_characters_at_most();
    detail::copy_items(text + size, part, count);
    size += count;
  }
  constexpr void add(char const* part) { append(part, static_cast<int>(__builtin_strlen(part))); }
  constexpr void add(std::string_view part) { append(part.data(), static_cast<int>(part.size())); }
  constexpr void add(char part) { append(&part, 1); }
  template <std::integral Number>
  constexpr void add(Number part) {
    detail::write_number(*this, static_cast<i64>(part));
  }

 private:
  static void a_name_has_200_characters_at_most() {}  // no constant expression: calling it is the error
};
template <class... Part>
constexpr name_value name_of(Part const&... parts) {
  name_value result;
  (result.add(parts), ...);
  return result;
}

/// A shape as a braced list or a value: `fill({2, 3}, 0.5f)`, `zeros(x.shape())`.
struct extents {
  dims value;

  constexpr extents(std::initializer_list<i64> list) {
    i64 const* const each = list.begin();
    value.rank = static_cast<int>(list.size());
    if (value.rank > max_rank) a_tensor_has_at_most_8_dimensions();
    for (int i = 0; i < value.rank; ++i) value.extent[i] = each[i];
  }
  constexpr extents(dims const& shape) : value(shape) {}

 private:
  static void a_tensor_has_at_most_8_dimensions() {}  // no constant expression: calling it is the error
};

TFX_END
