// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/estimator/estimator_spec.hpp>
#include <tfx/estimator/input.hpp>
#include <tfx/estimator/mode_keys.hpp>
#include <tfx/estimator/model_variables.hpp>
#include <tfx/estimator/predicted.hpp>
#include <tfx/estimator/steps.hpp>
#include <tfx/estimator/training_run.hpp>

TFX_BEGIN
namespace estimator {

namespace detail {
/// Called after each step, or each checkpoint, where nobody wants to know.
struct nothing {
  void operator()(i64, double) const {}
  void operator()(i64) const {}
};
[[gnu::noinline]] inline void seed(Session& session, RunConfig const& config) {
  if (config.tf_random_seed.is_set) session.set_random_seed(config.tf_random_seed.value);
}
/// What the random ops of a step draw follows from its number.
[[gnu::noinline]] inline void seed_step(Session& session, RunConfig const& config, i64 step) {
  if (config.tf_random_seed.is_set)
    session.set_random_seed(
        static_cast<i64>(mix(static_cast<u64>(config.tf_random_seed.value), static_cast<u64>(step)) >> 1));
}
}  // namespace detail

/// A model, its data and its folder: `Estimator classifier(model_fn, {.model_dir = "/tmp/iris"})` trains, evaluates and
/// predicts what a function `model_fn(features, labels, mode)` makes of placeholders. In PREDICT it returns
/// `predictions(x…)`, else `EstimatorSpec(loss, optimizer, metric<"accuracy">(labels, classes))`:
///
///     if constexpr (mode == estimator::ModeKeys::PREDICT) return estimator::predictions(classes); else …
///
/// Features are a placeholder, [batch, …] with the dtype and, as far as its type tells it, the shape of the input's
/// array; of an input with several arrays a tuple of them. Labels are one too, and in PREDICT of no_labels. Each call
/// begins with the newest checkpoint of model_dir, or with initial values, and is a session of its own; nothing but the
/// folder lasts from call to call, so that another program may go on where this one stopped.
template <class ModelFn>
class Estimator {
 public:
  explicit Estimator(ModelFn model_fn, RunConfig config = {})
      : model_fn_(static_cast<ModelFn&&>(model_fn)), config_(detail::completed(static_cast<RunConfig&&>(config))) {}

  RunConfig const& config() const { return config_; }
  std::string const& model_dir() const { return config_.model_dir; }
  std::string eval_dir(std::string const& name = {}) const {
    return config_.model_dir + (name.empty() ? "/eval" : "/eval_" + name);
  }
  /// Empty where there is none.
  std::string latest_checkpoint() const { return train::latest_checkpoint(config_.model_dir); }
  /// The names of all that the newest checkpoint holds.
  std::vector<std::string> get_variable_names() const {
    std::vector<std::string> names;
    for (auto const& each : train::list_variables(trained())) names.push_back(each.name);
    return names;
  }
  /// One variable of the newest checkpoint: `get_variable_value<float, 2>("dnn/logits/kernel")`.
  template <element T = float, int Rank = 2>
  auto get_variable_value(std::string const& name) const {
    return train::load_variable<T, Rank>(trained(), name);
  }

  /// Trains until the input ends, `{.steps = 400}` more, or `{.max_steps = 400}` in all; `after_step(step, loss)`,
  /// where there is one, is called after each. `model_dir/model.ckpt-<step>` is written at the beginning of all, as the
  /// configuration says, and at the end; losses and steps per second go to an event file there. An endless input goes
  /// on where the last call stopped.
  ///
  /// InvalidArgumentError: steps below 1. NanLossDuringTrainingError: what the last checkpoint holds stays.
  /// NotFoundError and InvalidArgumentError where model_dir holds another model.
  template <detail::input_function Input, class AfterStep = detail::nothing>
  Estimator& train(Input const& input_fn, train_options const& options = {}, AfterStep&& after_step = {}) {
    train_and_tell(input_fn, options, after_step, detail::nothing());
    return *this;
  }
  /// The same; `after_save(step)` is called after each checkpoint but the one before the first step.
  template <class Input, class AfterStep, class AfterSave>
  void train_and_tell(Input const& input_fn, train_options const& options, AfterStep&& after_step,
                      AfterSave&& after_save) {
    using traits = detail::input_traits<Input>;
    static_assert(traits::has_labels, "tfx: train needs an input with labels: numpy_input_fn(xs, ys, options)");
    detail::check(options);
    auto const spec = call<typename traits::inputs>(ModeKeys::TRAIN);
    using spec_type = std::remove_const_t<decltype(spec)>;
    if constexpr (!spec_type::trains) {
      static_cast<void>(sizeof(EstimatorSpec_in_TRAIN_needs_an_optimizer<spec_type>));
    } else {
      auto const steps = train::get_or_create_global_step();
      auto const train_op = spec.train_op(steps);
      std::string const resumed = latest_checkpoint();
      Session session;
      train::Saver saver(spec.loss, train_op, steps);
      if (resumed.empty()) {
        detail::seed(session, config_);
        session.run(global_variables_initializer(spec.loss, train_op, steps));
      } else {
        saver.restore(session, resumed);
      }
      i64 const* const step = detail::global_step_of(session, steps);
      i64 const begun = *step;
      i64 last = std::numeric_limits<i64>::max();
      if (options.steps != not_told && options.steps < last - begun) last = begun + options.steps;
      if (options.max_steps != not_told) last = options.max_steps;
      if (begun >= last) return;

      io::make_folders(config_.model_dir);
      detail::training_run run(config_, session, saver, begun, resumed);
      run.save_first();
      auto source = traits::open(input_fn, begun);
      typename decltype(source)::value_type batch;
      auto const run_step = std::apply(
          [&](auto const&... summary) {
            return detail::make_step<typename traits::inputs, true>(session, fetch(spec.loss, train_op, summary...));
          },
          spec.summaries());
      while (*step < last && source.next(batch)) {
        detail::check_batch(model_fn_, batch, true);
        detail::seed_step(session, config_, *step);
        bool const saved = std::apply(
            [&](auto value, auto const&, auto const&... summary) {
              auto const loss = static_cast<double>(value);
              bool const saves = run.after_step(*step, loss, {std::string_view(summary)...});
              after_step(*step, loss);
              return saves;
            },
            run_step(batch));
        if (saved) after_save(*step);
      }
      if (run.finish()) after_save(*step);
    }
  }

  /// The metrics of the model function over all batches, or `{.steps = n}` of them, with the mean of the batches'
  /// losses as `loss`, and `global_step`: `evaluate(input)["accuracy"]`. Written as events to `eval_dir()` too. Without
  /// a checkpoint a model is evaluated as it begins.
  template <detail::input_function Input>
  evaluation evaluate(Input const& input_fn, evaluate_options const& options = {}) const {
    using traits = detail::input_traits<Input>;
    static_assert(traits::has_labels, "tfx: evaluate needs an input with labels: numpy_input_fn(xs, ys, options)");
    detail::check_positive("steps", options.steps);
    auto const spec = call<typename traits::inputs>(ModeKeys::EVAL);
    auto const steps = train::get_or_create_global_step();
    auto const metrics = spec.metrics();
    Session session;
    std::apply(
        [&](auto const&... metric) { begin(session, options.checkpoint_path, spec.loss, metric.fetches()..., steps); },
        metrics);
    evaluation found = detail::evaluated<traits>(session, input_fn, options.steps, model_fn_, spec.loss, metrics);
    i64 const step = *detail::global_step_of(session, steps);
    found.set("global_step", static_cast<double>(step));
    detail::log_evaluation(eval_dir(options.name), found, step);
    return found;
  }

  /// What the model function predicts for all rows, in their order: a tensor, a tuple of them, or named ones. Labels of
  /// the input are left out.
  template <detail::input_function Input>
  auto predict(Input const& input_fn, predict_options const& options = {}) const {
    using traits = detail::input_traits<Input>;
    auto const spec = call<typename traits::inputs>(ModeKeys::PREDICT);
    auto const steps = train::get_or_create_global_step();
    Session session;
    return std::apply(
        [&]<class... Named>(Named const&... each) {
          begin(session, options.checkpoint_path, each.x..., steps);
          auto const run = detail::make_step<typename traits::inputs, false>(session, fetch(each.x...));
          auto source = traits::open(input_fn, 0);
          typename decltype(source)::value_type batch;
          typename detail::joined_values<decltype(run(batch))>::type joined;
          while (source.next(batch)) {
            detail::check_batch(model_fn_, batch, false);
            data::detail::add_rows(joined, run(batch), static_cast<i64>(std::get<0>(batch).shape()[0]));
          }
          return detail::predicted<Named...>(joined);
        },
        spec.all);
  }

 private:
  ModelFn model_fn_;
  RunConfig config_;

  /// What the model function makes of the placeholders of an input.
  template <class Inputs, detail::mode Mode>
  auto call(mode_key<Mode> mode) const {
    auto const labels = [] {
      if constexpr (Mode == detail::mode::predict) {
        return no_labels{};
      } else {
        return Inputs::labels();
      }
    }();
    auto const spec = model_fn_(Inputs::features(), labels, mode);
    using Spec = std::remove_const_t<decltype(spec)>;
    if constexpr (Mode == detail::mode::predict) {
      if constexpr (!detail::is_predictions<Spec>) static_cast<void>(sizeof(model_fn_must_return_predictions<Spec>));
    } else {
      if constexpr (!detail::is_spec<Spec>) static_cast<void>(sizeof(model_fn_must_return_an_EstimatorSpec<Spec>));
    }
    return spec;
  }
  std::string trained() const {
    std::string path = latest_checkpoint();
    if (path.empty()) raise<errors::NotFoundError>("Couldn't find trained model at %s.", config_.model_dir.c_str());
    return path;
  }
  /// Gives variables the values of a checkpoint, the newest unless told, or those that they begin as.
  template <class... X>
  void begin(Session& session, std::string const& told, X const&... x) const {
    std::string const path = told.empty() ? latest_checkpoint() : told;
    if (!path.empty()) return detail::restore(session, detail::model_variables(x...), path);
    detail::seed(session, config_);
    session.run(global_variables_initializer(x...));
  }
};

}  // namespace estimator
TFX_END
