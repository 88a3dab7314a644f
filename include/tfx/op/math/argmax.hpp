// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/argmax.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/shape/axes.hpp>
#include <tfx/shape/extents_text.hpp>

TFX_BEGIN

namespace detail {
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_empty_axis(i64 axis, int rank, i64 const* extents) {
  raise<errors::InvalidArgumentError>("Reduction axis %lld is empty in shape %s", static_cast<long long>(axis),
                                      extents_text(rank, extents).text);
}
}  // namespace detail

/// The place of the best value along an axis, the first among equals. Constant to derivatives.
template <class Order>
struct arg_reduction {
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.may_fail = true};
  static constexpr auto gradient = constant_to_derivatives;
  struct attributes {
    i64 axis;
    dtype type;  // of the result
    constexpr explicit attributes(attribute_words w) : axis(w[0]), type(w.type(1)) {}
    constexpr int place(int rank) const { return place_of_axis(axis, rank); }
  };

  static constexpr void infer(inference& call) {
    any_number(call, call.types[0]);
    attributes const along(call.attributes());
    call.type = along.type;
    any_number(call, call.type);
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    int const axis = call.axis_of(x, along.axis);
    if (axis == no_axis) return;
    if (x[axis] == 0) return call.refuse(refusal_kind::empty_axis, x, {}, along.axis);
    for (int i = 0; i < x.rank; ++i)
      if (i != axis) call.shape.push_back(x[i]);
  }
  template <class Call>
  static void run(Call const& call) {
    constexpr dims x = Call::in_shape(0);
    constexpr attributes along(Call::attributes());
    constexpr int axis = along.place(x.rank);
    i64 const n = call.extent(x[axis]);
    if (n == 0) {
      dims extents = x;
      for (int i = 0; i < x.rank; ++i) extents[i] = call.extent(x[i]);
      detail::refuse_empty_axis(along.axis, x.rank, extents.extent);
    }
    kernel::best_along_axis<Order>(call.template in<0>(), call.out(), call.count(x, 0, axis), n,
                                   call.count(x, axis + 1, x.rank));
  }
};

struct argmax_op : arg_reduction<kernel::largest> {
  static constexpr auto name = "ArgMax";
};

/// Where x is largest along an axis (default: the first): `argmax(logits, axis<1>)`; int64, or `argmax<std::int32_t>`.
template <name Name = "", expression X, int A = 0>
constexpr result_with<argmax_op, Name, words<A, static_cast<i64>(dtype::int64)>, X> argmax(X const& x, axes_t<A> = {}) {
  return apply<argmax_op, Name, words<A, static_cast<i64>(dtype::int64)>>(x);
}
template <element T, expression X, int A = 0>
constexpr result_with<argmax_op, "", words<A, static_cast<i64>(dtype_of<T>)>, X> argmax(X const& x, axes_t<A> = {}) {
  return apply<argmax_op, "", words<A, static_cast<i64>(dtype_of<T>)>>(x);
}

TFX_END
