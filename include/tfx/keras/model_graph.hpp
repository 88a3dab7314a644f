// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer_call.hpp>

TFX_BEGIN
namespace keras {

// What a model consists of is read from the graph that its outputs reach; nothing else lists it.

/// A layer or an input as a model has it: the first of its calls.
struct model_layer {
  descriptor const* call;
  int depth;       // how many layers there are from it to an output, at most
  int order;       // in which the graph reaches them
  bool is_within;  // a model that is one of the layers
};
/// The layers and weights of the expressions `roots`.
struct model_graph {
  vector<model_layer> layers;       // inputs first, as Keras orders them
  vector<descriptor const*> calls;  // all of those layers, in the order in which the graph reaches them
  vector<descriptor const*> weights;
  vector<descriptor const*> constraints;
  vector<descriptor const*> states;
  std::string_view clash;  // the name of a layer that another one has

  constexpr model_graph(descriptor const* const* roots, int count) {
    order_descriptors(roots, count);
    mark_models();
    find_layers();
    find_weights();
  }

 private:
  vector<descriptor const*> reached_;  // what each is computed from stands before it
  numbering numbers_;
  vector<int> depths_;
  vector<char> within_;  // models that are layers

  static constexpr int visible_inputs(descriptor const& d) {
    return is<layer_op>(d.op) ? 1 + layer_attributes({d.words, d.word_count}).inputs : d.input_count;
  }
  constexpr void order_descriptors(descriptor const* const* roots, int count) {
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
        // A layer's inputs come before what it does with them, and the layer before its further values.
        int const inputs = visible_inputs(d), first = is<layer_op>(d.op) || is<further_value_op>(d.op) ? 1 : 0;
        if (top.next < inputs) {
          descriptor const& in = *d.inputs[(top.next++ + first) % inputs];
          if (int const met = seen.keys.count; seen.of(in.hash) == met) stack.push_back({&in, 0});
          continue;
        }
        numbers_.of(d.hash);
        reached_.push_back(&d);
        stack.pop_back();
      }
    }
  }
  // What stands between the value of a model and the inputs that it was called with, or their masks, is within it.
  constexpr void mark_models() {
    within_.resize(reached_.size());
    for (descriptor const* model : reached_) {
      if (!is<layer_op>(model->op) || !layer_attributes({model->words, model->word_count}).is_model()) continue;
      numbering seen;
      for (int i = 1; i < visible_inputs(*model); ++i) {
        seen.of(model->inputs[i]->hash);
        if (auto const mask = detail::mask_of_tensor(*model->inputs[i]); mask.is_told) seen.of(mask.tensor->hash);
      }
      vector<descriptor const*> stack;
      if (int const met = seen.keys.count; seen.of(model->inputs[0]->hash) == met) stack.push_back(model->inputs[0]);
      while (!stack.empty()) {
        descriptor const& d = *stack.back();
        stack.pop_back();
        within_[numbers_.find(d.hash)] = 1;
        for (int i = 0; i < visible_inputs(d); ++i)
          if (int const met = seen.keys.count; seen.of(d.inputs[i]->hash) == met) stack.push_back(d.inputs[i]);
      }
    }
  }
  constexpr void find_layers() {
    depths_.resize(reached_.size());
    for (int i = reached_.size() - 1; i >= 0; --i) {
      descriptor const& d = *reached_[i];
      for (int k = 0; k < visible_inputs(d); ++k) {
        int& depth = depths_[numbers_.find(d.inputs[k]->hash)];
        int const below = depths_[i] + (is<layer_op>(d.op) && !within_[i] ? 1 : 0);
        if (depth < below) depth = below;
      }
    }
    numbering names;
    for (int i = 0; i < reached_.size(); ++i) {
      descriptor const& d = *reached_[i];
      if (is<constrained_op>(d.op)) constraints.push_back(&d);
      if (is<kept_state_op>(d.op) && !within_[i]) states.push_back(&d);
      if (!is<layer_op>(d.op) && !is<placeholder_op>(d.op)) continue;
      if (is<layer_op>(d.op) && !within_[i] && is_new_call(d)) calls.push_back(&d);
      int const known = names.keys.count, number = names.of(d.name_hash);
      if (number == known) {
        layers.push_back({&d, depths_[i], i, within_[i] != 0});
        continue;
      }
      model_layer& first = layers[number];
      if (!same_layer(*first.call, d)) clash = d.name;
      if (first.depth < depths_[i]) first.depth = depths_[i];
      first.is_within = first.is_within && within_[i] != 0;
    }
    int kept = 0;
    for (int i = 0; i < layers.size(); ++i)
      if (!layers[i].is_within) layers[kept++] = layers[i];
    layers.resize(kept);
    for (int i = 1; i < layers.size(); ++i)  // stable, by depth
      for (int k = i; k > 0 && layers[k - 1].depth < layers[k].depth; --k) {
        model_layer const kept = layers[k];
        layers[k] = layers[k - 1];
        layers[k - 1] = kept;
      }
  }
  /// A model with several outputs is one call, which each of them tells.
  constexpr bool is_new_call(descriptor const& d) const {
    for (descriptor const* known : calls) {
      bool is_same = known->name_hash == d.name_hash && known->words[0] == d.words[0];
      for (int k = 1; is_same && k <= d.words[0]; ++k) is_same = known->inputs[k]->hash == d.inputs[k]->hash;
      if (is_same) return false;
    }
    return true;
  }
  /// A layer that is called twice has the same weights; a name made by counting is no layer's that is called twice.
  static constexpr bool same_layer(descriptor const& a, descriptor const& b) {
    if (!is<layer_op>(a.op) || !is<layer_op>(b.op)) return false;
    layer_attributes const of_a({a.words, a.word_count}), of_b({b.words, b.word_count});
    int const begin = of_a.first_weight(), end = of_a.end_of_weights(a);
    if (of_a.is_numbered() || of_b.is_numbered() || of_a.inputs != of_b.inputs || end != of_b.end_of_weights(b))
      return false;
    for (int i = begin; i < end; ++i)
      if (meaning(*a.inputs[i]).hash != meaning(*b.inputs[i]).hash) return false;
    return true;
  }
  constexpr void find_weights() {
    numbering known;
    for (model_layer const& layer : layers) {
      descriptor const& d = *layer.call;
      if (!is<layer_op>(d.op)) continue;
      layer_attributes const call({d.words, d.word_count});
      for (int i = call.first_weight(); i < call.end_of_weights(d); ++i) {
        descriptor const& variable = meaning(*d.inputs[i]);
        if (int const met = known.keys.count; known.of(variable.hash) == met) weights.push_back(&variable);
      }
    }
  }
};

}  // namespace keras
TFX_END
