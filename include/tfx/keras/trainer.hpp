// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/fit_sources.hpp>
#include <tfx/keras/predict_batches.hpp>
#include <tfx/keras/run_of_model.hpp>
#include <tfx/keras/training_program.hpp>

TFX_BEGIN
namespace keras {

/// A model with a loss, metrics and an optimizer; `model.compile` makes it.
template <name Name, class... In, class... Out, class Optimizer, class Losses, class Metrics>
class trainer<model<Name, std::tuple<In...>, std::tuple<Out...>>, Optimizer, Losses, Metrics>
    : public detail::training_program<model<Name, std::tuple<In...>, std::tuple<Out...>>, Optimizer, Losses, Metrics> {
  using program =
      detail::training_program<model<Name, std::tuple<In...>, std::tuple<Out...>>, Optimizer, Losses, Metrics>;
  using facts = typename program::facts;
  using targets = typename program::targets;
  using row_weights = typename program::row_weights;
  using value_places = typename program::value_places;
  using program::call_of;
  using program::input_count;
  using program::output_count;
  using program::value_count;
  template <class Weights = std::tuple<>>
  using given = typename program::template given<Weights>;

  template <class X, class Y>
  static constexpr bool accepts = detail::ranks_fit<X, std::tuple<In...>, false> && detail::ranks_fit<Y, targets, true>;
  template <class X, class Y>
  using refusal = typename detail::misfit<X, std::tuple<In...>, Y, targets>::type;

 public:
  /// The loss and the metrics, as metrics_names() calls them.
  using values = typename program::values;

  using program::program;

  /// Trains on rows of `x`, or of `inputs(a, b)`, that are to give those of `y`. Behind the options, in any order:
  /// `validation(x, y)`, `sample_weight = w`, `class_weight = {…}`, callbacks. The last batch of an epoch holds what is
  /// left. Refused before anything is trained: arrays whose numbers of rows or shapes do not fit, no rows, labels of a
  /// sparse loss that are no class, weights that are negative or not finite, options out of their range. A loss that is
  /// no number is told on stderr.
  template <class X, class Y, class... More>
    requires accepts<X, Y>
  History fit(X const& x, Y const& y, fit_options const& options = {}, More&&... more) {
    static_assert((detail::goes_with_fit<std::remove_cvref_t<More>> && ...),
                  "tfx: fit takes validation(x, y), sample_weight = w, class_weight = {...} and callbacks behind its "
                  "options");
    detail::check_fit(options);
    if constexpr ((detail::weighs_rows<std::remove_cvref_t<More>> || ...)) {
      auto const weights = weights_of_rows("fit", x, y, more...);
      given<row_weights> rows(call_of("fit"), std::tuple_cat(arrays(x, y), each_of(weights)));
      return fit_rows(rows, options, row_weights{}, more...);
    } else {
      given<> rows(call_of("fit"), arrays(x, y));
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
    static_assert((detail::weighs_rows<More> && ...), "tfx: evaluate takes sample_weight = w behind its options");
    detail::check_batch_size("evaluate", options.batch_size);
    if constexpr (sizeof...(More) > 0) {
      auto const weights = weights_of_rows("evaluate", x, y, more...);
      given<row_weights> rows(call_of("evaluate"), std::tuple_cat(arrays(x, y), each_of(weights)));
      return evaluate_rows(this->template prepare<false>(row_weights{}), rows, options);
    } else {
      given<> rows(call_of("evaluate"), arrays(x, y));
      return evaluate_rows(this->template prepare<false>(std::tuple()), rows, options);
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
    static_assert(
        ((detail::goes_with_fit<std::remove_cvref_t<More>> && !detail::is_sample_weight<std::remove_cvref_t<More>>) &&
         ...),
        "tfx: fit_generator takes validation(...), class_weight = {...} and callbacks behind its options");
    detail::check_epochs("fit_generator", options.epochs, options.initial_epoch);
    constexpr bool weighted = is_weighted<element<Batches>> || (detail::weighs_rows<std::remove_cvref_t<More>> || ...);
    auto const weights = weights_if<weighted>();
    auto const step = this->template prepare<true>(weights);
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
    auto const measure = this->template prepare<false>(weights);
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
    return detail::predict_batches(this->model(), batches, steps);
  }

  /// One step on one batch: the loss and the metrics before it. `sample_weight = w` and `class_weight = {…}` may stand
  /// behind the arrays.
  template <class X, class Y, class... More>
    requires accepts<X, Y>
  values train_on_batch(X const& x, Y const& y, More const&... more) {
    static_assert((detail::weighs_rows<More> && ...),
                  "tfx: train_on_batch takes sample_weight = w and class_weight = {...} behind its arrays");
    return values_of_batch<true>("train_on_batch", x, y, more...);
  }
  /// The same without the step, as evaluate computes them; `sample_weight = w` may stand behind the arrays.
  template <class X, class Y, class... More>
    requires accepts<X, Y>
  values test_on_batch(X const& x, Y const& y, More const&... more) const {
    static_assert((detail::weighs_rows<More> && ...), "tfx: test_on_batch takes sample_weight = w behind its arrays");
    return values_of_batch<false>("test_on_batch", x, y, more...);
  }
  template <class X, class Y, class... More>
    requires(!accepts<X, Y>)
  refusal<X, Y> train_on_batch(X const& x, Y const& y, More const&... more);
  template <class X, class Y, class... More>
    requires(!accepts<X, Y>)
  refusal<X, Y> test_on_batch(X const& x, Y const& y, More const&... more) const;

 private:
  u64 fits_ = 0;

  template <class X, class Y>
  static auto arrays(X const& x, Y const& y) {
    return std::tuple_cat(detail::refer_to(x), detail::refer_to(y));
  }

  template <class... W>
  static std::tuple<W const&...> each_of(std::tuple<W...> const& all) {
    return std::apply([](W const&... w) { return std::tie(w...); }, all);
  }

  template <class X, class Y, class Run, class... W>
  static i64 run_on_batch(char const* call, Run const& run, X const& x, Y const& y, double* to,
                          std::tuple<W...> const& weights = {}) {
    using rows_type = given<std::conditional_t<sizeof...(W) == 0, std::tuple<>, row_weights>>;
    rows_type const rows(call_of(call), std::tuple_cat(arrays(x, y), each_of(weights)));
    detail::store_values(std::apply(run, rows.slice(0, rows.size())), to, value_places{});
    return rows.size();
  }
  template <bool Training, class X, class Y, class... More>
  values values_of_batch(char const* call, X const& x, Y const& y, More const&... more) const {
    values results;
    if constexpr (sizeof...(More) > 0) {
      auto const weights = weights_of_rows(call, x, y, more...);
      run_on_batch(call, this->template prepare<Training>(row_weights{}), x, y, results.data(), weights);
    } else {
      run_on_batch(call, this->template prepare<Training>(std::tuple()), x, y, results.data());
    }
    return results;
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

  // What arguments say of each row's weight, for each output.
  template <class X, class Y, class... More>
  static auto weights_of_rows(char const* call, X const& x, Y const& y, More const&... more) {
    static_assert((!std::is_same_v<More, detail::class_weight_t> && ...) || program::has_classes,
                  "tfx: class_weight is for models of one output with labels [batch] or [batch, classes]; of several "
                  "outputs sample_weight = outputs(w1, w2) weighs the rows");
    static_assert((detail::has_fitting_weights<More, output_count> && ...),
                  "tfx: sample_weight is one number for each row, w, or of several outputs outputs(w1, w2)");
    given<> const rows(call_of(call), arrays(x, y));
    return [&]<std::size_t... O>(std::index_sequence<O...>) {
      return std::tuple{weights_of_output<O>(call, rows, more...)...};
    }(std::index_sequence_for<Out...>{});
  }
  template <std::size_t O, class... More>
  static auto weights_of_output(char const* call, given<> const& rows, More const&... more) {
    using number = typename std::tuple_element_t<O, std::tuple<Out...>>::value_type;
    std::vector<number> weights(static_cast<std::size_t>(rows.size()), number(1));
    (detail::weigh_rows<O>(weights, call, rows.template at<input_count + O>(), more), ...);
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
      return row_weights{};
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
      return run_on_batch(call, run, x, y, to,
                          weights_of_rows(call, x, y, sample_weight = form::weights(batch), more...));
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
    auto const fed = rows.fed(call_of("fit"));
    plan.arrays = fed.data();
    plan.array_count = fed.size();
    constexpr bool is_split = !(detail::is_validation<std::remove_cvref_t<More>> || ...);
    if (is_split && options.validation_split > 0) plan.samples = detail::rows_to_train(rows.size(), options);
    plan.steps = (plan.samples + options.batch_size - 1) / options.batch_size;
    auto const step = this->template prepare<true>(weights);
    auto const take = runs_on_rows(rows, step);
    // Orders that nobody asked for are those of no fit before.
    ++fits_;
    random::seeds const order{static_cast<u64>(options.seed.value_or(0)), options.seed ? 1 : fits_};
    detail::array_batches train(take, 0, plan.samples, options.batch_size, options.shuffle, order);
    train.skip_epochs(options.initial_epoch);
    if constexpr (is_split) {
      if (options.validation_split > 0) {
        plan.validation_samples = rows.size() - plan.samples;
        auto const measure = this->template prepare<false>(weights);
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
  template <class X, class Y, class... W, class... More>
  History validate_on(validation_data<X, Y, W...> const& apart, detail::batch_source& train, detail::fit_plan& plan,
                      More&... more) {
    constexpr char const* call = "fit: validation";
    if constexpr (sizeof...(W) > 0) {
      auto const weights = weights_of_rows(call, apart.x, apart.y, sample_weight = std::get<0>(apart.weights));
      given<row_weights> rows(call_of(call), std::tuple_cat(arrays(apart.x, apart.y), each_of(weights)));
      return validate_on_rows(rows, row_weights{}, train, plan, more...);
    } else {
      given<> rows(call_of(call), arrays(apart.x, apart.y));
      return validate_on_rows(rows, std::tuple(), train, plan, more...);
    }
  }
  template <class Rows, class Weights, class... More>
  History validate_on_rows(Rows& rows, Weights const& weights, detail::batch_source& train, detail::fit_plan& plan,
                           More&... more) {
    if (plan.samples > 0) plan.validation_samples = rows.size();
    auto const measure = this->template prepare<false>(weights);
    auto const take = runs_on_rows(rows, measure);
    detail::array_batches source(take, 0, rows.size(), plan.batch_size > 0 ? plan.batch_size : 32);
    return run(train, &source, plan, more...);
  }
  template <class Apart, class... More>
    requires requires(Apart& a) { a.batches; }
  History validate_on(Apart& apart, detail::batch_source& train, detail::fit_plan& plan, More&... more) {
    auto& batches = apart.batches;
    auto const weights = weights_if<is_weighted<element<decltype(batches)>>>();
    auto const measure = this->template prepare<false>(weights);
    auto const take = [&](auto const& batch, double* to) {
      return run_on_element("fit: validation", measure, weights, batch, to);
    };
    plan.validation_steps = detail::steps_of("fit: validation", batches, apart.steps);
    detail::range_batches source(batches, plan.validation_steps, take);
    return run(train, &source, plan, more...);
  }
  template <class... More>
  History run(detail::batch_source& train, detail::batch_source* validation, detail::fit_plan const& plan,
              More&... more) {
    detail::run_of_model<trainer, facts, (detail::needs_files<More> || ...)> whole(*this);
    std::vector<Callback*> callbacks;
    (detail::add_callback(callbacks, more), ...);
    return detail::run_fit(whole, plan, this->metrics_names(), callbacks, train, validation);
  }
};

}  // namespace keras
TFX_END
