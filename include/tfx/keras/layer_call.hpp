// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <utility>

TFX_BEGIN
namespace keras {

/// What a layer makes of its inputs. Inputs: its value, the layer's inputs, its weights, and the mask that goes with
/// the value, where there is one; a call of a model has a token before that, in which its weights ride. The node's name
/// is the layer's. Flattening leaves nothing of it; models read from it which layers there are. Words:
/// `layer_attributes`.
struct layer_op : same_value {
  static constexpr auto name = "Layer";
  static constexpr op_traits traits{.transparent = true};
};
/// A value beside a layer's first one. Inputs: it, and what the layer gave, so that models find the layer. Flattening
/// leaves nothing of the second.
struct further_value_op : same_value {
  static constexpr auto name = "FurtherValue";
  static constexpr op_traits traits{.transparent = true};
};
/// Input 0, the variable that is input 1, whose value after each step of training is to be what input 2 makes of it.
/// Flattening leaves nothing of it; models find it.
struct constrained_op : same_value {
  static constexpr auto name = "Constrained";
  static constexpr op_traits traits{.transparent = true};
};

/// Input 0, the variable that is input 1, which each run of a model makes what input 2 is: a state that a stateful
/// layer keeps. Flattening leaves nothing of it; models find it.
struct kept_state_op : same_value {
  static constexpr auto name = "KeptState";
  static constexpr op_traits traits{.transparent = true};
};

/// What is true of a layer's call, as bits of a word.
inline constexpr i64 is_numbered_layer = 1;  // its name was made by counting
inline constexpr i64 is_masked_layer = 2;    // its last input is the value's mask
inline constexpr i64 is_model_layer = 4;     // a model: layers within it are not its user's
/// How many inputs a layer has, what is true of the call and, beyond these bits, a number for the place that made the
/// layer, and its kind, eight characters to a word.
struct layer_attributes {
  int inputs;
  i64 flags;
  attribute_words words;

  constexpr explicit layer_attributes(attribute_words w) : inputs(static_cast<int>(w[0])), flags(w[1]), words(w) {}
  constexpr bool is_numbered() const { return (flags & is_numbered_layer) != 0; }
  constexpr bool has_mask() const { return (flags & is_masked_layer) != 0; }
  constexpr bool is_model() const { return (flags & is_model_layer) != 0; }
  constexpr int first_weight() const { return 1 + inputs; }
  constexpr int end_of_weights(descriptor const& call) const {
    return call.input_count - (has_mask() ? 1 : 0) - (is_model() ? 1 : 0);
  }
  /// Word `i` of a call's as that of a call elsewhere.
  static constexpr i64 place_word(i64 word, std::size_t i, i64 place) { return i == 1 ? word | place << 8 : word; }
  static constexpr i64 pack(std::string_view kind, std::size_t at) {
    u64 word = 0;
    for (std::size_t i = 0; i < 8 && at + i < kind.size(); ++i)
      word |= static_cast<u64>(static_cast<unsigned char>(kind[at + i])) << (8 * i);
    return static_cast<i64>(word);
  }
};

namespace detail {
/// What a tensor is called after: the layer that gave it, whichever of its values it is, an input, or else another op.
constexpr descriptor const& origin_of(descriptor const& tensor) {
  descriptor const* d = &tensor;
  while (d->op->transparent && !is<layer_op>(d->op)) d = d->inputs[is<further_value_op>(d->op) ? 1 : 0];
  return *d;
}
/// The mask of what a layer gave, if it told one: under -fsanitize=undefined g++ does not compare it with null.
struct told_mask {
  bool is_told;
  descriptor const* tensor;
};
constexpr told_mask mask_of_tensor(descriptor const& tensor) {
  descriptor const* d = &tensor;
  while (d->op->transparent && !is<layer_op>(d->op)) d = d->inputs[0];
  bool const is_told = is<layer_op>(d->op) && layer_attributes({d->words, d->word_count}).has_mask();
  return {is_told, is_told ? d->inputs[d->input_count - 1] : nullptr};
}

template <name Kind, i64 Inputs, i64 Flags, class Places>
struct packed_words;
template <name Kind, i64 Inputs, i64 Flags, std::size_t... I>
struct packed_words<Kind, Inputs, Flags, std::index_sequence<I...>> {
  using type = words<Inputs, Flags, layer_attributes::pack(Kind.view(), 8 * I)...>;
};
template <name Kind, std::size_t Inputs, i64 Flags>
using layer_words =
    typename packed_words<Kind, static_cast<i64>(Inputs), Flags, std::make_index_sequence<(Kind.size() + 7) / 8>>::type;

constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// What Keras calls a layer of a kind: `MaxPooling2D` is `max_pooling2d`, `PReLU` is `p_re_lu`.
constexpr name_value snake_case(std::string_view kind) {
  name_value result;
  for (std::size_t i = 0; i < kind.size(); ++i) {
    char const c = kind[i], next = i + 1 < kind.size() ? kind[i + 1] : '\0';
    bool const begins_word = is_upper(c) && (is_lower(next) || is_digit(next));
    bool const follows_word = is_upper(c) && i > 0 && is_lower(kind[i - 1]);
    if (i > 0 && (begins_word || follows_word)) result.add('_');
    result.add(is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return result;
}
/// How many layers of a name, or of that name with a number behind it, some expressions have come through.
constexpr int count_layers(std::string_view base, descriptor const* const* roots, int count) {
  vector<descriptor const*> stack;
  numbering seen, layers;
  for (int i = 0; i < count; ++i)
    if (int const met = seen.keys.count; seen.of(roots[i]->hash) == met) stack.push_back(roots[i]);
  while (!stack.empty()) {
    descriptor const& d = *stack.back();
    stack.pop_back();
    if (is<layer_op>(d.op) && d.name.substr(0, base.size()) == base &&
        (d.name.size() == base.size() || d.name[base.size()] == '_'))
      layers.of(d.name_hash);
    // A layer's weights reach no other layer.
    int const inputs = is<layer_op>(d.op) ? 1 + layer_attributes({d.words, d.word_count}).inputs : d.input_count;
    for (int i = 0; i < inputs; ++i)
      if (int const met = seen.keys.count; seen.of(d.inputs[i]->hash) == met) stack.push_back(d.inputs[i]);
  }
  return layers.keys.count;
}
template <name Kind, u64... In>
struct numbered_name {
  static constexpr name_value base = snake_case(Kind.view());
  static constexpr descriptor const* inputs[] = {lookup(key<In>{})...};
  static constexpr int number = count_layers(base, inputs, sizeof...(In));
  static constexpr name_value text = number == 0 ? base : name_of(std::string_view(base), '_', number);
};
/// A text as a name that is a template's argument.
template <class Holder>
constexpr auto as_name() {
  name<static_cast<std::size_t>(Holder::text.size) + 1> result;
  for (int i = 0; i < Holder::text.size; ++i) result.text[i] = Holder::text.text[i];
  return result;
}
template <name Kind, name Name, u64... In>
constexpr auto scope_of() {
  if constexpr (Name.size() > 0) {
    return Name;
  } else {
    return as_name<numbered_name<Kind, In...>>();
  }
}

/// y, beside which each run of a model makes variables what stands beside them.
template <class Y>
constexpr Y keeping(Y const& y) {
  return y;
}
template <class Y, class V, class Next, class... More>
constexpr auto keeping(Y const& y, std::pair<V, Next> const& state, More const&... more) {
  return keeping(apply<kept_state_op>(y, state.first, state.second), more...);
}
}  // namespace detail

}  // namespace keras
TFX_END
