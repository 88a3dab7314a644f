// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/words.hpp>
#include <tfx/op/state/variable.hpp>
#include <tfx/variables/initializers.hpp>
#include <tfx/variables/matrix_initializers.hpp>

TFX_BEGIN

namespace keras {
/// How weights begin, with Keras' defaults: `initializers::RandomNormal(0.0, 0.1, seed(7))`,
/// `initializers::he_normal()`. The rest are the library's own.
namespace initializers {
using Zeros = zeros_initializer;
using Ones = ones_initializer;
using Constant = constant_initializer;
using Identity = identity_initializer;

/// Random numbers from [minval, maxval).
template <class Seed = no_seed>
constexpr random_uniform_initializer<Seed> RandomUniform(double minval = -0.05, double maxval = 0.05, Seed from = {}) {
  return random_uniform_initializer<Seed>(minval, maxval, from);
}
/// Random numbers of a normal distribution.
template <class Seed = no_seed>
constexpr random_normal_initializer<Seed> RandomNormal(double mean = 0, double stddev = 0.05, Seed from = {}) {
  return random_normal_initializer<Seed>(mean, stddev, from);
}
/// The same without numbers two or more standard deviations from the mean.
template <class Seed = no_seed>
constexpr truncated_normal_initializer<Seed> TruncatedNormal(double mean = 0, double stddev = 0.05, Seed from = {}) {
  return truncated_normal_initializer<Seed>(mean, stddev, from);
}
/// Weights whose variance is scale / connections: `VarianceScaling<fan::out, weights::uniform>(2.0)`.
template <fan Mode = fan::in, weights Kind = weights::truncated_normal, class Seed = no_seed>
constexpr auto VarianceScaling(double scale = 1, Seed from = {}) {
  return variance_scaling_initializer<Mode, Kind>(scale, from);
}
/// Orthonormal columns, or rows.
template <class Seed = no_seed>
constexpr orthogonal_initializer<Seed> Orthogonal(double gain = 1, Seed from = {}) {
  return orthogonal_initializer<Seed>(gain, from);
}
template <class Seed = no_seed>
constexpr auto glorot_uniform(Seed from = {}) {
  return glorot_uniform_initializer(from);
}
template <class Seed = no_seed>
constexpr auto glorot_normal(Seed from = {}) {
  return glorot_normal_initializer(from);
}
template <class Seed = no_seed>
constexpr auto he_uniform(Seed from = {}) {
  return he_uniform_initializer(from);
}
template <class Seed = no_seed>
constexpr auto he_normal(Seed from = {}) {
  return he_normal_initializer(from);
}
template <class Seed = no_seed>
constexpr auto lecun_uniform(Seed from = {}) {
  return lecun_uniform_initializer(from);
}
template <class Seed = no_seed>
constexpr auto lecun_normal(Seed from = {}) {
  return lecun_normal_initializer(from);
}
}  // namespace initializers

struct initializer_kind {
  template <class Word>
  struct refusal {
    static_assert(is_word<initializer_kind, Word>,
                  "tfx: keras::initializer knows no such word: it is zeros, ones, constant, random_uniform (uniform), "
                  "random_normal (normal), truncated_normal, glorot_uniform, glorot_normal, he_uniform, he_normal, "
                  "lecun_uniform, lecun_normal, orthogonal, identity or variance_scaling");
  };
};
/// The initializer that Keras calls so: `initializer<"he_normal">(shape<3, 4>)`, `get_variable<"w">(shape<3, 4>,
/// initializer<"he_normal">)`.
template <tfx::name Name>
inline constexpr word<initializer_kind, named_as<Name>> initializer{};

namespace detail {
/// What an initializer has, of the one that `Self` makes; a word is of no state.
template <class Self>
struct initializer_by_word {
  template <auto... D>
  constexpr auto operator()(shape_t<D...> s) const {
    return Self::made()(s);
  }
  template <class T, auto Site = in_variable{}, auto... D>
  constexpr auto make(shape_t<D...> s) const {
    return Self::made().template make<T, Site>(s);
  }
  constexpr fragment make_value(dtype type, dims const& shape) const { return Self::made().make_value(type, shape); }
};
}  // namespace detail

namespace detail {
struct zeros_word : initializer_by_word<zeros_word> {
  static constexpr auto made() { return initializers::Zeros(); }
};
struct ones_word : initializer_by_word<ones_word> {
  static constexpr auto made() { return initializers::Ones(); }
};
struct constant_word : initializer_by_word<constant_word> {
  static constexpr auto made() { return initializers::Constant(); }
};
struct random_uniform_word : initializer_by_word<random_uniform_word> {
  static constexpr auto made() { return initializers::RandomUniform(); }
};
struct random_normal_word : initializer_by_word<random_normal_word> {
  static constexpr auto made() { return initializers::RandomNormal(); }
};
struct truncated_normal_word : initializer_by_word<truncated_normal_word> {
  static constexpr auto made() { return initializers::TruncatedNormal(); }
};
struct glorot_uniform_word : initializer_by_word<glorot_uniform_word> {
  static constexpr auto made() { return initializers::glorot_uniform(); }
};
struct glorot_normal_word : initializer_by_word<glorot_normal_word> {
  static constexpr auto made() { return initializers::glorot_normal(); }
};
struct he_uniform_word : initializer_by_word<he_uniform_word> {
  static constexpr auto made() { return initializers::he_uniform(); }
};
struct he_normal_word : initializer_by_word<he_normal_word> {
  static constexpr auto made() { return initializers::he_normal(); }
};
struct lecun_uniform_word : initializer_by_word<lecun_uniform_word> {
  static constexpr auto made() { return initializers::lecun_uniform(); }
};
struct lecun_normal_word : initializer_by_word<lecun_normal_word> {
  static constexpr auto made() { return initializers::lecun_normal(); }
};
struct orthogonal_word : initializer_by_word<orthogonal_word> {
  static constexpr auto made() { return initializers::Orthogonal(); }
};
struct identity_word : initializer_by_word<identity_word> {
  static constexpr auto made() { return initializers::Identity(); }
};
struct variance_scaling_word : initializer_by_word<variance_scaling_word> {
  static constexpr auto made() { return initializers::VarianceScaling(); }
};
}  // namespace detail
template <>
struct stands_for<initializer_kind, named_as<"zeros">> : detail::zeros_word {};
template <>
struct stands_for<initializer_kind, named_as<"Zeros">> : detail::zeros_word {};
template <>
struct stands_for<initializer_kind, named_as<"zero">> : detail::zeros_word {};
template <>
struct stands_for<initializer_kind, named_as<"ones">> : detail::ones_word {};
template <>
struct stands_for<initializer_kind, named_as<"Ones">> : detail::ones_word {};
template <>
struct stands_for<initializer_kind, named_as<"one">> : detail::ones_word {};
template <>
struct stands_for<initializer_kind, named_as<"constant">> : detail::constant_word {};
template <>
struct stands_for<initializer_kind, named_as<"Constant">> : detail::constant_word {};
template <>
struct stands_for<initializer_kind, named_as<"random_uniform">> : detail::random_uniform_word {};
template <>
struct stands_for<initializer_kind, named_as<"RandomUniform">> : detail::random_uniform_word {};
template <>
struct stands_for<initializer_kind, named_as<"uniform">> : detail::random_uniform_word {};
template <>
struct stands_for<initializer_kind, named_as<"random_normal">> : detail::random_normal_word {};
template <>
struct stands_for<initializer_kind, named_as<"RandomNormal">> : detail::random_normal_word {};
template <>
struct stands_for<initializer_kind, named_as<"normal">> : detail::random_normal_word {};
template <>
struct stands_for<initializer_kind, named_as<"truncated_normal">> : detail::truncated_normal_word {};
template <>
struct stands_for<initializer_kind, named_as<"TruncatedNormal">> : detail::truncated_normal_word {};
template <>
struct stands_for<initializer_kind, named_as<"glorot_uniform">> : detail::glorot_uniform_word {};
template <>
struct stands_for<initializer_kind, named_as<"glorot_normal">> : detail::glorot_normal_word {};
template <>
struct stands_for<initializer_kind, named_as<"he_uniform">> : detail::he_uniform_word {};
template <>
struct stands_for<initializer_kind, named_as<"he_normal">> : detail::he_normal_word {};
template <>
struct stands_for<initializer_kind, named_as<"lecun_uniform">> : detail::lecun_uniform_word {};
template <>
struct stands_for<initializer_kind, named_as<"lecun_normal">> : detail::lecun_normal_word {};
template <>
struct stands_for<initializer_kind, named_as<"orthogonal">> : detail::orthogonal_word {};
template <>
struct stands_for<initializer_kind, named_as<"Orthogonal">> : detail::orthogonal_word {};
template <>
struct stands_for<initializer_kind, named_as<"identity">> : detail::identity_word {};
template <>
struct stands_for<initializer_kind, named_as<"Identity">> : detail::identity_word {};
template <>
struct stands_for<initializer_kind, named_as<"variance_scaling">> : detail::variance_scaling_word {};
template <>
struct stands_for<initializer_kind, named_as<"VarianceScaling">> : detail::variance_scaling_word {};
}  // namespace keras

TFX_END
