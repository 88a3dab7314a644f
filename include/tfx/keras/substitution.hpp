// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/build.hpp>
#include <tfx/graph/region.hpp>
#include <tfx/keras/layer_call.hpp>
#include <tfx/op/random/random_op.hpp>

TFX_BEGIN
namespace keras::detail {

// A graph applied to other expressions than those it was made of: the descriptors that its inputs reach are written
// anew, with the expressions in the inputs' places, and their shapes found anew. What the inputs do not reach, such as
// weights, stays one.

template <u64... Hash>
struct hash_list {};

/// A graph's descriptors, inputs first, and which of them are to be written anew.
struct changed_graph {
  vector<descriptor const*> order;
  numbering numbers;
  vector<int> place;  // by number: among those that change, -1: not among them, -2 - k: input k
  int nodes = 0, edges = 0, words = 0;

  constexpr changed_graph(descriptor const* const* roots, int count, u64 const* ins, int in_count) {
    struct frame {
      descriptor const* d;
      int next;
    };
    numbering seen;
    vector<frame> stack;
    for (int r = 0; r < count; ++r) {
      if (int const met = seen.keys.count; seen.of(roots[r]->hash) == met) stack.push_back({roots[r], 0});
      while (!stack.empty()) {
        frame& top = stack.back();
        descriptor const& d = *top.d;
        if (top.next < inputs_of(d)) {
          descriptor const& in = *d.inputs[top.next++];
          if (int const met = seen.keys.count; seen.of(in.hash) == met) stack.push_back({&in, 0});
          continue;
        }
        stack.pop_back();
        add(d, ins, in_count);
      }
    }
  }
  constexpr int place_of(descriptor const& d) const { return place[numbers.find(d.hash)]; }
  /// What a variable begins with is its own.
  static constexpr int inputs_of(descriptor const& d) { return d.op->kind == op_kind::leaf ? 0 : d.input_count; }
  /// A random stream or a loop of the graph is another one each time that the graph is applied.
  static constexpr bool is_renamed(descriptor const& d) {
    return is<random_state_op>(d.op) || is<argument_op>(d.op) || is<loop_op>(d.op);
  }

 private:
  constexpr void add(descriptor const& d, u64 const* ins, int in_count) {
    numbers.of(d.hash);
    order.push_back(&d);
    int found = -1;
    for (int k = 0; k < in_count; ++k)
      if (ins[k] == d.hash) found = -2 - k;
    bool changes = is_renamed(d);
    for (int i = 0; i < inputs_of(d); ++i) changes = changes || place_of(*d.inputs[i]) != -1;
    if (found == -1 && changes) {
      found = nodes++;
      edges += d.input_count;
      words += d.word_count;
    }
    place.push_back(found);
  }
};

/// What the names in a graph's inputs are in the expressions that it is applied to.
struct extents_of_call {
  vector<i64> names, extents;

  constexpr void note(dims const& input, dims const& x) {
    for (int i = 0; i < input.rank; ++i) {
      if (input[i] >= dims::name_bound || input[i] == x[i]) continue;
      names.push_back(input[i]);
      extents.push_back(x[i]);
    }
  }
  /// No name is two extents.
  constexpr bool is_consistent() const {
    for (int i = 0; i < names.size(); ++i)
      if ((*this)(names[i]) != extents[i]) return false;
    return true;
  }
  constexpr i64 operator()(i64 extent) const {
    for (int i = 0; extent < dims::name_bound && i < names.size(); ++i)
      if (names[i] == extent) return extents[i];
    return extent;
  }
};

template <class Out, class In, class X>
struct substitution;
/// The graph of `Out…` where `X…`, of the same dtypes and ranks, stand in the place of the placeholders `In…`.
template <u64... Out, u64... In, u64... X>
struct substitution<hash_list<Out...>, hash_list<In...>, hash_list<X...>> {
  static constexpr descriptor const* roots[sizeof...(Out)] = {lookup(key<Out>{})...};
  static constexpr descriptor const* given[sizeof...(X)] = {lookup(key<X>{})...};
  static constexpr descriptor const* placeholders[sizeof...(In)] = {lookup(key<In>{})...};
  static constexpr u64 ins[sizeof...(In)] = {In...};
  static constexpr u64 tag = [] {
    u64 hash = 0x73756273;
    ((hash = mix(hash, X)), ...);
    return hash;
  }();
  static constexpr changed_graph graph() { return changed_graph(roots, sizeof...(Out), ins, sizeof...(In)); }
  struct sizes {
    int nodes, edges, words;
  };
  static constexpr sizes count = [] {
    changed_graph const g = graph();
    return sizes{g.nodes, g.edges, g.words};
  }();

  struct copies {
    descriptor nodes[count.nodes + 1]{};
    descriptor const* inputs[count.edges + 1]{};
    i64 words[count.words + 1]{};
    dims shapes[count.nodes + 1]{};
    descriptor const* outputs[sizeof...(Out)]{};
    refusal error{};  // the first

    constexpr copies() {
      changed_graph const g = graph();
      extents_of_call mapped;
      for (std::size_t k = 0; k < sizeof...(In); ++k) mapped.note(*placeholders[k]->shape, *given[k]->shape);
      int node = 0, edge = 0, word = 0;
      for (descriptor const* each : g.order) {
        descriptor const& d = *each;
        if (g.place_of(d) != node) continue;
        for (int i = 0; i < d.input_count; ++i) inputs[edge + i] = in_place_of(g, *d.inputs[i]);
        for (int i = 0; i < d.word_count; ++i) words[word + i] = mapped(d.words[i]);
        if (changed_graph::is_renamed(d)) words[word] = static_cast<i64>(mix(static_cast<u64>(words[word]), tag));
        // It may be applied several times: its layers are the same each time, as those are that have a name.
        if (is<layer_op>(d.op)) words[word + 1] &= ~is_numbered_layer;
        dims& shape_of_copy = shapes[node];
        if (changed_graph::inputs_of(d) == 0) {
          shape_of_copy = *d.shape;
          for (int i = 0; i < d.shape->rank; ++i) shape_of_copy[i] = mapped(shape_of_copy[i]);
        } else {
          refusal mistake;
          tfx::detail::infer_from(*d.op, inputs + edge, d.input_count, words + word, d.word_count, shape_of_copy,
                                  mistake);
          if (error.kind == refusal_kind::none) error = mistake;
        }
        descriptor& copy = nodes[node];
        copy = tfx::detail::value_descriptor(*d.op, d.name, d.type, shape_of_copy, inputs + edge, d.input_count,
                                             words + word, d.word_count);
        // The stream of a copy is its own, by its hash: not that of the call whose token rides here.
        if (!is<random_state_op>(d.op)) {
          copy.numbers = d.numbers;
          copy.number_count = d.number_count;
        }
        node += 1;
        edge += d.input_count;
        word += d.word_count;
      }
      for (std::size_t k = 0; k < sizeof...(Out); ++k) outputs[k] = in_place_of(g, *roots[k]);
    }
    constexpr descriptor const* in_place_of(changed_graph const& g, descriptor const& d) const {
      int const place = g.place_of(d);
      return place == -1 ? &d : place < -1 ? given[-2 - place] : &nodes[place];
    }
  };
  static constexpr copies all{};

  // Numbers ride in what is applied and in what it is applied to.
  struct numbers {
    static constexpr descriptor const* inputs[sizeof...(Out) + sizeof...(X) + 1] = {lookup(key<Out>{})...,
                                                                                    lookup(key<X>{})..., nullptr};
    static constexpr tfx::detail::concluded result =
        tfx::detail::tell(0, 0, inputs, static_cast<int>(sizeof...(Out) + sizeof...(X)));
    static constexpr u64 owner = 0;
    static constexpr tfx::detail::renaming renames{};
  };
  static constexpr u64 identity = [] {
    u64 hash = mix(tag, 0x6d6f64656c);
    ((hash = mix(hash, Out)), ...);
    ((hash = mix(hash, In)), ...);
    return hash;
  }();
};

/// One of the expressions that come of it.
template <class Substitution, std::size_t I>
struct substituted {
  static constexpr descriptor const* inputs[2] = {Substitution::all.outputs[I], nullptr};
  static constexpr tfx::detail::concluded result = [] {
    tfx::detail::concluded all = Substitution::numbers::result;
    all.type = inputs[0]->type;
    all.lacks_rule = inputs[0]->lacks_rule;
    all.shape = *inputs[0]->shape;
    all.kind = Substitution::all.error.kind != refusal_kind::none ? tfx::detail::outcome::refusal
                                                                  : tfx::detail::outcome_of(all.type, all.shape);
    all.hash = mix(mix(inputs[0]->hash, Substitution::identity), I);
    return all;
  }();
  using as_expression = tfx::detail::result_expression<result.kind, std::make_index_sequence<result.rank()>>;
  using list =
      typename tfx::detail::numbers_of<result.has_own_numbers()>::template type<typename Substitution::numbers>;
  static constexpr descriptor content{
      &info<built_op>,
      result.hash,
      result.type,
      &as_expression::template shape<substituted>::value,
      {},
      hash_of({}),
      inputs,
      1,
      nullptr,
      0,
      result.numbers.from >= 0 ? Substitution::numbers::inputs[result.numbers.from]->numbers : list::ids,
      result.numbers.count,
      tfx::detail::shape_symbols<typename as_expression::template shape<substituted>>::values,
      tfx::detail::shape_symbols<typename as_expression::template shape<substituted>>::count,
      result.lacks_rule};
  static constexpr u64 defined =
      tfx::detail::bucket_of<result.hash>::template writer<substituted>::done ? result.hash : 0;
  using type = typename as_expression::template type<substituted>;
};

}  // namespace keras::detail
namespace detail {
template <class Substitution, std::size_t I>
struct mistake<keras::detail::substituted<Substitution, I>> {
  static constexpr refusal error = Substitution::all.error;
};
}  // namespace detail
TFX_END
