// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/random/random_op.hpp>
#include <tfx/op/state/variable.hpp>
#include <tfx/shape/axes.hpp>
#include <tuple>

TFX_BEGIN
namespace keras {

// What a layer is told beside its size: `layers::Dense<64>(activation<"relu">, kernel_regularizer = l1(0.01))`. What
// decides which weights there are, or the shape, is a static value, `use_bias<false>`; the rest are named arguments.
// An argument that a layer does not know is refused.

/// What `kernel_initializer = init` gives: an argument that cannot take another's place.
template <class Tag, class V>
struct argument {
  using tag = Tag;
  V value;
};
template <class Tag>
struct argument_name {
  template <class V>
  constexpr argument<Tag, V> operator=(V const& value) const {
    return {value};
  }
};
/// An argument that is its own value: `return_sequences`.
template <class Tag>
struct flag {
  using tag = Tag;
};
/// A static argument: `use_bias<false>`.
template <class Tag, auto Value>
struct static_argument {
  using tag = Tag;
  static constexpr auto value = Value;
};

/// What a weight is: it has a name, and arguments of its own.
enum class weight : unsigned char {
  kernel,
  bias,
  recurrent_kernel,
  depthwise_kernel,
  pointwise_kernel,
  embeddings,
  gamma,
  beta,
  moving_mean,
  moving_variance,
  alpha
};
namespace detail {
template <weight W>
struct initializer_of;
template <weight W>
struct regularizer_of;
template <weight W>
struct constraint_of;
struct activity_regularizer_tag;
struct use_bias_tag;
struct trainable_tag;
}  // namespace detail

inline constexpr argument_name<detail::initializer_of<weight::kernel>> kernel_initializer{};
inline constexpr argument_name<detail::regularizer_of<weight::kernel>> kernel_regularizer{};
inline constexpr argument_name<detail::constraint_of<weight::kernel>> kernel_constraint{};
inline constexpr argument_name<detail::initializer_of<weight::bias>> bias_initializer{};
inline constexpr argument_name<detail::regularizer_of<weight::bias>> bias_regularizer{};
inline constexpr argument_name<detail::constraint_of<weight::bias>> bias_constraint{};
inline constexpr argument_name<detail::initializer_of<weight::recurrent_kernel>> recurrent_initializer{};
inline constexpr argument_name<detail::regularizer_of<weight::recurrent_kernel>> recurrent_regularizer{};
inline constexpr argument_name<detail::constraint_of<weight::recurrent_kernel>> recurrent_constraint{};
inline constexpr argument_name<detail::initializer_of<weight::depthwise_kernel>> depthwise_initializer{};
inline constexpr argument_name<detail::regularizer_of<weight::depthwise_kernel>> depthwise_regularizer{};
inline constexpr argument_name<detail::constraint_of<weight::depthwise_kernel>> depthwise_constraint{};
inline constexpr argument_name<detail::initializer_of<weight::pointwise_kernel>> pointwise_initializer{};
inline constexpr argument_name<detail::regularizer_of<weight::pointwise_kernel>> pointwise_regularizer{};
inline constexpr argument_name<detail::constraint_of<weight::pointwise_kernel>> pointwise_constraint{};
inline constexpr argument_name<detail::initializer_of<weight::embeddings>> embeddings_initializer{};
inline constexpr argument_name<detail::regularizer_of<weight::embeddings>> embeddings_regularizer{};
inline constexpr argument_name<detail::constraint_of<weight::embeddings>> embeddings_constraint{};
inline constexpr argument_name<detail::initializer_of<weight::gamma>> gamma_initializer{};
inline constexpr argument_name<detail::regularizer_of<weight::gamma>> gamma_regularizer{};
inline constexpr argument_name<detail::constraint_of<weight::gamma>> gamma_constraint{};
inline constexpr argument_name<detail::initializer_of<weight::beta>> beta_initializer{};
inline constexpr argument_name<detail::regularizer_of<weight::beta>> beta_regularizer{};
inline constexpr argument_name<detail::constraint_of<weight::beta>> beta_constraint{};
inline constexpr argument_name<detail::initializer_of<weight::moving_mean>> moving_mean_initializer{};
inline constexpr argument_name<detail::initializer_of<weight::moving_variance>> moving_variance_initializer{};
inline constexpr argument_name<detail::initializer_of<weight::alpha>> alpha_initializer{};
inline constexpr argument_name<detail::regularizer_of<weight::alpha>> alpha_regularizer{};
inline constexpr argument_name<detail::constraint_of<weight::alpha>> alpha_constraint{};
/// A penalty of what the layer gives, over the number of rows in the batch.
inline constexpr argument_name<detail::activity_regularizer_tag> activity_regularizer{};
/// Whether a bias is added: `use_bias<false>`.
template <bool Use>
inline constexpr static_argument<detail::use_bias_tag, Use> use_bias{};
/// Whether training changes the layer's weights: `trainable<false>`.
using tfx::trainable;

namespace detail {
/// What an argument is that has no tag of its own: a function of an expression.
struct activation_tag;
template <class Option>
struct tag_of {
  using type = activation_tag;
};
template <class Option>
  requires requires { typename Option::tag; }
struct tag_of<Option> {
  using type = typename Option::tag;
};
template <bool Trainable>
struct tag_of<trainable_t<Trainable>> {
  using type = trainable_tag;
};
struct axis_tag;
template <int... A>
struct tag_of<axes_t<A...>> {
  using type = axis_tag;
};
/// The axis that an argument `axis<1>` tells.
template <class Argument, int Default>
struct told_axis;
template <int Default>
struct told_axis<void, Default> {
  static constexpr int value = Default;
};
template <int A, int Default>
struct told_axis<axes_t<A>, Default> {
  static constexpr int value = A;
};
template <int... A, int Default>
struct told_axis<axes_t<A...>, Default> {
  static_assert(sizeof...(A) == 1, "tfx: the layer takes one axis: axis<1>");
  static constexpr int value = Default;
};
template <class Argument, int Default>
inline constexpr int axis_or = told_axis<Argument, Default>::value;
struct seed_tag;
template <>
struct tag_of<seed_t> {
  using type = seed_tag;
};
template <i64 Value>
struct tag_of<static_seed<Value>> {
  using type = seed_tag;
};
template <class Tag, class... Known>
inline constexpr bool is_one_of = (std::is_same_v<Tag, Known> || ...);
template <class Tag, class... Tags>
inline constexpr int count_of = (0 + ... + (std::is_same_v<Tag, Tags> ? 1 : 0));
template <class... Tag>
constexpr bool are_distinct() {
  return ((count_of<Tag, Tag...> == 1) && ...);
}
}  // namespace detail

/// The arguments that a layer was given.
template <class... Options>
class arguments {
 public:
  /// Which of the arguments has the tag, or their number.
  template <class Tag>
  static constexpr std::size_t place = [] {
    std::size_t result = 0;
    bool found = false;
    ((found = found || std::is_same_v<typename detail::tag_of<Options>::type, Tag>, result += found ? 0 : 1), ...);
    return result;
  }();

  constexpr explicit arguments(Options const&... options) : options_(options...) {}

  template <class Tag>
  static constexpr bool has = (std::is_same_v<typename detail::tag_of<Options>::type, Tag> || ...);
  /// The argument's type, or void.
  template <class Tag>
  using type = std::tuple_element_t<place<Tag>, std::tuple<Options..., void>>;
  /// The argument itself, or `otherwise`.
  template <class Tag, class Default>
  constexpr auto const& get_or([[maybe_unused]] Default const& otherwise) const {
    if constexpr (has<Tag>) {
      return std::get<place<Tag>>(options_);
    } else {
      return otherwise;
    }
  }
  /// The value of a named argument, or `otherwise`.
  template <class Tag, class Default>
  constexpr auto const& value_or([[maybe_unused]] Default const& otherwise) const {
    if constexpr (has<Tag>) {
      return std::get<place<Tag>>(options_).value;
    } else {
      return otherwise;
    }
  }
  /// The value of a static argument.
  template <class Tag, auto Default>
  static constexpr auto static_or() {
    if constexpr (has<Tag>) {
      return type<Tag>::value;
    } else {
      return Default;
    }
  }
  /// Whether each is one of these.
  template <class... Known>
  static constexpr bool are_among = (detail::is_one_of<typename detail::tag_of<Options>::type, Known...> && ...);
  /// Whether none is told twice.
  static constexpr bool are_distinct = detail::are_distinct<typename detail::tag_of<Options>::type...>();

 private:
  std::tuple<Options...> options_;
};

}  // namespace keras
TFX_END
