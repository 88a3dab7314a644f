// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/inspect/graph.hpp>
#include <tfx/keras/fit_sources.hpp>
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
      given<row_weights> rows("evaluate", input_count, std::tuple_cat(arrays(x, y), std::tie(weights)));
      return evaluate_rows(prepare<false>(std::tuple(row_weights{})), rows, options);
    } else {
      given<> rows("evaluate", input_count, arrays(x, y));
      return evaluate_rows(prepare<false>(std::tuple()), rows, options);
    }
  }
  template <class X, class Y, class... More>
    requires(!accepts<X, Y>)
  refusal<X, Y> evaluate(X const& x, Y const& y, evaluate_options const& options = {}, More const&... more) const;

  /// Trains on batches that a range gives, each `(x, y)` or `(x, y, sample_weight)`: batches of a data::Dataset, what
  /// ImageDataGenerator::flow gives, a vector of pairs. An epoch is one pass, or `.steps_per_epoch` batches, for which
  /// the range goes on where it was and is begun again where it ends. Behind the options as in `fit`, without
  /// sample_weight; `validation(batches)` too.
  template <class Batches, class... More>
  History fit_generator(Batches&& batches, generator_options const& options = {}, More&&... more) {
    static_assert((detail::goes_with_fit<std::remove_cvref_t<More>> && ...),
                  "tfx: fit_generator takes validation(...), class_weight = {...} and callbacks behind its options");
    detail::check_epochs("fit_generator", options.epochs, options.initial_epoch);
    constexpr bool weighted = is_weighted<element<Batches>> || (detail::weighs_rows<std::remove_cvref_t<More>> || ...);
    auto const weights = weights_if<weighted>();
    auto const step = prepare<true>(weights);
    auto const take = [&](auto const& batch, double* to) {
      return run_on_element("fit_generator", step, weights, batch, to, more...);
    };
    detail::fit_plan plan{options.initial_epoch, options.epochs, options.verbose};
    plan.steps = detail::steps_of("fit_generator", batches, options.steps_per_epoch);
    detail::range_batches train(batches, plan.steps, take);
    return fit_on(train, plan, more...);
  }
  /// The loss and the metrics over the rows of one pass, or of `.steps` batches.
  template <class Batches>
  values evaluate_generator(Batches&& batches, generator_steps const& options = {}) const {
    auto const weights = weights_if<is_weighted<element<Batches>>>();
    auto const measure = prepare<false>(weights);
    auto const take = [&](auto const& batch, double* to) {
      return run_on_element("evaluate_generator", measure, weights, batch, to);
    };
    i64 const steps = detail::steps_of("evaluate_generator", batches, options.steps);
    detail::range_batches source(batches, steps, take);
    return means("evaluate_generator", source, steps, steps, options.verbose);
  }
  /// What the model gives for the inputs of one pass, or of `.steps` batches, each x or (x, y), row by row.
  template <class Batches>
  auto predict_generator(Batches&& batches, generator_steps const& options = {}) const {
    i64 const steps = detail::steps_of("predict_generator", batches, options.steps);
    return detail::predict_batches<input_count>(model_, batches, steps);
  }

  /// One step on one batch: the loss and the metrics before it.
  template <class X, class Y>
    requires accepts<X, Y>
  values train_on_batch(X const& x, Y const& y) {
    values results;
    run_on_batch("train_on_batch", prepare<true>(std::tuple()), x, y, results.data());
    return results;
  }
  /// The same without the step, as evaluate computes them.
  template <class X, class Y>
    requires accepts<X, Y>
  values test_on_batch(X const& x, Y const& y) const {
    values results;
    run_on_batch("test_on_batch", prepare<false>(std::tuple()), x, y, results.data());
    return results;
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
  /// Saves the weights with all that the optimizer keeps, as model.save_weights does; load_weights of a model reads such
  /// a file too. Training that goes on after `load` gives the bits of training that was not stopped.
  void save(std::string const& path) const { saver().save(session(), path); }
  void load(std::string const& path) { saver().restore(session(), path); }

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
  train::Saver saver() const {
    return std::apply([&](Out const&... y) { return train::Saver(step(std::get<0>(measures())), y...); },
                      model_.outputs());
  }
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
  template <class X, class Y, class Run, class... W>
  static i64 run_on_batch(char const* call, Run const& run, X const& x, Y const& y, double* to, W const&... weights) {
    using rows_type = std::conditional_t<sizeof...(W) == 0, given<>, given<row_weights>>;
    rows_type const rows(call, input_count, std::tuple_cat(arrays(x, y), std::tie(weights...)));
    detail::store_values(std::apply(run, rows.slice(0, rows.size())), to, value_places{});
    return rows.size();
  }
  template <class Rows, class Run>
  static auto runs_on_rows(Rows& rows, Run const& run) {
    return [&](i64 begin, i64 const* numbers, i64 count, double* to) {
      detail::store_values(std::apply(run, numbers ? rows.gather(numbers, count) : rows.slice(begin, count)), to,
                           value_places{});
    };
  }
  static values means(char const* call, detail::batch_source& source, i64 steps, i64 total, int verbose) {
    values results;
    detail::mean_values(call, source, steps, total, verbose, results.data(), value_count);
    return results;
  }
  template <class Run, class Rows>
  static values evaluate_rows(Run const& run, Rows& rows, evaluate_options const& options) {
    auto const take = runs_on_rows(rows, run);
    detail::array_batches source(take, 0, rows.size(), options.batch_size);
    return means("evaluate", source, 0, rows.size(), options.verbose);
  }

  template <class X, class Y, class... More>
  static std::vector<number_type> weights_of_rows(char const* call, X const& x, Y const& y, More const&... more) {
    given<> const rows(call, input_count, arrays(x, y));
    std::vector<number_type> weights(static_cast<std::size_t>(rows.size()), number_type(1));
    (detail::weigh_rows(weights, call, rows.template at<input_count>(), more), ...);
    return weights;
  }

  // Batches that a range gives.
  template <class Batches>
  using element = std::remove_cvref_t<decltype(*std::begin(std::declval<Batches&>()))>;
  template <class E>
  static constexpr bool is_weighted = detail::batch_element<E, input_count, sizeof...(Out)>::is_weighted;
  template <bool Weighted>
  static auto weights_if() {
    if constexpr (Weighted) {
      return std::tuple(row_weights{});
    } else {
      return std::tuple();
    }
  }
  template <class Run, class Weights, class E, class... More>
  static i64 run_on_element(char const* call, Run const& run, Weights const&, E const& batch, double* to,
                            More const&... more) {
    using form = detail::batch_element<E, input_count, sizeof...(Out)>;
    auto const& x = form::x(batch);
    auto const& y = form::y(batch);
    if constexpr (!accepts<std::remove_cvref_t<decltype(x)>, std::remove_cvref_t<decltype(y)>>) {
      static_cast<void>(sizeof(refusal<std::remove_cvref_t<decltype(x)>, std::remove_cvref_t<decltype(y)>>));
      return 0;
    } else if constexpr (form::is_weighted) {
      return run_on_batch(call, run, x, y, to, weights_of_rows(call, x, y, sample_weight = form::weights(batch), more...));
    } else if constexpr (std::tuple_size_v<Weights> > 0) {
      return run_on_batch(call, run, x, y, to, weights_of_rows(call, x, y, more...));
    } else {
      return run_on_batch(call, run, x, y, to);
    }
  }

  template <class Rows, class... Weights, class... More>
  History fit_rows(Rows& rows, fit_options const& options, std::tuple<Weights...> const& weights, More&... more) {
    rows.reserve(options.batch_size);
    detail::fit_plan plan{options.initial_epoch, options.epochs, options.verbose, rows.size(), options.batch_size};
    constexpr bool is_split = !(detail::is_validation<std::remove_cvref_t<More>> || ...);
    if (is_split && options.validation_split > 0) plan.samples = detail::rows_to_train(rows.size(), options);
    plan.steps = (plan.samples + options.batch_size - 1) / options.batch_size;
    auto const step = prepare<true>(weights);
    auto const take = runs_on_rows(rows, step);
    detail::array_batches train(take, 0, plan.samples, options.batch_size, options.shuffle, options.seed);
    train.skip_epochs(options.initial_epoch);
    if constexpr (is_split) {
      if (options.validation_split > 0) {
        plan.validation_samples = rows.size() - plan.samples;
        auto const measure = prepare<false>(weights);
        auto const judge = runs_on_rows(rows, measure);
        detail::array_batches rest(judge, plan.samples, rows.size(), options.batch_size);
        return run(train, &rest, plan, more...);
      }
    }
    return fit_on(train, plan, more...);
  }
  // Trains on batches, and evaluates what `validation` tells.
  template <class... More>
  History fit_on(detail::batch_source& train, detail::fit_plan& plan, More&... more) {
    if constexpr ((detail::is_validation<std::remove_cvref_t<More>> || ...)) {
      return validate_on(detail::find_validation(more...), train, plan, more...);
    } else {
      return run(train, nullptr, plan, more...);
    }
  }
  template <class X, class Y, class... More>
  History validate_on(validation_data<X, Y> const& apart, detail::batch_source& train, detail::fit_plan& plan,
                      More&... more) {
    given<> rows("fit: validation", input_count, arrays(apart.x, apart.y));
    if (plan.samples > 0) plan.validation_samples = rows.size();
    auto const measure = prepare<false>(std::tuple());
    auto const take = runs_on_rows(rows, measure);
    detail::array_batches source(take, 0, rows.size(), plan.batch_size > 0 ? plan.batch_size : 32);
    return run(train, &source, plan, more...);
  }
  template <class Batches, class... More>
  History validate_on(validation_batches<Batches> const& apart, detail::batch_source& train, detail::fit_plan& plan,
                      More&... more) {
    auto const weights = weights_if<is_weighted<element<Batches>>>();
    auto const measure = prepare<false>(weights);
    auto const take = [&](auto const& batch, double* to) {
      return run_on_element("fit: validation", measure, weights, batch, to);
    };
    plan.validation_steps = detail::steps_of("fit: validation", apart.batches, apart.steps);
    detail::range_batches source(apart.batches, plan.validation_steps, take);
    return run(train, &source, plan, more...);
  }
  template <class... More>
  History run(detail::batch_source& train, detail::batch_source* validation, detail::fit_plan const& plan,
              More&... more) {
    detail::run_of_model<trainer, facts, (detail::needs_files<More> || ...)> whole(*this);
    std::vector<Callback*> callbacks;
    (detail::add_callback(callbacks, more), ...);
    return detail::run_fit(whole, plan, metrics_names(), callbacks, train, validation);
  }
};

}  // namespace keras
TFX_END
