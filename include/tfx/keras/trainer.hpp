// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/inspect/graph.hpp>
#include <tfx/keras/fit_loop.hpp>
#include <tfx/keras/given_rows.hpp>
#include <tfx/keras/learning_phase.hpp>
#include <tfx/keras/model.hpp>
#include <tfx/keras/run_of_model.hpp>
#include <tfx/keras/targets.hpp>

TFX_BEGIN
namespace keras {

/// A model with a loss, metrics and an optimizer; `model.compile` makes it.
template <name Name, class... In, class... Out, class Optimizer, class Losses, class Metrics>
class trainer<model<Name, std::tuple<In...>, std::tuple<Out...>>, Optimizer, Losses, Metrics> {
  using model_type = keras::model<Name, std::tuple<In...>, std::tuple<Out...>>;
  using facts = detail::model_facts<Out::hash...>;
  using losses = detail::losses_of<Losses>;
  using out_places = std::index_sequence_for<Out...>;
  using metric_places = std::make_index_sequence<detail::metrics_of<Metrics>::count>;
  template <std::size_t... O>
  static auto make_targets(std::index_sequence<O...>)
      -> std::tuple<typename detail::target_of<Out, typename losses::template type<O>>::type...>;
  using targets = decltype(make_targets(out_places{}));
  template <std::size_t O>
  using target = std::tuple_element_t<O, targets>;
  using number_type = typename std::tuple_element_t<0, std::tuple<Out...>>::value_type;
  using row_weights = decltype(placeholder<"sample_weight", number_type>(shape<batch>));
  template <class... Weights>
  using given = typename detail::given_for<std::tuple<In...>, targets, Weights...>::type;

  static constexpr std::size_t input_count = sizeof...(In);
  static constexpr bool is_single = sizeof...(Out) == 1;
  /// The loss, of several outputs the loss of each too, and the metrics.
  static constexpr std::size_t value_count =
      1 + (is_single ? 0 : sizeof...(Out)) + sizeof...(Out) * metric_places::size();
  using value_places = std::make_index_sequence<value_count>;

  template <class X, class Y>
  static constexpr bool accepts = detail::ranks_fit<X, std::tuple<In...>, false> && detail::ranks_fit<Y, targets, true>;
  template <class X, class Y>
  using refusal = typename detail::misfit<X, std::tuple<In...>, Y, targets>::type;

 public:
  /// The loss and the metrics, as metrics_names() calls them.
  using values = std::array<double, value_count>;

  trainer(model_type const& of, Optimizer const& optimizer, Losses const& losses, Metrics const& metrics,
          detail::loss_weights_t const& loss_weights)
      : model_(of), optimizer_(optimizer), losses_(losses), metrics_(metrics), loss_weights_(loss_weights.values) {
    if (!is_single && loss_weights_.empty()) loss_weights_.resize(sizeof...(Out), 1.0);
    if (!is_single && loss_weights_.size() != sizeof...(Out))
      raise<errors::InvalidArgumentError>("compile: loss_weights needs a number for each of %d outputs",
                                          static_cast<int>(sizeof...(Out)));
    auto const begun = step(std::get<0>(measures()));
    using Begin = result_with<initialize_op, "", words<static_cast<i64>(initialized::beyond)>,
                              std::remove_const_t<decltype(begun)>, Out...>;
    std::apply([&](Out const&... y) { session().run(compose<Begin>(begun, y...)); }, model_.outputs());
  }

  /// Trains on rows of `x`, or of `inputs(a, b)`, that are to give those of `y`. Behind the options, in any order:
  /// `validation(x, y)`, `sample_weight = w`, `class_weight = {…}`, callbacks. The last batch of an epoch holds what is
  /// left. Refused before anything is trained: arrays whose numbers of rows or shapes do not fit, no rows, options out
  /// of their range.
  template <class X, class Y, class... More>
    requires accepts<X, Y>
  History fit(X const& x, Y const& y, fit_options const& options = {}, More&&... more) {
    static_assert((detail::goes_with_fit<std::remove_cvref_t<More>> && ...),
                  "tfx: fit takes validation(x, y), sample_weight = w, class_weight = {...} and callbacks behind its "
                  "options");
    detail::check_fit(options);
    if constexpr ((detail::weighs_rows<std::remove_cvref_t<More>> || ...)) {
      std::vector<number_type> const weights = weights_of_rows("fit", x, y, more...);
      given<row_weights> rows("fit", input_count, std::tuple_cat(arrays(x, y), std::tie(weights)));
      return fit_rows(rows, options, std::tuple(row_weights{}), more...);
    } else {
      given<> rows("fit", input_count, arrays(x, y));
      return fit_rows(rows, options, std::tuple(), more...);
    }
  }
  template <class X, class Y, class... More>
    requires(!accepts<X, Y>)
  refusal<X, Y> fit(X const& x, Y const& y, fit_options const& options = {}, More&&... more);

  /// The loss and the metrics over all rows: `auto [loss, accuracy] = trainer.evaluate(x, y);` `sample_weight = w` may
  /// stand behind the options.
  template <class X, class Y, class... More>
    requires accepts<X, Y>
  values evaluate(X const& x, Y const& y, evaluate_options const& options = {}, More const&... more) const {
    detail::check_batch_size("evaluate", options.batch_size);
    if constexpr (sizeof...(More) > 0) {
      std::vector<number_type> const weights = weights_of_rows("evaluate", x, y, more...);
      given<row_weights> const rows("evaluate", input_count, std::tuple_cat(arrays(x, y), std::tie(weights)));
      return evaluate_rows(prepare<false>(std::tuple(row_weights{})), rows, options);
    } else {
      given<> const rows("evaluate", input_count, arrays(x, y));
      return evaluate_rows(prepare<false>(std::tuple()), rows, options);
    }
  }
  template <class X, class Y, class... More>
    requires(!accepts<X, Y>)
  refusal<X, Y> evaluate(X const& x, Y const& y, evaluate_options const& options = {}, More const&... more) const;

  /// One step on one batch: the loss and the metrics before it.
  template <class X, class Y>
    requires accepts<X, Y>
  values train_on_batch(X const& x, Y const& y) {
    given<> const rows("train_on_batch", input_count, arrays(x, y));
    return run_on(prepare<true>(std::tuple()), rows, 0, rows.size());
  }
  /// The same without the step, as evaluate computes them.
  template <class X, class Y>
    requires accepts<X, Y>
  values test_on_batch(X const& x, Y const& y) const {
    given<> const rows("test_on_batch", input_count, arrays(x, y));
    return run_on(prepare<false>(std::tuple()), rows, 0, rows.size());
  }

  /// What the values of `evaluate` are called.
  std::vector<std::string> metrics_names() const {
    std::vector<std::string> all{"loss"};
    std::string_view const outputs[] = {detail::name_of_source(*lookup(key<Out::hash>{}))...};
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
  model_type const& model() const { return model_; }
  Optimizer const& optimizer() const { return optimizer_; }
  /// The model's graph with its loss as TensorFlow's GraphDef.
  std::string graph_def() const { return Graph(std::get<0>(measures())).as_graph_def(); }

 private:
  model_type model_;
  [[no_unique_address]] Optimizer optimizer_;
  [[no_unique_address]] Losses losses_;
  [[no_unique_address]] Metrics metrics_;
  std::vector<double> loss_weights_;

  Session& session() const { return model_.session(); }
  template <class X, class Y>
  static auto arrays(X const& x, Y const& y) {
    return std::tuple_cat(detail::refer_to(x), detail::refer_to(y));
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
      auto const total = (... + (std::get<O>(each) * constant<detail::as_name<loss_weight_name<O>>()>(
                                                         static_cast<number_type>(loss_weights_[O]))));
      return std::tuple_cat(std::tuple(tfx::losses::total_loss(total)), each, metrics_of<O>(metric_places{})...);
    }
  }
  template <std::size_t O, class... Weights>
  auto loss_of(Weights const&... w) const {
    auto const& output = std::get<O>(model_.outputs());
    return detail::mean_of(detail::masked(losses::template get<O>(losses_)(target<O>{}, output), output), w...);
  }
  template <std::size_t O, std::size_t... M>
  auto metrics_of(std::index_sequence<M...>) const {
    [[maybe_unused]] auto const one = [&](auto const& metric) {
      auto const& output = std::get<O>(model_.outputs());
      return reduce_mean(
          detail::masked(metric_beside(metric, losses::template get<O>(losses_))(target<O>{}, output), output));
    };
    return std::tuple(one(std::get<M>(metrics_.all))...);
  }
  // A step that lowers the loss, after which constraints hold.
  template <class Loss>
  auto step(Loss const& loss) const {
    return detail::constrained_step<facts>(optimizer_.minimize(loss), loss,
                                           std::make_index_sequence<facts::count.constraints>{});
  }

  // A prepared run: of a step, or of what is only evaluated; with a weight for each row, or without.
  template <bool Training, class... Weights>
  auto prepare(std::tuple<Weights...> const& weights) const {
    auto const what = measures(Weights{}...);
    auto const callable_of = [&](auto const& fetches) {
      return std::apply([&](auto const&... fed) { return session().make_callable(fetches, fed...); },
                        std::tuple_cat(model_.inputs(), targets{}, weights));
    };
    if constexpr (Training) {
      return callable_of(std::apply([](auto const&... v) { return std::tuple(in_training(v)...); },
                                    std::tuple_cat(what, std::tuple(step(std::get<0>(what))))));
    } else {
      return callable_of(what);
    }
  }
  template <class Run, class Rows>
  static values run_on(Run const& run, Rows const& rows, i64 begin, i64 count) {
    values results{};
    detail::store_values(std::apply(run, rows.slice(begin, count)), results.data(), value_places{});
    return results;
  }
  template <class Run, class Rows>
  static values evaluate_rows(Run const& run, Rows const& rows, evaluate_options const& options) {
    values sums{};
    for (i64 done = 0; done < rows.size();) {
      i64 const count = std::min(options.batch_size, rows.size() - done);
      values const results = run_on(run, rows, done, count);
      for (std::size_t i = 0; i < value_count; ++i) sums[i] += results[i] * static_cast<double>(count);
      done += count;
    }
    for (double& sum : sums) sum /= static_cast<double>(rows.size());
    return sums;
  }

  template <class X, class Y, class... More>
  static std::vector<number_type> weights_of_rows(char const* call, X const& x, Y const& y, More const&... more) {
    given<> const rows(call, input_count, arrays(x, y));
    std::vector<number_type> weights(static_cast<std::size_t>(rows.size()), number_type(1));
    (detail::weigh_rows(weights, call, rows.template at<input_count>(), more), ...);
    return weights;
  }

  template <class Rows, class... Weights, class... More>
  History fit_rows(Rows& rows, fit_options const& options, std::tuple<Weights...> const& weights, More&... more) {
    rows.reserve(options.batch_size);
    auto const train = prepare<true>(weights);
    detail::fit_sizes sizes;
    sizes.train = rows.size();
    if constexpr ((detail::is_validation<std::remove_cvref_t<More>> || ...)) {
      auto const& apart = detail::find_validation(more...);
      std::vector<number_type> const ones(sizeof...(Weights) > 0 ? detail::row_count(apart) : 0, number_type(1));
      auto const all = [&] {
        if constexpr (sizeof...(Weights) > 0) {
          return std::tuple_cat(arrays(apart.x, apart.y), std::tie(ones));
        } else {
          return arrays(apart.x, apart.y);
        }
      }();
      Rows const validation("fit: validation", input_count, all);
      sizes.validation = validation.size();
      return run(rows, validation, train, prepare<false>(weights), sizes, options, more...);
    } else if (options.validation_split > 0) {
      sizes.validation_begin = sizes.train =
          static_cast<i64>(static_cast<double>(rows.size()) * (1 - options.validation_split));
      sizes.validation = rows.size() - sizes.train;
      if (sizes.train == 0)
        raise<errors::InvalidArgumentError>("fit: validation_split %g leaves nothing to train on",
                                            options.validation_split);
      return run(rows, rows, train, prepare<false>(weights), sizes, options, more...);
    } else {
      return run(rows, rows, train, no_evaluation{}, sizes, options, more...);
    }
  }
  struct no_evaluation {};

  template <class Rows, class Train, class Evaluate, class... More>
  History run(Rows& rows, Rows const& validation, Train const& train, Evaluate const& evaluate,
              detail::fit_sizes const& sizes, fit_options const& options, More&... more) {
    struct runner final : detail::batch_runner {
      Rows& rows;
      Rows const& validation;
      Train const& step;
      Evaluate const& measure;

      runner(Rows& r, Rows const& v, Train const& s, Evaluate const& e) : rows(r), validation(v), step(s), measure(e) {}
      void train(i64 const* numbers, i64 count, double* results) override {
        detail::store_values(std::apply(step, rows.gather(numbers, count)), results, value_places{});
      }
      void evaluate(i64 begin, i64 count, double* results) override {
        if constexpr (!std::is_same_v<Evaluate, no_evaluation>)
          detail::store_values(std::apply(measure, validation.slice(begin, count)), results, value_places{});
      }
    };
    runner batches(rows, validation, train, evaluate);
    detail::run_of_model<trainer, facts, (detail::needs_files<More> || ...)> whole(*this);
    std::vector<Callback*> callbacks;
    (detail::add_callback(callbacks, more), ...);
    return detail::run_fit(whole, batches, sizes, options, metrics_names(), callbacks);
  }
};

}  // namespace keras
TFX_END
