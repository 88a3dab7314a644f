// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/keras/given_rows.hpp>
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/lambda.hpp>
#include <tfx/keras/model_call.hpp>
#include <tfx/keras/model_facts.hpp>
#include <tfx/keras/summary.hpp>
#include <tfx/keras/targets.hpp>
#include <tfx/keras/weights.hpp>
#include <tfx/session/session.hpp>
#include <tfx/train/saver.hpp>

TFX_BEGIN
namespace keras {

/// How `predict` goes about it.
struct predict_options {
  i64 batch_size = 32;
};

template <class Model, class Optimizer, class Losses, class Metrics>
class trainer;
namespace detail {
template <class Model, class Optimizer, class Losses, class Metrics>
class training_program;
}

/// A graph from inputs to outputs, and a session that holds its weights: what Sequential and Model make. Weights begin
/// as their initializers say, but for those that another model has already. A model can be copied, which has the same
/// weights; a trainer that it made keeps its session alive.
template <name Name, class Inputs, class Outputs>
class model;
template <name Name, class... In, class... Out>
class model<Name, std::tuple<In...>, std::tuple<Out...>> {
  using facts = detail::model_facts<Out::hash...>;
  using weights = detail::model_weights<facts, std::make_index_sequence<facts::count.weights>>;

 public:
  static constexpr bool is_layer = true;
  using input_types = std::tuple<In...>;
  using output_types = std::tuple<Out...>;
  static constexpr auto name = Name;
  /// How many numbers there are in all weights; in those that training changes.
  static constexpr i64 parameter_count = facts::count.parameters;
  static constexpr i64 trainable_count = facts::count.trained;

  explicit model(std::tuple<In...> const& in, std::tuple<Out...> const& out) : inputs_(in), outputs_(out) {
    check_names();
    if constexpr (facts::count.clash.empty()) {
      auto const initialize = [&](Session& session) {
        if constexpr (facts::count.weights > 0)
          std::apply([&](Out const&... y) { session.run(global_variables_initializer(y...)); }, outputs_);
      };
      if constexpr (facts::count.calls_models) {
        detail::session_search search(facts::facts.weights, facts::count.weights);
        auto const add_calls = [&](auto const& y) {
          if constexpr (std::remove_cvref_t<decltype(y)>::literal_count > 0)
            search.add_calls(y.literals, std::remove_cvref_t<decltype(y)>::literal_count);
        };
        std::apply([&](Out const&... y) { (add_calls(y), ...); }, outputs_);
        weights_ = search.find(initialize);
      } else {
        weights_ = detail::weights_apart(facts::facts.weights, facts::count.weights);
        initialize(session());
      }
    }
  }

  /// The model as a layer: its output for other expressions than its inputs, or a tuple of them, `model(x)`. Its
  /// weights are those of each model that it is a part of: training one changes all. They share a session.
  template <typed_expression... X>
  auto operator()(X const&... x) const {
    static_assert(sizeof...(X) == sizeof...(In), "tfx: a model is called with an expression for each of its inputs");
    static_assert((!has_mask<X> && ...),
                  "tfx: a Model's layers do not see the mask of what it is called with, they were called before: let a "
                  "Sequential make it, or begin the model with Masking or Embedding");
    return detail::call_model<Name>(weights_, inputs_, std::tuple{}, outputs_, x...);
  }
  /// From what to what the model is.
  std::tuple<In...> const& inputs() const { return inputs_; }
  std::tuple<Out...> const& outputs() const { return outputs_; }
  /// What a run of the model computes: its outputs, and behind them what stateful layers keep.
  auto fetches() const { return std::tuple_cat(outputs_, detail::kept_states<facts>(outputs_)); }
  /// Where the weights live.
  Session& session() const { return weights_.get()->session.get()->whole().session; }

  /// What the model gives for each row of `x`, or of `inputs(a, b)`: an array, or a tuple of them.
  template <class X>
  auto predict(X const& x, predict_options const& options = {}) const {
    return predict_rows(detail::refer_to(x), options);
  }
  /// The class of each row: the place of the largest output, or whether a single one is above one half.
  template <class X>
  auto predict_classes(X const& x, predict_options const& options = {}) const {
    static_assert(sizeof...(Out) == 1, "tfx: predict_classes is for models of one output");
    return detail::classes_of_rows(predict(x, options));
  }

  /// Every weight, layer by layer, as a tuple of arrays.
  auto get_weights() const { return weights::get(tfx::detail::state_of(session())); }
  /// Sets every weight; one of another shape is refused, and nothing is set.
  template <class... V>
  void set_weights(std::tuple<V...> const& values) {
    static_assert(sizeof...(V) == facts::count.weights, "tfx: set_weights takes a tuple of as many arrays as weights");
    weights::set(tfx::detail::state_of(session()), values);
  }
  /// Sets what stateful layers keep to zeros.
  void reset_states() {
    for (int i = 0; i < facts::count.states; ++i) {
      saved_variable const& state = facts::facts.states[i];
      std::memset(detail::memory_of(tfx::detail::state_of(session()), state), 0,
                  static_cast<std::size_t>(state.shape.count() * bytes_of(state.type)));
    }
  }
  /// Saves the weights to a TensorFlow checkpoint `path`, or a file `path.npz` or `path.safetensors`.
  void save_weights(std::string const& path) const { saver().save(session(), path); }
  /// Sets the weights to what was saved under their names, by save_weights or trainer.save; all of them, or where
  /// something is missing or the file holds weights of another model too, none.
  void load_weights(std::string const& path) {
    detail::refuse_other_weights<Out...>("load_weights", path);
    saver().restore(session(), path);
  }

  /// Keras' table of the layers, their output shapes and numbers of parameters.
  std::string summary() const {
    return detail::summarize(Name.view(), facts::facts.layers, facts::count.layers, facts::facts.inputs);
  }

  /// Prepares training: `model.compile(optimizers::SGD(0.1), loss<"mse">, metrics<"mae">)`. An optimizer is one of
  /// keras::optimizers or of tf::train, a loss a word or a function of labels and outputs. Of several outputs each has
  /// them, or those of its place in a loss_list and an output_metrics.
  template <class Optimizer, class Loss, class Metrics = none>
  auto compile(Optimizer const& optimizer, Loss const& loss, Metrics const& metrics = {},
               detail::loss_weights_t const& loss_weights = {}) const {
    constexpr bool are_words = detail::is_optimizer<Optimizer> && !detail::is_text<Loss>;
    constexpr bool has_losses = detail::has_loss_for_each<Loss, sizeof...(Out)>;
    constexpr bool are_metrics = detail::metrics_argument<Metrics>;
    constexpr bool has_metrics = detail::has_metrics_for_each<Metrics, sizeof...(Out)>;
    static_assert(are_words, "tfx: compile takes keras::optimizers::SGD(0.1), or another, and keras::loss<\"mse\">");
    static_assert(has_losses, "tfx: compile takes one loss for all outputs, or a loss_list of one for each output");
    static_assert(are_metrics,
                  "tfx: compile takes metrics as keras::metrics<\"mae\", \"accuracy\">, a metric_list or "
                  "output_metrics");
    static_assert(has_metrics,
                  "tfx: compile takes an output_metrics that has metrics for each output, metrics<> for none");
    if constexpr (are_words && has_losses && are_metrics && has_metrics) {
      return trainer<model, Optimizer, Loss, Metrics>(*this, optimizer, loss, metrics, loss_weights);
    }
  }

 private:
  std::tuple<In...> inputs_;
  std::tuple<Out...> outputs_;
  detail::weights_ptr weights_;

  template <class, class, class, class>
  friend class detail::training_program;
  template <class, class...>
  friend class sequential;

  static constexpr void check_names() {
    if constexpr (!facts::count.clash.empty()) {
      static_cast<void>(sizeof(two_layers_of_a_model_have_one_name<tfx::detail::text_of<facts>>));
    }
  }
  train::Saver saver() const {
    return std::apply([](Out const&... y) { return train::Saver(y...); }, outputs_);
  }

  template <class... X>
  auto predict_rows(std::tuple<X const&...> const& given, predict_options const& options) const {
    static_assert(sizeof...(X) == sizeof...(In), "tfx: predict takes an array for each input: keras::inputs(a, b)");
    detail::check_batch_size("predict", options.batch_size);
    detail::given_rows<In...> const rows({.name = "predict", .input_count = sizeof...(In), .may_be_none = true}, given);
    auto const run = std::apply([&](In const&... x) { return session().make_callable(fetches(), x...); }, inputs_);
    detail::joined_results<Out...> results;
    i64 done = 0;
    do {
      i64 const count = std::min(rows.size() - done, options.batch_size);
      data::detail::add_rows(results, std::apply(run, rows.slice(done, count)), count);
      done += count;
    } while (done < rows.size());
    return data::detail::take_rows(results);
  }
};

/// A model from some expressions to others: `Model(inputs(left, right), out)`, `Model<"net">(x, outputs(a, b))`. It has
/// weights of its own, whatever other models are made of the same expressions, but for those of models that are called.
template <name Name = "model", class In, class Out>
auto Model(In const& in, Out const& out) {
  auto const inputs = detail::tuple_of(in);
  auto const outputs = detail::tuple_of(out);
  return model<Name, std::remove_const_t<decltype(inputs)>, std::remove_const_t<decltype(outputs)>>(inputs, outputs);
}

namespace detail {
template <class X>
constexpr auto chain(X const& x) {
  return x;
}
template <class X, class Layer, class... Rest>
constexpr auto chain(X const& x, Layer const& layer, Rest const&... rest) {
  static_assert(!std::is_function_v<Layer>, "tfx: a layer is made by a call: layers::Dense<1>(), with its parentheses");
  if constexpr (std::is_function_v<Layer>) {
    return x;
  } else if constexpr (requires { Layer::is_layer; }) {
    return chain(layer(x), rest...);
  } else {
    return chain(layers::Lambda(layer)(x), rest...);
  }
}
}  // namespace detail

/// A model that knows its layers: called with an expression that has a mask, they see it.
template <class Model, class... Layers>
class sequential;
template <name Name, class In, class Out, class... Layers>
class sequential<model<Name, std::tuple<In>, std::tuple<Out>>, Layers...>
    : public model<Name, std::tuple<In>, std::tuple<Out>> {
  using base = model<Name, std::tuple<In>, std::tuple<Out>>;

 public:
  sequential(In const& in, Out const& out, Layers const&... layers) : base(in, out), layers_(layers...) {}

  template <typed_expression... X>
  auto operator()(X const&... x) const {
    if constexpr ((has_mask<X> || ...)) {
      return with_mask(x...);
    } else {
      return base::operator()(x...);
    }
  }

 private:
  std::tuple<Layers...> layers_;

  template <class X>
  auto with_mask(X const& x) const {
    auto const& in = std::get<0>(this->inputs());
    constexpr int rank = decltype(mask_of(x))::shape_type::rank;
    auto const mask = detail::mask_beside<In, rank>(typename In::shape_type{});
    auto const masked = apply<layer_op, detail::as_name<detail::mask_name<In>>(),
                              detail::layer_words<"InputLayer", 1, is_masked_layer>>(in, in, mask);
    auto const out = std::apply([&](Layers const&... layers) { return detail::chain(masked, layers...); }, layers_);
    return detail::call_model<Name>(this->weights_, std::tuple{in}, std::tuple{mask}, std::tuple{out}, x);
  }
};

/// Layers one after another: `Sequential(Input(shape<784>), layers::Dense<10>(activation<"softmax">))`. Any function of
/// an expression is a layer.
template <name Name = "sequential", class In, class... Layers>
auto Sequential(In const& in, Layers const&... layers) {
  return [&](auto const&... placeless) {
    auto const out = detail::chain(in, placeless...);
    using whole = model<Name, std::tuple<In>, std::tuple<std::remove_const_t<decltype(out)>>>;
    return sequential<whole, std::remove_cvref_t<decltype(placeless)>...>(in, out, placeless...);
  }(detail::placeless(layers)...);
}

// What is no model, said in words.
namespace detail {
template <class X>
inline constexpr bool are_expressions = typed_expression<X>;
template <class... X>
inline constexpr bool are_expressions<inputs_t<X...>> = (typed_expression<std::remove_cvref_t<X>> && ...);
}  // namespace detail
template <name Name = "model", class In, class Out>
  requires(!detail::are_expressions<In> || !detail::are_expressions<Out>)
constexpr void Model(In const&, Out const&) {
  static_assert(
      detail::are_expressions<In> && detail::are_expressions<Out>,
      "tfx: a Model is made of an Input, or inputs(a, b), and what layers made of it: Model(x, Dense<1>()(x))");
}
// What names no one function, as a layer without its parentheses does, is an argument of this one alone.
namespace detail {
struct no_layer {
  no_layer(...) {}  // NOLINT: of anything
};
}  // namespace detail
template <name Name = "sequential", class In>
void Sequential(In const&, detail::no_layer, ...) {
  static_assert(!sizeof(In), "tfx: a layer is made by a call: layers::Dense<1>(), with its parentheses");
}
template <name Name = "sequential", class In, class... Layers>
  requires(!typed_expression<In>)
constexpr void Sequential(In const&, Layers const&...) {
  static_assert(typed_expression<In>, "tfx: a Sequential begins with an Input: Sequential(Input(shape<784>), ...)");
}

}  // namespace keras
TFX_END
