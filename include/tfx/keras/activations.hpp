// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <limits>
#include <tfx/keras/number_beside.hpp>
#include <tfx/keras/words.hpp>
#include <tfx/op/array/where.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/exp.hpp>
#include <tfx/op/math/expm1.hpp>
#include <tfx/op/math/greater.hpp>
#include <tfx/op/math/less_equal.hpp>
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/minimum.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/multiply_no_nan.hpp>
#include <tfx/op/math/sigmoid.hpp>
#include <tfx/op/math/subtract.hpp>
#include <tfx/op/math/tanh.hpp>
#include <tfx/op/nn/elu.hpp>
#include <tfx/op/nn/relu.hpp>
#include <tfx/op/nn/relu6.hpp>
#include <tfx/op/nn/softmax.hpp>
#include <tfx/op/nn/softplus.hpp>
#include <tfx/op/nn/softsign.hpp>

TFX_BEGIN

namespace keras {
namespace detail {
struct elu_of {
  constexpr auto operator()(auto x, auto alpha) const {
    return where(greater(x, 0.0), x, alpha * expm1(minimum(x, 0.0)));
  }
};
struct selu_of {
  static constexpr double alpha = 1.6732632423543772848170429916717, scale = 1.0507009873554804934193349852946;
  constexpr auto operator()(auto x) const { return where(greater(x, 0.0), scale * x, (scale * alpha) * nn::elu(x)); }
};
struct hard_sigmoid_of {
  constexpr auto operator()(auto x) const { return maximum(minimum(0.2 * x + 0.5, 1.0), 0.0); }
};
struct relu_of {
  constexpr auto operator()(auto x, auto alpha, auto max_value, auto threshold) const {
    // What is no number is not below the threshold, and stays.
    return minimum(where(less_equal(x, threshold), multiply_no_nan(x - threshold, alpha), x), max_value);
  }
};
}  // namespace detail

/// Functions from an expression, float or double, to one of its shape. Each is a value that layers take.
namespace activations {
/// x.
struct linear_t {
  template <expression X>
  constexpr X operator()(X const& x) const {
    return x;
  }
};
inline constexpr linear_t linear{};

/// What relu takes beside x.
struct relu_arguments {
  double alpha = 0;
  double max_value = std::numeric_limits<double>::infinity();
  double threshold = 0;
};
/// max(x, 0): `relu(x)`. With arguments, `relu(x, {.alpha = 0.1, .max_value = 6.0})`: max_value where x is larger, x
/// above the threshold, and alpha · (x − threshold) elsewhere.
struct relu_t {
  template <expression X>
  constexpr auto operator()(X const& x) const {
    return nn::relu(x);
  }
  template <expression X, auto Site = [] {}>
  constexpr auto operator()(X const& x, relu_arguments const& with) const {
    return composition<detail::relu_of>(x, detail::number_beside<0, Site>(x, with.alpha),
                                        detail::number_beside<1, Site>(x, with.max_value),
                                        detail::number_beside<2, Site>(x, with.threshold));
  }
};
inline constexpr relu_t relu{};

/// min(max(x, 0), 6).
struct relu6_t {
  template <expression X>
  constexpr auto operator()(X const& x) const {
    return nn::relu6(x);
  }
};
inline constexpr relu6_t relu6{};

/// x, but alpha · (eˣ − 1) below 0: `elu(x)`, `elu(x, 0.5)`.
struct elu_t {
  template <expression X>
  constexpr auto operator()(X const& x) const {
    return nn::elu(x);
  }
  template <expression X, auto Site = [] {}>
  constexpr auto operator()(X const& x, double alpha) const {
    return composition<detail::elu_of>(x, detail::number_beside<0, Site>(x, alpha));
  }
};
inline constexpr elu_t elu{};

/// scale · elu(x, alpha) with the two numbers that keep mean and variance (Klambauer et al., 2017).
struct selu_t {
  template <expression X>
  constexpr auto operator()(X const& x) const {
    return composition<detail::selu_of>(x);
  }
};
inline constexpr selu_t selu{};

/// log(eˣ + 1).
struct softplus_t {
  template <expression X>
  constexpr auto operator()(X const& x) const {
    return nn::softplus(x);
  }
};
inline constexpr softplus_t softplus{};

/// x / (|x| + 1).
struct softsign_t {
  template <expression X>
  constexpr auto operator()(X const& x) const {
    return nn::softsign(x);
  }
};
inline constexpr softsign_t softsign{};

struct tanh_t {
  template <expression X>
  constexpr auto operator()(X const& x) const {
    return tfx::tanh(x);
  }
};
inline constexpr tanh_t tanh{};

/// 1 / (1 + e⁻ˣ).
struct sigmoid_t {
  template <expression X>
  constexpr auto operator()(X const& x) const {
    return tfx::sigmoid(x);
  }
};
inline constexpr sigmoid_t sigmoid{};

/// 0.2 · x + 0.5, clipped to [0, 1].
struct hard_sigmoid_t {
  template <expression X>
  constexpr auto operator()(X const& x) const {
    return composition<detail::hard_sigmoid_of>(x);
  }
};
inline constexpr hard_sigmoid_t hard_sigmoid{};

/// eˣ.
struct exponential_t {
  template <expression X>
  constexpr auto operator()(X const& x) const {
    return tfx::exp(x);
  }
};
inline constexpr exponential_t exponential{};

/// exp(x) / Σ exp(x) along an axis (default: the last): `softmax(x)`, `softmax(x, axis<1>)`.
struct softmax_t {
  template <expression X, int A = -1>
  constexpr auto operator()(X const& x, axes_t<A> along = {}) const {
    return nn::softmax(x, along);
  }
};
inline constexpr softmax_t softmax{};
}  // namespace activations

struct activation_kind {
  template <class Word>
  struct refusal {
    static_assert(
        is_word<activation_kind, Word>,
        "tfx: keras::activation knows no such word: it is linear, relu, relu6, elu, selu, softplus, softsign, "
        "tanh, sigmoid, hard_sigmoid, exponential or softmax");
  };
};
/// The activation that Keras calls so: `activation<"relu">(x)`, `layers::Dense<4>(activation<"relu">)`.
template <tfx::name Name>
inline constexpr word<activation_kind, named_as<Name>> activation{};

template <>
struct stands_for<activation_kind, named_as<"linear">> : activations::linear_t {};
template <>
struct stands_for<activation_kind, named_as<"relu">> : activations::relu_t {};
template <>
struct stands_for<activation_kind, named_as<"relu6">> : activations::relu6_t {};
template <>
struct stands_for<activation_kind, named_as<"elu">> : activations::elu_t {};
template <>
struct stands_for<activation_kind, named_as<"selu">> : activations::selu_t {};
template <>
struct stands_for<activation_kind, named_as<"softplus">> : activations::softplus_t {};
template <>
struct stands_for<activation_kind, named_as<"softsign">> : activations::softsign_t {};
template <>
struct stands_for<activation_kind, named_as<"tanh">> : activations::tanh_t {};
template <>
struct stands_for<activation_kind, named_as<"sigmoid">> : activations::sigmoid_t {};
template <>
struct stands_for<activation_kind, named_as<"hard_sigmoid">> : activations::hard_sigmoid_t {};
template <>
struct stands_for<activation_kind, named_as<"exponential">> : activations::exponential_t {};
template <>
struct stands_for<activation_kind, named_as<"softmax">> : activations::softmax_t {};
}  // namespace keras

TFX_END
