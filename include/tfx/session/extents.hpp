// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/compiler/plan.hpp>
#include <tfx/shape/extents_text.hpp>

TFX_BEGIN

namespace detail {
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_size() {
  raise<errors::InvalidArgumentError>("A shape would have more than 2**63 - 1 elements");
}
inline i64 product(i64 a, i64 b) {
  i64 result = 0;
  if (__builtin_mul_overflow(a, b, &result)) refuse_size();
  return result;
}
inline i64 count(dims const& shape) {
  i64 n = 1;
  for (int i = 0; i < shape.rank; ++i) n = product(n, shape[i]);
  return n;
}
/// The extent that a rule makes of two; what makes none is refused.
inline i64 derive(extent_rule rule, i64 left, i64 right) {
  i64 result = 0;
  switch (rule) {
    case extent_rule::add:
      if (__builtin_add_overflow(left, right, &result)) refuse_size();
      return result;
    case extent_rule::multiply:
      return product(left, right);
    case extent_rule::divide:
      if ((right != 0 ? left % right : left) != 0)
        raise<errors::InvalidArgumentError>(
            "Input to reshape is a tensor with %lld values, but the requested shape requires a multiple of %lld",
            static_cast<long long>(left), static_cast<long long>(right));
      return right != 0 ? left / right : 0;
    case extent_rule::split:
      if (left % right != 0)
        raise<errors::InvalidArgumentError>(
            "Number of ways to split should evenly divide the split dimension, but got size %lld and num_split %lld",
            static_cast<long long>(left), static_cast<long long>(right));
      return left / right;
    case extent_rule::blocks:
      if (left % right != 0)
        raise<errors::InvalidArgumentError>("Dimension size must be evenly divisible by %lld but is %lld",
                                            static_cast<long long>(right), static_cast<long long>(left));
      return left / right;
    case extent_rule::windows: {
      window_stride const window(right);
      result = window.places(left);
      if (result < 0)
        raise<errors::InvalidArgumentError>(
            "Computed output size would be negative: %lld [input_size: %lld, effective_filter_size: %lld, stride: "
            "%lld]",
            static_cast<long long>(result), static_cast<long long>(left), static_cast<long long>(window.reach),
            static_cast<long long>(window.stride));
      return result;
    }
    case extent_rule::smaller:
      return left < right ? left : right;
    default:
      if (left < right)
        raise<errors::InvalidArgumentError>("Expected begin in [0, %lld], but got %lld", static_cast<long long>(left),
                                            static_cast<long long>(right));
      return left - right;
  }
}

/// Says what an op demanded, of shapes as they are in this run.
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse(check_plan const& c, char const* text,
                                                                dims const& first, dims const& second) {
  auto const number = [](i64 value) { return static_cast<long long>(value); };
  if (c.counts)
    raise<errors::InvalidArgumentError>("%.*s%lld%.*s%lld%.*s", c.before.size, text + c.before.at, number(count(first)),
                                        c.between.size, text + c.between.at, number(count(second)), c.after.size,
                                        text + c.after.at);
  raise<errors::InvalidArgumentError>("%.*s%s%.*s%s%.*s\n\t[[{{node %.*s%s%.*s}}]]", c.before.size, text + c.before.at,
                                      extents_text(first.rank, first.extent).text, c.between.size, text + c.between.at,
                                      extents_text(second.rank, second.extent).text, c.after.size, text + c.after.at,
                                      c.variable.size, text + c.variable.at, c.variable.size > 0 ? "/" : "", c.op.size,
                                      text + c.op.at);
}
/// The same of a box that begins at `begin` along an axis.
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_box(int axis, i64 begin, i64 size, i64 extent) {
  bool const inside = begin <= extent;
  raise<errors::InvalidArgumentError>("Expected %s[%d] in [0, %lld], but got %lld", inside ? "size" : "begin", axis,
                                      static_cast<long long>(inside ? extent - begin : extent),
                                      static_cast<long long>(inside ? size : begin));
}
}  // namespace detail

TFX_END
