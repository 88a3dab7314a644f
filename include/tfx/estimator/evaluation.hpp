// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <string>
#include <tfx/base/raise.hpp>
#include <tfx/op/metrics/accuracy.hpp>
#include <tfx/op/metrics/auc.hpp>
#include <tfx/op/metrics/mean.hpp>
#include <tfx/op/metrics/mean_absolute_error.hpp>
#include <tfx/op/metrics/mean_squared_error.hpp>
#include <tfx/op/metrics/precision.hpp>
#include <tfx/op/metrics/recall.hpp>
#include <tfx/op/metrics/root_mean_squared_error.hpp>

TFX_BEGIN
namespace estimator {

/// What `evaluate` gives: metrics by name, `loss` and `global_step` among them. A name that is not there is a
/// NotFoundError that tells those that are.
class evaluation : public std::map<std::string, double> {
 public:
  double operator[](std::string const& name) const {
    if (auto const found = find(name); found != end()) return found->second;
    std::string known;
    for (auto const& each : *this) known += (known.empty() ? "" : ", ") + each.first;
    raise<errors::NotFoundError>("evaluate: no metric '%s' among %s", name.c_str(), known.c_str());
  }
  void set(std::string const& name, double value) { insert_or_assign(name, value); }
};

// Never defined: using it is the error.
template <class Name>
struct metric_has_no_such_name_give_it_a_pair;  // metric<"mine">(tf::metrics::mean<"mine">(x))

namespace detail {
/// A metric that local variables count: each batch's run of the update gives the value until then.
template <name Name, class Update>
struct streaming_metric {
  static constexpr bool is_metric = true, has_variables = true;
  Update update;

  auto fetches() const { return update; }
  struct counter {
    double value = 0;
    template <class Batch>
    void add(double, Batch const&, typename Update::value_type last) {
      value = static_cast<double>(last);
    }
    void finish(evaluation& to) const { to.set(std::string(Name.view()), value); }
  };
  counter start() const { return {}; }
};
template <name Name, class Update>
constexpr streaming_metric<Name, Update> as_metric(Update const& update) {
  static_assert(Update::shape_type::rank == 0, "tfx: a metric is a scalar");
  return {update};
}
template <name Name>
constexpr bool is_called(std::string_view text) {
  return Name.view() == text;
}
}  // namespace detail

/// Something that is measured over all batches, under a name: what tf::metrics has under it, of labels and predictions,
/// `metric<"accuracy">(labels, classes)`: accuracy, precision, recall, auc, mean_squared_error, mean_absolute_error,
/// root_mean_squared_error, and of values `mean`; weights may follow. Or what any of tf::metrics gives:
/// `metric<"error">(tf::metrics::mean<"error">(tf::abs(y - x)))`.
template <name Name, typed_expression... X>
  requires(sizeof...(X) > 0)
constexpr auto metric(X const&... x) {
  if constexpr (detail::is_called<Name>("accuracy")) {
    return detail::as_metric<Name>(metrics::accuracy<Name>(x...).second);
  } else if constexpr (detail::is_called<Name>("precision")) {
    return detail::as_metric<Name>(metrics::precision<Name>(x...).second);
  } else if constexpr (detail::is_called<Name>("recall")) {
    return detail::as_metric<Name>(metrics::recall<Name>(x...).second);
  } else if constexpr (detail::is_called<Name>("auc")) {
    return detail::as_metric<Name>(metrics::auc<Name>(x...).second);
  } else if constexpr (detail::is_called<Name>("mean")) {
    return detail::as_metric<Name>(metrics::mean<Name>(x...).second);
  } else if constexpr (detail::is_called<Name>("mean_squared_error")) {
    return detail::as_metric<Name>(metrics::mean_squared_error<Name>(x...).second);
  } else if constexpr (detail::is_called<Name>("mean_absolute_error")) {
    return detail::as_metric<Name>(metrics::mean_absolute_error<Name>(x...).second);
  } else if constexpr (detail::is_called<Name>("root_mean_squared_error")) {
    return detail::as_metric<Name>(metrics::root_mean_squared_error<Name>(x...).second);
  } else {
    static_cast<void>(sizeof(metric_has_no_such_name_give_it_a_pair<named_as<Name>>));
  }
}
template <name Name, typed_expression Value, typed_expression Update>
constexpr auto metric(std::pair<Value, Update> const& of_metrics) {
  return detail::as_metric<Name>(of_metrics.second);
}

}  // namespace estimator
TFX_END
