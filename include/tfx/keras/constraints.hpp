// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/number_beside.hpp>
#include <tfx/keras/words.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/greater_equal.hpp>
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/minimum.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/reduce_sum.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>
#include <tfx/op/math/subtract.hpp>
#include <tfx/shape/axes.hpp>

TFX_BEGIN

namespace keras {
namespace detail {
/// Keras' fuzz factor in divisions by a norm.
template <class Handle>
constexpr Handle not_zero(Handle norms) {
  return norms + 1e-7;
}
template <int... Axes>
struct max_norm_of {
  constexpr auto operator()(auto w, auto max_value) const {
    auto const norms = sqrt(reduce_sum(square(w), axes<Axes...>, keepdims));
    return w * (maximum(minimum(norms, max_value), 0.0) / not_zero(norms));
  }
};
struct non_neg_of {
  constexpr auto operator()(auto w) const { return w * cast(greater_equal(w, 0.0), w.type()); }
};
template <int... Axes>
struct unit_norm_of {
  constexpr auto operator()(auto w) const { return w / not_zero(sqrt(reduce_sum(square(w), axes<Axes...>, keepdims))); }
};
template <int... Axes>
struct min_max_norm_of {
  constexpr auto operator()(auto w, auto min_value, auto max_value, auto rate) const {
    auto const norms = sqrt(reduce_sum(square(w), axes<Axes...>, keepdims));
    auto const wanted = maximum(minimum(norms, max_value), min_value);
    return w * ((rate * wanted + (1.0 - rate) * norms) / not_zero(norms));
  }
};
}  // namespace detail

/// What weights are made of after a step: functions from an expression, float or double, to one of its shape. A norm is
/// √Σ w² along axes, which are the first one unless told: `max_norm(2.0, axes<0, 1, 2>)`.
namespace constraints {
/// w, but no norm is larger than max_value.
template <auto Site, int... Axes>
struct max_norm_t {
  double max_value;
  template <expression W>
  constexpr auto operator()(W const& w) const {
    return composition<detail::max_norm_of<Axes...>>(w, detail::number_beside<0, Site>(w, max_value));
  }
};
template <auto Site = [] {}>
constexpr max_norm_t<Site, 0> max_norm(double max_value = 2) {
  return {max_value};
}
template <auto Site = [] {}, int... Axes>
constexpr max_norm_t<Site, Axes...> max_norm(double max_value, axes_t<Axes...>) {
  return {max_value};
}

/// w, but 0 where it is below.
struct non_neg_t {
  template <expression W>
  constexpr auto operator()(W const& w) const {
    return composition<detail::non_neg_of>(w);
  }
};
constexpr non_neg_t non_neg() { return {}; }

/// w over its norm.
template <int... Axes>
struct unit_norm_t {
  template <expression W>
  constexpr auto operator()(W const& w) const {
    return composition<detail::unit_norm_of<Axes...>>(w);
  }
};
template <int... Axes>
constexpr unit_norm_t<Axes...> unit_norm(axes_t<Axes...>) {
  return {};
}
constexpr unit_norm_t<0> unit_norm() { return {}; }

/// w, whose norm goes towards [min_value, max_value] by the part `rate` of what it lacks.
template <auto Site, int... Axes>
struct min_max_norm_t {
  double min_value, max_value, rate;
  template <expression W>
  constexpr auto operator()(W const& w) const {
    return composition<detail::min_max_norm_of<Axes...>>(w, detail::number_beside<0, Site>(w, min_value),
                                                         detail::number_beside<1, Site>(w, max_value),
                                                         detail::number_beside<2, Site>(w, rate));
  }
};
template <auto Site = [] {}>
constexpr min_max_norm_t<Site, 0> min_max_norm(double min_value = 0, double max_value = 1, double rate = 1) {
  return {min_value, max_value, rate};
}
template <auto Site = [] {}, int... Axes>
constexpr min_max_norm_t<Site, Axes...> min_max_norm(double min_value, double max_value, double rate, axes_t<Axes...>) {
  return {min_value, max_value, rate};
}
}  // namespace constraints

struct constraint_kind {
  template <class Word>
  struct refusal {
    static_assert(is_word<constraint_kind, Word>,
                  "tfx: keras::constraint knows no such word: it is max_norm, non_neg, unit_norm or min_max_norm");
  };
};
/// The constraint that Keras calls so, with its defaults: `constraint<"max_norm">(w)`.
template <tfx::name Name>
inline constexpr word<constraint_kind, named_as<Name>> constraint{};

namespace detail {
struct max_norm_word : function_by_word<max_norm_word> {
  static constexpr auto made() { return constraints::max_norm<member_site<"max_norm">{}>(); }
};
struct non_neg_word : function_by_word<non_neg_word> {
  static constexpr auto made() { return constraints::non_neg(); }
};
struct unit_norm_word : function_by_word<unit_norm_word> {
  static constexpr auto made() { return constraints::unit_norm(); }
};
struct min_max_norm_word : function_by_word<min_max_norm_word> {
  static constexpr auto made() { return constraints::min_max_norm<member_site<"min_max_norm">{}>(); }
};
}  // namespace detail
template <>
struct stands_for<constraint_kind, named_as<"max_norm">> : detail::max_norm_word {};
template <>
struct stands_for<constraint_kind, named_as<"MaxNorm">> : detail::max_norm_word {};
template <>
struct stands_for<constraint_kind, named_as<"non_neg">> : detail::non_neg_word {};
template <>
struct stands_for<constraint_kind, named_as<"NonNeg">> : detail::non_neg_word {};
template <>
struct stands_for<constraint_kind, named_as<"unit_norm">> : detail::unit_norm_word {};
template <>
struct stands_for<constraint_kind, named_as<"UnitNorm">> : detail::unit_norm_word {};
template <>
struct stands_for<constraint_kind, named_as<"min_max_norm">> : detail::min_max_norm_word {};
template <>
struct stands_for<constraint_kind, named_as<"MinMaxNorm">> : detail::min_max_norm_word {};
}  // namespace keras

TFX_END
