// SPDX-License-Identifier: Apache-2.0
#pragma once
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

/// The graph that a function over handles makes. Names are kept here, since a function may compose them.
struct function_graph : graph {
  vector<descriptor const*> outside;
  vector<vector<char>> names;
  vector<char> wrong_name;  // the first that TensorFlow would not take for a node

  constexpr explicit function_graph(bool merges = true) : graph(merges) {}
  function_graph(function_graph const&) = delete;
  function_graph& operator=(function_graph const&) = delete;
  constexpr function_graph(function_graph&&) = default;
  constexpr function_graph& operator=(function_graph&&) = default;

  /// Adds a node and infers its dtype and shape. Nodes that differ in nothing but their names are two.
  constexpr int add(op_info const& op, int const* inputs, int input_count, i64 const* attributes, int word_count,
                    std::string_view name) {
    node n;
    n.op = &op;
    n.identity = name.empty() ? 0 : hash_of(name);
    if (!is_node_name(name)) refuse_name(name);
    infer(n, inputs, input_count, attributes, word_count);
    if (stops_at_mistake && error.kind != refusal_kind::none) the_mistake_is_in_this_call();
    return put(n, inputs, input_count, attributes, word_count, name);
  }
  constexpr int add_leaf(op_info const& op, dtype type, dims const& shape, i64 const* attributes, int word_count) {
    node n;
    n.op = &op;
    n.type = type;
    n.shape = shape;
    return put(n, nullptr, 0, attributes, word_count, {});
  }
  /// What stands for `x` in this graph.
  constexpr int take(handle const& x) { return x.id; }
  constexpr int take(fragment const& x);
  constexpr int take(function_graph const& other, int id);
  template <typed_expression X>
  constexpr int take(X const&) {
    static_assert(
        X::literal_count == 0,
        "tfx: a number that is known at run time only, or a random op without a name, would be lost here: write 2.0f or "
        "fill({3}, 2.0f), give the name, or pass the expression as an argument");
    return take(*lookup(key<X::hash>{}));
  }
  constexpr int take(descriptor const& d) {
    i64 place = 0;
    while (place < outside.count && outside.items[place]->hash != d.hash) ++place;
    if (place == outside.count) outside.push_back(&d);
    node n;
    n.op = &info<outside_op>;
    n.type = d.type;
    n.shape = *d.shape;
    n.identity = d.hash;
    return put(n, nullptr, 0, &place, 1, {});
  }
  /// What tells a node from those of other content, in other functions too: its name and what it is computed from.
  constexpr u64 content(int id) {
    for (int i = contents_.count; i <= id; ++i) {
      node const& n = nodes.items[i];
      u64 hash = is<outside_op>(n.op) ? n.identity
                                      : detail::own_hash(*n.op, n.identity, n.type, n.shape, words_of(n), n.word_count);
      for (int k = 0; k < n.input_count; ++k) hash = mix(hash, contents_.items[input(n, k)]);
      contents_.push_back(hash);
    }
    return contents_.items[id];
  }

 private:
  vector<u64> contents_;  // of the first nodes
  // What has met no handle knows no graph that could stop: its mistake is told where it meets the first one.
  static void the_mistake_is_in_what_this_call_is_given() {}
  constexpr void refuse_name(std::string_view name) {
    if (error.kind != refusal_kind::none) return;
    error.kind = refusal_kind::node_name;
    wrong_name.append(name.data(), static_cast<int>(name.size()));
  }
  constexpr int put(node n, int const* inputs, int input_count, i64 const* attributes, int word_count,
                    std::string_view name) {
    n.name = {};
    int const id = merges() ? insert(n, inputs, input_count, attributes, word_count)
                            : append(n, inputs, input_count, attributes, word_count);
    if (!name.empty() && nodes[id].name.empty()) {
      names.push_back({});
      names.back().append(name.data(), static_cast<int>(name.size()));
      nodes[id].name = {names.back().items, name.size()};
    }
    return id;
  }
};

/// A part of a function's graph that has met no handle, such as a variable: it goes to where the first handle is that
/// it meets. What is equal in two fragments is one there.
struct fragment : expression_base {
  function_graph own{false};
  int id = -1;

  constexpr fragment() = default;
  constexpr fragment(fragment const& other) : expression_base(), id(own.take(other)) {}
  constexpr fragment(fragment&&) = default;
  constexpr fragment& operator=(fragment other) {
    own = static_cast<function_graph&&>(other.own);
    id = other.id;
    return *this;
  }
  constexpr node const& get() const { return own.nodes[id]; }
  constexpr dims shape() const { return get().shape; }
  constexpr dtype type() const { return get().type; }
  constexpr int rank() const { return get().shape.rank; }

  /// As those of handles. What it meets may be a handle.
  template <class I>
    requires detail::axis_index<I>
  constexpr auto operator[](I const& index) const;
  template <class... I>
    requires(sizeof...(I) > 0 && (detail::axis_index<I> && ...))
  constexpr auto operator()(I const&... indices) const;
};

constexpr int function_graph::take(fragment const& x) { return take(x.own, x.id); }
constexpr int function_graph::take(function_graph const& other, int id) {
  vector<int> ids(other.size());
  vector<int> inputs;
  for (int i = 0; i < other.size(); ++i) {
    node const& n = other.nodes[i];
    if (is<outside_op>(n.op)) {
      ids[i] = take(*other.outside[static_cast<int>(other.word(n, 0))]);
      continue;
    }
    inputs.clear();
    for (int k = 0; k < n.input_count; ++k) inputs.push_back(ids[other.input(n, k)]);
    ids[i] = put(n, inputs.items, n.input_count, other.words_of(n), n.word_count, n.name);
  }
  if (error.kind == refusal_kind::none) {
    error = other.error;
    wrong_name = other.wrong_name;
    if (stops_at_mistake && error.kind != refusal_kind::none) the_mistake_is_in_what_this_call_is_given();
  }
  return ids[id];
}

namespace detail {
template <class X, class... Rest>
constexpr function_graph* graph_of(X const& x, Rest const&... rest) {
  if constexpr (std::is_same_v<X, handle>) {
    return static_cast<function_graph*>(x.graph);
  } else {
    return graph_of(rest...);
  }
}
template <class... X>
constexpr result_of_values<X...> add_value(op_info const& op, std::string_view name, i64 const* attributes,
                                           int word_count, X const&... x) {
  if constexpr (std::is_same_v<result_of_values<X...>, handle>) {
    function_graph* const graph = graph_of(x...);
    int const inputs[] = {graph->take(x)...};
    return {graph, graph->add(op, inputs, sizeof...(X), attributes, word_count, name)};
  } else {
    fragment result;
    int const inputs[] = {result.own.take(x)...};
    result.id = result.own.add(op, inputs, sizeof...(X), attributes, word_count, name);
    return result;
  }
}
inline void there_is_no_value_at_all() {}  // no constant expression: calling it is the error
/// The same of any number of values.
template <class X>
constexpr X add_value_of_all(op_info const& op, std::string_view name, i64 const* attributes, int word_count,
                             vector<X> const& x) {
  if (x.empty()) there_is_no_value_at_all();
  vector<int> inputs;
  if constexpr (std::is_same_v<X, handle>) {
    function_graph* const graph = graph_of(x[0]);
    for (X const& each : x) inputs.push_back(each.id);
    return {graph, graph->add(op, inputs.items, inputs.count, attributes, word_count, name)};
  } else {
    fragment result;
    for (X const& each : x) inputs.push_back(result.own.take(each));
    result.id = result.own.add(op, inputs.items, inputs.count, attributes, word_count, name);
    return result;
  }
}
}  // namespace detail

/// A name as a value: `name_of("layer", i, "/kernel")`.
struct name_value {
  static constexpr int most = 200;
  char text[most + 1] = {};
  int size = 0;

  constexpr operator std::string_view() const { return {text, static_cast<std::size_t>(size)}; }
  constexpr void add(std::string_view part) {
    for (char const c : part) push_back(c);
  }
  constexpr void push_back(char c) {
    if (size == most) a_name_has_200_characters_at_most();
    text[size++] = c;
  }

 private:
  static void a_name_has_200_characters_at_most() {}  // no constant expression: calling it is the error
};
template <class... Part>
constexpr name_value name_of(Part const&... parts) {
  name_value result;
  auto const add = [&](auto const& part) {
    using type = std::remove_cvref_t<decltype(part)>;
    if constexpr (std::is_same_v<type, char>) {
      result.push_back(part);
    } else if constexpr (std::is_integral_v<type>) {
      detail::write_number(result, static_cast<i64>(part));
    } else {
      result.add(std::string_view(part));
    }
  };
  (add(parts), ...);
  return result;
}

/// A shape as a braced list or a value: `fill({2, 3}, 0.5f)`, `zeros(x.shape())`.
struct extents {
  dims value;

  constexpr extents(std::initializer_list<i64> list) {
    if (list.size() > max_rank) a_tensor_has_at_most_8_dimensions();
    for (i64 const extent : list) value.push_back(extent);
  }
  constexpr extents(dims const& shape) : value(shape) {}

 private:
  static void a_tensor_has_at_most_8_dimensions() {}  // no constant expression: calling it is the error
};

TFX_END
