// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <tfx/op/fill.hpp>
#include <tfx/op/random_normal.hpp>
#include <tfx/op/random_uniform.hpp>
#include <tfx/op/truncated_normal.hpp>

TFX_BEGIN

// How variables begin. `init(shape<3, 4>)` is an initial value, floats; get_variable calls `make<T>`, which refuses
// numbers that T does not hold. The variable's name tells the numbers and the random stream from those of other
// variables.

/// Instead of a seed.
struct no_seed {};

namespace detail {
/// The run-time numbers and random ops of an initial value.
template <auto Site>
struct initial_parts {
  template <name Part, class T>
  static auto number(double value) {
    typename literal_leaf<"", T, shape_t<>, hash_of(Part.view()), Site>::type result;
    result.literals[0] = make_literal(fitted<T>(value));
    return result;
  }
  template <class Op, class T, class Seed, auto... D>
  static constexpr auto draw(shape_t<D...>, Seed s) {
    static_assert(std::is_floating_point_v<T>,
                  "tfx: this initializer draws float or double; random_uniform_initializer draws int32 and int64 too");
    using parts = random_of<Op, "", T, Site, D...>;
    if constexpr (std::is_same_v<Seed, no_seed>) {
      return parts::make();
    } else {
      return parts::make(s);
    }
  }
};

// The same inside functions over handles: there the compiler knows the numbers.
constexpr fragment initial_number(dtype type, double value) {
  return splat_value({}, type, splat_bits(type == dtype::float32 ? static_cast<float>(value) : value, type));
}
template <i64 Value>
constexpr i64 seed_value(static_seed<Value>) {
  return Value;
}
template <i64 Value>
constexpr i64 seed_value(static_seed<Value> (*)()) {
  return Value;
}
constexpr i64 seed_value(seed_t s) { return s.value; }
inline void only_float_and_double_are_drawn() {}  // no constant expression: calling it is the error
template <class Op, class Seed>
constexpr fragment initial_draw(dtype type, dims const& shape, Seed s) {
  if (!is_floating(type)) only_float_and_double_are_drawn();
  u64 context = mix(hash_of(Op::name), static_cast<u64>(type));
  for (int i = 0; i < shape.rank; ++i) context = mix(context, static_cast<u64>(shape[i]));
  i64 const of_variable[] = {static_cast<i64>(mix(context, hash_of({}))), -1};
  fragment state;
  state.id = state.own.add_leaf(info<random_state_op>, dtype::int64, {1, {random::stream::words}}, of_variable, 2);
  i64 attributes[1 + max_rank] = {static_cast<i64>(type)};
  for (int i = 0; i < shape.rank; ++i) attributes[1 + i] = shape[i];
  if constexpr (std::is_same_v<Seed, no_seed>) {
    return add_value(info<Op>, {}, attributes, 1 + shape.rank, state);
  } else {
    return add_value(info<Op>, {}, attributes, 1 + shape.rank, state, splat_value({}, dtype::int64, seed_value(s)));
  }
}

/// Square root at compile time, by Newton's rule.
constexpr double square_root(double x) {
  double root = x > 1 ? x : 1;
  for (double next = (root + x / root) / 2; next < root; next = (root + x / root) / 2) root = next;
  return root;
}
}  // namespace detail

/// What initializers share: `init(shape)`.
template <class Self>
struct initializer {
  template <auto... D>
  constexpr auto operator()(shape_t<D...> s) const {
    return static_cast<Self const&>(*this).template make<float, member_site<>{}>(s);
  }
};

/// All zeros.
struct zeros_initializer : initializer<zeros_initializer> {
  template <class T, auto Site = in_variable{}, auto... D>
  constexpr auto make(shape_t<D...> s) const {
    return zeros<T>(s);
  }
  constexpr fragment make_value(dtype type, dims const& shape) const { return splat_value(shape, type, 0); }
};
/// All ones.
struct ones_initializer : initializer<ones_initializer> {
  template <class T, auto Site = in_variable{}, auto... D>
  constexpr auto make(shape_t<D...> s) const {
    return ones<T>(s);
  }
  constexpr fragment make_value(dtype type, dims const& shape) const {
    return splat_value(shape, type, splat_bits(1.0, type));
  }
};
/// One number everywhere: `constant_initializer(0.1)`.
struct constant_initializer : initializer<constant_initializer> {
  double value = 0;
  constexpr explicit constant_initializer(double v = 0) : value(v) {}
  template <class T, auto Site = in_variable{}, auto... D>
  auto make(shape_t<D...> s) const {
    return broadcast_to(detail::initial_parts<Site>::template number<"value", T>(value), s);
  }
  constexpr fragment make_value(dtype type, dims const& shape) const {
    return splat_value(shape, type, splat_bits(type == dtype::float32 ? static_cast<float>(value) : value, type));
  }
};

/// Random numbers from [minval, maxval): `random_uniform_initializer(-0.1, 0.1, seed(7))`; of int32 and int64 whole
/// ones.
template <class Seed = no_seed>
struct random_uniform_initializer : initializer<random_uniform_initializer<Seed>> {
  double minval, maxval;
  Seed from;
  constexpr explicit random_uniform_initializer(double low = 0, double high = 1, Seed s = {})
      : minval(low), maxval(high), from(s) {}
  template <class T, auto Site = in_variable{}, auto... D>
  auto make(shape_t<D...> s) const {
    if constexpr (std::is_integral_v<T>) {
      using integers = detail::random_integers<detail::canonical_type<T>, "", Site, D...>;
      T const low = detail::fitted<T>(minval), high = detail::fitted<T>(maxval);
      if constexpr (std::is_same_v<Seed, no_seed>) {
        return integers::make(low, high);
      } else {
        return integers::make(low, high, from);
      }
    } else {
      using parts = detail::initial_parts<Site>;
      return parts::template draw<random_uniform_op, T>(s, from) * parts::template number<"range", T>(maxval - minval) +
             parts::template number<"minval", T>(minval);
    }
  }
  constexpr fragment make_value(dtype type, dims const& shape) const {
    return detail::initial_draw<random_uniform_op>(type, shape, from) * detail::initial_number(type, maxval - minval) +
           detail::initial_number(type, minval);
  }
};

namespace detail {
template <class Self, class Op, class Seed>
struct normal_initializer : initializer<Self> {
  double mean, stddev;
  Seed from;
  constexpr normal_initializer(double m, double d, Seed s) : mean(m), stddev(d), from(s) {}
  template <class T, auto Site = in_variable{}, auto... D>
  auto make(shape_t<D...> s) const {
    using parts = initial_parts<Site>;
    return parts::template draw<Op, T>(s, from) * parts::template number<"stddev", T>(stddev) +
           parts::template number<"mean", T>(mean);
  }
  constexpr fragment make_value(dtype type, dims const& shape) const {
    return initial_draw<Op>(type, shape, from) * initial_number(type, stddev) + initial_number(type, mean);
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
/// Drawn with a variance that the compiler knows.
template <class Parts, class T, weights Kind, int Scale, fan Mode, class Seed, auto... D>
constexpr auto scaled_weights(shape_t<D...> s, Seed seed) {
  constexpr double variance = weight_variance(shape_t<D...>::value, Scale, Mode);
  if constexpr (Kind == weights::uniform) {
    constexpr T limit = static_cast<T>(square_root(3 * variance));
    return apply<add_op>(apply<multiply_op>(Parts::template draw<random_uniform_op, T>(s, seed),
                                            splat<"", splat_bits(2 * limit), T>(shape<>)),
                         splat<"", splat_bits(-limit), T>(shape<>));
  } else {
    constexpr T stddev = static_cast<T>(square_root(variance) / kept_deviation);
    return apply<multiply_op>(Parts::template draw<truncated_normal_op, T>(s, seed),
                              splat<"", splat_bits(stddev), T>(shape<>));
  }
}
template <weights Kind, class Seed>
constexpr fragment scaled_values(dtype type, dims const& shape, double variance, Seed seed) {
  if constexpr (Kind == weights::uniform) {
    double const root = square_root(3 * variance), limit = type == dtype::float32 ? static_cast<float>(root) : root;
    return initial_draw<random_uniform_op>(type, shape, seed) * initial_number(type, 2 * limit) +
           initial_number(type, -limit);
  } else {
    return initial_draw<truncated_normal_op>(type, shape, seed) *
           initial_number(type, square_root(variance) / kept_deviation);
  }
}
}  // namespace detail

/// Weights of a variance that the compiler knows: the base of the rules below.
template <weights Kind, int Scale, fan Mode, class Seed>
struct scaled_initializer : initializer<scaled_initializer<Kind, Scale, Mode, Seed>> {
  Seed from;
  constexpr explicit scaled_initializer(Seed s = {}) : from(s) {}
  template <class T, auto Site = in_variable{}, auto... D>
  constexpr auto make(shape_t<D...> s) const {
    return detail::scaled_weights<detail::initial_parts<Site>, T, Kind, Scale, Mode>(s, from);
  }
  constexpr fragment make_value(dtype type, dims const& shape) const {
    return detail::scaled_values<Kind>(type, shape, detail::weight_variance(shape, Scale, Mode), from);
  }
};

/// Weights of a variance that is told at run time.
template <fan Mode, weights Kind, class Seed>
struct told_initializer : initializer<told_initializer<Mode, Kind, Seed>> {
  double scale;
  Seed from;
  constexpr told_initializer(double factor, Seed s) : scale(factor), from(s) {}
  template <class T, auto Site = in_variable{}, auto... D>
  auto make(shape_t<D...> s) const {
    using parts = detail::initial_parts<Site>;
    double const variance = detail::weight_variance(shape_t<D...>::value, scale, Mode);
    if constexpr (Kind == weights::uniform) {
      double const limit = std::sqrt(3 * variance);
      return parts::template draw<random_uniform_op, T>(s, from) * parts::template number<"range", T>(2 * limit) +
             parts::template number<"minval", T>(-limit);
    } else {
      return parts::template draw<truncated_normal_op, T>(s, from) *
             parts::template number<"stddev", T>(std::sqrt(variance) / detail::kept_deviation);
    }
  }
  constexpr fragment make_value(dtype type, dims const& shape) const {
    return detail::scaled_values<Kind>(type, shape, detail::weight_variance(shape, scale, Mode), from);
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
