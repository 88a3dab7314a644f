// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/random/random_normal.hpp>
#include <tfx/op/random/random_uniform.hpp>
#include <tfx/op/random/truncated_normal.hpp>
#include <tfx/variables/initial_parts.hpp>

TFX_BEGIN

// How variables begin. `init(shape<3, 4>)` is an initial value, floats; get_variable calls `make<T>`, which refuses
// numbers that T does not hold. The variable's name tells the numbers and the random stream from those of other
// variables.

namespace detail {
/// Square root at compile time, by Newton's rule.
constexpr double square_root(double x) {
  double root = x > 1 ? x : 1;
  for (double next = (root + x / root) / 2; next < root; next = (root + x / root) / 2) root = next;
  return root;
}
}  // namespace detail

/// What initializers share. `Self` has `of(parts)`, or `make` and `make_value`.
template <class Self>
struct initializer {
  /// An initial value, floats: `init(shape<3, 4>)`.
  template <auto... D>
  constexpr auto operator()(shape_t<D...> s) const {
    return self().template make<float, member_site<>{}>(s);
  }
  /// The same of another dtype.
  template <class T, auto Site = in_variable{}, auto... D>
  constexpr auto make(shape_t<D...>) const {
    return self().of(detail::expression_parts<T, Site, D...>{});
  }
  /// The same inside functions over handles.
  constexpr fragment make_value(dtype type, dims const& shape) const {
    return self().of(detail::value_parts{type, shape});
  }

 private:
  constexpr Self const& self() const { return static_cast<Self const&>(*this); }
};

/// All zeros.
struct zeros_initializer : initializer<zeros_initializer> {
  constexpr auto of(auto const& parts) const { return parts.template all<0>(); }
};
/// All ones.
struct ones_initializer : initializer<ones_initializer> {
  constexpr auto of(auto const& parts) const { return parts.template all<1>(); }
};
/// One number everywhere: `constant_initializer(0.1)`.
struct constant_initializer : initializer<constant_initializer> {
  double value = 0;
  constexpr explicit constant_initializer(double v = 0) : value(v) {}
  constexpr auto of(auto const& parts) const { return parts.template fill<"value">(value); }
};

/// Random numbers from [minval, maxval): `random_uniform_initializer(-0.1, 0.1, seed(7))`; of int32 and int64 whole
/// ones.
template <class Seed = no_seed>
struct random_uniform_initializer : initializer<random_uniform_initializer<Seed>> {
  double minval, maxval;
  Seed from;
  constexpr explicit random_uniform_initializer(double low = 0, double high = 1, Seed s = {})
      : minval(low), maxval(high), from(s) {}
  template <class Parts>
  constexpr auto of(Parts const& parts) const {
    if constexpr (Parts::is_integral) {
      return parts.draw_integers(minval, maxval, from);
    } else {
      return parts.template draw<random_uniform_op>(from) * parts.template number<"range">(maxval - minval) +
             parts.template number<"minval">(minval);
    }
  }
};

namespace detail {
template <class Self, class Op, class Seed>
struct normal_initializer : initializer<Self> {
  double mean, stddev;
  Seed from;
  constexpr normal_initializer(double m, double d, Seed s) : mean(m), stddev(d), from(s) {}
  constexpr auto of(auto const& parts) const {
    return parts.template draw<Op>(from) * parts.template number<"stddev">(stddev) +
           parts.template number<"mean">(mean);
  }
};
}  // namespace detail

/// Random numbers of a normal distribution: `random_normal_initializer(0.0, 0.05)`.
template <class Seed = no_seed>
struct random_normal_initializer : detail::normal_initializer<random_normal_initializer<Seed>, random_normal_op, Seed> {
  constexpr explicit random_normal_initializer(double mean = 0, double stddev = 1, Seed s = {})
      : detail::normal_initializer<random_normal_initializer, random_normal_op, Seed>(mean, stddev, s) {}
};
/// The same without numbers two or more standard deviations from the mean.
template <class Seed = no_seed>
struct truncated_normal_initializer
    : detail::normal_initializer<truncated_normal_initializer<Seed>, truncated_normal_op, Seed> {
  constexpr explicit truncated_normal_initializer(double mean = 0, double stddev = 1, Seed s = {})
      : detail::normal_initializer<truncated_normal_initializer, truncated_normal_op, Seed>(mean, stddev, s) {}
};

/// Which connections of a layer scale its initial weights, and from which distribution they are drawn.
enum class fan : unsigned char { in, out, average };
enum class weights : unsigned char { truncated_normal, uniform };

namespace detail {
/// Scale over the number of connections: the variance of a weight. The last two axes are inputs and outputs, all axes
/// before them a window.
constexpr double weight_variance(dims const& shape, double scale, fan mode) {
  double window = 1;
  for (int i = 0; i < shape.rank - 2; ++i) window *= static_cast<double>(shape[i]);
  double const in = shape.rank == 0 ? 1 : static_cast<double>(shape[shape.rank == 1 ? 0 : shape.rank - 2]) * window;
  double const out = shape.rank == 0 ? 1 : static_cast<double>(shape[shape.rank - 1]) * window;
  double const n = mode == fan::in ? in : mode == fan::out ? out : (in + out) / 2;
  return scale / (n < 1 ? 1 : n);
}
/// How much of its standard deviation a normal distribution keeps that is cut at two of them.
inline constexpr double kept_deviation = .87962566103423978;
/// What a variance that the compiler knows makes of the shape: a standard deviation, or a part of what lies around 0.
template <int Scale, fan Mode>
struct known_deviation {
  static constexpr double of(dims const& shape) {
    return square_root(weight_variance(shape, Scale, Mode)) / kept_deviation;
  }
};
template <int Scale, fan Mode, int Factor>
struct known_limit {
  static constexpr double of(dims const& shape) {
    return Factor * square_root(3 * weight_variance(shape, Scale, Mode));
  }
};
}  // namespace detail

/// Weights of a variance that the compiler knows: the base of the rules below.
template <weights Kind, int Scale, fan Mode, class Seed>
struct scaled_initializer : initializer<scaled_initializer<Kind, Scale, Mode, Seed>> {
  Seed from;
  constexpr explicit scaled_initializer(Seed s = {}) : from(s) {}
  constexpr auto of(auto const& parts) const {
    if constexpr (Kind == weights::uniform) {
      return parts.template draw<random_uniform_op>(from) *
                 parts.template known<detail::known_limit<Scale, Mode, 2>>() +
             parts.template known<detail::known_limit<Scale, Mode, -1>>();
    } else {
      return parts.template draw<truncated_normal_op>(from) *
             parts.template known<detail::known_deviation<Scale, Mode>>();
    }
  }
};

/// Weights of a variance that is told at run time.
template <fan Mode, weights Kind, class Seed>
struct told_initializer : initializer<told_initializer<Mode, Kind, Seed>> {
  double scale;
  Seed from;
  constexpr told_initializer(double factor, Seed s) : scale(factor), from(s) {}
  constexpr auto of(auto const& parts) const {
    double const variance = detail::weight_variance(parts.shape, scale, Mode);
    if constexpr (Kind == weights::uniform) {
      double const limit = detail::square_root(3 * variance);
      return parts.template draw<random_uniform_op>(from) * parts.template number<"range">(2 * limit) +
             parts.template number<"minval">(-limit);
    } else {
      return parts.template draw<truncated_normal_op>(from) *
             parts.template number<"stddev">(detail::square_root(variance) / detail::kept_deviation);
    }
  }
};
/// Weights whose variance is scale / connections: `variance_scaling_initializer<fan::out>(2.0)`.
template <fan Mode = fan::in, weights Kind = weights::truncated_normal, class Seed = no_seed>
constexpr told_initializer<Mode, Kind, Seed> variance_scaling_initializer(double scale = 1, Seed s = {}) {
  return {scale, s};
}

/// Weights of variance 1 / mean of inputs and outputs (Glorot and Bengio, 2010); the first is what get_variable uses.
template <class Seed = no_seed>
constexpr scaled_initializer<weights::uniform, 1, fan::average, Seed> glorot_uniform_initializer(Seed s = {}) {
  return scaled_initializer<weights::uniform, 1, fan::average, Seed>(s);
}
template <class Seed = no_seed>
constexpr scaled_initializer<weights::truncated_normal, 1, fan::average, Seed> glorot_normal_initializer(Seed s = {}) {
  return scaled_initializer<weights::truncated_normal, 1, fan::average, Seed>(s);
}
/// Weights of variance 2 / inputs (He et al., 2015), for relu.
template <class Seed = no_seed>
constexpr scaled_initializer<weights::uniform, 2, fan::in, Seed> he_uniform_initializer(Seed s = {}) {
  return scaled_initializer<weights::uniform, 2, fan::in, Seed>(s);
}
template <class Seed = no_seed>
constexpr scaled_initializer<weights::truncated_normal, 2, fan::in, Seed> he_normal_initializer(Seed s = {}) {
  return scaled_initializer<weights::truncated_normal, 2, fan::in, Seed>(s);
}
/// Weights of variance 1 / inputs (LeCun et al., 1998).
template <class Seed = no_seed>
constexpr scaled_initializer<weights::uniform, 1, fan::in, Seed> lecun_uniform_initializer(Seed s = {}) {
  return scaled_initializer<weights::uniform, 1, fan::in, Seed>(s);
}
template <class Seed = no_seed>
constexpr scaled_initializer<weights::truncated_normal, 1, fan::in, Seed> lecun_normal_initializer(Seed s = {}) {
  return scaled_initializer<weights::truncated_normal, 1, fan::in, Seed>(s);
}

TFX_END
