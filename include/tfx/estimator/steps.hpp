// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/estimator/estimator_spec.hpp>
#include <tfx/estimator/input.hpp>
#include <tfx/session/session.hpp>

TFX_BEGIN
namespace estimator::detail {

/// A prepared run that takes a batch: its features, or its labels too.
template <class Callable, int Count>
class batch_run {
 public:
  explicit batch_run(Callable&& run) : run_(static_cast<Callable&&>(run)) {}

  template <class Batch>
  auto operator()(Batch const& batch) const {
    return call(batch, std::make_index_sequence<Count>{});
  }

 private:
  Callable run_;

  template <class Batch, std::size_t... I>
  auto call(Batch const& batch, std::index_sequence<I...>) const {
    return run_(std::get<I>(batch)...);
  }
};
template <class Inputs, bool WithLabels, class Fetch>
auto make_step(Session& session, Fetch const& what) {
  return std::apply(
      [&](auto const&... in) {
        auto run = session.make_callable(what, in...);
        return batch_run<decltype(run), sizeof...(in)>(std::move(run));
      },
      Inputs::template fed<WithLabels>());
}

/// A model function may look at a batch before the run does, `check_batch(batch, with_labels)`.
template <class ModelFn, class Batch>
void check_batch(ModelFn const& model_fn, Batch const& batch, bool with_labels) {
  if constexpr (requires { model_fn.check_batch(batch, with_labels); }) model_fn.check_batch(batch, with_labels);
}

/// Makes the local variables that metrics count in.
template <class... Metric>
void start_counting(Session& session, std::tuple<Metric...> const& metrics) {
  if constexpr ((Metric::has_variables || ...))
    session.run(
        std::apply([](auto const&... each) { return local_variables_initializer(each.fetches()...); }, metrics));
}
/// The metrics over the batches of an input, with the mean of the losses.
template <class Traits, class Input, class ModelFn, class Loss, class... Metric>
evaluation evaluated(Session& session, Input const& input_fn, i64 limit, ModelFn const& model_fn, Loss const& loss,
                     std::tuple<Metric...> const& metrics) {
  start_counting(session, metrics);
  auto const run = std::apply(
      [&](auto const&... each) {
        return make_step<typename Traits::inputs, true>(session, fetch(loss, each.fetches()...));
      },
      metrics);
  auto counters = std::apply([](auto const&... each) { return std::tuple(each.start()...); }, metrics);
  auto source = Traits::open(input_fn, 0);
  typename decltype(source)::value_type batch;
  double losses = 0;
  i64 count = 0;
  for (; (limit == not_told || count < limit) && source.next(batch); ++count) {
    check_batch(model_fn, batch, true);
    auto const values = run(batch);
    auto const of_batch = static_cast<double>(std::get<0>(values));
    losses += of_batch;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (std::get<I>(counters).add(of_batch, batch, std::get<I + 1>(values)), ...);
    }(std::index_sequence_for<Metric...>{});
  }
  if (count == 0) raise<errors::OutOfRangeError>("evaluate: the input has no batch");
  evaluation found;
  std::apply([&](auto const&... each) { (each.finish(found), ...); }, counters);
  found.set("loss", losses / static_cast<double>(count));
  return found;
}

}  // namespace estimator::detail
TFX_END
