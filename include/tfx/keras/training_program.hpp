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
  using metric_places = std::make_index_sequence<detail::metrics_of<Metrics>::count>;
  template <std::size_t... O>
  static auto make_targets(std::index_sequence<O...>)
      -> std::tuple<typename target_of<Out, typename losses::template type<O>>::type...>;
  using targets = decltype(make_targets(out_places{}));
  template <std::size_t O>
  using target = std::tuple_element_t<O, targets>;
  using first_output = std::tuple_element_t<0, std::tuple<Out...>>;
  using number_type = typename first_output::value_type;
  using row_weights = decltype(placeholder<"sample_weight", number_type>(shape_of_rows<first_output>()));
  template <class... Weights>
  using given = typename given_for<std::tuple<In...>, targets, Weights...>::type;

  static constexpr std::size_t input_count = sizeof...(In);
  static constexpr bool is_single = sizeof...(Out) == 1;
  /// The loss, of several outputs the loss of each too, and the metrics.
  static constexpr std::size_t value_count =
      1 + (is_single ? 0 : sizeof...(Out)) + sizeof...(Out) * metric_places::size();
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
    std::string_view const outputs[] = {name_of_source(*lookup(key<Out::hash>{}))...};
    for (std::string_view output : outputs)
      if (!is_single) all.push_back(std::string(output) + "_loss");
    for (std::string_view output : outputs) {
      auto const add = [&](auto const& metric) {
        all.push_back((is_single ? std::string() : std::string(output) + "_") + std::string(metric.name()));
      };
      if constexpr (metric_places::size() > 0) std::apply([&](auto const&... m) { (add(m), ...); }, metrics_.all);
    }
    return all;
  }
  /// Saves the weights with all that the optimizer keeps, as model.save_weights does; load_weights of a model reads
  /// such a file too. Training that goes on after `load` gives the bits of training that was not stopped.
  void save(std::string const& path) const { saver().save(session(), path); }
  void load(std::string const& path) { saver().restore(session(), path); }

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
      return std::tuple_cat(std::tuple(tfx::losses::total_loss(loss_of<0>(w...))), metrics_of<0>(metric_places{}));
    } else {
      auto const each = std::tuple(loss_of<O>(w...)...);
      auto const total = (... + (std::get<O>(each) *
                                 constant<as_name<loss_weight_name<O>>()>(static_cast<number_type>(loss_weights_[O]))));
      return std::tuple_cat(std::tuple(tfx::losses::total_loss(total)), each, metrics_of<O>(metric_places{})...);
    }
  }
  template <std::size_t O, class... Weights>
  auto loss_of(Weights const&... w) const {
    auto const& output = std::get<O>(model_.outputs());
    return mean_of(masked(losses::template get<O>(losses_)(target<O>{}, output), output), w...);
  }
  template <std::size_t O, std::size_t... M>
  auto metrics_of(std::index_sequence<M...>) const {
    [[maybe_unused]] auto const one = [&](auto const& metric) {
      auto const& output = std::get<O>(model_.outputs());
      return reduce_mean(masked(metric_beside(metric, losses::template get<O>(losses_))(target<O>{}, output), output));
    };
    return std::tuple(one(std::get<M>(metrics_.all))...);
  }
  // A step that lowers the loss, after which constraints hold.
  template <class Loss>
  auto step(Loss const& loss) const {
    return constrain<facts>(optimizer_.minimize(loss), loss, std::make_index_sequence<facts::count.constraints>{});
  }

  // A prepared run: of a step, or of what is only evaluated; with a weight for each row, or without.
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
