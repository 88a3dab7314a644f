// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <limits>
#include <tfx/graph/effects.hpp>
#include <tfx/op/array/where.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/greater.hpp>
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/minimum.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/negative.hpp>
#include <tfx/op/math/reduce_sum.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>
#include <tuple>

TFX_BEGIN

namespace keras::optimizers {

/// What an optimizer does to gradients before its rule sees them: nothing; `clipvalue`, each element is brought into
/// [−clipvalue, clipvalue]; or first `clipnorm`, all gradients are scaled down together where the root of the sum of
/// all their squares is larger.
enum class clipping : unsigned char { none, by_value, by_norm };

namespace detail {
/// Keras clips by positive numbers only.
constexpr double limit(double value) { return value > 0 ? value : std::numeric_limits<double>::infinity(); }
}  // namespace detail

namespace detail {
template <class Rule, clipping Clip>
struct clipped_name {
  char text[64] = {};
  std::size_t size = 0;
  constexpr clipped_name() {
    for (std::string_view const part :
         {std::string_view(Rule::name),
          Clip == clipping::by_value ? std::string_view("ClippedByValue") : std::string_view("ClippedByNorm")})
      for (char const c : part) text[size++] = c;
  }
};
template <class Rule, clipping Clip>
inline constexpr clipped_name<Rule, Clip> clipped_name_of{};

/// The root of the sum of the squares of all gradients of a step; computed once.
constexpr auto global_norm(auto& call) {
  if (!call.shared) {
    handle sum;
    for (auto const& gradient : call.gradients) {
      auto const squares = cast(reduce_sum(square(gradient)), call.variable.type());
      sum = sum ? sum + squares : squares;
    }
    call.shared = sqrt(sum);
  }
  return cast(call.shared, call.variable.type());
}
}  // namespace detail

/// A rule that sees clipped gradients.
template <class Rule, clipping Clip>
struct clipped : Rule {
  static constexpr std::string_view name{detail::clipped_name_of<Rule, Clip>.text,
                                         detail::clipped_name_of<Rule, Clip>.size};
  static constexpr void update(auto& call) {
    int const limits = call.parameters.count - (Clip == clipping::by_norm ? 2 : 1);
    if constexpr (Clip == clipping::by_norm) {
      auto const norm = detail::global_norm(call), most = call.parameters[limits + 1];
      call.gradient = call.gradient * where(greater(norm, most), most / norm, 1.0);
    }
    auto const most = call.parameters[limits];
    call.gradient = maximum(minimum(call.gradient, most), -most);
    Rule::update(call);
  }
};
template <class Rule>
struct clipped<Rule, clipping::none> : Rule {};

}  // namespace keras::optimizers

TFX_END
