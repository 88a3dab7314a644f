// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/inspect/graph.hpp>
#include <tfx/keras/given_rows.hpp>
#include <tfx/keras/learning_phase.hpp>
#include <tfx/keras/model.hpp>
#include <tfx/keras/targets.hpp>

TFX_BEGIN
namespace keras::detail {

/// What tells the variables that an optimizer keeps from another one's; 0: it keeps none.
template <class Optimizer>
inline constexpr u64 kept_variables_of = 0;
template <class Optimizer>
  requires requires { Optimizer::kept_variables; }
inline constexpr u64 kept_variables_of<Optimizer> = Optimizer::kept_variables;

/// A number for each trainer of the program, from 1.
[[gnu::noinline]] inline u64 next_trainer() {
  static u64 last = 0;
  return __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
}
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_older_trainer() {
  raise<errors::FailedPreconditionError>(
      "the model, or one that it shares weights with, was compiled again: the variables of this trainer's optimizer "
      "belong to the newer trainer now\nhelp: give each optimizer a name of its own: "
      "keras::optimizers::SGD<\"first\">(0.1)");
}

/// What a trainer computes of a batch: the loss, the metrics and the step, as prepared runs of the model's session.
template <class Model, class Optimizer, class Losses, class Metrics>
class training_program;
template <name Name, class... In, class... Out, class Optimizer, class Losses, class Metrics>
class training_program<model<Name, std::tuple<In...>, std::tuple<Out...>>, Optimizer, Losses, Metrics> {
 protected:
  using model_type = keras::model<Name, std::tuple<In...>, std::tuple<Out...>>;
  using facts = model_facts<Out::hash...>;
  using losses = losses_of<Losses>;
  using out_places = std::index_sequence_for<Out...>;
  template <std::size_t... O>
  static auto make_targets(std::index_sequence<O...>) -> std::tuple<
      typename target_of<Out, typename losses::template type<O>, output_numbers<Out::hash...>[O]>::type...>;
  using targets = decltype(make_targets(out_places{}));
  template <std::size_t O>
  using target = std::tuple_element_t<O, targets>;
  using first_output = std::tuple_element_t<0, std::tuple<Out...>>;
  using number_type = typename first_output::value_type;
  /// Whether rows are of one class each.
  static constexpr bool has_classes = tell_classes<targets>;
  template <std::size_t... O>
  static auto make_row_weights(std::index_sequence<O...>)
      -> std::tuple<typename row_weights_of<Out, output_numbers<Out::hash...>[O]>::type...>;
  using row_weights = decltype(make_row_weights(out_places{}));
  /// Rows of the inputs and the targets, and where there are any, of weights.
  template <class Weights = std::tuple<>>
  using given = typename given_for<std::tuple<In...>, targets, Weights>::type;

  static constexpr std::size_t input_count = sizeof...(In), output_count = sizeof...(Out);
  template <std::size_t... O>
  static constexpr std::array<i64, output_count> count_classes(std::index_sequence<O...>) {
    return {class_count<Out, typename losses::template type<O>>()...};
  }
  static call_of_rows call_of(char const* name) {
    static constexpr std::array<i64, output_count> classes = count_classes(out_places{});
    return {name, input_count, classes.data(), output_count};
  }
  static constexpr bool is_single = sizeof...(Out) == 1;
  /// The loss, of several outputs the loss of each too, and the metrics.
  static constexpr std::size_t value_count = []<std::size_t... O>(std::index_sequence<O...>) {
    return 1 + (is_single ? 0 : sizeof...(Out)) + (metric_count<O, Metrics> + ...);
  }(out_places{});
  using value_places = std::make_index_sequence<value_count>;

 public:
  /// The loss and the metrics, as metrics_names() calls them.
  using values = std::array<double, value_count>;

  training_program(model_type const& of, Optimizer const& optimizer, Losses const& losses, Metrics const& metrics,
                   loss_weights_t const& loss_weights)
      : model_(of), optimizer_(optimizer), losses_(losses), metrics_(metrics), loss_weights_(loss_weights.values) {
    if (!is_single && loss_weights_.empty()) loss_weights_.resize(sizeof...(Out), 1.0);
    if (!is_single && loss_weights_.size() != sizeof...(Out))
      raise<errors::InvalidArgumentError>("compile: loss_weights needs a number for each of %d outputs",
                                          static_cast<int>(sizeof...(Out)));
    if constexpr (kept_variables_of<Optimizer> != 0)
      shared().trainer_of(kept_variables_of<Optimizer>) = number_ = next_trainer();
    auto const begun = step(std::get<0>(measures()));
    using Begin = result_with<initialize_op, "", words<static_cast<i64>(initialized::beyond)>,
                              std::remove_const_t<decltype(begun)>, Out...>;
    std::apply([&](Out const&... y) { session().run(compose<Begin>(begun, y...)); }, model_.outputs());
  }

  /// What the values of `evaluate` are called.
  std::vector<std::string> metrics_names() const {
    std::vector<std::string> all{"loss"};
    std::string prefixes[sizeof...(Out)];
    if constexpr (!is_single) {
      std::size_t at = 0;
      ((prefixes[at] = std::string(output_name<Out::hash>(output_numbers<Out::hash...>[at])) + "_", ++at), ...);
      for (std::string const& prefix : prefixes) all.push_back(prefix + "loss");
    }
    auto const add = [&](std::string const& prefix, auto const& metrics) {
      std::apply([&](auto const&... m) { (all.push_back(prefix + std::string(m.name())), ...); }, metrics);
    };
    [&]<std::size_t... O>(std::index_sequence<O...>) {
      (add(prefixes[O], metrics_of<O>(metrics_)), ...);
    }(out_places{});
    return all;
  }
  /// Saves the weights with all that the optimizer keeps, as model.save_weights does; load_weights of a model reads
  /// such a file too. Training that goes on after `load` gives the bits of training that was not stopped.
  void save(std::string const& path) const { saver().save(session(), path); }
  void load(std::string const& path) {
    using begun = std::remove_cvref_t<decltype(step(std::get<0>(measures())))>;
    refuse_other_weights<begun, Out...>("load", path);
    saver().restore(session(), path);
  }

  model_type const& model() const { return model_; }
  Optimizer const& optimizer() const { return optimizer_; }
  /// The model's graph with its loss as TensorFlow's GraphDef.
  std::string graph_def() const { return Graph(std::get<0>(measures())).as_graph_def(); }

 protected:
  model_type model_;
  [[no_unique_address]] Optimizer optimizer_;
  [[no_unique_address]] Losses losses_;
  [[no_unique_address]] Metrics metrics_;
  std::vector<double> loss_weights_;
  u64 number_ = 0;

  shared_session& shared() const { return model_.weights_.get()->session.get()->whole(); }
  Session& session() const { return model_.session(); }
  train::Saver saver() const {
    return std::apply([&](Out const&... y) { return train::Saver(step(std::get<0>(measures())), y...); },
                      model_.outputs());
  }
  // What is computed of a batch: the loss and the metrics.
  template <std::size_t O>
  struct loss_weight_name {
    static constexpr name_value text = name_of("loss_weight_", O);
  };
  template <class... Weights>
  auto measures(Weights const&... w) const {
    return measures_of(out_places{}, w...);
  }
  template <std::size_t... O, class... Weights>
  auto measures_of(std::index_sequence<O...>, Weights const&... w) const {
    if constexpr (is_single) {
      return std::tuple_cat(std::tuple(tfx::losses::total_loss(loss_of<0>(w...))), measured<0>());
    } else {
      auto const each = std::tuple(loss_of<O>(w...)...);
      auto const total = (... + (std::get<O>(each) *
                                 constant<as_name<loss_weight_name<O>>()>(static_cast<number_type>(loss_weights_[O]))));
      return std::tuple_cat(std::tuple(tfx::losses::total_loss(total)), each, measured<O>()...);
    }
  }
  template <std::size_t O, class... Weights>
  auto loss_of(Weights const&... w) const {
    auto const& output = std::get<O>(model_.outputs());
    auto const values = masked(losses::template get<O>(losses_)(target<O>{}, output), output);
    if constexpr (sizeof...(Weights) == 0) {
      return mean_of(values);
    } else {
      return mean_of(values, std::get<O>(std::tie(w...)));
    }
  }
  template <std::size_t O>
  auto measured() const {
    [[maybe_unused]] auto const one = [&](auto const& metric) {
      auto const& output = std::get<O>(model_.outputs());
      return reduce_mean(masked(metric_beside(metric, losses::template get<O>(losses_))(target<O>{}, output), output));
    };
    return std::apply([&](auto const&... metric) { return std::tuple(one(metric)...); }, metrics_of<O>(metrics_));
  }
  // A step that lowers the loss, after which constraints hold.
  template <class Loss>
  auto step(Loss const& loss) const {
    return constrain<facts>(optimizer_.minimize(loss), loss, std::make_index_sequence<facts::count.constraints>{});
  }

  // A prepared run: of a step, or of what is only evaluated; with weights of the rows, for each output, or without.
  template <bool Training, class... Weights>
  auto prepare(std::tuple<Weights...> const& weights) const {
    auto const what = std::tuple_cat(measures(Weights{}...), kept_states<facts>(model_.outputs()));
    auto const callable_of = [&](auto const& fetches) {
      return std::apply([&](auto const&... fed) { return session().make_callable(fetches, fed...); },
                        std::tuple_cat(model_.inputs(), targets{}, weights));
    };
    if constexpr (Training) {
      if constexpr (kept_variables_of<Optimizer> != 0) {
        if (shared().trainer_of(kept_variables_of<Optimizer>) != number_) refuse_older_trainer();
      }
      return callable_of(std::apply([](auto const&... v) { return std::tuple(in_training(v)...); },
                                    std::tuple_cat(what, std::tuple(step(std::get<0>(what))))));
    } else {
      return callable_of(what);
    }
  }
};

}  // namespace keras::detail
TFX_END
