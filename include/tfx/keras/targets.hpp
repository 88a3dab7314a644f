// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cmath>
#include <limits>
#include <tfx/keras/callback.hpp>
#include <tfx/keras/fit_options.hpp>
#include <tfx/keras/input.hpp>
#include <tfx/keras/losses_contract.hpp>
#include <tfx/keras/masks.hpp>
#include <tfx/keras/metrics.hpp>
#include <tfx/keras/model_facts.hpp>
#include <tfx/keras/rows.hpp>
#include <tfx/op/math/div_no_nan.hpp>
#include <tfx/op/math/not_equal.hpp>
#include <tfx/op/math/reduce_mean.hpp>
#include <tfx/session/fetch.hpp>

TFX_BEGIN
namespace keras {

// What `fit` and its like give where arrays cannot be a model's: each is an error, its name and its text the message.
template <class Shape, int Rank>
struct fit_array_has_another_rank_than {  // the tensor of this shape that it is for
  static_assert(Rank == Shape::rank && Rank != Shape::rank,
                "tfx: an array has the rank of the input, or of what an output is to be, that it is for: [rows, ...]");
};
template <std::size_t Given, std::size_t Wanted>
struct fit_has_another_number_of_arrays {
  static_assert(
      Given == Wanted,
      "tfx: a model is given an array for each input, x or keras::inputs(a, b), and an array for each output, "
      "y or keras::outputs(c, d)");
};
template <class... X>
struct fit_is_given_what_is_no_array {
  static_assert((feedable<X> && ...),
                "tfx: what a model is given are arrays, xt::xtensor, or others that a tensor is fed with");
};

/// A loss for each output of a model: `loss_list(loss<"mse">, loss<"binary_crossentropy">)`.
template <class... Loss>
struct loss_list {
  std::tuple<Loss...> all;
  constexpr explicit loss_list(Loss const&... each) : all(each...) {}
};
namespace detail {
struct loss_weights_t {
  std::vector<double> values;
};
struct loss_weights_name {
  loss_weights_t operator=(std::vector<double> values) const { return {static_cast<std::vector<double>&&>(values)}; }
};
}  // namespace detail
/// How much each output's loss counts: `compile(optimizer, losses, metrics, loss_weights = {1.0, 0.2})`.
inline constexpr detail::loss_weights_name loss_weights{};

namespace detail {
template <class Losses>
struct losses_of {
  template <std::size_t>
  using type = Losses;
  template <std::size_t>
  static constexpr Losses const& get(Losses const& loss) {
    return loss;
  }
};
template <class... Loss>
struct losses_of<loss_list<Loss...>> {
  template <std::size_t I>
  using type = std::tuple_element_t<I, std::tuple<Loss...>>;
  template <std::size_t I>
  static constexpr auto const& get(loss_list<Loss...> const& list) {
    return std::get<I>(list.all);
  }
};

/// [batch] beside an output; of one whose rows have a number, that number.
template <class Out>
constexpr auto shape_of_rows() {
  constexpr dims output = Out::shape_type::value;
  if constexpr (output.rank > 0 && output[0] >= 0) {
    return shape<output[0]>;
  } else {
    return shape<batch>;
  }
}
/// What an output is called: after its layer, and behind that its number, where it has one.
template <u64 Out>
constexpr name_value output_name(int number) {
  std::string_view const layer = name_of_source(*lookup(key<Out>{}));
  return number == 0 ? name_of(layer) : name_of(layer, '_', number);
}
/// The numbers of a model's outputs: 0, or such as to tell one from others of its layer, as Keras counts them.
template <u64... Out>
inline constexpr std::array<int, sizeof...(Out)> output_numbers = [] {
  std::array<int, sizeof...(Out)> numbers{};
  name_value (*const name[])(int) = {output_name<Out>...};
  for (std::size_t i = 1; i < sizeof...(Out); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (std::string_view(name[k](numbers[k])) == std::string_view(name[i](numbers[i]))) {
        ++numbers[i];
        k = static_cast<std::size_t>(-1);
      }
  return numbers;
}();
/// What an output is to be: a placeholder beside it, called as Keras calls it.
template <class Out, class Loss, int Number>
struct target_of {
  static constexpr name_value text = name_of(output_name<Out::hash>(Number), "_target");
  static constexpr dims value = [] {
    dims shape = labels_of<Loss>(Out::shape_type::value);
    shape.extent[0] = decltype(shape_of_rows<Out>())::value[0];
    return shape;
  }();
  using value_type = type_of<labels_type<Loss>(dtype_of<typename Out::value_type>)>;
  using type = decltype(placeholder<as_name<target_of>(), value_type>(shape_from<target_of>{}));
};
/// How many classes the labels beside an output name, where a label that names none ends a run; 0 elsewhere.
template <class Out, class Loss>
constexpr i64 class_count() {
  constexpr dims output = Out::shape_type::value;
  if constexpr (std::is_base_of_v<losses::sparse_categorical_crossentropy_t, Loss>) {
    return output.rank > 0 && output[output.rank - 1] > 0 ? output[output.rank - 1] : 0;
  } else {
    return 0;
  }
}
/// A weight for each row of an output, called as Keras calls it.
template <class Out, int Number>
struct row_weights_of {
  static constexpr name_value text = name_of(output_name<Out::hash>(Number), "_sample_weights");
  using type = decltype(placeholder<as_name<row_weights_of>(), typename Out::value_type>(shape_of_rows<Out>()));
};
/// A loss of rows as one number. Weighted, as Keras does: Σ weight · loss / the number of weights that are not 0, and 0
/// where all are.
template <class Values>
constexpr auto mean_of(Values const& values) {
  return reduce_mean(values);
}
template <class Values, class Weights>
constexpr auto mean_of(Values const& values, Weights const& weights) {
  using T = typename Values::value_type;
  auto const counted = reduce_mean(cast<T>(not_equal(weights, zeros<T>(shape<>))));
  if constexpr (Values::shape_type::rank > 1) {
    return mean_of(reduce_mean(values, axis<-1>), weights);
  } else {
    return div_no_nan(reduce_mean(values * weights), counted);
  }
}

/// A loss of rows, or a metric, of which the steps count that an output's mask tells: times the mask over its mean, and
/// 0 where no step counts.
template <class Values, class Output>
constexpr auto masked(Values const& values, [[maybe_unused]] Output const& output) {
  if constexpr (!has_mask<Output>) {
    return values;
  } else {
    using mask_type = decltype(mask_of(output));
    static_assert(mask_type::shape_type::rank == Values::shape_type::rank,
                  "tfx: the loss of an output with a mask [batch, time] is [batch, time] too");
    auto const counts = cast<typename Values::value_type>(mask_of(output));
    return div_no_nan(values * counts, reduce_mean(counts));
  }
}

/// The metrics of each output of a model, as a tuple: none, those of a list, or of the list for that output.
template <std::size_t O>
constexpr std::tuple<> metrics_of(none) {
  return {};
}
template <std::size_t O, class... Metric>
constexpr auto const& metrics_of(metric_list<Metric...> const& list) {
  return list.all;
}
template <std::size_t O, class... List>
constexpr auto const& metrics_of(output_metrics<List...> const& list) {
  return std::get<O>(list.all).all;
}
template <std::size_t O, class Metrics>
inline constexpr std::size_t metric_count =
    std::tuple_size_v<std::remove_cvref_t<decltype(metrics_of<O>(std::declval<Metrics const&>()))>>;

/// What `compile` takes.
template <class X>
inline constexpr bool is_text = std::is_convertible_v<X const&, std::string_view>;
template <class X>
inline constexpr bool is_optimizer = std::is_class_v<X> && !is_text<X> && !requires { typename X::kind; };
template <class Loss, std::size_t Outputs>
inline constexpr bool has_loss_for_each = true;
template <class... Loss, std::size_t Outputs>
inline constexpr bool has_loss_for_each<loss_list<Loss...>, Outputs> = sizeof...(Loss) == Outputs;
template <class Metrics, std::size_t Outputs>
inline constexpr bool has_metrics_for_each = true;
template <class... List, std::size_t Outputs>
inline constexpr bool has_metrics_for_each<output_metrics<List...>, Outputs> = sizeof...(List) == Outputs;
template <class Metrics>
concept metrics_argument = requires(Metrics const& m) { metrics_of<0>(m); };

/// Whether arrays can be rows of these tensors, as far as their types tell.
template <class V, class T, bool IsTarget>
constexpr bool fits_tensor() {
  if constexpr (feedable<std::remove_cvref_t<V>>) {
    constexpr dims shape = T::shape_type::value;
    return rank_fits<std::remove_cvref_t<V>, shape.rank, IsTarget && shape[shape.rank - 1] == 1,
                     IsTarget && std::is_integral_v<typename T::value_type>>();
  } else {
    return false;
  }
}
template <class Given, class Tensors, bool IsTarget>
inline constexpr bool fit_tensors = false;
template <class... V, class... T, bool IsTarget>
  requires(sizeof...(V) == sizeof...(T))
inline constexpr bool fit_tensors<std::tuple<V...>, std::tuple<T...>, IsTarget> =
    (fits_tensor<V, T, IsTarget>() && ...);
template <class Given, class Tensors, bool IsTarget>
concept ranks_fit = fit_tensors<decltype(refer_to(std::declval<Given const&>())), Tensors, IsTarget>;
/// What is wrong with arrays that cannot be rows of these tensors.
template <bool IsTarget, class... V, class... T>
constexpr auto misfit_of(std::type_identity<std::tuple<V...>>, std::type_identity<std::tuple<T...>>) {
  if constexpr (sizeof...(V) != sizeof...(T)) {
    return std::type_identity<fit_has_another_number_of_arrays<sizeof...(V), sizeof...(T)>>{};
  } else if constexpr (!(feedable<std::remove_cvref_t<V>> && ...)) {
    return std::type_identity<fit_is_given_what_is_no_array<std::remove_cvref_t<V>...>>{};
  } else {
    constexpr std::size_t place = [] {
      bool const fits[] = {fits_tensor<V, T, IsTarget>()...};
      std::size_t i = 0;
      while (i + 1 < sizeof...(V) && fits[i]) ++i;
      return i;
    }();
    using array = std::remove_cvref_t<std::tuple_element_t<place, std::tuple<V...>>>;
    using tensor = std::tuple_element_t<place, std::tuple<T...>>;
    return std::type_identity<
        fit_array_has_another_rank_than<typename tensor::shape_type, tfx::detail::value_traits<array>::shape.rank>>{};
  }
}
template <bool IsTarget, class Given, class Tensors>
using misfit_among = decltype(misfit_of<IsTarget>(
    std::type_identity<decltype(refer_to(std::declval<Given const&>()))>{}, std::type_identity<Tensors>{}));
template <class X, class Inputs, class Y, class Targets>
struct misfit : misfit_among<false, X, Inputs> {};
template <class X, class Inputs, class Y, class Targets>
  requires ranks_fit<X, Inputs, false>
struct misfit<X, Inputs, Y, Targets> : misfit_among<true, Y, Targets> {};

/// What may stand behind the options of `fit`.
template <class X>
inline constexpr bool is_validation = false;
template <class X, class Y, class... W>
inline constexpr bool is_validation<validation_data<X, Y, W...>> = true;
template <class Batches>
inline constexpr bool is_validation<validation_batches<Batches>> = true;
template <class X>
inline constexpr bool weighs_rows = std::is_same_v<X, class_weight_t>;
template <class V>
inline constexpr bool weighs_rows<sample_weight_t<V>> = true;
template <class X>
concept goes_with_fit = is_validation<X> || weighs_rows<X> || std::is_base_of_v<Callback, X>;

template <class X>
inline constexpr bool needs_files = false;
template <std::derived_from<Callback> X>
inline constexpr bool needs_files<X> = X::needs_files;

template <class First, class... Rest>
auto& find_validation(First& first, Rest&... rest) {
  if constexpr (is_validation<std::remove_cv_t<First>>) {
    return first;
  } else {
    return find_validation(rest...);
  }
}
template <class X>
void add_callback(std::vector<Callback*>& callbacks, X& x) {
  if constexpr (std::is_base_of_v<Callback, X>) callbacks.push_back(&x);
}

[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_class(char const* call, i64 row, double label,
                                                                      std::size_t count) {
  raise<errors::InvalidArgumentError>("%s: `class_weight` has %lld weights, and none for the class %g of row %lld",
                                      call, static_cast<long long>(count), label, static_cast<long long>(row));
}
/// Refuses weights that are negative or not finite; `what` tells of which things they are, rows or classes.
template <class T>
[[gnu::noinline]] void check_weights(char const* call, char const* argument, char const* what,
                                     std::vector<T> const& weights) {
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (!(weights[i] >= 0 && weights[i] <= std::numeric_limits<T>::max()))
      raise<errors::InvalidArgumentError>("%s: `%s` must be finite and not negative: that of %s %lld is %g", call,
                                          argument, what, static_cast<long long>(i), static_cast<double>(weights[i]));
}
/// Whether told weights are one number for each row: an array, or a tuple of one for each of so many outputs.
template <class V, std::size_t Outputs>
inline constexpr bool weighs_outputs = [] {
  if constexpr (feedable<V>) return tfx::detail::value_traits<V>::shape.rank == 1;
  return false;
}();
template <class... V, std::size_t Outputs>
  requires(!feedable<std::tuple<V...>>)
inline constexpr bool weighs_outputs<std::tuple<V...>, Outputs> =
    sizeof...(V) == Outputs && (weighs_outputs<std::remove_cvref_t<V>, 0> && ...);
template <class... V, std::size_t Outputs>
inline constexpr bool weighs_outputs<inputs_t<V...>, Outputs> = weighs_outputs<std::tuple<V...>, Outputs>;
/// The same of what may be another argument of fit.
template <class X, std::size_t Outputs>
inline constexpr bool has_fitting_weights = true;
template <class V, std::size_t Outputs>
inline constexpr bool has_fitting_weights<sample_weight_t<V>, Outputs> =
    weighs_outputs<std::remove_cvref_t<V>, Outputs>;
/// Those of one output.
template <std::size_t O, class V>
auto const& weights_of_output(V const& told) {
  if constexpr (feedable<V>) {
    return told;
  } else if constexpr (are_several<V>) {
    return std::get<O>(told.each);
  } else {
    return std::get<O>(told);
  }
}
// Multiplies each row's weight by what an argument of fit says of it, for an output with these labels.
template <std::size_t O, class T, class Labels, class V>
void weigh_rows(std::vector<T>& weights, char const* call, Labels const&, sample_weight_t<V> const& told) {
  auto const& array = weights_of_output<O>(told.values);
  using traits = tfx::detail::value_traits<std::remove_cvref_t<decltype(array)>>;
  i64 const count = traits::shape_of(array).extent[0];
  if (static_cast<std::size_t>(count) != weights.size())
    refuse_counts(call, "x", static_cast<i64>(weights.size()), "sample_weight", count);
  std::vector<T> values(weights.size());
  tfx::detail::convert_value(array, values.data(), "sample_weight");
  check_weights(call, "sample_weight", "row", values);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] *= values[i];
}
template <std::size_t, class T, class Label, int Rank>
void weigh_rows(std::vector<T>& weights, char const* call, rows<Label, Rank> const& labels,
                class_weight_t const& told) {
  check_weights(call, "class_weight", "class", told.values);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    Label const* const row = labels.row(static_cast<i64>(i));
    std::size_t place = 0;
    for (std::size_t k = 1; k < labels.width(); ++k)
      if (row[k] > row[place]) place = k;
    double const label = static_cast<double>(labels.width() == 1 ? row[0] : static_cast<Label>(place));
    if (!(label >= 0 && label < static_cast<double>(told.values.size()) && label == std::floor(label)))
      refuse_class(call, static_cast<i64>(i), label, told.values.size());
    weights[i] *= static_cast<T>(told.values[static_cast<std::size_t>(label)]);
  }
}
template <std::size_t, class T, class Labels, class Other>
void weigh_rows(std::vector<T>&, char const*, Labels const&, Other const&) {}

/// Whether the labels of these targets tell one class for each row.
template <class Targets>
inline constexpr bool tell_classes = false;
template <class Target>
inline constexpr bool tell_classes<std::tuple<Target>> =
    Target::shape_type::rank == 1 ||
    (Target::shape_type::rank == 2 && !std::is_integral_v<typename Target::value_type>);

/// `step`, after which each weight with a constraint is what that makes of it.
template <class Facts, class Step, class Loss, std::size_t... I>
auto constrain(Step const& step, [[maybe_unused]] Loss const& loss, std::index_sequence<I...>) {
  if constexpr (sizeof...(I) > 0) {
    return group(step, apply<assign_op>(part_of<Facts::facts.constraints[I][0]>(loss),
                                        with_dependencies(step, part_of<Facts::facts.constraints[I][1]>(loss)))...);
  } else {
    return step;
  }
}

}  // namespace detail
}  // namespace keras
TFX_END
