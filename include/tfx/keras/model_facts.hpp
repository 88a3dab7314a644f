// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/model_graph.hpp>
#include <tfx/keras/part_of.hpp>
#include <tfx/op/state/variable.hpp>
#include <tfx/train/saved_variables.hpp>

TFX_BEGIN
namespace keras {

// Never defined: using one is the error, and its name is the message.
template <class Name>
struct two_layers_of_a_model_have_one_name;  // name one of them: layers::Dense<4, "first">(); a layer that is used
                                             // several times needs a name too

/// A layer or an input of a model, as constants.
struct layer_facts {
  std::string_view name;
  attribute_words kind;  // packed, as layer_attributes says; none: an input
  dims output;
  i64 parameters;
  i64 trained;
  int first_input, input_count;  // in `inputs`: of all calls of the layer

  std::string_view type(char (&text)[64]) const {
    if (kind.count == 0) return "InputLayer";
    std::size_t size = 0;
    for (int i = 2; i < kind.count; ++i)
      for (int k = 0; k < 8; ++k)
        if (char const c = static_cast<char>(static_cast<u64>(kind[i]) >> (8 * k)); c && size < sizeof text)
          text[size++] = c;
    return {text, size};
  }
};

namespace detail {
constexpr i64 parameters_of(descriptor const& variable) { return variable.shape->count(); }
constexpr saved_variable saved(descriptor const& variable) {
  return {variable_key(variable), variable.type, *variable.shape, variable.name};
}
/// Of which tensor with a name an expression is made: a layer's, an input, or else what its op is called.
constexpr std::string_view name_of_source(descriptor const& tensor) {
  descriptor const& d = origin_of(tensor);
  return d.name.empty() ? d.op->name : d.name;
}

/// What a model's outputs tell.
template <u64... Out>
struct model_facts {
  static constexpr descriptor const* roots[] = {lookup(key<Out>{})...};
  static constexpr model_graph graph() { return model_graph(roots, sizeof...(Out)); }

  struct counts {
    int layers, inputs, weights, constraints, states;
    i64 parameters, trained;
    std::string_view clash;
    bool calls_models;
  };
  static constexpr counts count = [] {
    model_graph const g = graph();
    counts c{g.layers.size(), 0, g.weights.size(), g.constraints.size(), g.states.size(), 0, 0, {}, false};
    for (descriptor const* call : g.calls) {
      layer_attributes const of({call->words, call->word_count});
      c.inputs += of.inputs;
      c.calls_models = c.calls_models || of.is_model();
    }
    for (descriptor const* w : g.weights) {
      c.parameters += parameters_of(*w);
      if (role_of(*w) == variable_role::trained) c.trained += parameters_of(*w);
    }
    c.clash = g.clash;
    return c;
  }();
  static constexpr refusal error{.text = count.clash};

  struct table {
    layer_facts layers[count.layers + 1]{};
    std::string_view inputs[count.inputs + 1]{};
    saved_variable weights[count.weights + 1]{};
    saved_variable states[count.states + 1]{};
    u64 kept[count.states + 1][2]{};              // a variable, and what it is to become
    u64 hashes[count.weights + 1]{};              // of the weights
    u64 constraints[count.constraints + 1][2]{};  // a variable, and what it is to become

    constexpr table() {
      model_graph const g = graph();
      int at = 0;
      for (int i = 0; i < g.layers.size(); ++i) {
        descriptor const& d = *g.layers[i].call;
        layer_facts& facts = layers[i];
        facts = {d.name, {nullptr, 0}, *d.shape, 0, 0, at, 0};
        if (!is<layer_op>(d.op)) continue;
        facts.kind = {d.words, d.word_count};
        for (descriptor const* call : g.calls)
          for (int k = 1; call->name_hash == d.name_hash && k <= call->words[0]; ++k)
            inputs[at++] = name_of_source(*call->inputs[k]);
        facts.input_count = at - facts.first_input;
        layer_attributes const call({d.words, d.word_count});
        for (int k = call.first_weight(); k < call.end_of_weights(d); ++k) {
          descriptor const& variable = meaning(*d.inputs[k]);
          facts.parameters += parameters_of(variable);
          if (role_of(variable) == variable_role::trained) facts.trained += parameters_of(variable);
        }
      }
      for (int i = 0; i < count.weights; ++i) {
        weights[i] = saved(*g.weights[i]);
        hashes[i] = g.weights[i]->hash;
      }
      for (int i = 0; i < count.states; ++i) {
        descriptor const& variable = meaning(*g.states[i]->inputs[1]);
        states[i] = saved(variable);
        kept[i][0] = variable.hash;
        kept[i][1] = g.states[i]->inputs[2]->hash;
      }
      for (int i = 0; i < count.constraints; ++i) {
        descriptor const& c = *g.constraints[i];
        constraints[i][0] = meaning(*c.inputs[1]).hash;
        constraints[i][1] = c.inputs[2]->hash;
      }
    }
  };
  static constexpr table facts{};
};

/// A part of some expressions, of the first that reaches it.
template <u64 Hash, class Out, class... More>
constexpr auto part_of_any(Out const& out, [[maybe_unused]] More const&... more) {
  constexpr bool reached = sizeof...(More) == 0 || [] {
    descriptor const* const root[] = {lookup(key<Out::hash>{})};
    model_graph const g(root, 1);
    for (descriptor const* w : g.weights)
      if (w->hash == Hash) return true;
    for (descriptor const* s : g.states)
      if (meaning(*s->inputs[1]).hash == Hash || s->inputs[2]->hash == Hash) return true;
    return false;
  }();
  if constexpr (reached) {
    return part_of<Hash>(out);
  } else {
    return part_of_any<Hash>(more...);
  }
}
/// What each run of a model changes: the states of stateful layers. A tuple of an operation, or of none.
template <class Facts, class... Out>
constexpr auto kept_states(std::tuple<Out...> const& outputs) {
  if constexpr (Facts::count.states == 0) {
    return std::tuple<>{};
  } else {
    return std::apply(
        [](Out const&... out) {
          return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return std::tuple{group(apply<assign_op>(part_of_any<Facts::facts.kept[I][0]>(out...),
                                                     part_of_any<Facts::facts.kept[I][1]>(out...))...)};
          }(std::make_index_sequence<Facts::count.states>{});
        },
        outputs);
  }
}
}  // namespace detail

}  // namespace keras
TFX_END
