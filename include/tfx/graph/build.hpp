// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/table.hpp>
#include <tfx/graph/fetch_list.hpp>
#include <tfx/graph/operands.hpp>
#include <tuple>

TFX_BEGIN

/// What a function over handles made, as an expression: its one input. Flattening leaves nothing of it.
struct built_op : same_value {
  static constexpr auto name = "Built";
  static constexpr op_traits traits{.transparent = true};
};

namespace detail {

struct function_counts {
  int nodes, edges, words, names, text, outside, results;
};
struct function_node {
  op_info const* op;
  dtype type;
  dims shape;
  int first_input, input_count;
  int first_word, word_count;
  u64 identity;
};
/// A function's graph in arrays of the sizes `C`, which may be a guess: `complete` says whether all of it fits.
template <function_counts C>
struct frozen_function {
  function_node nodes[C.nodes + 1];
  int edges[C.edges + 1];
  i64 words[C.words + 1];
  name_place names[C.names + 1];
  char text[C.text + 1];
  descriptor const* outside[C.outside + 1];
  int results[C.results + 1];
  refusal error;  // without its text, which stands behind the names
  int error_text;
  function_counts count;
  bool complete;
};

/// The graph of a function, and which of its nodes the function gives back.
struct traced_function {
  function_graph graph;
  vector<int> results;

  template <class Result>
  constexpr void give(Result const& result) {
    if constexpr (expression<Result>) {
      results.push_back(graph.take(result));
    } else {
      std::apply([&](auto const&... each) { (give(each), ...); }, result);
    }
  }
  template <class... X>
  constexpr void give(fetch_list<X...> const& list) {
    list.apply([&](auto const&... each) { (give(each), ...); });
  }
};
/// What a function gives back to another one: of several a tuple, which takes bindings.
template <class Result>
constexpr Result as_given(Result const& result) {
  return result;
}
template <class... X>
constexpr std::tuple<X...> as_given(fetch_list<X...> const& list) {
  return as_tuple(list);
}
inline void the_mistake_is_in_what_is_given_back() {}  // no constant expression: calling it is the error
/// Where `stops_at_mistake`, the function must make one.
template <class F, u64... In, std::size_t... I>
constexpr traced_function trace(std::index_sequence<I...>, bool stops_at_mistake = false) {
  traced_function traced;
  int const arguments[sizeof...(In) + 1] = {traced.graph.take(*lookup(key<In>{}))..., -1};
  traced.graph.stops_at_mistake = stops_at_mistake;
  auto const result = F{}(handle{&traced.graph, arguments[I]}...);
  if (stops_at_mistake) the_mistake_is_in_what_is_given_back();
  traced.give(result);
  return traced;
}

template <function_counts C>
constexpr frozen_function<C> freeze(traced_function&& traced) {
  function_graph& g = traced.graph;
  frozen_function<C> f{};
  f.error = g.error;
  f.error_text = g.wrong_name.size();
  g.text.append(g.wrong_name.items, f.error_text);
  f.count = {g.size(),      g.edges.size(),   g.words.size(),       g.names.size(),
             g.text.size(), g.outside.size(), traced.results.size()};
  f.complete = g.size() <= C.nodes && copy_all(f.edges, C.edges, g.edges) && copy_all(f.words, C.words, g.words) &&
               copy_all(f.names, C.names, g.names) && copy_all(f.text, C.text, g.text) &&
               copy_all(f.outside, C.outside, g.outside) && copy_all(f.results, C.results, traced.results);
  if (!f.complete) return f;
  node const* n = g.nodes.items;
  for (int i = 0; i < f.count.nodes; ++i, ++n)
    f.nodes[i] = {n->op, n->type, n->shape, n->first_input, n->input_count, n->first_word, n->word_count, n->identity};
  return f;
}
template <function_counts C>
constexpr refusal error_of(frozen_function<C> const& f, int text) {
  refusal error = f.error;
  error.text = {f.text + text - f.error_text, static_cast<std::size_t>(f.error_text)};
  return error;
}

/// The same as what expressions lead to: each node a descriptor. Those of a large function are several constants of
/// `part_nodes` nodes, since compilers limit how long they compute one.
template <int Nodes, int Edges>
struct descriptor_list {
  descriptor nodes[Nodes + 1];
  descriptor const* inputs[Edges + 1];

  /// `parts`: where the nodes of the parts before this one are, which begins at the node `first`.
  template <class Frozen>
  constexpr descriptor_list(Frozen const& f, int first, descriptor const* const* parts) : nodes{}, inputs{} {
    int const first_edge = f.nodes[first].first_input;
    u64 const no_name = hash_of({});
    name_place const* name = f.names + place_of_name(f.names, f.count.names, first);
    for (int i = 0; i < Nodes; ++i) {
      function_node const& n = f.nodes[first + i];
      descriptor const** const in = inputs + (n.first_input - first_edge);
      for (int k = 0; k < n.input_count; ++k) {
        int const id = f.edges[n.first_input + k];
        function_node const& input = f.nodes[id];
        in[k] = is<outside_op>(input.op) ? f.outside[f.words[input.first_word]]
                : id >= first            ? &nodes[id - first]
                                         : &parts[id / part_nodes][id % part_nodes];
      }
      bool const is_named = name != f.names + f.count.names && name->node == first + i;
      nodes[i] = value_descriptor(
          *n.op, is_named ? std::string_view(f.text + name->first, name->size) : std::string_view(),
          is_named ? n.identity : no_name, n.type, n.shape, in, n.input_count, f.words + n.first_word, n.word_count);
      name += is_named;
    }
  }
};
template <class Frozen, int Part, class Before = std::make_integer_sequence<int, Part>>
struct descriptor_part;
template <class Frozen, int Part, int... Before>
struct descriptor_part<Frozen, Part, std::integer_sequence<int, Before...>> {
  static constexpr int first = Part * part_nodes;
  static constexpr int end = first + part_nodes < Frozen::count.nodes ? first + part_nodes : Frozen::count.nodes;
  static constexpr int edge(int node) {
    return node < Frozen::count.nodes ? Frozen::value.nodes[node].first_input : Frozen::count.edges;
  }
  static constexpr descriptor const* parts[Part + 1] = {descriptor_part<Frozen, Before>::value.nodes..., nullptr};
  static constexpr descriptor_list<end - first, edge(end) - edge(first)> value{Frozen::value, first, parts};
};

/// What the function `F` makes of the expressions `In`.
template <class F, u64... In>
struct function_of {
  static constexpr descriptor const* inputs[sizeof...(In) + 1] = {lookup(key<In>{})..., nullptr};
  template <function_counts C>
  struct kept {
    static constexpr frozen_function<C> value = freeze<C>(trace<F, In...>(std::index_sequence_for<key<In>...>{}));
    static constexpr function_counts count = value.count;
    static constexpr bool complete = value.complete;
    static constexpr refusal error = error_of(value, count.text);
  };
  using guessed = kept<function_counts{2000, 4000, 8000, 2000, 20000, 16, 16}>;
  template <class Guessed, bool Complete>
  struct whole {
    using type = Guessed;
  };
  template <class Guessed>
  struct whole<Guessed, false> {
    using type = kept<Guessed::count>;
  };
  using frozen = typename whole<guessed, guessed::complete>::type;
  static constexpr refusal error = frozen::error;
  /// What a node leads to.
  template <int Node>
  static constexpr descriptor const* leads_to() {
    constexpr function_node const& n = frozen::value.nodes[Node];
    if constexpr (is<outside_op>(n.op)) {
      return frozen::value.outside[frozen::value.words[n.first_word]];
    } else {
      return &descriptor_part<frozen, Node / part_nodes>::value.nodes[Node % part_nodes];
    }
  }

  // The numbers that ride in the arguments ride in every result.
  struct numbers {
    static constexpr auto& inputs = function_of::inputs;
    static constexpr concluded result = tell(0, 0, function_of::inputs, sizeof...(In));
    static constexpr u64 owner = 0;
    static constexpr renaming renames{};
  };
};
template <class Function, class F, int I>
struct built {
  static constexpr int id = Function::frozen::value.results[I];
  static constexpr refusal error = Function::error;
  static constexpr descriptor const* inputs[2] = {Function::template leads_to<id>(), nullptr};

  // Functions of one content are several, and so are their results.
  static constexpr u64 hash = inputs[0]->hash;
  static constexpr concluded conclude() {
    concluded result = Function::numbers::result;
    result.type = inputs[0]->type;
    result.lacks_rule = inputs[0]->lacks_rule;
    result.shape = *inputs[0]->shape;
    result.kind = error.kind != refusal_kind::none ? outcome::refusal : outcome_of(result.type, result.shape);
    result.hash = mix(mix(hash, define_op<built_op>::hash), static_cast<u64>(site_index<mix(hash, 0x62), built>));
    return result;
  }
  static constexpr concluded result = conclude();
  using as_expression = result_expression<result.kind, std::make_index_sequence<result.rank()>>;
  using list = typename numbers_of<result.has_own_numbers()>::template type<typename Function::numbers>;

  static constexpr descriptor content{
      &info<built_op>,
      result.hash,
      result.type,
      &as_expression::template shape<built>::value,
      {},
      hash_of({}),
      inputs,
      1,
      nullptr,
      0,
      result.numbers.from >= 0 ? Function::inputs[result.numbers.from]->numbers : list::ids,
      result.numbers.count,
      shape_symbols<typename as_expression::template shape<built>>::values,
      shape_symbols<typename as_expression::template shape<built>>::count,
      result.lacks_rule};
  static constexpr u64 defined = bucket_of<result.hash>::template writer<built>::done ? result.hash : 0;
};
template <class Function, class F, int I>
struct mistake<built<Function, F, I>> {
  static constexpr refusal error = Function::error;
};

template <class Function, class F, int I>
using built_result = typename built<Function, F, I>::as_expression::template type<built<Function, F, I>>;
/// What the function gives back: an expression, or a tuple of them.
template <class Function, class F, bool Refused, bool Several>
struct built_results {
  using type = refused<mistake<built<Function, F, 0>>>;
};
template <class Function, class F>
struct built_results<Function, F, false, false> {
  using type = built_result<Function, F, 0>;
  template <class... X>
  static constexpr type make(X const&... x) {
    return compose<type>(x...);
  }
};
template <class Function, class F>
struct built_results<Function, F, false, true> {
  template <std::size_t... I>
  static std::tuple<built_result<Function, F, static_cast<int>(I)>...> tuple(std::index_sequence<I...>);
  static constexpr auto all = std::make_index_sequence<static_cast<std::size_t>(Function::frozen::count.results)>{};
  using type = decltype(tuple(all));
  template <class... X>
  static constexpr type make(X const&... x) {
    return make_all(all, x...);
  }
  template <std::size_t... I, class... X>
  static constexpr type make_all(std::index_sequence<I...>, X const&... x) {
    return {compose<built_result<Function, F, static_cast<int>(I)>>(x...)...};
  }
};
template <class X>
using handle_for = handle;
template <class F, class... X>
using value_of_function = std::remove_cvref_t<decltype(F{}(handle_for<X>{}...))>;
template <class F, class... X>
concept builds = (distinct<X> && ...) && function_of<F, X::hash...>::error.kind == refusal_kind::none;
template <class F, class... X>
using call_of_function =
    built_results<function_of<F, X::hash...>, F, !builds<F, X...>, !expression<value_of_function<F, X...>>>;

/// Evaluates a function that is refused once more, up to its mistake, which is no constant expression then: the
/// compiler prints the calls that led there, and with them the line in the function. Since nothing but its address is
/// asked for, this is made at the end of the translation unit, behind the refusal.
template <class F, u64... In>
void show_mistake() {
  [[maybe_unused]] constexpr int the_line_with_the_mistake =
      trace<F, In...>(std::index_sequence_for<key<In>...>{}, true).graph.size();
}
template <void (*)()>
inline constexpr bool is_made = true;
}  // namespace detail

/// A function over handles, to be called with expressions. `ShowsLine`: where a mistake stands in it is told too.
template <class F, bool ShowsLine = false>
struct built_function {
  template <typed_expression... X>
    requires detail::builds<F, X...>
  constexpr typename detail::call_of_function<F, X...>::type operator()(X const&... x) const {
    return detail::call_of_function<F, X...>::make(x...);
  }
  template <typed_expression... X>
    requires((detail::distinct<X> && ...) && !detail::builds<F, X...> &&
             (!ShowsLine || detail::is_made<&detail::show_mistake<F, X::hash...>>))
  typename detail::call_of_function<F, X...>::type operator()(X const&... x) const;
  template <typed_expression... X>
    requires(!(detail::distinct<X> && ...))
  constexpr auto operator()(X const&... x) const {
    return call_apart(std::index_sequence_for<X...>{}, x...);
  }
  /// Inside another such function.
  template <expression... X>
    requires(untyped<X> || ...)
  constexpr auto operator()(X const&... x) const {
    return detail::as_given(F{}(x...));
  }

 private:
  // Unnamed constants are told apart by their places among the arguments.
  template <std::size_t... I, class... X>
  constexpr auto call_apart(std::index_sequence<I...>, X const&... x) const {
    return (*this)(detail::distinguish<I + 1, false>(x)...);
  }
};

/// A part of a graph that is made of values, by a function without captures that the compiler runs:
/// `auto tower = build([](auto x) { for (…) x = nn::relu(matmul(x, variable(name_of("w", i), zeros({64, 64})))); return
/// x; });` Its arguments are handles, for which the library's functions are what they are for expressions; shapes and
/// names may be computed. `tower(x)` is one expression, or a tuple of those that the function gives back in `fetch(a,
/// b)` or a tuple, whatever they are made of. A mistake inside is refused where the function is called, and then the
/// compiler shows the calls that led to it: the line in the function is among them. What has met no handle yet, such as
/// `zeros({2})`, is chosen with `if`: evaluating `c ? zeros({2}) : ones({2})`, g++ 12 destroys its result, as that of
/// every type that owns memory ("use of allocated storage after deallocation").
template <class F>
constexpr built_function<F, true> build(F) {
  static_assert(std::is_empty_v<F> && std::is_default_constructible_v<F>,
                "tfx: a function that is built has no captures: pass expressions as arguments");
  return {};
}

TFX_END
